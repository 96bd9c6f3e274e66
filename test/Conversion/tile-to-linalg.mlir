// RUN: dsa-opt %s -dsa-tile-to-linalg -split-input-file -verify-diagnostics | FileCheck %s --implicit-check-not=dsa_tile.

// Zero outside of the memory, on either side of it; rows and heads become one.
// CHECK-LABEL: func @load(
// CHECK-SAME:    %[[M:[^:]*]]: memref<?x5x64xbf16>, %[[I:[^:]*]]: index)
func.func @load(%m: memref<?x5x64xbf16>, %i: index) -> tensor<32x64xbf16> {
  // CHECK-DAG:  %[[C0:.*]] = arith.constant 0 : index
  // CHECK-DAG:  %[[ROWS:.*]] = memref.dim %[[M]], %c0
  // CHECK-DAG:  %[[HEADS:.*]] = memref.dim %[[M]], %c1
  // CHECK-DAG:  %[[WIDTH:.*]] = memref.dim %[[M]], %c2
  // CHECK-DAG:  %[[ZERO:.*]] = arith.constant 0.000000e+00 : bf16
  // CHECK:      %[[BOX:.*]] = tensor.generate
  // CHECK-NEXT: ^bb0(%[[R:.*]]: index, %[[H:.*]]: index, %[[D:.*]]: index):
  // CHECK-NEXT:   %[[ROW:.*]] = arith.addi %[[I]], %[[R]]
  // CHECK-NEXT:   %[[INROWS:.*]] = arith.cmpi ult, %[[ROW]], %[[ROWS]]
  // CHECK-NEXT:   %[[HEAD:.*]] = arith.addi %{{.*}}, %[[H]]
  // CHECK-NEXT:   %[[INHEADS:.*]] = arith.cmpi ult, %[[HEAD]], %[[HEADS]]
  // CHECK-NEXT:   %[[BOTH:.*]] = arith.andi %[[INROWS]], %[[INHEADS]]
  // CHECK-NEXT:   %[[COLUMN:.*]] = arith.addi %{{.*}}, %[[D]]
  // CHECK-NEXT:   %[[INWIDTH:.*]] = arith.cmpi ult, %[[COLUMN]], %[[WIDTH]]
  // CHECK-NEXT:   %[[INSIDE:.*]] = arith.andi %[[BOTH]], %[[INWIDTH]]
  // CHECK-NEXT:   %[[X:.*]] = scf.if %[[INSIDE]] -> (bf16) {
  // CHECK-NEXT:     %[[READ:.*]] = memref.load %[[M]][%[[ROW]], %[[HEAD]], %[[COLUMN]]]
  // CHECK-NEXT:     scf.yield %[[READ]]
  // CHECK-NEXT:   } else {
  // CHECK-NEXT:     scf.yield %[[ZERO]]
  // CHECK-NEXT:   }
  // CHECK-NEXT:   tensor.yield %[[X]]
  // CHECK-NEXT: } : tensor<4x8x64xbf16>
  // CHECK-NEXT: tensor.collapse_shape %[[BOX]] {{\[}}[0, 1], [2]] : tensor<4x8x64xbf16> into tensor<32x64xbf16>
  %c0 = arith.constant 0 : index
  %t = dsa_tile.load %m[%i, %c0, %c0] box = [4, 8, 64] slots = 2 : memref<?x5x64xbf16> -> tensor<32x64xbf16>
  return %t : tensor<32x64xbf16>
}

// -----

