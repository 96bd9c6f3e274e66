// RUN: dsa-opt %s -split-input-file \
// RUN:     -one-shot-bufferize="bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map" \
// RUN:     -canonicalize -cse -canonicalize | FileCheck %s

//===----------------------------------------------------------------------===//
// Every operation, in place
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @index_scores(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x4x8xf8E4M3FN>, %[[K:[^:]*]]: memref<2x?x8xf8E4M3FN>, %[[W:[^:]*]]: memref<?x4xf32>, %[[KS:[^:]*]]: memref<2x?xf32>,
// CHECK-SAME:    %[[ROWS:[^:]*]]: memref<?xi32>, %[[S:[^:]*]]: memref<?x?xf32>) -> memref<?x?xf32>
// CHECK-NEXT:    dsa.index_scores<relu> ins(%[[Q]], %[[K]] : memref<?x4x8xf8E4M3FN>, memref<2x?x8xf8E4M3FN>) weights(%[[W]] : memref<?x4xf32>)
// CHECK-SAME:      q_scale(%[[W]] : memref<?x4xf32>) k_scale(%[[KS]] : memref<2x?xf32>) bounds(%[[ROWS]], %[[ROWS]] : memref<?xi32>, memref<?xi32>)
// CHECK-SAME:      seq(%[[ROWS]] : memref<?xi32>) schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16>) {note = "kept"} outs(%[[S]] : memref<?x?xf32>){{$}}
// CHECK-NEXT:    return %[[S]]
func.func @index_scores(%q: tensor<?x4x8xf8E4M3FN>, %k: tensor<2x?x8xf8E4M3FN>, %w: tensor<?x4xf32>,
                        %ks: tensor<2x?xf32>, %rows: tensor<?xi32>, %s: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %r = dsa.index_scores<relu> ins(%q, %k : tensor<?x4x8xf8E4M3FN>, tensor<2x?x8xf8E4M3FN>)
      weights(%w : tensor<?x4xf32>) q_scale(%w : tensor<?x4xf32>) k_scale(%ks : tensor<2x?xf32>)
      bounds(%rows, %rows : tensor<?xi32>, tensor<?xi32>) seq(%rows : tensor<?xi32>)
      schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16>) {note = "kept"}
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}

// -----

