// RUN: dsa-opt %s -transform-interpreter -canonicalize -cse -split-input-file | FileCheck %s

// What has rows is sliced along them, what all rows share is not.

// CHECK-LABEL: func @index_scores(
// CHECK-SAME:    %[[Q:[^:]*]]: tensor<?x4x8xf32>, %[[K:[^:]*]]: tensor<2x?x8xf32>, %[[W:[^:]*]]: tensor<?x4xf32>, %[[QS:[^:]*]]: tensor<?x4xf32>,
// CHECK-SAME:    %[[KS:[^:]*]]: tensor<2x?xf32>, %[[T:[^:]*]]: tensor<?x3x8xf32>, %[[TS:[^:]*]]: tensor<?x3xf32>, %[[LO:[^:]*]]: tensor<?xi32>, %[[HI:[^:]*]]: tensor<?xi32>, %[[SEQ:[^:]*]]: tensor<?xi32>, %[[S:[^:]*]]: tensor<?x?xf32>)
// CHECK:         tensor.dim %[[S]], %c0
// CHECK:         scf.forall (%[[I:.*]]) in (%{{.*}}) shared_outs(%[[OUT:.*]] = %[[S]])
// CHECK:           %[[ROW:.*]] = affine.apply {{.*}}(%[[I]])
// CHECK:           %[[ROWS:.*]] = affine.min
// CHECK-DAG:       %[[Q1:.*]] = tensor.extract_slice %[[Q]][%[[ROW]], 0, 0] [%[[ROWS]], 4, 8]
// CHECK-DAG:       %[[W1:.*]] = tensor.extract_slice %[[W]][%[[ROW]], 0] [%[[ROWS]], 4]
// CHECK-DAG:       %[[QS1:.*]] = tensor.extract_slice %[[QS]][%[[ROW]], 0] [%[[ROWS]], 4]
// CHECK-DAG:       %[[T1:.*]] = tensor.extract_slice %[[T]][%[[ROW]], 0, 0] [%[[ROWS]], 3, 8]
// CHECK-DAG:       %[[TS1:.*]] = tensor.extract_slice %[[TS]][%[[ROW]], 0] [%[[ROWS]], 3]
// CHECK-DAG:       %[[LO1:.*]] = tensor.extract_slice %[[LO]][%[[ROW]]] [%[[ROWS]]]
// CHECK-DAG:       %[[HI1:.*]] = tensor.extract_slice %[[HI]][%[[ROW]]] [%[[ROWS]]]
// CHECK-DAG:       %[[SEQ1:.*]] = tensor.extract_slice %[[SEQ]][%[[ROW]]] [%[[ROWS]]]
// CHECK-DAG:       %[[S1:.*]] = tensor.extract_slice %[[OUT]][%[[ROW]], 0] [%[[ROWS]], %{{.*}}]
// CHECK:           %[[R:.*]] = dsa.index_scores<relu> ins(%[[Q1]], %[[K]] : {{.*}}) weights(%[[W1]] : {{.*}}) q_scale(%[[QS1]] :
// CHECK-SAME:        k_scale(%[[KS]] : {{.*}}) linear(%[[T1]], %[[TS1]] : {{.*}}) bounds(%[[LO1]], %[[HI1]] : {{.*}}) seq(%[[SEQ1]] : {{.*}}) outs(%[[S1]] :
// CHECK:           tensor.parallel_insert_slice %[[R]] into %[[OUT]][%[[ROW]], 0] [%[[ROWS]], %{{.*}}]
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["dsa.index_scores"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_forall %op tile_sizes [4]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }

  func.func @index_scores(%q: tensor<?x4x8xf32>, %k: tensor<2x?x8xf32>, %w: tensor<?x4xf32>, %qs: tensor<?x4xf32>,
                          %ks: tensor<2x?xf32>, %t: tensor<?x3x8xf32>, %ts: tensor<?x3xf32>, %lo: tensor<?xi32>,
                          %hi: tensor<?xi32>, %seq: tensor<?xi32>, %s: tensor<?x?xf32>) -> tensor<?x?xf32> {
    %r = dsa.index_scores<relu> ins(%q, %k : tensor<?x4x8xf32>, tensor<2x?x8xf32>)
        weights(%w : tensor<?x4xf32>) q_scale(%qs : tensor<?x4xf32>) k_scale(%ks : tensor<2x?xf32>)
        linear(%t, %ts : tensor<?x3x8xf32>, tensor<?x3xf32>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>) seq(%seq : tensor<?xi32>)
        outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
    return %r : tensor<?x?xf32>
  }
}

