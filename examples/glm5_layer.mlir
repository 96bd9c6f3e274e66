//===- glm5_layer.mlir - a DSA layer of GLM-5 -------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// As deepseek_v32_layer.mlir, at the sizes of GLM-5: 32 index heads and 64 query
// heads over the same latent keys.
//
//===----------------------------------------------------------------------===//

func.func @layer(
    %index_q: tensor<64x32x128xf8E4M3FN> {dsa.name = "index_q"},
    %index_k: tensor<8192x128xf8E4M3FN> {dsa.name = "index_k"},
    %index_weights: tensor<64x32xf32> {dsa.name = "index_weights"},
    %index_k_scale: tensor<8192xf32> {dsa.name = "index_k_scale"},
    %lo: tensor<64xi32> {dsa.name = "lo"},
    %hi: tensor<64xi32> {dsa.name = "hi"},
    %q: tensor<64x64x576xbf16> {dsa.name = "q"},
    %kv: tensor<8192x576xbf16> {dsa.name = "kv"}
) -> (tensor<64x1x2048xi32> {dsa.name = "indices"},
      tensor<64x1xi32> {dsa.name = "count"},
      tensor<64x64x512xbf16> {dsa.name = "out"},
      tensor<64x64xf32> {dsa.name = "lse"}) {
  // The lightning indexer scores every key that a row may see, in 32 small heads.
  %scores_init = tensor.empty() : tensor<64x8192xf32>
  %scores = dsa.index_scores<relu>
      ins(%index_q, %index_k : tensor<64x32x128xf8E4M3FN>, tensor<8192x128xf8E4M3FN>)
      weights(%index_weights : tensor<64x32xf32>)
      k_scale(%index_k_scale : tensor<8192xf32>)
      bounds(%lo, %hi : tensor<64xi32>, tensor<64xi32>)
      outs(%scores_init : tensor<64x8192xf32>) -> tensor<64x8192xf32>

  // Each row keeps its best 2048 keys. Fused with the scoring: the scores of all
  // rows never exist at once.
  %indices_init = tensor.empty() : tensor<64x1x2048xi32>
  %count_init = tensor.empty() : tensor<64x1xi32>
  %indices, %count = dsa.topk ins(%scores : tensor<64x8192xf32>)
      outs(%indices_init, %count_init : tensor<64x1x2048xi32>, tensor<64x1xi32>)
      -> tensor<64x1x2048xi32>, tensor<64x1xi32>

  // Latent attention over those keys. Heads were 192 + 64 wide before the projections
  // were absorbed: the scale is 256^-0.5.
  %out_init = tensor.empty() : tensor<64x64x512xbf16>
  %lse_init = tensor.empty() : tensor<64x64xf32>
  %out, %lse = dsa.sparse_attention scale = 0.0625
      ins(%q, %kv : tensor<64x64x576xbf16>, tensor<8192x576xbf16>)
      indices(%indices : tensor<64x1x2048xi32>)
      lengths(%count : tensor<64x1xi32>) distinct
      outs(%out_init, %lse_init : tensor<64x64x512xbf16>, tensor<64x64xf32>)
      -> tensor<64x64x512xbf16>, tensor<64x64xf32>

  return %indices, %count, %out, %lse : tensor<64x1x2048xi32>, tensor<64x1xi32>,
      tensor<64x64x512xbf16>, tensor<64x64xf32>
}
