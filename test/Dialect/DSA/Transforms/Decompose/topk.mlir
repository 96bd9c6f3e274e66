// RUN: dsa-opt %s -dsa-decompose -canonicalize -cse -split-input-file | FileCheck %s

// Each row: rank its columns, find the K-th largest rank bit by bit, take what lies
// above it and as many equal ones as are missing, in order of columns. Loops whose
// iterations are independent are scf.parallel.
// CHECK-LABEL: func @topk(
// CHECK-SAME:    %[[S:[^:]*]]: memref<?x?xf32>, %[[LO:[^:]*]]: memref<?xi32>, %[[HI:[^:]*]]: memref<?xi32>,
// CHECK-SAME:    %[[I:[^:]*]]: memref<?x1x8xi32>, %[[COUNT:[^:]*]]: memref<?x1xi32>, %[[V:[^:]*]]: memref<?x1x8xf32>)
// CHECK-DAG:     %[[MINUS_INF:.*]] = arith.constant 0xFF800000 : f32
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK:         scf.forall (%[[ROW:.*]]) in
// CHECK:           %[[N:.*]] = memref.dim %[[S]], %c1
// CHECK:           memref.load %[[LO]][%[[ROW]]]
// CHECK:           %[[BEGIN:.*]] = arith.minsi %{{.*}}, %[[N]]
// CHECK:           memref.load %[[HI]][%[[ROW]]]
// CHECK:           %[[END:.*]] = arith.minsi %{{.*}}, %[[N]]

// The rank orders as the score does, as an unsigned number; both zeros are equal.
// CHECK:           %[[RANKS:.*]] = memref.alloc(%[[N]]) {{.*}} : memref<?xi32>
// CHECK:           scf.parallel (%[[COLUMN:.*]]) = (%c0) to (%[[N]])
// CHECK:             %[[SCORE:.*]] = memref.load %[[S]][%[[ROW]], %[[COLUMN]]]
// CHECK:             %[[IS_ZERO:.*]] = arith.cmpf oeq, %[[SCORE]], %[[ZERO]]
// CHECK:             %[[RAW:.*]] = arith.bitcast %[[SCORE]] : f32 to i32
// CHECK:             %[[BITS:.*]] = arith.select %[[IS_ZERO]], %c0_i32, %[[RAW]]
// CHECK-DAG:         %[[NEGATIVE:.*]] = arith.cmpi slt, %[[BITS]], %c0_i32
// CHECK-DAG:         %[[FLIPPED:.*]] = arith.xori %[[BITS]], %c-1_i32
// CHECK-DAG:         %[[RAISED:.*]] = arith.ori %[[BITS]], %c-2147483648_i32
// CHECK:             %[[ORDERED:.*]] = arith.select %[[NEGATIVE]], %[[FLIPPED]], %[[RAISED]]
// Neither NaN, −inf nor outside the bounds.
// CHECK-DAG:         %[[NUMBER:.*]] = arith.cmpf ogt, %[[SCORE]], %[[MINUS_INF]]
// CHECK-DAG:         arith.cmpi sge, %[[COLUMN]], %[[BEGIN]]
// CHECK-DAG:         arith.cmpi slt, %[[COLUMN]], %[[END]]
// CHECK:             %[[SELECTABLE:.*]] = arith.andi %[[NUMBER]]
// CHECK:             %[[RANK:.*]] = arith.select %[[SELECTABLE]], %[[ORDERED]], %c0_i32
// CHECK:             memref.store %[[RANK]], %[[RANKS]][%[[COLUMN]]]

