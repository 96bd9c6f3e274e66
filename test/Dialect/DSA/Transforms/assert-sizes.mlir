// RUN: dsa-opt %s -dsa-assert-sizes -canonicalize -cse -canonicalize -split-input-file | FileCheck %s

// CHECK-LABEL: func @scores(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x4x8xf32>, %[[K:[^:]*]]: memref<?x8xf32>, %[[LO:[^:]*]]: memref<?xi32>,
// CHECK-DAG:     %[[T:.*]] = memref.dim %[[Q]], %c0
// CHECK-DAG:     %[[OF_LO:.*]] = memref.dim %[[LO]], %c0
// CHECK:         %[[AGREE:.*]] = arith.cmpi eq, %[[T]], %[[OF_LO]]
// CHECK:         cf.assert %[[AGREE]], "dsa.index_scores: expected T of 'lo' to be that of 'q'"
// CHECK:         cf.assert %{{.*}}, "dsa.index_scores: expected T of 'hi' to be that of 'q'"
// CHECK:         cf.assert %{{.*}}, "dsa.index_scores: expected T of 'outs' to be that of 'q'"
// CHECK:         cf.assert %{{.*}}, "dsa.index_scores: expected N of 'outs' to be that of 'k'"
// CHECK:         dsa.index_scores
func.func @scores(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %lo: memref<?xi32>,
                  %hi: memref<?xi32>, %s: memref<?x?xf32>) {
  dsa.index_scores<relu> ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>)
      bounds(%lo, %hi : memref<?xi32>, memref<?xi32>) outs(%s : memref<?x?xf32>)
  return
}

// -----

// CHECK-LABEL: func @linear_part(
// CHECK:         cf.assert %{{.*}}, "dsa.linear_part: expected T of 'weights' to be that of 'q'"
// CHECK:         cf.assert %{{.*}}, "dsa.linear_part: expected T of 'outs terms' to be that of 'q'"
// CHECK:         cf.assert %{{.*}}, "dsa.linear_part: expected T of 'outs scales' to be that of 'q'"
// CHECK:         dsa.linear_part
// CHECK:         cf.assert %{{.*}}, "dsa.index_scores: expected T of 'linear terms' to be that of 'q'"
// CHECK:         cf.assert %{{.*}}, "dsa.index_scores: expected T of 'linear scales' to be that of 'q'"
// CHECK:         dsa.index_scores
func.func @linear_part(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %w: memref<?x4xf32>, %t: memref<?x2x8xf32>,
                       %ts: memref<?x2xf32>, %s: memref<?x?xf32>) {
  dsa.linear_part ins(%q : memref<?x4x8xf32>) weights(%w : memref<?x4xf32>)
      outs(%t, %ts : memref<?x2x8xf32>, memref<?x2xf32>)
  dsa.index_scores<half_abs> ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>)
      linear(%t, %ts : memref<?x2x8xf32>, memref<?x2xf32>) outs(%s : memref<?x?xf32>)
  return
}

// -----

// What types say already, and memory made with the right size, needs no assertion.
// CHECK-LABEL: func @known(
// CHECK-NOT:     cf.assert
// CHECK:         dsa.topk
func.func @known(%s: memref<?x7xf32>) -> (memref<?x1x2xi32>, memref<?x1xi32>) {
  %c0 = arith.constant 0 : index
  %t = memref.dim %s, %c0 : memref<?x7xf32>
  %i = memref.alloc(%t) : memref<?x1x2xi32>
  %n = memref.alloc(%t) : memref<?x1xi32>
  dsa.topk ins(%s : memref<?x7xf32>) outs(%i, %n : memref<?x1x2xi32>, memref<?x1xi32>)
  return %i, %n : memref<?x1x2xi32>, memref<?x1xi32>
}

// -----

// Memory of a scorer exists only inside: its rows are those of the selection.
// CHECK-LABEL: func @select(
// CHECK-DAG:     cf.assert %{{.*}}, "dsa.select: expected T of 'outs count' to be that of 'outs indices'"
// CHECK-DAG:     cf.assert %{{.*}}, "dsa.index_scores: expected T of 'q' to be that of 'outs indices'"
// CHECK:         dsa.select
// CHECK-NOT:     cf.assert
func.func @select(%q: memref<?x4x8xf32>, %k: memref<9x8xf32>, %i: memref<?x1x2xi32>, %n: memref<?x1xi32>) {
  dsa.select outs(%i, %n : memref<?x1x2xi32>, memref<?x1xi32>) scores {
    %c0 = arith.constant 0 : index
    %t = memref.dim %q, %c0 : memref<?x4x8xf32>
    %s = memref.alloc(%t) : memref<?x9xf32>
    dsa.index_scores<none> ins(%q, %k : memref<?x4x8xf32>, memref<9x8xf32>) outs(%s : memref<?x9xf32>)
    dsa.yield %s : memref<?x9xf32>
  }
  return
}
