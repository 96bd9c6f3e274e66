// Static shapes, down to nothing at all.

// RUN: dsa-opt %s -dsa-to-cpu -split-input-file | FileCheck %s \
// RUN:     --implicit-check-not="{{ (index|linalg|scf|vector|arith|math|affine|cf|ub)[.][a-z]}}" \
// RUN:     --implicit-check-not=dsa. \
// RUN:     --implicit-check-not=tensor --implicit-check-not=memref --implicit-check-not=unrealized_conversion_cast

// CHECK-LABEL: llvm.func @index_scores_0_rows(
// CHECK:         llvm.return
func.func @index_scores_0_rows(%q: tensor<0x5x7xf32>, %k: tensor<37x7xf32>, %w: tensor<0x5xf32>,
                               %lo: tensor<0xi32>, %o0: tensor<0x37xf32>)
    -> tensor<0x37xf32> {
  %r = dsa.index_scores<relu> ins(%q, %k : tensor<0x5x7xf32>, tensor<37x7xf32>)
      weights(%w : tensor<0x5xf32>) bounds(%lo, %lo : tensor<0xi32>, tensor<0xi32>)
      outs(%o0 : tensor<0x37xf32>)
      -> tensor<0x37xf32>
  return %r : tensor<0x37xf32>
}

// CHECK-LABEL: llvm.func @topk_0_rows(
// CHECK:         llvm.return
func.func @topk_0_rows(%s: tensor<0x2x37xf32>, %o0: tensor<0x2x64xi32>, %o1: tensor<0x2xi32>,
                       %o2: tensor<0x2x64xf32>)
    -> (tensor<0x2x64xi32>, tensor<0x2xi32>, tensor<0x2x64xf32>) {
  %r:3 = dsa.topk ins(%s : tensor<0x2x37xf32>)
      outs(%o0, %o1, %o2 : tensor<0x2x64xi32>, tensor<0x2xi32>, tensor<0x2x64xf32>)
      -> tensor<0x2x64xi32>, tensor<0x2xi32>, tensor<0x2x64xf32>
  return %r#0, %r#1, %r#2 : tensor<0x2x64xi32>, tensor<0x2xi32>, tensor<0x2x64xf32>
}

// CHECK-LABEL: llvm.func @sparse_attention_0_rows(
// CHECK:         llvm.return
func.func @sparse_attention_0_rows(%q: tensor<0x6x5xf32>, %k: tensor<37x2x5xf32>,
                                   %v: tensor<37x2x7xf32>, %i: tensor<0x6x9xi32>,
                                   %o0: tensor<0x6x7xf32>, %o1: tensor<0x6xf32>)
    -> (tensor<0x6x7xf32>, tensor<0x6xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.5
      ins(%q, %k, %v : tensor<0x6x5xf32>, tensor<37x2x5xf32>, tensor<37x2x7xf32>)
      indices(%i : tensor<0x6x9xi32>) block = 2
      outs(%o0, %o1 : tensor<0x6x7xf32>, tensor<0x6xf32>)
      -> tensor<0x6x7xf32>, tensor<0x6xf32>
  return %r#0, %r#1 : tensor<0x6x7xf32>, tensor<0x6xf32>
}

// CHECK-LABEL: llvm.func @attention_0_rows(
// CHECK:         llvm.return
func.func @attention_0_rows(%q: tensor<0x6x5xf32>, %k: tensor<37x1x5xf32>, %p: tensor<0xi32>,
                            %o0: tensor<0x6x3xf32>, %o1: tensor<0x6xf32>, %o2: tensor<0x6xf32>)
    -> (tensor<0x6x3xf32>, tensor<0x6xf32>, tensor<0x6xf32>) {
  %r:3 = dsa.attention scale = 0.5
      ins(%q, %k : tensor<0x6x5xf32>, tensor<37x1x5xf32>)
      positions(%p : tensor<0xi32>) window = [3, 0]
      outs(%o0, %o1, %o2 : tensor<0x6x3xf32>, tensor<0x6xf32>, tensor<0x6xf32>)
      -> tensor<0x6x3xf32>, tensor<0x6xf32>, tensor<0x6xf32>
  return %r#0, %r#1, %r#2 : tensor<0x6x3xf32>, tensor<0x6xf32>, tensor<0x6xf32>
}

