// Tiles of keys and values, and which of them a row reads: shared by scoring and
// attention.

// RUN: dsa-opt %s -dsa-decompose -canonicalize -cse -split-input-file | FileCheck %s

// A key is a vector of the tile's element type, found by sequence, number and head;
// a key that is not there leaves zeros.
// CHECK-LABEL: func @sequence_and_head(
// CHECK-SAME:    %[[K:[^:]*]]: memref<3x?x2x8xbf16>, %[[V:[^:]*]]: memref<3x?x2x4xbf16>, %[[SEQ:[^:]*]]: memref<?xi32>,
// CHECK:         scf.forall (%[[ROW:.*]], %[[HEAD:.*]]) in
// CHECK:           memref.load %[[SEQ]][%[[ROW]]]
// CHECK:           %[[NUMBER:.*]] = arith.index_cast
// CHECK-DAG:       arith.cmpi sge, %[[NUMBER]], %c0
// CHECK-DAG:       arith.cmpi slt, %[[NUMBER]], %c3
// CHECK-DAG:       %[[K32:.*]] = memref.alloc() {{.*}} : memref<64x8xf32>
// CHECK-DAG:       %[[V32:.*]] = memref.alloc() {{.*}} : memref<64x4xf32>
// CHECK:           scf.for %[[SLOT:.*]] = %c0 to %c64
// CHECK:             %[[FROM_K:.*]] = memref.subview %[[K]][%[[NUMBER]], %[[KEY:.*]], %[[HEAD]], 0] [1, 1, 1, 8] {{.*}} to memref<8xbf16, strided<[1], offset: ?>>
// CHECK:             %[[TO_K:.*]] = memref.subview %[[K32]][%[[SLOT]], 0] [1, 8] {{.*}} to memref<8xf32, strided<[1], offset: ?>>
// CHECK:             linalg.generic {{.*}} ins(%[[FROM_K]] : {{.*}}) outs(%[[TO_K]] :
// CHECK:               arith.extf %{{.*}} : bf16 to f32
// CHECK:             %[[FROM_V:.*]] = memref.subview %[[V]][%[[NUMBER]], %[[KEY]], %[[HEAD]], 0] [1, 1, 1, 4]
// CHECK:             %[[TO_V:.*]] = memref.subview %[[V32]][%[[SLOT]], 0] [1, 4]
// CHECK:             linalg.generic {{.*}} ins(%[[FROM_V]] : {{.*}}) outs(%[[TO_V]] :
// CHECK:           } else {
// CHECK:             %[[NO_K:.*]] = memref.subview %[[K32]][%[[SLOT]], 0] [1, 8]
// CHECK:             linalg.fill {{.*}} outs(%[[NO_K]] :
// CHECK:             %[[NO_V:.*]] = memref.subview %[[V32]][%[[SLOT]], 0] [1, 4]
// CHECK:             linalg.fill {{.*}} outs(%[[NO_V]] :
func.func @sequence_and_head(%q: memref<?x4x8xbf16>, %k: memref<3x?x2x8xbf16>, %v: memref<3x?x2x4xbf16>,
                             %seq: memref<?xi32>, %o: memref<?x4x4xf32>, %l: memref<?x4xf32>) {
  dsa.attention scale = 0.5 ins(%q, %k, %v : memref<?x4x8xbf16>, memref<3x?x2x8xbf16>, memref<3x?x2x4xbf16>)
      seq(%seq : memref<?xi32>) outs(%o, %l : memref<?x4x4xf32>, memref<?x4xf32>)
  return
}

// -----

// Without bounds a row sees every key: nothing is loaded, nothing compared.
// CHECK-LABEL: func @all_keys(
// CHECK-SAME:    %{{[^:]*}}: memref<?x4x8xf32>, %[[K:[^:]*]]: memref<?x8xf32>,
// CHECK:         scf.forall
// CHECK:           %[[COUNT:.*]] = memref.dim %[[K]], %c0
// CHECK:           scf.for %[[FIRST:.*]] = %c0 to %[[COUNT]] step %c64
func.func @all_keys(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %o: memref<?x4x8xf32>, %l: memref<?x4xf32>) {
  dsa.attention scale = 0.5 ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>)
      outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  return
}

// -----

// Bounds may hold any value: 0 <= begin <= end <= count.
// CHECK-LABEL: func @bounds(
// CHECK-SAME:    %[[LO:[^:]*]]: memref<?xi32>, %[[HI:[^:]*]]: memref<?xi32>,
// CHECK:         scf.forall (%[[ROW:.*]]) in
// CHECK:           %[[LO32:.*]] = memref.load %[[LO]][%[[ROW]]]
// CHECK:           %[[LOW:.*]] = arith.index_cast %[[LO32]]
// CHECK:           %[[LOW1:.*]] = arith.maxsi %[[LOW]], %c0
// CHECK:           %[[BEGIN:.*]] = arith.minsi %[[LOW1]], %c37
// CHECK:           %[[HI32:.*]] = memref.load %[[HI]][%[[ROW]]]
// CHECK:           %[[HIGH:.*]] = arith.index_cast %[[HI32]]
// CHECK:           %[[HIGH1:.*]] = arith.maxsi %[[HIGH]], %[[BEGIN]]
// CHECK:           %[[END:.*]] = arith.minsi %[[HIGH1]], %c37
// CHECK:           scf.for %{{.*}} = %[[BEGIN]] to %[[END]] step %c64
func.func @bounds(%lo: memref<?xi32>, %hi: memref<?xi32>, %q: memref<?x4x8xf32>, %k: memref<37x8xf32>,
                  %o: memref<?x4x8xf32>, %l: memref<?x4xf32>) {
  dsa.attention scale = 0.5 ins(%q, %k : memref<?x4x8xf32>, memref<37x8xf32>)
      bounds(%lo, %hi : memref<?xi32>, memref<?xi32>) outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  return
}
