// RUN: dsa-opt %s -dsa-decompose -canonicalize -cse -split-input-file | FileCheck %s

// Blocks of rows in parallel; keys are converted a tile at a time, and each tile
// serves all rows of the block.
// CHECK-LABEL: func @index_scores(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x4x8xbf16>, %[[K:[^:]*]]: memref<?x8xbf16>, %[[W:[^:]*]]: memref<?x4xf32>, %[[QS:[^:]*]]: memref<?x4xf32>,
// CHECK-SAME:    %[[KS:[^:]*]]: memref<?xf32>, %[[LO:[^:]*]]: memref<?xi32>, %[[HI:[^:]*]]: memref<?xi32>, %[[S:[^:]*]]: memref<?x?xbf16>)
// CHECK-DAG:     %[[MINUS_INF:.*]] = arith.constant 0xFF80 : bf16
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK-DAG:     %[[T:.*]] = memref.dim %[[Q]], %c0
// CHECK-DAG:     %[[N:.*]] = memref.dim %[[S]], %c1
// CHECK:         %[[BLOCKS:.*]] = arith.ceildivui %[[T]], %c4
// CHECK:         scf.forall (%[[BLOCK:.*]]) in (%[[BLOCKS]]) {
// CHECK:           %[[FIRST_ROW:.*]] = arith.muli %[[BLOCK]], %c4
// CHECK:           %[[ROWS:.*]] = arith.minsi %{{.*}}, %c4

// Each row's bounds, clamped to the keys; −inf on either side of them.
// CHECK:           %[[BEGINS:.*]] = memref.alloc() {{.*}} : memref<4xindex>
// CHECK:           %[[ENDS:.*]] = memref.alloc() {{.*}} : memref<4xindex>
// CHECK:           scf.for %{{.*}} = %c0 to %[[ROWS]]
// CHECK:             memref.load %[[LO]]
// CHECK:             %[[AT_LEAST_0:.*]] = arith.maxsi %{{.*}}, %c0
// CHECK:             %[[BEGIN:.*]] = arith.minsi %[[AT_LEAST_0]], %[[N]]
// CHECK:             memref.load %[[HI]]
// CHECK:             %[[AT_LEAST_BEGIN:.*]] = arith.maxsi %{{.*}}, %[[BEGIN]]
// CHECK:             %[[END:.*]] = arith.minsi %[[AT_LEAST_BEGIN]], %[[N]]
// CHECK-DAG:         %[[BEFORE:.*]] = memref.subview %[[S]][%{{.*}}, 0] [1, %[[BEGIN]]]
// CHECK-DAG:         linalg.fill ins(%[[MINUS_INF]] : bf16) outs(%[[BEFORE]] :
// CHECK-DAG:         %[[AFTER:.*]] = memref.subview %[[S]][%{{.*}}, %[[END]]] [1, %{{.*}}]
// CHECK-DAG:         linalg.fill ins(%[[MINUS_INF]] : bf16) outs(%[[AFTER]] :

// The keys that some row of the block may see.
// CHECK:           %[[RANGE:.*]]:2 = scf.for {{.*}} iter_args(%{{.*}} = %[[N]], %{{.*}} = %c0)
// Queries in f32, heads innermost, and the factor of each head.
// CHECK:           %[[Q32:.*]] = memref.alloc() {{.*}} : memref<4x8x4xf32>
// CHECK:           %[[W32:.*]] = memref.alloc() {{.*}} : memref<4x4xf32>
// CHECK:           scf.for %{{.*}} = %c0 to %[[ROWS]]
// CHECK:             memref.subview %[[Q]][%{{.*}}, 0, 0] [1, 4, 8]
// CHECK:             linalg.generic
// CHECK:               arith.extf %{{.*}} : bf16 to f32
// CHECK:             memref.subview %[[W]]
// CHECK:             memref.subview %[[QS]]
// CHECK:             linalg.generic
// CHECK:               arith.mulf

// A tile of keys.
// CHECK:           scf.for %[[FIRST_KEY:.*]] = %[[RANGE]]#0 to %[[RANGE]]#1 step %c64 {
// CHECK:             %[[KEYS:.*]] = arith.minsi %{{.*}}, %c64
// CHECK:             scf.for %{{.*}} = %c0 to %[[KEYS]]
// CHECK:               memref.subview %[[K]][%{{.*}}, 0] [1, 8]
// CHECK:               arith.extf %{{.*}} : bf16 to f32
// CHECK:             scf.parallel {{.*}} to (%[[KEYS]])
// CHECK:               memref.load %[[KS]]

