// Scores of few keys: quick to compile.
func.func @scores(%q: tensor<?x4x32xbf16>, %k: tensor<?x32xbf16>) -> tensor<?x?xf32>
    attributes {dsa.tune = [{rows = 16, keys = 300}, {rows = 16, keys = 4000}, {rows = 256, keys = 300}]} {
  %c0 = arith.constant 0 : index
  %T = tensor.dim %q, %c0 : tensor<?x4x32xbf16>
  %N = tensor.dim %k, %c0 : tensor<?x32xbf16>
  %init = tensor.empty(%T, %N) : tensor<?x?xf32>
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x4x32xbf16>, tensor<?x32xbf16>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}
