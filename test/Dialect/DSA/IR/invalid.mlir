// The messages of the verifiers, and the note at the second location where there is
// one: what all operations share, scores, linear parts, merges, attributes and names.

// RUN: dsa-opt %s -verify-diagnostics -split-input-file

//===----------------------------------------------------------------------===//
// What all operations share
//===----------------------------------------------------------------------===//

func.func @tensors_and_memrefs(%q: tensor<?x4x8xf32>, %k: memref<?x8xf32>, %s: tensor<?x?xf32>) {
  // expected-error @below {{'dsa.index_scores' op expected all operands to be tensors or all to be memrefs}}
  %0 = dsa.index_scores<none> ins(%q, %k : tensor<?x4x8xf32>, memref<?x8xf32>)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  return
}

// -----

func.func @tensor_scores_memref_destinations(%s: tensor<?x?xf32>, %i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  // expected-error @below {{'dsa.topk' op expected all operands to be tensors or all to be memrefs}}
  dsa.topk ins(%s : tensor<?x?xf32>) outs(%i, %n : memref<?x1x4xi32>, memref<?x1xi32>)
  return
}

// -----

func.func @rank(%q: tensor<?x8xf32>, %k: tensor<?x8xf32>, %s: tensor<?x?xf32>) {
  // expected-error @below {{'dsa.index_scores' op expected 'q' of shape [T, H, D], but found rank 2}}
  %0 = dsa.index_scores<none> ins(%q, %k : tensor<?x8xf32>, tensor<?x8xf32>)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  return
}

// -----

func.func @rank_zero(%x: memref<f32>) {
  // expected-error @below {{'dsa.merge' op expected 'partial out' of shape [P, T, H, Dv], but found rank 0}}
  dsa.merge ins(%x, %x : memref<f32>, memref<f32>) outs(%x, %x : memref<f32>, memref<f32>)
  return
}

// -----

// expected-note @below {{'q' is 'tensor<?x4x8xf32>'}}
func.func @size(%q: tensor<?x4x8xf32>, %k: tensor<?x16xf32>, %s: tensor<?x?xf32>) {
  // expected-error @below {{'dsa.index_scores' op expected dimension 1 of 'k' to be 8 (D, as in 'q'), but found 16}}
  %0 = dsa.index_scores<none> ins(%q, %k : tensor<?x4x8xf32>, tensor<?x16xf32>)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  return
}

// -----

// The first static extent binds, wherever it is.
func.func @size_bound_later(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %s: tensor<?x?xf32>, %hi: tensor<6xi32>) {
  // expected-note @below {{'lo' is 'tensor<5xi32>'}}
  %lo = tensor.empty() : tensor<5xi32>
  // expected-error @below {{'dsa.index_scores' op expected dimension 0 of 'hi' to be 5 (T, as in 'lo'), but found 6}}
  %0 = dsa.index_scores<none> ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
      bounds(%lo, %hi : tensor<5xi32>, tensor<6xi32>)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  return
}

// -----

func.func @dynamic_heads(%q: tensor<?x?x8xf32>, %k: tensor<?x8xf32>, %s: tensor<?x?xf32>) {
  // expected-error @below {{'dsa.index_scores' op expected dimension 1 of 'q' (H) to be static}}
  %0 = dsa.index_scores<none> ins(%q, %k : tensor<?x?x8xf32>, tensor<?x8xf32>)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  return
}

// -----

// Not even where another operand tells the size.
func.func @dynamic_heads_of_q(%q: tensor<?x?x8xf32>, %k: tensor<?x8xf32>, %w: tensor<?x4xf32>, %s: tensor<?x?xf32>) {
  // expected-error @below {{'dsa.index_scores' op expected dimension 1 of 'q' (H) to be static}}
  %0 = dsa.index_scores<none> ins(%q, %k : tensor<?x?x8xf32>, tensor<?x8xf32>)
      weights(%w : tensor<?x4xf32>) outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  return
}

// -----