// All dimensions may become one, or none.
// CHECK-LABEL: func @load_shapes(
func.func @load_shapes(%m: memref<?x?xf32>, %v: memref<?xi32>, %i: index)
    -> (tensor<32xf32>, tensor<4x8xf32>, tensor<8xi32>) {
  // CHECK:      tensor.collapse_shape %{{.*}} {{\[}}[0, 1]] : tensor<4x8xf32> into tensor<32xf32>
  %0 = dsa_tile.load %m[%i, %i] box = [4, 8] : memref<?x?xf32> -> tensor<32xf32>
  // CHECK:      %[[B:.*]] = tensor.generate
  // CHECK:      } : tensor<4x8xf32>
  %1 = dsa_tile.load %m[%i, %i] box = [4, 8] : memref<?x?xf32> -> tensor<4x8xf32>
  // CHECK:      %[[C:.*]] = tensor.generate
  // CHECK:      } : tensor<8xi32>
  %2 = dsa_tile.load %v[%i] box = [8] : memref<?xi32> -> tensor<8xi32>
  // CHECK-NEXT: return %{{.*}}, %[[B]], %[[C]]
  return %0, %1, %2 : tensor<32xf32>, tensor<4x8xf32>, tensor<8xi32>
}

// -----

// CHECK-LABEL: func @store(
// CHECK-SAME:    %[[T:[^:]*]]: tensor<64x8xf32>, %[[M:[^:]*]]: memref<?x?xf32>, %[[R:[^:]*]]: index, %[[C:[^:]*]]: index)
func.func @store(%t: tensor<64x8xf32>, %m: memref<?x?xf32>, %r: index, %c: index) {
  // CHECK-DAG:  %[[ROWS:.*]] = memref.dim %[[M]], %c0
  // CHECK-DAG:  %[[COLUMNS:.*]] = memref.dim %[[M]], %c1
  // CHECK:      scf.for %[[I:.*]] = %{{.*}} to %c64 step %{{.*}} {
  // CHECK-NEXT:   scf.for %[[J:.*]] = %{{.*}} to %c8 step %{{.*}} {
  // CHECK-NEXT:     %[[ROW:.*]] = arith.addi %[[R]], %[[I]]
  // CHECK-NEXT:     %[[INROWS:.*]] = arith.cmpi ult, %[[ROW]], %[[ROWS]]
  // CHECK-NEXT:     %[[COLUMN:.*]] = arith.addi %[[C]], %[[J]]
  // CHECK-NEXT:     %[[INCOLUMNS:.*]] = arith.cmpi ult, %[[COLUMN]], %[[COLUMNS]]
  // CHECK-NEXT:     %[[INSIDE:.*]] = arith.andi %[[INROWS]], %[[INCOLUMNS]]
  // CHECK-NEXT:     scf.if %[[INSIDE]] {
  // CHECK-NEXT:       %[[X:.*]] = tensor.extract %[[T]][%[[I]], %[[J]]]
  // CHECK-NEXT:       memref.store %[[X]], %[[M]][%[[ROW]], %[[COLUMN]]]
  // CHECK-NEXT:     }
  // CHECK-NEXT:   }
  // CHECK-NEXT: }
  dsa_tile.store %t, %m[%r, %c] : tensor<64x8xf32>, memref<?x?xf32>
  return
}

// -----

// Transposed: rows of the tile are columns of the memory.
// CHECK-LABEL: func @store_masked(
// CHECK-SAME:    %[[T:[^:]*]]: tensor<64x8xf32>, %[[MASK:[^:]*]]: tensor<64x8xi1>, %[[M:[^:]*]]: memref<?x?xf32>,
// CHECK-SAME:    %[[R:[^:]*]]: index, %[[C:[^:]*]]: index)
func.func @store_masked(%t: tensor<64x8xf32>, %mask: tensor<64x8xi1>, %m: memref<?x?xf32>, %r: index, %c: index) {
  // CHECK:      scf.for %[[I:.*]] = %{{.*}} to %c64
  // CHECK-NEXT:   scf.for %[[J:.*]] = %{{.*}} to %c8
  // CHECK-NEXT:     %[[ROW:.*]] = arith.addi %[[R]], %[[J]]
  // CHECK:          %[[COLUMN:.*]] = arith.addi %[[C]], %[[I]]
  // CHECK:          %[[INSIDE:.*]] = arith.andi
  // CHECK-NEXT:     %[[CHOSEN:.*]] = tensor.extract %[[MASK]][%[[I]], %[[J]]]
  // CHECK-NEXT:     %[[WRITTEN:.*]] = arith.andi %[[CHOSEN]], %[[INSIDE]]
  // CHECK-NOT:      cf.assert
  // CHECK:          scf.if %[[WRITTEN]] {
  // CHECK-NEXT:       %[[X:.*]] = tensor.extract %[[T]][%[[I]], %[[J]]]
  // CHECK-NEXT:       memref.store %[[X]], %[[M]][%[[ROW]], %[[COLUMN]]]
  dsa_tile.store %t, %m[%r, %c] mask(%mask : tensor<64x8xi1>) transposed : tensor<64x8xf32>, memref<?x?xf32>
  return
}

