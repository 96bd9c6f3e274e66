// RUN: dsa-opt %s -dsa-loops-to-threads -split-input-file -verify-diagnostics | FileCheck %s

// A loop within a row is strided over the block's threads, between barriers.
// CHECK-LABEL: func @parallel(
// CHECK-SAME:    %[[A:[^:]*]]: memref<?xf32>, %[[BEGIN:[^:]*]]: index, %[[END:[^:]*]]: index, %[[STEP:[^:]*]]: index)
func.func @parallel(%a: memref<?xf32>, %begin: index, %end: index, %step: index) {
  %c1 = arith.constant 1 : index
  %c264 = arith.constant 264 : index
  %c256 = arith.constant 256 : index
  // CHECK: gpu.launch {{.*}} threads(%[[THREAD:[^,]*]], %{{[^,]*}}, %{{[^,]*}}) in (%[[THREADS:[^ ]*]] =
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c264, %gy = %c1, %gz = %c1)
      threads(%tx, %ty, %tz) in (%lx = %c256, %ly = %c1, %lz = %c1) {
    // CHECK-NEXT: gpu.barrier
    // CHECK:      %[[EXTENT:.*]] = arith.subi %[[END]], %[[BEGIN]]
    // CHECK:      %[[LENGTH:.*]] = arith.maxsi %[[EXTENT]], %{{c0.*}} : index
    // CHECK:      %[[TURNS:.*]] = arith.ceildivui %[[LENGTH]], %[[STEP]]
    // CHECK:      %[[COUNT:.*]] = arith.muli %{{.*}}, %[[TURNS]]
    // CHECK:      scf.for %[[N:.*]] = %[[THREAD]] to %[[COUNT]] step %[[THREADS]] {
    // CHECK-NEXT:   %[[OFFSET:.*]] = arith.muli %[[N]], %[[STEP]]
    // CHECK-NEXT:   %[[I:.*]] = arith.addi %[[BEGIN]], %[[OFFSET]]
    // CHECK-NEXT:   %[[X:.*]] = memref.load %[[A]][%[[I]]]
    // CHECK-NEXT:   memref.store %[[X]], %[[A]][%[[I]]]
    // CHECK-NEXT: }
    // CHECK-NEXT: gpu.barrier
    // CHECK-NEXT: gpu.terminator
    scf.parallel (%i) = (%begin) to (%end) step (%step) {
      %x = memref.load %a[%i] : memref<?xf32>
      memref.store %x, %a[%i] : memref<?xf32>
    }
    gpu.terminator
  }
  return
}

// -----

// Loops and branches that are not parallel are run by all threads; what they store,
// one thread stores.
// CHECK-LABEL: func @sequential(
func.func @sequential(%a: memref<?x8xf32>, %n: index, %some: i1) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %c256 = arith.constant 256 : index
  // CHECK: gpu.launch blocks(%[[BLOCK:[^,]*]], {{.*}} threads(%[[THREAD:[^,]*]],
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %n, %gy = %c1, %gz = %c1)
      threads(%tx, %ty, %tz) in (%lx = %c256, %ly = %c1, %lz = %c1) {
    // CHECK-NEXT: scf.for %[[I:.*]] = %[[BLOCK]] to
    // CHECK-NEXT:   scf.if %{{.*}} {
    // CHECK-NEXT:     %[[X:.*]] = memref.load %{{.*}}[%[[I]], %c0]
    // CHECK-NEXT:     gpu.barrier
    // CHECK-NEXT:     %[[ZERO:.*]] = arith.constant 0 : index
    // CHECK-NEXT:     %[[FIRST:.*]] = arith.cmpi eq, %[[THREAD]], %[[ZERO]]
    // CHECK-NEXT:     scf.if %[[FIRST]] {
    // CHECK-NEXT:       memref.store %[[X]], %{{.*}}[%[[I]], %c1]
    // CHECK-NEXT:     }
    // CHECK-NEXT:     gpu.barrier
    // CHECK-NEXT:   }
    // CHECK:        scf.for %{{.*}} = %[[THREAD]] to
    // CHECK-NEXT:     %[[J:.*]]:2 = affine.delinearize_index %{{.*}} into (%{{.*}}, %{{.*}}) : index, index
    scf.for %i = %bx to %n step %gx {
      scf.if %some {
        %x = memref.load %a[%i, %c0] : memref<?x8xf32>
        memref.store %x, %a[%i, %c1] : memref<?x8xf32>
      }
      scf.parallel (%j, %k) = (%c0, %c0) to (%n, %c8) step (%c1, %c1) {
        %y = memref.load %a[%j, %k] : memref<?x8xf32>
        memref.store %y, %a[%j, %k] : memref<?x8xf32>
      }
    }
    gpu.terminator
  }
  return
}

// -----

