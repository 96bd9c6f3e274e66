// Scores and top-k of a selection are kernels on tiles, for some rows at a time; the scorer keeps its schedule.

// RUN: dsa-opt %s -dsa-tile-to-cpu -mlir-print-ir-after=dsa-tile-chunk-selection -mlir-print-ir-after=dsa-to-tile 2>&1 | FileCheck %s

// CHECK:      func.func @selection(
// CHECK-NOT:    dsa.select
// CHECK:        scf.for
// CHECK:          dsa.index_scores<relu> {{.*}} schedule(#dsa_tile.scores_schedule<block_rows = 2,
// CHECK:          dsa.topk {{.*}} schedule(#dsa_tile.topk_schedule<
// CHECK:      func.func @selection(
// CHECK-NOT:    {{ dsa\.}}
// CHECK:        scf.for
// CHECK:          dsa_tile.mma
// CHECK:          dsa_tile.histogram
// CHECK:      llvm.func @selection(
// CHECK:        omp.parallel
func.func @selection(%q: tensor<9x8x64xbf16>, %k: tensor<130x64xbf16>, %i: tensor<9x1x7xi32>, %n: tensor<9x1xi32>)
    -> (tensor<9x1x7xi32>, tensor<9x1xi32>) {
  %e = tensor.empty() : tensor<9x130xf32>
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<9x8x64xbf16>, tensor<130x64xbf16>)
      schedule(#dsa_tile.scores_schedule<block_rows = 2, split_keys = 64, slots = 1, groups = 1, blocks = 0>)
      outs(%e : tensor<9x130xf32>) -> tensor<9x130xf32>
  %r:2 = dsa.topk ins(%s : tensor<9x130xf32>) outs(%i, %n : tensor<9x1x7xi32>, tensor<9x1xi32>)
      -> tensor<9x1x7xi32>, tensor<9x1xi32>
  return %r#0, %r#1 : tensor<9x1x7xi32>, tensor<9x1xi32>
}
