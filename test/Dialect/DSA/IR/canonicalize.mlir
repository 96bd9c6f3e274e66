// RUN: dsa-opt %s -canonicalize -split-input-file | FileCheck %s

//===----------------------------------------------------------------------===//
// Clauses that say nothing
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @topk_empty_clauses(
func.func @topk_empty_clauses(%s: tensor<?x?xf32>, %i: tensor<?x1x4xi32>, %n: tensor<?x1xi32>)
    -> (tensor<?x1x4xi32>, tensor<?x1xi32>) {
  // CHECK: dsa.topk ins(%{{.*}} : tensor<?x?xf32>) outs(
  %idx, %count = dsa.topk ins(%s : tensor<?x?xf32>) first = 0 block = 1
      outs(%i, %n : tensor<?x1x4xi32>, tensor<?x1xi32>)
      -> tensor<?x1x4xi32>, tensor<?x1xi32>
  return %idx, %count : tensor<?x1x4xi32>, tensor<?x1xi32>
}

// CHECK-LABEL: func @select_empty_clauses(
func.func @select_empty_clauses(%s: tensor<?x?xf32>, %i: tensor<?x1x4xi32>, %n: tensor<?x1xi32>)
    -> (tensor<?x1x4xi32>, tensor<?x1xi32>) {
  // CHECK: dsa.select outs(
  %idx, %count = dsa.select first = 0 block = 1
      outs(%i, %n : tensor<?x1x4xi32>, tensor<?x1xi32>) scores {
    dsa.yield %s : tensor<?x?xf32>
  } -> tensor<?x1x4xi32>, tensor<?x1xi32>
  return %idx, %count : tensor<?x1x4xi32>, tensor<?x1xi32>
}

// CHECK-LABEL: func @one_empty_clause(
func.func @one_empty_clause(%s: memref<?x?xf32>, %i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  // CHECK: dsa.topk ins(%{{.*}} : memref<?x?xf32>) block = 2 outs(
  dsa.topk ins(%s : memref<?x?xf32>) first = 0 block = 2
      outs(%i, %n : memref<?x1x4xi32>, memref<?x1xi32>)
  // CHECK: dsa.topk ins(%{{.*}} : memref<?x?xf32>) first = 2 outs(
  dsa.topk ins(%s : memref<?x?xf32>) first = 2 block = 1
      outs(%i, %n : memref<?x1x4xi32>, memref<?x1xi32>)
  return
}

// CHECK-LABEL: func @sparse_attention_empty_clauses(
func.func @sparse_attention_empty_clauses(
    %q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %idx: memref<?x1x16xi32>,
    %o: memref<?x4x8xf32>, %l: memref<?x4xf32>) {
  // CHECK: dsa.sparse_attention {{.*}} indices(%{{.*}} : memref<?x1x16xi32>) outs(
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>)
      indices(%idx : memref<?x1x16xi32>) block = 1
      outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  return
}

//===----------------------------------------------------------------------===//
// Casts
//===----------------------------------------------------------------------===//

// -----

