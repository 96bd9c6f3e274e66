// Sparse attention: DeepSeek-V3.2 (128 heads, 576/512, 2,048 keys), GLM-5 (64 heads),
// and 512/512 with 512 and 1,024 keys.
// Tuned with dsa-tune: docs/Tuning.md.
module {
  func.func @sparse_h128_d576_k2048(
    %q: tensor<?x128x576xbf16>,
    %kv: tensor<?x576xbf16>,
    %indices: tensor<?x1x2048xi32>)
      -> (tensor<?x128x512xbf16>, tensor<?x128xf32>)
      attributes {dsa.tune = [{rows = 1, keys = 131072}, {rows = 16, keys = 131072}, {rows = 256, keys = 131072}, {rows = 64, keys = 32768}, {rows = 4096, keys = 8192}, {rows = 4096, keys = 32768}, {rows = 4096, keys = 65536}, {rows = 4096, keys = 131072}]} {
    %c0 = arith.constant 0 : index
    %T = tensor.dim %q, %c0 : tensor<?x128x576xbf16>
    %out_init = tensor.empty(%T) : tensor<?x128x512xbf16>
    %lse_init = tensor.empty(%T) : tensor<?x128xf32>
    %out, %lse = dsa.sparse_attention scale = 4.166666667e-02 ins(%q, %kv : tensor<?x128x576xbf16>, tensor<?x576xbf16>)
        indices(%indices : tensor<?x1x2048xi32>)
        outs(%out_init, %lse_init : tensor<?x128x512xbf16>, tensor<?x128xf32>) -> tensor<?x128x512xbf16>, tensor<?x128xf32>
    return %out, %lse : tensor<?x128x512xbf16>, tensor<?x128xf32>
  }

  func.func @sparse_h64_d576_k2048(
    %q: tensor<?x64x576xbf16>,
    %kv: tensor<?x576xbf16>,
    %indices: tensor<?x1x2048xi32>)
      -> (tensor<?x64x512xbf16>, tensor<?x64xf32>)
      attributes {dsa.tune = [{rows = 1, keys = 131072}, {rows = 16, keys = 131072}, {rows = 256, keys = 131072}, {rows = 64, keys = 32768}, {rows = 4096, keys = 8192}, {rows = 4096, keys = 32768}, {rows = 4096, keys = 131072}]} {
    %c0 = arith.constant 0 : index
    %T = tensor.dim %q, %c0 : tensor<?x64x576xbf16>
    %out_init = tensor.empty(%T) : tensor<?x64x512xbf16>
    %lse_init = tensor.empty(%T) : tensor<?x64xf32>
    %out, %lse = dsa.sparse_attention scale = 4.166666667e-02 ins(%q, %kv : tensor<?x64x576xbf16>, tensor<?x576xbf16>)
        indices(%indices : tensor<?x1x2048xi32>)
        outs(%out_init, %lse_init : tensor<?x64x512xbf16>, tensor<?x64xf32>) -> tensor<?x64x512xbf16>, tensor<?x64xf32>
    return %out, %lse : tensor<?x64x512xbf16>, tensor<?x64xf32>
  }

  func.func @sparse_h64_d512_k512(
    %q: tensor<?x64x512xbf16>,
    %kv: tensor<?x512xbf16>,
    %indices: tensor<?x1x512xi32>)
      -> (tensor<?x64x512xbf16>, tensor<?x64xf32>)
      attributes {dsa.tune = [{rows = 16, keys = 65536}, {rows = 4096, keys = 8192}, {rows = 4096, keys = 65536}]} {
    %c0 = arith.constant 0 : index
    %T = tensor.dim %q, %c0 : tensor<?x64x512xbf16>
    %out_init = tensor.empty(%T) : tensor<?x64x512xbf16>
    %lse_init = tensor.empty(%T) : tensor<?x64xf32>
    %out, %lse = dsa.sparse_attention scale = 4.419417382e-02 ins(%q, %kv : tensor<?x64x512xbf16>, tensor<?x512xbf16>)
        indices(%indices : tensor<?x1x512xi32>)
        outs(%out_init, %lse_init : tensor<?x64x512xbf16>, tensor<?x64xf32>) -> tensor<?x64x512xbf16>, tensor<?x64xf32>
    return %out, %lse : tensor<?x64x512xbf16>, tensor<?x64xf32>
  }

  func.func @sparse_h128_d512_k512(
    %q: tensor<?x128x512xbf16>,
    %kv: tensor<?x512xbf16>,
    %indices: tensor<?x1x512xi32>)
      -> (tensor<?x128x512xbf16>, tensor<?x128xf32>)
      attributes {dsa.tune = [{rows = 4096, keys = 8192}, {rows = 4096, keys = 65536}]} {
    %c0 = arith.constant 0 : index
    %T = tensor.dim %q, %c0 : tensor<?x128x512xbf16>
    %out_init = tensor.empty(%T) : tensor<?x128x512xbf16>
    %lse_init = tensor.empty(%T) : tensor<?x128xf32>
    %out, %lse = dsa.sparse_attention scale = 4.419417382e-02 ins(%q, %kv : tensor<?x128x512xbf16>, tensor<?x512xbf16>)
        indices(%indices : tensor<?x1x512xi32>)
        outs(%out_init, %lse_init : tensor<?x128x512xbf16>, tensor<?x128xf32>) -> tensor<?x128x512xbf16>, tensor<?x128xf32>
    return %out, %lse : tensor<?x128x512xbf16>, tensor<?x128xf32>
  }

  func.func @sparse_h64_d512_k1024(
    %q: tensor<?x64x512xbf16>,
    %kv: tensor<?x512xbf16>,
    %indices: tensor<?x1x1024xi32>)
      -> (tensor<?x64x512xbf16>, tensor<?x64xf32>)
      attributes {dsa.tune = [{rows = 4096, keys = 8192}, {rows = 4096, keys = 65536}]} {
    %c0 = arith.constant 0 : index
    %T = tensor.dim %q, %c0 : tensor<?x64x512xbf16>
    %out_init = tensor.empty(%T) : tensor<?x64x512xbf16>
    %lse_init = tensor.empty(%T) : tensor<?x64xf32>
    %out, %lse = dsa.sparse_attention scale = 4.419417382e-02 ins(%q, %kv : tensor<?x64x512xbf16>, tensor<?x512xbf16>)
        indices(%indices : tensor<?x1x1024xi32>)
        outs(%out_init, %lse_init : tensor<?x64x512xbf16>, tensor<?x64xf32>) -> tensor<?x64x512xbf16>, tensor<?x64xf32>
    return %out, %lse : tensor<?x64x512xbf16>, tensor<?x64xf32>
  }

  func.func @sparse_h128_d512_k1024(
    %q: tensor<?x128x512xbf16>,
    %kv: tensor<?x512xbf16>,
    %indices: tensor<?x1x1024xi32>)
      -> (tensor<?x128x512xbf16>, tensor<?x128xf32>)
      attributes {dsa.tune = [{rows = 16, keys = 65536}, {rows = 4096, keys = 8192}, {rows = 4096, keys = 65536}]} {
    %c0 = arith.constant 0 : index
    %T = tensor.dim %q, %c0 : tensor<?x128x512xbf16>
    %out_init = tensor.empty(%T) : tensor<?x128x512xbf16>
    %lse_init = tensor.empty(%T) : tensor<?x128xf32>
    %out, %lse = dsa.sparse_attention scale = 4.419417382e-02 ins(%q, %kv : tensor<?x128x512xbf16>, tensor<?x512xbf16>)
        indices(%indices : tensor<?x1x1024xi32>)
        outs(%out_init, %lse_init : tensor<?x128x512xbf16>, tensor<?x128xf32>) -> tensor<?x128x512xbf16>, tensor<?x128xf32>
    return %out, %lse : tensor<?x128x512xbf16>, tensor<?x128xf32>
  }
}
