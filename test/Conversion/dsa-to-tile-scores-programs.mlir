// RUN: dsa-opt %s -dsa-to-tile -split-input-file | FileCheck %s

// Beside kernels of other iterations, blocks take a program each, so that they make room for those, and there are as
// many as leave an eighth of the processors to them; an iteration by itself has all of them.
// CHECK-LABEL: func @concurrent(
// CHECK-SAME:    %{{[^:]*}}: memref<?x64x128xf8E4M3FN>, %{{[^:]*}}: memref<?x128xf8E4M3FN>, %{{[^:]*}}: memref<?x?xf32>, %[[COUNT:[^:]*]]: index)
func.func @concurrent(%q: memref<?x64x128xf8E4M3FN>, %k: memref<?x128xf8E4M3FN>, %s: memref<?x?xf32>, %count: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // CHECK:        scf.for
  scf.for %i = %c0 to %count step %c1 {
    // CHECK:        %[[SOME:.*]] = arith.maxui
    // CHECK:        %[[MOST:.*]] = arith.maxui %{{.*}}, %{{.*}}
    // CHECK:        %[[OWN:.*]] = arith.divui %c116{{[^,]*}}, %[[SOME]]
    // CHECK:        %[[UNDER_WAY:.*]] = arith.minui %c3{{[^,]*}}, %[[COUNT]]
    // CHECK:        %[[ALONE:.*]] = arith.cmpi sle, %[[UNDER_WAY]], %c1
    // CHECK:        arith.select %[[ALONE]], %[[MOST]], %[[OWN]]
    // CHECK:        scf.forall
    // CHECK:        } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 4, blocks = 0,
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>)
        schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 6, groups = 4, blocks = 132, ordered = true>)
        outs(%s : memref<?x?xf32>)
  } {dsa_tile.concurrent = 3 : i64}
  return
}

// -----

// A block has one program, of all keys if rows leave few blocks idle in the last turn, and the last rows come first.
// CHECK-LABEL: func @whole_rows(
func.func @whole_rows(%q: memref<?x64x128xf8E4M3FN>, %k: memref<?x128xf8E4M3FN>, %s: memref<?x?xf32>) {
  // CHECK:      %[[BLOCKS:.*]] = arith.ceildivui %{{.*}}, %c8
  // CHECK:      %[[DIVIDED:.*]] = arith.maxui
  // CHECK:      %[[TURNS:.*]] = arith.ceildivui %[[BLOCKS]], %c132
  // CHECK:      %[[ALL:.*]] = arith.muli %[[TURNS]], %c132
  // CHECK:      %[[IDLE:.*]] = arith.subi %[[ALL]], %[[BLOCKS]]
  // CHECK:      %[[WEIGHED:.*]] = arith.muli %[[IDLE]], %c25
  // CHECK:      %[[FULL:.*]] = arith.cmpi sle, %[[WEIGHED]], %[[ALL]]
  // CHECK:      arith.select %[[FULL]], %c1{{[^,]*}}, %{{.*}}
  // CHECK:      scf.forall (%{{.*}}, %[[BLOCK:.*]]) in
  // CHECK:        %[[LAST:.*]] = arith.subi %[[BLOCKS]], %c1
  // CHECK:        %[[NUMBER:.*]] = arith.subi %[[LAST]], %[[BLOCK]]
  // CHECK:        arith.muli %[[NUMBER]], %c8
  // CHECK:      } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 4, blocks = 0,
  dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>)
      schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 6, groups = 4, blocks = 132, whole_rows = true>)
      outs(%s : memref<?x?xf32>)
  return
}
