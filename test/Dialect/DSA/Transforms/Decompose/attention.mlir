// RUN: dsa-opt %s -dsa-decompose -canonicalize -cse -split-input-file | FileCheck %s

// The heads that share keys are computed together: a running maximum and sum for
// each, updated with every tile of keys.
// CHECK-LABEL: func @sparse_attention(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x4x16xf16>, %[[K:[^:]*]]: memref<?x16xf16>, %[[V:[^:]*]]: memref<?x12xf16>, %[[I:[^:]*]]: memref<?x1x20xi32>,
// CHECK-SAME:    %[[N:[^:]*]]: memref<?x1xi32>, %[[SINK:[^:]*]]: memref<4xf32>, %[[O:[^:]*]]: memref<?x4x12xf16>, %[[L:[^:]*]]: memref<?x4xf32>, %[[M:[^:]*]]: memref<?x4xf32>)
// CHECK-DAG:     %[[MINUS_INF:.*]] = arith.constant 0xFF800000 : f32
// CHECK-DAG:     %[[LOWEST:.*]] = arith.constant -3.40282347E+38 : f32
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK-DAG:     %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
// CHECK-DAG:     %[[LOG2E:.*]] = arith.constant 1.44269502 : f32
// CHECK-DAG:     %[[LN2:.*]] = arith.constant 0.693147182 : f32
// CHECK-DAG:     %[[SCALE:.*]] = arith.constant 0.72134751 : f32
// CHECK:         %[[T:.*]] = memref.dim %[[Q]], %c0
// CHECK:         scf.forall (%[[ROW:.*]]) in (%[[T]]) {

// The list's length, clamped to its entries; the keys there are.
// CHECK:           memref.load %[[N]][%[[ROW]], %c0]
// CHECK:           %[[ENTRIES:.*]] = arith.minsi %{{.*}}, %c20
// CHECK:           %[[COUNT:.*]] = memref.dim %[[K]], %c0

// Queries, times scale and log2(e), heads innermost.
// CHECK:           %[[Q32:.*]] = memref.alloc() {{.*}} : memref<16x4xf32>
// CHECK:           memref.subview %[[Q]][%[[ROW]], 0, 0] [1, 4, 16]
// CHECK:             arith.extf %{{.*}} : f16 to f32
// CHECK:             arith.mulf %{{.*}}, %[[SCALE]]

// Values are padded to whole vectors.
// CHECK-DAG:       %[[K32:.*]] = memref.alloc() {{.*}} : memref<64x16xf32>
// CHECK-DAG:       linalg.fill ins(%[[LOWEST]] : f32) outs(%[[MAX:.*]] : memref<4xf32>)
// CHECK-DAG:       linalg.fill ins(%[[ZERO]] : f32) outs(%[[OUT:.*]] : memref<4x16xf32>)
// CHECK:           scf.for %[[FIRST:.*]] = %c0 to %[[ENTRIES]] step %c64 {

// A hole becomes zeros, marked so; it is never dereferenced.
// CHECK:             scf.for %[[SLOT:.*]] = %c0 to %c64
// CHECK:               %[[ENTRY:.*]] = arith.addi %[[FIRST]], %[[SLOT]]
// CHECK:               %[[IS_ENTRY:.*]] = arith.cmpi slt, %[[ENTRY]], %[[ENTRIES]]
// CHECK:               scf.if %[[IS_ENTRY]] {
// CHECK:                 memref.load %[[I]][%[[ROW]], %c0, %[[ENTRY]]]
// CHECK:                 %[[KEY:.*]] = arith.index_cast
// CHECK-DAG:             %[[AT_LEAST_0:.*]] = arith.cmpi sge, %[[KEY]], %c0
// CHECK-DAG:             %[[BELOW:.*]] = arith.cmpi slt, %[[KEY]], %[[COUNT]]
// CHECK:                 %[[IS_KEY:.*]] = arith.andi %[[AT_LEAST_0]], %[[BELOW]]
// CHECK:                 scf.if %[[IS_KEY]] {
// CHECK:                   memref.store %[[ONE]], %[[VALID:.*]][%[[SLOT]]]
// CHECK:                   memref.subview %[[K]][%[[KEY]], 0] [1, 16]
// CHECK:                   memref.subview %[[V]][%[[KEY]], 0] [1, 12]
// CHECK:                 } else {
// CHECK-NEXT:              memref.store %[[ZERO]], %[[VALID]][%[[SLOT]]]
// CHECK-COUNT-2:           linalg.fill ins(%[[ZERO]] :
// CHECK:                 }
// CHECK:               } else {
// CHECK-NEXT:            memref.store %[[ZERO]], %[[VALID]][%[[SLOT]]]
// CHECK-COUNT-2:         linalg.fill ins(%[[ZERO]] :
// CHECK:               }
// CHECK:             }