// -----

// Several results.
// CHECK-LABEL: func @linear_part(
// CHECK-SAME:    %[[Q:[^:]*]]: tensor<?x4x8xf16>, %[[W:[^:]*]]: tensor<?x4xf32>, %[[QS:[^:]*]]: tensor<?x4xf32>, %[[T:[^:]*]]: tensor<?x2x8xf16>, %[[S:[^:]*]]: tensor<?x2xf32>)
// CHECK:         scf.forall {{.*}} shared_outs(%[[OUT:.*]] = %[[T]], %[[OUT_S:.*]] = %[[S]])
// CHECK-DAG:       %[[Q1:.*]] = tensor.extract_slice %[[Q]][%[[ROW:.*]], 0, 0] [%{{.*}}, 4, 8]
// CHECK-DAG:       %[[W1:.*]] = tensor.extract_slice %[[W]][%{{.*}}, 0]
// CHECK-DAG:       %[[QS1:.*]] = tensor.extract_slice %[[QS]][%{{.*}}, 0]
// CHECK-DAG:       %[[T1:.*]] = tensor.extract_slice %[[OUT]][%{{.*}}, 0, 0] [%{{.*}}, 2, 8]
// CHECK-DAG:       %[[S1:.*]] = tensor.extract_slice %[[OUT_S]][%{{.*}}, 0] [%{{.*}}, 2]
// CHECK:           %[[R:.*]]:2 = dsa.linear_part ins(%[[Q1]] : {{.*}}) weights(%[[W1]] : {{.*}}) q_scale(%[[QS1]] : {{.*}}) outs(%[[T1]], %[[S1]] :
// CHECK-DAG:       tensor.parallel_insert_slice %[[R]]#0 into %[[OUT]]
// CHECK-DAG:       tensor.parallel_insert_slice %[[R]]#1 into %[[OUT_S]]
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["dsa.linear_part"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_forall %op tile_sizes [4]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }

  func.func @linear_part(%q: tensor<?x4x8xf16>, %w: tensor<?x4xf32>, %qs: tensor<?x4xf32>, %t: tensor<?x2x8xf16>,
                         %s: tensor<?x2xf32>) -> (tensor<?x2x8xf16>, tensor<?x2xf32>) {
    %r:2 = dsa.linear_part ins(%q : tensor<?x4x8xf16>) weights(%w : tensor<?x4xf32>) q_scale(%qs : tensor<?x4xf32>)
        outs(%t, %s : tensor<?x2x8xf16>, tensor<?x2xf32>) -> tensor<?x2x8xf16>, tensor<?x2xf32>
    return %r#0, %r#1 : tensor<?x2x8xf16>, tensor<?x2xf32>
  }
}

// -----