// Per row: products, activation and weighted sum, then those within bounds.
// CHECK:             scf.for %{{.*}} = %c0 to %[[ROWS]]
// CHECK:               linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction"]} {{.*}} outs(%[[PRODUCTS:.*]] : memref<64x4xf32>)
// CHECK:                 math.fma
// CHECK:               linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%[[PRODUCTS]], %{{.*}} : {{.*}}) outs(%[[SUMS:.*]] : memref<64xf32>)
// CHECK:                 arith.maximumf %{{.*}}, %[[ZERO]]
// CHECK:                 math.fma
// CHECK:               scf.parallel
// CHECK:                 %[[SUM:.*]] = memref.load %[[SUMS]]
// CHECK:                 %[[SCORE:.*]] = arith.mulf %[[SUM]], %{{.*}}
// CHECK:                 %[[SCORE16:.*]] = arith.truncf %[[SCORE]] : f32 to bf16
// CHECK:                 memref.store %[[SCORE16]], %[[S]]
func.func @index_scores(%q: memref<?x4x8xbf16>, %k: memref<?x8xbf16>, %w: memref<?x4xf32>, %qs: memref<?x4xf32>,
                        %ks: memref<?xf32>, %lo: memref<?xi32>, %hi: memref<?xi32>, %s: memref<?x?xbf16>) {
  dsa.index_scores<relu> ins(%q, %k : memref<?x4x8xbf16>, memref<?x8xbf16>)
      weights(%w : memref<?x4xf32>) q_scale(%qs : memref<?x4xf32>) k_scale(%ks : memref<?xf32>)
      bounds(%lo, %hi : memref<?xi32>, memref<?xi32>)
      schedule(#dsa.loop_schedule<block_rows = 4, block_keys = 64>) outs(%s : memref<?x?xbf16>)
  return
}

// -----

// Without clauses: every weight is one, every key visible, nothing activated.
// CHECK-LABEL: func @no_clauses(
// CHECK-DAG:     %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
// CHECK:         scf.forall
// CHECK-NOT:       arith.maximumf
// CHECK:           linalg.yield %[[ONE]] : f32
// CHECK-NOT:       arith.maximumf
// CHECK:           math.fma
// CHECK-NOT:       arith.maximumf
// CHECK:         return
func.func @no_clauses(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %s: memref<?x?xf32>) {
  dsa.index_scores<none> ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>) outs(%s : memref<?x?xf32>)
  return
}

// -----

