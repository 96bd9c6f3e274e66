// Operations whose legal schedules all have to compile.

func.func @bytes(%q: tensor<?x64x128xf8E4M3FN>, %k: tensor<?x128xf8E4M3FN>, %w: tensor<?x64xf32>,
    %ks: tensor<?xf32>, %lo: tensor<?xi32>, %hi: tensor<?xi32>, %init: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
      weights(%w : tensor<?x64xf32>) k_scale(%ks : tensor<?xf32>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}

func.func @words(%q: tensor<?x8x64xbf16>, %k: tensor<?x64xbf16>, %w: tensor<?x8xf32>, %init: tensor<?x?xf32>)
    -> tensor<?x?xf32> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x8x64xbf16>, tensor<?x64xbf16>)
      weights(%w : tensor<?x8xf32>) outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}