// CHECK-LABEL: llvm.func @merge_0_rows(
// CHECK:         llvm.return
func.func @merge_0_rows(%os: tensor<3x0x3x5xf32>, %ls: tensor<3x0x3xf32>, %o0: tensor<0x3x5xf32>,
                        %o1: tensor<0x3xf32>)
    -> (tensor<0x3x5xf32>, tensor<0x3xf32>) {
  %r:2 = dsa.merge ins(%os, %ls : tensor<3x0x3x5xf32>, tensor<3x0x3xf32>)
      outs(%o0, %o1 : tensor<0x3x5xf32>, tensor<0x3xf32>)
      -> tensor<0x3x5xf32>, tensor<0x3xf32>
  return %r#0, %r#1 : tensor<0x3x5xf32>, tensor<0x3xf32>
}

// CHECK-LABEL: llvm.func @index_scores_1_rows(
// CHECK:         llvm.return
func.func @index_scores_1_rows(%q: tensor<1x5x7xf32>, %k: tensor<37x7xf32>, %w: tensor<1x5xf32>,
                               %lo: tensor<1xi32>, %o0: tensor<1x37xf32>)
    -> tensor<1x37xf32> {
  %r = dsa.index_scores<relu> ins(%q, %k : tensor<1x5x7xf32>, tensor<37x7xf32>)
      weights(%w : tensor<1x5xf32>) bounds(%lo, %lo : tensor<1xi32>, tensor<1xi32>)
      outs(%o0 : tensor<1x37xf32>)
      -> tensor<1x37xf32>
  return %r : tensor<1x37xf32>
}

// CHECK-LABEL: llvm.func @topk_1_rows(
// CHECK:         llvm.return
func.func @topk_1_rows(%s: tensor<1x2x37xf32>, %o0: tensor<1x2x64xi32>, %o1: tensor<1x2xi32>,
                       %o2: tensor<1x2x64xf32>)
    -> (tensor<1x2x64xi32>, tensor<1x2xi32>, tensor<1x2x64xf32>) {
  %r:3 = dsa.topk ins(%s : tensor<1x2x37xf32>)
      outs(%o0, %o1, %o2 : tensor<1x2x64xi32>, tensor<1x2xi32>, tensor<1x2x64xf32>)
      -> tensor<1x2x64xi32>, tensor<1x2xi32>, tensor<1x2x64xf32>
  return %r#0, %r#1, %r#2 : tensor<1x2x64xi32>, tensor<1x2xi32>, tensor<1x2x64xf32>
}

// CHECK-LABEL: llvm.func @sparse_attention_1_rows(
// CHECK:         llvm.return
func.func @sparse_attention_1_rows(%q: tensor<1x6x5xf32>, %k: tensor<37x2x5xf32>,
                                   %v: tensor<37x2x7xf32>, %i: tensor<1x6x9xi32>,
                                   %o0: tensor<1x6x7xf32>, %o1: tensor<1x6xf32>)
    -> (tensor<1x6x7xf32>, tensor<1x6xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.5
      ins(%q, %k, %v : tensor<1x6x5xf32>, tensor<37x2x5xf32>, tensor<37x2x7xf32>)
      indices(%i : tensor<1x6x9xi32>) block = 2
      outs(%o0, %o1 : tensor<1x6x7xf32>, tensor<1x6xf32>)
      -> tensor<1x6x7xf32>, tensor<1x6xf32>
  return %r#0, %r#1 : tensor<1x6x7xf32>, tensor<1x6xf32>
}

// CHECK-LABEL: llvm.func @attention_1_rows(
// CHECK:         llvm.return
func.func @attention_1_rows(%q: tensor<1x6x5xf32>, %k: tensor<37x1x5xf32>, %p: tensor<1xi32>,
                            %o0: tensor<1x6x3xf32>, %o1: tensor<1x6xf32>, %o2: tensor<1x6xf32>)
    -> (tensor<1x6x3xf32>, tensor<1x6xf32>, tensor<1x6xf32>) {
  %r:3 = dsa.attention scale = 0.5
      ins(%q, %k : tensor<1x6x5xf32>, tensor<37x1x5xf32>)
      positions(%p : tensor<1xi32>) window = [3, 0]
      outs(%o0, %o1, %o2 : tensor<1x6x3xf32>, tensor<1x6xf32>, tensor<1x6xf32>)
      -> tensor<1x6x3xf32>, tensor<1x6xf32>, tensor<1x6xf32>
  return %r#0, %r#1, %r#2 : tensor<1x6x3xf32>, tensor<1x6xf32>, tensor<1x6xf32>
}

