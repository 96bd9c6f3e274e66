// Every operation with every element type, at sizes that are multiples of nothing.

// RUN: dsa-opt %s -dsa-to-cpu | FileCheck %s \
// RUN:     --implicit-check-not="{{ (index|linalg|scf|vector|arith|math|affine|cf|ub)[.][a-z]}}" \
// RUN:     --implicit-check-not=dsa. \
// RUN:     --implicit-check-not=tensor --implicit-check-not=memref --implicit-check-not=unrealized_conversion_cast

// CHECK-LABEL: llvm.func @index_scores_f32(
// CHECK:         omp.parallel
func.func @index_scores_f32(%q: tensor<?x33x17xf32>, %k: tensor<?x17xf32>, %w: tensor<?x33xf32>,
                            %lo: tensor<?xi32>, %o0: tensor<?x?xf32>)
    -> tensor<?x?xf32> {
  %r = dsa.index_scores<relu> ins(%q, %k : tensor<?x33x17xf32>, tensor<?x17xf32>)
      weights(%w : tensor<?x33xf32>) bounds(%lo, %lo : tensor<?xi32>, tensor<?xi32>)
      outs(%o0 : tensor<?x?xf32>)
      -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}

// CHECK-LABEL: llvm.func @index_scores_f16(
// CHECK:         omp.parallel
func.func @index_scores_f16(%q: tensor<?x33x17xf16>, %k: tensor<?x17xf16>, %w: tensor<?x33xf16>,
                            %lo: tensor<?xi32>, %o0: tensor<?x?xbf16>)
    -> tensor<?x?xbf16> {
  %r = dsa.index_scores<relu> ins(%q, %k : tensor<?x33x17xf16>, tensor<?x17xf16>)
      weights(%w : tensor<?x33xf16>) bounds(%lo, %lo : tensor<?xi32>, tensor<?xi32>)
      outs(%o0 : tensor<?x?xbf16>)
      -> tensor<?x?xbf16>
  return %r : tensor<?x?xbf16>
}

// CHECK-LABEL: llvm.func @index_scores_bf16(
// CHECK:         omp.parallel
func.func @index_scores_bf16(%q: tensor<?x33x17xbf16>, %k: tensor<?x17xbf16>, %w: tensor<?x33xbf16>,
                             %lo: tensor<?xi32>, %o0: tensor<?x?xf16>)
    -> tensor<?x?xf16> {
  %r = dsa.index_scores<relu> ins(%q, %k : tensor<?x33x17xbf16>, tensor<?x17xbf16>)
      weights(%w : tensor<?x33xbf16>) bounds(%lo, %lo : tensor<?xi32>, tensor<?xi32>)
      outs(%o0 : tensor<?x?xf16>)
      -> tensor<?x?xf16>
  return %r : tensor<?x?xf16>
}

// CHECK-LABEL: llvm.func @index_scores_f8e4m3fn(
// CHECK:         omp.parallel
func.func @index_scores_f8e4m3fn(%q: tensor<?x33x17xf8E4M3FN>, %k: tensor<?x17xf8E4M3FN>,
                                 %w: tensor<?x33xf32>, %lo: tensor<?xi32>, %o0: tensor<?x?xf32>)
    -> tensor<?x?xf32> {
  %r = dsa.index_scores<relu> ins(%q, %k : tensor<?x33x17xf8E4M3FN>, tensor<?x17xf8E4M3FN>)
      weights(%w : tensor<?x33xf32>) bounds(%lo, %lo : tensor<?xi32>, tensor<?xi32>)
      outs(%o0 : tensor<?x?xf32>)
      -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}

// CHECK-LABEL: llvm.func @topk_f32(
// CHECK:         omp.parallel
func.func @topk_f32(%s: tensor<?x?xf32>, %o0: tensor<?x1x7xi32>, %o1: tensor<?x1xi32>,
                    %o2: tensor<?x1x7xf32>)
    -> (tensor<?x1x7xi32>, tensor<?x1xi32>, tensor<?x1x7xf32>) {
  %r:3 = dsa.topk ins(%s : tensor<?x?xf32>)
      outs(%o0, %o1, %o2 : tensor<?x1x7xi32>, tensor<?x1xi32>, tensor<?x1x7xf32>)
      -> tensor<?x1x7xi32>, tensor<?x1xi32>, tensor<?x1x7xf32>
  return %r#0, %r#1, %r#2 : tensor<?x1x7xi32>, tensor<?x1xi32>, tensor<?x1x7xf32>
}

