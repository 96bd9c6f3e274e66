// RUN: dsa-opt %s -dsa-to-tile -split-input-file | FileCheck %s

// A program for each part of the keys and each block of rows, of which there are as many as fill the
// last turn of all blocks. It loads its rows once and
// multiplies each tile of keys by all of their heads; what follows is arithmetic on tiles.
// CHECK-LABEL: func @scores(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x64x128xf8E4M3FN>, %[[K:[^:]*]]: memref<?x128xf8E4M3FN>, %[[W:[^:]*]]: memref<?x64xf32>, %[[QS:[^:]*]]: memref<?x64xf32>, %[[KS:[^:]*]]: memref<?xf32>, %[[S:[^:]*]]: memref<?x?xbf16>)
func.func @scores(%q: memref<?x64x128xf8E4M3FN>, %k: memref<?x128xf8E4M3FN>, %w: memref<?x64xf32>,
                  %qs: memref<?x64xf32>, %ks: memref<?xf32>, %s: memref<?x?xbf16>) {
  // CHECK-DAG:  %[[KEYS:.*]] = memref.dim %[[S]], %c1
  // CHECK-DAG:  %[[ROWS:.*]] = memref.dim %[[Q]], %c0
  // CHECK-DAG:  %[[BLOCKS:.*]] = arith.ceildivui %[[ROWS]], %c8
  // CHECK-DAG:  %[[LEAST:.*]] = arith.ceildivui %[[KEYS]], %c4096
  // CHECK:      %[[PROGRAMS:.*]] = arith.muli %[[BLOCKS]], %[[LEAST]]
  // CHECK:      %[[TURNS:.*]] = arith.ceildivui %[[PROGRAMS]], %c132
  // CHECK:      %[[SLOTS:.*]] = arith.muli %[[TURNS]], %c132
  // CHECK:      %[[SOME:.*]] = arith.maxui %[[BLOCKS]], %c1
  // CHECK:      %[[ROOM:.*]] = arith.divui %[[SLOTS]], %[[SOME]]
  // CHECK:      %[[MOST:.*]] = arith.maxui %[[LEAST]], %[[ROOM]]
  // CHECK:      %[[DIVISOR:.*]] = arith.maxui %[[MOST]], %c1
  // CHECK:      %[[EQUAL:.*]] = arith.ceildivui %[[KEYS]], %[[DIVISOR]]
  // CHECK:      %[[TILES:.*]] = arith.ceildivui %[[EQUAL]], %c64
  // CHECK:      %[[ONE:.*]] = arith.maxui %[[TILES]], %c1
  // CHECK:      %[[SHARE:.*]] = arith.muli %[[ONE]], %c64
  // CHECK:      %[[PARTS:.*]] = arith.ceildivui %[[KEYS]], %[[SHARE]]
  // CHECK:      scf.forall (%[[PART:.*]], %[[BLOCK:.*]]) in (%[[PARTS]], %[[BLOCKS]]) {
  // CHECK-DAG:    %[[BEGIN:.*]] = arith.muli %[[PART]], %[[SHARE]]
  // CHECK-DAG:    %[[ROW:.*]] = arith.muli %[[BLOCK]], %c8
  // CHECK:        %[[NEXT:.*]] = arith.addi %[[BEGIN]], %[[SHARE]]
  // CHECK:        %[[END:.*]] = arith.minsi %[[KEYS]], %[[NEXT]]
  // CHECK:        %[[ANY:.*]] = arith.cmpi slt, %[[BEGIN]], %[[END]]
  // CHECK-NEXT:   scf.if %[[ANY]] {
  // CHECK-DAG:      %[[WEIGHTS:.*]] = dsa_tile.load %[[W]][%[[ROW]], %{{.*}}] box = [8, 64] : {{.*}} -> tensor<512xf32>
  // CHECK-DAG:      %[[SCALES:.*]] = dsa_tile.load %[[QS]][%[[ROW]], %{{.*}}] box = [8, 64] : {{.*}} -> tensor<512xf32>
  // CHECK-DAG:      %[[FACTORS:.*]] = arith.mulf %[[WEIGHTS]], %[[SCALES]] : tensor<512xf32>
  // CHECK-DAG:      %[[QUERIES:.*]] = dsa_tile.load %[[Q]][%[[ROW]], %{{.*}}, %{{.*}}] box = [8, 64, 128] slots = 2 : {{.*}} -> tensor<512x128xf8E4M3FN>
  // CHECK:          scf.for %[[KEY:.*]] = %[[BEGIN]] to %[[END]] step %c64{{[^ ]*}} {
  // CHECK:            %[[TILE:.*]] = dsa_tile.load %[[K]][%[[KEY]], %{{.*}}] box = [64, 128] slots = 6 : {{.*}} -> tensor<64x128xf8E4M3FN>
  // CHECK-NEXT:       %[[X:.*]] = dsa_tile.mma %[[TILE]], %[[QUERIES]] : {{.*}} -> tensor<64x512xf32>
  // CHECK:            %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : tensor<64x512xf32>
  // CHECK-NEXT:       %[[ACTIVE:.*]] = arith.maximumf %[[X]], %[[ZERO]]
  // CHECK-NEXT:       %[[WIDE:.*]] = dsa_tile.expand %[[FACTORS]] dim = 0 : tensor<512xf32> -> tensor<64x512xf32>
  // CHECK-NEXT:       %[[WEIGHTED:.*]] = arith.mulf %[[ACTIVE]], %[[WIDE]]
  // CHECK-NEXT:       %[[SUMS:.*]] = dsa_tile.reduce<add> %[[WEIGHTED]] group = 64 : tensor<64x512xf32> -> tensor<64x8xf32>
  // CHECK:            %[[KEY_SCALES:.*]] = dsa_tile.load %[[KS]][%[[KEY]]] box = [64] : memref<?xf32> -> tensor<64xf32>
  // CHECK-NEXT:       %[[TALL:.*]] = dsa_tile.expand %[[KEY_SCALES]] dim = 1 : tensor<64xf32> -> tensor<64x8xf32>
  // CHECK-NEXT:       %[[SCALED:.*]] = arith.mulf %[[SUMS]], %[[TALL]]
  // CHECK-NEXT:       %[[RESULT:.*]] = arith.truncf %[[SCALED]] : tensor<64x8xf32> to tensor<64x8xbf16>
  // CHECK:            dsa_tile.store %[[RESULT]], %[[S]][%[[ROW]], %[[KEY]]] mask(%{{.*}} : tensor<64x8xi1>) inside transposed : tensor<64x8xbf16>, memref<?x?xbf16>
  // CHECK:      } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4,
  // CHECK-SAME:   blocks = 132, {{.*}}ordered = true>, mapping = [#gpu.block<y>, #gpu.block<x>]}
  // CHECK-NEXT: return
  dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>)
      weights(%w : memref<?x64xf32>) q_scale(%qs : memref<?x64xf32>) k_scale(%ks : memref<?xf32>)
      schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 6, groups = 4, blocks = 132, ordered = true>)
      outs(%s : memref<?x?xbf16>)
  return
}