// CHECK-LABEL: llvm.func @merge_1_rows(
// CHECK:         llvm.return
func.func @merge_1_rows(%os: tensor<3x1x3x5xf32>, %ls: tensor<3x1x3xf32>, %o0: tensor<1x3x5xf32>,
                        %o1: tensor<1x3xf32>)
    -> (tensor<1x3x5xf32>, tensor<1x3xf32>) {
  %r:2 = dsa.merge ins(%os, %ls : tensor<3x1x3x5xf32>, tensor<3x1x3xf32>)
      outs(%o0, %o1 : tensor<1x3x5xf32>, tensor<1x3xf32>)
      -> tensor<1x3x5xf32>, tensor<1x3xf32>
  return %r#0, %r#1 : tensor<1x3x5xf32>, tensor<1x3xf32>
}

// CHECK-LABEL: llvm.func @index_scores_3_rows(
// CHECK:         llvm.return
func.func @index_scores_3_rows(%q: tensor<3x5x7xf32>, %k: tensor<37x7xf32>, %w: tensor<3x5xf32>,
                               %lo: tensor<3xi32>, %o0: tensor<3x37xf32>)
    -> tensor<3x37xf32> {
  %r = dsa.index_scores<relu> ins(%q, %k : tensor<3x5x7xf32>, tensor<37x7xf32>)
      weights(%w : tensor<3x5xf32>) bounds(%lo, %lo : tensor<3xi32>, tensor<3xi32>)
      outs(%o0 : tensor<3x37xf32>)
      -> tensor<3x37xf32>
  return %r : tensor<3x37xf32>
}

// CHECK-LABEL: llvm.func @topk_3_rows(
// CHECK:         llvm.return
func.func @topk_3_rows(%s: tensor<3x2x37xf32>, %o0: tensor<3x2x64xi32>, %o1: tensor<3x2xi32>,
                       %o2: tensor<3x2x64xf32>)
    -> (tensor<3x2x64xi32>, tensor<3x2xi32>, tensor<3x2x64xf32>) {
  %r:3 = dsa.topk ins(%s : tensor<3x2x37xf32>)
      outs(%o0, %o1, %o2 : tensor<3x2x64xi32>, tensor<3x2xi32>, tensor<3x2x64xf32>)
      -> tensor<3x2x64xi32>, tensor<3x2xi32>, tensor<3x2x64xf32>
  return %r#0, %r#1, %r#2 : tensor<3x2x64xi32>, tensor<3x2xi32>, tensor<3x2x64xf32>
}

// CHECK-LABEL: llvm.func @sparse_attention_3_rows(
// CHECK:         llvm.return
func.func @sparse_attention_3_rows(%q: tensor<3x6x5xf32>, %k: tensor<37x2x5xf32>,
                                   %v: tensor<37x2x7xf32>, %i: tensor<3x6x9xi32>,
                                   %o0: tensor<3x6x7xf32>, %o1: tensor<3x6xf32>)
    -> (tensor<3x6x7xf32>, tensor<3x6xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.5
      ins(%q, %k, %v : tensor<3x6x5xf32>, tensor<37x2x5xf32>, tensor<37x2x7xf32>)
      indices(%i : tensor<3x6x9xi32>) block = 2
      outs(%o0, %o1 : tensor<3x6x7xf32>, tensor<3x6xf32>)
      -> tensor<3x6x7xf32>, tensor<3x6xf32>
  return %r#0, %r#1 : tensor<3x6x7xf32>, tensor<3x6xf32>
}

// CHECK-LABEL: llvm.func @attention_3_rows(
// CHECK:         llvm.return
func.func @attention_3_rows(%q: tensor<3x6x5xf32>, %k: tensor<37x1x5xf32>, %p: tensor<3xi32>,
                            %o0: tensor<3x6x3xf32>, %o1: tensor<3x6xf32>, %o2: tensor<3x6xf32>)
    -> (tensor<3x6x3xf32>, tensor<3x6xf32>, tensor<3x6xf32>) {
  %r:3 = dsa.attention scale = 0.5
      ins(%q, %k : tensor<3x6x5xf32>, tensor<37x1x5xf32>)
      positions(%p : tensor<3xi32>) window = [3, 0]
      outs(%o0, %o1, %o2 : tensor<3x6x3xf32>, tensor<3x6xf32>, tensor<3x6xf32>)
      -> tensor<3x6x3xf32>, tensor<3x6xf32>, tensor<3x6xf32>
  return %r#0, %r#1, %r#2 : tensor<3x6x3xf32>, tensor<3x6xf32>, tensor<3x6xf32>
}