// Logits, −inf for holes.
// CHECK:             linalg.generic {{.*}} ["parallel", "parallel", "reduction"]} {{.*}} outs(%[[LOGITS:.*]] : memref<64x4xf32>)
// CHECK:               math.fma
// CHECK:             linalg.generic {{.*}} ins(%[[VALID]] : {{.*}}) outs(%[[LOGITS]] :
// CHECK:               arith.select %{{.*}}, %{{.*}}, %[[MINUS_INF]]

// The new maximum, the factor by which older sums shrink, probabilities, sums.
// CHECK:             linalg.generic {{.*}} ins(%[[MAX]] : {{.*}}) outs(%[[SHRINK:.*]] : memref<4xf32>)
// CHECK:             linalg.generic {{.*}} ins(%[[LOGITS]] : {{.*}}) outs(%[[MAX]] :
// CHECK:               arith.maximumf
// CHECK:             linalg.generic {{.*}} ins(%[[MAX]] : {{.*}}) outs(%[[SHRINK]] :
// CHECK:               math.exp2
// CHECK:             linalg.generic {{.*}} ins(%[[MAX]] : {{.*}}) outs(%[[LOGITS]] :
// CHECK:               math.exp2
// CHECK:             linalg.generic {{.*}} ins(%[[SHRINK]] : {{.*}}) outs(%[[SUM:.*]] : memref<4xf32>)
// CHECK:               arith.mulf
// CHECK:             linalg.generic {{.*}} ins(%[[LOGITS]] : {{.*}}) outs(%[[SUM]] :
// CHECK:               arith.addf
// CHECK:             linalg.generic {{.*}} ins(%[[SHRINK]] : {{.*}}) outs(%[[OUT]] :
// CHECK:               arith.mulf
// CHECK:             linalg.generic {{.*}} ins(%[[LOGITS]], %{{.*}} : {{.*}}) outs(%[[OUT]] :
// CHECK:               math.fma
// CHECK:           }

