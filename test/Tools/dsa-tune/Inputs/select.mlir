// Scores and a top-k of them, which become one selection.
func.func @select(%q: tensor<?x4x32xbf16>, %k: tensor<?x32xbf16>) -> (tensor<?x1x16xi32>, tensor<?x1xi32>)
    attributes {dsa.tune = [{rows = 16, keys = 300}, {rows = 256, keys = 300}]} {
  %c0 = arith.constant 0 : index
  %T = tensor.dim %q, %c0 : tensor<?x4x32xbf16>
  %N = tensor.dim %k, %c0 : tensor<?x32xbf16>
  %scores_init = tensor.empty(%T, %N) : tensor<?x?xf32>
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x4x32xbf16>, tensor<?x32xbf16>)
      outs(%scores_init : tensor<?x?xf32>) -> tensor<?x?xf32>
  %indices_init = tensor.empty(%T) : tensor<?x1x16xi32>
  %count_init = tensor.empty(%T) : tensor<?x1xi32>
  %indices, %count = dsa.topk ins(%s : tensor<?x?xf32>)
      outs(%indices_init, %count_init : tensor<?x1x16xi32>, tensor<?x1xi32>) -> tensor<?x1x16xi32>, tensor<?x1xi32>
  return %indices, %count : tensor<?x1x16xi32>, tensor<?x1xi32>
}