// CHECK-LABEL: llvm.func @merge_3_rows(
// CHECK:         llvm.return
func.func @merge_3_rows(%os: tensor<3x3x3x5xf32>, %ls: tensor<3x3x3xf32>, %o0: tensor<3x3x5xf32>,
                        %o1: tensor<3x3xf32>)
    -> (tensor<3x3x5xf32>, tensor<3x3xf32>) {
  %r:2 = dsa.merge ins(%os, %ls : tensor<3x3x3x5xf32>, tensor<3x3x3xf32>)
      outs(%o0, %o1 : tensor<3x3x5xf32>, tensor<3x3xf32>)
      -> tensor<3x3x5xf32>, tensor<3x3xf32>
  return %r#0, %r#1 : tensor<3x3x5xf32>, tensor<3x3xf32>
}

// CHECK-LABEL: llvm.func @index_scores_sequences(
// CHECK:         llvm.return
func.func @index_scores_sequences(%q: tensor<3x1x1xf16>, %k: tensor<2x37x1xf16>, %w: tensor<3x1xf32>,
                                  %lo: tensor<3xi32>, %o0: tensor<3x37xf16>)
    -> tensor<3x37xf16> {
  %r = dsa.index_scores<relu> ins(%q, %k : tensor<3x1x1xf16>, tensor<2x37x1xf16>)
      weights(%w : tensor<3x1xf32>) bounds(%lo, %lo : tensor<3xi32>, tensor<3xi32>) seq(%lo : tensor<3xi32>)
      outs(%o0 : tensor<3x37xf16>)
      -> tensor<3x37xf16>
  return %r : tensor<3x37xf16>
}

// CHECK-LABEL: llvm.func @sparse_attention_sequences(
// CHECK:         llvm.return
func.func @sparse_attention_sequences(%q: tensor<3x1x1xf16>, %k: tensor<?x37x1xf16>,
                                      %v: tensor<?x37x1xf16>, %i: tensor<3x1x1xi32>,
                                      %seq: tensor<3xi32>, %o0: tensor<3x1x1xf16>, %o1: tensor<3x1xf32>)
    -> (tensor<3x1x1xf16>, tensor<3x1xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.5
      ins(%q, %k, %v : tensor<3x1x1xf16>, tensor<?x37x1xf16>, tensor<?x37x1xf16>)
      indices(%i : tensor<3x1x1xi32>) seq(%seq : tensor<3xi32>)
      outs(%o0, %o1 : tensor<3x1x1xf16>, tensor<3x1xf32>)
      -> tensor<3x1x1xf16>, tensor<3x1xf32>
  return %r#0, %r#1 : tensor<3x1x1xf16>, tensor<3x1xf32>
}

// CHECK-LABEL: llvm.func @topk_no_columns(
// CHECK:         llvm.return
func.func @topk_no_columns(%s: tensor<?x0xf32>, %o0: tensor<?x1x4xi32>, %o1: tensor<?x1xi32>,
                           %o2: tensor<?x1x4xf32>)
    -> (tensor<?x1x4xi32>, tensor<?x1xi32>, tensor<?x1x4xf32>) {
  %r:3 = dsa.topk ins(%s : tensor<?x0xf32>)
      outs(%o0, %o1, %o2 : tensor<?x1x4xi32>, tensor<?x1xi32>, tensor<?x1x4xf32>)
      -> tensor<?x1x4xi32>, tensor<?x1xi32>, tensor<?x1x4xf32>
  return %r#0, %r#1, %r#2 : tensor<?x1x4xi32>, tensor<?x1xi32>, tensor<?x1x4xf32>
}

// CHECK-LABEL: llvm.func @topk_no_entries(
// CHECK:         llvm.return
func.func @topk_no_entries(%s: tensor<?x?xf32>, %o0: tensor<?x1x0xi32>, %o1: tensor<?x1xi32>,
                           %o2: tensor<?x1x0xf32>)
    -> (tensor<?x1x0xi32>, tensor<?x1xi32>, tensor<?x1x0xf32>) {
  %r:3 = dsa.topk ins(%s : tensor<?x?xf32>)
      outs(%o0, %o1, %o2 : tensor<?x1x0xi32>, tensor<?x1xi32>, tensor<?x1x0xf32>)
      -> tensor<?x1x0xi32>, tensor<?x1xi32>, tensor<?x1x0xf32>
  return %r#0, %r#1, %r#2 : tensor<?x1x0xi32>, tensor<?x1xi32>, tensor<?x1x0xf32>
}

