// The linear part that relu is split into takes the schedule of loops on a GPU: a warp for
// each of eight rows of a block.

// RUN: dsa-opt %s -dsa-to-kernels="chip=sm_90a tuned=false" | FileCheck %s

// CHECK-LABEL: func.func @scores(
// CHECK:         %[[BLOCKS:.*]] = arith.ceildivui %{{.*}}, %c8 : index
// CHECK:         %[[GRID:.*]] = arith.minui %[[BLOCKS]], %c264 : index
// CHECK:         gpu.launch_func @kernels::@scores_0 blocks in (%[[GRID]], %c1, %c1) threads in (%c256, %c1, %c1)
// CHECK:         gpu.launch_func @kernels::@scores_tiles_0
func.func @scores(%q: tensor<?x64x128xf8E4M3FN>, %k: tensor<?x128xf8E4M3FN>, %w: tensor<?x64xf32>,
                  %s: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %r = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
      weights(%w : tensor<?x64xf32>) outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}