// -----

// A promise is not trusted but checked.
// CHECK-LABEL: func @store_inside(
func.func @store_inside(%t: tensor<8xf32>, %mask: tensor<8xi1>, %m: memref<?xf32>, %i: index) {
  // CHECK:      %[[CHOSEN:.*]] = tensor.extract %{{.*}} : tensor<8xi1>
  // CHECK-NEXT: %[[WRITTEN:.*]] = arith.andi %[[CHOSEN]], %{{.*}} : i1
  // CHECK-NEXT: %[[KEPT:.*]] = arith.cmpi eq, %[[CHOSEN]], %[[WRITTEN]] : i1
  // CHECK-NEXT: cf.assert %[[KEPT]], "a mask that promises to be inside of the memory is not"
  // CHECK-NEXT: scf.if %[[WRITTEN]]
  dsa_tile.store %t, %m[%i] mask(%mask : tensor<8xi1>) inside : tensor<8xf32>, memref<?xf32>
  return
}

// -----

// Zeros where a number is none of a row; columns from the first one on.
// CHECK-LABEL: func @gather(
// CHECK-SAME:    %[[M:[^:]*]]: memref<?x64xbf16>, %[[N:[^:]*]]: tensor<8xi32>)
func.func @gather(%m: memref<?x64xbf16>, %n: tensor<8xi32>) -> tensor<8x32xbf16> {
  // CHECK-DAG:  %[[ROWS:.*]] = memref.dim %[[M]], %c0
  // CHECK-DAG:  %[[ZERO:.*]] = arith.constant 0.000000e+00 : bf16
  // CHECK:      tensor.generate
  // CHECK-NEXT: ^bb0(%[[R:.*]]: index, %[[C:.*]]: index):
  // CHECK-NEXT:   %[[NUMBER:.*]] = tensor.extract %[[N]][%[[R]]] : tensor<8xi32>
  // CHECK-NEXT:   %[[ROW:.*]] = arith.index_cast %[[NUMBER]] : i32 to index
  // CHECK-NEXT:   %[[EXISTS:.*]] = arith.cmpi ult, %[[ROW]], %[[ROWS]]
  // CHECK-NEXT:   %[[FIRST:.*]] = arith.constant 16 : index
  // CHECK-NEXT:   %[[COLUMN:.*]] = arith.addi %[[C]], %[[FIRST]]
  // CHECK-NEXT:   scf.if %[[EXISTS]] -> (bf16) {
  // CHECK-NEXT:     memref.load %[[M]][%[[ROW]], %[[COLUMN]]]
  // CHECK:        } else {
  // CHECK-NEXT:     scf.yield %[[ZERO]]
  // CHECK:      } : tensor<8x32xbf16>
  %x = dsa_tile.gather %m rows %n column = 16 : memref<?x64xbf16>, tensor<8xi32> -> tensor<8x32xbf16>
  return %x : tensor<8x32xbf16>
}

// -----