// CHECK-LABEL: llvm.func @sparse_attention_no_keys(
// CHECK:         llvm.return
func.func @sparse_attention_no_keys(%q: tensor<?x4x8xf32>, %k: tensor<0x8xf32>, %v: tensor<0x8xf32>,
                                    %i: tensor<?x1x4xi32>, %o0: tensor<?x4x8xf32>, %o1: tensor<?x4xf32>)
    -> (tensor<?x4x8xf32>, tensor<?x4xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.5
      ins(%q, %k, %v : tensor<?x4x8xf32>, tensor<0x8xf32>, tensor<0x8xf32>)
      indices(%i : tensor<?x1x4xi32>)
      outs(%o0, %o1 : tensor<?x4x8xf32>, tensor<?x4xf32>)
      -> tensor<?x4x8xf32>, tensor<?x4xf32>
  return %r#0, %r#1 : tensor<?x4x8xf32>, tensor<?x4xf32>
}

// CHECK-LABEL: llvm.func @sparse_attention_no_entries(
// CHECK:         llvm.return
func.func @sparse_attention_no_entries(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %v: tensor<?x8xf32>,
                                       %i: tensor<?x1x0xi32>, %o0: tensor<?x4x8xf32>,
                                       %o1: tensor<?x4xf32>)
    -> (tensor<?x4x8xf32>, tensor<?x4xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.5
      ins(%q, %k, %v : tensor<?x4x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>)
      indices(%i : tensor<?x1x0xi32>)
      outs(%o0, %o1 : tensor<?x4x8xf32>, tensor<?x4xf32>)
      -> tensor<?x4x8xf32>, tensor<?x4xf32>
  return %r#0, %r#1 : tensor<?x4x8xf32>, tensor<?x4xf32>
}

// CHECK-LABEL: llvm.func @attention_no_keys(
// CHECK:         llvm.return
func.func @attention_no_keys(%q: tensor<?x4x8xf32>, %k: tensor<0x8xf32>, %v: tensor<0x8xf32>,
                             %o0: tensor<?x4x8xf32>, %o1: tensor<?x4xf32>, %o2: tensor<?x4xf32>)
    -> (tensor<?x4x8xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
  %r:3 = dsa.attention scale = 0.5
      ins(%q, %k, %v : tensor<?x4x8xf32>, tensor<0x8xf32>, tensor<0x8xf32>)
      outs(%o0, %o1, %o2 : tensor<?x4x8xf32>, tensor<?x4xf32>, tensor<?x4xf32>)
      -> tensor<?x4x8xf32>, tensor<?x4xf32>, tensor<?x4xf32>
  return %r#0, %r#1, %r#2 : tensor<?x4x8xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}

// CHECK-LABEL: llvm.func @merge_nothing(
// CHECK:         llvm.return
func.func @merge_nothing(%os: tensor<0x?x3x5xf32>, %ls: tensor<0x?x3xf32>, %sink: tensor<3xf32>,
                         %o0: tensor<?x3x5xf32>, %o1: tensor<?x3xf32>)
    -> (tensor<?x3x5xf32>, tensor<?x3xf32>) {
  %r:2 = dsa.merge ins(%os, %ls : tensor<0x?x3x5xf32>, tensor<0x?x3xf32>) sink(%sink : tensor<3xf32>)
      outs(%o0, %o1 : tensor<?x3x5xf32>, tensor<?x3xf32>)
      -> tensor<?x3x5xf32>, tensor<?x3xf32>
  return %r#0, %r#1 : tensor<?x3x5xf32>, tensor<?x3xf32>
}

// -----

// CHECK-LABEL: llvm.func @index_scores_no_keys(
// CHECK:         llvm.return
func.func @index_scores_no_keys(%q: tensor<?x4x8xf32>, %k: tensor<0x8xf32>, %w: tensor<?x4xf32>,
                                %lo: tensor<?xi32>, %o0: tensor<?x0xf32>)
    -> tensor<?x0xf32> {
  %r = dsa.index_scores<relu> ins(%q, %k : tensor<?x4x8xf32>, tensor<0x8xf32>)
      weights(%w : tensor<?x4xf32>) bounds(%lo, %lo : tensor<?xi32>, tensor<?xi32>)
      outs(%o0 : tensor<?x0xf32>)
      -> tensor<?x0xf32>
  return %r : tensor<?x0xf32>
}