// A result of more precise type is cast back.
// CHECK-LABEL: func @tensor_cast(
// CHECK-SAME:    %[[Q:.*]]: tensor<5x4x8xf32>, %[[K:.*]]: tensor<7x8xf32>, %[[S:.*]]: tensor<5x7xf32>)
func.func @tensor_cast(%q: tensor<5x4x8xf32>, %k: tensor<7x8xf32>, %s: tensor<5x7xf32>) -> tensor<?x?xf32> {
  // CHECK-NEXT: %[[R:.*]] = dsa.index_scores<relu> ins(%[[Q]], %[[K]] : tensor<5x4x8xf32>, tensor<7x8xf32>)
  // CHECK-SAME:     outs(%[[S]] : tensor<5x7xf32>) -> tensor<5x7xf32>
  // CHECK-NEXT: %[[CAST:.*]] = tensor.cast %[[R]] : tensor<5x7xf32> to tensor<?x?xf32>
  // CHECK-NEXT: return %[[CAST]]
  %q1 = tensor.cast %q : tensor<5x4x8xf32> to tensor<?x4x8xf32>
  %k1 = tensor.cast %k : tensor<7x8xf32> to tensor<?x8xf32>
  %s1 = tensor.cast %s : tensor<5x7xf32> to tensor<?x?xf32>
  %r = dsa.index_scores<relu> ins(%q1, %k1 : tensor<?x4x8xf32>, tensor<?x8xf32>)
      outs(%s1 : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}

// -----

// CHECK-LABEL: func @tensor_cast_select(
// CHECK-SAME:    %{{.*}}, %[[LO:.*]]: tensor<5xi32>, %[[I:.*]]: tensor<5x1x4xi32>, %[[N:.*]]: tensor<?x1xi32>)
func.func @tensor_cast_select(%s: tensor<?x?xf32>, %lo: tensor<5xi32>, %i: tensor<5x1x4xi32>,
                              %n: tensor<?x1xi32>) -> (tensor<?x1x4xi32>, tensor<?x1xi32>) {
  // CHECK: dsa.select bounds(%[[LO]], %[[LO]] : tensor<5xi32>, tensor<5xi32>)
  // CHECK-SAME: outs(%[[I]], %[[N]] : tensor<5x1x4xi32>, tensor<?x1xi32>) scores {
  // CHECK-NEXT:   dsa.yield
  // CHECK-NEXT: } -> tensor<5x1x4xi32>, tensor<?x1xi32>
  %lo1 = tensor.cast %lo : tensor<5xi32> to tensor<?xi32>
  %i1 = tensor.cast %i : tensor<5x1x4xi32> to tensor<?x1x4xi32>
  %r:2 = dsa.select bounds(%lo1, %lo1 : tensor<?xi32>, tensor<?xi32>)
      outs(%i1, %n : tensor<?x1x4xi32>, tensor<?x1xi32>) scores {
    dsa.yield %s : tensor<?x?xf32>
  } -> tensor<?x1x4xi32>, tensor<?x1xi32>
  return %r#0, %r#1 : tensor<?x1x4xi32>, tensor<?x1xi32>
}

// -----

// CHECK-LABEL: func @memref_cast(
// CHECK-SAME:    %[[Q:.*]]: memref<5x4x8xf32>, %[[K:.*]]: memref<7x8xf32>, %[[S:.*]]: memref<5x7xf32>)
func.func @memref_cast(%q: memref<5x4x8xf32>, %k: memref<7x8xf32>, %s: memref<5x7xf32>) {
  // CHECK-NEXT: dsa.index_scores<none> ins(%[[Q]], %[[K]] : memref<5x4x8xf32>, memref<7x8xf32>)
  // CHECK-SAME:     outs(%[[S]] : memref<5x7xf32>)
  // CHECK-NEXT: return
  %q1 = memref.cast %q : memref<5x4x8xf32> to memref<?x4x8xf32>
  %k1 = memref.cast %k : memref<7x8xf32> to memref<7x8xf32, strided<[?, ?], offset: ?>>
  %s1 = memref.cast %s : memref<5x7xf32> to memref<?x?xf32>
  dsa.index_scores<none> ins(%q1, %k1 : memref<?x4x8xf32>, memref<7x8xf32, strided<[?, ?], offset: ?>>)
      outs(%s1 : memref<?x?xf32>)
  return
}

// -----

// A cast that adds what the operation needs to know stays.
// CHECK-LABEL: func @memref_cast_to_static(
func.func @memref_cast_to_static(%q: memref<?x?x?xf32>, %k: memref<?x8xf32>, %s: memref<?x?xf32>) {
  // CHECK: %[[Q:.*]] = memref.cast %{{.*}} : memref<?x?x?xf32> to memref<?x4x8xf32>
  // CHECK: dsa.index_scores<none> ins(%[[Q]], %{{.*}} : memref<?x4x8xf32>, memref<?x8xf32>)
  %q1 = memref.cast %q : memref<?x?x?xf32> to memref<?x4x8xf32>
  dsa.index_scores<none> ins(%q1, %k : memref<?x4x8xf32>, memref<?x8xf32>)
      outs(%s : memref<?x?xf32>)
  return
}

// -----

// CHECK-LABEL: func @memref_cast_destination_to_static(
func.func @memref_cast_destination_to_static(%s: memref<?x?xf32>, %i: memref<?x?x?xi32>,
                                             %n: memref<?x1xi32>) {
  // CHECK: %[[I:.*]] = memref.cast %{{.*}} : memref<?x?x?xi32> to memref<?x1x4xi32>
  // CHECK: dsa.topk ins({{.*}}) outs(%[[I]], %{{.*}} : memref<?x1x4xi32>, memref<?x1xi32>)
  %i1 = memref.cast %i : memref<?x?x?xi32> to memref<?x1x4xi32>
  dsa.topk ins(%s : memref<?x?xf32>) outs(%i1, %n : memref<?x1x4xi32>, memref<?x1xi32>)
  return
}

// -----

// CHECK-LABEL: func @unranked_memref_cast(
func.func @unranked_memref_cast(%q: memref<*xf32>, %k: memref<?x8xf32>, %s: memref<?x?xf32>) {
  // CHECK: %[[Q:.*]] = memref.cast %{{.*}} : memref<*xf32> to memref<?x4x8xf32>
  // CHECK: dsa.index_scores<none> ins(%[[Q]], %{{.*}} : memref<?x4x8xf32>, memref<?x8xf32>)
  %q1 = memref.cast %q : memref<*xf32> to memref<?x4x8xf32>
  dsa.index_scores<none> ins(%q1, %k : memref<?x4x8xf32>, memref<?x8xf32>)
      outs(%s : memref<?x?xf32>)
  return
}

//===----------------------------------------------------------------------===//
// Sizes of results
//===----------------------------------------------------------------------===//

// -----

// CHECK-LABEL: func @dim_of_result(
// CHECK-SAME:    %{{.*}}, %{{.*}}, %[[S:.*]]: tensor<?x?xf32>)
func.func @dim_of_result(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %s: tensor<?x?xf32>) -> (index, index) {
  // CHECK-DAG: %[[C0:.*]] = arith.constant 0 : index
  // CHECK-DAG: %[[C1:.*]] = arith.constant 1 : index
  // CHECK-DAG: %[[T:.*]] = tensor.dim %[[S]], %[[C0]]
  // CHECK-DAG: %[[N:.*]] = tensor.dim %[[S]], %[[C1]]
  // CHECK-NOT: dsa.index_scores
  // CHECK: return %[[T]], %[[N]]
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = dsa.index_scores<relu> ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  %t = tensor.dim %r, %c0 : tensor<?x?xf32>
  %n = tensor.dim %r, %c1 : tensor<?x?xf32>
  return %t, %n : index, index
}

// -----

// The second of several results.
// CHECK-LABEL: func @dim_of_second_result(
// CHECK-SAME:    %{{.*}}, %{{.*}}, %{{.*}}, %[[L:.*]]: tensor<?x4xf32>)
func.func @dim_of_second_result(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>,
                                %o: tensor<?x4x8xf32>, %l: tensor<?x4xf32>) -> index {
  // CHECK: %[[T:.*]] = tensor.dim %[[L]], %{{.*}}
  // CHECK: return %[[T]]
  %c0 = arith.constant 0 : index
  %r:2 = dsa.attention scale = 1.0 ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
      outs(%o, %l : tensor<?x4x8xf32>, tensor<?x4xf32>) -> tensor<?x4x8xf32>, tensor<?x4xf32>
  %t = tensor.dim %r#1, %c0 : tensor<?x4xf32>
  return %t : index
}

//===----------------------------------------------------------------------===//
// Effects
//===----------------------------------------------------------------------===//

// -----

// On tensors an operation whose results nobody needs goes away, with its region.
// CHECK-LABEL: func @unused(
// CHECK-NEXT:    return
func.func @unused(%s: tensor<?x?xf32>, %i: tensor<?x1x4xi32>, %n: tensor<?x1xi32>) {
  %r:2 = dsa.select outs(%i, %n : tensor<?x1x4xi32>, tensor<?x1xi32>) scores {
    dsa.yield %s : tensor<?x?xf32>
  } -> tensor<?x1x4xi32>, tensor<?x1xi32>
  return
}

// -----

// On memrefs it has been written.
// CHECK-LABEL: func @written(
// CHECK:         dsa.select
func.func @written(%s: memref<?x?xf32>, %i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  dsa.select outs(%i, %n : memref<?x1x4xi32>, memref<?x1xi32>) scores {
    dsa.yield %s : memref<?x?xf32>
  }
  return
}