// -----

// Keys outside of a row's bounds are filled by a loop over rows; programs look at those
// tiles of keys alone that some row of theirs may see.
// CHECK-LABEL: func @bounds(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x64x64xf16>, %[[K:[^:]*]]: memref<?x64xf16>, %[[LO:[^:]*]]: memref<?xi32>, %[[HI:[^:]*]]: memref<?xi32>, %[[S:[^:]*]]: memref<?x?xf32>)
func.func @bounds(%q: memref<?x64x64xf16>, %k: memref<?x64xf16>, %lo: memref<?xi32>, %hi: memref<?xi32>,
                  %s: memref<?x?xf32>) {
  // CHECK:      scf.forall (%[[ROW:.*]]) in (%{{.*}}) {
  // CHECK-DAG:    memref.load %[[LO]][%[[ROW]]]
  // CHECK-DAG:    memref.load %[[HI]][%[[ROW]]]
  // CHECK-DAG:    %[[INFINITY:.*]] = arith.constant 0xFF800000 : f32
  // CHECK:        scf.parallel (%[[BEFORE:.*]]) =
  // CHECK:          %[[KEY:.*]] = arith.addi %{{.*}}, %[[BEFORE]]
  // CHECK-NEXT:     memref.store %[[INFINITY]], %[[S]][%[[ROW]], %[[KEY]]]
  // CHECK:        scf.parallel (%[[BEHIND:.*]]) =
  // CHECK:          %[[KEY:.*]] = arith.addi %{{.*}}, %[[BEHIND]]
  // CHECK-NEXT:     memref.store %[[INFINITY]], %[[S]][%[[ROW]], %[[KEY]]]
  // CHECK:      scf.forall (%{{.*}}, %{{.*}}) in
  // CHECK-COUNT-2: memref.load %[[LO]]
  // CHECK:        %[[FIRST:.*]] = arith.muli %{{.*}}, %c64
  // CHECK:        %[[LAST:.*]] = arith.minsi
  // CHECK-NEXT:   %[[ANY:.*]] = arith.cmpi slt, %[[FIRST]], %[[LAST]]
  // CHECK-NEXT:   scf.if %[[ANY]] {
  // CHECK-DAG:      dsa_tile.load %[[LO]][%{{.*}}] box = [2] : memref<?xi32> -> tensor<2xi32>
  // CHECK-DAG:      dsa_tile.load %[[HI]][%{{.*}}] box = [2] : memref<?xi32> -> tensor<2xi32>
  // CHECK:          scf.for %{{.*}} = %[[FIRST]] to %[[LAST]]
  // CHECK:            dsa_tile.store {{.*}} mask(%{{.*}} : tensor<64x2xi1>)
  dsa.index_scores<none> ins(%q, %k : memref<?x64x64xf16>, memref<?x64xf16>)
      bounds(%lo, %hi : memref<?xi32>, memref<?xi32>)
      schedule(#dsa_tile.scores_schedule<block_rows = 2, split_keys = 128, slots = 1, groups = 1, blocks = 0>)
      outs(%s : memref<?x?xf32>)
  return
}

// -----

// Heads are padded to a multiple of eight by what lies outside of the memory: zeros. Their
// products with keys that may be infinite are left out. Without weights, activation and scales,
// sums of products are the scores.
// CHECK-LABEL: func @padded_heads(
// CHECK-NOT:     memref.store
// CHECK-DAG:     %[[PADDED:.*]] = arith.constant dense<8> : tensor<16xi32>
// CHECK-DAG:     %[[COUNT:.*]] = arith.constant dense<5> : tensor<16xi32>
// CHECK-DAG:     %[[COLUMN:.*]] = dsa_tile.iota dim = 0 : tensor<16xi32>
// CHECK-DAG:     %[[HEAD:.*]] = arith.remui %[[COLUMN]], %[[PADDED]]
// CHECK-DAG:     %[[IS_HEAD:.*]] = arith.cmpi ult, %[[HEAD]], %[[COUNT]]
// CHECK:         dsa_tile.load {{.*}} box = [2, 8, 32] slots = 2 : memref<?x5x32xbf16> -> tensor<16x32xbf16>
// CHECK:         %[[X:.*]] = dsa_tile.mma {{.*}} -> tensor<64x16xf32>
// CHECK:         %[[ALL:.*]] = dsa_tile.expand %[[IS_HEAD]] dim = 0 : tensor<16xi1> -> tensor<64x16xi1>
// CHECK:         %[[HEADS:.*]] = arith.select %[[ALL]], %[[X]],
// CHECK-NEXT:    %[[SUMS:.*]] = dsa_tile.reduce<add> %[[HEADS]] group = 8 : tensor<64x16xf32> -> tensor<64x2xf32>
// CHECK:         dsa_tile.store %[[SUMS]],
func.func @padded_heads(%q: memref<?x5x32xbf16>, %k: memref<?x32xbf16>, %s: memref<?x?xf32>) {
  dsa.index_scores<none> ins(%q, %k : memref<?x5x32xbf16>, memref<?x32xbf16>)
      schedule(#dsa_tile.scores_schedule<block_rows = 2, split_keys = 64, slots = 2, groups = 1, blocks = 0>)
      outs(%s : memref<?x?xf32>)
  return
}

// -----

// Bytes are not infinite, and where one is NaN, all heads' products are.
// CHECK-LABEL: func @padded_heads_of_bytes(
// CHECK:         %[[X:.*]] = dsa_tile.mma {{.*}} -> tensor<64x16xf32>
// CHECK-NEXT:    dsa_tile.reduce<add> %[[X]] group = 8
func.func @padded_heads_of_bytes(%q: memref<?x5x32xf8E4M3FN>, %k: memref<?x32xf8E4M3FN>, %s: memref<?x?xf32>) {
  dsa.index_scores<none> ins(%q, %k : memref<?x5x32xf8E4M3FN>, memref<?x32xf8E4M3FN>)
      schedule(#dsa_tile.scores_schedule<block_rows = 2, split_keys = 64, slots = 2, groups = 1, blocks = 0>)
      outs(%s : memref<?x?xf32>)
  return
}

// -----

// Terms that are linear in the key are multiplied by the same product as the queries.
// CHECK-LABEL: func @linear(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x64x128xf8E4M3FN>, %{{[^:]*}}: memref<?x128xf8E4M3FN>, %[[T:[^:]*]]: memref<?x4x128xf8E4M3FN>, %[[TS:[^:]*]]: memref<?x4xf32>,
// CHECK-DAG:     %[[QUERIES:.*]] = dsa_tile.load %[[Q]]{{.*}} -> tensor<128x128xf8E4M3FN>
// CHECK-DAG:     %[[TERMS:.*]] = dsa_tile.load %[[T]]{{.*}} box = [2, 4, 128] slots = 2 : {{.*}} -> tensor<8x128xf8E4M3FN>
// CHECK-DAG:     %[[SCALES:.*]] = dsa_tile.load %[[TS]]{{.*}} box = [2, 4] : {{.*}} -> tensor<8xf32>
// CHECK:         %[[X:.*]]:2 = dsa_tile.mma %{{.*}}, %[[QUERIES]], %[[TERMS]] :
// CHECK:         math.absf %[[X]]#0
// CHECK:         %[[HEADS:.*]] = dsa_tile.reduce<add> %{{.*}} group = 64
// CHECK:         dsa_tile.expand %[[SCALES]] dim = 0
// CHECK-NEXT:    %[[SCALED:.*]] = arith.mulf %[[X]]#1, %{{.*}}
// CHECK-NEXT:    %[[LINEAR:.*]] = dsa_tile.reduce<add> %[[SCALED]] group = 4
// CHECK-NEXT:    arith.addf %[[HEADS]], %[[LINEAR]]
func.func @linear(%q: memref<?x64x128xf8E4M3FN>, %k: memref<?x128xf8E4M3FN>, %t: memref<?x4x128xf8E4M3FN>,
                  %ts: memref<?x4xf32>, %s: memref<?x?xf32>) {
  dsa.index_scores<half_abs> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>)
      linear(%t, %ts : memref<?x4x128xf8E4M3FN>, memref<?x4xf32>)
      schedule(#dsa_tile.scores_schedule<block_rows = 2, split_keys = 4096, slots = 6, groups = 1, blocks = 132>)
      outs(%s : memref<?x?xf32>)
  return
}

// -----

// Operations with another schedule or none, and those on tensors, are left for others.
// CHECK-LABEL: func @left_alone(
// CHECK-NOT:     dsa_tile.load
// CHECK-COUNT-3: dsa.index_scores
// CHECK:         return
func.func @left_alone(%q: memref<?x4x32xbf16>, %k: memref<?x32xbf16>, %s: memref<?x?xf32>,
                      %tq: tensor<?x4x32xbf16>, %tk: tensor<?x32xbf16>, %ts: tensor<?x?xf32>) -> tensor<?x?xf32> {
  dsa.index_scores<none> ins(%q, %k : memref<?x4x32xbf16>, memref<?x32xbf16>) outs(%s : memref<?x?xf32>)
  dsa.index_scores<none> ins(%q, %k : memref<?x4x32xbf16>, memref<?x32xbf16>)
      schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16>) outs(%s : memref<?x?xf32>)
  %r = dsa.index_scores<none> ins(%tq, %tk : tensor<?x4x32xbf16>, tensor<?x32xbf16>)
      schedule(#dsa_tile.scores_schedule<block_rows = 2, split_keys = 64, slots = 2, groups = 1, blocks = 0>)
      outs(%ts : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}

// -----

// Where nobody reads what lies outside of the bounds, nothing is filled: the top-k of these scores has the
// same bounds.
// CHECK-LABEL: func @same_bounds(
// CHECK-NOT:     memref.store
// CHECK:         scf.forall
// CHECK-SAME:    in (%{{.*}}, %{{.*}}) {
// CHECK:         dsa.topk
func.func @same_bounds(%q: memref<?x64x64xf16>, %k: memref<?x64xf16>, %lo: memref<?xi32>, %hi: memref<?xi32>,
                       %t: index, %n: index, %i: memref<?x1x8xi32>, %c: memref<?x1xi32>) {
  %s = memref.alloc(%t, %n) : memref<?x?xf32>
  dsa.index_scores<none> ins(%q, %k : memref<?x64x64xf16>, memref<?x64xf16>)
      bounds(%lo, %hi : memref<?xi32>, memref<?xi32>)
      schedule(#dsa_tile.scores_schedule<block_rows = 2, split_keys = 128, slots = 1, groups = 1, blocks = 0>)
      outs(%s : memref<?x?xf32>)
  dsa.topk ins(%s : memref<?x?xf32>) bounds(%lo, %hi : memref<?xi32>, memref<?xi32>)
      outs(%i, %c : memref<?x1x8xi32>, memref<?x1xi32>)
  return
}

// -----

// Not so where the bounds are others, or change between.
// CHECK-LABEL: func @other_bounds(
// CHECK:         memref.store
// CHECK:         dsa.topk
func.func @other_bounds(%q: memref<?x64x64xf16>, %k: memref<?x64xf16>, %lo: memref<?xi32>, %hi: memref<?xi32>,
                        %t: index, %n: index, %i: memref<?x1x8xi32>, %c: memref<?x1xi32>) {
  %s = memref.alloc(%t, %n) : memref<?x?xf32>
  dsa.index_scores<none> ins(%q, %k : memref<?x64x64xf16>, memref<?x64xf16>)
      bounds(%lo, %hi : memref<?xi32>, memref<?xi32>)
      schedule(#dsa_tile.scores_schedule<block_rows = 2, split_keys = 128, slots = 1, groups = 1, blocks = 0>)
      outs(%s : memref<?x?xf32>)
  dsa.topk ins(%s : memref<?x?xf32>) bounds(%lo, %lo : memref<?xi32>, memref<?xi32>)
      outs(%i, %c : memref<?x1x8xi32>, memref<?x1xi32>)
  return
}

// -----

// CHECK-LABEL: func @written_bounds(
// CHECK:         memref.store %{{.*}} : memref<?x?xf32>
// CHECK:         dsa.topk
func.func @written_bounds(%q: memref<?x64x64xf16>, %k: memref<?x64xf16>, %lo: memref<?xi32>, %hi: memref<?xi32>,
                          %t: index, %n: index, %i: memref<?x1x8xi32>, %c: memref<?x1xi32>) {
  %s = memref.alloc(%t, %n) : memref<?x?xf32>
  dsa.index_scores<none> ins(%q, %k : memref<?x64x64xf16>, memref<?x64xf16>)
      bounds(%lo, %hi : memref<?xi32>, memref<?xi32>)
      schedule(#dsa_tile.scores_schedule<block_rows = 2, split_keys = 128, slots = 1, groups = 1, blocks = 0>)
      outs(%s : memref<?x?xf32>)
  %all = arith.constant 0 : i32
  %part = memref.subview %lo[0] [4] [1] : memref<?xi32> to memref<4xi32, strided<[1]>>
  linalg.fill ins(%all : i32) outs(%part : memref<4xi32, strided<[1]>>)
  dsa.topk ins(%s : memref<?x?xf32>) bounds(%lo, %hi : memref<?xi32>, memref<?xi32>)
      outs(%i, %c : memref<?x1x8xi32>, memref<?x1xi32>)
  return
}
