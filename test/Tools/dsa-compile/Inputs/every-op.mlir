// Every operation, with every kind of clause, at sizes that models have.

func.func @index_scores(%q: tensor<?x64x128xf8E4M3FN>, %k: tensor<?x128xf8E4M3FN>,
                        %w: tensor<?x64xf32>, %qs: tensor<?x64xf32>, %ks: tensor<?xf32>,
                        %lo: tensor<?xi32>, %hi: tensor<?xi32>, %init: tensor<?x?xf32>)
    -> tensor<?x?xf32> {
  %s = dsa.index_scores<relu>
      ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
      weights(%w : tensor<?x64xf32>) q_scale(%qs : tensor<?x64xf32>)
      k_scale(%ks : tensor<?xf32>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}

func.func @index_scores_sequences(%q: tensor<?x32x64xbf16>, %k: tensor<?x?x64xbf16>,
                                  %seq: tensor<?xi32>, %init: tensor<?x?xbf16>)
    -> tensor<?x?xbf16> {
  %s = dsa.index_scores<none> ins(%q, %k : tensor<?x32x64xbf16>, tensor<?x?x64xbf16>)
      seq(%seq : tensor<?xi32>) outs(%init : tensor<?x?xbf16>) -> tensor<?x?xbf16>
  return %s : tensor<?x?xbf16>
}

func.func @index_scores_linear(%q: tensor<?x64x128xf8E4M3FN>, %k: tensor<?x128xf8E4M3FN>,
                               %w: tensor<?x64xf32>, %terms: tensor<?x4x128xf8E4M3FN>,
                               %scales: tensor<?x4xf32>, %init: tensor<?x?xf32>)
    -> tensor<?x?xf32> {
  %s = dsa.index_scores<half_abs>
      ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
      weights(%w : tensor<?x64xf32>)
      linear(%terms, %scales : tensor<?x4x128xf8E4M3FN>, tensor<?x4xf32>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}

func.func @linear_part(%q: tensor<?x64x128xf8E4M3FN>, %w: tensor<?x64xf32>,
                       %qs: tensor<?x64xf32>, %t: tensor<?x4x128xf8E4M3FN>,
                       %s: tensor<?x4xf32>)
    -> (tensor<?x4x128xf8E4M3FN>, tensor<?x4xf32>) {
  %r:2 = dsa.linear_part ins(%q : tensor<?x64x128xf8E4M3FN>) weights(%w : tensor<?x64xf32>)
      q_scale(%qs : tensor<?x64xf32>)
      outs(%t, %s : tensor<?x4x128xf8E4M3FN>, tensor<?x4xf32>)
      -> tensor<?x4x128xf8E4M3FN>, tensor<?x4xf32>
  return %r#0, %r#1 : tensor<?x4x128xf8E4M3FN>, tensor<?x4xf32>
}

func.func @topk(%s: tensor<?x?xf32>, %lo: tensor<?xi32>, %hi: tensor<?xi32>,
                %pos: tensor<?xi32>, %i: tensor<?x1x2048xi32>, %n: tensor<?x1xi32>,
                %v: tensor<?x1x2048xf32>)
    -> (tensor<?x1x2048xi32>, tensor<?x1xi32>, tensor<?x1x2048xf32>) {
  %r:3 = dsa.topk ins(%s : tensor<?x?xf32>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      positions(%pos : tensor<?xi32>) window = [127, 0] first = 4
      outs(%i, %n, %v : tensor<?x1x2048xi32>, tensor<?x1xi32>, tensor<?x1x2048xf32>)
      -> tensor<?x1x2048xi32>, tensor<?x1xi32>, tensor<?x1x2048xf32>
  return %r#0, %r#1, %r#2
      : tensor<?x1x2048xi32>, tensor<?x1xi32>, tensor<?x1x2048xf32>
}

func.func @topk_blocks(%s: tensor<?x8x?xf16>, %i: tensor<?x8x16xi32>, %n: tensor<?x8xi32>)
    -> (tensor<?x8x16xi32>, tensor<?x8xi32>) {
  %r:2 = dsa.topk ins(%s : tensor<?x8x?xf16>) block = 64 unordered
      outs(%i, %n : tensor<?x8x16xi32>, tensor<?x8xi32>)
      -> tensor<?x8x16xi32>, tensor<?x8xi32>
  return %r#0, %r#1 : tensor<?x8x16xi32>, tensor<?x8xi32>
}

func.func @topk_merge(%s: tensor<?x?xf32>, %ids: tensor<?x?xi32>,
                      %i: tensor<?x1x512xi32>, %n: tensor<?x1xi32>, %v: tensor<?x1x512xf32>)
    -> (tensor<?x1x512xi32>, tensor<?x1xi32>, tensor<?x1x512xf32>) {
  %r:3 = dsa.topk ins(%s : tensor<?x?xf32>) ids(%ids : tensor<?x?xi32>)
      outs(%i, %n, %v : tensor<?x1x512xi32>, tensor<?x1xi32>, tensor<?x1x512xf32>)
      -> tensor<?x1x512xi32>, tensor<?x1xi32>, tensor<?x1x512xf32>
  return %r#0, %r#1, %r#2 : tensor<?x1x512xi32>, tensor<?x1xi32>, tensor<?x1x512xf32>
}

func.func @select(%q: tensor<?x64x128xf8E4M3FN>, %k: tensor<?x128xf8E4M3FN>,
                  %w: tensor<?x64xf32>, %lo: tensor<?xi32>, %hi: tensor<?xi32>,
                  %i: tensor<?x1x2048xi32>, %n: tensor<?x1xi32>)
    -> (tensor<?x1x2048xi32>, tensor<?x1xi32>) {
  %c0 = arith.constant 0 : index
  %t = tensor.dim %q, %c0 : tensor<?x64x128xf8E4M3FN>
  %keys = tensor.dim %k, %c0 : tensor<?x128xf8E4M3FN>
  %r:2 = dsa.select bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      outs(%i, %n : tensor<?x1x2048xi32>, tensor<?x1xi32>) scores {
    %e = tensor.empty(%t, %keys) : tensor<?x?xf32>
    %s = dsa.index_scores<relu>
        ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
        weights(%w : tensor<?x64xf32>) outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
    dsa.yield %s : tensor<?x?xf32>
  } -> tensor<?x1x2048xi32>, tensor<?x1xi32>
  return %r#0, %r#1 : tensor<?x1x2048xi32>, tensor<?x1xi32>
}

func.func @sparse_attention(%q: tensor<?x128x576xbf16>, %kv: tensor<?x576xbf16>,
                            %i: tensor<?x1x2048xi32>, %n: tensor<?x1xi32>,
                            %sink: tensor<128xf32>, %o: tensor<?x128x512xbf16>,
                            %l: tensor<?x128xf32>, %m: tensor<?x128xf32>)
    -> (tensor<?x128x512xbf16>, tensor<?x128xf32>, tensor<?x128xf32>) {
  %r:3 = dsa.sparse_attention scale = 0.1352
      ins(%q, %kv : tensor<?x128x576xbf16>, tensor<?x576xbf16>)
      indices(%i : tensor<?x1x2048xi32>) lengths(%n : tensor<?x1xi32>)
      sink(%sink : tensor<128xf32>) distinct
      outs(%o, %l, %m : tensor<?x128x512xbf16>, tensor<?x128xf32>, tensor<?x128xf32>)
      -> tensor<?x128x512xbf16>, tensor<?x128xf32>, tensor<?x128xf32>
  return %r#0, %r#1, %r#2 : tensor<?x128x512xbf16>, tensor<?x128xf32>, tensor<?x128xf32>
}

func.func @sparse_attention_blocks(%q: tensor<?x16x128xf16>, %k: tensor<?x?x2x128xf16>,
                                   %v: tensor<?x?x2x128xf16>, %i: tensor<?x2x16xi32>,
                                   %seq: tensor<?xi32>, %o: tensor<?x16x128xf32>,
                                   %l: tensor<?x16xf32>)
    -> (tensor<?x16x128xf32>, tensor<?x16xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.0884
      ins(%q, %k, %v : tensor<?x16x128xf16>, tensor<?x?x2x128xf16>, tensor<?x?x2x128xf16>)
      indices(%i : tensor<?x2x16xi32>) seq(%seq : tensor<?xi32>) block = 64
      outs(%o, %l : tensor<?x16x128xf32>, tensor<?x16xf32>)
      -> tensor<?x16x128xf32>, tensor<?x16xf32>
  return %r#0, %r#1 : tensor<?x16x128xf32>, tensor<?x16xf32>
}

func.func @attention(%q: tensor<?x32x128xbf16>, %k: tensor<?x8x128xbf16>,
                     %v: tensor<?x8x128xbf16>, %lo: tensor<?xi32>, %hi: tensor<?xi32>,
                     %pos: tensor<?xi32>, %sink: tensor<32xf32>,
                     %o: tensor<?x32x128xbf16>, %l: tensor<?x32xf32>)
    -> (tensor<?x32x128xbf16>, tensor<?x32xf32>) {
  %r:2 = dsa.attention scale = 0.0884
      ins(%q, %k, %v : tensor<?x32x128xbf16>, tensor<?x8x128xbf16>, tensor<?x8x128xbf16>)
      bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>) positions(%pos : tensor<?xi32>)
      sink(%sink : tensor<32xf32>) window = [1023, 0]
      outs(%o, %l : tensor<?x32x128xbf16>, tensor<?x32xf32>)
      -> tensor<?x32x128xbf16>, tensor<?x32xf32>
  return %r#0, %r#1 : tensor<?x32x128xbf16>, tensor<?x32xf32>
}

func.func @merge(%os: tensor<?x?x128x512xf32>, %ls: tensor<?x?x128xf32>,
                 %sink: tensor<128xf32>, %o: tensor<?x128x512xbf16>, %l: tensor<?x128xf32>)
    -> (tensor<?x128x512xbf16>, tensor<?x128xf32>) {
  %r:2 = dsa.merge ins(%os, %ls : tensor<?x?x128x512xf32>, tensor<?x?x128xf32>)
      sink(%sink : tensor<128xf32>) outs(%o, %l : tensor<?x128x512xbf16>, tensor<?x128xf32>)
      -> tensor<?x128x512xbf16>, tensor<?x128xf32>
  return %r#0, %r#1 : tensor<?x128x512xbf16>, tensor<?x128xf32>
}