// CHECK-LABEL: llvm.func @topk_f16(
// CHECK:         omp.parallel
func.func @topk_f16(%s: tensor<?x?xf16>, %o0: tensor<?x1x7xi32>, %o1: tensor<?x1xi32>,
                    %o2: tensor<?x1x7xf16>)
    -> (tensor<?x1x7xi32>, tensor<?x1xi32>, tensor<?x1x7xf16>) {
  %r:3 = dsa.topk ins(%s : tensor<?x?xf16>)
      outs(%o0, %o1, %o2 : tensor<?x1x7xi32>, tensor<?x1xi32>, tensor<?x1x7xf16>)
      -> tensor<?x1x7xi32>, tensor<?x1xi32>, tensor<?x1x7xf16>
  return %r#0, %r#1, %r#2 : tensor<?x1x7xi32>, tensor<?x1xi32>, tensor<?x1x7xf16>
}

// CHECK-LABEL: llvm.func @topk_bf16(
// CHECK:         omp.parallel
func.func @topk_bf16(%s: tensor<?x?xbf16>, %o0: tensor<?x1x7xi32>, %o1: tensor<?x1xi32>,
                     %o2: tensor<?x1x7xbf16>)
    -> (tensor<?x1x7xi32>, tensor<?x1xi32>, tensor<?x1x7xbf16>) {
  %r:3 = dsa.topk ins(%s : tensor<?x?xbf16>)
      outs(%o0, %o1, %o2 : tensor<?x1x7xi32>, tensor<?x1xi32>, tensor<?x1x7xbf16>)
      -> tensor<?x1x7xi32>, tensor<?x1xi32>, tensor<?x1x7xbf16>
  return %r#0, %r#1, %r#2 : tensor<?x1x7xi32>, tensor<?x1xi32>, tensor<?x1x7xbf16>
}

// CHECK-LABEL: llvm.func @topk_blocks_f16(
// CHECK:         omp.parallel
func.func @topk_blocks_f16(%s: tensor<?x3x?xf16>, %p: tensor<?xi32>, %o0: tensor<?x3x7xi32>,
                           %o1: tensor<?x3xi32>, %o2: tensor<?x3x7xf16>)
    -> (tensor<?x3x7xi32>, tensor<?x3xi32>, tensor<?x3x7xf16>) {
  %r:3 = dsa.topk ins(%s : tensor<?x3x?xf16>)
      positions(%p : tensor<?xi32>) window = [2, 1] first = 1 block = 3
      outs(%o0, %o1, %o2 : tensor<?x3x7xi32>, tensor<?x3xi32>, tensor<?x3x7xf16>)
      -> tensor<?x3x7xi32>, tensor<?x3xi32>, tensor<?x3x7xf16>
  return %r#0, %r#1, %r#2 : tensor<?x3x7xi32>, tensor<?x3xi32>, tensor<?x3x7xf16>
}

// CHECK-LABEL: llvm.func @topk_blocks_bf16(
// CHECK:         omp.parallel
func.func @topk_blocks_bf16(%s: tensor<?x3x?xbf16>, %p: tensor<?xi32>, %o0: tensor<?x3x7xi32>,
                            %o1: tensor<?x3xi32>, %o2: tensor<?x3x7xbf16>)
    -> (tensor<?x3x7xi32>, tensor<?x3xi32>, tensor<?x3x7xbf16>) {
  %r:3 = dsa.topk ins(%s : tensor<?x3x?xbf16>)
      positions(%p : tensor<?xi32>) window = [2, 1] first = 1 block = 3
      outs(%o0, %o1, %o2 : tensor<?x3x7xi32>, tensor<?x3xi32>, tensor<?x3x7xbf16>)
      -> tensor<?x3x7xi32>, tensor<?x3xi32>, tensor<?x3x7xbf16>
  return %r#0, %r#1, %r#2 : tensor<?x3x7xi32>, tensor<?x3xi32>, tensor<?x3x7xbf16>
}