func.func @dynamic_width_of_k(%q: memref<?x4x8xf32>, %k: memref<?x?xf32>, %s: memref<?x?xf32>) {
  // expected-error @below {{'dsa.index_scores' op expected dimension 1 of 'k' (D) to be static}}
  dsa.index_scores<none> ins(%q, %k : memref<?x4x8xf32>, memref<?x?xf32>)
      outs(%s : memref<?x?xf32>)
  return
}

// -----

func.func @keys_of_pages(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %table: memref<?xi32>, %s: memref<?x?xf32>) {
  // expected-error @below {{'dsa.index_scores' op expected 'k' of shape [Np, S, D], but found rank 2}}
  dsa.index_scores<none> ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>)
      table(%table : memref<?xi32>) outs(%s : memref<?x?xf32>)
  return
}

// -----

func.func @table_of_sequences(%q: memref<?x4x8xf32>, %k: memref<?x16x8xf32>, %seq: memref<?xi32>,
                              %table: memref<?xi32>, %s: memref<?x?xf32>) {
  // expected-error @below {{'dsa.index_scores' op expected 'table' of shape [B, M], but found rank 1}}
  dsa.index_scores<none> ins(%q, %k : memref<?x4x8xf32>, memref<?x16x8xf32>)
      seq(%seq : memref<?xi32>) table(%table : memref<?xi32>) outs(%s : memref<?x?xf32>)
  return
}

// -----

func.func @dynamic_pages(%q: memref<?x4x8xf32>, %k: memref<?x?x8xf32>, %table: memref<?xi32>, %s: memref<?x?xf32>) {
  // expected-error @below {{'dsa.index_scores' op expected dimension 1 of 'k' (S) to be static}}
  dsa.index_scores<none> ins(%q, %k : memref<?x4x8xf32>, memref<?x?x8xf32>)
      table(%table : memref<?xi32>) outs(%s : memref<?x?xf32>)
  return
}

// -----

// expected-note @below {{'k' is 'memref<?x16x8xf32>'}}
func.func @scales_of_pages(%q: memref<?x4x8xf32>, %k: memref<?x16x8xf32>, %ks: memref<?x32xf32>,
                           %table: memref<?xi32>, %s: memref<?x?xf32>) {
  // expected-error @below {{'dsa.index_scores' op expected dimension 1 of 'k_scale' to be 16 (S, as in 'k'), but found 32}}
  dsa.index_scores<none> ins(%q, %k : memref<?x4x8xf32>, memref<?x16x8xf32>)
      k_scale(%ks : memref<?x32xf32>) table(%table : memref<?xi32>) outs(%s : memref<?x?xf32>)
  return
}

// -----

func.func @no_destination(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>) {
  // expected-error @below {{'dsa.index_scores' op expected 1 destinations (scores), but found 0}}
  "dsa.index_scores"(%q, %k) <{activation = #dsa.activation<none>, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>}>
      : (memref<?x4x8xf32>, memref<?x8xf32>) -> ()
  return
}

// -----

func.func @too_many_destinations(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %o: memref<?x4x8xf32>, %l: memref<?x4xf32>) {
  // expected-error @below {{'dsa.attention' op expected 2 to 3 destinations (out, lse, max), but found 4}}
  dsa.attention scale = 1.0 ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>)
      outs(%o, %l, %l, %l : memref<?x4x8xf32>, memref<?x4xf32>, memref<?x4xf32>, memref<?x4xf32>)
  return
}

// -----

func.func @one_bound(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %lo: memref<?xi32>, %s: memref<?x?xf32>) {
  // expected-error @below {{'dsa.index_scores' op expected 'lo' and 'hi' together, but found only one}}
  "dsa.index_scores"(%q, %k, %lo, %s) <{activation = #dsa.activation<none>, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1>}>
      : (memref<?x4x8xf32>, memref<?x8xf32>, memref<?xi32>, memref<?x?xf32>) -> ()
  return
}

// -----

func.func @result_without_destination(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %s: memref<?x?xf32>) {
  // expected-error @below {{expected the number of tensor results (1) to be equal to the number of output tensors (0)}}
  %0 = dsa.index_scores<none> ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>)
      outs(%s : memref<?x?xf32>) -> tensor<?x?xf32>
  return
}

// -----