// Products and sums are in f32 whatever the operands are.
// CHECK-DAG:   #[[A:.*]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK-DAG:   #[[B:.*]] = affine_map<(d0, d1, d2) -> (d2, d1)>
// CHECK-DAG:   #[[X:.*]] = affine_map<(d0, d1, d2) -> (d0, d1)>
// CHECK-LABEL: func @mma(
// CHECK-SAME:    %[[K:[^:]*]]: tensor<64x128xf8E4M3FN>, %[[Q:[^:]*]]: tensor<16x128xf8E4M3FN>)
func.func @mma(%k: tensor<64x128xf8E4M3FN>, %q: tensor<16x128xf8E4M3FN>) -> tensor<64x16xf32> {
  // CHECK-DAG:  %[[LEFT:.*]] = arith.extf %[[K]] : tensor<64x128xf8E4M3FN> to tensor<64x128xf32>
  // CHECK-DAG:  %[[RIGHT:.*]] = arith.extf %[[Q]] : tensor<16x128xf8E4M3FN> to tensor<16x128xf32>
  // CHECK-DAG:  %[[COLUMNS:.*]] = linalg.transpose ins(%[[RIGHT]] {{.*}} permutation = [1, 0]
  // CHECK-DAG:  %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK-DAG:  %[[INIT:.*]] = linalg.fill ins(%[[ZERO]] : f32)
  // CHECK:      linalg.generic {indexing_maps = [#[[A]], #[[B]], #[[X]]], iterator_types = ["parallel", "parallel", "reduction"]}
  // CHECK-SAME:   ins(%[[LEFT]], %[[COLUMNS]] : tensor<64x128xf32>, tensor<128x16xf32>) outs(%[[INIT]] : tensor<64x16xf32>)
  // CHECK-NEXT: ^bb0(%[[U:.*]]: f32, %[[V:.*]]: f32, %[[SUM:.*]]: f32):
  // CHECK-NEXT:   %[[UV:.*]] = arith.mulf %[[U]], %[[V]]
  // CHECK-NEXT:   %[[NEXT:.*]] = arith.addf %[[SUM]], %[[UV]]
  // CHECK-NEXT:   linalg.yield %[[NEXT]]
  %x = dsa_tile.mma %k, %q : tensor<64x128xf8E4M3FN>, tensor<16x128xf8E4M3FN> -> tensor<64x16xf32>
  return %x : tensor<64x16xf32>
}

// -----

// Accumulators are where sums begin, and each b has a product of its own.
// CHECK-LABEL: func @mma_several(
// CHECK-SAME:    %[[P:[^:]*]]: tensor<64x32xf32>, %[[V:[^:]*]]: tensor<8x32xf32>, %[[W:[^:]*]]: tensor<16x32xf32>,
// CHECK-SAME:    %[[S:[^:]*]]: tensor<64x8xf32>, %[[T:[^:]*]]: tensor<64x16xf32>)
// CHECK-NOT:     linalg.fill
// CHECK:         %[[X:.*]] = linalg.generic {{.*}} ins(%[[P]], %{{.*}} : {{.*}}, tensor<32x8xf32>) outs(%[[S]] :
// CHECK:         %[[Y:.*]] = linalg.generic {{.*}} ins(%[[P]], %{{.*}} : {{.*}}, tensor<32x16xf32>) outs(%[[T]] :
// CHECK:         return %[[X]], %[[Y]]
func.func @mma_several(%p: tensor<64x32xf32>, %v: tensor<8x32xf32>, %w: tensor<16x32xf32>,
                       %s: tensor<64x8xf32>, %t: tensor<64x16xf32>) -> (tensor<64x8xf32>, tensor<64x16xf32>) {
  %x:2 = dsa_tile.mma %p, %v, %w acc(%s, %t : tensor<64x8xf32>, tensor<64x16xf32>)
      : tensor<64x32xf32>, tensor<8x32xf32>, tensor<16x32xf32> -> tensor<64x8xf32>, tensor<64x16xf32>
  return %x#0, %x#1 : tensor<64x8xf32>, tensor<64x16xf32>
}

// -----

