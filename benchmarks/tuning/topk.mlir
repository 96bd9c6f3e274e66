// The best of each row: 2,048 (DeepSeek-V3.2, GLM-5), and 512 and 1,024.
// Tuned with dsa-tune: docs/Tuning.md.
module {
  func.func @topk_k2048(
    %scores: tensor<?x?xf32>)
      -> (tensor<?x1x2048xi32>, tensor<?x1xi32>)
      attributes {dsa.tune = [{rows = 16, keys = 131072}, {rows = 1, keys = 131072}, {rows = 64, keys = 131072}, {rows = 4096, keys = 8192}, {rows = 4096, keys = 131072}]} {
    %c0 = arith.constant 0 : index
    %T = tensor.dim %scores, %c0 : tensor<?x?xf32>
    %indices_init = tensor.empty(%T) : tensor<?x1x2048xi32>
    %count_init = tensor.empty(%T) : tensor<?x1xi32>
    %indices, %count = dsa.topk ins(%scores : tensor<?x?xf32>)
        outs(%indices_init, %count_init : tensor<?x1x2048xi32>, tensor<?x1xi32>) -> tensor<?x1x2048xi32>, tensor<?x1xi32>
    return %indices, %count : tensor<?x1x2048xi32>, tensor<?x1xi32>
  }

  func.func @topk_k512(
    %scores: tensor<?x?xf32>)
      -> (tensor<?x1x512xi32>, tensor<?x1xi32>)
      attributes {dsa.tune = [{rows = 4096, keys = 65536}]} {
    %c0 = arith.constant 0 : index
    %T = tensor.dim %scores, %c0 : tensor<?x?xf32>
    %indices_init = tensor.empty(%T) : tensor<?x1x512xi32>
    %count_init = tensor.empty(%T) : tensor<?x1xi32>
    %indices, %count = dsa.topk ins(%scores : tensor<?x?xf32>)
        outs(%indices_init, %count_init : tensor<?x1x512xi32>, tensor<?x1xi32>) -> tensor<?x1x512xi32>, tensor<?x1xi32>
    return %indices, %count : tensor<?x1x512xi32>, tensor<?x1xi32>
  }

  func.func @topk_k1024(
    %scores: tensor<?x?xf32>)
      -> (tensor<?x1x1024xi32>, tensor<?x1xi32>)
      attributes {dsa.tune = [{rows = 4096, keys = 65536}]} {
    %c0 = arith.constant 0 : index
    %T = tensor.dim %scores, %c0 : tensor<?x?xf32>
    %indices_init = tensor.empty(%T) : tensor<?x1x1024xi32>
    %count_init = tensor.empty(%T) : tensor<?x1xi32>
    %indices, %count = dsa.topk ins(%scores : tensor<?x?xf32>)
        outs(%indices_init, %count_init : tensor<?x1x1024xi32>, tensor<?x1xi32>) -> tensor<?x1x1024xi32>, tensor<?x1xi32>
    return %indices, %count : tensor<?x1x1024xi32>, tensor<?x1xi32>
  }
}