func.func @result_type(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %s: tensor<?x?xf32>) {
  // expected-error @below {{expected type of operand #2 ('tensor<?x?xf32>') to match type of corresponding result ('tensor<5x?xf32>')}}
  %0 = dsa.index_scores<none> ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
      outs(%s : tensor<?x?xf32>) -> tensor<5x?xf32>
  return
}

// -----

func.func @operand_groups(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %s: memref<?x?xf32>) {
  // expected-error @below {{operand count (3) does not match with the total size (7) specified in attribute 'operandSegmentSizes'}}
  "dsa.index_scores"(%q, %k, %s) <{activation = #dsa.activation<none>, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5>}>
      : (memref<?x4x8xf32>, memref<?x8xf32>, memref<?x?xf32>) -> ()
  return
}

// -----

func.func @unranked(%s: memref<*xf32>, %i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  // expected-error @below {{operand #0 must be ranked tensor of 32-bit float or 16-bit float or bfloat16 type values or memref of 32-bit float or 16-bit float or bfloat16 type values, but got 'memref<*xf32>'}}
  dsa.topk ins(%s : memref<*xf32>) outs(%i, %n : memref<?x1x4xi32>, memref<?x1xi32>)
  return
}

//===----------------------------------------------------------------------===//
// index_scores
//===----------------------------------------------------------------------===//

// -----

// expected-note @below {{'q' is 'tensor<?x4x8xf16>'}}
func.func @key_type(%q: tensor<?x4x8xf16>, %k: tensor<?x8xbf16>, %s: tensor<?x?xf32>) {
  // expected-error @below {{'dsa.index_scores' op expected 'k' to have element type 'f16', as 'q', but found 'bf16'}}
  %0 = dsa.index_scores<none> ins(%q, %k : tensor<?x4x8xf16>, tensor<?x8xbf16>)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  return
}

// -----

func.func @query_type(%q: tensor<?x4x8xf64>, %k: tensor<?x8xf64>, %s: tensor<?x?xf32>) {
  // expected-error @below {{operand #0 must be ranked tensor of 32-bit float or 16-bit float or bfloat16 type or f8E4M3FN type values}}
  %0 = dsa.index_scores<none> ins(%q, %k : tensor<?x4x8xf64>, tensor<?x8xf64>)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  return
}

// -----

func.func @keys_without_sequence(%q: tensor<?x4x8xf32>, %k: tensor<2x?x8xf32>, %s: tensor<?x?xf32>) {
  // expected-error @below {{'dsa.index_scores' op expected 'k' of shape [N, D], but found rank 3}}
  %0 = dsa.index_scores<none> ins(%q, %k : tensor<?x4x8xf32>, tensor<2x?x8xf32>)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  return
}

// -----

func.func @keys_with_sequence(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %seq: tensor<?xi32>, %s: tensor<?x?xf32>) {
  // expected-error @below {{'dsa.index_scores' op expected 'k' of shape [B, N, D], but found rank 2}}
  %0 = dsa.index_scores<none> ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
      seq(%seq : tensor<?xi32>) outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  return
}

// -----

func.func @key_scale_with_sequence(%q: tensor<?x4x8xf32>, %k: tensor<2x?x8xf32>, %ks: tensor<?xf32>, %seq: tensor<?xi32>, %s: tensor<?x?xf32>) {
  // expected-error @below {{'dsa.index_scores' op expected 'k_scale' of shape [B, N], but found rank 1}}
  %0 = dsa.index_scores<none> ins(%q, %k : tensor<?x4x8xf32>, tensor<2x?x8xf32>)
      k_scale(%ks : tensor<?xf32>) seq(%seq : tensor<?xi32>)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  return
}

// -----

// expected-note @below {{'q' is 'memref<3x4x8xf32>'}}
func.func @weights(%q: memref<3x4x8xf32>, %k: memref<?x8xf32>, %w: memref<4x3xf32>, %s: memref<?x?xf32>) {
  // expected-error @below {{'dsa.index_scores' op expected dimension 0 of 'weights' to be 3 (T, as in 'q'), but found 4}}
  dsa.index_scores<none> ins(%q, %k : memref<3x4x8xf32>, memref<?x8xf32>)
      weights(%w : memref<4x3xf32>) outs(%s : memref<?x?xf32>)
  return
}

// -----

// expected-note @below {{'q' is 'memref<?x4x8xf32>'}}
func.func @query_scale(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %qs: memref<?x5xf32>, %s: memref<?x?xf32>) {
  // expected-error @below {{'dsa.index_scores' op expected dimension 1 of 'q_scale' to be 4 (H, as in 'q'), but found 5}}
  dsa.index_scores<none> ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>)
      q_scale(%qs : memref<?x5xf32>) outs(%s : memref<?x?xf32>)
  return
}

