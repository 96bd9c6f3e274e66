// Scores of keys in pages, and of sequences, as kernels on tiles.
// RUN: dsa-opt %s -dsa-to-tile -split-input-file | FileCheck %s

#schedule = #dsa_tile.scores_schedule<block_rows = 2, split_keys = 64, slots = 2, groups = 1, blocks = 0>

// A tile of keys is the page of the table that the key is in, or a part of it. Its number is read while the tile
// before it is scored. Scores of keys in pages that do not exist are −∞, wherever bounds are.
// CHECK-LABEL: func @pages(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x8x64xf8E4M3FN>, %[[K:[^:]*]]: memref<?x128x64xf8E4M3FN>, %[[KS:[^:]*]]: memref<?x128xf32>, %[[TABLE:[^:]*]]: memref<?xi32>, %[[S:[^:]*]]: memref<?x?xf32>)
func.func @pages(%q: memref<?x8x64xf8E4M3FN>, %k: memref<?x128x64xf8E4M3FN>, %ks: memref<?x128xf32>,
                 %table: memref<?xi32>, %s: memref<?x?xf32>) {
  // No key lies behind the table's last page, nor anywhere if there is no page.
  // CHECK-DAG:  %[[KEYS:.*]] = memref.dim %[[S]], %c1
  // CHECK-DAG:  %[[ENTRIES:.*]] = memref.dim %[[TABLE]], %c0
  // CHECK:      %[[NAMED:.*]] = arith.muli %[[ENTRIES]], %c128
  // CHECK:      %[[FEWER:.*]] = arith.minui %[[KEYS]], %[[NAMED]]
  // CHECK:      %[[PAGES:.*]] = memref.dim %[[K]], %c0
  // CHECK:      %[[EMPTY:.*]] = arith.cmpi eq, %[[PAGES]], %c0
  // CHECK:      %[[COUNT:.*]] = arith.select %[[EMPTY]], %c0{{.*}}, %[[FEWER]]
  // What no program scores is filled.
  // CHECK:      scf.forall
  // CHECK:        memref.store %{{.*}}, %[[S]]
  // CHECK:      scf.forall
  // CHECK:        %[[LAST:.*]] = arith.subi %[[COUNT]], %c1
  // CHECK:        %[[AT:.*]] = arith.minui %{{.*}}, %[[LAST]]
  // CHECK:        %[[ENTRY:.*]] = arith.divui %[[AT]], %c128
  // CHECK:        %[[FIRST:.*]] = memref.load %[[TABLE]][%[[ENTRY]]]
  // CHECK:        scf.for %[[KEY:.*]] = {{.*}} iter_args(%[[PAGE:.*]] = %[[FIRST]]) -> (i32) {
  // CHECK:          %[[FOLLOWING:.*]] = arith.addi %[[KEY]], %c64
  // CHECK:          %[[NEXT:.*]] = memref.load %[[TABLE]]
  // CHECK:          %[[NUMBER:.*]] = arith.index_cast %[[PAGE]] : i32 to index
  // CHECK:          %[[WITHIN:.*]] = arith.remui %[[KEY]], %c128
  // CHECK:          %[[TILE:.*]] = dsa_tile.load %[[K]][%[[NUMBER]], %[[WITHIN]], %c0{{.*}}] box = [1, 64, 64] slots = 2 : {{.*}} -> tensor<64x64xf8E4M3FN>
  // CHECK:          dsa_tile.mma %[[TILE]],
  // CHECK:          dsa_tile.load %[[KS]][%{{.*}}, %{{.*}}] box = [1, 64] : memref<?x128xf32> -> tensor<64xf32>
  // CHECK:          %[[SCALED:.*]] = arith.mulf
  // CHECK:          %[[EXISTS:.*]] = arith.cmpi ult, %[[PAGE]], %{{.*}} : i32
  // CHECK:          %[[MASK:.*]] = dsa_tile.splat %[[EXISTS]] : i1 -> tensor<64x2xi1>
  // CHECK:          %[[INFINITY:.*]] = arith.constant dense<0xFF800000> : tensor<64x2xf32>
  // CHECK:          %[[SCORES:.*]] = arith.select %[[MASK]], %[[SCALED]], %[[INFINITY]]
  // CHECK:          dsa_tile.store %[[SCORES]], %[[S]]
  // CHECK:          scf.yield %[[NEXT]] : i32
  dsa.index_scores<relu> ins(%q, %k : memref<?x8x64xf8E4M3FN>, memref<?x128x64xf8E4M3FN>)
      k_scale(%ks : memref<?x128xf32>) table(%table : memref<?xi32>) schedule(#schedule)
      outs(%s : memref<?x?xf32>)
  return
}

// -----

#schedule = #dsa_tile.scores_schedule<block_rows = 2, split_keys = 64, slots = 2, groups = 1, blocks = 0>

// A tile of small pages is several boxes below each other; whether each page exists is a bit.
// CHECK-LABEL: func @small_pages(
// CHECK-SAME:    %{{[^:]*}}: memref<?x8x64xbf16>, %[[K:[^:]*]]: memref<?x32x64xbf16, strided<[2112, 64, 1]>>, %[[KS:[^:]*]]: memref<?x32xf32, strided<[1056, 1], offset: 1024>>, %[[TABLE:[^:]*]]: memref<?xi32>,
func.func @small_pages(%q: memref<?x8x64xbf16>, %k: memref<?x32x64xbf16, strided<[2112, 64, 1]>>,
                       %ks: memref<?x32xf32, strided<[1056, 1], offset: 1024>>, %table: memref<?xi32>,
                       %s: memref<?x?xf32>) {
  // CHECK:      scf.for %{{.*}} iter_args(%[[FIRST:.*]] = %{{.*}}, %[[SECOND:.*]] = %{{.*}}) -> (i32, i32) {
  // CHECK:        %[[ONE:.*]] = arith.index_cast %[[FIRST]]
  // CHECK:        %[[OTHER:.*]] = arith.index_cast %[[SECOND]]
  // CHECK:        dsa_tile.load %[[K]][%[[ONE]], %c0{{[^,]*}}, %c0{{[^,]*}}, %[[OTHER]], %c0{{[^,]*}}, %c0{{[^,]*}}] box = [1, 32, 64] slots = 2 : {{.*}} -> tensor<64x64xbf16>
  // CHECK:        dsa_tile.load %[[KS]]{{.*}} box = [1, 32] : {{.*}} -> tensor<64xf32>
  // CHECK:        %[[BIT:.*]] = arith.shli
  // CHECK:        %[[BITS:.*]] = arith.ori %{{.*}}
  // CHECK:        %[[ROW:.*]] = dsa_tile.iota dim = 0 : tensor<64x2xi32>
  // CHECK:        %[[PIECE:.*]] = arith.divui %[[ROW]], %{{.*}} : tensor<64x2xi32>
  // CHECK:        %[[SPREAD:.*]] = dsa_tile.splat %{{.*}} : i32 -> tensor<64x2xi32>
  // CHECK:        arith.shrui %[[SPREAD]], %[[PIECE]] : tensor<64x2xi32>
  dsa.index_scores<relu> ins(%q, %k : memref<?x8x64xbf16>, memref<?x32x64xbf16, strided<[2112, 64, 1]>>)
      k_scale(%ks : memref<?x32xf32, strided<[1056, 1], offset: 1024>>) table(%table : memref<?xi32>)
      schedule(#schedule) outs(%s : memref<?x?xf32>)
  return
}

// -----

#schedule = #dsa_tile.scores_schedule<block_rows = 2, split_keys = 64, slots = 2, groups = 1, blocks = 0>

// A program takes the sequences of its rows in turn, each once; rows of others see none of its keys. The queries
// are loaded once.
// CHECK-LABEL: func @sequences(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x8x64xbf16>, %[[K:[^:]*]]: memref<?x?x64xbf16>, %[[SEQ:[^:]*]]: memref<?xi32>, %[[LO:[^:]*]]: memref<?xi32>, %[[HI:[^:]*]]: memref<?xi32>, %[[S:[^:]*]]: memref<?x?xf32>)
func.func @sequences(%q: memref<?x8x64xbf16>, %k: memref<?x?x64xbf16>, %seq: memref<?xi32>,
                     %lo: memref<?xi32>, %hi: memref<?xi32>, %s: memref<?x?xf32>) {
  // A row whose sequence does not exist has no scores.
  // CHECK:      scf.forall (%[[ROW:.*]]) in
  // CHECK:        %[[OWN:.*]] = memref.load %[[SEQ]][%[[ROW]]]
  // CHECK:        arith.cmpi ult
  // CHECK:      scf.forall
  // CHECK:        dsa_tile.load %[[Q]]
  // CHECK:        scf.for %{{.*}} = %c0{{.*}} to %c2{{.*}} step %c1{{.*}} {
  // CHECK:          %[[NUMBER:.*]] = memref.load %[[SEQ]]
  // CHECK:          %[[SEQUENCE:.*]] = arith.index_cast %[[NUMBER]] : i32 to index
  // CHECK:          scf.if
  // CHECK-COUNT-2:    memref.load %[[LO]]
  // CHECK:            %[[OTHERS:.*]] = dsa_tile.load %[[SEQ]][%{{.*}}] box = [2]
  // CHECK:            %[[THIS:.*]] = dsa_tile.splat %[[NUMBER]] : i32 -> tensor<2xi32>
  // CHECK:            arith.cmpi eq, %[[OTHERS]], %[[THIS]] : tensor<2xi32>
  // CHECK:            scf.for %[[KEY:.*]] =
  // CHECK-NOT:          dsa_tile.load %[[Q]]
  // CHECK:              dsa_tile.load %[[K]][%[[SEQUENCE]], %[[KEY]], %c0{{.*}}] box = [1, 64, 64] slots = 2
  dsa.index_scores<none> ins(%q, %k : memref<?x8x64xbf16>, memref<?x?x64xbf16>)
      bounds(%lo, %hi : memref<?xi32>, memref<?xi32>) seq(%seq : memref<?xi32>) schedule(#schedule)
      outs(%s : memref<?x?xf32>)
  return
}