// CHECK-LABEL: func @topk(
// CHECK-SAME:    %[[S:[^:]*]]: tensor<?x2x?xf32>, %[[IDS:[^:]*]]: tensor<?x2x?xi32>, %[[LO:[^:]*]]: tensor<?xi32>, %[[P:[^:]*]]: tensor<?xi32>,
// CHECK:         scf.forall
// CHECK-DAG:       %[[S1:.*]] = tensor.extract_slice %[[S]][%{{.*}}, 0, 0]
// CHECK-DAG:       %[[IDS1:.*]] = tensor.extract_slice %[[IDS]][%{{.*}}, 0, 0]
// CHECK-DAG:       %[[LO1:.*]] = tensor.extract_slice %[[LO]]
// CHECK-DAG:       %[[P1:.*]] = tensor.extract_slice %[[P]]
// CHECK:           %[[R:.*]]:3 = dsa.topk ins(%[[S1]] : {{.*}}) ids(%[[IDS1]] : {{.*}}) bounds(%[[LO1]], %[[LO1]] : {{.*}}) positions(%[[P1]] : {{.*}}) window = [1, 0] first = 1 unordered
// CHECK-DAG:       tensor.parallel_insert_slice %[[R]]#0
// CHECK-DAG:       tensor.parallel_insert_slice %[[R]]#1
// CHECK-DAG:       tensor.parallel_insert_slice %[[R]]#2
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["dsa.topk"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_forall %op tile_sizes [4]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }

  func.func @topk(%s: tensor<?x2x?xf32>, %ids: tensor<?x2x?xi32>, %lo: tensor<?xi32>, %p: tensor<?xi32>,
                  %i: tensor<?x2x3xi32>, %n: tensor<?x2xi32>, %v: tensor<?x2x3xf32>)
      -> (tensor<?x2x3xi32>, tensor<?x2xi32>, tensor<?x2x3xf32>) {
    %r:3 = dsa.topk ins(%s : tensor<?x2x?xf32>) ids(%ids : tensor<?x2x?xi32>)
        bounds(%lo, %lo : tensor<?xi32>, tensor<?xi32>) positions(%p : tensor<?xi32>) window = [1, 0] first = 1 unordered
        outs(%i, %n, %v : tensor<?x2x3xi32>, tensor<?x2xi32>, tensor<?x2x3xf32>)
        -> tensor<?x2x3xi32>, tensor<?x2xi32>, tensor<?x2x3xf32>
    return %r#0, %r#1, %r#2 : tensor<?x2x3xi32>, tensor<?x2xi32>, tensor<?x2x3xf32>
  }
}

// -----

// The region of a tiled selection computes only the tile's rows; scores of tensors
// from around it are sliced, row numbers stay those of the whole.
#id = affine_map<(d0, d1) -> (d0, d1)>

// CHECK-LABEL: func @select(
// CHECK-SAME:    %[[Q:[^:]*]]: tensor<?x4x8xf32>, %[[K:[^:]*]]: tensor<?x8xf32>, %[[MASK:[^:]*]]: tensor<?x?xf32>, %[[LO:[^:]*]]: tensor<?xi32>,
// CHECK:         scf.forall
// CHECK:           %[[ROW:.*]] = affine.apply
// CHECK:           %[[ROWS:.*]] = affine.min
// CHECK:           %[[LO1:.*]] = tensor.extract_slice %[[LO]][%[[ROW]]] [%[[ROWS]]]
// CHECK:           dsa.select bounds(%[[LO1]], %[[LO1]] :
// CHECK:             %[[E:.*]] = tensor.empty(%[[ROWS]], %{{.*}})
// CHECK:             %[[Q1:.*]] = tensor.extract_slice %[[Q]][%[[ROW]], 0, 0] [%[[ROWS]], 4, 8]
// CHECK:             %[[SCORES:.*]] = dsa.index_scores<none> ins(%[[Q1]], %[[K]] : {{.*}}) outs(%[[E]] :
// CHECK:             %[[MASK1:.*]] = tensor.extract_slice %[[MASK]][%[[ROW]], 0] [%[[ROWS]], %{{.*}}]
// CHECK:             %[[SUM:.*]] = linalg.generic {{.*}} ins(%[[MASK1]] : {{.*}}) outs(%[[SCORES]] :
// CHECK:               %[[I:.*]] = linalg.index 0
// CHECK-NEXT:          affine.apply {{.*}}[%[[I]]]
// CHECK:             dsa.yield %[[SUM]]
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["dsa.select"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_forall %op tile_sizes [4]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }

  func.func @select(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %mask: tensor<?x?xf32>, %lo: tensor<?xi32>,
                    %i: tensor<?x1x2xi32>, %n: tensor<?x1xi32>, %t: index, %keys: index)
      -> (tensor<?x1x2xi32>, tensor<?x1xi32>) {
    %r:2 = dsa.select bounds(%lo, %lo : tensor<?xi32>, tensor<?xi32>)
        outs(%i, %n : tensor<?x1x2xi32>, tensor<?x1xi32>) scores {
      %e = tensor.empty(%t, %keys) : tensor<?x?xf32>
      %s = dsa.index_scores<none> ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
          outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
      %sum = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
          ins(%mask : tensor<?x?xf32>) outs(%s : tensor<?x?xf32>) {
      ^bb0(%m: f32, %x: f32):
        %row = linalg.index 0 : index
        %row32 = arith.index_cast %row : index to i32
        %rowf = arith.sitofp %row32 : i32 to f32
        %y = arith.addf %x, %m : f32
        %z = arith.mulf %y, %rowf : f32
        linalg.yield %z : f32
      } -> tensor<?x?xf32>
      dsa.yield %sum : tensor<?x?xf32>
    } -> tensor<?x1x2xi32>, tensor<?x1xi32>
    return %r#0, %r#1 : tensor<?x1x2xi32>, tensor<?x1xi32>
  }
}

