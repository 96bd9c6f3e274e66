// Selections that list keys while they are scored.

func.func @bytes(%q: tensor<?x64x128xf8E4M3FN>, %k: tensor<?x128xf8E4M3FN>, %w: tensor<?x64xf32>, %ks: tensor<?xf32>,
    %lo: tensor<?xi32>, %hi: tensor<?xi32>, %i: tensor<?x1x2048xi32>, %c: tensor<?x1xi32>)
    -> (tensor<?x1x2048xi32>, tensor<?x1xi32>) {
  %c0 = arith.constant 0 : index
  %t = tensor.dim %q, %c0 : tensor<?x64x128xf8E4M3FN>
  %n = tensor.dim %k, %c0 : tensor<?x128xf8E4M3FN>
  %r:2 = dsa.select schedule(#dsa_tile.select_schedule<most_rows = 8192, most_bytes = 117440512, unit_rows = 8,
        candidates = 2560>)
      outs(%i, %c : tensor<?x1x2048xi32>, tensor<?x1xi32>) scores {
    %e = tensor.empty(%t, %n) : tensor<?x?xf32>
    %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
        weights(%w : tensor<?x64xf32>) k_scale(%ks : tensor<?xf32>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
        outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
    dsa.yield %s : tensor<?x?xf32>
  } -> tensor<?x1x2048xi32>, tensor<?x1xi32>
  return %r#0, %r#1 : tensor<?x1x2048xi32>, tensor<?x1xi32>
}

func.func @words(%q: tensor<?x64x128xbf16>, %k: tensor<?x128xbf16>, %w: tensor<?x64xf32>, %lo: tensor<?xi32>,
    %hi: tensor<?xi32>, %i: tensor<?x1x512xi32>, %c: tensor<?x1xi32>)
    -> (tensor<?x1x512xi32>, tensor<?x1xi32>) {
  %c0 = arith.constant 0 : index
  %t = tensor.dim %q, %c0 : tensor<?x64x128xbf16>
  %n = tensor.dim %k, %c0 : tensor<?x128xbf16>
  %r:2 = dsa.select schedule(#dsa_tile.select_schedule<most_rows = 8192, most_bytes = 117440512, unit_rows = 8,
        candidates = 1024>)
      outs(%i, %c : tensor<?x1x512xi32>, tensor<?x1xi32>) scores {
    %e = tensor.empty(%t, %n) : tensor<?x?xf32>
    %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xbf16>, tensor<?x128xbf16>)
        weights(%w : tensor<?x64xf32>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
        schedule(#dsa_tile.scores_schedule<block_rows = 4, split_keys = 4096, slots = 2, groups = 2, blocks = 132, ordered = true>)
        outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
    dsa.yield %s : tensor<?x?xf32>
  } -> tensor<?x1x512xi32>, tensor<?x1xi32>
  return %r#0, %r#1 : tensor<?x1x512xi32>, tensor<?x1xi32>
}
