// Operations among other code: control flow, calls, parts of tensors, scorers with
// several operations.

// RUN: dsa-opt %s -dsa-to-cpu -split-input-file -verify-diagnostics | FileCheck %s \
// RUN:     --implicit-check-not="{{ (index|linalg|scf|vector|arith|math|affine|cf|ub)[.][a-z]}}" \
// RUN:     --implicit-check-not=dsa. --implicit-check-not=memrefCopy \
// RUN:     --implicit-check-not=tensor --implicit-check-not=memref --implicit-check-not=unrealized_conversion_cast

// CHECK-LABEL: llvm.func @sequential_loop(
// CHECK:         omp.parallel
// CHECK:         llvm.return
func.func @sequential_loop(%s: tensor<3x8x9xf32>, %i: tensor<8x1x4xi32>, %n: tensor<8x1xi32>)
    -> (tensor<8x1x4xi32>, tensor<8x1xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %r:2 = scf.for %layer = %c0 to %c3 step %c1 iter_args(%a = %i, %b = %n)
      -> (tensor<8x1x4xi32>, tensor<8x1xi32>) {
    %scores = tensor.extract_slice %s[%layer, 0, 0] [1, 8, 9] [1, 1, 1] : tensor<3x8x9xf32> to tensor<8x9xf32>
    %t:2 = dsa.topk ins(%scores : tensor<8x9xf32>) outs(%a, %b : tensor<8x1x4xi32>, tensor<8x1xi32>)
        -> tensor<8x1x4xi32>, tensor<8x1xi32>
    scf.yield %t#0, %t#1 : tensor<8x1x4xi32>, tensor<8x1xi32>
  }
  return %r#0, %r#1 : tensor<8x1x4xi32>, tensor<8x1xi32>
}

// -----

// A loop that is parallel already: what stands in it is not, once more.
// CHECK-LABEL: llvm.func @parallel_loop(
// CHECK:         omp.parallel
// CHECK-NOT:     omp.parallel
// CHECK:         llvm.return
func.func @parallel_loop(%s: tensor<3x8x9xf32>, %i: tensor<3x8x4xi32>, %n: tensor<3x8xi32>)
    -> (tensor<3x8x4xi32>, tensor<3x8xi32>) {
  %r:2 = scf.forall (%head) in (3) shared_outs(%a = %i, %b = %n) -> (tensor<3x8x4xi32>, tensor<3x8xi32>) {
    %scores = tensor.extract_slice %s[%head, 0, 0] [1, 8, 9] [1, 1, 1] : tensor<3x8x9xf32> to tensor<8x9xf32>
    %i1 = tensor.empty() : tensor<8x1x4xi32>
    %n1 = tensor.empty() : tensor<8x1xi32>
    %t:2 = dsa.topk ins(%scores : tensor<8x9xf32>) outs(%i1, %n1 : tensor<8x1x4xi32>, tensor<8x1xi32>)
        -> tensor<8x1x4xi32>, tensor<8x1xi32>
    %i2 = tensor.collapse_shape %t#0 [[0, 1], [2]] : tensor<8x1x4xi32> into tensor<8x4xi32>
    %n2 = tensor.collapse_shape %t#1 [[0, 1]] : tensor<8x1xi32> into tensor<8xi32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %i2 into %a[%head, 0, 0] [1, 8, 4] [1, 1, 1] : tensor<8x4xi32> into tensor<3x8x4xi32>
      tensor.parallel_insert_slice %n2 into %b[%head, 0] [1, 8] [1, 1] : tensor<8xi32> into tensor<3x8xi32>
    }
  }
  return %r#0, %r#1 : tensor<3x8x4xi32>, tensor<3x8xi32>
}

// -----

// CHECK-LABEL: llvm.func @branch(
// CHECK:         omp.parallel
// CHECK:         llvm.return
func.func @branch(%c: i1, %s: tensor<8x9xf32>, %i: tensor<8x1x4xi32>, %n: tensor<8x1xi32>) -> tensor<8x1x4xi32> {
  %r = scf.if %c -> tensor<8x1x4xi32> {
    %t:2 = dsa.topk ins(%s : tensor<8x9xf32>) outs(%i, %n : tensor<8x1x4xi32>, tensor<8x1xi32>)
        -> tensor<8x1x4xi32>, tensor<8x1xi32>
    scf.yield %t#0 : tensor<8x1x4xi32>
  } else {
    scf.yield %i : tensor<8x1x4xi32>
  }
  return %r : tensor<8x1x4xi32>
}