// -----

// expected-note @below {{'k' is 'memref<7x8xf32>'}}
func.func @score_columns(%q: memref<?x4x8xf32>, %k: memref<7x8xf32>, %s: memref<?x8xf32>) {
  // expected-error @below {{'dsa.index_scores' op expected dimension 1 of 'scores' to be 7 (N, as in 'k'), but found 8}}
  dsa.index_scores<none> ins(%q, %k : memref<?x4x8xf32>, memref<7x8xf32>) outs(%s : memref<?x8xf32>)
  return
}

// -----

func.func @terms_without_scales(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %terms: memref<?x2x8xf32>, %s: memref<?x?xf32>) {
  // expected-error @below {{'dsa.index_scores' op expected 'linear terms' and 'linear scales' together, but found only one}}
  "dsa.index_scores"(%q, %k, %terms, %s) <{activation = #dsa.activation<none>, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1>}>
      : (memref<?x4x8xf32>, memref<?x8xf32>, memref<?x2x8xf32>, memref<?x?xf32>) -> ()
  return
}

// -----

// expected-note @below {{'q' is 'memref<?x4x8xbf16>'}}
func.func @terms_type(%q: memref<?x4x8xbf16>, %k: memref<?x8xbf16>, %terms: memref<?x2x8xf32>, %scales: memref<?x2xf32>, %s: memref<?x?xf32>) {
  // expected-error @below {{'dsa.index_scores' op expected 'linear terms' to have element type 'bf16', as 'q', but found 'f32'}}
  dsa.index_scores<half_abs> ins(%q, %k : memref<?x4x8xbf16>, memref<?x8xbf16>)
      linear(%terms, %scales : memref<?x2x8xf32>, memref<?x2xf32>) outs(%s : memref<?x?xf32>)
  return
}

// -----

// expected-note @below {{'linear terms' is 'memref<?x2x8xf32>'}}
func.func @terms_scales(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %terms: memref<?x2x8xf32>, %scales: memref<?x3xf32>, %s: memref<?x?xf32>) {
  // expected-error @below {{'dsa.index_scores' op expected dimension 1 of 'linear scales' to be 2 (P, as in 'linear terms'), but found 3}}
  dsa.index_scores<half_abs> ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>)
      linear(%terms, %scales : memref<?x2x8xf32>, memref<?x3xf32>) outs(%s : memref<?x?xf32>)
  return
}

// -----

func.func @terms_dynamic(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %terms: memref<?x?x8xf32>, %scales: memref<?x2xf32>, %s: memref<?x?xf32>) {
  // expected-error @below {{'dsa.index_scores' op expected dimension 1 of 'linear terms' (P) to be static}}
  dsa.index_scores<half_abs> ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>)
      linear(%terms, %scales : memref<?x?x8xf32>, memref<?x2xf32>) outs(%s : memref<?x?xf32>)
  return
}

// -----

func.func @terms_count(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %terms: memref<?x9x8xf32>, %scales: memref<?x9xf32>, %s: memref<?x?xf32>) {
  // expected-error @below {{'dsa.index_scores' op expected at most 8 terms (dimension 1 of 'linear terms'), but found 9}}
  dsa.index_scores<half_abs> ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>)
      linear(%terms, %scales : memref<?x9x8xf32>, memref<?x9xf32>) outs(%s : memref<?x?xf32>)
  return
}

//===----------------------------------------------------------------------===//
// linear_part
//===----------------------------------------------------------------------===//

// -----

