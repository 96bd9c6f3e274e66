// Round trips of every operation with every clause, on tensors and on memrefs.

// RUN: dsa-opt %s | dsa-opt | FileCheck %s
// RUN: dsa-opt %s -mlir-print-op-generic | dsa-opt | FileCheck %s
// RUN: dsa-opt %s -emit-bytecode | dsa-opt | FileCheck %s

//===----------------------------------------------------------------------===//
// index_scores
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @index_scores(
// CHECK-SAME:    %[[Q:.*]]: tensor<?x64x128xbf16>, %[[K:.*]]: tensor<?x128xbf16>, %[[INIT:.*]]: tensor<?x?xf32>)
func.func @index_scores(%q: tensor<?x64x128xbf16>, %k: tensor<?x128xbf16>,
                        %init: tensor<?x?xf32>) -> tensor<?x?xf32> {
  // CHECK: dsa.index_scores<none> ins(%[[Q]], %[[K]] : tensor<?x64x128xbf16>, tensor<?x128xbf16>)
  // CHECK-SAME: outs(%[[INIT]] : tensor<?x?xf32>) -> tensor<?x?xf32>
  %s = dsa.index_scores<none> ins(%q, %k : tensor<?x64x128xbf16>, tensor<?x128xbf16>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}

// CHECK-LABEL: func @index_scores_all_clauses(
// CHECK-SAME:    %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %[[TERMS:.*]]: tensor<5x4x128xf8E4M3FN>, %[[TERM_SCALES:.*]]: tensor<5x4xf32>, %[[LO:.*]]: tensor<5xi32>, %[[HI:.*]]: tensor<5xi32>, %[[SEQ:.*]]: tensor<5xi32>, %{{.*}})
func.func @index_scores_all_clauses(
    %q: tensor<5x64x128xf8E4M3FN>, %k: tensor<3x?x128xf8E4M3FN>, %w: tensor<5x64xbf16>,
    %qs: tensor<5x64xf32>, %ks: tensor<3x?xf32>, %terms: tensor<5x4x128xf8E4M3FN>,
    %ts: tensor<5x4xf32>, %lo: tensor<5xi32>, %hi: tensor<5xi32>,
    %seq: tensor<5xi32>, %init: tensor<5x?xf16>) -> tensor<5x?xf16> {
  // CHECK: dsa.index_scores<relu> ins(%{{.*}}, %{{.*}} : tensor<5x64x128xf8E4M3FN>, tensor<3x?x128xf8E4M3FN>)
  // CHECK-SAME: weights(%{{.*}} : tensor<5x64xbf16>)
  // CHECK-SAME: q_scale(%{{.*}} : tensor<5x64xf32>)
  // CHECK-SAME: k_scale(%{{.*}} : tensor<3x?xf32>)
  // CHECK-SAME: linear(%[[TERMS]], %[[TERM_SCALES]] : tensor<5x4x128xf8E4M3FN>, tensor<5x4xf32>)
  // CHECK-SAME: bounds(%[[LO]], %[[HI]] : tensor<5xi32>, tensor<5xi32>)
  // CHECK-SAME: seq(%[[SEQ]] : tensor<5xi32>)
  // CHECK-SAME: schedule(#dsa.loop_schedule<block_rows = 8, block_keys = 128>)
  // CHECK-SAME: {note = "kept"}
  // CHECK-SAME: outs(%{{.*}} : tensor<5x?xf16>) -> tensor<5x?xf16>
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<5x64x128xf8E4M3FN>, tensor<3x?x128xf8E4M3FN>)
      weights(%w : tensor<5x64xbf16>) q_scale(%qs : tensor<5x64xf32>)
      k_scale(%ks : tensor<3x?xf32>)
      linear(%terms, %ts : tensor<5x4x128xf8E4M3FN>, tensor<5x4xf32>)
      bounds(%lo, %hi : tensor<5xi32>, tensor<5xi32>) seq(%seq : tensor<5xi32>)
      schedule(#dsa.loop_schedule<block_rows = 8, block_keys = 128>) {note = "kept"}
      outs(%init : tensor<5x?xf16>) -> tensor<5x?xf16>
  return %s : tensor<5x?xf16>
}

// CHECK-LABEL: func @index_scores_pages(
// CHECK-SAME:    %[[SEQ:[^,]*]]: memref<?xi32>, %[[TABLE:.*]]: memref<?x?xi32>, %{{.*}})
func.func @index_scores_pages(
    %q: memref<?x64x128xf8E4M3FN>, %k: memref<?x64x128xf8E4M3FN, strided<[8448, 128, 1]>>,
    %ks: memref<?x64xf32, strided<[2112, 1], offset: 2048>>, %seq: memref<?xi32>,
    %table: memref<?x?xi32>, %s: memref<?x?xf32>) {
  // CHECK: dsa.index_scores<relu> ins({{.*}}) k_scale({{.*}}) seq(%[[SEQ]] : memref<?xi32>) table(%[[TABLE]] : memref<?x?xi32>)
  // CHECK-SAME: outs(
  dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x64x128xf8E4M3FN, strided<[8448, 128, 1]>>)
      k_scale(%ks : memref<?x64xf32, strided<[2112, 1], offset: 2048>>)
      seq(%seq : memref<?xi32>) table(%table : memref<?x?xi32>) outs(%s : memref<?x?xf32>)
  return
}

// Without sequences, a table has one dimension.
// CHECK-LABEL: func @index_scores_one_table(
// CHECK:         table(%{{.*}} : tensor<?xi32>)
func.func @index_scores_one_table(%q: tensor<4x8x16xf32>, %k: tensor<?x24x16xf32>, %table: tensor<?xi32>,
                                  %init: tensor<4x?xf32>) -> tensor<4x?xf32> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<4x8x16xf32>, tensor<?x24x16xf32>)
      table(%table : tensor<?xi32>) outs(%init : tensor<4x?xf32>) -> tensor<4x?xf32>
  return %s : tensor<4x?xf32>
}