// Sums: each thread's own, its warp's by one instruction, the block's through memory,
// in an order that does not depend on time. What the loop starts with counts once.
// CHECK-LABEL: func @sum(
// CHECK-SAME:    %[[A:[^:]*]]: memref<?xi32>, %{{[^:]*}}: memref<?xi32>, %[[N:[^:]*]]: index, %[[INIT:[^:]*]]: i32)
func.func @sum(%a: memref<?xi32>, %b: memref<?xi32>, %n: index, %init: i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  // CHECK: gpu.launch {{.*}} threads(%[[THREAD:[^,]*]], %{{[^,]*}}, %{{[^,]*}}) in (%[[THREADS:[^ ]*]] =
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %n, %gy = %c1, %gz = %c1)
      threads(%tx, %ty, %tz) in (%lx = %c256, %ly = %c1, %lz = %c1) {
    // CHECK:      %[[OWN:.*]] = scf.for %[[I:.*]] = %[[THREAD]] to %{{.*}} step %[[THREADS]] iter_args(%[[PART:.*]] = %c0_i32) -> (i32) {
    // CHECK:        %[[X:.*]] = memref.load %[[A]]
    // CHECK-NEXT:   %[[NEXT:.*]] = arith.addi %[[PART]], %[[X]]
    // CHECK-NEXT:   scf.yield %[[NEXT]]
    // CHECK:      %[[WARPS:.*]] = arith.ceildivui %[[THREADS]], %c32
    // CHECK-NEXT: %[[SUMS:.*]] = memref.alloc() : memref<32xi32>
    // CHECK-NEXT: %[[WARP:.*]] = gpu.subgroup_reduce add %[[OWN]] uniform
    // CHECK-NEXT: %[[LANE:.*]] = arith.remui %[[THREAD]], %c32
    // CHECK-NEXT: %[[LEADS:.*]] = arith.cmpi eq, %[[LANE]], %{{.*}}
    // CHECK-NEXT: scf.if %[[LEADS]] {
    // CHECK-NEXT:   %[[NUMBER:.*]] = arith.divui %[[THREAD]], %c32
    // CHECK-NEXT:   memref.store %[[WARP]], %[[SUMS]][%[[NUMBER]]]
    // CHECK-NEXT: }
    // CHECK-NEXT: gpu.barrier
    // CHECK:      %[[BLOCK:.*]] = scf.for %[[W:.*]] = %{{.*}} to %[[WARPS]] step
    // CHECK-NEXT:   %[[Y:.*]] = memref.load %[[SUMS]][%[[W]]]
    // CHECK-NEXT:   arith.addi %{{.*}}, %[[Y]]
    // CHECK:      %[[ALL:.*]] = arith.addi %[[INIT]], %[[BLOCK]]
    // CHECK-NEXT: gpu.barrier
    // CHECK:      memref.store %[[ALL]]
    %sum = scf.parallel (%i) = (%c0) to (%n) step (%c1) init (%init) -> i32 {
      %x = memref.load %a[%i] : memref<?xi32>
      scf.reduce(%x : i32) {
      ^bb0(%l: i32, %r: i32):
        %s = arith.addi %l, %r : i32
        scf.reduce.return %s : i32
      }
    }
    memref.store %sum, %b[%bx] : memref<?xi32>
    gpu.terminator
  }
  return
}

// -----

// Threads that have iterations of their own are left alone.
// CHECK-LABEL: func @per_thread(
func.func @per_thread(%a: memref<?xf32>, %n: index) {
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %n, %gy = %c1, %gz = %c1)
      threads(%tx, %ty, %tz) in (%lx = %c256, %ly = %c1, %lz = %c1) {
    // CHECK-NOT: gpu.barrier
    // CHECK:     memref.load
    // CHECK-NOT: scf.if
    %x = memref.load %a[%tx] : memref<?xf32>
    memref.store %x, %a[%tx] : memref<?xf32>
    gpu.terminator
  }
  return
}

// -----

// The order of a sum of floats would depend on the number of threads.
func.func @float_sum(%a: memref<?xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  %zero = arith.constant 0.0 : f32
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %n, %gy = %c1, %gz = %c1)
      threads(%tx, %ty, %tz) in (%lx = %c256, %ly = %c1, %lz = %c1) {
    // expected-error @+1 {{'scf.parallel' op cannot be divided among threads: expected reductions to be sums of i32}}
    %sum = scf.parallel (%i) = (%c0) to (%n) step (%c1) init (%zero) -> f32 {
      %x = memref.load %a[%i] : memref<?xf32>
      scf.reduce(%x : f32) {
      ^bb0(%l: f32, %r: f32):
        %s = arith.addf %l, %r : f32
        scf.reduce.return %s : f32
      }
    }
    memref.store %sum, %a[%bx] : memref<?xf32>
    gpu.terminator
  }
  return
}

// -----

func.func @largest(%a: memref<?xi32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  %zero = arith.constant 0 : i32
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %n, %gy = %c1, %gz = %c1)
      threads(%tx, %ty, %tz) in (%lx = %c256, %ly = %c1, %lz = %c1) {
    // expected-error @+1 {{expected reductions to be sums of i32}}
    %most = scf.parallel (%i) = (%c0) to (%n) step (%c1) init (%zero) -> i32 {
      %x = memref.load %a[%i] : memref<?xi32>
      scf.reduce(%x : i32) {
      ^bb0(%l: i32, %r: i32):
        %s = arith.maxsi %l, %r : i32
        scf.reduce.return %s : i32
      }
    }
    memref.store %most, %a[%bx] : memref<?xi32>
    gpu.terminator
  }
  return
}
