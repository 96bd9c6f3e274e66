// RUN: dsa-opt %s -dsa-carry-elements | FileCheck %s

gpu.module @kernels {
  // A loop begins with elements and hands on elements: what takes the vector apart within it, and
  // behind it, has them at hand. Those of a constant are one constant.
  // CHECK-LABEL: gpu.func @loop(
  // CHECK-SAME:    %[[A:[^:]*]]: f32, %[[B:[^:]*]]: f32, %[[OUT:[^:]*]]: memref<?xf32>,
  // CHECK:         %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
  // CHECK-NOT:     vector.
  // CHECK:         %[[R:.*]]:5 = scf.for %[[I:[^ ]*]] = {{.*}} iter_args(%[[P:[^ ]*]] = %[[A]], %[[Q:[^ ]*]] = %[[B]], %[[N:[^ ]*]] = %{{.*}}, %[[S:[^ ]*]] = %[[ONE]], %[[T:[^ ]*]] = %[[ONE]]) -> (f32, f32, index, f32, f32) {
  // CHECK-NEXT:      %[[SUM:.*]] = arith.addf %[[P]], %[[S]]
  // CHECK-NEXT:      %[[NEXT:.*]] = arith.addi %[[N]], %[[I]]
  // CHECK-NEXT:      scf.yield %[[Q]], %[[SUM]], %[[NEXT]], %[[S]], %[[T]] :
  // CHECK-NEXT:    } {kept}
  // CHECK-NEXT:    memref.store %[[R]]#1, %[[OUT]][%[[R]]#2]
  gpu.func @loop(%a: f32, %b: f32, %out: memref<?xf32>, %from: index, %to: index, %step: index) kernel {
    %one = arith.constant dense<1.0> : vector<2xf32>
    %pair = vector.from_elements %a, %b : vector<2xf32>
    %r:3 = scf.for %i = %from to %to step %step iter_args(%v = %pair, %n = %from, %w = %one) -> (vector<2xf32>, index, vector<2xf32>) {
      %e:2 = vector.to_elements %v : vector<2xf32>
      %f:2 = vector.to_elements %w : vector<2xf32>
      %sum = arith.addf %e#0, %f#0 : f32
      %turned = vector.from_elements %e#1, %sum : vector<2xf32>
      %next = arith.addi %n, %i : index
      scf.yield %turned, %next, %w : vector<2xf32>, index, vector<2xf32>
    } {kept}
    %g:2 = vector.to_elements %r#0 : vector<2xf32>
    memref.store %g#1, %out[%r#1] : memref<?xf32>
    gpu.return
  }

  // So does a branch, also one in a loop.
  // CHECK-LABEL: gpu.func @branch(
  // CHECK-NOT:     vector.
  // CHECK:         scf.for {{.*}} iter_args(%[[P:[^ ]*]] = %{{[^,]*}}, %[[Q:[^ ]*]] = %{{[^)]*}}) -> (i32, i32)
  // CHECK-NEXT:      %[[R:.*]]:2 = scf.if %{{.*}} -> (i32, i32) {
  // CHECK-NEXT:        %[[SUM:.*]] = arith.addi %[[P]], %[[Q]]
  // CHECK-NEXT:        scf.yield %[[SUM]], %[[Q]] :
  // CHECK-NEXT:      } else {
  // CHECK-NEXT:        scf.yield %[[P]], %[[Q]] :
  // CHECK-NEXT:      }
  // CHECK-NEXT:      scf.yield %[[R]]#0, %[[R]]#1 :
  gpu.func @branch(%a: i32, %b: i32, %c: i1, %out: memref<?xi32>, %from: index, %to: index) kernel {
    %pair = vector.from_elements %a, %b : vector<2xi32>
    %r = scf.for %i = %from to %to step %to iter_args(%v = %pair) -> vector<2xi32> {
      %s = scf.if %c -> vector<2xi32> {
        %e:2 = vector.to_elements %v : vector<2xi32>
        %sum = arith.addi %e#0, %e#1 : i32
        %changed = vector.from_elements %sum, %e#1 : vector<2xi32>
        scf.yield %changed : vector<2xi32>
      } else {
        scf.yield %v : vector<2xi32>
      }
      scf.yield %s : vector<2xi32>
    }
    %e:2 = vector.to_elements %r : vector<2xi32>
    memref.store %e#0, %out[%from] : memref<?xi32>
    gpu.return
  }

  // What others need whole is put together again.
  // CHECK-LABEL: gpu.func @whole(
  // CHECK-SAME:    %[[V:[^:]*]]: vector<2xf32>,
  // CHECK:         %[[E:.*]]:2 = vector.to_elements %[[V]]
  // CHECK-NEXT:    %[[R:.*]]:2 = scf.for {{.*}} iter_args(%{{[^ ]*}} = %[[E]]#0, %{{[^ ]*}} = %[[E]]#1)
  // CHECK:         %[[W:.*]] = vector.from_elements %[[R]]#0, %[[R]]#1 : vector<2xf32>
  // CHECK-NEXT:    vector.store %[[W]]
  gpu.func @whole(%v: vector<2xf32>, %out: memref<?xf32>, %from: index, %to: index) kernel {
    %r = scf.for %i = %from to %to step %to iter_args(%w = %v) -> vector<2xf32> {
      scf.yield %w : vector<2xf32>
    }
    vector.store %r, %out[%from] : memref<?xf32>, vector<2xf32>
    gpu.return
  }

  // Left alone: two elements in a register, vectors of more than one dimension, and elements of no known width.
  // CHECK-LABEL: gpu.func @stays(
  // CHECK:         scf.for {{.*}} -> (vector<2xbf16>, vector<2x2xf32>, vector<2xindex>)
  gpu.func @stays(%v: vector<2xbf16>, %w: vector<2x2xf32>, %n: vector<2xindex>, %out: memref<?xbf16>, %from: index, %to: index) kernel {
    %r:3 = scf.for %i = %from to %to step %to iter_args(%x = %v, %y = %w, %z = %n) -> (vector<2xbf16>, vector<2x2xf32>, vector<2xindex>) {
      scf.yield %x, %y, %z : vector<2xbf16>, vector<2x2xf32>, vector<2xindex>
    }
    vector.store %r#0, %out[%from] : memref<?xbf16>, vector<2xbf16>
    gpu.return
  }
}

// Of kernels only.
// CHECK-LABEL: func @host(
// CHECK:         scf.for {{.*}} -> (vector<2xf32>)
func.func @host(%v: vector<2xf32>, %n: index) -> vector<2xf32> {
  %r = scf.for %i = %n to %n step %n iter_args(%w = %v) -> vector<2xf32> {
    scf.yield %w : vector<2xf32>
  }
  return %r : vector<2xf32>
}