// Each head's results; those of a dead row are zero and −inf.
// CHECK:           scf.parallel (%[[HEAD:.*]]) = (%c0) to (%c4)
// CHECK-DAG:         %[[TOTAL:.*]] = memref.load %[[SUM]][%[[HEAD]]]
// CHECK-DAG:         %[[MAX2:.*]] = memref.load %[[MAX]][%[[HEAD]]]
// CHECK:             %[[DEAD:.*]] = arith.cmpf oeq, %[[TOTAL]], %[[ZERO]]
// CHECK:             %[[NATURAL_MAX:.*]] = arith.mulf %[[MAX2]], %[[LN2]]
// CHECK:             %[[LOG:.*]] = math.log %[[TOTAL]]
// CHECK:             arith.addf %[[LOG]], %[[NATURAL_MAX]]
// CHECK:             %[[LSE:.*]] = arith.select %[[DEAD]], %[[MINUS_INF]]
// CHECK:             memref.store %[[LSE]], %[[L]][%[[ROW]], %[[HEAD]]]
// CHECK:             %[[LARGEST:.*]] = arith.select %[[DEAD]], %[[MINUS_INF]], %[[NATURAL_MAX]]
// CHECK:             memref.store %[[LARGEST]], %[[M]][%[[ROW]], %[[HEAD]]]
// The sink joins the denominator alone.
// CHECK:             %[[SINK_LOGIT:.*]] = memref.load %[[SINK]][%[[HEAD]]]
// CHECK:             arith.mulf %[[SINK_LOGIT]], %[[LOG2E]]
// CHECK:             math.exp2
// CHECK:             %[[DENOMINATOR:.*]] = arith.addf %[[TOTAL]]
// CHECK:             %[[INVERSE:.*]] = arith.divf %[[ONE]], %[[DENOMINATOR]]
// CHECK:             %[[FACTOR:.*]] = arith.select %[[DEAD]], %[[ZERO]], %[[INVERSE]]
// CHECK:             memref.store %[[FACTOR]], %[[SUM]][%[[HEAD]]]
// CHECK:           memref.subview %[[O]][%[[ROW]], 0, 0] [1, 4, 12]
// CHECK:             arith.mulf
// CHECK:             arith.truncf %{{.*}} : f32 to f16
func.func @sparse_attention(%q: memref<?x4x16xf16>, %k: memref<?x16xf16>, %v: memref<?x12xf16>, %i: memref<?x1x20xi32>,
                            %n: memref<?x1xi32>, %sink: memref<4xf32>, %o: memref<?x4x12xf16>, %l: memref<?x4xf32>,
                            %m: memref<?x4xf32>) {
  dsa.sparse_attention scale = 0.5 ins(%q, %k, %v : memref<?x4x16xf16>, memref<?x16xf16>, memref<?x12xf16>)
      indices(%i : memref<?x1x20xi32>) lengths(%n : memref<?x1xi32>) sink(%sink : memref<4xf32>)
      outs(%o, %l, %m : memref<?x4x12xf16>, memref<?x4xf32>, memref<?x4xf32>)
  return
}

// -----

// Heads of K and V, and lists, split query heads into groups.
// CHECK-LABEL: func @list_per_key_head(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x8x16xf32>, %[[K:[^:]*]]: memref<?x2x16xf32>, %[[I:[^:]*]]: memref<?x2x20xi32>,
// CHECK:         scf.forall (%[[ROW:.*]], %[[GROUP:.*]]) in (%{{.*}}, 2) {
// CHECK:           %[[HEAD:.*]] = arith.muli %[[GROUP]], %c4
// CHECK:           memref.subview %[[Q]][%[[ROW]], %[[HEAD]], 0] [1, 4, 16]
// CHECK:           memref.load %[[I]][%[[ROW]], %[[GROUP]], %{{.*}}]
// CHECK:           memref.subview %[[K]][%{{.*}}, %[[GROUP]], 0] [1, 1, 16]
func.func @list_per_key_head(%q: memref<?x8x16xf32>, %k: memref<?x2x16xf32>, %i: memref<?x2x20xi32>,
                             %o: memref<?x8x16xf32>, %l: memref<?x8xf32>) {
  dsa.sparse_attention scale = 0.5 ins(%q, %k : memref<?x8x16xf32>, memref<?x2x16xf32>)
      indices(%i : memref<?x2x20xi32>) outs(%o, %l : memref<?x8x16xf32>, memref<?x8xf32>)
  return
}

// -----