func.func @linear_part_kinds(%q: tensor<?x4x8xf32>, %t: memref<?x2x8xf32>, %s: memref<?x2xf32>) {
  // expected-error @below {{'dsa.linear_part' op expected all operands to be tensors or all to be memrefs}}
  dsa.linear_part ins(%q : tensor<?x4x8xf32>) outs(%t, %s : memref<?x2x8xf32>, memref<?x2xf32>)
  return
}

// -----

func.func @linear_part_destinations(%q: memref<?x4x8xf32>, %t: memref<?x2x8xf32>) {
  // expected-error @below {{'dsa.linear_part' op expected 2 destinations (terms, scales), but found 1}}
  dsa.linear_part ins(%q : memref<?x4x8xf32>) outs(%t : memref<?x2x8xf32>)
  return
}

// -----

// expected-note @below {{'q' is 'memref<?x4x8xf32>'}}
func.func @linear_part_weights(%q: memref<?x4x8xf32>, %w: memref<?x5xf32>, %t: memref<?x2x8xf32>, %s: memref<?x2xf32>) {
  // expected-error @below {{'dsa.linear_part' op expected dimension 1 of 'weights' to be 4 (H, as in 'q'), but found 5}}
  dsa.linear_part ins(%q : memref<?x4x8xf32>) weights(%w : memref<?x5xf32>)
      outs(%t, %s : memref<?x2x8xf32>, memref<?x2xf32>)
  return
}

// -----

// expected-note @below {{'q' is 'memref<3x4x8xf32>'}}
func.func @linear_part_query_scale(%q: memref<3x4x8xf32>, %qs: memref<4x4xf32>, %t: memref<?x2x8xf32>, %s: memref<?x2xf32>) {
  // expected-error @below {{'dsa.linear_part' op expected dimension 0 of 'q_scale' to be 3 (T, as in 'q'), but found 4}}
  dsa.linear_part ins(%q : memref<3x4x8xf32>) q_scale(%qs : memref<4x4xf32>)
      outs(%t, %s : memref<?x2x8xf32>, memref<?x2xf32>)
  return
}

// -----

// expected-note @below {{'q' is 'memref<?x4x8xf32>'}}
func.func @linear_part_terms(%q: memref<?x4x8xf32>, %t: memref<?x2x16xf32>, %s: memref<?x2xf32>) {
  // expected-error @below {{'dsa.linear_part' op expected dimension 2 of 'terms' to be 8 (D, as in 'q'), but found 16}}
  dsa.linear_part ins(%q : memref<?x4x8xf32>) outs(%t, %s : memref<?x2x16xf32>, memref<?x2xf32>)
  return
}

// -----

// expected-note @below {{'terms' is 'memref<?x2x8xf32>'}}
func.func @linear_part_scales(%q: memref<?x4x8xf32>, %t: memref<?x2x8xf32>, %s: memref<?x3xf32>) {
  // expected-error @below {{'dsa.linear_part' op expected dimension 1 of 'scales' to be 2 (P, as in 'terms'), but found 3}}
  dsa.linear_part ins(%q : memref<?x4x8xf32>) outs(%t, %s : memref<?x2x8xf32>, memref<?x3xf32>)
  return
}

// -----

func.func @linear_part_heads(%q: memref<?x?x8xf32>, %t: memref<?x2x8xf32>, %s: memref<?x2xf32>) {
  // expected-error @below {{'dsa.linear_part' op expected dimension 1 of 'q' (H) to be static}}
  dsa.linear_part ins(%q : memref<?x?x8xf32>) outs(%t, %s : memref<?x2x8xf32>, memref<?x2xf32>)
  return
}

// -----

// expected-note @below {{'q' is 'memref<?x4x8xf16>'}}
func.func @linear_part_terms_type(%q: memref<?x4x8xf16>, %t: memref<?x2x8xf32>, %s: memref<?x2xf32>) {
  // expected-error @below {{'dsa.linear_part' op expected 'terms' to have element type 'f16', as 'q', but found 'f32'}}
  dsa.linear_part ins(%q : memref<?x4x8xf16>) outs(%t, %s : memref<?x2x8xf32>, memref<?x2xf32>)
  return
}

