// RUN: dsa-opt %s -dsa-to-tile -split-input-file -verify-diagnostics | FileCheck %s

// A program scores all keys that its rows see, in order. A tile is listed while the products of the next one are
// under way; carried are where lists end, what scores must exceed, and the tile. There is no memory of scores; what the region computes beside them is done before. Weights
// are kept in shared memory.
// CHECK-LABEL: func @lists(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x64x32xbf16>, %[[K:[^:]*]]: memref<?x32xbf16>, %[[W:[^:]*]]: memref<?x64xf32>, %{{[^:]*}}: memref<?xi32>, %{{[^:]*}}: memref<?xi32>, %[[I:[^:]*]]: memref<?x1x64xi32>, %[[C:[^:]*]]: memref<?x1xi32>
func.func @lists(%q: memref<?x64x32xbf16>, %k: memref<?x32xbf16>, %w: memref<?x64xf32>, %lo: memref<?xi32>, %hi: memref<?xi32>,
                 %i: memref<?x1x64xi32>, %c: memref<?x1xi32>) {
  // CHECK-NOT:  memref.alloc
  // CHECK:      scf.forall (%{{.*}}, %[[P:.*]]) in (%c1{{.*}}, %{{.*}}) {
  // CHECK:        %[[ROW:.*]] = arith.muli %[[P]], %c8
  // CHECK:        %[[LISTS:.*]] = dsa_tile.workspace : memref<8x4x2x320xi32>
  // CHECK-DAG:    %[[NONE:.*]] = arith.constant dense<0xFF800000> : tensor<64x8xf32>
  // CHECK-DAG:    %[[BEGIN:.*]] = arith.muli %{{.*}}, %cst{{.*}} : tensor<64x8xi32>
  // CHECK:        %[[ANY:.*]]:4 = scf.if
  // CHECK:          %[[WEIGHTS:.*]] = dsa_tile.load %[[W]]
  // CHECK:          %[[KEPT:.*]] = dsa_tile.scratch : memref<512xf32>
  // CHECK:          dsa_tile.store %[[WEIGHTS]], %[[KEPT]]
  // CHECK:          %[[ALL:.*]]:4 = scf.for %[[KEY:.*]] = {{.*}} iter_args(%[[ENDS:.*]] = %{{.*}}, %[[FLOORS:.*]] = %[[NONE]], %[[TILE:.*]] = %[[NONE]], %[[LAST:.*]] = %c0{{.*}})
  // CHECK:            dsa_tile.mma
  // CHECK-NEXT:       %[[ADDED:.*]] = dsa_tile.shortlist.add %[[TILE]] from %[[LAST]] to %[[LISTS]] ends(%[[ENDS]]) floors(%[[FLOORS]])
  // CHECK:            dsa_tile.load %[[KEPT]]
  // CHECK:            %[[SEEN:.*]] = arith.select %{{.*}}, %{{.*}}, %{{.*}} : tensor<64x8xi1>, tensor<64x8xf32>
  // CHECK:            %[[ROOM:.*]]:2 = scf.if
  // CHECK:              %[[FULL:.*]] = dsa_tile.shortlist.full %[[LISTS]] ends(%[[ADDED]])
  // CHECK:              scf.if %[[FULL]]
  // CHECK:                dsa_tile.shortlist.shorten %[[LISTS]] ends(%[[ADDED]]) floors(%[[FLOORS]]) keep = 64
  // CHECK:                scf.yield
  // CHECK:              } else {
  // CHECK-NEXT:           scf.yield %[[ADDED]], %[[FLOORS]]
  // CHECK:            scf.yield %[[ROOM]]#0, %[[ROOM]]#1, %[[SEEN]], %[[KEY]]
  // CHECK:          scf.yield %[[ALL]]#0, %[[ALL]]#1, %[[ALL]]#2, %[[ALL]]#3
  // CHECK:        %[[END:.*]] = dsa_tile.shortlist.add %[[ANY]]#2 from %[[ANY]]#3 to %[[LISTS]] ends(%[[ANY]]#0) floors(%[[ANY]]#1)
  // CHECK:        dsa_tile.shortlist.end %[[LISTS]] ends(%[[END]]) keep = 64 to %[[I]], %[[C]] at %[[ROW]]
  // CHECK:      } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 4, blocks = 132,
  // CHECK-NOT:  dsa.select
  dsa.select bounds(%lo, %hi : memref<?xi32>, memref<?xi32>)
      schedule(#dsa_tile.select_schedule<most_rows = 64, most_bytes = 117440512, candidates = 320>)
      outs(%i, %c : memref<?x1x64xi32>, memref<?x1xi32>) scores {
    %c0 = arith.constant 0 : index
    %t = memref.dim %q, %c0 : memref<?x64x32xbf16>
    %n = memref.dim %k, %c0 : memref<?x32xbf16>
    %e = memref.alloc(%t, %n) : memref<?x?xf32>
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x32xbf16>, memref<?x32xbf16>) weights(%w : memref<?x64xf32>)
        schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 2, groups = 4, blocks = 132>)
        outs(%e : memref<?x?xf32>)
    dsa.yield %e : memref<?x?xf32>
  }
  return
}

// -----

// CHECK-LABEL: func @no_kernel(
func.func @no_kernel(%q: memref<?x64x32xbf16>, %k: memref<?x32xbf16>, %t: index, %n: index,
                     %i: memref<?x1x64xi32>, %c: memref<?x1xi32>) {
  // expected-error @+1 {{cannot list keys while they are scored: expected a scores_schedule of 'dsa.index_scores'}}
  dsa.select schedule(#dsa_tile.select_schedule<most_rows = 64, most_bytes = 117440512, candidates = 320>)
      outs(%i, %c : memref<?x1x64xi32>, memref<?x1xi32>) scores {
    %e = memref.alloc(%t, %n) : memref<?x?xf32>
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x32xbf16>, memref<?x32xbf16>) outs(%e : memref<?x?xf32>)
    dsa.yield %e : memref<?x?xf32>
  }
  return
}