// -----

// Scores made outside are sliced where they are yielded; static sizes that tiles
// divide stay static.
// CHECK-LABEL: func @select_given_scores(
// CHECK-SAME:    %[[S:[^:]*]]: tensor<8x5xf32>
// CHECK:         scf.forall
// CHECK:           dsa.select
// CHECK:             %[[S1:.*]] = tensor.extract_slice %[[S]][%{{.*}}, 0] [4, 5] [1, 1] : tensor<8x5xf32> to tensor<4x5xf32>
// CHECK:             dsa.yield %[[S1]] : tensor<4x5xf32>
// CHECK:           } -> tensor<4x1x2xi32>, tensor<4x1xi32>
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["dsa.select"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_forall %op tile_sizes [4]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }

  func.func @select_given_scores(%s: tensor<8x5xf32>, %i: tensor<8x1x2xi32>, %n: tensor<8x1xi32>)
      -> (tensor<8x1x2xi32>, tensor<8x1xi32>) {
    %r:2 = dsa.select outs(%i, %n : tensor<8x1x2xi32>, tensor<8x1xi32>) scores {
      dsa.yield %s : tensor<8x5xf32>
    } -> tensor<8x1x2xi32>, tensor<8x1xi32>
    return %r#0, %r#1 : tensor<8x1x2xi32>, tensor<8x1xi32>
  }
}

// -----

// CHECK-LABEL: func @sparse_attention(
// CHECK-SAME:    %[[Q:[^:]*]]: tensor<?x4x8xf32>, %[[K:[^:]*]]: tensor<3x?x2x8xf32>, %[[V:[^:]*]]: tensor<3x?x2x8xf32>, %[[I:[^:]*]]: tensor<?x2x16xi32>,
// CHECK-SAME:    %[[N:[^:]*]]: tensor<?x2xi32>, %[[SEQ:[^:]*]]: tensor<?xi32>, %[[SINK:[^:]*]]: tensor<4xf32>,
// CHECK:         scf.forall
// CHECK-DAG:       %[[Q1:.*]] = tensor.extract_slice %[[Q]]
// CHECK-DAG:       %[[I1:.*]] = tensor.extract_slice %[[I]]
// CHECK-DAG:       %[[N1:.*]] = tensor.extract_slice %[[N]]
// CHECK-DAG:       %[[SEQ1:.*]] = tensor.extract_slice %[[SEQ]]
// CHECK:           dsa.sparse_attention scale = 5.000000e-01 ins(%[[Q1]], %[[K]], %[[V]] : {{.*}}) indices(%[[I1]] : {{.*}}) lengths(%[[N1]] : {{.*}}) seq(%[[SEQ1]] : {{.*}}) sink(%[[SINK]] : tensor<4xf32>) block = 2 distinct
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["dsa.sparse_attention"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_forall %op tile_sizes [4]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }

  func.func @sparse_attention(%q: tensor<?x4x8xf32>, %k: tensor<3x?x2x8xf32>, %v: tensor<3x?x2x8xf32>,
                              %i: tensor<?x2x16xi32>, %n: tensor<?x2xi32>, %seq: tensor<?xi32>, %sink: tensor<4xf32>,
                              %o: tensor<?x4x8xf32>, %l: tensor<?x4xf32>) -> (tensor<?x4x8xf32>, tensor<?x4xf32>) {
    %r:2 = dsa.sparse_attention scale = 0.5
        ins(%q, %k, %v : tensor<?x4x8xf32>, tensor<3x?x2x8xf32>, tensor<3x?x2x8xf32>)
        indices(%i : tensor<?x2x16xi32>) lengths(%n : tensor<?x2xi32>) seq(%seq : tensor<?xi32>)
        sink(%sink : tensor<4xf32>) block = 2 distinct
        outs(%o, %l : tensor<?x4x8xf32>, tensor<?x4xf32>) -> tensor<?x4x8xf32>, tensor<?x4xf32>
    return %r#0, %r#1 : tensor<?x4x8xf32>, tensor<?x4xf32>
  }
}

