// Attention for few heads: keys are the rows of products, and heads the columns.

// RUN: dsa-opt %s -dsa-to-tile -split-input-file | FileCheck %s

// A program for each row and block of heads. It carries for each head the score that powers are taken
// above, sums of powers for each row of a tile, the sums of values, 128 columns at a time, and the
// numbers of the keys that the next tile masks.
// CHECK-LABEL: func @few(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x24x256xbf16>, %[[K:[^:]*]]: memref<?x256xbf16>, %[[I:[^:]*]]: memref<?x1x300xi32>, %[[O:[^:]*]]: memref<?x24x256xbf16>, %[[L:[^:]*]]: memref<?x24xf32>)
func.func @few(%q: memref<?x24x256xbf16>, %k: memref<?x256xbf16>, %i: memref<?x1x300xi32>,
               %o: memref<?x24x256xbf16>, %l: memref<?x24xf32>) {
  // CHECK:      scf.forall (%[[ROW:.*]], %[[BLOCK:.*]]) in (%{{.*}}, 2) {
  // CHECK:        %[[HEAD:.*]] = arith.muli %[[BLOCK]], %c16
  // CHECK:        %[[QUERIES:.*]] = dsa_tile.load %[[Q]][%[[ROW]], %[[HEAD]], %c0{{.*}}] box = [1, 16, 256] : {{.*}} -> tensor<16x256xbf16>
  // CHECK:        dsa_tile.load %[[I]]
  // CHECK:        %[[NUMBERS:.*]] = arith.select {{.*}} : tensor<128xi1>, tensor<128xi32>
  // CHECK:        %[[R:.*]]:5 = scf.for %[[J:[^ ]*]] = %c0{{[^ ]*}} to %c300 step %c128{{[^ ]*}} iter_args(%[[BASE:[^ ]*]] = %{{[^,]*}}, %[[SUMS:[^ ]*]] = %{{[^,]*}}, %[[A:[^ ]*]] = %{{[^,]*}}, %[[B:[^ ]*]] = %{{[^,]*}}, %[[MASKED:[^ ]*]] = %[[NUMBERS]])
  // The last tile loads its own again.
  // CHECK:          %[[NEXT:.*]] = arith.addi %[[J]], %c128
  // CHECK:          %[[MORE:.*]] = arith.cmpi slt, %[[NEXT]], %c300
  // CHECK:          %[[PLACE:.*]] = arith.select %[[MORE]], %[[NEXT]], %[[J]]
  // CHECK:          dsa_tile.load %[[I]][%[[ROW]], %c0{{.*}}, %[[PLACE]]]
  // CHECK:          %[[AHEAD:.*]] = arith.select {{.*}} : tensor<128xi1>, tensor<128xi32>
  // CHECK:          dsa_tile.load %[[I]][%[[ROW]], %c0{{.*}}, %[[J]]]
  // CHECK:          %[[KEYS:.*]] = dsa_tile.gather %[[K]] rows %{{.*}} slots = 2 : {{.*}} -> tensor<128x256xbf16>
  // CHECK-NEXT:     %[[X:.*]] = dsa_tile.mma %[[KEYS]], %[[QUERIES]] : {{.*}} -> tensor<128x16xf32>
  // CHECK:          %[[EXISTS:.*]] = arith.cmpi ult, %[[MASKED]]
  // CHECK:          %[[ALL:.*]] = dsa_tile.expand %[[EXISTS]] dim = 1
  // CHECK:          %[[SCORES:.*]] = arith.select %[[ALL]], %[[X]]
  // CHECK:          %[[MOST:.*]] = dsa_tile.reduce<max> %[[SCORES]] dim = 0 : tensor<128x16xf32> -> tensor<16xf32>
  // CHECK:          %[[MOVED:.*]] = arith.select %{{.*}}, %[[MOST]], %[[BASE]]
  // CHECK:          %[[DECAY:.*]] = math.exp2 {{.*}} : tensor<16xf32>
  // CHECK:          %[[POWERS:.*]] = math.exp2 {{.*}} : tensor<128x16xf32>
  // CHECK:          %[[WEIGHTS:.*]] = arith.truncf %[[POWERS]]
  // CHECK:          %[[FACTORS:.*]] = dsa_tile.expand %[[DECAY]] dim = 0
  // CHECK-DAG:      %[[A_DECAYED:.*]] = arith.mulf %[[A]], %[[FACTORS]]
  // CHECK-DAG:      %[[B_DECAYED:.*]] = arith.mulf %[[B]], %[[FACTORS]]
  // CHECK-DAG:      %[[SUMS_DECAYED:.*]] = arith.mulf %[[SUMS]], %[[FACTORS]]
  // CHECK-DAG:      %[[ADDED:.*]] = arith.addf %[[SUMS_DECAYED]], %[[POWERS]]
  // CHECK:          %[[STAGED:.*]] = dsa_tile.stage %[[WEIGHTS]]
  // CHECK-NEXT:     %[[FIRST:.*]] = dsa_tile.extract %[[KEYS]] dim = 1 offset = 0 : {{.*}} -> tensor<128x128xbf16>
  // CHECK-NEXT:     %[[A_NEXT:.*]] = dsa_tile.mma %[[FIRST]], %[[STAGED]] acc(%[[A_DECAYED]] : tensor<128x16xf32>) a_rows b_rows
  // CHECK-NEXT:     %[[SECOND:.*]] = dsa_tile.extract %[[KEYS]] dim = 1 offset = 128 : {{.*}} -> tensor<128x128xbf16>
  // CHECK-NEXT:     %[[B_NEXT:.*]] = dsa_tile.mma %[[SECOND]], %[[STAGED]] acc(%[[B_DECAYED]] : tensor<128x16xf32>) a_rows b_rows
  // CHECK-NEXT:     scf.yield %[[MOVED]], %[[ADDED]], %[[A_NEXT]], %[[B_NEXT]], %[[AHEAD]]
  // CHECK:        dsa_tile.reduce<add> %[[R]]#1 dim = 0
  // Columns of results are rows of tiles.
  // CHECK:        %[[OUT:.*]] = memref.subview %[[O]][%[[ROW]], 0, 0] [1, 24, 256] [1, 1, 1] : {{.*}} to memref<24x256xbf16,
  // CHECK:        dsa_tile.store %{{.*}}, %[[OUT]][%[[HEAD]], %c0{{[^ ]*}}] transposed : tensor<128x16xbf16>
  // CHECK:        dsa_tile.store %{{.*}}, %[[OUT]][%[[HEAD]], %c128{{[^ ]*}}] transposed : tensor<128x16xbf16>
  // CHECK:        dsa_tile.store %{{.*}}, %[[L]][%[[ROW]], %[[HEAD]]] box = [1, 16] : tensor<16xf32>
  // CHECK:      } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 2, column_groups = 1, load_warps = 4, blocks = 132, registers =
  dsa.sparse_attention scale = 0.5 ins(%q, %k : memref<?x24x256xbf16>, memref<?x256xbf16>)
      indices(%i : memref<?x1x300xi32>)
      schedule(#dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 2, blocks = 132>)
      outs(%o, %l : memref<?x24x256xbf16>, memref<?x24xf32>)
  return
}

// -----

// Two sets of heads with lists and keys of their own, of a sequence; values are gathered apart. Sets are
// a dimension of results, so that nothing is written beyond their heads.
// CHECK-LABEL: func @sets(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x8x64xbf16>, %[[K:[^:]*]]: memref<3x?x2x64xbf16>, %[[V:[^:]*]]: memref<3x?x2x128xbf16>, %[[I:[^:]*]]: memref<?x2x64xi32>, %[[N:[^:]*]]: memref<?x2xi32>, %[[SEQ:[^:]*]]: memref<?xi32>, %[[SINK:[^:]*]]: memref<8xf32>,
func.func @sets(%q: memref<?x8x64xbf16>, %k: memref<3x?x2x64xbf16>, %v: memref<3x?x2x128xbf16>, %i: memref<?x2x64xi32>,
                %n: memref<?x2xi32>, %seq: memref<?xi32>, %sink: memref<8xf32>, %o: memref<?x8x128xf32>, %l: memref<?x8xf32>) {
  // CHECK:      scf.forall (%[[ROW:.*]], %[[BLOCK:.*]]) in (%{{.*}}, 2) {
  // CHECK:        %[[SET:.*]] = arith.divui %[[BLOCK]], %c1
  // CHECK:        %[[REST:.*]] = arith.remui %[[BLOCK]], %c1
  // CHECK:        %[[WITHIN:.*]] = arith.muli %[[REST]], %c16
  // CHECK:        %[[BEFORE:.*]] = arith.muli %[[SET]], %c4
  // CHECK:        %[[HEAD:.*]] = arith.addi %[[BEFORE]], %[[WITHIN]]
  // CHECK:        memref.load %[[N]][%[[ROW]], %[[SET]]]
  // CHECK:        %[[COUNT:.*]] = arith.minsi
  // A sequence that does not exist has no keys.
  // CHECK:        %[[NUMBER:.*]] = memref.load %[[SEQ]][%[[ROW]]]
  // CHECK:        %[[IS:.*]] = arith.cmpi ult
  // CHECK:        %[[OF:.*]] = arith.select %[[IS]]
  // CHECK:        %[[LENGTH:.*]] = arith.select %[[IS]], %[[COUNT]], %c0
  // CHECK:        %[[KEYS:.*]] = memref.subview %[[K]][%[[OF]], 0, %[[SET]], 0] [1, %{{.*}}, 1, 64] [1, 1, 1, 1] : {{.*}} to memref<?x64xbf16, strided<[128, 1], offset: ?>>
  // CHECK:        %[[VALUES:.*]] = memref.subview %[[V]][%[[OF]], 0, %[[SET]], 0] [1, %{{.*}}, 1, 128] [1, 1, 1, 1] : {{.*}} to memref<?x128xbf16, strided<[256, 1], offset: ?>>
  // CHECK:        dsa_tile.load %[[Q]][%[[ROW]], %[[HEAD]],
  // CHECK:        scf.for %{{.*}} to %[[LENGTH]]
  // CHECK:          dsa_tile.gather %[[KEYS]] rows %[[LIST:.*]] slots = 2
  // CHECK-NEXT:     %[[TILE:.*]] = dsa_tile.gather %[[VALUES]] rows %[[LIST]] slots = 2
  // CHECK:          dsa_tile.extract %[[TILE]]
  // CHECK:        %[[SINKS:.*]] = memref.expand_shape %[[SINK]] {{.*}} : memref<8xf32> into memref<2x4xf32>
  // CHECK:        dsa_tile.load %[[SINKS]][%[[SET]], %[[WITHIN]]] box = [1, 16]
  // CHECK:        %[[OUTS:.*]] = memref.expand_shape %{{.*}} : memref<?x8x128xf32> into memref<?x2x4x128xf32>
  // CHECK:        memref.subview %[[OUTS]][%[[ROW]], %[[SET]], 0, 0] [1, 1, 4, 128] {{.*}} to memref<4x128xf32,
  // CHECK:        %[[LSES:.*]] = memref.expand_shape %{{.*}} : memref<?x8xf32> into memref<?x2x4xf32>
  // CHECK:        dsa_tile.store %{{.*}}, %[[LSES]][%[[ROW]], %[[SET]], %[[WITHIN]]] box = [1, 1, 16]
  dsa.sparse_attention scale = 0.5 ins(%q, %k, %v : memref<?x8x64xbf16>, memref<3x?x2x64xbf16>, memref<3x?x2x128xbf16>)
      indices(%i : memref<?x2x64xi32>) lengths(%n : memref<?x2xi32>) seq(%seq : memref<?xi32>) sink(%sink : memref<8xf32>)
      schedule(#dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 1>)
      outs(%o, %l : memref<?x8x128xf32>, memref<?x8xf32>)
  return
}

// -----

// Of entries that name four keys, 16 make a tile; each is read as often, from one place.
// CHECK-LABEL: func @small_blocks(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x4x64xf16>, %[[K:[^:]*]]: memref<?x64xf16>, %[[I:[^:]*]]: memref<?x1x40xi32>,
func.func @small_blocks(%q: memref<?x4x64xf16>, %k: memref<?x64xf16>, %i: memref<?x1x40xi32>,
                        %o: memref<?x4x64xf16>, %l: memref<?x4xf32>) {
  // CHECK:        %[[ENTRIES:.*]] = memref.reinterpret_cast %[[I]] to offset: [0], sizes: [%{{.*}}, 1, 40, 4], strides: [40, 40, 1, 0]
  // CHECK:        %[[ENTRY:.*]] = arith.divui %c0
  // CHECK:        %[[FROM:.*]] = arith.remui %c0
  // CHECK:        %[[NAMED:.*]] = dsa_tile.load %[[ENTRIES]][%{{.*}}, %{{.*}}, %[[ENTRY]], %[[FROM]]] box = [1, 1, 16, 4] : {{.*}} -> tensor<64xi32>
  // CHECK:        %[[BLOCKS:.*]] = arith.ceildivui
  // CHECK:        %[[EXISTS:.*]] = arith.cmpi ult, %[[NAMED]]
  // CHECK:        %[[IN:.*]] = arith.remui %{{.*}} : tensor<64xi32>
  // CHECK:        %[[FIRST:.*]] = arith.muli %[[NAMED]], %{{.*}} : tensor<64xi32>
  // CHECK:        %[[KEY:.*]] = arith.addi %[[FIRST]], %[[IN]]
  // CHECK:        arith.select %[[EXISTS]], %[[KEY]]
  // CHECK:        scf.for
  dsa.sparse_attention scale = 0.5 ins(%q, %k : memref<?x4x64xf16>, memref<?x64xf16>) indices(%i : memref<?x1x40xi32>) block = 4
      schedule(#dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 1>)
      outs(%o, %l : memref<?x4x64xf16>, memref<?x4xf32>)
  return
}

// -----

// A tile is a part of a larger block.
// CHECK-LABEL: func @large_blocks(
// CHECK:         memref.reinterpret_cast {{.*}} strides: [3, 3, 1, 0]
// CHECK:         dsa_tile.load {{.*}} box = [1, 1, 1, 64]
// CHECK-NOT:     arith.remui {{.*}} : tensor
// CHECK:         arith.addi %{{.*}} : tensor<64xi32>
func.func @large_blocks(%q: memref<?x4x64xf16>, %k: memref<?x64xf16>, %i: memref<?x1x3xi32>,
                        %o: memref<?x4x64xf16>, %l: memref<?x4xf32>) {
  dsa.sparse_attention scale = 0.5 ins(%q, %k : memref<?x4x64xf16>, memref<?x64xf16>) indices(%i : memref<?x1x3xi32>) block = 256
      schedule(#dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 1>)
      outs(%o, %l : memref<?x4x64xf16>, memref<?x4xf32>)
  return
}

// -----

// A row's range is a list that begins with its first key.
// CHECK-LABEL: func @range(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x4x64xf16>, %[[K:[^:]*]]: memref<?x64xf16>, %[[LO:[^:]*]]: memref<?xi32>, %[[HI:[^:]*]]: memref<?xi32>, %[[P:[^:]*]]: memref<?xi32>,
func.func @range(%q: memref<?x4x64xf16>, %k: memref<?x64xf16>, %lo: memref<?xi32>, %hi: memref<?xi32>, %p: memref<?xi32>,
                 %o: memref<?x4x64xf16>, %l: memref<?x4xf32>) {
  // CHECK:        %[[COUNT:.*]] = memref.dim %[[K]]
  // CHECK:        memref.load %[[LO]]
  // CHECK:        %[[LEAST:.*]] = arith.minsi %{{.*}}, %[[COUNT]]
  // CHECK:        memref.load %[[HI]]
  // CHECK:        %[[MOST:.*]] = arith.minsi %{{.*}}, %[[COUNT]]
  // CHECK:        memref.load %[[P]]
  // CHECK:        %[[FROM:.*]] = arith.subi %{{.*}}, %c7
  // CHECK:        %[[TO:.*]] = arith.addi %{{.*}}, %c3
  // CHECK:        %[[FIRST:.*]] = arith.maxsi %[[LEAST]], %[[FROM]]
  // CHECK:        %[[END:.*]] = arith.minsi %[[MOST]], %[[TO]]
  // CHECK:        %[[SIZE:.*]] = arith.subi %[[END]], %[[FIRST]]
  // CHECK:        %[[LENGTH:.*]] = arith.maxsi %[[SIZE]], %c0
  // CHECK:        %[[BEGIN:.*]] = arith.addi %[[FIRST]], %c0
  // CHECK:        %[[KEY:.*]] = arith.index_cast %[[BEGIN]]
  // CHECK:        dsa_tile.splat %[[KEY]]
  // CHECK:        scf.for %{{.*}} to %[[LENGTH]]
  dsa.attention scale = 0.5 ins(%q, %k : memref<?x4x64xf16>, memref<?x64xf16>) bounds(%lo, %hi : memref<?xi32>, memref<?xi32>)
      positions(%p : memref<?xi32>) window = [7, 2]
      schedule(#dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 1>)
      outs(%o, %l : memref<?x4x64xf16>, memref<?x4xf32>)
  return
}
