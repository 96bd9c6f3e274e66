// The best keys of each row by their scores, causal: 64 heads (DeepSeek-V3.2) and 32
// (GLM-5), 2,048 keys; 512 and 1,024 of 64 heads.
// Tuned with dsa-tune: docs/Tuning.md.
module {
  func.func @select_fp8_h64_k2048(
    %q: tensor<?x64x128xf8E4M3FN>,
    %k: tensor<?x128xf8E4M3FN>,
    %weights: tensor<?x64xf32>,
    %k_scale: tensor<?xf32>,
    %lo: tensor<?xi32>,
    %hi: tensor<?xi32>)
      -> (tensor<?x1x2048xi32>, tensor<?x1xi32>)
      attributes {dsa.tune = [{rows = 1, keys = 131072}, {rows = 16, keys = 131072}, {rows = 64, keys = 65536}, {rows = 4096, keys = 8192}, {rows = 4096, keys = 32768}, {rows = 4096, keys = 131072}]} {
    %c0 = arith.constant 0 : index
    %T = tensor.dim %q, %c0 : tensor<?x64x128xf8E4M3FN>
    %N = tensor.dim %k, %c0 : tensor<?x128xf8E4M3FN>
    %indices_init = tensor.empty(%T) : tensor<?x1x2048xi32>
    %count_init = tensor.empty(%T) : tensor<?x1xi32>
    %indices, %count = dsa.select bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
        outs(%indices_init, %count_init : tensor<?x1x2048xi32>, tensor<?x1xi32>) scores {
      %scores_init = tensor.empty(%T, %N) : tensor<?x?xf32>
      %scores = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
          weights(%weights : tensor<?x64xf32>) k_scale(%k_scale : tensor<?xf32>)
          bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
          outs(%scores_init : tensor<?x?xf32>) -> tensor<?x?xf32>
      dsa.yield %scores : tensor<?x?xf32>
    } -> tensor<?x1x2048xi32>, tensor<?x1xi32>
    return %indices, %count : tensor<?x1x2048xi32>, tensor<?x1xi32>
  }

  func.func @select_fp8_h32_k2048(
    %q: tensor<?x32x128xf8E4M3FN>,
    %k: tensor<?x128xf8E4M3FN>,
    %weights: tensor<?x32xf32>,
    %k_scale: tensor<?xf32>,
    %lo: tensor<?xi32>,
    %hi: tensor<?xi32>)
      -> (tensor<?x1x2048xi32>, tensor<?x1xi32>)
      attributes {dsa.tune = [{rows = 4096, keys = 32768}]} {
    %c0 = arith.constant 0 : index
    %T = tensor.dim %q, %c0 : tensor<?x32x128xf8E4M3FN>
    %N = tensor.dim %k, %c0 : tensor<?x128xf8E4M3FN>
    %indices_init = tensor.empty(%T) : tensor<?x1x2048xi32>
    %count_init = tensor.empty(%T) : tensor<?x1xi32>
    %indices, %count = dsa.select bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
        outs(%indices_init, %count_init : tensor<?x1x2048xi32>, tensor<?x1xi32>) scores {
      %scores_init = tensor.empty(%T, %N) : tensor<?x?xf32>
      %scores = dsa.index_scores<relu> ins(%q, %k : tensor<?x32x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
          weights(%weights : tensor<?x32xf32>) k_scale(%k_scale : tensor<?xf32>)
          bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
          outs(%scores_init : tensor<?x?xf32>) -> tensor<?x?xf32>
      dsa.yield %scores : tensor<?x?xf32>
    } -> tensor<?x1x2048xi32>, tensor<?x1xi32>
    return %indices, %count : tensor<?x1x2048xi32>, tensor<?x1xi32>
  }

  func.func @select_fp8_h64_k512(
    %q: tensor<?x64x128xf8E4M3FN>,
    %k: tensor<?x128xf8E4M3FN>,
    %weights: tensor<?x64xf32>,
    %k_scale: tensor<?xf32>,
    %lo: tensor<?xi32>,
    %hi: tensor<?xi32>)
      -> (tensor<?x1x512xi32>, tensor<?x1xi32>)
      attributes {dsa.tune = [{rows = 4096, keys = 65536}]} {
    %c0 = arith.constant 0 : index
    %T = tensor.dim %q, %c0 : tensor<?x64x128xf8E4M3FN>
    %N = tensor.dim %k, %c0 : tensor<?x128xf8E4M3FN>
    %indices_init = tensor.empty(%T) : tensor<?x1x512xi32>
    %count_init = tensor.empty(%T) : tensor<?x1xi32>
    %indices, %count = dsa.select bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
        outs(%indices_init, %count_init : tensor<?x1x512xi32>, tensor<?x1xi32>) scores {
      %scores_init = tensor.empty(%T, %N) : tensor<?x?xf32>
      %scores = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
          weights(%weights : tensor<?x64xf32>) k_scale(%k_scale : tensor<?xf32>)
          bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
          outs(%scores_init : tensor<?x?xf32>) -> tensor<?x?xf32>
      dsa.yield %scores : tensor<?x?xf32>
    } -> tensor<?x1x512xi32>, tensor<?x1xi32>
    return %indices, %count : tensor<?x1x512xi32>, tensor<?x1xi32>
  }

  func.func @select_fp8_h64_k1024(
    %q: tensor<?x64x128xf8E4M3FN>,
    %k: tensor<?x128xf8E4M3FN>,
    %weights: tensor<?x64xf32>,
    %k_scale: tensor<?xf32>,
    %lo: tensor<?xi32>,
    %hi: tensor<?xi32>)
      -> (tensor<?x1x1024xi32>, tensor<?x1xi32>)
      attributes {dsa.tune = [{rows = 4096, keys = 65536}]} {
    %c0 = arith.constant 0 : index
    %T = tensor.dim %q, %c0 : tensor<?x64x128xf8E4M3FN>
    %N = tensor.dim %k, %c0 : tensor<?x128xf8E4M3FN>
    %indices_init = tensor.empty(%T) : tensor<?x1x1024xi32>
    %count_init = tensor.empty(%T) : tensor<?x1xi32>
    %indices, %count = dsa.select bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
        outs(%indices_init, %count_init : tensor<?x1x1024xi32>, tensor<?x1xi32>) scores {
      %scores_init = tensor.empty(%T, %N) : tensor<?x?xf32>
      %scores = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
          weights(%weights : tensor<?x64xf32>) k_scale(%k_scale : tensor<?xf32>)
          bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
          outs(%scores_init : tensor<?x?xf32>) -> tensor<?x?xf32>
      dsa.yield %scores : tensor<?x?xf32>
    } -> tensor<?x1x1024xi32>, tensor<?x1xi32>
    return %indices, %count : tensor<?x1x1024xi32>, tensor<?x1xi32>
  }
}
