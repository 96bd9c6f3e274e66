// RUN: dsa-opt %s -dsa-fuse-selection -split-input-file | FileCheck %s

// Scores for one reader move into a region, onto a destination of their own.
// CHECK-LABEL: func @fuse(
// CHECK-SAME:    %[[Q:[^:]*]]: tensor<?x4x8xf32>, %[[K:[^:]*]]: tensor<?x8xf32>, %[[W:[^:]*]]: tensor<?x4xf32>,
// CHECK-SAME:    %[[S:[^:]*]]: tensor<?x?xf32>, %[[I:[^:]*]]: tensor<?x1x2xi32>, %[[N:[^:]*]]: tensor<?x1xi32>)
func.func @fuse(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %w: tensor<?x4xf32>, %s: tensor<?x?xf32>,
                %i: tensor<?x1x2xi32>, %n: tensor<?x1xi32>) -> (tensor<?x1x2xi32>, tensor<?x1xi32>) {
  // CHECK-NOT: dsa.topk
  // CHECK: %[[R:.*]]:2 = dsa.select outs(%[[I]], %[[N]] : tensor<?x1x2xi32>, tensor<?x1xi32>) scores {
  // CHECK-DAG:   %[[T:.*]] = tensor.dim %[[S]], %c0
  // CHECK-DAG:   %[[KEYS:.*]] = tensor.dim %[[S]], %c1
  // CHECK:       %[[E:.*]] = tensor.empty(%[[T]], %[[KEYS]]) : tensor<?x?xf32>
  // CHECK:       %[[SCORES:.*]] = dsa.index_scores<relu> ins(%[[Q]], %[[K]] : {{.*}}) weights(%[[W]] : {{.*}}) outs(%[[E]] :
  // CHECK-NEXT:  dsa.yield %[[SCORES]] : tensor<?x?xf32>
  // CHECK-NEXT: } -> tensor<?x1x2xi32>, tensor<?x1xi32>
  // CHECK-NEXT: return %[[R]]#0, %[[R]]#1
  %scores = dsa.index_scores<relu> ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
      weights(%w : tensor<?x4xf32>) outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  %idx, %count = dsa.topk ins(%scores : tensor<?x?xf32>)
      outs(%i, %n : tensor<?x1x2xi32>, tensor<?x1xi32>) -> tensor<?x1x2xi32>, tensor<?x1xi32>
  return %idx, %count : tensor<?x1x2xi32>, tensor<?x1xi32>
}

// -----

