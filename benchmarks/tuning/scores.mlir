// Indexer scores: 64 heads (DeepSeek-V3.2) and 32 (GLM-5), causal.
// Tuned with dsa-tune: docs/Tuning.md.
module {
  func.func @scores_fp8_h64(
    %q: tensor<?x64x128xf8E4M3FN>,
    %k: tensor<?x128xf8E4M3FN>,
    %weights: tensor<?x64xf32>,
    %k_scale: tensor<?xf32>,
    %lo: tensor<?xi32>,
    %hi: tensor<?xi32>)
      -> (tensor<?x?xf32>)
      attributes {dsa.tune = [{rows = 1, keys = 131072}, {rows = 16, keys = 131072}, {rows = 64, keys = 65536}, {rows = 4096, keys = 8192}, {rows = 4096, keys = 32768}, {rows = 4096, keys = 131072}]} {
    %c0 = arith.constant 0 : index
    %T = tensor.dim %q, %c0 : tensor<?x64x128xf8E4M3FN>
    %N = tensor.dim %k, %c0 : tensor<?x128xf8E4M3FN>
    %scores_init = tensor.empty(%T, %N) : tensor<?x?xf32>
    %scores = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
        weights(%weights : tensor<?x64xf32>) k_scale(%k_scale : tensor<?xf32>)
        bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
        outs(%scores_init : tensor<?x?xf32>) -> tensor<?x?xf32>
    return %scores : tensor<?x?xf32>
  }

  func.func @scores_fp8_h32(
    %q: tensor<?x32x128xf8E4M3FN>,
    %k: tensor<?x128xf8E4M3FN>,
    %weights: tensor<?x32xf32>,
    %k_scale: tensor<?xf32>,
    %lo: tensor<?xi32>,
    %hi: tensor<?xi32>)
      -> (tensor<?x?xf32>)
      attributes {dsa.tune = [{rows = 64, keys = 65536}, {rows = 4096, keys = 32768}, {rows = 8192, keys = 65536}]} {
    %c0 = arith.constant 0 : index
    %T = tensor.dim %q, %c0 : tensor<?x32x128xf8E4M3FN>
    %N = tensor.dim %k, %c0 : tensor<?x128xf8E4M3FN>
    %scores_init = tensor.empty(%T, %N) : tensor<?x?xf32>
    %scores = dsa.index_scores<relu> ins(%q, %k : tensor<?x32x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
        weights(%weights : tensor<?x32xf32>) k_scale(%k_scale : tensor<?xf32>)
        bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
        outs(%scores_init : tensor<?x?xf32>) -> tensor<?x?xf32>
    return %scores : tensor<?x?xf32>
  }

  func.func @scores_bf16_h64(
    %q: tensor<?x64x128xbf16>,
    %k: tensor<?x128xbf16>,
    %weights: tensor<?x64xf32>,
    %lo: tensor<?xi32>,
    %hi: tensor<?xi32>)
      -> (tensor<?x?xf32>)
      attributes {dsa.tune = [{rows = 4096, keys = 32768}]} {
    %c0 = arith.constant 0 : index
    %T = tensor.dim %q, %c0 : tensor<?x64x128xbf16>
    %N = tensor.dim %k, %c0 : tensor<?x128xbf16>
    %scores_init = tensor.empty(%T, %N) : tensor<?x?xf32>
    %scores = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xbf16>, tensor<?x128xbf16>)
        weights(%weights : tensor<?x64xf32>)
        bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
        outs(%scores_init : tensor<?x?xf32>) -> tensor<?x?xf32>
    return %scores : tensor<?x?xf32>
  }
}