// A single clause is not taken for another of the same type.
// CHECK-LABEL: func @index_scores_one_scale(
// CHECK-SAME:    %{{.*}}, %{{.*}}, %[[SCALE:.*]]: tensor<4x8xf32>, %{{.*}})
func.func @index_scores_one_scale(
    %q: tensor<4x8x16xf32>, %k: tensor<9x16xf32>, %qs: tensor<4x8xf32>,
    %init: tensor<4x9xf32>) -> tensor<4x9xf32> {
  // CHECK: dsa.index_scores<relu> ins({{.*}}) q_scale(%[[SCALE]] : tensor<4x8xf32>) outs(
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<4x8x16xf32>, tensor<9x16xf32>)
      q_scale(%qs : tensor<4x8xf32>) outs(%init : tensor<4x9xf32>) -> tensor<4x9xf32>
  return %s : tensor<4x9xf32>
}

// CHECK-LABEL: func @index_scores_half_abs(
func.func @index_scores_half_abs(
    %q: memref<?x4x8xf16>, %k: memref<?x8xf16>, %terms: memref<?x1x8xf16>,
    %scales: memref<?x1xf32>, %init: memref<?x?xf32>) {
  // CHECK: dsa.index_scores<half_abs> ins(%{{.*}}, %{{.*}} : memref<?x4x8xf16>, memref<?x8xf16>)
  // CHECK-SAME: linear(%{{.*}}, %{{.*}} : memref<?x1x8xf16>, memref<?x1xf32>)
  // CHECK-SAME: outs(%{{.*}} : memref<?x?xf32>){{$}}
  dsa.index_scores<half_abs> ins(%q, %k : memref<?x4x8xf16>, memref<?x8xf16>)
      linear(%terms, %scales : memref<?x1x8xf16>, memref<?x1xf32>)
      outs(%init : memref<?x?xf32>)
  return
}