// CHECK-LABEL: llvm.func @topk_ids_f16(
// CHECK:         omp.parallel
func.func @topk_ids_f16(%s: tensor<?x?xf16>, %ids: tensor<?x?xi32>, %o0: tensor<?x1x7xi32>,
                        %o1: tensor<?x1xi32>, %o2: tensor<?x1x7xf16>)
    -> (tensor<?x1x7xi32>, tensor<?x1xi32>, tensor<?x1x7xf16>) {
  %r:3 = dsa.topk ins(%s : tensor<?x?xf16>) ids(%ids : tensor<?x?xi32>)
      outs(%o0, %o1, %o2 : tensor<?x1x7xi32>, tensor<?x1xi32>, tensor<?x1x7xf16>)
      -> tensor<?x1x7xi32>, tensor<?x1xi32>, tensor<?x1x7xf16>
  return %r#0, %r#1, %r#2 : tensor<?x1x7xi32>, tensor<?x1xi32>, tensor<?x1x7xf16>
}

// CHECK-LABEL: llvm.func @topk_ids_bf16(
// CHECK:         omp.parallel
func.func @topk_ids_bf16(%s: tensor<?x?xbf16>, %ids: tensor<?x?xi32>, %o0: tensor<?x1x7xi32>,
                         %o1: tensor<?x1xi32>, %o2: tensor<?x1x7xbf16>)
    -> (tensor<?x1x7xi32>, tensor<?x1xi32>, tensor<?x1x7xbf16>) {
  %r:3 = dsa.topk ins(%s : tensor<?x?xbf16>) ids(%ids : tensor<?x?xi32>)
      outs(%o0, %o1, %o2 : tensor<?x1x7xi32>, tensor<?x1xi32>, tensor<?x1x7xbf16>)
      -> tensor<?x1x7xi32>, tensor<?x1xi32>, tensor<?x1x7xbf16>
  return %r#0, %r#1, %r#2 : tensor<?x1x7xi32>, tensor<?x1xi32>, tensor<?x1x7xbf16>
}

// CHECK-LABEL: llvm.func @select_f32(
// CHECK:         omp.parallel
func.func @select_f32(%s: tensor<?x?xf32>, %o0: tensor<?x1x7xi32>, %o1: tensor<?x1xi32>)
    -> (tensor<?x1x7xi32>, tensor<?x1xi32>) {
  %r:2 = dsa.select
      outs(%o0, %o1 : tensor<?x1x7xi32>, tensor<?x1xi32>) scores {
    dsa.yield %s : tensor<?x?xf32>
  } -> tensor<?x1x7xi32>, tensor<?x1xi32>
  return %r#0, %r#1 : tensor<?x1x7xi32>, tensor<?x1xi32>
}

// CHECK-LABEL: llvm.func @select_f16(
// CHECK:         omp.parallel
func.func @select_f16(%s: tensor<?x?xf16>, %o0: tensor<?x1x7xi32>, %o1: tensor<?x1xi32>)
    -> (tensor<?x1x7xi32>, tensor<?x1xi32>) {
  %r:2 = dsa.select
      outs(%o0, %o1 : tensor<?x1x7xi32>, tensor<?x1xi32>) scores {
    dsa.yield %s : tensor<?x?xf16>
  } -> tensor<?x1x7xi32>, tensor<?x1xi32>
  return %r#0, %r#1 : tensor<?x1x7xi32>, tensor<?x1xi32>
}

// CHECK-LABEL: llvm.func @select_bf16(
// CHECK:         omp.parallel
func.func @select_bf16(%s: tensor<?x?xbf16>, %o0: tensor<?x1x7xi32>, %o1: tensor<?x1xi32>)
    -> (tensor<?x1x7xi32>, tensor<?x1xi32>) {
  %r:2 = dsa.select
      outs(%o0, %o1 : tensor<?x1x7xi32>, tensor<?x1xi32>) scores {
    dsa.yield %s : tensor<?x?xbf16>
  } -> tensor<?x1x7xi32>, tensor<?x1xi32>
  return %r#0, %r#1 : tensor<?x1x7xi32>, tensor<?x1xi32>
}

