// RUN: dsa-opt %s -dsa-serialize-threads -split-input-file | FileCheck %s

// CHECK-LABEL: func @loop(
// CHECK-SAME:    %[[N:[^:]*]]: index, %[[M:[^:]*]]: memref<?x?xf32>
// CHECK:         scf.forall (%[[ROW:.*]]) in
// CHECK-NOT:     scf.parallel
// CHECK:           scf.for %[[I:[^ ]*]] = %{{.*}} to %[[N]]
// CHECK:             memref.store %{{.*}}, %[[M]][%[[ROW]], %[[I]]]
func.func @loop(%n: index, %m: memref<?x?xf32>, %x: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.forall (%row) in (%n) {
    scf.parallel (%i) = (%c0) to (%n) step (%c1) {
      memref.store %x, %m[%row, %i] : memref<?x?xf32>
    }
  }
  return
}

// -----

// Reductions are carried, in order of iterations.
// CHECK-LABEL: func @reduction(
// CHECK-SAME:    %[[N:[^:]*]]: index, %{{[^:]*}}: memref<?xf32>, %[[A:[^:]*]]: f32, %[[B:[^:]*]]: f32)
// CHECK:         %[[R:.*]]:2 = scf.for %[[I:[^ ]*]] = {{.*}} iter_args(%[[SUM:.*]] = %[[A]], %[[MAX:.*]] = %[[B]]) -> (f32, f32) {
// CHECK:           %[[X:.*]] = memref.load %{{.*}}[%[[I]]]
// CHECK:           %[[SUM1:.*]] = arith.addf %[[SUM]], %[[X]]
// CHECK:           %[[MAX1:.*]] = arith.maximumf %[[MAX]], %[[X]]
// CHECK:           scf.yield %[[SUM1]], %[[MAX1]]
// CHECK:         memref.store %[[R]]#0
// CHECK:         memref.store %[[R]]#1
func.func @reduction(%n: index, %m: memref<?xf32>, %a: f32, %b: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.forall (%row) in (%n) {
    %r:2 = scf.parallel (%i) = (%c0) to (%n) step (%c1) init (%a, %b) -> (f32, f32) {
      %x = memref.load %m[%i] : memref<?xf32>
      scf.reduce(%x, %x : f32, f32) {
      ^bb0(%left: f32, %right: f32):
        %sum = arith.addf %left, %right : f32
        scf.reduce.return %sum : f32
      }, {
      ^bb0(%left: f32, %right: f32):
        %max = arith.maximumf %left, %right : f32
        scf.reduce.return %max : f32
      }
    }
    memref.store %r#0, %m[%c0] : memref<?xf32>
    memref.store %r#1, %m[%c1] : memref<?xf32>
  }
  return
}

// -----

// Several dimensions, one loop inside another.
// CHECK-LABEL: func @nested(
// CHECK:         scf.forall
// CHECK-NOT:     scf.parallel
// CHECK-COUNT-3:   scf.for
// CHECK:             memref.store
func.func @nested(%n: index, %m: memref<?x?x?xf32>, %x: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.forall (%row) in (%n) {
    scf.parallel (%i, %j) = (%c0, %c0) to (%n, %n) step (%c1, %c1) {
      scf.parallel (%k) = (%c0) to (%n) step (%c1) {
        memref.store %x, %m[%i, %j, %k] : memref<?x?x?xf32>
      }
    }
  }
  return
}

// -----

// What is not within a row stays parallel.
// CHECK-LABEL: func @outside(
// CHECK:         scf.parallel
func.func @outside(%n: index, %m: memref<?xf32>, %x: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    memref.store %x, %m[%i] : memref<?xf32>
  }
  return
}
