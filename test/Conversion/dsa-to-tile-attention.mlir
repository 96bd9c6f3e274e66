// RUN: dsa-opt %s -dsa-to-tile -split-input-file | FileCheck %s

// A program for each block of rows and each head, the last rows first: later rows of causal
// attention see more keys. It carries the score of each row that powers are taken above, the
// sum of powers, and the weighted sum of values.
// CHECK-LABEL: func @attention(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x32x128xbf16>, %[[K:[^:]*]]: memref<?x8x128xbf16>, %[[V:[^:]*]]: memref<?x8x64xbf16>, %[[O:[^:]*]]: memref<?x32x64xbf16>, %[[L:[^:]*]]: memref<?x32xf32>)
func.func @attention(%q: memref<?x32x128xbf16>, %k: memref<?x8x128xbf16>, %v: memref<?x8x64xbf16>,
                     %o: memref<?x32x64xbf16>, %l: memref<?x32xf32>) {
  // CHECK-DAG:  %[[KEYS:.*]] = memref.dim %[[K]], %c0
  // CHECK-DAG:  %[[ROWS:.*]] = memref.dim %[[Q]], %c0
  // CHECK:      %[[BLOCKS:.*]] = arith.ceildivui %[[ROWS]], %c128
  // CHECK:      scf.forall (%[[BLOCK:.*]], %[[HEAD:.*]]) in (%[[BLOCKS]], 32) {
  // CHECK:        %[[LAST:.*]] = arith.subi %[[BLOCKS]], %c1
  // CHECK:        %[[TURNED:.*]] = arith.subi %[[LAST]], %[[BLOCK]]
  // CHECK:        %[[ROW:.*]] = arith.muli %[[TURNED]], %c128
  // CHECK:        %[[QUERIES:.*]] = dsa_tile.load %[[Q]][%[[ROW]], %[[HEAD]], %{{.*}}] box = [128, 1, 128] : {{.*}} -> tensor<128x128xbf16>
  // CHECK:        %[[R:.*]]:3 = scf.for %[[KEY:[^ ]*]] = %{{.*}} to %[[KEYS]] step %c64{{[^ ]*}} iter_args(%[[BASE:[^ ]*]] = %{{[^,]*}}, %[[SUM:[^ ]*]] = %{{[^,]*}}, %[[OUT:[^ ]*]] = %{{[^)]*}})
  // Four heads share keys and values.
  // CHECK:          %[[SHARED:.*]] = arith.divui %[[HEAD]], %c4
  // CHECK:          %[[KEY_TILE:.*]] = dsa_tile.load %[[K]][%[[KEY]], %[[SHARED]], %{{.*}}] box = [64, 1, 128] slots = 2 : {{.*}} -> tensor<64x128xbf16>
  // CHECK-NEXT:     %[[X:.*]] = dsa_tile.mma %[[QUERIES]], %[[KEY_TILE]] : {{.*}} -> tensor<128x64xf32>
  // Keys beyond the last one are masked in tiles that have some.
  // CHECK:          %[[SCORES:.*]] = scf.if %{{.*}} -> (tensor<128x64xf32>) {
  // CHECK:            arith.constant dense<0xFF800000> : tensor<128x64xf32>
  // CHECK:          } else {
  // CHECK-NEXT:       scf.yield %[[X]]
  // CHECK:          %[[HERE:.*]] = dsa_tile.reduce<max> %[[SCORES]]
  // The base stays while no power exceeds 2^8, which is a score of 8 / (0.5 log2 e) above it.
  // CHECK-NEXT:     %[[EXCESS:.*]] = arith.subf %[[HERE]], %[[BASE]]
  // CHECK-NEXT:     %[[SLACK:.*]] = arith.constant dense<11.0903549>
  // CHECK-NEXT:     %[[MOVES:.*]] = arith.cmpf ugt, %[[EXCESS]], %[[SLACK]]
  // CHECK-NEXT:     %[[NEXT_BASE:.*]] = arith.select %[[MOVES]], %[[HERE]], %[[BASE]]
  // The exponent of the base does not become part of other instructions.
  // CHECK:          %[[ABOVE:.*]] = arith.mulf %[[NEXT_BASE]], %{{[^ ]*}} : tensor<128xf32>
  // The difference comes first: where the base stays, the power is exactly one.
  // CHECK-NEXT:     %[[STEP:.*]] = arith.subf %[[BASE]], %[[NEXT_BASE]]
  // CHECK:          %[[EXPONENT:.*]] = arith.mulf %[[STEP]], %{{.*}} fastmath<contract> : tensor<128xf32>
  // CHECK-NEXT:     %[[DECAY:.*]] = math.exp2 %[[EXPONENT]] : tensor<128xf32>
  // CHECK:          dsa_tile.expand %[[ABOVE]] dim = 1
  // CHECK:          %[[POWER:.*]] = math.exp2 %{{.*}} : tensor<128x64xf32>
  // CHECK-NEXT:     %[[WEIGHTS:.*]] = arith.truncf %[[POWER]] : tensor<128x64xf32> to tensor<128x64xbf16>
  // CHECK-NEXT:     %[[ADDED:.*]] = dsa_tile.reduce<add> %[[POWER]]
  // CHECK-NEXT:     %[[KEPT:.*]] = arith.mulf %[[SUM]], %[[DECAY]]
  // CHECK:          %[[NEXT_SUM:.*]] = arith.addf %[[KEPT]], %[[ADDED]]
  // CHECK:          %[[SCALED:.*]] = dsa_tile.scale_rows %[[OUT]] by %[[DECAY]] : tensor<128x64xf32>, tensor<128xf32>
  // CHECK:          %[[VALUES:.*]] = dsa_tile.load %[[V]][%[[KEY]], %{{.*}}, %{{.*}}] box = [64, 1, 64] slots = 2
  // CHECK:          %[[NEXT_OUT:.*]] = dsa_tile.mma %[[WEIGHTS]], %[[VALUES]] acc(%[[SCALED]] : tensor<128x64xf32>) b_rows
  // CHECK:          scf.yield %[[NEXT_BASE]], %[[NEXT_SUM]], %[[NEXT_OUT]]
  // Rows that saw nothing give zeros, and minus infinity.
  // CHECK:        %[[ALIVE:.*]] = arith.cmpf une, %[[R]]#1, %{{.*}} : tensor<128xf32>
  // CHECK:        %[[INVERSE:.*]] = arith.select %[[ALIVE]], %{{.*}}, %{{.*}} : tensor<128xi1>, tensor<128xf32>
  // CHECK:        math.log %[[R]]#1
  // CHECK:        dsa_tile.scale_rows %[[R]]#2 by %[[INVERSE]]
  // CHECK:        %[[RESULT:.*]] = arith.truncf %{{.*}} : tensor<128x64xf32> to tensor<128x64xbf16>
  // CHECK:        dsa_tile.store %[[RESULT]], %[[O]][%[[ROW]], %[[HEAD]], %{{.*}}] box = [128, 1, 64]
  // CHECK:        dsa_tile.store %{{.*}}, %[[L]][%[[ROW]], %[[HEAD]]] box = [128, 1] : tensor<128xf32>, memref<?x32xf32>
  // CHECK:      } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 2, column_groups = 1,
  dsa.attention scale = 0.5 ins(%q, %k, %v : memref<?x32x128xbf16>, memref<?x8x128xbf16>, memref<?x8x64xbf16>)
      schedule(#dsa_tile.attention_schedule<block_keys = 64, slots = 2, groups = 2>)
      outs(%o, %l : memref<?x32x64xbf16>, memref<?x32xf32>)
  return
}

// -----

// With bounds, only keys are looked at that some row of the block sees, and those alone are
// compared that not all of them see. Keys are values where there are no others; a sink adds
// to the sum at the end; the largest score is a result of its own, which is carried last.
// CHECK-LABEL: func @clauses(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x16x64xf16>, %[[K:[^:]*]]: memref<?x64xf16>, %[[LO:[^:]*]]: memref<?xi32>, %[[HI:[^:]*]]: memref<?xi32>, %[[SINK:[^:]*]]: memref<16xf32>, %[[O:[^:]*]]: memref<?x16x32xf32>, %[[L:[^:]*]]: memref<?x16xf32>, %[[M:[^:]*]]: memref<?x16xf32>)
// CHECK:         scf.forall
// CHECK-DAG:       memref.load %[[LO]]
// CHECK-DAG:       memref.load %[[HI]]
// CHECK:           scf.for {{.*}}, %[[MOST:[^ ]*]] = %{{[^ ]*}}) -> (tensor<64xf32>, tensor<64xf32>, tensor<64x32xf32>, tensor<64xf32>)
// CHECK:             dsa_tile.load %[[K]][%[[KEY:.*]], %{{.*}}] box = [128, 64]
// CHECK:             scf.if %{{.*}} -> (tensor<64x128xf32>) {
// CHECK-DAG:           dsa_tile.load %[[LO]][%{{.*}}] box = [64]
// CHECK-DAG:           dsa_tile.load %[[HI]][%{{.*}}] box = [64]
// CHECK:             %[[HERE:.*]] = dsa_tile.reduce<max>
// CHECK:             %[[NEXT_MOST:.*]] = arith.maximumf %[[MOST]], %[[HERE]]
// CHECK:             dsa_tile.load %[[K]][%[[KEY]], %{{.*}}] box = [128, 32]
// CHECK:             dsa_tile.mma
// CHECK:             scf.yield {{.*}}, %[[NEXT_MOST]] :
// CHECK:           memref.load %[[SINK]]
// CHECK:           dsa_tile.store %{{.*}}, %[[O]]
// CHECK:           dsa_tile.store %{{.*}}, %[[L]]
// CHECK:           dsa_tile.store %{{.*}}, %[[M]]
func.func @clauses(%q: memref<?x16x64xf16>, %k: memref<?x64xf16>, %lo: memref<?xi32>, %hi: memref<?xi32>,
                   %sink: memref<16xf32>, %o: memref<?x16x32xf32>, %l: memref<?x16xf32>, %m: memref<?x16xf32>) {
  dsa.attention scale = 0.5 ins(%q, %k : memref<?x16x64xf16>, memref<?x64xf16>)
      bounds(%lo, %hi : memref<?xi32>, memref<?xi32>) sink(%sink : memref<16xf32>)
      schedule(#dsa_tile.attention_schedule<block_keys = 128, slots = 1, groups = 1>)
      outs(%o, %l, %m : memref<?x16x32xf32>, memref<?x16xf32>, memref<?x16xf32>)
  return
}

// -----

// With a delay, weights are carried too: the values of a tile are added beside the scores of
// the next one.
// CHECK-LABEL: func @delay(
// CHECK:         scf.for {{.*}} -> (tensor<64xf32>, tensor<64xf32>, tensor<64x64xf32>, tensor<64x128xbf16>) {
// CHECK:           dsa_tile.mma %{{.*}}, %{{.*}} : {{.*}} -> tensor<64x128xf32>
// CHECK:           dsa_tile.mma {{.*}} b_rows
// CHECK:           math.exp2
// CHECK-NOT:       dsa_tile.mma
// CHECK:           scf.yield
func.func @delay(%q: memref<?x16x64xbf16>, %k: memref<?x64xbf16>, %o: memref<?x16x64xbf16>, %l: memref<?x16xf32>) {
  dsa.attention scale = 0.5 ins(%q, %k : memref<?x16x64xbf16>, memref<?x64xbf16>)
      schedule(#dsa_tile.attention_schedule<block_keys = 128, slots = 1, groups = 1, delay = true>)
      outs(%o, %l : memref<?x16x64xbf16>, memref<?x16xf32>)
  return
}

// -----

// Sparse attention: a program for each row and each 64 heads; keys are gathered by their
// numbers and serve as values too. What is not listed, or is no key, is masked.
// CHECK-LABEL: func @sparse(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x128x576xbf16>, %[[K:[^:]*]]: memref<?x576xbf16>, %[[I:[^:]*]]: memref<?x1x2048xi32>, %[[N:[^:]*]]: memref<?x1xi32>, %[[O:[^:]*]]: memref<?x128x512xbf16>, %[[L:[^:]*]]: memref<?x128xf32>)
func.func @sparse(%q: memref<?x128x576xbf16>, %k: memref<?x576xbf16>, %i: memref<?x1x2048xi32>, %n: memref<?x1xi32>,
                  %o: memref<?x128x512xbf16>, %l: memref<?x128xf32>) {
  // CHECK:      %[[ROWS:.*]] = memref.dim %[[Q]], %c0
  // CHECK:      scf.forall (%[[ROW:.*]], %[[PART:.*]]) in (%[[ROWS]], 2) {
  // CHECK:        %[[HEAD:.*]] = arith.muli %[[PART]], %c64
  // CHECK:        memref.load %[[N]][%[[ROW]], %{{.*}}]
  // CHECK:        %[[COUNT:.*]] = arith.minsi %{{.*}}, %c2048
  // CHECK:        %[[QUERIES:.*]] = dsa_tile.load %[[Q]][%[[ROW]], %[[HEAD]], %{{.*}}] box = [1, 64, 576]{{.*}} -> tensor<64x576xbf16>
  // CHECK:        scf.for %[[J:[^ ]*]] = %{{.*}} to %[[COUNT]] step %c64
  // Numbers behind the end of the list are none of a row.
  // CHECK:          %[[LIST:.*]] = dsa_tile.load %[[I]][%[[ROW]], %{{.*}}, %[[J]]] box = [1, 1, 64] inside : {{.*}} -> tensor<64xi32>
  // CHECK:          %[[REST:.*]] = arith.subi %[[COUNT]], %[[J]]
  // CHECK:          %[[LISTED:.*]] = arith.cmpi slt, %{{.*}}, %{{.*}} : tensor<64xi32>
  // CHECK:          %[[NONE:.*]] = arith.constant dense<-1> : tensor<64xi32>
  // CHECK:          %[[NUMBERS:.*]] = arith.select %[[LISTED]], %[[LIST]], %[[NONE]]
  // CHECK:          %[[ROWS:.*]] = dsa_tile.gather %[[K]] rows %[[NUMBERS]] : {{.*}} -> tensor<64x576xbf16>
  // CHECK:          %[[X:.*]] = dsa_tile.mma %[[QUERIES]], %[[ROWS]] {{.*}} -> tensor<64x64xf32>
  // Others load the same numbers again.
  // CHECK:          %[[AGAIN:.*]] = dsa_tile.load %[[I]][%[[ROW]], %{{.*}}, %[[J]]] box = [1, 1, 64] inside : {{.*}} -> tensor<64xi32>
  // CHECK:          %[[SAME:.*]] = arith.select %{{.*}}, %[[AGAIN]], %{{.*}} : tensor<64xi1>, tensor<64xi32>
  // CHECK:          %[[KEYS:.*]] = memref.dim %[[K]], %c0
  // CHECK:          %[[THERE:.*]] = arith.cmpi ult, %[[SAME]], %{{.*}} : tensor<64xi32>
  // CHECK:          %[[SCORES:.*]] = dsa_tile.mask_columns %[[X]] by %[[THERE]] : tensor<64x64xf32>, tensor<64xi1>
  // CHECK-NEXT:     dsa_tile.reduce<max> %[[SCORES]]
  // CHECK:          dsa_tile.mma %{{.*}}, %[[ROWS]] acc({{.*}}) b_rows : tensor<64x64xbf16>, tensor<64x576xbf16> -> tensor<64x512xf32>
  // CHECK:        dsa_tile.store %{{.*}}, %[[O]][%[[ROW]], %[[HEAD]], %{{.*}}] box = [1, 64, 512]
  // CHECK:        dsa_tile.store %{{.*}}, %[[L]][%[[ROW]], %[[HEAD]]] box = [1, 64]
  // CHECK:      } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2,
  dsa.sparse_attention scale = 0.5 ins(%q, %k : memref<?x128x576xbf16>, memref<?x576xbf16>)
      indices(%i : memref<?x1x2048xi32>) lengths(%n : memref<?x1xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2>)
      outs(%o, %l : memref<?x128x512xbf16>, memref<?x128xf32>)
  return
}

// -----

// Warpgroups that divide pairs of tiles: equally many for each, at least one, whatever the list's
// length. Columns of each one's values are gathered apart, and so are those that are no values, of
// which the queries lie in registers. Blocks of a cluster share a row, and take programs in turn.
// CHECK-LABEL: func @split(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x128x576xbf16>, %[[K:[^:]*]]: memref<?x576xbf16>, %[[I:[^:]*]]: memref<?x1x2048xi32>, %[[N:[^:]*]]: memref<?x1xi32>,
func.func @split(%q: memref<?x128x576xbf16>, %k: memref<?x576xbf16>, %i: memref<?x1x2048xi32>, %n: memref<?x1xi32>,
                 %o: memref<?x128x512xbf16>, %l: memref<?x128xf32>) {
  // CHECK:      scf.forall (%[[ROW:.*]], %{{.*}}) in
  // CHECK:        %[[COUNT:.*]] = arith.minsi %{{.*}}, %c2048
  // CHECK:        %[[REST:.*]] = dsa_tile.load %[[Q]][%[[ROW]], %[[HEAD:.*]], %c512{{.*}}] box = [1, 64, 64] slots = 0
  // CHECK:        %[[LEFT:.*]] = dsa_tile.load %[[Q]][%[[ROW]], %[[HEAD]], %c0{{.*}}] box = [1, 64, 256]
  // CHECK:        %[[RIGHT:.*]] = dsa_tile.load %[[Q]][%[[ROW]], %[[HEAD]], %c256{{.*}}] box = [1, 64, 256]
  // CHECK:        %[[ROUNDED:.*]] = arith.addi %[[COUNT]], %c127
  // CHECK:        %[[WHOLE:.*]] = arith.divsi %[[ROUNDED]], %c128
  // CHECK:        %[[PAIRS:.*]] = arith.maxsi %[[WHOLE]], %c1{{[^ ]*}} :
  // CHECK:        %[[END:.*]] = arith.muli %[[PAIRS]], %c128
  // CHECK:        scf.for %[[J:[^ ]*]] = %{{.*}} to %[[END]] step %c128
  // CHECK:          %[[SECOND:.*]] = arith.addi %[[J]], %c64
  // CHECK:          dsa_tile.load %[[I]][%[[ROW]], %{{.*}}, %[[J]]]
  // CHECK:          %[[A:.*]] = arith.select {{.*}} : tensor<64xi1>, tensor<64xi32>
  // CHECK:          dsa_tile.load %[[I]][%[[ROW]], %{{.*}}, %[[SECOND]]]
  // CHECK:          %[[B:.*]] = arith.select {{.*}} : tensor<64xi1>, tensor<64xi32>
  // In the order in which room for them is given back.
  // CHECK-NEXT:     %[[A_REST:.*]] = dsa_tile.gather %[[K]] rows %[[A]] column = 512 : {{.*}} -> tensor<64x64xbf16>
  // CHECK-NEXT:     %[[B_REST:.*]] = dsa_tile.gather %[[K]] rows %[[B]] column = 512 : {{.*}} -> tensor<64x64xbf16>
  // CHECK-NEXT:     %[[A_LEFT:.*]] = dsa_tile.gather %[[K]] rows %[[A]] : {{.*}} -> tensor<64x256xbf16>
  // CHECK-NEXT:     %[[B_RIGHT:.*]] = dsa_tile.gather %[[K]] rows %[[B]] column = 256 : {{.*}} -> tensor<64x256xbf16>
  // CHECK-NEXT:     %[[A_RIGHT:.*]] = dsa_tile.gather %[[K]] rows %[[A]] column = 256 : {{.*}} -> tensor<64x256xbf16>
  // CHECK-NEXT:     %[[B_LEFT:.*]] = dsa_tile.gather %[[K]] rows %[[B]] : {{.*}} -> tensor<64x256xbf16>
  // CHECK-NEXT:     %[[X:.*]] = dsa_tile.mma %[[REST]], %[[A_REST]] {replicated}
  // CHECK-NEXT:     %[[Y:.*]] = dsa_tile.mma %[[LEFT]], %[[A_LEFT]] acc(%[[X]] : tensor<64x64xf32>) {replicated}
  // CHECK-NEXT:     %[[Z:.*]] = dsa_tile.mma %[[RIGHT]], %[[A_RIGHT]] acc(%[[Y]] : tensor<64x64xf32>) {replicated}
  // CHECK:          %[[FIRST:.*]] = dsa_tile.mask_columns %[[Z]]
  // CHECK-NEXT:     dsa_tile.mma %[[REST]], %[[B_REST]] {replicated}
  // CHECK-NEXT:     dsa_tile.mma %[[LEFT]], %[[B_LEFT]] acc({{.*}}) {replicated}
  // CHECK-NEXT:     dsa_tile.mma %[[RIGHT]], %[[B_RIGHT]] acc({{.*}}) {replicated}
  // CHECK:          %[[OTHER:.*]] = dsa_tile.mask_columns
  // One base for both.
  // CHECK-NEXT:     %[[M:.*]] = dsa_tile.reduce<max> %[[FIRST]]
  // CHECK-NEXT:     %[[O:.*]] = dsa_tile.reduce<max> %[[OTHER]]
  // CHECK-NEXT:     arith.maximumf %[[M]], %[[O]]
  // CHECK:          %[[SUM:.*]] = dsa_tile.reduce<add>
  // CHECK:          %[[MORE:.*]] = dsa_tile.reduce<add>
  // CHECK-NEXT:     arith.addf %[[SUM]], %[[MORE]]
  // CHECK:          %[[OUT:.*]] = dsa_tile.mma %{{.*}}, %[[A_LEFT]], %[[A_RIGHT]] acc({{.*}}) b_rows : {{.*}} -> tensor<64x512xf32>
  // CHECK-NEXT:     dsa_tile.mma %{{.*}}, %[[B_LEFT]], %[[B_RIGHT]] acc(%[[OUT]] : {{.*}}) b_rows : {{.*}} -> tensor<64x512xf32>
  // CHECK:        } {dsa_tile.split}
  // CHECK:      } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 132, {{.*}}, cluster = 2>
  dsa.sparse_attention scale = 0.5 ins(%q, %k : memref<?x128x576xbf16>, memref<?x576xbf16>)
      indices(%i : memref<?x1x2048xi32>) lengths(%n : memref<?x1xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true,
                                                  cluster = 2, blocks = 132>)
      outs(%o, %l : memref<?x128x512xbf16>, memref<?x128xf32>)
  return
}

// -----

// In turn: keys come tile by tile, and the second tile's base follows from the first one's.
// CHECK-LABEL: func @in_turn(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x128x512xbf16>, %[[K:[^:]*]]: memref<?x512xbf16>,
func.func @in_turn(%q: memref<?x128x512xbf16>, %k: memref<?x512xbf16>, %i: memref<?x1x1024xi32>, %o: memref<?x128x512xbf16>, %l: memref<?x128xf32>) {
  // CHECK:        scf.for {{.*}} iter_args(%[[BEFORE:[^ ]*]] = %{{[^,]*}}, %[[SUM:[^ ]*]] = %{{[^,]*}}, %[[OUT:[^ ]*]] = %{{[^)]*}})
  // CHECK:          %[[A_LEFT:.*]] = dsa_tile.gather %[[K]] rows %[[A:[^ ]*]] : {{.*}} -> tensor<64x256xbf16>
  // CHECK-NEXT:     %[[A_RIGHT:.*]] = dsa_tile.gather %[[K]] rows %[[A]] column = 256 :
  // CHECK-NEXT:     %[[B_RIGHT:.*]] = dsa_tile.gather %[[K]] rows %[[B:[^ ]*]] column = 256 :
  // CHECK-NEXT:     %[[B_LEFT:.*]] = dsa_tile.gather %[[K]] rows %[[B]] :
  // CHECK:          %[[FIRST:.*]] = dsa_tile.mask_columns
  // CHECK:          %[[SECOND:.*]] = dsa_tile.mask_columns
  // CHECK:          %[[M:.*]] = dsa_tile.reduce<max> %[[FIRST]]
  // CHECK-NEXT:     arith.subf %[[M]], %[[BEFORE]]
  // CHECK:          %[[BASE:.*]] = arith.select {{.*}}, %[[M]], %[[BEFORE]]
  // CHECK:          %[[SCALED:.*]] = dsa_tile.scale_rows %[[OUT]]
  // CHECK-NEXT:     %[[HALF:.*]] = dsa_tile.mma %{{.*}}, %[[A_LEFT]], %[[A_RIGHT]] acc(%[[SCALED]] : {{.*}}) b_rows
  // CHECK-NEXT:     %[[N:.*]] = dsa_tile.reduce<max> %[[SECOND]]
  // CHECK-NEXT:     arith.subf %[[N]], %[[BASE]]
  // CHECK:          %[[AGAIN:.*]] = dsa_tile.scale_rows %[[HALF]]
  // CHECK-NEXT:     dsa_tile.mma %{{.*}}, %[[B_LEFT]], %[[B_RIGHT]] acc(%[[AGAIN]] : {{.*}}) b_rows
  // CHECK:        } {dsa_tile.split}
  // CHECK:      } {dsa_tile.kernel = #dsa_tile.kernel<{{.*}}, ordered = true, cluster = 2>
  dsa.sparse_attention scale = 0.5 ins(%q, %k : memref<?x128x512xbf16>, memref<?x512xbf16>) indices(%i : memref<?x1x1024xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true, in_turn = true, cluster = 2, blocks = 132>)
      outs(%o, %l : memref<?x128x512xbf16>, memref<?x128xf32>)
  return
}

// -----

// A list of whole tiles that is not one of whole pairs of tiles ends within the last pair.
// CHECK-LABEL: func @half_pair(
// CHECK:         dsa_tile.iota
// CHECK:         } {dsa_tile.split}
func.func @half_pair(%q: memref<?x64x128xbf16>, %k: memref<?x128xbf16>, %i: memref<?x1x192xi32>,
                     %o: memref<?x64x128xbf16>, %l: memref<?x64xf32>) {
  dsa.sparse_attention scale = 0.5 ins(%q, %k : memref<?x64x128xbf16>, memref<?x128xbf16>)
      indices(%i : memref<?x1x192xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true>)
      outs(%o, %l : memref<?x64x128xbf16>, memref<?x64xf32>)
  return
}

// -----

// A list of whole pairs without lengths is full: nobody compares places.
// CHECK-LABEL: func @whole_pairs(
// CHECK-NOT:     dsa_tile.iota
// CHECK:         } {dsa_tile.split}
func.func @whole_pairs(%q: memref<?x64x128xbf16>, %k: memref<?x128xbf16>, %i: memref<?x1x256xi32>,
                       %o: memref<?x64x128xbf16>, %l: memref<?x64xf32>) {
  dsa.sparse_attention scale = 0.5 ins(%q, %k : memref<?x64x128xbf16>, memref<?x128xbf16>)
      indices(%i : memref<?x1x256xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true>)
      outs(%o, %l : memref<?x64x128xbf16>, memref<?x64xf32>)
  return
}

// -----

// Values apart from keys: these come first, and one product scores them; queries lie in shared memory.
// 80 heads of each head of keys are two blocks, of which nothing is written beyond the heads.
// CHECK-LABEL: func @values_apart(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x160x192xbf16>, %[[K:[^:]*]]: memref<?x2x192xbf16>, %[[V:[^:]*]]: memref<?x2x128xbf16>,
func.func @values_apart(%q: memref<?x160x192xbf16>, %k: memref<?x2x192xbf16>, %v: memref<?x2x128xbf16>, %i: memref<?x1x512xi32>,
                        %o: memref<?x160x128xbf16>, %l: memref<?x160xf32>) {
  // CHECK:      scf.forall (%[[ROW:.*]], %[[BLOCK:.*]]) in (%{{.*}}, 4) {
  // CHECK:        %[[SET:.*]] = arith.divui %[[BLOCK]], %c2
  // CHECK:        %[[PART:.*]] = arith.remui %[[BLOCK]], %c2
  // CHECK:        %[[WITHIN:.*]] = arith.muli %[[PART]], %c64
  // CHECK:        %[[BEFORE:.*]] = arith.muli %[[SET]], %c80
  // CHECK:        %[[HEAD:.*]] = arith.addi %[[BEFORE]], %[[WITHIN]]
  // CHECK:        %[[KEYS:.*]] = memref.subview %[[K]][0, %[[SET]], 0]
  // CHECK:        %[[VALUES:.*]] = memref.subview %[[V]][0, %[[SET]], 0]
  // CHECK:        %[[QUERIES:.*]] = dsa_tile.load %[[Q]][%[[ROW]], %[[HEAD]], %c0{{.*}}] box = [1, 64, 192] : {{.*}} -> tensor<64x192xbf16>
  // CHECK:          %[[A:.*]] = dsa_tile.gather %[[KEYS]] rows {{.*}} -> tensor<64x192xbf16>
  // CHECK-NEXT:     %[[B:.*]] = dsa_tile.gather %[[KEYS]] rows {{.*}} -> tensor<64x192xbf16>
  // CHECK-NEXT:     %[[A_LEFT:.*]] = dsa_tile.gather %[[VALUES]] rows {{.*}} -> tensor<64x64xbf16>
  // CHECK-NEXT:     %[[B_RIGHT:.*]] = dsa_tile.gather %[[VALUES]] rows %{{[^ ]*}} column = 64 : {{.*}} -> tensor<64x64xbf16>
  // CHECK-NEXT:     %[[A_RIGHT:.*]] = dsa_tile.gather %[[VALUES]] rows %{{[^ ]*}} column = 64
  // CHECK-NEXT:     %[[B_LEFT:.*]] = dsa_tile.gather %[[VALUES]] rows
  // CHECK-NEXT:     dsa_tile.mma %[[QUERIES]], %[[A]] {replicated}
  // CHECK:          dsa_tile.mma %[[QUERIES]], %[[B]] {replicated}
  // CHECK:          dsa_tile.mma %{{.*}}, %[[A_LEFT]], %[[A_RIGHT]] acc
  // CHECK-NEXT:     dsa_tile.mma %{{.*}}, %[[B_LEFT]], %[[B_RIGHT]] acc
  // CHECK:        %[[OUTS:.*]] = memref.expand_shape %{{.*}} : memref<?x160x128xbf16> into memref<?x2x80x128xbf16>
  // CHECK:        dsa_tile.store %{{.*}}, %[[OUTS]][%[[ROW]], %[[SET]], %[[WITHIN]], %c0{{.*}}] box = [1, 1, 64, 128]
  // CHECK:        %[[LSES:.*]] = memref.expand_shape %{{.*}} : memref<?x160xf32> into memref<?x2x80xf32>
  // CHECK:        dsa_tile.store %{{.*}}, %[[LSES]][%[[ROW]], %[[SET]], %[[WITHIN]]] box = [1, 1, 64]
  dsa.sparse_attention scale = 0.5 ins(%q, %k, %v : memref<?x160x192xbf16>, memref<?x2x192xbf16>, memref<?x2x128xbf16>)
      indices(%i : memref<?x1x512xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true>)
      outs(%o, %l : memref<?x160x128xbf16>, memref<?x160xf32>)
  return
}

// -----

// A window narrows each row's bounds, which positions beyond 32 bits' reach do not overflow.
// CHECK-LABEL: func @window(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x2x64xbf16>, %[[K:[^:]*]]: memref<?x64xbf16>, %[[P:[^:]*]]: memref<?xi32>,
func.func @window(%q: memref<?x2x64xbf16>, %k: memref<?x64xbf16>, %p: memref<?xi32>, %o: memref<?x2x64xbf16>, %l: memref<?x2xf32>) {
  // CHECK:      %[[COUNT:.*]] = memref.dim %[[K]]
  // CHECK:        %[[POSITION:.*]] = memref.load %[[P]]
  // CHECK:        %[[WIDE:.*]] = arith.index_cast %[[POSITION]] : i32 to index
  // CHECK:        arith.subi %[[WIDE]], %c9
  // CHECK:        arith.addi %[[WIDE]], %c1
  // CHECK:        scf.if
  // CHECK:          %[[POSITIONS:.*]] = dsa_tile.load %[[P]]
  // CHECK:          %[[ALL:.*]] = arith.extsi %[[POSITIONS]] : tensor<64xi32> to tensor<64xi64>
  // CHECK:          arith.maxsi %{{.*}} : tensor<64xi64>
  // CHECK:          arith.minsi %{{.*}} : tensor<64xi64>
  // CHECK:          arith.trunci %{{.*}} : tensor<64xi64> to tensor<64xi32>
  // CHECK-COUNT-2:  arith.andi %{{.*}} : tensor<64x64xi1>
  dsa.attention scale = 0.5 ins(%q, %k : memref<?x2x64xbf16>, memref<?x64xbf16>) positions(%p : memref<?xi32>) window = [9, 0]
      schedule(#dsa_tile.attention_schedule<block_keys = 64, slots = 2, groups = 1>)
      outs(%o, %l : memref<?x2x64xbf16>, memref<?x2xf32>)
  return
}