// CHECK-LABEL: llvm.func @sparse_attention_f32(
// CHECK:         omp.parallel
func.func @sparse_attention_f32(%q: tensor<?x6x5xf32>, %k: tensor<?x2x5xf32>, %v: tensor<?x2x7xf32>,
                                %i: tensor<?x2x9xi32>, %o0: tensor<?x6x7xf16>, %o1: tensor<?x6xf32>)
    -> (tensor<?x6x7xf16>, tensor<?x6xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.5
      ins(%q, %k, %v : tensor<?x6x5xf32>, tensor<?x2x5xf32>, tensor<?x2x7xf32>)
      indices(%i : tensor<?x2x9xi32>)
      outs(%o0, %o1 : tensor<?x6x7xf16>, tensor<?x6xf32>)
      -> tensor<?x6x7xf16>, tensor<?x6xf32>
  return %r#0, %r#1 : tensor<?x6x7xf16>, tensor<?x6xf32>
}

// CHECK-LABEL: llvm.func @sparse_attention_f16(
// CHECK:         omp.parallel
func.func @sparse_attention_f16(%q: tensor<?x6x5xf16>, %k: tensor<?x2x5xf16>, %v: tensor<?x2x7xf16>,
                                %i: tensor<?x2x9xi32>, %o0: tensor<?x6x7xf32>, %o1: tensor<?x6xf32>)
    -> (tensor<?x6x7xf32>, tensor<?x6xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.5
      ins(%q, %k, %v : tensor<?x6x5xf16>, tensor<?x2x5xf16>, tensor<?x2x7xf16>)
      indices(%i : tensor<?x2x9xi32>)
      outs(%o0, %o1 : tensor<?x6x7xf32>, tensor<?x6xf32>)
      -> tensor<?x6x7xf32>, tensor<?x6xf32>
  return %r#0, %r#1 : tensor<?x6x7xf32>, tensor<?x6xf32>
}

// CHECK-LABEL: llvm.func @sparse_attention_bf16(
// CHECK:         omp.parallel
func.func @sparse_attention_bf16(%q: tensor<?x6x5xbf16>, %k: tensor<?x2x5xbf16>, %v: tensor<?x2x7xbf16>,
                                 %i: tensor<?x2x9xi32>, %o0: tensor<?x6x7xbf16>, %o1: tensor<?x6xf32>)
    -> (tensor<?x6x7xbf16>, tensor<?x6xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.5
      ins(%q, %k, %v : tensor<?x6x5xbf16>, tensor<?x2x5xbf16>, tensor<?x2x7xbf16>)
      indices(%i : tensor<?x2x9xi32>)
      outs(%o0, %o1 : tensor<?x6x7xbf16>, tensor<?x6xf32>)
      -> tensor<?x6x7xbf16>, tensor<?x6xf32>
  return %r#0, %r#1 : tensor<?x6x7xbf16>, tensor<?x6xf32>
}

// CHECK-LABEL: llvm.func @attention_f32(
// CHECK:         omp.parallel
func.func @attention_f32(%q: tensor<?x3x33xf32>, %k: tensor<?x33xf32>, %sink: tensor<3xf32>,
                         %o0: tensor<?x3x17xbf16>, %o1: tensor<?x3xf32>, %o2: tensor<?x3xf32>)
    -> (tensor<?x3x17xbf16>, tensor<?x3xf32>, tensor<?x3xf32>) {
  %r:3 = dsa.attention scale = 0.5
      ins(%q, %k : tensor<?x3x33xf32>, tensor<?x33xf32>)
      sink(%sink : tensor<3xf32>)
      outs(%o0, %o1, %o2 : tensor<?x3x17xbf16>, tensor<?x3xf32>, tensor<?x3xf32>)
      -> tensor<?x3x17xbf16>, tensor<?x3xf32>, tensor<?x3xf32>
  return %r#0, %r#1, %r#2 : tensor<?x3x17xbf16>, tensor<?x3xf32>, tensor<?x3xf32>
}

// CHECK-LABEL: llvm.func @attention_f16(
// CHECK:         omp.parallel
func.func @attention_f16(%q: tensor<?x3x33xf16>, %k: tensor<?x33xf16>, %sink: tensor<3xf32>,
                         %o0: tensor<?x3x17xf16>, %o1: tensor<?x3xf32>, %o2: tensor<?x3xf32>)
    -> (tensor<?x3x17xf16>, tensor<?x3xf32>, tensor<?x3xf32>) {
  %r:3 = dsa.attention scale = 0.5
      ins(%q, %k : tensor<?x3x33xf16>, tensor<?x33xf16>)
      sink(%sink : tensor<3xf32>)
      outs(%o0, %o1, %o2 : tensor<?x3x17xf16>, tensor<?x3xf32>, tensor<?x3xf32>)
      -> tensor<?x3x17xf16>, tensor<?x3xf32>, tensor<?x3xf32>
  return %r#0, %r#1, %r#2 : tensor<?x3x17xf16>, tensor<?x3xf32>, tensor<?x3xf32>
}