// CHECK-LABEL: func @index_scores_memref(
func.func @index_scores_memref(
    %q: memref<?x4x8xf16>, %k: memref<2x?x8xf16, strided<[?, ?, 1], offset: ?>>,
    %w: memref<?x4xf32>, %seq: memref<?xi32>, %init: memref<?x?xf32, 3>) {
  // CHECK: dsa.index_scores<relu> ins(%{{.*}}, %{{.*}} : memref<?x4x8xf16>, memref<2x?x8xf16, strided<[?, ?, 1], offset: ?>>)
  // CHECK-SAME: weights(%{{.*}} : memref<?x4xf32>) seq(%{{.*}} : memref<?xi32>)
  // CHECK-SAME: outs(%{{.*}} : memref<?x?xf32, 3>){{$}}
  dsa.index_scores<relu>
      ins(%q, %k : memref<?x4x8xf16>, memref<2x?x8xf16, strided<[?, ?, 1], offset: ?>>)
      weights(%w : memref<?x4xf32>) seq(%seq : memref<?xi32>)
      outs(%init : memref<?x?xf32, 3>)
  return
}

//===----------------------------------------------------------------------===//
// linear_part
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @linear_part(
// CHECK-SAME:    %[[Q:.*]]: tensor<?x64x128xf8E4M3FN>, %[[W:.*]]: tensor<?x64xbf16>, %[[QS:.*]]: tensor<?x64xf32>, %[[T:.*]]: tensor<?x4x128xf8E4M3FN>, %[[S:.*]]: tensor<?x4xf32>)
func.func @linear_part(%q: tensor<?x64x128xf8E4M3FN>, %w: tensor<?x64xbf16>,
                       %qs: tensor<?x64xf32>, %t: tensor<?x4x128xf8E4M3FN>,
                       %s: tensor<?x4xf32>)
    -> (tensor<?x4x128xf8E4M3FN>, tensor<?x4xf32>) {
  // CHECK: dsa.linear_part ins(%[[Q]] : tensor<?x64x128xf8E4M3FN>)
  // CHECK-SAME: weights(%[[W]] : tensor<?x64xbf16>) q_scale(%[[QS]] : tensor<?x64xf32>)
  // CHECK-SAME: schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16>) {note = "kept"}
  // CHECK-SAME: outs(%[[T]], %[[S]] : tensor<?x4x128xf8E4M3FN>, tensor<?x4xf32>)
  // CHECK-SAME: -> tensor<?x4x128xf8E4M3FN>, tensor<?x4xf32>
  %terms, %scales = dsa.linear_part ins(%q : tensor<?x64x128xf8E4M3FN>)
      weights(%w : tensor<?x64xbf16>) q_scale(%qs : tensor<?x64xf32>)
      schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16>) {note = "kept"}
      outs(%t, %s : tensor<?x4x128xf8E4M3FN>, tensor<?x4xf32>)
      -> tensor<?x4x128xf8E4M3FN>, tensor<?x4xf32>
  return %terms, %scales : tensor<?x4x128xf8E4M3FN>, tensor<?x4xf32>
}

// CHECK-LABEL: func @linear_part_memref(
// CHECK-SAME:    %{{.*}}, %[[QS:.*]]: memref<5x4xf32>, %{{.*}})
func.func @linear_part_memref(%q: memref<5x4x8xf32>, %qs: memref<5x4xf32>,
                              %t: memref<5x1x8xf32>, %s: memref<5x1xf32>) {
  // CHECK: dsa.linear_part ins(%{{.*}} : memref<5x4x8xf32>) q_scale(%[[QS]] : memref<5x4xf32>)
  // CHECK-SAME: outs(%{{.*}}, %{{.*}} : memref<5x1x8xf32>, memref<5x1xf32>){{$}}
  dsa.linear_part ins(%q : memref<5x4x8xf32>) q_scale(%qs : memref<5x4xf32>)
      outs(%t, %s : memref<5x1x8xf32>, memref<5x1xf32>)
  return
}