// CHECK-LABEL: func @clauses(
// CHECK-SAME:    %{{.*}}, %[[LO:[^:]*]]: tensor<?xi32>, %[[HI:[^:]*]]: tensor<?xi32>, %[[P:[^:]*]]: tensor<?xi32>,
func.func @clauses(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %lo: tensor<?xi32>, %hi: tensor<?xi32>,
                   %p: tensor<?xi32>, %s: tensor<?x?xf32>, %i: tensor<?x1x8xi32>, %n: tensor<?x1xi32>,
                   %v: tensor<?x1x8xf32>) -> (tensor<?x1x8xi32>, tensor<?x1xi32>, tensor<?x1x8xf32>) {
  // CHECK: dsa.select bounds(%[[LO]], %[[HI]] : tensor<?xi32>, tensor<?xi32>) positions(%[[P]] : tensor<?xi32>)
  // CHECK-SAME: window = [1, 0] first = 2 block = 4 unordered
  // CHECK-SAME: schedule(#dsa.loop_schedule<block_rows = 2, block_keys = 32>)
  // CHECK-SAME: outs(%{{.*}}, %{{.*}}, %{{.*}} : tensor<?x1x8xi32>, tensor<?x1xi32>, tensor<?x1x8xf32>) scores {
  // Keys that cannot be selected need no score.
  // CHECK:   dsa.index_scores<none> {{.*}} bounds(%[[LO]], %[[HI]] : tensor<?xi32>, tensor<?xi32>) schedule(#dsa.loop_schedule<block_rows = 8, block_keys = 64>)
  // CHECK: } -> tensor<?x1x8xi32>, tensor<?x1xi32>, tensor<?x1x8xf32>
  %scores = dsa.index_scores<none> ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
      schedule(#dsa.loop_schedule<block_rows = 8, block_keys = 64>)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  %r:3 = dsa.topk ins(%scores : tensor<?x?xf32>)
      bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>) positions(%p : tensor<?xi32>)
      window = [1, 0] first = 2 block = 4 unordered
      schedule(#dsa.loop_schedule<block_rows = 2, block_keys = 32>)
      outs(%i, %n, %v : tensor<?x1x8xi32>, tensor<?x1xi32>, tensor<?x1x8xf32>)
      -> tensor<?x1x8xi32>, tensor<?x1xi32>, tensor<?x1x8xf32>
  return %r#0, %r#1, %r#2 : tensor<?x1x8xi32>, tensor<?x1xi32>, tensor<?x1x8xf32>
}

// -----

// What the scores are computed from stays outside.
// CHECK-LABEL: func @linear(
// CHECK:         %[[L:.*]]:2 = dsa.linear_part
// CHECK:         dsa.select
// CHECK:           dsa.index_scores<half_abs> {{.*}} linear(%[[L]]#0, %[[L]]#1 : tensor<?x2x8xf32>, tensor<?x2xf32>) outs(
func.func @linear(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %t: tensor<?x2x8xf32>, %ts: tensor<?x2xf32>,
                  %s: tensor<?x?xf32>, %i: tensor<?x1x2xi32>, %n: tensor<?x1xi32>)
    -> (tensor<?x1x2xi32>, tensor<?x1xi32>) {
  %l:2 = dsa.linear_part ins(%q : tensor<?x4x8xf32>)
      outs(%t, %ts : tensor<?x2x8xf32>, tensor<?x2xf32>) -> tensor<?x2x8xf32>, tensor<?x2xf32>
  %scores = dsa.index_scores<half_abs> ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
      linear(%l#0, %l#1 : tensor<?x2x8xf32>, tensor<?x2xf32>) outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  %idx, %count = dsa.topk ins(%scores : tensor<?x?xf32>)
      outs(%i, %n : tensor<?x1x2xi32>, tensor<?x1xi32>) -> tensor<?x1x2xi32>, tensor<?x1xi32>
  return %idx, %count : tensor<?x1x2xi32>, tensor<?x1xi32>
}

// -----

// Bounds of the scores' own stay.
// CHECK-LABEL: func @own_bounds(
// CHECK-SAME:    %{{.*}}, %[[OWN:[^:]*]]: tensor<?xi32>, %[[LO:[^:]*]]: tensor<?xi32>,
func.func @own_bounds(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %own: tensor<?xi32>, %lo: tensor<?xi32>,
                      %s: tensor<?x?xf32>, %i: tensor<?x1x8xi32>, %n: tensor<?x1xi32>)
    -> (tensor<?x1x8xi32>, tensor<?x1xi32>) {
  // CHECK: dsa.select bounds(%[[LO]], %[[LO]] :
  // CHECK:   dsa.index_scores<none> {{.*}} bounds(%[[OWN]], %[[OWN]] :
  %scores = dsa.index_scores<none> ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
      bounds(%own, %own : tensor<?xi32>, tensor<?xi32>) outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  %r:2 = dsa.topk ins(%scores : tensor<?x?xf32>) bounds(%lo, %lo : tensor<?xi32>, tensor<?xi32>)
      outs(%i, %n : tensor<?x1x8xi32>, tensor<?x1xi32>) -> tensor<?x1x8xi32>, tensor<?x1xi32>
  return %r#0, %r#1 : tensor<?x1x8xi32>, tensor<?x1xi32>
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#column = affine_map<(d0, d1) -> (d1)>

// Elementwise operations move along: one that adds a bias for each key, and one
// that works in place.
// CHECK-LABEL: func @elementwise(
// CHECK-SAME:    %[[BIAS:[^:]*]]: tensor<?xf32>, %{{.*}}, %[[OTHER:[^:]*]]: tensor<?x?xf32>,
func.func @elementwise(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %bias: tensor<?xf32>, %s: tensor<?x?xf32>,
                       %other: tensor<?x?xf32>, %i: tensor<?x1x2xi32>, %n: tensor<?x1xi32>)
    -> (tensor<?x1x2xi32>, tensor<?x1xi32>) {
  // CHECK: dsa.select
  // CHECK:   %[[SCORES:.*]] = dsa.index_scores
  // CHECK:   %[[E:.*]] = tensor.empty
  // CHECK:   %[[BIASED:.*]] = linalg.generic {{.*}} ins(%[[BIAS]], %[[SCORES]] : {{.*}}) outs(%[[E]] :
  // CHECK:   %[[NEGATED:.*]] = linalg.generic {{.*}} outs(%[[BIASED]] :
  // CHECK:   dsa.yield %[[NEGATED]]
  %scores = dsa.index_scores<none> ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  %biased = linalg.generic {indexing_maps = [#column, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%bias, %scores : tensor<?xf32>, tensor<?x?xf32>) outs(%other : tensor<?x?xf32>) {
  ^bb0(%b: f32, %x: f32, %out: f32):
    %y = arith.addf %x, %b : f32
    linalg.yield %y : f32
  } -> tensor<?x?xf32>
  %negated = linalg.generic {indexing_maps = [#id], iterator_types = ["parallel", "parallel"]}
      outs(%biased : tensor<?x?xf32>) {
  ^bb0(%x: f32):
    %y = arith.negf %x : f32
    linalg.yield %y : f32
  } -> tensor<?x?xf32>
  %r:2 = dsa.topk ins(%negated : tensor<?x?xf32>)
      outs(%i, %n : tensor<?x1x2xi32>, tensor<?x1xi32>) -> tensor<?x1x2xi32>, tensor<?x1xi32>
  return %r#0, %r#1 : tensor<?x1x2xi32>, tensor<?x1xi32>
}

// -----

// Named elementwise operations, and a second operand computed in between.
// CHECK-LABEL: func @named_elementwise(
func.func @named_elementwise(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %mask: tensor<?x?xf32>, %s: tensor<?x?xf32>,
                             %i: tensor<?x1x2xi32>, %n: tensor<?x1xi32>)
    -> (tensor<?x1x2xi32>, tensor<?x1xi32>) {
  // CHECK: %[[MASK:.*]] = linalg.exp
  // CHECK: dsa.select
  // CHECK:   %[[SCORES:.*]] = dsa.index_scores
  // CHECK:   %[[SUM:.*]] = linalg.add ins(%[[MASK]], %[[SCORES]] :
  // CHECK:   dsa.yield %[[SUM]]
  %scores = dsa.index_scores<none> ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  %m = linalg.exp ins(%mask : tensor<?x?xf32>) outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  %sum = linalg.add ins(%m, %scores : tensor<?x?xf32>, tensor<?x?xf32>)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  %r:2 = dsa.topk ins(%sum : tensor<?x?xf32>)
      outs(%i, %n : tensor<?x1x2xi32>, tensor<?x1xi32>) -> tensor<?x1x2xi32>, tensor<?x1xi32>
  return %r#0, %r#1 : tensor<?x1x2xi32>, tensor<?x1xi32>
}

// -----

// What stands beside the scores stays outside, whatever computed it.
// CHECK-LABEL: func @operand_of_other_kind(
func.func @operand_of_other_kind(%q: tensor<?x4x8xf32>, %k: tensor<6x8xf32>, %x: tensor<?x2x3xf32>, %s: tensor<?x6xf32>,
                                 %i: tensor<?x1x2xi32>, %n: tensor<?x1xi32>)
    -> (tensor<?x1x2xi32>, tensor<?x1xi32>) {
  // CHECK: %[[X:.*]] = tensor.collapse_shape
  // CHECK: dsa.select
  // CHECK:   %[[SCORES:.*]] = dsa.index_scores
  // CHECK:   linalg.add ins(%[[X]], %[[SCORES]] :
  // CHECK:   dsa.yield
  %scores = dsa.index_scores<none> ins(%q, %k : tensor<?x4x8xf32>, tensor<6x8xf32>)
      outs(%s : tensor<?x6xf32>) -> tensor<?x6xf32>
  %x1 = tensor.collapse_shape %x [[0], [1, 2]] : tensor<?x2x3xf32> into tensor<?x6xf32>
  %sum = linalg.add ins(%x1, %scores : tensor<?x6xf32>, tensor<?x6xf32>)
      outs(%s : tensor<?x6xf32>) -> tensor<?x6xf32>
  %r:2 = dsa.topk ins(%sum : tensor<?x6xf32>)
      outs(%i, %n : tensor<?x1x2xi32>, tensor<?x1xi32>) -> tensor<?x1x2xi32>, tensor<?x1xi32>
  return %r#0, %r#1 : tensor<?x1x2xi32>, tensor<?x1xi32>
}

//===----------------------------------------------------------------------===//
// Left alone
//===----------------------------------------------------------------------===//

// -----

// CHECK-LABEL: func @scores_used_elsewhere(
// CHECK-NOT:     dsa.select
// CHECK:         dsa.topk
func.func @scores_used_elsewhere(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %s: tensor<?x?xf32>,
                                 %i: tensor<?x1x2xi32>, %n: tensor<?x1xi32>)
    -> (tensor<?x1x2xi32>, tensor<?x1xi32>, tensor<?x?xf32>) {
  %scores = dsa.index_scores<none> ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  %r:2 = dsa.topk ins(%scores : tensor<?x?xf32>)
      outs(%i, %n : tensor<?x1x2xi32>, tensor<?x1xi32>) -> tensor<?x1x2xi32>, tensor<?x1xi32>
  return %r#0, %r#1, %scores : tensor<?x1x2xi32>, tensor<?x1xi32>, tensor<?x?xf32>
}

// -----

// CHECK-LABEL: func @ids(
// CHECK-NOT:     dsa.select
// CHECK:         dsa.topk
func.func @ids(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %ids: tensor<?x?xi32>, %s: tensor<?x?xf32>,
               %i: tensor<?x1x2xi32>, %n: tensor<?x1xi32>) -> (tensor<?x1x2xi32>, tensor<?x1xi32>) {
  %scores = dsa.index_scores<none> ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  %r:2 = dsa.topk ins(%scores : tensor<?x?xf32>) ids(%ids : tensor<?x?xi32>)
      outs(%i, %n : tensor<?x1x2xi32>, tensor<?x1xi32>) -> tensor<?x1x2xi32>, tensor<?x1xi32>
  return %r#0, %r#1 : tensor<?x1x2xi32>, tensor<?x1xi32>
}

// -----

// CHECK-LABEL: func @other_block(
// CHECK-NOT:     dsa.select
// CHECK:         dsa.topk
func.func @other_block(%c: i1, %q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %s: tensor<?x?xf32>,
                       %i: tensor<?x1x2xi32>, %n: tensor<?x1xi32>) -> tensor<?x1x2xi32> {
  %scores = dsa.index_scores<none> ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  %idx = scf.if %c -> tensor<?x1x2xi32> {
    %r:2 = dsa.topk ins(%scores : tensor<?x?xf32>)
        outs(%i, %n : tensor<?x1x2xi32>, tensor<?x1xi32>) -> tensor<?x1x2xi32>, tensor<?x1xi32>
    scf.yield %r#0 : tensor<?x1x2xi32>
  } else {
    scf.yield %i : tensor<?x1x2xi32>
  }
  return %idx : tensor<?x1x2xi32>
}

// -----

// CHECK-LABEL: func @scores_given(
// CHECK-NOT:     dsa.select
// CHECK:         dsa.topk
func.func @scores_given(%s: tensor<?x?xf32>, %i: tensor<?x1x2xi32>, %n: tensor<?x1xi32>)
    -> (tensor<?x1x2xi32>, tensor<?x1xi32>) {
  %r:2 = dsa.topk ins(%s : tensor<?x?xf32>)
      outs(%i, %n : tensor<?x1x2xi32>, tensor<?x1xi32>) -> tensor<?x1x2xi32>, tensor<?x1xi32>
  return %r#0, %r#1 : tensor<?x1x2xi32>, tensor<?x1xi32>
}

// -----

// Elementwise, but of nothing that scores.
// CHECK-LABEL: func @no_scorer(
// CHECK-NOT:     dsa.select
// CHECK:         dsa.topk
func.func @no_scorer(%s: tensor<?x?xf32>, %e: tensor<?x?xf32>, %i: tensor<?x1x2xi32>, %n: tensor<?x1xi32>)
    -> (tensor<?x1x2xi32>, tensor<?x1xi32>) {
  %x = linalg.exp ins(%s : tensor<?x?xf32>) outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
  %r:2 = dsa.topk ins(%x : tensor<?x?xf32>)
      outs(%i, %n : tensor<?x1x2xi32>, tensor<?x1xi32>) -> tensor<?x1x2xi32>, tensor<?x1xi32>
  return %r#0, %r#1 : tensor<?x1x2xi32>, tensor<?x1xi32>
}

// -----

// A row of what is selected from needs all rows of the scores.
// CHECK-LABEL: func @transposed_scores(
// CHECK-NOT:     dsa.select
// CHECK:         dsa.topk
func.func @transposed_scores(%q: tensor<8x4x8xf32>, %k: tensor<8x8xf32>, %s: tensor<8x8xf32>, %e: tensor<8x8xf32>,
                             %i: tensor<8x1x2xi32>, %n: tensor<8x1xi32>)
    -> (tensor<8x1x2xi32>, tensor<8x1xi32>) {
  %scores = dsa.index_scores<none> ins(%q, %k : tensor<8x4x8xf32>, tensor<8x8xf32>)
      outs(%s : tensor<8x8xf32>) -> tensor<8x8xf32>
  %t = linalg.transpose ins(%scores : tensor<8x8xf32>) outs(%e : tensor<8x8xf32>) permutation = [1, 0]
  %r:2 = dsa.topk ins(%t : tensor<8x8xf32>)
      outs(%i, %n : tensor<8x1x2xi32>, tensor<8x1xi32>) -> tensor<8x1x2xi32>, tensor<8x1xi32>
  return %r#0, %r#1 : tensor<8x1x2xi32>, tensor<8x1xi32>
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#swap = affine_map<(d0, d1) -> (d1, d0)>

// CHECK-LABEL: func @scores_read_transposed(
// CHECK-NOT:     dsa.select
// CHECK:         dsa.topk
func.func @scores_read_transposed(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %s: tensor<?x?xf32>, %e: tensor<?x?xf32>,
                                  %i: tensor<?x1x2xi32>, %n: tensor<?x1xi32>)
    -> (tensor<?x1x2xi32>, tensor<?x1xi32>) {
  %scores = dsa.index_scores<none> ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  %t = linalg.generic {indexing_maps = [#swap, #id], iterator_types = ["parallel", "parallel"]}
      ins(%scores : tensor<?x?xf32>) outs(%e : tensor<?x?xf32>) {
  ^bb0(%x: f32, %out: f32):
    %y = arith.negf %x : f32
    linalg.yield %y : f32
  } -> tensor<?x?xf32>
  %r:2 = dsa.topk ins(%t : tensor<?x?xf32>)
      outs(%i, %n : tensor<?x1x2xi32>, tensor<?x1xi32>) -> tensor<?x1x2xi32>, tensor<?x1xi32>
  return %r#0, %r#1 : tensor<?x1x2xi32>, tensor<?x1xi32>
}

// -----

// Memory says nothing of who reads the scores.
// CHECK-LABEL: func @memrefs(
// CHECK-NOT:     dsa.select
// CHECK:         dsa.topk
func.func @memrefs(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %s: memref<?x?xf32>,
                   %i: memref<?x1x2xi32>, %n: memref<?x1xi32>) {
  dsa.index_scores<none> ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>) outs(%s : memref<?x?xf32>)
  dsa.topk ins(%s : memref<?x?xf32>) outs(%i, %n : memref<?x1x2xi32>, memref<?x1xi32>)
  return
}