// CHECK-LABEL: func @list_per_query_head(
// CHECK-SAME:    %[[K:[^:]*]]: memref<?x2x16xf32>, %[[I:[^:]*]]: memref<?x8x20xi32>,
// CHECK:         scf.forall (%[[ROW:.*]], %[[GROUP:.*]]) in (%{{.*}}, 8) {
// CHECK:           %[[KEY_HEAD:.*]] = arith.divui %[[GROUP]], %c4
// CHECK:           memref.load %[[I]][%[[ROW]], %[[GROUP]], %{{.*}}]
// CHECK:           memref.subview %[[K]][%{{.*}}, %[[KEY_HEAD]], 0] [1, 1, 16]
func.func @list_per_query_head(%q: memref<?x8x16xf32>, %k: memref<?x2x16xf32>, %i: memref<?x8x20xi32>,
                               %o: memref<?x8x16xf32>, %l: memref<?x8xf32>) {
  dsa.sparse_attention scale = 0.5 ins(%q, %k : memref<?x8x16xf32>, memref<?x2x16xf32>)
      indices(%i : memref<?x8x20xi32>) outs(%o, %l : memref<?x8x16xf32>, memref<?x8xf32>)
  return
}

// -----

// An entry names a block of keys, the last of which may not exist.
// CHECK-LABEL: func @blocks(
// CHECK-SAME:    %[[K:[^:]*]]: memref<?x16xf32>, %[[I:[^:]*]]: memref<?x1x20xi32>,
// CHECK:         scf.forall
// CHECK:           %[[COUNT:.*]] = memref.dim %[[K]], %c0
// CHECK:           scf.for %[[FIRST:.*]] = %c0 to %c80 step %c64 {
// CHECK:             scf.for %[[SLOT:.*]] =
// CHECK:               %[[CANDIDATE:.*]] = arith.addi %[[FIRST]], %[[SLOT]]
// CHECK:               %[[ENTRY:.*]] = arith.divui %[[CANDIDATE]], %c4
// CHECK:               memref.load %[[I]][%{{.*}}, %c0, %[[ENTRY]]]
// CHECK:               %[[WITHIN:.*]] = arith.remui %[[CANDIDATE]], %c4
// CHECK:               %[[START:.*]] = arith.muli %{{.*}}, %c4
// CHECK:               %[[KEY:.*]] = arith.addi %[[START]], %[[WITHIN]]
// CHECK:               arith.cmpi slt, %[[KEY]], %[[COUNT]]
func.func @blocks(%q: memref<?x4x16xf32>, %k: memref<?x16xf32>, %i: memref<?x1x20xi32>, %o: memref<?x4x16xf32>,
                  %l: memref<?x4xf32>) {
  dsa.sparse_attention scale = 0.5 ins(%q, %k : memref<?x4x16xf32>, memref<?x16xf32>)
      indices(%i : memref<?x1x20xi32>) block = 4 outs(%o, %l : memref<?x4x16xf32>, memref<?x4xf32>)
  return
}

// -----

// Without V, the first columns of K are the values: one tile serves both.
// CHECK-LABEL: func @values_are_keys(
// CHECK-DAG:     memref.alloc() {{.*}} : memref<64x24xf32>
// CHECK-DAG:     memref.alloc() {{.*}} : memref<4x16xf32>
// CHECK-NOT:     memref.alloc() {{.*}} : memref<64x16xf32>
// CHECK:         scf.for %{{.*}} step %c64
// CHECK:           %[[VALUES:.*]] = memref.subview %{{.*}}[0, 0] [64, 16] [1, 1] : memref<64x24xf32>
// CHECK:           linalg.generic {{.*}} ins(%{{.*}}, %[[VALUES]] : {{.*}}) outs(%{{.*}} : memref<4x16xf32>)
func.func @values_are_keys(%q: memref<?x4x24xf32>, %k: memref<?x24xf32>, %i: memref<?x1x200xi32>,
                           %o: memref<?x4x12xf32>, %l: memref<?x4xf32>) {
  dsa.sparse_attention scale = 0.5 ins(%q, %k : memref<?x4x24xf32>, memref<?x24xf32>)
      indices(%i : memref<?x1x200xi32>) outs(%o, %l : memref<?x4x12xf32>, memref<?x4xf32>)
  return
}

// -----