// Rows of b need no transposition.
// CHECK-LABEL: func @mma_rows(
// CHECK-SAME:    %[[P:[^:]*]]: tensor<64x32xf32>, %[[V:[^:]*]]: tensor<32x8xf32>, %[[S:[^:]*]]: tensor<64x8xf32>)
// CHECK-NOT:     linalg.transpose
// CHECK-NOT:     tensor.insert_slice
// CHECK:         %[[X:.*]] = linalg.generic {{.*}} ins(%[[P]], %[[V]] : {{.*}}) outs(%[[S]] :
// CHECK:         return %[[X]]
func.func @mma_rows(%p: tensor<64x32xf32>, %v: tensor<32x8xf32>, %s: tensor<64x8xf32>) -> tensor<64x8xf32> {
  %x = dsa_tile.mma %p, %v acc(%s : tensor<64x8xf32>) b_rows
      : tensor<64x32xf32>, tensor<32x8xf32> -> tensor<64x8xf32>
  return %x : tensor<64x8xf32>
}

// -----

// Several b have columns of one result, equally many each: of a wider one, the first.
// CHECK-LABEL: func @mma_columns(
// CHECK-SAME:    %[[P:[^:]*]]: tensor<64x32xf32>, %[[V:[^:]*]]: tensor<32x8xf32>, %[[W:[^:]*]]: tensor<32x16xf32>, %[[S:[^:]*]]: tensor<64x16xf32>)
// CHECK:         %[[LEFT:.*]] = tensor.extract_slice %[[S]][0, 0] [64, 8] [1, 1]
// CHECK:         %[[X:.*]] = linalg.generic {{.*}} ins(%[[P]], %[[V]] : {{.*}}) outs(%[[LEFT]] :
// CHECK:         %[[HALF:.*]] = tensor.insert_slice %[[X]] into %[[S]][0, 0] [64, 8] [1, 1]
// CHECK-DAG:     %[[RIGHT:.*]] = tensor.extract_slice %[[HALF]][0, 8] [64, 8] [1, 1]
// CHECK-DAG:     %[[FIRST:.*]] = tensor.extract_slice %[[W]][0, 0] [32, 8] [1, 1]
// CHECK:         %[[Y:.*]] = linalg.generic {{.*}} ins(%[[P]], %[[FIRST]] : {{.*}}) outs(%[[RIGHT]] :
// CHECK:         %[[ALL:.*]] = tensor.insert_slice %[[Y]] into %[[HALF]][0, 8] [64, 8] [1, 1]
// CHECK:         return %[[ALL]]
func.func @mma_columns(%p: tensor<64x32xf32>, %v: tensor<32x8xf32>, %w: tensor<32x16xf32>,
                       %s: tensor<64x16xf32>) -> tensor<64x16xf32> {
  %x = dsa_tile.mma %p, %v, %w acc(%s : tensor<64x16xf32>) b_rows
      : tensor<64x32xf32>, tensor<32x8xf32>, tensor<32x16xf32> -> tensor<64x16xf32>
  return %x : tensor<64x16xf32>
}

// -----

// Without an accumulator sums begin with zeros. Operands become f32 one by one.
// CHECK-LABEL: func @mma_new_columns(
// CHECK:         %[[ZEROS:.*]] = linalg.fill ins(%{{.*}} : f32) outs(%{{.*}} : tensor<64x16xf32>)
// CHECK:         tensor.extract_slice %[[ZEROS]][0, 0]
// CHECK:         arith.extf %{{.*}} : tensor<32x8xbf16> to tensor<32x8xf32>
// CHECK:         tensor.insert_slice %{{.*}} into %[[ZEROS]][0, 0]
func.func @mma_new_columns(%p: tensor<64x32xbf16>, %v: tensor<32x8xbf16>) -> tensor<64x16xf32> {
  %x = dsa_tile.mma %p, %v, %v b_rows
      : tensor<64x32xbf16>, tensor<32x8xbf16>, tensor<32x8xbf16> -> tensor<64x16xf32>
  return %x : tensor<64x16xf32>
}