// -----

// CHECK-LABEL: llvm.func @scores(
// CHECK-LABEL: llvm.func @caller(
// CHECK:         llvm.call @scores(
func.func private @scores(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %s: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %r = dsa.index_scores<relu> ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}
func.func @caller(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %s: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %r = call @scores(%q, %k, %s) : (tensor<?x4x8xf32>, tensor<?x8xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}

// -----

// A part that is not contiguous is copied by loops, not by a library.
// CHECK-LABEL: llvm.func @part(
// CHECK:         llvm.return
func.func @part(%s: tensor<?x64xf32>, %first: index, %i: tensor<?x1x4xi32>, %n: tensor<?x1xi32>)
    -> (tensor<?x1x4xi32>, tensor<?x32xf32>) {
  %c0 = arith.constant 0 : index
  %t = tensor.dim %s, %c0 : tensor<?x64xf32>
  %part = tensor.extract_slice %s[0, %first] [%t, 32] [1, 1] : tensor<?x64xf32> to tensor<?x32xf32>
  %r:2 = dsa.topk ins(%part : tensor<?x32xf32>) outs(%i, %n : tensor<?x1x4xi32>, tensor<?x1xi32>)
      -> tensor<?x1x4xi32>, tensor<?x1xi32>
  return %r#0, %part : tensor<?x1x4xi32>, tensor<?x32xf32>
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>

// A scorer of several operations, one of whose values is needed twice.
// CHECK-LABEL: llvm.func @scorer(
// CHECK:         omp.parallel
// CHECK:         llvm.return
func.func @scorer(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %i: tensor<?x1x4xi32>, %n: tensor<?x1xi32>)
    -> (tensor<?x1x4xi32>, tensor<?x1xi32>) {
  %c0 = arith.constant 0 : index
  %t = tensor.dim %q, %c0 : tensor<?x4x8xf32>
  %keys = tensor.dim %k, %c0 : tensor<?x8xf32>
  %r:2 = dsa.select outs(%i, %n : tensor<?x1x4xi32>, tensor<?x1xi32>) scores {
    %e = tensor.empty(%t, %keys) : tensor<?x?xf32>
    %s = dsa.index_scores<none> ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
        outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
    %x = linalg.generic {indexing_maps = [#id], iterator_types = ["parallel", "parallel"]}
        outs(%s : tensor<?x?xf32>) {
    ^bb0(%a: f32):
      %half = arith.constant 0.5 : f32
      %b = arith.mulf %a, %half : f32
      linalg.yield %b : f32
    } -> tensor<?x?xf32>
    %sum = linalg.max ins(%s, %x : tensor<?x?xf32>, tensor<?x?xf32>) outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
    dsa.yield %sum : tensor<?x?xf32>
  } -> tensor<?x1x4xi32>, tensor<?x1xi32>
  return %r#0, %r#1 : tensor<?x1x4xi32>, tensor<?x1xi32>
}

// -----

// A scorer that needs all rows at once gets one error.
func.func @scorer_over_rows(%s: tensor<?x?xf32>, %i: tensor<?x1x4xi32>, %n: tensor<?x1xi32>)
    -> (tensor<?x1x4xi32>, tensor<?x1xi32>) {
  %r:2 = dsa.select outs(%i, %n : tensor<?x1x4xi32>, tensor<?x1xi32>) scores {
    // expected-error @below {{'linalg.softmax' op cannot be computed row by row}}
    %x = linalg.softmax dimension(0) ins(%s : tensor<?x?xf32>) outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
    dsa.yield %x : tensor<?x?xf32>
  } -> tensor<?x1x4xi32>, tensor<?x1xi32>
  return %r#0, %r#1 : tensor<?x1x4xi32>, tensor<?x1xi32>
}
