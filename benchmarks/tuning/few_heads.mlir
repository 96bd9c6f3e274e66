// Sparse attention where few heads share keys, or they are narrow.
// Tuned with dsa-tune: docs/Tuning.md.
module {
  func.func @sparse_h1_d576_k2048(
    %q: tensor<?x1x576xbf16>,
    %kv: tensor<?x576xbf16>,
    %indices: tensor<?x1x2048xi32>)
      -> (tensor<?x1x512xbf16>, tensor<?x1xf32>)
      attributes {dsa.tune = [{rows = 64, keys = 32768}, {rows = 4096, keys = 32768}]} {
    %c0 = arith.constant 0 : index
    %T = tensor.dim %q, %c0 : tensor<?x1x576xbf16>
    %out_init = tensor.empty(%T) : tensor<?x1x512xbf16>
    %lse_init = tensor.empty(%T) : tensor<?x1xf32>
    %out, %lse = dsa.sparse_attention scale = 4.166666667e-02 ins(%q, %kv : tensor<?x1x576xbf16>, tensor<?x576xbf16>)
        indices(%indices : tensor<?x1x2048xi32>)
        outs(%out_init, %lse_init : tensor<?x1x512xbf16>, tensor<?x1xf32>) -> tensor<?x1x512xbf16>, tensor<?x1xf32>
    return %out, %lse : tensor<?x1x512xbf16>, tensor<?x1xf32>
  }

  func.func @sparse_h16_d576_k2048(
    %q: tensor<?x16x576xbf16>,
    %kv: tensor<?x576xbf16>,
    %indices: tensor<?x1x2048xi32>)
      -> (tensor<?x16x512xbf16>, tensor<?x16xf32>)
      attributes {dsa.tune = [{rows = 1, keys = 131072}, {rows = 16, keys = 131072}, {rows = 64, keys = 32768}, {rows = 4096, keys = 32768}]} {
    %c0 = arith.constant 0 : index
    %T = tensor.dim %q, %c0 : tensor<?x16x576xbf16>
    %out_init = tensor.empty(%T) : tensor<?x16x512xbf16>
    %lse_init = tensor.empty(%T) : tensor<?x16xf32>
    %out, %lse = dsa.sparse_attention scale = 4.166666667e-02 ins(%q, %kv : tensor<?x16x576xbf16>, tensor<?x576xbf16>)
        indices(%indices : tensor<?x1x2048xi32>)
        outs(%out_init, %lse_init : tensor<?x16x512xbf16>, tensor<?x16xf32>) -> tensor<?x16x512xbf16>, tensor<?x16xf32>
    return %out, %lse : tensor<?x16x512xbf16>, tensor<?x16xf32>
  }

  func.func @sparse_h32_d576_k2048(
    %q: tensor<?x32x576xbf16>,
    %kv: tensor<?x576xbf16>,
    %indices: tensor<?x1x2048xi32>)
      -> (tensor<?x32x512xbf16>, tensor<?x32xf32>)
      attributes {dsa.tune = [{rows = 64, keys = 32768}, {rows = 4096, keys = 32768}]} {
    %c0 = arith.constant 0 : index
    %T = tensor.dim %q, %c0 : tensor<?x32x576xbf16>
    %out_init = tensor.empty(%T) : tensor<?x32x512xbf16>
    %lse_init = tensor.empty(%T) : tensor<?x32xf32>
    %out, %lse = dsa.sparse_attention scale = 4.166666667e-02 ins(%q, %kv : tensor<?x32x576xbf16>, tensor<?x576xbf16>)
        indices(%indices : tensor<?x1x2048xi32>)
        outs(%out_init, %lse_init : tensor<?x32x512xbf16>, tensor<?x32xf32>) -> tensor<?x32x512xbf16>, tensor<?x32xf32>
    return %out, %lse : tensor<?x32x512xbf16>, tensor<?x32xf32>
  }

  func.func @sparse_h16_d128_k2048(
    %q: tensor<?x16x128xbf16>,
    %kv: tensor<?x128xbf16>,
    %indices: tensor<?x1x2048xi32>)
      -> (tensor<?x16x128xbf16>, tensor<?x16xf32>)
      attributes {dsa.tune = [{rows = 4096, keys = 32768}]} {
    %c0 = arith.constant 0 : index
    %T = tensor.dim %q, %c0 : tensor<?x16x128xbf16>
    %out_init = tensor.empty(%T) : tensor<?x16x128xbf16>
    %lse_init = tensor.empty(%T) : tensor<?x16xf32>
    %out, %lse = dsa.sparse_attention scale = 8.838834765e-02 ins(%q, %kv : tensor<?x16x128xbf16>, tensor<?x128xbf16>)
        indices(%indices : tensor<?x1x2048xi32>)
        outs(%out_init, %lse_init : tensor<?x16x128xbf16>, tensor<?x16xf32>) -> tensor<?x16x128xbf16>, tensor<?x16xf32>
    return %out, %lse : tensor<?x16x128xbf16>, tensor<?x16xf32>
  }

  func.func @sparse_h64_d256_k2048(
    %q: tensor<?x64x256xbf16>,
    %kv: tensor<?x256xbf16>,
    %indices: tensor<?x1x2048xi32>)
      -> (tensor<?x64x256xbf16>, tensor<?x64xf32>)
      attributes {dsa.tune = [{rows = 4096, keys = 32768}]} {
    %c0 = arith.constant 0 : index
    %T = tensor.dim %q, %c0 : tensor<?x64x256xbf16>
    %out_init = tensor.empty(%T) : tensor<?x64x256xbf16>
    %lse_init = tensor.empty(%T) : tensor<?x64xf32>
    %out, %lse = dsa.sparse_attention scale = 6.250000000e-02 ins(%q, %kv : tensor<?x64x256xbf16>, tensor<?x256xbf16>)
        indices(%indices : tensor<?x1x2048xi32>)
        outs(%out_init, %lse_init : tensor<?x64x256xbf16>, tensor<?x64xf32>) -> tensor<?x64x256xbf16>, tensor<?x64xf32>
    return %out, %lse : tensor<?x64x256xbf16>, tensor<?x64xf32>
  }
}