// -----

// CHECK-LABEL: func @reduce(
// CHECK-SAME:    %[[T:[^:]*]]: tensor<64x32xf32>)
func.func @reduce(%t: tensor<64x32xf32>) -> (tensor<64x4xf32>, tensor<64xf32>) {
  // CHECK-DAG:  %[[GROUPS:.*]] = tensor.expand_shape %[[T]] {{\[}}[0], [1, 2]] output_shape [64, 4, 8]
  // CHECK-DAG:  %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK-DAG:  %[[INIT:.*]] = linalg.fill ins(%[[ZERO]] : f32) outs(%{{.*}} : tensor<64x4xf32>)
  // CHECK:      linalg.reduce ins(%[[GROUPS]] : tensor<64x4x8xf32>) outs(%[[INIT]] : tensor<64x4xf32>) dimensions = [2]
  // CHECK:        arith.addf
  %x = dsa_tile.reduce<add> %t group = 8 : tensor<64x32xf32> -> tensor<64x4xf32>
  // CHECK:      %[[LEAST:.*]] = arith.constant 0xFF800000 : f32
  // CHECK:      %[[FROM:.*]] = linalg.fill ins(%[[LEAST]] : f32) outs(%{{.*}} : tensor<64xf32>)
  // CHECK:      linalg.reduce ins(%[[T]] : tensor<64x32xf32>) outs(%[[FROM]] : tensor<64xf32>) dimensions = [1]
  // CHECK:        arith.maximumf
  %y = dsa_tile.reduce<max> %t : tensor<64x32xf32> -> tensor<64xf32>
  return %x, %y : tensor<64x4xf32>, tensor<64xf32>
}

// -----

// CHECK-LABEL: func @expand(
// CHECK-SAME:    %[[V:[^:]*]]: tensor<8xf32>)
func.func @expand(%v: tensor<8xf32>) -> (tensor<64x8xf32>, tensor<8x64xf32>) {
  // CHECK:      linalg.broadcast ins(%[[V]] : tensor<8xf32>) outs(%{{.*}} : tensor<64x8xf32>) dimensions = [0]
  %x = dsa_tile.expand %v dim = 0 : tensor<8xf32> -> tensor<64x8xf32>
  // CHECK:      linalg.broadcast ins(%[[V]] : tensor<8xf32>) outs(%{{.*}} : tensor<8x64xf32>) dimensions = [1]
  %y = dsa_tile.expand %v dim = 1 : tensor<8xf32> -> tensor<8x64xf32>
  return %x, %y : tensor<64x8xf32>, tensor<8x64xf32>
}

// -----

// CHECK-LABEL: func @scale_rows(
// CHECK-SAME:    %[[T:[^:]*]]: tensor<64x8xf32>, %[[F:[^:]*]]: tensor<64xf32>)
func.func @scale_rows(%t: tensor<64x8xf32>, %f: tensor<64xf32>) -> tensor<64x8xf32> {
  // CHECK:      %[[FACTORS:.*]] = linalg.broadcast ins(%[[F]] : tensor<64xf32>) outs(%{{.*}} : tensor<64x8xf32>) dimensions = [1]
  // CHECK-NEXT: arith.mulf %[[T]], %[[FACTORS]] : tensor<64x8xf32>
  %x = dsa_tile.scale_rows %t by %f : tensor<64x8xf32>, tensor<64xf32>
  return %x : tensor<64x8xf32>
}

// -----

