// RUN: dsa-opt %s -dsa-to-tile -split-input-file | FileCheck %s

#small = #dsa_tile.topk_schedule<block_keys = 512, candidates = 1024, sample = 512, bins = 512, groups = 1>

// CHECK-LABEL: func @topk(
// CHECK-SAME: %[[S:[a-z0-9]*]]: memref<?x?xf32>
func.func @topk(%s: memref<?x?xf32>, %i: memref<?x1x64xi32>, %n: memref<?x1xi32>) {
  // A program for each row and list.
  // CHECK: scf.forall (%[[ROW:.*]], %[[LIST:.*]]) in (%{{.*}}, 1) {
  // CHECK-DAG: %[[RANKS:.*]] = dsa_tile.scratch : memref<1024xi32>
  // CHECK-DAG: %[[COUNTS:.*]] = dsa_tile.scratch : memref<512xi32>
  // CHECK: %[[FLAT:.*]] = memref.reinterpret_cast %[[S]] to offset: [0], sizes: [%{{.*}}], strides: [1]

  // Rows that are longer than the list: a threshold from pieces of 8 scores.
  // CHECK: %[[LONG:.*]] = arith.cmpi sgt
  // CHECK: scf.if %[[LONG]] -> (i32) {
  // CHECK: memref.reinterpret_cast %[[FLAT]] to offset: [%{{.*}}], sizes: [64, 8], strides: [%{{.*}}, 1]
  // CHECK: dsa_tile.load %{{.*}} box = [64, 8] {{.*}} -> tensor<512xf32>
  // CHECK: scf.for {{.*}} iter_args
  // CHECK: dsa_tile.store %{{.*}}, %{{.*}} : tensor<512xi32>, memref<512xi32>
  // CHECK: dsa_tile.histogram
  // CHECK: dsa_tile.search

  // Tiles of the row, but nothing behind its end; a list that is nearly full then is shortened.
  // CHECK: scf.for {{.*}} -> (i32, i32) {
  // CHECK: %[[SEEN:.*]] = memref.reinterpret_cast %[[FLAT]] to offset: [0], sizes: [%{{.*}}], strides: [1]
  // CHECK: dsa_tile.load %[[SEEN]][%{{.*}}] box = [512]
  // CHECK: scf.for {{.*}} -> (i32, i32, tensor<512xf32>) {
  // CHECK: %[[SEEN:.*]] = memref.reinterpret_cast %[[FLAT]]
  // CHECK: dsa_tile.load %[[SEEN]][%{{.*}}] box = [512]
  // CHECK: %[[HIT:.*]] = arith.cmpi ugt, %[[RANK:.*]], %{{.*}} : tensor<512xi32>
  // CHECK: %[[PLACES:.*]], %{{.*}} = dsa_tile.scan %[[HIT]]
  // CHECK: dsa_tile.scatter %[[RANK]] at %[[PLACES]] mask(%[[HIT]]
  // CHECK: dsa_tile.scatter %{{.*}} at %[[PLACES]] mask(%[[HIT]]
  // CHECK: %[[FULL:.*]] = arith.cmpi sgt, %{{.*}}, %c512_i32
  // CHECK: %[[SHORTEN:.*]] = arith.andi %[[FULL]]
  // CHECK: scf.if %[[SHORTEN]] -> (i32, i32) {
  // CHECK: dsa_tile.histogram
  // CHECK: dsa_tile.search
  // CHECK-COUNT-2: dsa_tile.scan
  // CHECK-COUNT-2: dsa_tile.scatter
  // CHECK: } else {

  // The best of what is listed, and -1 behind them.
  // CHECK: scf.if
  // CHECK: memref.store %[[TAKEN:.*]], %{{.*}}[%[[ROW]], %[[LIST]]] : memref<?x1xi32>
  // CHECK: dsa_tile.store %{{.*}}, %{{.*}}[%[[ROW]], %[[LIST]], %{{.*}}] box = [1, 1, 512] : tensor<512xi32>, memref<?x1x64xi32>
  // CHECK: load_warps = 0

  // Programs that share a row list what they have found in memory, and ranks of nothing behind it;
  // one selects from that, and takes no tile's end for part of the list before.
  // CHECK: %[[RANKS:.*]] = memref.alloc(%{{.*}}) : memref<?xi32>
  // CHECK: scf.forall (%{{.*}}, %{{.*}}, %{{.*}}) in (%{{.*}}, 1, %{{.*}}) {
  // CHECK: memref.store %{{.*}} : memref<?xi32>
  // CHECK: memref.store %{{.*}} : memref<?xi32>
  // CHECK: %[[LISTED:.*]] = arith.cmpi slt
  // CHECK: %[[INSIDE:.*]] = arith.cmpi slt
  // CHECK: %[[ALL:.*]] = arith.select %[[LISTED]], %{{.*}}, %{{.*}} : tensor<512xi1>, tensor<512xi32>
  // CHECK: dsa_tile.store %[[ALL]], %[[RANKS]][%{{.*}}] mask(%[[INSIDE]]
  // CHECK: scf.forall (%{{.*}}, %{{.*}}) in (%{{.*}}, 1) {
  // CHECK: %[[FIRST:.*]] = dsa_tile.load %[[RANKS]][%{{.*}}] box = [512]
  // CHECK: scf.for {{.*}} iter_args({{.*}}, %[[TILE:[^ ]*]] = %[[FIRST]],
  // CHECK: %[[OWN:.*]] = arith.cmpi slt
  // CHECK: arith.select %[[OWN]], %[[TILE]], %{{.*}} : tensor<512xi1>, tensor<512xi32>
  // CHECK: memref.store
  dsa.topk ins(%s : memref<?x?xf32>) schedule(#small) outs(%i, %n : memref<?x1x64xi32>, memref<?x1xi32>)
  return
}

// -----

#small = #dsa_tile.topk_schedule<block_keys = 512, candidates = 1024, sample = 512, bins = 512, groups = 1>

// Scores are listed too if values are asked for; keys that are kept have the highest rank.
// CHECK-LABEL: func @clauses(
func.func @clauses(%s: memref<?x2x?xbf16>, %lo: memref<?xi32>, %hi: memref<?xi32>, %p: memref<?xi32>,
                   %i: memref<?x2x64xi32>, %n: memref<?x2xi32>, %v: memref<?x2x64xbf16>) {
  // CHECK: scf.forall (%{{.*}}, %{{.*}}) in (%{{.*}}, 2) {
  // CHECK: dsa_tile.scratch : memref<1024xbf16>
  // CHECK: arith.extf {{.*}} : tensor<512xbf16> to tensor<512xf32>
  // CHECK: arith.select %{{.*}}, %cst{{.*}}, %{{.*}} : tensor<512xi1>, tensor<512xi32>
  // CHECK: dsa_tile.scatter {{.*}} : tensor<512xbf16>, tensor<512xi32>, memref<1024xbf16>
  // CHECK: dsa_tile.store {{.*}} box = [1, 1, 512] : tensor<512xbf16>, memref<?x2x64xbf16>
  dsa.topk ins(%s : memref<?x2x?xbf16>) bounds(%lo, %hi : memref<?xi32>, memref<?xi32>)
      positions(%p : memref<?xi32>) window = [3, 0] first = 2 schedule(#small)
      outs(%i, %n, %v : memref<?x2x64xi32>, memref<?x2xi32>, memref<?x2x64xbf16>)
  return
}

// -----

// A schedule of loops is for others.
// CHECK-LABEL: func @loops(
// CHECK: dsa.topk
func.func @loops(%s: memref<?x?xf32>, %i: memref<?x1x64xi32>, %n: memref<?x1xi32>) {
  dsa.topk ins(%s : memref<?x?xf32>) schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16>)
      outs(%i, %n : memref<?x1x64xi32>, memref<?x1xi32>)
  return
}

// -----

#small = #dsa_tile.topk_schedule<block_keys = 512, candidates = 1024, sample = 512, bins = 512, groups = 1>

// Rows are as few as all iterations that run at the same time have together.
// CHECK-LABEL: func @concurrent(
// CHECK-SAME:    %{{[^:]*}}: memref<?x?xf32>, %{{[^:]*}}: memref<?x1x64xi32>, %{{[^:]*}}: memref<?x1xi32>, %[[COUNT:[^:]*]]: index)
func.func @concurrent(%s: memref<?x?xf32>, %i: memref<?x1x64xi32>, %n: memref<?x1xi32>, %count: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %j = %c0 to %count step %c1 {
    // CHECK: %[[LISTS:.*]] = arith.muli %{{.*}}, %c1
    // CHECK: %[[UNDER_WAY:.*]] = arith.minui %c4{{[^,]*}}, %[[COUNT]]
    // CHECK: %[[ALL:.*]] = arith.muli %[[LISTS]], %[[UNDER_WAY]]
    // CHECK: %[[SOME:.*]] = arith.maxui %[[ALL]], %c1
    // CHECK: arith.divui %c264{{[^,]*}}, %[[SOME]]
    dsa.topk ins(%s : memref<?x?xf32>) schedule(#small) outs(%i, %n : memref<?x1x64xi32>, memref<?x1xi32>)
  } {dsa_tile.concurrent = 4 : i64}
  return
}
