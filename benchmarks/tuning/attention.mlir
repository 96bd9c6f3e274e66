// Dense attention, causal.
// Tuned with dsa-tune: docs/Tuning.md.
module {
  func.func @dense_h16_d128(
    %q: tensor<?x16x128xbf16>,
    %k: tensor<?x16x128xbf16>,
    %v: tensor<?x16x128xbf16>,
    %lo: tensor<?xi32>,
    %hi: tensor<?xi32>)
      -> (tensor<?x16x128xbf16>, tensor<?x16xf32>)
      attributes {dsa.tune = [{rows = 16, keys = 16384}, {rows = 2048, keys = 2048}, {rows = 16384, keys = 16384}]} {
    %c0 = arith.constant 0 : index
    %T = tensor.dim %q, %c0 : tensor<?x16x128xbf16>
    %out_init = tensor.empty(%T) : tensor<?x16x128xbf16>
    %lse_init = tensor.empty(%T) : tensor<?x16xf32>
    %out, %lse = dsa.attention scale = 8.838834765e-02 ins(%q, %k, %v : tensor<?x16x128xbf16>, tensor<?x16x128xbf16>, tensor<?x16x128xbf16>)
        bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
        outs(%out_init, %lse_init : tensor<?x16x128xbf16>, tensor<?x16xf32>) -> tensor<?x16x128xbf16>, tensor<?x16xf32>
    return %out, %lse : tensor<?x16x128xbf16>, tensor<?x16xf32>
  }
}
