// RUN: dsa-opt %s -dsa-tile-to-linalg | FileCheck %s

// Scores above the floor go to the end of their list, as bits, and their keys beside them.
// CHECK-LABEL: func @add(
// CHECK-SAME: %[[S:[a-z0-9]*]]: tensor<64x8xf32>, %[[E:[a-z0-9]*]]: tensor<64x8xi32>, %[[F:[a-z0-9]*]]: tensor<64x8xf32>, %[[KEY:[a-z0-9]*]]: index
func.func @add(%s: tensor<64x8xf32>, %e: tensor<64x8xi32>, %f: tensor<64x8xf32>, %key: index) -> tensor<64x8xi32> {
  // CHECK:      %[[LISTS:.*]] = memref.alloc() : memref<8x4x2x320xi32>
  // CHECK:      %[[COUNTS:.*]] = memref.alloc() : memref<8x4xi32>
  // CHECK:      %[[SCORE:.*]] = tensor.extract %[[S]][%[[I:.*]], %[[ROW:.*]]]
  // CHECK:      %[[FLOOR:.*]] = tensor.extract %[[F]][%[[I]], %[[ROW]]]
  // CHECK:      %[[HIT:.*]] = arith.cmpf ogt, %[[SCORE]], %[[FLOOR]]
  // CHECK:      scf.if %[[HIT]] {
  // CHECK:        %[[LIST:.*]] = arith.divui %[[I]], %c16
  // CHECK:        %[[NUMBER:.*]] = arith.addi %[[KEY]], %[[I]]
  // CHECK:        %[[BITS:.*]] = arith.bitcast %[[SCORE]] : f32 to i32
  // CHECK:        %[[COUNT:.*]] = memref.load %[[COUNTS]][%[[ROW]], %[[LIST]]]
  // CHECK:        cf.assert %{{.*}}, "a list has no room for another key"
  // CHECK:        memref.store %[[BITS]], %[[LISTS]][%[[ROW]], %[[LIST]],
  // CHECK:        memref.store %{{.*}}, %[[LISTS]][%[[ROW]], %[[LIST]],
  // CHECK:        memref.store %{{.*}}, %[[COUNTS]][%[[ROW]], %[[LIST]]]
  %lists = dsa_tile.workspace : memref<8x4x2x320xi32>
  %g = dsa_tile.shortlist.add %s from %key to %lists ends(%e) floors(%f)
      : tensor<64x8xf32>, tensor<64x8xi32>, memref<8x4x2x320xi32>
  return %g : tensor<64x8xi32>
}

// CHECK-LABEL: func @full(
func.func @full(%lists: memref<8x4x2x320xi32>, %e: tensor<64x8xi32>) -> i1 {
  // CHECK:      %[[ANY:.*]] = scf.for {{.*}} to %c8{{.*}} -> (i1)
  // CHECK:      %[[MOST:.*]] = arith.constant 192 : i32
  // CHECK:        %[[FULL:.*]] = arith.cmpi sgt, %{{.*}}, %[[MOST]]
  // CHECK:      return %[[ANY]]
  %full = dsa_tile.shortlist.full %lists ends(%e) : memref<8x4x2x320xi32>, tensor<64x8xi32>
  return %full : i1
}

// The order of the worst that is kept is found bit by bit; all that have at least this one stay.
// CHECK-LABEL: func @shorten(
func.func @shorten(%lists: memref<8x4x2x320xi32>, %e: tensor<64x8xi32>, %f: tensor<64x8xf32>) -> (tensor<64x8xi32>, tensor<64x8xf32>) {
  // CHECK:      %[[LEAST:.*]] = scf.for {{.*}} -> (i64)
  // CHECK:        %[[LARGER:.*]] = arith.ori
  // CHECK:        arith.cmpi uge, %{{.*}}, %[[LARGER]] : i64
  // CHECK:      arith.cmpi uge, %{{.*}}, %[[LEAST]] : i64
  // CHECK:      arith.shrui %[[LEAST]], %{{.*}} : i64
  // CHECK:      arith.bitcast %{{.*}} : i32 to f32
  %g, %h = dsa_tile.shortlist.shorten %lists ends(%e) floors(%f) keep = 64
      : memref<8x4x2x320xi32>, tensor<64x8xi32>, tensor<64x8xf32>
  return %g, %h : tensor<64x8xi32>, tensor<64x8xf32>
}

// CHECK-LABEL: func @end(
// CHECK-SAME: %[[I:[a-z0-9]*]]: memref<?x1x64xi32>, %[[C:[a-z0-9]*]]: memref<?x1xi32>, %[[V:[a-z0-9]*]]: memref<?x1x64xf32>, %[[ROW:[a-z0-9]*]]: index
func.func @end(%lists: memref<8x4x2x320xi32>, %e: tensor<64x8xi32>, %i: memref<?x1x64xi32>, %c: memref<?x1xi32>,
               %v: memref<?x1x64xf32>, %row: index) {
  // CHECK:      %[[ROWS:.*]] = memref.dim %[[I]]
  // CHECK:      %[[OWN:.*]] = arith.addi %[[ROW]],
  // CHECK:      %[[EXISTS:.*]] = arith.cmpi ult, %[[OWN]], %[[ROWS]]
  // CHECK:      scf.if %[[EXISTS]] {
  // CHECK:        memref.store %{{.*}}, %[[C]][%[[OWN]],
  // CHECK:        memref.store %{{.*}}, %[[I]][%[[OWN]],
  // CHECK:        memref.store %{{.*}}, %[[V]][%[[OWN]],
  dsa_tile.shortlist.end %lists ends(%e) keep = 64 to %i, %c values(%v : memref<?x1x64xf32>) at %row
      : memref<8x4x2x320xi32>, tensor<64x8xi32>, memref<?x1x64xi32>, memref<?x1xi32>
  return
}