// CHECK-LABEL: func @mask_columns(
// CHECK-SAME:    %[[T:[^:]*]]: tensor<64x8xf16>, %[[THERE:[^:]*]]: tensor<8xi1>)
func.func @mask_columns(%t: tensor<64x8xf16>, %there: tensor<8xi1>) -> tensor<64x8xf16> {
  // CHECK-DAG:  %[[ALL:.*]] = linalg.broadcast ins(%[[THERE]] : tensor<8xi1>) outs(%{{.*}} : tensor<64x8xi1>) dimensions = [0]
  // CHECK-DAG:  %[[NONE:.*]] = arith.constant dense<0xFC00> : tensor<64x8xf16>
  // CHECK:      %[[X:.*]] = arith.select %[[ALL]], %[[T]], %[[NONE]] : tensor<64x8xi1>, tensor<64x8xf16>
  // CHECK-NEXT: return %[[X]]
  %x = dsa_tile.mask_columns %t by %there : tensor<64x8xf16>, tensor<8xi1>
  return %x : tensor<64x8xf16>
}

// -----

// CHECK-LABEL: func @iota(
func.func @iota() -> tensor<64x8xi32> {
  // CHECK:      tensor.generate
  // CHECK-NEXT: ^bb0(%{{.*}}: index, %[[J:.*]]: index):
  // CHECK-NEXT:   %[[X:.*]] = arith.index_cast %[[J]] : index to i32
  // CHECK-NEXT:   tensor.yield %[[X]]
  // CHECK-NEXT: } : tensor<64x8xi32>
  %i = dsa_tile.iota dim = 1 : tensor<64x8xi32>
  return %i : tensor<64x8xi32>
}

// -----

// CHECK-LABEL: func @splat(
// CHECK-SAME:    %[[X:[^:]*]]: i32)
func.func @splat(%x: i32) -> tensor<64x8xi32> {
  // CHECK:      linalg.fill ins(%[[X]] : i32) outs(%{{.*}} : tensor<64x8xi32>)
  %t = dsa_tile.splat %x : i32 -> tensor<64x8xi32>
  return %t : tensor<64x8xi32>
}

// -----

// A kernel is a loop like any other then. What loops carry stays in its place.
// CHECK-LABEL: func @kernel(
func.func @kernel(%n: index, %a: tensor<4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // CHECK:      scf.forall (%{{.*}}) in (%{{.*}}) {
  scf.forall (%i) in (%n) {
    // CHECK:      scf.for {{.*}} iter_args(%[[X:.*]] = %{{.*}}, %[[Y:.*]] = %{{.*}}, %{{.*}} = %{{.*}}) -> (tensor<4xf32>, tensor<4xf32>, index) {
    // CHECK-NEXT:   %[[Z:.*]] = arith.mulf %[[X]], %[[Y]] : tensor<4xf32>
    // CHECK-NEXT:   %[[COPY:.*]] = linalg.copy ins(%[[Z]] : tensor<4xf32>) outs(%[[X]] : tensor<4xf32>)
    // CHECK-NEXT:   scf.yield %[[COPY]], %[[Y]], %{{.*}}
    %r:3 = scf.for %j = %c0 to %i step %c1 iter_args(%x = %a, %y = %a, %k = %c0) -> (tensor<4xf32>, tensor<4xf32>, index) {
      %z = arith.mulf %x, %y : tensor<4xf32>
      scf.yield %z, %y, %j : tensor<4xf32>, tensor<4xf32>, index
    }
  // CHECK:      }
  // CHECK:      }{{$}}
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>,
     mapping = [#gpu.block<x>]}
  return
}

// -----

// Both branches fill the same place.
// CHECK-LABEL: func @branches(
// CHECK-SAME:    %{{.*}}: i1, %[[A:[^:]*]]: tensor<4xf32>, %[[X:[^:]*]]: index)
func.func @branches(%c: i1, %a: tensor<4xf32>, %x: index) -> (tensor<4xf32>, index) {
  // CHECK:      %[[PLACE:.*]] = tensor.empty() : tensor<4xf32>
  // CHECK-NEXT: scf.if
  // CHECK-NEXT:   %[[SQUARE:.*]] = arith.mulf
  // CHECK-NEXT:   %[[THEN:.*]] = linalg.copy ins(%[[SQUARE]] : tensor<4xf32>) outs(%[[PLACE]] : tensor<4xf32>)
  // CHECK-NEXT:   scf.yield %[[THEN]], %[[X]]
  // CHECK-NEXT: } else {
  // CHECK-NEXT:   %[[ELSE:.*]] = linalg.copy ins(%[[A]] : tensor<4xf32>) outs(%[[PLACE]] : tensor<4xf32>)
  // CHECK-NEXT:   scf.yield %[[ELSE]], %[[X]]
  %r:2 = scf.if %c -> (tensor<4xf32>, index) {
    %y = arith.mulf %a, %a : tensor<4xf32>
    scf.yield %y, %x : tensor<4xf32>, index
  } else {
    scf.yield %a, %x : tensor<4xf32>, index
  }
  return %r#0, %r#1 : tensor<4xf32>, index
}

// -----

// One error, however many tiles have layouts.
!acc = tensor<64x8xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>
func.func @layout(%x: f32) {
  // expected-error @+1 {{'dsa_tile.splat' op expected tiles without layouts, but found 'tensor<64x8xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>'}}
  %t = dsa_tile.splat %x : f32 -> !acc
  %y = arith.mulf %t, %t : !acc
  return
}

// -----

func.func @shared_layout(%t: tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected tiles without layouts, but found 'tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>'}}
  %x = dsa_tile.mma %t, %t : tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>, tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>> -> tensor<64x64xf32>
  return
}

