// Small enough to compile often.
func.func @attention(%q: tensor<?x4x64xbf16>, %k: tensor<?x4x64xbf16>, %v: tensor<?x4x64xbf16>)
    -> (tensor<?x4x64xbf16>, tensor<?x4xf32>)
    attributes {dsa.tune = [{rows = 64, keys = 512}, {rows = 512, keys = 512}]} {
  %c0 = arith.constant 0 : index
  %T = tensor.dim %q, %c0 : tensor<?x4x64xbf16>
  %o = tensor.empty(%T) : tensor<?x4x64xbf16>
  %l = tensor.empty(%T) : tensor<?x4xf32>
  %out, %lse = dsa.attention scale = 0.125 ins(%q, %k, %v : tensor<?x4x64xbf16>, tensor<?x4x64xbf16>, tensor<?x4x64xbf16>)
      outs(%o, %l : tensor<?x4x64xbf16>, tensor<?x4xf32>) -> tensor<?x4x64xbf16>, tensor<?x4xf32>
  return %out, %lse : tensor<?x4x64xbf16>, tensor<?x4xf32>
}
