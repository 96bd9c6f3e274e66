// RUN: dsa-opt %s -dsa-to-tile -split-input-file | FileCheck %s

// Programs of a row and a head weigh what four shares at a time have in memory by their sums of powers.
// CHECK-LABEL: func @shares(
// CHECK-SAME:    %[[O:[^:]*]]: memref<?x64x512xbf16>, %[[L:[^:]*]]: memref<?x64xf32>)
func.func @shares(%q: memref<?x64x512xbf16>, %k: memref<?x512xbf16>, %i: memref<?x1x1024xi32>, %o: memref<?x64x512xbf16>, %l: memref<?x64xf32>) {
  // CHECK:        %[[PARTS:.*]] = arith.minui %{{.*}}, %c8
  // CHECK:        %[[REST:.*]] = arith.select
  // CHECK:        %[[WHOLE:.*]] = arith.subi %{{.*}}, %[[REST]]
  // CHECK:        %[[OUTS:.*]] = memref.alloc(%{{.*}}) : memref<?x64x512xf32>
  // CHECK:        %[[LSES:.*]] = memref.alloc(%{{.*}}) : memref<?x64xf32>
  // CHECK:        scf.forall (%[[N:.*]], %[[HEAD:.*]]) in (%[[REST]], 64) {
  // CHECK:          %[[ROW:.*]] = arith.addi %[[WHOLE]], %[[N]]
  // CHECK:          %[[FIRST:.*]] = arith.muli %[[N]], %[[PARTS]]
  // CHECK:          %[[LARGEST:.*]] = scf.for %{{.*}} = %{{.*}} to %[[PARTS]] step %c4
  // CHECK-COUNT-4:    arith.maximumf
  // CHECK:          %[[DEAD:.*]] = arith.cmpf oeq, %[[LARGEST]]
  // CHECK:          %[[BASE:.*]] = arith.select %[[DEAD]], %{{.*}}, %[[LARGEST]]
  // CHECK:          %[[SUMS:.*]]:2 = scf.for %[[IV:.*]] = %{{.*}} to %[[PARTS]] step %c4
  // CHECK:            %[[PART:.*]] = arith.addi %[[IV]], %c0
  // CHECK-NEXT:       %[[EXISTS:.*]] = arith.cmpi sle, %[[PART]], %[[LAST:[^ ]*]]
  // CHECK-NEXT:       %[[THERE:.*]] = arith.minui %[[PART]], %[[LAST]]
  // CHECK-NEXT:       %[[SHARE:.*]] = arith.addi %[[FIRST]], %[[THERE]]
  // CHECK-NEXT:       %[[LSE:.*]] = memref.load %[[LSES]][%[[SHARE]], %[[HEAD]]]
  // CHECK-NEXT:       arith.subf %[[LSE]], %[[BASE]]
  // CHECK:            %[[POWER:.*]] = math.exp2
  // CHECK:            %[[WEIGHT:.*]] = arith.select %[[EXISTS]], %[[POWER]]
  // CHECK-NEXT:       %[[OUT:.*]] = dsa_tile.load %[[OUTS]][%[[SHARE]], %[[HEAD]], %{{.*}}] box = [1, 1, 512] inside
  // CHECK-NEXT:       %[[SPLAT:.*]] = dsa_tile.splat %[[WEIGHT]]
  // CHECK-NEXT:       %[[SCALED:.*]] = arith.mulf %[[OUT]], %[[SPLAT]]
  // CHECK-NEXT:       arith.addf %{{.*}}, %[[SCALED]]
  // CHECK-COUNT-3:    dsa_tile.load %[[OUTS]]
  // CHECK:          math.log %[[SUMS]]#1
  // CHECK:          memref.store %{{.*}}, %[[L]][%[[ROW]], %[[HEAD]]]
  // CHECK:          dsa_tile.store %{{.*}}, %[[O]][%[[ROW]], %[[HEAD]], %{{.*}}] box = [1, 1, 512]
  // CHECK:        } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 0, blocks = 0>
  dsa.sparse_attention scale = 0.5 ins(%q, %k : memref<?x64x512xbf16>, memref<?x512xbf16>) indices(%i : memref<?x1x1024xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true, blocks = 132, splits = 8>)
      outs(%o, %l : memref<?x64x512xbf16>, memref<?x64xf32>)
  return
}

// -----

// A sink counts once, and the largest score is that of all shares. Narrow values end within the tile.
// CHECK-LABEL: func @sink(
// CHECK-SAME:    %[[SINK:[^:]*]]: memref<16xf32>, %[[O:[^:]*]]: memref<?x16x64xf32>, %{{[^:]*}}: memref<?x16xf32>, %[[MAX:[^:]*]]: memref<?x16xf32>)
func.func @sink(%q: memref<?x16x64xf16>, %k: memref<?x64xf16>, %i: memref<?x1x256xi32>, %sink: memref<16xf32>,
                %o: memref<?x16x64xf32>, %l: memref<?x16xf32>, %m: memref<?x16xf32>) {
  // CHECK:        scf.forall (%{{.*}}, %{{.*}}) in (%{{.*}}, 1) {
  // CHECK:          dsa_tile.load %[[SINK]]
  // CHECK:        memref.alloc(%{{.*}}) : memref<?x16xf32>
  // CHECK-NEXT:   %[[MOSTS:.*]] = memref.alloc(%{{.*}}) : memref<?x16xf32>
  // CHECK-NEXT:   scf.forall (%{{.*}}, %{{.*}}, %{{.*}}) in (%{{.*}}, %{{.*}}, 1) {
  // CHECK-NOT:      %[[SINK]]
  // CHECK:        scf.forall (%{{.*}}, %{{.*}}) in (%{{.*}}, 16) {
  // CHECK:          dsa_tile.load {{.*}} box = [1, 1, 512] :
  // CHECK:          memref.load %[[MOSTS]]
  // CHECK:          memref.store %{{.*}}, %[[MAX]]
  // CHECK:          memref.load %[[SINK]]
  // CHECK:          dsa_tile.store %{{.*}}, %[[O]][
  dsa.sparse_attention scale = 0.5 ins(%q, %k : memref<?x16x64xf16>, memref<?x64xf16>) indices(%i : memref<?x1x256xi32>)
      sink(%sink : memref<16xf32>)
      schedule(#dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 1, blocks = 132, splits = 4>)
      outs(%o, %l, %m : memref<?x16x64xf32>, memref<?x16xf32>, memref<?x16xf32>)
  return
}