// Dense attention: the keys of a row are a range, the intersection of bounds and
// window.
// CHECK-LABEL: func @attention(
// CHECK-SAME:    %[[K:[^:]*]]: memref<2x?x16xf32>, %[[LO:[^:]*]]: memref<?xi32>, %[[HI:[^:]*]]: memref<?xi32>, %[[P:[^:]*]]: memref<?xi32>, %[[SEQ:[^:]*]]: memref<?xi32>,
// CHECK:         scf.forall (%[[ROW:.*]]) in
// CHECK:           %[[COUNT:.*]] = memref.dim %[[K]], %c1
// CHECK:           memref.load %[[LO]][%[[ROW]]]
// CHECK:           %[[LO1:.*]] = arith.minsi %{{.*}}, %[[COUNT]]
// CHECK:           memref.load %[[HI]][%[[ROW]]]
// CHECK:           %[[HI1:.*]] = arith.minsi %{{.*}}, %[[COUNT]]
// CHECK:           memref.load %[[P]][%[[ROW]]]
// CHECK:           %[[POSITION:.*]] = arith.index_cast
// CHECK:           %[[LEFT:.*]] = arith.subi %[[POSITION]], %c7
// CHECK:           %[[BEGIN:.*]] = arith.maxsi %[[LO1]], %[[LEFT]]
// CHECK:           %[[RIGHT:.*]] = arith.addi %[[POSITION]], %c1
// CHECK:           %[[WINDOW_END:.*]] = arith.minsi %[[HI1]], %[[RIGHT]]
// CHECK:           memref.load %[[SEQ]][%[[ROW]]]
// CHECK:           %[[NUMBER:.*]] = arith.index_cast
// CHECK:           %[[EXISTS:.*]] = arith.andi
// CHECK:           %[[END:.*]] = arith.select %[[EXISTS]], %[[WINDOW_END]], %[[BEGIN]]
// CHECK:           scf.for %[[FIRST:.*]] = %[[BEGIN]] to %[[END]] step %c32 {
// CHECK:             scf.for %[[SLOT:.*]] = %c0 to %c32
// CHECK:               %[[KEY:.*]] = arith.addi %[[FIRST]], %[[SLOT]]
// CHECK:               arith.cmpi slt, %[[KEY]], %[[END]]
// CHECK:               memref.subview %[[K]][%[[NUMBER]], %[[KEY]], 0] [1, 1, 16]
func.func @attention(%q: memref<?x4x16xf32>, %k: memref<2x?x16xf32>, %lo: memref<?xi32>, %hi: memref<?xi32>,
                     %p: memref<?xi32>, %seq: memref<?xi32>, %o: memref<?x4x16xf32>, %l: memref<?x4xf32>) {
  dsa.attention scale = 0.5 ins(%q, %k : memref<?x4x16xf32>, memref<2x?x16xf32>)
      bounds(%lo, %hi : memref<?xi32>, memref<?xi32>) positions(%p : memref<?xi32>) seq(%seq : memref<?xi32>)
      window = [7, 0] schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 32>)
      outs(%o, %l : memref<?x4x16xf32>, memref<?x4xf32>)
  return
}

// -----

// CHECK-LABEL: func @static(
// CHECK:         scf.forall (%{{.*}}, %{{.*}}) in (3, 2) {
// CHECK:           scf.for %{{.*}} = %c0 to %c37 step %c16
func.func @static(%q: memref<3x6x16xbf16>, %k: memref<37x2x16xbf16>, %v: memref<37x2x8xbf16>, %o: memref<3x6x8xf32>,
                  %l: memref<3x6xf32>) {
  dsa.attention scale = 0.5 ins(%q, %k, %v : memref<3x6x16xbf16>, memref<37x2x16xbf16>, memref<37x2x8xbf16>)
      schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16>)
      outs(%o, %l : memref<3x6x8xf32>, memref<3x6xf32>)
  return
}
