// Relu as an absolute value and a linear term, where the schedule asks for it.

// RUN: dsa-opt %s -dsa-tile-split-relu | FileCheck %s

// CHECK-LABEL: func @split(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x64x128xf8E4M3FN>
func.func @split(%q: memref<?x64x128xf8E4M3FN>, %k: memref<?x128xf8E4M3FN>, %s: memref<?x?xf32>) {
  // CHECK-DAG:  %[[ROWS:.*]] = memref.dim %[[Q]], %c0
  // CHECK-DAG:  %[[TERMS:.*]] = memref.alloc(%[[ROWS]]) : memref<?x4x128xf8E4M3FN>
  // CHECK-DAG:  %[[SCALES:.*]] = memref.alloc(%[[ROWS]]) : memref<?x4xf32>
  // CHECK:      dsa.linear_part ins(%[[Q]]{{.*}} outs(%[[TERMS]], %[[SCALES]]
  // CHECK:      dsa.index_scores<half_abs> ins(%[[Q]]{{.*}} linear(%[[TERMS]], %[[SCALES]]
  dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>)
      schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 4, groups = 4, blocks = 0,
                                         split_relu = true>)
      outs(%s : memref<?x?xf32>)
  return
}

// Rows whose number is known need not be asked for.
// CHECK-LABEL: func @static(
func.func @static(%q: memref<7x64x128xf8E4M3FN>, %k: memref<?x128xf8E4M3FN>, %s: memref<7x?xf32>) {
  // CHECK-DAG: memref.alloc() : memref<7x4x128xf8E4M3FN>
  // CHECK-DAG: memref.alloc() : memref<7x4xf32>
  dsa.index_scores<relu> ins(%q, %k : memref<7x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>)
      schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 4, groups = 4, blocks = 0,
                                         split_relu = true>)
      outs(%s : memref<7x?xf32>)
  return
}

// No relu, no schedule that asks for it, no schedule.
// CHECK-LABEL: func @keep(
// CHECK-NOT:     dsa.linear_part
// CHECK:         dsa.index_scores<none>
// CHECK:         dsa.index_scores<relu>
// CHECK:         dsa.index_scores<relu>
// CHECK-NOT:     dsa.linear_part
func.func @keep(%q: memref<?x64x128xf8E4M3FN>, %k: memref<?x128xf8E4M3FN>, %s: memref<?x?xf32>) {
  dsa.index_scores<none> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>)
      schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 4, groups = 4, blocks = 0,
                                         split_relu = true>)
      outs(%s : memref<?x?xf32>)
  dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>)
      schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 4, groups = 4, blocks = 0>)
      outs(%s : memref<?x?xf32>)
  dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>)
      outs(%s : memref<?x?xf32>)
  return
}

// In a selection, where kernels of their own score chunks of rows, but not where loops score a few at a time.
// CHECK-LABEL: func @selections(
// CHECK:         dsa.select schedule(
// CHECK:           dsa.linear_part
// CHECK:           dsa.index_scores<half_abs>
// CHECK:         dsa.select outs(
// CHECK-NOT:       dsa.linear_part
// CHECK:           dsa.index_scores<relu>
#split = #dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 4, groups = 4, blocks = 0, split_relu = true>
func.func @selections(%q: memref<?x64x128xf8E4M3FN>, %k: memref<?x128xf8E4M3FN>, %t: index, %n: index,
                      %i: memref<?x1x8xi32>, %c: memref<?x1xi32>) {
  dsa.select schedule(#dsa_tile.select_schedule<most_rows = 64, most_bytes = 65536>)
      outs(%i, %c : memref<?x1x8xi32>, memref<?x1xi32>) scores {
    %s = memref.alloc(%t, %n) : memref<?x?xf32>
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>) schedule(#split)
        outs(%s : memref<?x?xf32>)
    dsa.yield %s : memref<?x?xf32>
  }
  dsa.select outs(%i, %c : memref<?x1x8xi32>, memref<?x1xi32>) scores {
    %s = memref.alloc(%t, %n) : memref<?x?xf32>
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>) schedule(#split)
        outs(%s : memref<?x?xf32>)
    dsa.yield %s : memref<?x?xf32>
  }
  return
}