// -----

func.func @linear_part_scales_type(%q: memref<?x4x8xf16>, %t: memref<?x2x8xf16>, %s: memref<?x2xf16>) {
  // expected-error @below {{'dsa.linear_part' op expected 'scales' to have element type 'f32', but found 'f16'}}
  dsa.linear_part ins(%q : memref<?x4x8xf16>) outs(%t, %s : memref<?x2x8xf16>, memref<?x2xf16>)
  return
}

// -----

func.func @linear_part_no_terms(%q: memref<?x4x8xf32>, %t: memref<?x0x8xf32>, %s: memref<?x0xf32>) {
  // expected-error @below {{'dsa.linear_part' op expected dimension 1 of 'terms' (P) to be in [1, 2147483647], but found 0}}
  dsa.linear_part ins(%q : memref<?x4x8xf32>) outs(%t, %s : memref<?x0x8xf32>, memref<?x0xf32>)
  return
}

// -----

func.func @linear_part_many_terms(%q: memref<?x4x8xf32>, %t: memref<?x9x8xf32>, %s: memref<?x9xf32>) {
  // expected-error @below {{'dsa.linear_part' op expected at most 8 terms (dimension 1 of 'terms'), but found 9}}
  dsa.linear_part ins(%q : memref<?x4x8xf32>) outs(%t, %s : memref<?x9x8xf32>, memref<?x9xf32>)
  return
}

//===----------------------------------------------------------------------===//
// merge
//===----------------------------------------------------------------------===//

// -----

func.func @merge_one_destination(%os: memref<2x?x4x8xf32>, %ls: memref<2x?x4xf32>, %o: memref<?x4x8xf32>) {
  // expected-error @below {{'dsa.merge' op expected 2 destinations (out, lse), but found 1}}
  dsa.merge ins(%os, %ls : memref<2x?x4x8xf32>, memref<2x?x4xf32>) outs(%o : memref<?x4x8xf32>)
  return
}

// -----

// expected-note @below {{'partial out' is 'memref<2x?x4x8xf32>'}}
func.func @merge_partials(%os: memref<2x?x4x8xf32>, %ls: memref<3x?x4xf32>, %o: memref<?x4x8xf32>, %l: memref<?x4xf32>) {
  // expected-error @below {{'dsa.merge' op expected dimension 0 of 'partial lse' to be 2 (P, as in 'partial out'), but found 3}}
  dsa.merge ins(%os, %ls : memref<2x?x4x8xf32>, memref<3x?x4xf32>)
      outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  return
}

// -----

func.func @merge_heads(%os: memref<2x?x?x8xf32>, %ls: memref<2x?x?xf32>, %o: memref<?x?x8xf32>, %l: memref<?x?xf32>) {
  // expected-error @below {{'dsa.merge' op expected dimension 2 of 'partial out' (H) to be static}}
  dsa.merge ins(%os, %ls : memref<2x?x?x8xf32>, memref<2x?x?xf32>)
      outs(%o, %l : memref<?x?x8xf32>, memref<?x?xf32>)
  return
}

// -----

func.func @merge_width(%os: memref<2x?x4x?xf32>, %ls: memref<2x?x4xf32>, %o: memref<?x4x8xf32>, %l: memref<?x4xf32>) {
  // expected-error @below {{'dsa.merge' op expected dimension 3 of 'partial out' (Dv) to be static}}
  dsa.merge ins(%os, %ls : memref<2x?x4x?xf32>, memref<2x?x4xf32>)
      outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  return
}

// -----

