// RUN: dsa-opt %s -dsa-decompose -canonicalize -cse -split-input-file | FileCheck %s

// Each head of each row: partial results weighted by exp(lse - largest lse).
// CHECK-LABEL: func @merge(
// CHECK-SAME:    %[[OS:[^:]*]]: memref<?x?x4x8xbf16>, %[[LS:[^:]*]]: memref<?x?x4xf32>, %[[SINK:[^:]*]]: memref<4xf32>,
// CHECK-SAME:    %[[O:[^:]*]]: memref<?x4x8xf16>, %[[L:[^:]*]]: memref<?x4xf32>)
// CHECK-DAG:     %[[MINUS_INF:.*]] = arith.constant 0xFF800000 : f32
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK-DAG:     %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
// CHECK:         scf.forall (%[[ROW:.*]], %[[HEAD:.*]]) in (%{{.*}}, 4) {
// CHECK:           %[[P:.*]] = memref.dim %[[LS]], %c0
// CHECK:           %[[LARGEST:.*]] = scf.for %{{.*}} = %c0 to %[[P]] {{.*}} iter_args(%{{.*}} = %[[MINUS_INF]])
// CHECK:             arith.maximumf
// CHECK:           %[[DEAD:.*]] = arith.cmpf oeq, %[[LARGEST]], %[[MINUS_INF]]
// CHECK:           %[[REFERENCE:.*]] = arith.select %[[DEAD]], %[[ZERO]], %[[LARGEST]]

// A partial result without keys contributes nothing, whatever it holds.
// CHECK:           %[[SUM:.*]] = scf.for %[[PART:.*]] = %c0 to %[[P]]
// CHECK:             %[[LSE:.*]] = memref.load %[[LS]][%[[PART]], %[[ROW]], %[[HEAD]]]
// CHECK:             %[[DIFFERENCE:.*]] = arith.subf %[[LSE]], %[[REFERENCE]]
// CHECK:             %[[WEIGHT:.*]] = math.exp %[[DIFFERENCE]]
// CHECK:             arith.cmpf oeq, %[[LSE]], %[[MINUS_INF]]
// CHECK:             scf.if
// CHECK:               memref.subview %[[OS]][%[[PART]], %[[ROW]], %[[HEAD]], 0] [1, 1, 1, 8]
// CHECK:               math.fma %{{.*}}, %[[WEIGHT]], %{{.*}}

// CHECK:           %[[LOG:.*]] = math.log %[[SUM]]
// CHECK:           %[[TOTAL:.*]] = arith.addf %[[REFERENCE]], %[[LOG]]
// CHECK:           %[[LSE:.*]] = arith.select %[[DEAD]], %[[MINUS_INF]], %[[TOTAL]]
// CHECK:           memref.store %[[LSE]], %[[L]][%[[ROW]], %[[HEAD]]]

// The sink joins the denominator alone.
// CHECK:           memref.load %[[SINK]][%[[HEAD]]]
// CHECK:           %[[SINK_WEIGHT:.*]] = math.exp
// CHECK:           %[[DENOMINATOR:.*]] = arith.addf %[[SUM]], %[[SINK_WEIGHT]]
// CHECK:           %[[INVERSE:.*]] = arith.divf %[[ONE]], %[[DENOMINATOR]]
// CHECK:           %[[FACTOR:.*]] = arith.select %[[DEAD]], %[[ZERO]], %[[INVERSE]]
// CHECK:           memref.subview %[[O]][%[[ROW]], %[[HEAD]], 0] [1, 1, 8]
// CHECK:             arith.mulf %{{.*}}, %[[FACTOR]]
// CHECK:             arith.truncf %{{.*}} : f32 to f16
func.func @merge(%os: memref<?x?x4x8xbf16>, %ls: memref<?x?x4xf32>, %sink: memref<4xf32>, %o: memref<?x4x8xf16>,
                 %l: memref<?x4xf32>) {
  dsa.merge ins(%os, %ls : memref<?x?x4x8xbf16>, memref<?x?x4xf32>) sink(%sink : memref<4xf32>)
      outs(%o, %l : memref<?x4x8xf16>, memref<?x4xf32>)
  return
}

// -----

// CHECK-LABEL: func @without_sink(
// CHECK:         scf.forall (%{{.*}}, %{{.*}}) in (5, 4) {
// CHECK:           scf.for %{{.*}} = %c0 to %c3
// CHECK:             arith.maximumf
// CHECK:           %[[SUM:.*]] = scf.for %{{.*}} = %c0 to %c3
// CHECK:             math.exp
// CHECK-NOT:       math.exp
// CHECK:           arith.divf %{{.*}}, %[[SUM]]
// CHECK:         return
func.func @without_sink(%os: memref<3x5x4x8xf32>, %ls: memref<3x5x4xf32>, %o: memref<5x4x8xf32>, %l: memref<5x4xf32>) {
  dsa.merge ins(%os, %ls : memref<3x5x4x8xf32>, memref<3x5x4xf32>) outs(%o, %l : memref<5x4x8xf32>, memref<5x4xf32>)
  return
}
