// RUN: dsa-opt %s -dsa-to-tile -split-input-file | FileCheck %s

// Rows fill turns of 66: programs of those behind them, where they are at most half a turn, divide lists of eight
// pairs of tiles, and others merge what these have in memory.
// CHECK-LABEL: func @splits(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x128x512xbf16>, %[[K:[^:]*]]: memref<?x512xbf16>, %[[I:[^:]*]]: memref<?x1x1024xi32>,
// CHECK-SAME:    %[[O:[^:]*]]: memref<?x128x512xbf16>, %[[L:[^:]*]]: memref<?x128xf32>)
func.func @splits(%q: memref<?x128x512xbf16>, %k: memref<?x512xbf16>, %i: memref<?x1x1024xi32>, %o: memref<?x128x512xbf16>, %l: memref<?x128xf32>) {
  // CHECK:        %[[ROWS:.*]] = memref.dim %[[Q]]
  // CHECK:        %[[BEHIND:.*]] = arith.remui %[[ROWS]], %c66
  // CHECK:        %[[SOME:.*]] = arith.maxui %[[BEHIND]], %c1
  // CHECK:        %[[ROOM:.*]] = arith.divui %c66{{[^,]*}}, %[[SOME]]
  // CHECK:        %[[PARTS:.*]] = arith.minui %[[ROOM]], %c8
  // CHECK:        %[[ONE:.*]] = arith.cmpi slt, %[[PARTS]], %c2
  // CHECK:        %[[REST:.*]] = arith.select %[[ONE]], %c0{{[^,]*}}, %[[BEHIND]]
  // CHECK:        %[[WHOLE:.*]] = arith.subi %[[ROWS]], %[[REST]]

  // CHECK:        scf.forall (%{{.*}}, %{{.*}}) in (%[[WHOLE]], 2) {
  // CHECK:          scf.for %{{.*}} = %c0{{[^ ]*}} to
  // CHECK:          dsa_tile.store %{{.*}}, %[[O]][
  // CHECK:        } {dsa_tile.kernel = #dsa_tile.kernel<{{.*}}blocks = 132,{{.*}} cluster = 2>

  // CHECK:        %[[SHARES:.*]] = arith.muli %[[REST]], %[[PARTS]]
  // CHECK:        %[[OUTS:.*]] = memref.alloc(%[[SHARES]]) : memref<?x128x512xf32>
  // CHECK:        %[[LSES:.*]] = memref.alloc(%[[SHARES]]) : memref<?x128xf32>
  // CHECK:        scf.forall (%[[N:.*]], %[[PART:.*]], %{{.*}}) in (%[[REST]], %[[PARTS]], 2) {
  // CHECK:          %[[ROW:.*]] = arith.addi %[[WHOLE]], %[[N]]
  // CHECK:          %[[FIRST:.*]] = arith.muli %[[N]], %[[PARTS]]
  // CHECK:          %[[PLACE:.*]] = arith.addi %[[FIRST]], %[[PART]]
  // CHECK:          %[[PAIRS:.*]] = arith.maxui
  // CHECK:          %[[BEFORE:.*]] = arith.muli %[[PAIRS]], %[[PART]]
  // CHECK-NEXT:     %[[PAIR:.*]] = arith.divui %[[BEFORE]], %[[PARTS]]
  // CHECK:          %[[BEGIN:.*]] = arith.muli %[[PAIR]], %c128
  // CHECK:          %[[END:.*]] = arith.minui
  // CHECK:          dsa_tile.load %[[Q]][%[[ROW]],
  // CHECK:          %[[LENGTH:.*]] = arith.subi %[[END]], %[[BEGIN]]
  // CHECK:          scf.for %{{.*}} = %[[BEGIN]] to
  // CHECK:          dsa_tile.store %{{.*}}, %[[OUTS]][%[[PLACE]],
  // CHECK:          dsa_tile.store %{{.*}}, %[[LSES]][%[[PLACE]],
  // CHECK:        } {dsa_tile.kernel = #dsa_tile.kernel<{{.*}}blocks = 0,{{.*}} cluster = 2>

  dsa.sparse_attention scale = 0.5 ins(%q, %k : memref<?x128x512xbf16>, memref<?x512xbf16>) indices(%i : memref<?x1x1024xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true, cluster = 2, blocks = 132, splits = 8>)
      outs(%o, %l : memref<?x128x512xbf16>, memref<?x128xf32>)
  return
}

// -----

// As many programs divide the keys of a range; each has at least a tile where there are as many.
// CHECK-LABEL: func @range(
func.func @range(%q: memref<?x16x64xf16>, %k: memref<?x64xf16>, %lo: memref<?xi32>, %hi: memref<?xi32>, %o: memref<?x16x64xf32>, %l: memref<?x16xf32>) {
  // CHECK:        %[[PARTS:.*]] = arith.minui %{{.*}}, %c16
  // CHECK:        scf.forall (%{{.*}}, %[[PART:.*]], %{{.*}}) in (%{{.*}}, %[[PARTS]], 1) {
  // CHECK:          %[[EXTENT:.*]] = arith.subi
  // CHECK-NEXT:     %[[KEYS:.*]] = arith.maxsi %[[EXTENT]]
  // CHECK:          arith.ceildivui %[[KEYS]], %c64
  // CHECK:          %[[BEGIN:.*]] = arith.muli %{{.*}}, %c64
  // CHECK:          arith.addi %[[PART]], %c1
  // CHECK:          %[[BEHIND:.*]] = arith.muli %{{.*}}, %c64
  // CHECK:          %[[END:.*]] = arith.minui %[[BEHIND]], %[[KEYS]]
  // CHECK:          scf.for %{{.*}} = %[[BEGIN]] to %[[END]] step
  dsa.attention scale = 0.5 ins(%q, %k : memref<?x16x64xf16>, memref<?x64xf16>) bounds(%lo, %hi : memref<?xi32>, memref<?xi32>)
      schedule(#dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 1, blocks = 132, splits = 16>)
      outs(%o, %l : memref<?x16x64xf32>, memref<?x16xf32>)
  return
}