// -----

// CHECK-LABEL: func @attention(
// CHECK-SAME:    %[[Q:[^:]*]]: tensor<?x4x8xf32>, %[[K:[^:]*]]: tensor<?x8xf32>, %[[LO:[^:]*]]: tensor<?xi32>, %[[P:[^:]*]]: tensor<?xi32>, %[[SINK:[^:]*]]: tensor<4xf32>,
// CHECK:         scf.for
// CHECK-DAG:       %[[Q1:.*]] = tensor.extract_slice %[[Q]]
// CHECK-DAG:       %[[LO1:.*]] = tensor.extract_slice %[[LO]]
// CHECK-DAG:       %[[P1:.*]] = tensor.extract_slice %[[P]]
// CHECK:           %[[R:.*]]:3 = dsa.attention scale = 5.000000e-01 ins(%[[Q1]], %[[K]] : {{.*}}) bounds(%[[LO1]], %[[LO1]] : {{.*}}) positions(%[[P1]] : {{.*}}) sink(%[[SINK]] : tensor<4xf32>) window = [7, 0]
// CHECK-DAG:       tensor.insert_slice %[[R]]#0
// CHECK-DAG:       tensor.insert_slice %[[R]]#1
// CHECK-DAG:       tensor.insert_slice %[[R]]#2
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["dsa.attention"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %op tile_sizes [4]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }

  func.func @attention(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %lo: tensor<?xi32>, %p: tensor<?xi32>,
                       %sink: tensor<4xf32>, %o: tensor<?x4x8xf32>, %l: tensor<?x4xf32>, %m: tensor<?x4xf32>)
      -> (tensor<?x4x8xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
    %r:3 = dsa.attention scale = 0.5 ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
        bounds(%lo, %lo : tensor<?xi32>, tensor<?xi32>) positions(%p : tensor<?xi32>)
        sink(%sink : tensor<4xf32>) window = [7, 0]
        outs(%o, %l, %m : tensor<?x4x8xf32>, tensor<?x4xf32>, tensor<?x4xf32>)
        -> tensor<?x4x8xf32>, tensor<?x4xf32>, tensor<?x4xf32>
    return %r#0, %r#1, %r#2 : tensor<?x4x8xf32>, tensor<?x4xf32>, tensor<?x4xf32>
  }
}

// -----

// Partial results count rows in their second dimension.
// CHECK-LABEL: func @merge(
// CHECK-SAME:    %[[OS:[^:]*]]: tensor<?x?x4x8xf32>, %[[LS:[^:]*]]: tensor<?x?x4xf32>, %[[SINK:[^:]*]]: tensor<4xf32>,
// CHECK:         scf.forall
// CHECK:           %[[ROW:.*]] = affine.apply
// CHECK:           %[[ROWS:.*]] = affine.min
// CHECK-DAG:       %[[OS1:.*]] = tensor.extract_slice %[[OS]][0, %[[ROW]], 0, 0] [%{{.*}}, %[[ROWS]], 4, 8]
// CHECK-DAG:       %[[LS1:.*]] = tensor.extract_slice %[[LS]][0, %[[ROW]], 0] [%{{.*}}, %[[ROWS]], 4]
// CHECK:           dsa.merge ins(%[[OS1]], %[[LS1]] : {{.*}}) sink(%[[SINK]] :
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["dsa.merge"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_forall %op tile_sizes [4]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }

  func.func @merge(%os: tensor<?x?x4x8xf32>, %ls: tensor<?x?x4xf32>, %sink: tensor<4xf32>, %o: tensor<?x4x8xf32>,
                   %l: tensor<?x4xf32>) -> (tensor<?x4x8xf32>, tensor<?x4xf32>) {
    %r:2 = dsa.merge ins(%os, %ls : tensor<?x?x4x8xf32>, tensor<?x?x4xf32>) sink(%sink : tensor<4xf32>)
        outs(%o, %l : tensor<?x4x8xf32>, tensor<?x4xf32>) -> tensor<?x4x8xf32>, tensor<?x4xf32>
    return %r#0, %r#1 : tensor<?x4x8xf32>, tensor<?x4xf32>
  }
}