// CHECK:           %[[FOUND:.*]]:2 = scf.for %{{.*}} = %c0 to %c32 {{.*}} iter_args(%[[SO_FAR:.*]] = %c0_i32, %[[COUNTED:.*]] = %[[N]])
// CHECK:             %[[TRIED:.*]] = arith.ori %[[SO_FAR]]
// CHECK:             %[[REACHED:.*]] = scf.parallel {{.*}} to (%[[COUNTED]])
// CHECK:               arith.cmpi uge, %{{.*}}, %[[TRIED]]
// CHECK:               scf.reduce
// CHECK:             %[[ENOUGH:.*]] = arith.cmpi sge, %[[REACHED]], %c8_i32
// Once exactly K reach it, no more are counted.
// CHECK:             %[[EXACT:.*]] = arith.cmpi eq, %[[REACHED]], %c8_i32
// CHECK:             %[[NEXT:.*]] = arith.select %[[ENOUGH]], %[[TRIED]], %[[SO_FAR]]
// CHECK:             %[[LEFT_TO_COUNT:.*]] = arith.select %[[EXACT]], %c0, %[[COUNTED]]
// CHECK:             scf.yield %[[NEXT]], %[[LEFT_TO_COUNT]]
// CHECK:           %[[THRESHOLD:.*]] = arith.maxui %[[FOUND]]#0, %c1_i32
// CHECK:           %[[ABOVE:.*]] = scf.parallel
// CHECK:             arith.cmpi ugt, %{{.*}}, %[[THRESHOLD]]
// CHECK:           %[[EQUAL:.*]] = scf.parallel
// CHECK:             arith.cmpi eq, %{{.*}}, %[[THRESHOLD]]
// CHECK:           %[[MISSING:.*]] = arith.subi %c8_i32, %[[ABOVE]]
// CHECK:           %[[TIES:.*]] = arith.minsi %[[MISSING]], %[[EQUAL]]

// CHECK:           %[[LIST:.*]] = memref.alloc(%[[N]]) {{.*}} : memref<?xi32>
// All that tie, or the first few.
// CHECK:           %[[ALL:.*]] = arith.cmpi eq, %[[TIES]], %[[EQUAL]]
// CHECK:           scf.if %[[ALL]] {
// CHECK:             scf.for %[[COLUMN:.*]] = %c0 to %[[N]] {{.*}} iter_args(%[[PLACE:.*]] = %c0_i32)
// CHECK-NOT:           arith.subi
// CHECK:               memref.store %{{.*}}, %[[LIST]]
// CHECK:           } else {
// CHECK:             scf.for %[[COLUMN:.*]] = %c0 to %[[N]] {{.*}} iter_args(%[[PLACE:.*]] = %c0_i32, %[[LEFT:.*]] = %[[TIES]])
// CHECK:             %[[RANK:.*]] = memref.load %[[RANKS]][%[[COLUMN]]]
// CHECK-DAG:         arith.cmpi ugt, %[[RANK]], %[[THRESHOLD]]
// CHECK-DAG:         arith.cmpi eq, %[[RANK]], %[[THRESHOLD]]
// CHECK-DAG:         arith.cmpi sgt, %[[LEFT]], %c0_i32
// Every column is stored to the end of the list, which moves on if it is taken.
// CHECK-DAG:         %[[AT:.*]] = arith.index_cast %[[PLACE]]
// CHECK-DAG:         %[[COLUMN32:.*]] = arith.index_cast %[[COLUMN]]
// CHECK:             memref.store %[[COLUMN32]], %[[LIST]][%[[AT]]]
// CHECK-NOT:         scf.if
// CHECK:             scf.yield

// CHECK:           %[[TAKEN:.*]] = arith.addi %[[ABOVE]], %[[TIES]]
// CHECK:           scf.parallel (%[[PLACE:.*]]) =
// CHECK:             %[[COLUMN32:.*]] = memref.load %[[LIST]][%[[PLACE]]]
// CHECK:             %[[COLUMN:.*]] = arith.index_cast %[[COLUMN32]]
// CHECK:             memref.store %{{.*}}, %[[I]][%[[ROW]], %c0, %[[PLACE]]]
// CHECK:             %[[VALUE:.*]] = memref.load %[[S]][%[[ROW]], %[[COLUMN]]]
// CHECK:             memref.store %[[VALUE]], %[[V]][%[[ROW]], %c0, %[[PLACE]]]

// The count, then −1 (and −inf) to the end.
// CHECK:           memref.store %[[TAKEN]], %[[COUNT]][%[[ROW]], %c0]
// CHECK:           scf.parallel
// CHECK:             memref.store %c-1_i32, %[[I]][%[[ROW]], %c0, %[[PLACE:.*]]]
// CHECK:             memref.store %[[MINUS_INF]], %[[V]][%[[ROW]], %c0, %[[PLACE]]]
func.func @topk(%s: memref<?x?xf32>, %lo: memref<?xi32>, %hi: memref<?xi32>, %i: memref<?x1x8xi32>,
                %n: memref<?x1xi32>, %v: memref<?x1x8xf32>) {
  dsa.topk ins(%s : memref<?x?xf32>) bounds(%lo, %hi : memref<?xi32>, memref<?xi32>)
      outs(%i, %n, %v : memref<?x1x8xi32>, memref<?x1xi32>, memref<?x1x8xf32>)
  return
}