func.func @merge_lse_type(%os: memref<2x?x4x8xf32>, %ls: memref<2x?x4xf32>, %o: memref<?x4x8xf32>, %l: memref<?x4xbf16>) {
  // expected-error @below {{'dsa.merge' op expected 'lse' to have element type 'f32', but found 'bf16'}}
  dsa.merge ins(%os, %ls : memref<2x?x4x8xf32>, memref<2x?x4xf32>)
      outs(%o, %l : memref<?x4x8xf32>, memref<?x4xbf16>)
  return
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

// -----

// expected-error @below {{expected block_rows in [1, 64], but found 0}}
func.func private @schedule() attributes {test.schedule = #dsa.loop_schedule<block_rows = 0, block_keys = 64>}

// -----

// expected-error @below {{expected block_rows in [1, 64], but found 65}}
func.func private @schedule() attributes {test.schedule = #dsa.loop_schedule<block_rows = 65, block_keys = 64>}

// -----

// expected-error @below {{expected block_keys to be a multiple of 16 in [16, 1024], but found 0}}
func.func private @schedule() attributes {test.schedule = #dsa.loop_schedule<block_rows = 1, block_keys = 0>}

// -----

// expected-error @below {{expected block_keys to be a multiple of 16 in [16, 1024], but found 24}}
func.func private @schedule() attributes {test.schedule = #dsa.loop_schedule<block_rows = 1, block_keys = 24>}

// -----

// expected-error @below {{expected block_keys to be a multiple of 16 in [16, 1024], but found 1040}}
func.func private @schedule() attributes {test.schedule = #dsa.loop_schedule<block_rows = 1, block_keys = 1040>}

// -----

// expected-error @below {{expected threads in [1, 1024], but found 0}}
func.func private @schedule() attributes {test.schedule = #dsa.loop_schedule<block_rows = 1, block_keys = 16, threads = 0>}

// -----

// expected-error @below {{expected threads in [1, 1024], but found 2048}}
func.func private @schedule() attributes {test.schedule = #dsa.loop_schedule<block_rows = 1, block_keys = 16, threads = 2048>}

// -----

// expected-error @below {{expected chunk_keys to be 0 or a multiple of block_keys, but found 40}}
func.func private @schedule() attributes {test.schedule = #dsa.loop_schedule<block_rows = 1, block_keys = 16, chunk_keys = 40>}

// -----

// expected-error @below {{expected chunk_keys to be 0 or a multiple of block_keys, but found -16}}
func.func private @schedule() attributes {test.schedule = #dsa.loop_schedule<block_rows = 1, block_keys = 16, chunk_keys = -16>}

// -----

func.func @not_a_schedule(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %s: memref<?x?xf32>) {
  dsa.index_scores<none> ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>)
      // expected-error @below {{custom op 'dsa.index_scores' invalid kind of attribute specified}}
      schedule(#dsa.activation<none>) outs(%s : memref<?x?xf32>)
  return
}

// -----

func.func @activation(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %s: memref<?x?xf32>) {
  // expected-error @below {{expected ::mlir::dsa::Activation to be one of: none, relu, half_abs}}
  // expected-error @below {{failed to parse DSA_ActivationAttr parameter 'value'}}
  dsa.index_scores<gelu> ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>) outs(%s : memref<?x?xf32>)
  return
}

//===----------------------------------------------------------------------===//
// Names of arguments and results
//===----------------------------------------------------------------------===//

// -----

// expected-error @below {{'func.func' op expected 'dsa.name' of argument 1 to be a non-empty string}}
func.func private @name_type(f32, f32 {dsa.name = 1 : i32})

// -----

// expected-error @below {{'func.func' op expected 'dsa.name' of argument 0 to be a non-empty string}}
func.func private @name_empty(f32 {dsa.name = ""})

// -----

// expected-error @below {{'func.func' op names arguments 0 and 2 both 'q'}}
func.func private @name_twice(f32 {dsa.name = "q"}, f32, f32 {dsa.name = "q"})

// -----

// expected-error @below {{'func.func' op has unknown argument attribute 'dsa.nam'}}
func.func private @name_misspelt(f32 {dsa.nam = "q"})

// -----

// expected-error @below {{'func.func' op expected 'dsa.name' of result 0 to be a non-empty string}}
func.func private @result_name_type() -> (f32 {dsa.name})

// -----

// expected-error @below {{'func.func' op names results 0 and 1 both 'out'}}
func.func private @result_name_twice() -> (f32 {dsa.name = "out"}, f32 {dsa.name = "out"})

// -----

// expected-error @below {{'func.func' op has unknown result attribute 'dsa.label'}}
func.func private @result_attribute() -> (f32 {dsa.label = "out"})