// Half the absolute value: the half goes into the weights. The terms of a row become
// one vector; what it is times a key comes first into the key's sum.
// CHECK-LABEL: func @half_abs(
// CHECK-SAME:    %[[W:[^:]*]]: memref<?x4xf32>, %[[TERMS:[^:]*]]: memref<?x3x8xbf16>, %[[SCALES:[^:]*]]: memref<?x3xf32>,
// CHECK-DAG:     %[[HALF:.*]] = arith.constant 5.000000e-01 : f32
// CHECK:         scf.forall
// CHECK:           %[[W1:.*]] = memref.subview %[[W]][%{{.*}}, 0] [1, 4]
// CHECK:           linalg.generic {{.*}} ins(%[[W1]] :
// CHECK:             arith.mulf %{{.*}}, %[[HALF]]
// CHECK:           %[[LINEAR:.*]] = memref.alloc() {{.*}} : memref<2x8xf32>
// CHECK:           linalg.fill {{.*}} outs(%[[LINEAR]] :
// CHECK:           %[[TERMS1:.*]] = memref.subview %[[TERMS]][%{{.*}}, 0, 0] [1, 3, 8]
// CHECK:           %[[SCALES1:.*]] = memref.subview %[[SCALES]][%{{.*}}, 0] [1, 3]
// CHECK:           %[[LINEAR1:.*]] = memref.subview %[[LINEAR]][%{{.*}}, 0] [1, 8]
// CHECK:           linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%[[TERMS1]], %[[SCALES1]] : {{.*}}) outs(%[[LINEAR1]] :
// CHECK:             arith.extf %{{.*}} : bf16 to f32
// CHECK:             math.fma
// CHECK:           linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction"]} ins(%[[KEYS:[^,]*]], %{{.*}} : {{.*}}) outs(%[[PRODUCTS:.*]] : memref<32x4xf32>)
// CHECK:           linalg.fill {{.*}} outs(%[[SUMS:.*]] : memref<32xf32>)
// CHECK:           %[[LINEAR2:.*]] = memref.subview %[[LINEAR]][%{{.*}}, 0] [1, 8]
// CHECK:           linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%[[KEYS]], %[[LINEAR2]] : {{.*}}) outs(%[[SUMS]] : memref<32xf32>)
// CHECK:             math.fma
// CHECK:           linalg.generic {{.*}} ins(%[[PRODUCTS]], %{{.*}} : {{.*}}) outs(%[[SUMS]] : memref<32xf32>)
// CHECK:             math.absf
// CHECK-NOT:         arith.mulf
// CHECK:             math.fma
func.func @half_abs(%w: memref<?x4xf32>, %terms: memref<?x3x8xbf16>, %scales: memref<?x3xf32>, %s: memref<?x?xf32>,
                    %q: memref<?x4x8xbf16>, %k: memref<?x8xbf16>) {
  dsa.index_scores<half_abs> ins(%q, %k : memref<?x4x8xbf16>, memref<?x8xbf16>) weights(%w : memref<?x4xf32>)
      linear(%terms, %scales : memref<?x3x8xbf16>, memref<?x3xf32>)
      schedule(#dsa.loop_schedule<block_rows = 2, block_keys = 32>) outs(%s : memref<?x?xf32>)
  return
}

// -----

// Static extents, eight-bit keys: 9 rows are five blocks of two, heads are padded
// to whole vectors.
// CHECK-LABEL: func @schedule(
// CHECK:         scf.forall (%{{.*}}) in (5) {
// CHECK-DAG:       memref.alloc() {{.*}} : memref<2x8x4xf32>
// CHECK-DAG:       memref.alloc() {{.*}} : memref<32x8xf32>
// CHECK-DAG:       memref.alloc() {{.*}} : memref<32x4xf32>
// CHECK:           scf.for {{.*}} step %c32 {
// CHECK:             arith.extf %{{.*}} : f8E4M3FN to f32
func.func @schedule(%q: memref<9x3x8xf8E4M3FN>, %k: memref<37x8xf8E4M3FN>, %s: memref<9x37xf32>) {
  dsa.index_scores<relu> ins(%q, %k : memref<9x3x8xf8E4M3FN>, memref<37x8xf8E4M3FN>)
      schedule(#dsa.loop_schedule<block_rows = 2, block_keys = 32>) outs(%s : memref<9x37xf32>)
  return
}

// -----

// Chunks of keys are independent of one another. Bounds are those within the chunk, and
// where no row sees any of its keys no queries are converted.
// CHECK-LABEL: func @chunks(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x4x8xf32>, {{.*}}, %[[LO:[^:]*]]: memref<?xi32>, %{{.*}}: memref<?xi32>, %[[S:[^:]*]]: memref<?x?xf32>)
// CHECK-DAG:     %[[BLOCKS:.*]] = arith.ceildivui %{{.*}}, %c2
// CHECK-DAG:     %[[N:.*]] = memref.dim %[[S]], %c1
// CHECK-DAG:     %[[CHUNKS:.*]] = arith.ceildivui %[[N]], %c64
// CHECK:         scf.forall (%{{.*}}, %[[CHUNK:.*]]) in (%[[BLOCKS]], %[[CHUNKS]]) {
// CHECK:           %[[BEGIN:.*]] = arith.muli %[[CHUNK]], %c64
// CHECK:           %[[NEXT:.*]] = arith.addi %[[BEGIN]], %c64
// CHECK:           %[[END:.*]] = arith.minsi %[[NEXT]], %[[N]]
// CHECK:           memref.load %[[LO]]
// CHECK:           %[[AT_LEAST:.*]] = arith.maxsi %{{.*}}, %[[BEGIN]]
// CHECK:           arith.minsi %[[AT_LEAST]], %[[END]]
// CHECK:           memref.subview %[[S]][%{{.*}}, %[[BEGIN]]]
// CHECK:           %[[RANGE:.*]]:2 = scf.for {{.*}} iter_args(%{{.*}} = %[[END]], %{{.*}} = %[[BEGIN]])
// CHECK:           %[[SOME:.*]] = arith.cmpi slt, %[[RANGE]]#0, %[[RANGE]]#1
// CHECK:           %[[ROWS:.*]] = arith.select %[[SOME]], %{{.*}}, %c0
// CHECK:           scf.for %{{.*}} = %c0 to %[[ROWS]]
// CHECK:             memref.subview %[[Q]]
// CHECK:           scf.for %{{.*}} = %[[RANGE]]#0 to %[[RANGE]]#1 step %c32 {
func.func @chunks(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %lo: memref<?xi32>, %hi: memref<?xi32>,
                  %s: memref<?x?xf32>) {
  dsa.index_scores<relu> ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>)
      bounds(%lo, %hi : memref<?xi32>, memref<?xi32>)
      schedule(#dsa.loop_schedule<block_rows = 2, block_keys = 32, chunk_keys = 64>) outs(%s : memref<?x?xf32>)
  return
}

// -----

// Rows of different sequences share no keys, so a block is one row. A sequence that
// does not exist has none.
// CHECK-LABEL: func @sequences(
// CHECK-SAME:    %[[K:[^:]*]]: memref<?x?x8xf32>, %[[KS:[^:]*]]: memref<?x?xf32>, %[[SEQ:[^:]*]]: memref<?xi32>,
// CHECK:         %[[T:.*]] = memref.dim
// CHECK:         scf.forall (%[[ROW:.*]]) in (%[[T]]) {
// CHECK:           memref.load %[[SEQ]][%[[ROW]]]
// CHECK:           %[[NUMBER:.*]] = arith.index_cast
// CHECK:           %[[B:.*]] = memref.dim %[[K]], %c0
// CHECK-DAG:       %[[AT_LEAST_0:.*]] = arith.cmpi sge, %[[NUMBER]], %c0
// CHECK-DAG:       %[[BELOW_B:.*]] = arith.cmpi slt, %[[NUMBER]], %[[B]]
// CHECK:           %[[EXISTS:.*]] = arith.andi %[[AT_LEAST_0]], %[[BELOW_B]]
// CHECK:           arith.select %[[EXISTS]]
// CHECK:           memref.subview %[[K]][%[[NUMBER]], %{{.*}}, 0] [1, 1, 8]
// CHECK:           memref.load %[[KS]][%[[NUMBER]], %{{.*}}]
func.func @sequences(%k: memref<?x?x8xf32>, %ks: memref<?x?xf32>, %seq: memref<?xi32>, %q: memref<?x4x8xf32>,
                     %s: memref<?x?xf32>) {
  dsa.index_scores<relu> ins(%q, %k : memref<?x4x8xf32>, memref<?x?x8xf32>)
      k_scale(%ks : memref<?x?xf32>) seq(%seq : memref<?xi32>)
      schedule(#dsa.loop_schedule<block_rows = 8, block_keys = 64>) outs(%s : memref<?x?xf32>)
  return
}

// -----

// Operands may be views of larger memory.
// CHECK-LABEL: func @strided(
// CHECK:         memref.subview %{{.*}}[%{{.*}}, 0] [1, 8] [1, 1] : memref<?x8xf32, strided<[?, ?], offset: ?>> to memref<8xf32, strided<[?], offset: ?>>
func.func @strided(%q: memref<?x4x8xf32, strided<[64, 8, 1], offset: 8>>, %k: memref<?x8xf32, strided<[?, ?], offset: ?>>,
                   %s: memref<?x?xf32, strided<[?, 2]>>) {
  dsa.index_scores<none>
      ins(%q, %k : memref<?x4x8xf32, strided<[64, 8, 1], offset: 8>>, memref<?x8xf32, strided<[?, ?], offset: ?>>)
      outs(%s : memref<?x?xf32, strided<[?, 2]>>)
  return
}

// -----

// No keys at all.
// CHECK-LABEL: func @no_keys(
// CHECK-NOT:     dsa.index_scores
func.func @no_keys(%q: memref<?x4x8xf32>, %k: memref<0x8xf32>, %s: memref<?x0xf32>) {
  dsa.index_scores<none> ins(%q, %k : memref<?x4x8xf32>, memref<0x8xf32>) outs(%s : memref<?x0xf32>)
  return
}

// -----

// Heads are padded to whole vectors with queries of zeros, whose products with infinite
// keys must not count.
// CHECK-LABEL: func @padded_heads(
// CHECK:         linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction"]} {{.*}} outs(%[[PRODUCTS:.*]] : memref<64x8xf32>)
// CHECK:         %[[PADDING:.*]] = memref.subview %[[PRODUCTS]][0, 5] [64, 3] [1, 1]
// CHECK-NEXT:    linalg.fill ins(%{{.*}} : f32) outs(%[[PADDING]] :
// CHECK:         arith.maximumf
func.func @padded_heads(%q: memref<?x5x8xf32>, %k: memref<?x8xf32>, %s: memref<?x?xf32>) {
  dsa.index_scores<relu> ins(%q, %k : memref<?x5x8xf32>, memref<?x8xf32>)
      schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 64>) outs(%s : memref<?x?xf32>)
  return
}