//===----------------------------------------------------------------------===//
// topk
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @topk(
// CHECK-SAME:    %[[S:.*]]: tensor<?x?xf32>, %[[I:.*]]: tensor<?x1x16xi32>, %[[C:.*]]: tensor<?x1xi32>)
func.func @topk(%s: tensor<?x?xf32>, %i: tensor<?x1x16xi32>, %c: tensor<?x1xi32>)
    -> (tensor<?x1x16xi32>, tensor<?x1xi32>) {
  // CHECK: dsa.topk ins(%[[S]] : tensor<?x?xf32>)
  // CHECK-SAME: outs(%[[I]], %[[C]] : tensor<?x1x16xi32>, tensor<?x1xi32>)
  // CHECK-SAME: -> tensor<?x1x16xi32>, tensor<?x1xi32>
  %idx, %n = dsa.topk ins(%s : tensor<?x?xf32>)
      outs(%i, %c : tensor<?x1x16xi32>, tensor<?x1xi32>)
      -> tensor<?x1x16xi32>, tensor<?x1xi32>
  return %idx, %n : tensor<?x1x16xi32>, tensor<?x1xi32>
}

// CHECK-LABEL: func @topk_all_clauses(
// CHECK-SAME:    %{{.*}}, %[[LO:.*]]: tensor<?xi32>, %[[HI:.*]]: tensor<?xi32>, %[[POS:.*]]: tensor<?xi32>, %{{.*}},
func.func @topk_all_clauses(
    %s: tensor<?x2x?xbf16>, %lo: tensor<?xi32>, %hi: tensor<?xi32>, %pos: tensor<?xi32>, %i: tensor<?x2x16xi32>,
    %c: tensor<?x2xi32>, %v: tensor<?x2x16xbf16>)
    -> (tensor<?x2x16xi32>, tensor<?x2xi32>, tensor<?x2x16xbf16>) {
  // CHECK: dsa.topk ins(%{{.*}} : tensor<?x2x?xbf16>)
  // CHECK-SAME: bounds(%[[LO]], %[[HI]] : tensor<?xi32>, tensor<?xi32>)
  // CHECK-SAME: positions(%[[POS]] : tensor<?xi32>)
  // CHECK-SAME: window = [7, 0] first = 2 block = 4 unordered
  // CHECK-SAME: schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16>)
  // CHECK-SAME: outs(%{{.*}}, %{{.*}}, %{{.*}} : tensor<?x2x16xi32>, tensor<?x2xi32>, tensor<?x2x16xbf16>)
  // CHECK-SAME: -> tensor<?x2x16xi32>, tensor<?x2xi32>, tensor<?x2x16xbf16>
  %idx, %n, %values = dsa.topk ins(%s : tensor<?x2x?xbf16>)
      bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>) positions(%pos : tensor<?xi32>)
      window = [7, 0] first = 2 block = 4 unordered
      schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16>)
      outs(%i, %c, %v : tensor<?x2x16xi32>, tensor<?x2xi32>, tensor<?x2x16xbf16>)
      -> tensor<?x2x16xi32>, tensor<?x2xi32>, tensor<?x2x16xbf16>
  return %idx, %n, %values : tensor<?x2x16xi32>, tensor<?x2xi32>, tensor<?x2x16xbf16>
}

// CHECK-LABEL: func @topk_ids_memref(
func.func @topk_ids_memref(%s: memref<?x2x64xf16>, %ids: memref<?x2x64xi32>,
                           %i: memref<?x2x16xi32>, %c: memref<?x2xi32>) {
  // CHECK: dsa.topk ins(%{{.*}} : memref<?x2x64xf16>) ids(%{{.*}} : memref<?x2x64xi32>)
  // CHECK-SAME: outs(%{{.*}}, %{{.*}} : memref<?x2x16xi32>, memref<?x2xi32>){{$}}
  dsa.topk ins(%s : memref<?x2x64xf16>) ids(%ids : memref<?x2x64xi32>)
      outs(%i, %c : memref<?x2x16xi32>, memref<?x2xi32>)
  return
}