// CHECK-LABEL: llvm.func @attention_bf16(
// CHECK:         omp.parallel
func.func @attention_bf16(%q: tensor<?x3x33xbf16>, %k: tensor<?x33xbf16>, %sink: tensor<3xf32>,
                          %o0: tensor<?x3x17xf32>, %o1: tensor<?x3xf32>, %o2: tensor<?x3xf32>)
    -> (tensor<?x3x17xf32>, tensor<?x3xf32>, tensor<?x3xf32>) {
  %r:3 = dsa.attention scale = 0.5
      ins(%q, %k : tensor<?x3x33xbf16>, tensor<?x33xbf16>)
      sink(%sink : tensor<3xf32>)
      outs(%o0, %o1, %o2 : tensor<?x3x17xf32>, tensor<?x3xf32>, tensor<?x3xf32>)
      -> tensor<?x3x17xf32>, tensor<?x3xf32>, tensor<?x3xf32>
  return %r#0, %r#1, %r#2 : tensor<?x3x17xf32>, tensor<?x3xf32>, tensor<?x3xf32>
}

// CHECK-LABEL: llvm.func @merge_f32(
// CHECK:         omp.parallel
func.func @merge_f32(%os: tensor<?x?x3x5xf32>, %ls: tensor<?x?x3xf32>, %sink: tensor<3xf32>,
                     %o0: tensor<?x3x5xf32>, %o1: tensor<?x3xf32>)
    -> (tensor<?x3x5xf32>, tensor<?x3xf32>) {
  %r:2 = dsa.merge ins(%os, %ls : tensor<?x?x3x5xf32>, tensor<?x?x3xf32>) sink(%sink : tensor<3xf32>)
      outs(%o0, %o1 : tensor<?x3x5xf32>, tensor<?x3xf32>)
      -> tensor<?x3x5xf32>, tensor<?x3xf32>
  return %r#0, %r#1 : tensor<?x3x5xf32>, tensor<?x3xf32>
}

// CHECK-LABEL: llvm.func @merge_f16(
// CHECK:         omp.parallel
func.func @merge_f16(%os: tensor<?x?x3x5xf16>, %ls: tensor<?x?x3xf32>, %sink: tensor<3xf32>,
                     %o0: tensor<?x3x5xbf16>, %o1: tensor<?x3xf32>)
    -> (tensor<?x3x5xbf16>, tensor<?x3xf32>) {
  %r:2 = dsa.merge ins(%os, %ls : tensor<?x?x3x5xf16>, tensor<?x?x3xf32>) sink(%sink : tensor<3xf32>)
      outs(%o0, %o1 : tensor<?x3x5xbf16>, tensor<?x3xf32>)
      -> tensor<?x3x5xbf16>, tensor<?x3xf32>
  return %r#0, %r#1 : tensor<?x3x5xbf16>, tensor<?x3xf32>
}

// CHECK-LABEL: llvm.func @merge_bf16(
// CHECK:         omp.parallel
func.func @merge_bf16(%os: tensor<?x?x3x5xbf16>, %ls: tensor<?x?x3xf32>, %sink: tensor<3xf32>,
                      %o0: tensor<?x3x5xf16>, %o1: tensor<?x3xf32>)
    -> (tensor<?x3x5xf16>, tensor<?x3xf32>) {
  %r:2 = dsa.merge ins(%os, %ls : tensor<?x?x3x5xbf16>, tensor<?x?x3xf32>) sink(%sink : tensor<3xf32>)
      outs(%o0, %o1 : tensor<?x3x5xf16>, tensor<?x3xf32>)
      -> tensor<?x3x5xf16>, tensor<?x3xf32>
  return %r#0, %r#1 : tensor<?x3x5xf16>, tensor<?x3xf32>
}