// -----

// What is kept whatever its score has the highest rank.
// CHECK-LABEL: func @window_and_first(
// CHECK-SAME:    %{{[^:]*}}: memref<?x?xf32>, %[[LO:[^:]*]]: memref<?xi32>, %{{[^:]*}}: memref<?xi32>, %[[P:[^:]*]]: memref<?xi32>,
// CHECK:         scf.forall (%[[ROW:.*]]) in
// CHECK:           memref.load %[[LO]][%[[ROW]]]
// CHECK:           %[[BEGIN:.*]] = arith.minsi
// CHECK:           memref.load %[[P]][%[[ROW]]]
// CHECK:           %[[POSITION:.*]] = arith.index_cast
// CHECK:           scf.parallel (%[[COLUMN:.*]]) =
// CHECK-DAG:         %[[LEFT:.*]] = arith.subi %[[POSITION]], %c2
// CHECK-DAG:         %[[RIGHT:.*]] = arith.addi %[[POSITION]], %c4
// CHECK-DAG:         arith.cmpi sge, %[[COLUMN]], %[[LEFT]]
// CHECK-DAG:         arith.cmpi slt, %[[COLUMN]], %[[RIGHT]]
// CHECK-DAG:         %[[FIRST:.*]] = arith.addi %[[BEGIN]], %c1
// CHECK-DAG:         arith.cmpi slt, %[[COLUMN]], %[[FIRST]]
// CHECK:             %[[KEPT:.*]] = arith.ori %{{.*}} : i1
// CHECK:             %[[RANK:.*]] = arith.select %[[KEPT]], %c-1_i32, %{{.*}} : i32
// CHECK:             arith.select %{{.*}}, %[[RANK]], %c0_i32
func.func @window_and_first(%s: memref<?x?xf32>, %lo: memref<?xi32>, %hi: memref<?xi32>, %p: memref<?xi32>,
                            %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
  dsa.topk ins(%s : memref<?x?xf32>) bounds(%lo, %hi : memref<?xi32>, memref<?xi32>)
      positions(%p : memref<?xi32>) window = [2, 3] first = 1
      outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>)
  return
}

// -----

// Blocks rank as their best column; the last one may be shorter. Lists are
// independent of one another.
// CHECK-LABEL: func @blocks(
// CHECK-SAME:    %[[S:[^:]*]]: memref<?x2x?xf16>,
// CHECK:         scf.forall (%[[ROW:.*]], %[[LIST:.*]]) in (%{{.*}}, 2) {
// CHECK:           %[[N:.*]] = memref.dim %[[S]], %c2
// CHECK:           %[[BLOCKS:.*]] = arith.ceildivui %[[N]], %c4
// CHECK:           %[[RANKS:.*]] = memref.alloc(%[[BLOCKS]])
// CHECK:           scf.parallel (%[[BLOCK:.*]]) = (%c0) to (%[[BLOCKS]])
// CHECK:             %[[FIRST:.*]] = arith.muli %[[BLOCK]], %c4
// CHECK:             %[[END:.*]] = arith.addi %[[FIRST]], %c4
// CHECK:             %[[LAST:.*]] = arith.minsi %[[END]], %[[N]]
// CHECK:             %[[BEST:.*]]:2 = scf.for %[[COLUMN:.*]] = %[[FIRST]] to %[[LAST]]
// CHECK:               memref.load %[[S]][%[[ROW]], %[[LIST]], %[[COLUMN]]]
// CHECK:               arith.extf %{{.*}} : f16 to f32
// CHECK:               arith.maximumf
// CHECK:               arith.maxui
// CHECK:             memref.store %[[BEST]]#1, %[[RANKS]][%[[BLOCK]]]
func.func @blocks(%s: memref<?x2x?xf16>, %i: memref<?x2x8xi32>, %n: memref<?x2xi32>, %v: memref<?x2x8xf16>) {
  dsa.topk ins(%s : memref<?x2x?xf16>) block = 4
      outs(%i, %n, %v : memref<?x2x8xi32>, memref<?x2xi32>, memref<?x2x8xf16>)
  return
}

// -----