//===----------------------------------------------------------------------===//
// select
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @select(
func.func @select(%t: index, %keys: index, %q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>,
                  %rows: tensor<?xi32>, %i: tensor<?x1x16xi32>, %c: tensor<?x1xi32>,
                  %v: tensor<?x1x16xf32>)
    -> (tensor<?x1x16xi32>, tensor<?x1xi32>, tensor<?x1x16xf32>) {
  // CHECK: dsa.select bounds(%{{.*}}, %{{.*}} : tensor<?xi32>, tensor<?xi32>)
  // CHECK-SAME: positions(%{{.*}} : tensor<?xi32>) window = [1, 2] first = 3 block = 2 unordered
  // CHECK-SAME: schedule(#dsa.loop_schedule<block_rows = 2, block_keys = 64>)
  // CHECK-SAME: outs(%{{.*}}, %{{.*}}, %{{.*}} : tensor<?x1x16xi32>, tensor<?x1xi32>, tensor<?x1x16xf32>)
  // CHECK-SAME: scores {
  // CHECK-NEXT:   %[[E:.*]] = tensor.empty
  // CHECK-NEXT:   %[[S:.*]] = dsa.index_scores<relu> {{.*}} outs(%[[E]] : tensor<?x?xf32>)
  // CHECK-NEXT:   dsa.yield %[[S]] : tensor<?x?xf32>
  // CHECK-NEXT: } -> tensor<?x1x16xi32>, tensor<?x1xi32>, tensor<?x1x16xf32>
  %idx, %n, %values = dsa.select
      bounds(%rows, %rows : tensor<?xi32>, tensor<?xi32>) positions(%rows : tensor<?xi32>)
      window = [1, 2] first = 3 block = 2 unordered
      schedule(#dsa.loop_schedule<block_rows = 2, block_keys = 64>)
      outs(%i, %c, %v : tensor<?x1x16xi32>, tensor<?x1xi32>, tensor<?x1x16xf32>)
      scores {
    %e = tensor.empty(%t, %keys) : tensor<?x?xf32>
    %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
        outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
    dsa.yield %s : tensor<?x?xf32>
  } -> tensor<?x1x16xi32>, tensor<?x1xi32>, tensor<?x1x16xf32>
  return %idx, %n, %values : tensor<?x1x16xi32>, tensor<?x1xi32>, tensor<?x1x16xf32>
}

// CHECK-LABEL: func @select_memref(
func.func @select_memref(%s: memref<?x2x?xbf16>, %i: memref<?x2x16xi32>,
                         %c: memref<?x2xi32>) {
  // CHECK: dsa.select outs(%{{.*}}, %{{.*}} : memref<?x2x16xi32>, memref<?x2xi32>) scores {
  // CHECK-NEXT:   dsa.yield %{{.*}} {note = "kept"} : memref<?x2x?xbf16>
  // CHECK-NEXT: }{{$}}
  dsa.select outs(%i, %c : memref<?x2x16xi32>, memref<?x2xi32>) scores {
    dsa.yield %s {note = "kept"} : memref<?x2x?xbf16>
  }
  return
}

//===----------------------------------------------------------------------===//
// sparse_attention
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @sparse_attention(
func.func @sparse_attention(%q: tensor<?x128x576xbf16>, %kv: tensor<?x576xbf16>,
                            %idx: tensor<?x1x2048xi32>, %o: tensor<?x128x512xbf16>,
                            %l: tensor<?x128xf32>)
    -> (tensor<?x128x512xbf16>, tensor<?x128xf32>) {
  // CHECK: dsa.sparse_attention scale = 1.352000e-01
  // CHECK-SAME: ins(%{{.*}}, %{{.*}} : tensor<?x128x576xbf16>, tensor<?x576xbf16>)
  // CHECK-SAME: indices(%{{.*}} : tensor<?x1x2048xi32>)
  // CHECK-SAME: outs(%{{.*}}, %{{.*}} : tensor<?x128x512xbf16>, tensor<?x128xf32>)
  // CHECK-SAME: -> tensor<?x128x512xbf16>, tensor<?x128xf32>
  %out, %lse = dsa.sparse_attention scale = 0.1352
      ins(%q, %kv : tensor<?x128x576xbf16>, tensor<?x576xbf16>)
      indices(%idx : tensor<?x1x2048xi32>)
      outs(%o, %l : tensor<?x128x512xbf16>, tensor<?x128xf32>)
      -> tensor<?x128x512xbf16>, tensor<?x128xf32>
  return %out, %lse : tensor<?x128x512xbf16>, tensor<?x128xf32>
}

// CHECK-LABEL: func @sparse_attention_all_clauses(
func.func @sparse_attention_all_clauses(
    %q: tensor<?x8x64xf16>, %k: tensor<3x?x2x64xf16>, %v: tensor<3x?x2x32xf16>,
    %idx: tensor<?x2x16xi32>, %n: tensor<?x2xi32>, %seq: tensor<?xi32>,
    %sink: tensor<8xf32>, %o: tensor<?x8x32xf32>, %l: tensor<?x8xf32>)
    -> (tensor<?x8x32xf32>, tensor<?x8xf32>, tensor<?x8xf32>) {
  // CHECK: dsa.sparse_attention scale = 1.250000e-01
  // CHECK-SAME: ins(%{{.*}}, %{{.*}}, %{{.*}} : tensor<?x8x64xf16>, tensor<3x?x2x64xf16>, tensor<3x?x2x32xf16>)
  // CHECK-SAME: indices(%{{.*}} : tensor<?x2x16xi32>) lengths(%{{.*}} : tensor<?x2xi32>)
  // CHECK-SAME: seq(%{{.*}} : tensor<?xi32>) sink(%{{.*}} : tensor<8xf32>) block = 64 distinct
  // CHECK-SAME: schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 32>)
  // CHECK-SAME: outs(%{{.*}}, %{{.*}}, %{{.*}} : tensor<?x8x32xf32>, tensor<?x8xf32>, tensor<?x8xf32>)
  // CHECK-SAME: -> tensor<?x8x32xf32>, tensor<?x8xf32>, tensor<?x8xf32>
  %out, %lse, %max = dsa.sparse_attention scale = 0.125
      ins(%q, %k, %v : tensor<?x8x64xf16>, tensor<3x?x2x64xf16>, tensor<3x?x2x32xf16>)
      indices(%idx : tensor<?x2x16xi32>) lengths(%n : tensor<?x2xi32>)
      seq(%seq : tensor<?xi32>) sink(%sink : tensor<8xf32>) block = 64 distinct
      schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 32>)
      outs(%o, %l, %l : tensor<?x8x32xf32>, tensor<?x8xf32>, tensor<?x8xf32>)
      -> tensor<?x8x32xf32>, tensor<?x8xf32>, tensor<?x8xf32>
  return %out, %lse, %max : tensor<?x8x32xf32>, tensor<?x8xf32>, tensor<?x8xf32>
}

// One list a query head.
// CHECK-LABEL: func @sparse_attention_memref(
func.func @sparse_attention_memref(
    %q: memref<?x8x64xf32>, %k: memref<?x2x64xf32>, %idx: memref<?x8x16xi32>,
    %o: memref<?x8x64xf32>, %l: memref<?x8xf32>) {
  // CHECK: dsa.sparse_attention scale = 1.000000e+00 ins(%{{.*}}, %{{.*}} : memref<?x8x64xf32>, memref<?x2x64xf32>)
  // CHECK-SAME: indices(%{{.*}} : memref<?x8x16xi32>)
  // CHECK-SAME: outs(%{{.*}}, %{{.*}} : memref<?x8x64xf32>, memref<?x8xf32>){{$}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x64xf32>, memref<?x2x64xf32>)
      indices(%idx : memref<?x8x16xi32>)
      outs(%o, %l : memref<?x8x64xf32>, memref<?x8xf32>)
  return
}

//===----------------------------------------------------------------------===//
// attention
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @attention(
func.func @attention(%q: tensor<?x8x64xf16>, %k: tensor<?x2x64xf16>,
                     %v: tensor<?x2x32xf16>, %o: tensor<?x8x32xf16>, %l: tensor<?x8xf32>)
    -> (tensor<?x8x32xf16>, tensor<?x8xf32>) {
  // CHECK: dsa.attention scale = 1.250000e-01
  // CHECK-SAME: ins(%{{.*}}, %{{.*}}, %{{.*}} : tensor<?x8x64xf16>, tensor<?x2x64xf16>, tensor<?x2x32xf16>)
  // CHECK-SAME: outs(%{{.*}}, %{{.*}} : tensor<?x8x32xf16>, tensor<?x8xf32>)
  // CHECK-SAME: -> tensor<?x8x32xf16>, tensor<?x8xf32>
  %out, %lse = dsa.attention scale = 0.125
      ins(%q, %k, %v : tensor<?x8x64xf16>, tensor<?x2x64xf16>, tensor<?x2x32xf16>)
      outs(%o, %l : tensor<?x8x32xf16>, tensor<?x8xf32>)
      -> tensor<?x8x32xf16>, tensor<?x8xf32>
  return %out, %lse : tensor<?x8x32xf16>, tensor<?x8xf32>
}

// CHECK-LABEL: func @attention_all_clauses(
// CHECK-SAME:    %{{.*}}, %{{.*}}, %[[LO:.*]]: tensor<?xi32>, %[[HI:.*]]: tensor<?xi32>, %[[POS:.*]]: tensor<?xi32>, %[[SEQ:.*]]: tensor<?xi32>, %[[SINK:.*]]: tensor<8xf32>,
func.func @attention_all_clauses(
    %q: tensor<?x8x64xbf16>, %kv: tensor<3x?x64xbf16>, %lo: tensor<?xi32>,
    %hi: tensor<?xi32>, %pos: tensor<?xi32>, %seq: tensor<?xi32>, %sink: tensor<8xf32>, %o: tensor<?x8x32xbf16>, %l: tensor<?x8xf32>)
    -> (tensor<?x8x32xbf16>, tensor<?x8xf32>, tensor<?x8xf32>) {
  // CHECK: dsa.attention scale = -1.000000e+00 ins(%{{.*}}, %{{.*}} : tensor<?x8x64xbf16>, tensor<3x?x64xbf16>)
  // CHECK-SAME: bounds(%[[LO]], %[[HI]] : tensor<?xi32>, tensor<?xi32>)
  // CHECK-SAME: positions(%[[POS]] : tensor<?xi32>) seq(%[[SEQ]] : tensor<?xi32>)
  // CHECK-SAME: sink(%[[SINK]] : tensor<8xf32>) window = [127, 0]
  // CHECK-SAME: schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16>)
  // CHECK-SAME: outs(%{{.*}}, %{{.*}}, %{{.*}} : tensor<?x8x32xbf16>, tensor<?x8xf32>, tensor<?x8xf32>)
  // CHECK-SAME: -> tensor<?x8x32xbf16>, tensor<?x8xf32>, tensor<?x8xf32>
  %out, %lse, %max = dsa.attention scale = -1.0
      ins(%q, %kv : tensor<?x8x64xbf16>, tensor<3x?x64xbf16>)
      bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>) positions(%pos : tensor<?xi32>)
      seq(%seq : tensor<?xi32>) sink(%sink : tensor<8xf32>) window = [127, 0]
      schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16>)
      outs(%o, %l, %l : tensor<?x8x32xbf16>, tensor<?x8xf32>, tensor<?x8xf32>)
      -> tensor<?x8x32xbf16>, tensor<?x8xf32>, tensor<?x8xf32>
  return %out, %lse, %max : tensor<?x8x32xbf16>, tensor<?x8xf32>, tensor<?x8xf32>
}

// CHECK-LABEL: func @attention_memref(
func.func @attention_memref(%q: memref<?x1x64xf32>, %k: memref<?x64xf32>,
                            %pos: memref<?xi32>, %o: memref<?x1x1xf32>,
                            %l: memref<?x1xf32>) {
  // CHECK: dsa.attention scale = 1.000000e+00 ins(%{{.*}}, %{{.*}} : memref<?x1x64xf32>, memref<?x64xf32>)
  // CHECK-SAME: positions(%{{.*}} : memref<?xi32>) window = [0, 0]
  // CHECK-SAME: outs(%{{.*}}, %{{.*}} : memref<?x1x1xf32>, memref<?x1xf32>){{$}}
  dsa.attention scale = 1.0 ins(%q, %k : memref<?x1x64xf32>, memref<?x64xf32>)
      positions(%pos : memref<?xi32>) window = [0, 0]
      outs(%o, %l : memref<?x1x1xf32>, memref<?x1xf32>)
  return
}

//===----------------------------------------------------------------------===//
// merge
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @merge(
func.func @merge(%os: tensor<2x?x16x64xbf16>, %ls: tensor<2x?x16xf32>, %sink: tensor<16xf32>,
                 %o: tensor<?x16x64xf16>, %l: tensor<?x16xf32>)
    -> (tensor<?x16x64xf16>, tensor<?x16xf32>) {
  // CHECK: dsa.merge ins(%{{.*}}, %{{.*}} : tensor<2x?x16x64xbf16>, tensor<2x?x16xf32>)
  // CHECK-SAME: sink(%{{.*}} : tensor<16xf32>)
  // CHECK-SAME: schedule(#dsa.loop_schedule<block_rows = 64, block_keys = 1024>)
  // CHECK-SAME: outs(%{{.*}}, %{{.*}} : tensor<?x16x64xf16>, tensor<?x16xf32>)
  // CHECK-SAME: -> tensor<?x16x64xf16>, tensor<?x16xf32>
  %out, %lse = dsa.merge ins(%os, %ls : tensor<2x?x16x64xbf16>, tensor<2x?x16xf32>)
      sink(%sink : tensor<16xf32>)
      schedule(#dsa.loop_schedule<block_rows = 64, block_keys = 1024>)
      outs(%o, %l : tensor<?x16x64xf16>, tensor<?x16xf32>)
      -> tensor<?x16x64xf16>, tensor<?x16xf32>
  return %out, %lse : tensor<?x16x64xf16>, tensor<?x16xf32>
}

// CHECK-LABEL: func @merge_memref(
func.func @merge_memref(%os: memref<?x?x16x64xf32>, %ls: memref<?x?x16xf32>,
                        %o: memref<?x16x64xf32>, %l: memref<?x16xf32>) {
  // CHECK: dsa.merge ins(%{{.*}}, %{{.*}} : memref<?x?x16x64xf32>, memref<?x?x16xf32>)
  // CHECK-SAME: outs(%{{.*}}, %{{.*}} : memref<?x16x64xf32>, memref<?x16xf32>){{$}}
  dsa.merge ins(%os, %ls : memref<?x?x16x64xf32>, memref<?x?x16xf32>)
      outs(%o, %l : memref<?x16x64xf32>, memref<?x16xf32>)
  return
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @names(
// CHECK-SAME:    %{{.*}}: tensor<4xf32> {dsa.name = "q"}, %{{.*}}: tensor<4xf32>)
// CHECK-SAME:    -> (tensor<4xf32> {dsa.name = "q"}, tensor<4xf32> {dsa.name = "out"})
func.func @names(%a: tensor<4xf32> {dsa.name = "q"}, %b: tensor<4xf32>)
    -> (tensor<4xf32> {dsa.name = "q"}, tensor<4xf32> {dsa.name = "out"}) {
  return %a, %b : tensor<4xf32>, tensor<4xf32>
}