// -----

// Operations of the later forms.
func.func @later() {
  // expected-error @+1 {{'dsa_tile.turn_wait' op cannot be run on a CPU}}
  dsa_tile.turn_wait groups = 4
  dsa_tile.turn_pass groups = 4
  return
}

// -----

func.func @wide(%a: tensor<8x8xf64>) -> tensor<8x8xf32> {
  // expected-error @+1 {{'dsa_tile.mma' op cannot be run on a CPU}}
  %x = dsa_tile.mma %a, %a : tensor<8x8xf64>, tensor<8x8xf64> -> tensor<8x8xf32>
  return %x : tensor<8x8xf32>
}

// -----

// A transposed operand, a part of a tile, maxima of columns; what all who compute write is what the only
// one who does wrote.
// CHECK-LABEL: func @transposed(
// CHECK-SAME:    %[[P:[^:]*]]: tensor<64x16xf32>, %[[V:[^:]*]]: tensor<64x128xf32>, %[[W:[^:]*]]: tensor<64x16xbf16>)
func.func @transposed(%p: tensor<64x16xf32>, %v: tensor<64x128xf32>, %w: tensor<64x16xbf16>)
    -> (tensor<64x16xf32>, tensor<16xf32>, tensor<64x16xbf16>) {
  // CHECK:      %[[PART:.*]] = tensor.extract_slice %[[V]][0, 64] [64, 64] [1, 1]
  %part = dsa_tile.extract %v dim = 1 offset = 64 : tensor<64x128xf32> -> tensor<64x64xf32>
  // CHECK:      %[[TURNED:.*]] = linalg.transpose ins(%[[PART]] : tensor<64x64xf32>)
  // CHECK:      %[[X:.*]] = linalg.generic {{.*}} ins(%[[TURNED]], %[[P]] : tensor<64x64xf32>, tensor<64x16xf32>)
  %x = dsa_tile.mma %part, %p a_rows b_rows : tensor<64x64xf32>, tensor<64x16xf32> -> tensor<64x16xf32>
  // CHECK:      %[[M:.*]] = linalg.reduce ins(%[[P]] : tensor<64x16xf32>) outs(%{{.*}} : tensor<16xf32>) dimensions = [0]
  %m = dsa_tile.reduce<max> %p dim = 0 : tensor<64x16xf32> -> tensor<16xf32>
  %s = dsa_tile.stage %w : tensor<64x16xbf16> -> tensor<64x16xbf16>
  // CHECK:      return %[[X]], %[[M]], %[[W]]
  return %x, %m, %s : tensor<64x16xf32>, tensor<16xf32>, tensor<64x16xbf16>
}