// CHECK-LABEL: func @linear_part(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x4x8xf8E4M3FN>, %[[K:[^:]*]]: memref<?x8xf8E4M3FN>, %[[W:[^:]*]]: memref<?x4xf32>, %[[T:[^:]*]]: memref<?x2x8xf8E4M3FN>,
// CHECK-SAME:    %[[TS:[^:]*]]: memref<?x2xf32>, %[[S:[^:]*]]: memref<?x?xf32>)
// CHECK-NEXT:    dsa.linear_part ins(%[[Q]] : memref<?x4x8xf8E4M3FN>) weights(%[[W]] : memref<?x4xf32>) outs(%[[T]], %[[TS]] : memref<?x2x8xf8E4M3FN>, memref<?x2xf32>){{$}}
// CHECK-NEXT:    dsa.index_scores<half_abs> ins(%[[Q]], %[[K]] : {{.*}}) weights(%[[W]] : {{.*}}) linear(%[[T]], %[[TS]] : memref<?x2x8xf8E4M3FN>, memref<?x2xf32>) outs(%[[S]] :
// CHECK-NEXT:    return %[[S]]
func.func @linear_part(%q: tensor<?x4x8xf8E4M3FN>, %k: tensor<?x8xf8E4M3FN>, %w: tensor<?x4xf32>, %t: tensor<?x2x8xf8E4M3FN>,
                       %ts: tensor<?x2xf32>, %s: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %p:2 = dsa.linear_part ins(%q : tensor<?x4x8xf8E4M3FN>) weights(%w : tensor<?x4xf32>)
      outs(%t, %ts : tensor<?x2x8xf8E4M3FN>, tensor<?x2xf32>) -> tensor<?x2x8xf8E4M3FN>, tensor<?x2xf32>
  %r = dsa.index_scores<half_abs> ins(%q, %k : tensor<?x4x8xf8E4M3FN>, tensor<?x8xf8E4M3FN>)
      weights(%w : tensor<?x4xf32>) linear(%p#0, %p#1 : tensor<?x2x8xf8E4M3FN>, tensor<?x2xf32>)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}

// -----

// CHECK-LABEL: func @topk(
// CHECK-SAME:    %[[S:[^:]*]]: memref<?x?xbf16>, %[[IDS:[^:]*]]: memref<?x?xi32>, %[[I:[^:]*]]: memref<?x1x4xi32>, %[[N:[^:]*]]: memref<?x1xi32>, %[[V:[^:]*]]: memref<?x1x4xbf16>)
// CHECK-NEXT:    dsa.topk ins(%[[S]] : memref<?x?xbf16>) ids(%[[IDS]] : memref<?x?xi32>) unordered outs(%[[I]], %[[N]], %[[V]] :
// CHECK-NEXT:    return %[[I]], %[[N]], %[[V]]
func.func @topk(%s: tensor<?x?xbf16>, %ids: tensor<?x?xi32>, %i: tensor<?x1x4xi32>, %n: tensor<?x1xi32>,
                %v: tensor<?x1x4xbf16>) -> (tensor<?x1x4xi32>, tensor<?x1xi32>, tensor<?x1x4xbf16>) {
  %r:3 = dsa.topk ins(%s : tensor<?x?xbf16>) ids(%ids : tensor<?x?xi32>) unordered
      outs(%i, %n, %v : tensor<?x1x4xi32>, tensor<?x1xi32>, tensor<?x1x4xbf16>)
      -> tensor<?x1x4xi32>, tensor<?x1xi32>, tensor<?x1x4xbf16>
  return %r#0, %r#1, %r#2 : tensor<?x1x4xi32>, tensor<?x1xi32>, tensor<?x1x4xbf16>
}

// -----

// CHECK-LABEL: func @sparse_attention(
// CHECK-NOT:     memref.alloc
// CHECK:         dsa.sparse_attention {{.*}} lengths(%{{.*}} : memref<?x1xi32>) sink(%{{.*}} : memref<4xf32>) block = 2 distinct outs(%[[O:.*]], %[[L:.*]] :
// CHECK-NEXT:    return %[[O]], %[[L]]
func.func @sparse_attention(%q: tensor<?x4x8xf16>, %k: tensor<?x8xf16>, %i: tensor<?x1x4xi32>, %n: tensor<?x1xi32>,
                            %sink: tensor<4xf32>, %o: tensor<?x4x8xf16>, %l: tensor<?x4xf32>)
    -> (tensor<?x4x8xf16>, tensor<?x4xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.5 ins(%q, %k : tensor<?x4x8xf16>, tensor<?x8xf16>)
      indices(%i : tensor<?x1x4xi32>) lengths(%n : tensor<?x1xi32>) sink(%sink : tensor<4xf32>)
      block = 2 distinct outs(%o, %l : tensor<?x4x8xf16>, tensor<?x4xf32>) -> tensor<?x4x8xf16>, tensor<?x4xf32>
  return %r#0, %r#1 : tensor<?x4x8xf16>, tensor<?x4xf32>
}

// -----

// CHECK-LABEL: func @attention(
// CHECK-NOT:     memref.alloc
// CHECK:         dsa.attention {{.*}} positions(%{{.*}} : memref<?xi32>) seq(%{{.*}} : memref<?xi32>) window = [3, 0] outs(%[[O:.*]], %[[L:.*]], %[[M:.*]] :
// CHECK-NEXT:    return %[[O]], %[[L]], %[[M]]
func.func @attention(%q: tensor<?x4x8xf32>, %k: tensor<2x?x8xf32>, %rows: tensor<?xi32>, %o: tensor<?x4x8xf32>,
                     %l: tensor<?x4xf32>, %m: tensor<?x4xf32>)
    -> (tensor<?x4x8xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
  %r:3 = dsa.attention scale = 0.5 ins(%q, %k : tensor<?x4x8xf32>, tensor<2x?x8xf32>)
      positions(%rows : tensor<?xi32>) seq(%rows : tensor<?xi32>) window = [3, 0]
      outs(%o, %l, %m : tensor<?x4x8xf32>, tensor<?x4xf32>, tensor<?x4xf32>)
      -> tensor<?x4x8xf32>, tensor<?x4xf32>, tensor<?x4xf32>
  return %r#0, %r#1, %r#2 : tensor<?x4x8xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}

// -----

// CHECK-LABEL: func @merge(
// CHECK-NOT:     memref.alloc
// CHECK:         dsa.merge ins({{.*}}) sink(%{{.*}} : memref<4xf32>) outs(%[[O:.*]], %[[L:.*]] :
// CHECK-NEXT:    return %[[O]], %[[L]]
func.func @merge(%os: tensor<?x?x4x8xf32>, %ls: tensor<?x?x4xf32>, %sink: tensor<4xf32>, %o: tensor<?x4x8xf32>,
                 %l: tensor<?x4xf32>) -> (tensor<?x4x8xf32>, tensor<?x4xf32>) {
  %r:2 = dsa.merge ins(%os, %ls : tensor<?x?x4x8xf32>, tensor<?x?x4xf32>) sink(%sink : tensor<4xf32>)
      outs(%o, %l : tensor<?x4x8xf32>, tensor<?x4xf32>) -> tensor<?x4x8xf32>, tensor<?x4xf32>
  return %r#0, %r#1 : tensor<?x4x8xf32>, tensor<?x4xf32>
}

// -----

// CHECK-LABEL: func @memrefs_already(
// CHECK-NEXT:    dsa.topk ins(%{{.*}} : memref<?x?xf32>)
// CHECK-NEXT:    return
func.func @memrefs_already(%s: memref<?x?xf32>, %i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  dsa.topk ins(%s : memref<?x?xf32>) outs(%i, %n : memref<?x1x4xi32>, memref<?x1xi32>)
  return
}

//===----------------------------------------------------------------------===//
// The region of a selection
//===----------------------------------------------------------------------===//

// -----

// What the region creates is allocated inside it.
// CHECK-LABEL: func @select(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x4x8xf32>, %[[K:[^:]*]]: memref<?x8xf32>,
// CHECK-NOT:     memref.alloc
// CHECK:         dsa.select outs(%[[I:.*]], %[[N:.*]] : memref<?x1x4xi32>, memref<?x1xi32>) scores {
// CHECK-NEXT:      %[[E:.*]] = memref.alloc(
// CHECK-NEXT:      dsa.index_scores<none> ins(%[[Q]], %[[K]] : {{.*}}) outs(%[[E]] :
// CHECK-NEXT:      linalg.exp ins(%[[E]] : {{.*}}) outs(%[[E]] :
// CHECK-NEXT:      dsa.yield %[[E]] : memref<?x?xf32>
// CHECK-NEXT:    }
// CHECK-NEXT:    return %[[I]], %[[N]]
func.func @select(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %t: index, %keys: index, %i: tensor<?x1x4xi32>,
                  %n: tensor<?x1xi32>) -> (tensor<?x1x4xi32>, tensor<?x1xi32>) {
  %r:2 = dsa.select outs(%i, %n : tensor<?x1x4xi32>, tensor<?x1xi32>) scores {
    %e = tensor.empty(%t, %keys) : tensor<?x?xf32>
    %s = dsa.index_scores<none> ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
        outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
    %x = linalg.exp ins(%s : tensor<?x?xf32>) outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
    dsa.yield %x : tensor<?x?xf32>
  } -> tensor<?x1x4xi32>, tensor<?x1xi32>
  return %r#0, %r#1 : tensor<?x1x4xi32>, tensor<?x1xi32>
}

// -----

// The region may read what is around it, the selection's own destination too: that
// is then not written in place.
// CHECK-LABEL: func @select_reads_its_destination(
// CHECK-SAME:    %[[V:[^:]*]]: memref<?x1x4xf32>, %[[I:[^:]*]]: memref<?x1x4xi32>, %[[N:[^:]*]]: memref<?x1xi32>)
// CHECK:         %[[NEW:.*]] = memref.alloc(
// CHECK:         dsa.select outs(%[[I]], %[[N]], %[[NEW]] :
// CHECK-NEXT:      dsa.yield %[[V]]
// CHECK:         return %[[I]], %[[N]], %[[NEW]]
func.func @select_reads_its_destination(%v: tensor<?x1x4xf32>, %i: tensor<?x1x4xi32>, %n: tensor<?x1xi32>)
    -> (tensor<?x1x4xi32>, tensor<?x1xi32>, tensor<?x1x4xf32>) {
  %r:3 = dsa.select outs(%i, %n, %v : tensor<?x1x4xi32>, tensor<?x1xi32>, tensor<?x1x4xf32>) scores {
    dsa.yield %v : tensor<?x1x4xf32>
  } -> tensor<?x1x4xi32>, tensor<?x1xi32>, tensor<?x1x4xf32>
  return %r#0, %r#1, %r#2 : tensor<?x1x4xi32>, tensor<?x1xi32>, tensor<?x1x4xf32>
}

// -----

// The region runs more than once: it must not destroy what it reads.
// CHECK-LABEL: func @select_region_repeats(
// CHECK-SAME:    %[[S:[^:]*]]: memref<?x?xf32>,
// CHECK:         dsa.select
// CHECK:           %[[COPY:.*]] = memref.alloc(
// CHECK:           memref.copy %[[S]], %[[COPY]]
// CHECK:           linalg.generic {{.*}} outs(%[[COPY]] :
// CHECK:           dsa.yield %[[COPY]]
#id = affine_map<(d0, d1) -> (d0, d1)>
func.func @select_region_repeats(%s: tensor<?x?xf32>, %i: tensor<?x1x4xi32>, %n: tensor<?x1xi32>)
    -> (tensor<?x1x4xi32>, tensor<?x1xi32>) {
  %r:2 = dsa.select outs(%i, %n : tensor<?x1x4xi32>, tensor<?x1xi32>) scores {
    %x = linalg.generic {indexing_maps = [#id], iterator_types = ["parallel", "parallel"]}
        outs(%s : tensor<?x?xf32>) {
    ^bb0(%out: f32):
      %y = arith.negf %out : f32
      linalg.yield %y : f32
    } -> tensor<?x?xf32>
    dsa.yield %x : tensor<?x?xf32>
  } -> tensor<?x1x4xi32>, tensor<?x1xi32>
  return %r#0, %r#1 : tensor<?x1x4xi32>, tensor<?x1xi32>
}

//===----------------------------------------------------------------------===//
// Conflicts
//===----------------------------------------------------------------------===//

// -----

// A destination that is read later is kept; its contents are not copied, because
// every element is written.
// CHECK-LABEL: func @destination_read_later(
// CHECK-SAME:    %{{.*}}, %[[S:[^:]*]]: memref<?x?xf32>)
// CHECK:         %[[NEW:.*]] = memref.alloc(
// CHECK-NOT:     memref.copy
// CHECK:         dsa.index_scores<none> {{.*}} outs(%[[NEW]] :
// CHECK:         return %[[NEW]], %[[S]]
func.func @destination_read_later(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %s: tensor<?x?xf32>)
    -> (tensor<?x?xf32>, tensor<?x?xf32>) {
  %r = dsa.index_scores<none> ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %r, %s : tensor<?x?xf32>, tensor<?x?xf32>
}

// -----

// An input that is also the destination.
// CHECK-LABEL: func @destination_is_input(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x4x8xf32>, %[[K:[^:]*]]: memref<?x8xf32>, %[[L:[^:]*]]: memref<?x4xf32>)
// CHECK:         %[[NEW:.*]] = memref.alloc(
// CHECK:         dsa.attention {{.*}} ins(%[[Q]], %[[K]] : {{.*}}) outs(%[[NEW]], %[[L]] :
// CHECK:         return %[[NEW]], %[[L]]
func.func @destination_is_input(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %l: tensor<?x4xf32>)
    -> (tensor<?x4x8xf32>, tensor<?x4xf32>) {
  %r:2 = dsa.attention scale = 0.5 ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
      outs(%q, %l : tensor<?x4x8xf32>, tensor<?x4xf32>) -> tensor<?x4x8xf32>, tensor<?x4xf32>
  return %r#0, %r#1 : tensor<?x4x8xf32>, tensor<?x4xf32>
}

// -----

// Two results on one destination.
// CHECK-LABEL: func @destination_shared(
// CHECK:         %[[NEW:.*]] = memref.alloc(
// CHECK:         dsa.attention {{.*}} outs(%{{[^ ]*}}, %[[L:[^ ]*]], %[[NEW]] :
// CHECK:         return %[[L]], %[[NEW]]
func.func @destination_shared(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %o: tensor<?x4x8xf32>, %l: tensor<?x4xf32>)
    -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %r:3 = dsa.attention scale = 0.5 ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
      outs(%o, %l, %l : tensor<?x4x8xf32>, tensor<?x4xf32>, tensor<?x4xf32>)
      -> tensor<?x4x8xf32>, tensor<?x4xf32>, tensor<?x4xf32>
  return %r#1, %r#2 : tensor<?x4xf32>, tensor<?x4xf32>
}

// -----

// An empty tensor becomes memory, a part of one a view.
// CHECK-LABEL: func @rows_of_a_larger_one(
// CHECK-SAME:    %[[S:[^:]*]]: memref<?x?xf32>, %[[ALL:[^:]*]]: memref<8x1x4xi32>)
// CHECK-DAG:     %[[N:.*]] = memref.alloc() {{.*}} : memref<4x1xi32>
// CHECK-DAG:     %[[I:.*]] = memref.subview %[[ALL]][4, 0, 0] [4, 1, 4]
// CHECK:         dsa.topk ins(%[[S]] : {{.*}}) outs(%[[I]], %[[N]] : memref<4x1x4xi32, strided<[4, 4, 1], offset: 16>>, memref<4x1xi32>)
// CHECK-NOT:     memref.copy
// CHECK:         return %[[ALL]], %[[N]]
func.func @rows_of_a_larger_one(%s: tensor<?x?xf32>, %all: tensor<8x1x4xi32>)
    -> (tensor<8x1x4xi32>, tensor<4x1xi32>) {
  %i = tensor.extract_slice %all[4, 0, 0] [4, 1, 4] [1, 1, 1] : tensor<8x1x4xi32> to tensor<4x1x4xi32>
  %n = tensor.empty() : tensor<4x1xi32>
  %r:2 = dsa.topk ins(%s : tensor<?x?xf32>)
      outs(%i, %n : tensor<4x1x4xi32>, tensor<4x1xi32>) -> tensor<4x1x4xi32>, tensor<4x1xi32>
  %updated = tensor.insert_slice %r#0 into %all[4, 0, 0] [4, 1, 4] [1, 1, 1] : tensor<4x1x4xi32> into tensor<8x1x4xi32>
  return %updated, %r#1 : tensor<8x1x4xi32>, tensor<4x1xi32>
}
