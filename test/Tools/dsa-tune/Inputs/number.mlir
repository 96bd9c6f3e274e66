// A selection whose scores are scaled by a number that nobody knows before it runs.
func.func @select(%q: tensor<?x4x32xbf16>, %k: tensor<?x32xbf16>, %i: tensor<?x1x16xi32>, %n: tensor<?x1xi32>, %factor: f32)
    -> (tensor<?x1x16xi32>, tensor<?x1xi32>) attributes {dsa.tune = [{rows = 16, keys = 300}]} {
  %c0 = arith.constant 0 : index
  %T = tensor.dim %q, %c0 : tensor<?x4x32xbf16>
  %N = tensor.dim %k, %c0 : tensor<?x32xbf16>
  %indices, %count = dsa.select outs(%i, %n : tensor<?x1x16xi32>, tensor<?x1xi32>) scores {
    %init = tensor.empty(%T, %N) : tensor<?x?xf32>
    %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x4x32xbf16>, tensor<?x32xbf16>)
        outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
    %scaled = linalg.map ins(%s : tensor<?x?xf32>) outs(%init : tensor<?x?xf32>) (%x: f32, %unused: f32) {
      %y = arith.mulf %x, %factor : f32
      linalg.yield %y : f32
    }
    dsa.yield %scaled : tensor<?x?xf32>
  } -> tensor<?x1x16xi32>, tensor<?x1xi32>
  return %indices, %count : tensor<?x1x16xi32>, tensor<?x1xi32>
}
