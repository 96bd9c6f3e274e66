// Kernels on tiles of four warpgroups that compute.

func.func @bytes(%q: tensor<?x64x128xf8E4M3FN>, %k: tensor<?x128xf8E4M3FN>, %w: tensor<?x64xf32>,
    %lo: tensor<?xi32>, %hi: tensor<?xi32>, %init: tensor<?x?xf32>)
    -> tensor<?x?xf32> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
      weights(%w : tensor<?x64xf32>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}

func.func @half(%q: tensor<?x32x64xf16>, %k: tensor<?x64xf16>, %w: tensor<?x32xf32>,
    %lo: tensor<?xi32>, %hi: tensor<?xi32>, %init: tensor<?x?xf32>)
    -> tensor<?x?xf32> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x32x64xf16>, tensor<?x64xf16>)
      weights(%w : tensor<?x32xf32>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      schedule(#dsa_tile.scores_schedule<block_rows = 16, split_keys = 4096, slots = 6, groups = 4,
          blocks = 132, ordered = true>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}

func.func @five_heads(%q: tensor<?x5x32xbf16>, %k: tensor<?x32xbf16>, %w: tensor<?x5xf32>,
    %lo: tensor<?xi32>, %hi: tensor<?xi32>, %init: tensor<?x?xf32>)
    -> tensor<?x?xf32> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x5x32xbf16>, tensor<?x32xbf16>)
      weights(%w : tensor<?x5xf32>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      schedule(#dsa_tile.scores_schedule<block_rows = 32, split_keys = 4096, slots = 6, groups = 4,
          blocks = 132, ordered = true>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}