// With ids, ties go to the smaller id, and what was taken is sorted by id.
// CHECK-LABEL: func @ids(
// CHECK-SAME:    %[[S:[^:]*]]: memref<?x?xf32>, %[[IDS:[^:]*]]: memref<?x?xi32>, %[[I:[^:]*]]: memref<?x1x8xi32>,
// CHECK:         scf.forall (%[[ROW:.*]]) in
// CHECK:           %[[TAKEN_IDS:.*]] = memref.alloc() {{.*}} : memref<8xindex>
// CHECK:           %[[RANKS:.*]] = memref.alloc(%{{.*}}) {{.*}} : memref<?xi32>
// CHECK:             %[[ID:.*]] = arith.index_cast %{{.*}} : i32 to index
// CHECK-DAG:         arith.cmpi sge, %[[ID]], %c0
// CHECK-DAG:         arith.cmpi slt, %[[ID]], %c2147483648
// CHECK:             memref.store %{{.*}}, %[[RANKS]]
// The threshold, then the id of the last tie taken.
// CHECK:           scf.for %{{.*}} = %c0 to %c32
// CHECK:           %[[LAST_TIE:.*]] = scf.for %{{.*}} = %c0 to %c31
// CHECK:             memref.load %[[IDS]]
// CHECK:           scf.for {{.*}} iter_args
// CHECK:             arith.cmpi slt, %{{.*}}, %[[LAST_TIE]]
// CHECK:             arith.cmpi eq, %{{.*}}, %[[LAST_TIE]]
// CHECK:             memref.store %{{.*}}, %[[TAKEN_IDS]]
// CHECK:           scf.parallel (%[[ELEMENT:.*]]) =
// CHECK:             %[[ID:.*]] = memref.load %[[TAKEN_IDS]][%[[ELEMENT]]]
// CHECK:             %[[PLACE:.*]] = scf.for %[[OTHER:[^ ]*]] = %c0
// CHECK:               %[[OTHER_ID:.*]] = memref.load %[[TAKEN_IDS]][%[[OTHER]]]
// CHECK:               arith.cmpi slt, %[[OTHER_ID]], %[[ID]]
// CHECK:             memref.store %{{.*}}, %[[I]][%[[ROW]], %c0, %[[PLACE]]]
func.func @ids(%s: memref<?x?xf32>, %ids: memref<?x?xi32>, %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
  dsa.topk ins(%s : memref<?x?xf32>) ids(%ids : memref<?x?xi32>)
      outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>)
  return
}

// -----

// What has an order is split into parts: each part counts what it will take, then
// writes from its place on.
// CHECK-LABEL: func @threads(
// CHECK-SAME:    %{{[^:]*}}: memref<?x?xf32>, %[[I:[^:]*]]: memref<?x1x8xi32>,
// CHECK:           %[[COUNTS:.*]] = memref.alloc() {{.*}} : memref<32xi32>
// CHECK:           %[[SHARE:.*]] = arith.ceildivui %{{.*}}, %c32
// CHECK:           scf.parallel (%[[THREAD:.*]]) = (%c0) to (%c32)
// CHECK:             arith.muli %[[THREAD]], %[[SHARE]]
// CHECK:             scf.for
// CHECK:             memref.store %{{.*}}, %[[COUNTS]][%[[THREAD]]]
// CHECK:           scf.parallel (%[[THREAD:.*]]) = (%c0) to (%c32)
// CHECK:             scf.for %{{.*}} = %c0 to %[[THREAD]]
// CHECK:               memref.load %[[COUNTS]]
// CHECK:             scf.for
// CHECK:               scf.if
// CHECK:                 memref.store %{{.*}}, %[[I]]
func.func @threads(%s: memref<?x?xf32>, %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
  dsa.topk ins(%s : memref<?x?xf32>)
      schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 64, threads = 32>)
      outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>)
  return
}

// -----

// Static extents; more entries than columns.
// CHECK-LABEL: func @static(
// CHECK:         scf.forall (%{{.*}}, %{{.*}}) in (3, 2) {
// CHECK:           memref.alloc() {{.*}} : memref<5xi32>
// CHECK:           scf.parallel {{.*}} to (%c5)
func.func @static(%s: memref<3x2x5xf32>, %i: memref<3x2x64xi32>, %n: memref<3x2xi32>) {
  dsa.topk ins(%s : memref<3x2x5xf32>) outs(%i, %n : memref<3x2x64xi32>, memref<3x2xi32>)
  return
}