// -----

// CHECK-LABEL: func @memrefs(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x4x8xf32>, %[[K:[^:]*]]: memref<?x8xf32>, %[[S:[^:]*]]: memref<?x?xf32>)
// CHECK:         scf.forall
// CHECK-DAG:       %[[Q1:.*]] = memref.subview %[[Q]][%{{.*}}, 0, 0]
// CHECK-DAG:       %[[S1:.*]] = memref.subview %[[S]][%{{.*}}, 0]
// CHECK:           dsa.index_scores<none> ins(%[[Q1]], %[[K]] : {{.*}}) outs(%[[S1]] :
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["dsa.index_scores"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_forall %op tile_sizes [4]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }

  func.func @memrefs(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %s: memref<?x?xf32>) {
    dsa.index_scores<none> ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>) outs(%s : memref<?x?xf32>)
    return
  }
}

// -----

// Scores are computed inside the loop over rows of what selects from them.
// CHECK-LABEL: func @fuse_scores_into_topk(
// CHECK-NOT:     dsa.index_scores
// CHECK:         scf.forall
// CHECK:           %[[SCORES:.*]] = dsa.index_scores
// CHECK:           %[[TILE:.*]] = tensor.extract_slice %[[SCORES]][0, 0]
// CHECK:           dsa.topk ins(%[[TILE]] :
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %topk = transform.structured.match ops{["dsa.topk"]} in %module : (!transform.any_op) -> !transform.any_op
    %scores = transform.structured.match ops{["dsa.index_scores"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_forall %topk tile_sizes [4]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.structured.fuse_into_containing_op %scores into %loop
        : (!transform.any_op, !transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }

  func.func @fuse_scores_into_topk(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %s: tensor<?x?xf32>,
                                   %i: tensor<?x1x2xi32>, %n: tensor<?x1xi32>)
      -> (tensor<?x1x2xi32>, tensor<?x1xi32>) {
    %scores = dsa.index_scores<none> ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
        outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
    %r:2 = dsa.topk ins(%scores : tensor<?x?xf32>)
        outs(%i, %n : tensor<?x1x2xi32>, tensor<?x1xi32>) -> tensor<?x1x2xi32>, tensor<?x1xi32>
    return %r#0, %r#1 : tensor<?x1x2xi32>, tensor<?x1xi32>
  }
}

// -----

// Selection, a producer of two results, into attention.
// CHECK-LABEL: func @fuse_selection_into_attention(
// CHECK-NOT:     dsa.topk
// CHECK:         scf.forall
// CHECK:           %[[SELECTED:.*]]:2 = dsa.topk
// CHECK:           %[[I:.*]] = tensor.extract_slice %[[SELECTED]]#0[0, 0, 0]
// CHECK:           dsa.sparse_attention {{.*}} indices(%[[I]] :
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %attention = transform.structured.match ops{["dsa.sparse_attention"]} in %module : (!transform.any_op) -> !transform.any_op
    %topk = transform.structured.match ops{["dsa.topk"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_forall %attention tile_sizes [4]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.structured.fuse_into_containing_op %topk into %loop
        : (!transform.any_op, !transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }

  func.func @fuse_selection_into_attention(%s: tensor<?x?xf32>, %q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>,
                                           %i: tensor<?x1x2xi32>, %n: tensor<?x1xi32>, %o: tensor<?x4x8xf32>,
                                           %l: tensor<?x4xf32>) -> (tensor<?x4x8xf32>, tensor<?x4xf32>) {
    %r:2 = dsa.topk ins(%s : tensor<?x?xf32>)
        outs(%i, %n : tensor<?x1x2xi32>, tensor<?x1xi32>) -> tensor<?x1x2xi32>, tensor<?x1xi32>
    %a:2 = dsa.sparse_attention scale = 0.5 ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
        indices(%r#0 : tensor<?x1x2xi32>)
        outs(%o, %l : tensor<?x4x8xf32>, tensor<?x4xf32>) -> tensor<?x4x8xf32>, tensor<?x4xf32>
    return %a#0, %a#1 : tensor<?x4x8xf32>, tensor<?x4xf32>
  }
}
