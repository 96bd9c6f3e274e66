// Kernels on tiles, of which none needs more registers than its threads have.

func.func @bytes(%q: tensor<?x64x128xf8E4M3FN>, %k: tensor<?x128xf8E4M3FN>, %w: tensor<?x64xf32>,
    %qs: tensor<?x64xf32>, %ks: tensor<?xf32>, %lo: tensor<?xi32>, %hi: tensor<?xi32>,
    %init: tensor<?x?xf32>)
    -> tensor<?x?xf32> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
      weights(%w : tensor<?x64xf32>) q_scale(%qs : tensor<?x64xf32>)
      k_scale(%ks : tensor<?xf32>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      schedule(#dsa_tile.scores_schedule<block_rows = 6, split_keys = 4096, slots = 6, groups = 3,
          blocks = 132, ordered = true>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}

func.func @bytes_split(%q: tensor<?x64x128xf8E4M3FN>, %k: tensor<?x128xf8E4M3FN>,
    %w: tensor<?x64xf32>, %lo: tensor<?xi32>, %hi: tensor<?xi32>, %init: tensor<?x?xf32>)
    -> tensor<?x?xf32> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
      weights(%w : tensor<?x64xf32>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      schedule(#dsa_tile.scores_schedule<block_rows = 6, split_keys = 4096, slots = 6, groups = 3,
          blocks = 132, ordered = true, split_relu = true>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}

func.func @bytes_two_groups(%q: tensor<?x64x128xf8E4M3FN>, %k: tensor<?x128xf8E4M3FN>,
    %w: tensor<?x64xf32>, %lo: tensor<?xi32>, %hi: tensor<?xi32>, %init: tensor<?x?xf32>)
    -> tensor<?x?xf32> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
      weights(%w : tensor<?x64xf32>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      schedule(#dsa_tile.scores_schedule<block_rows = 4, split_keys = 4096, slots = 6, groups = 2,
          blocks = 132, ordered = true>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}

func.func @few_heads(%q: tensor<?x32x128xf8E4M3FN>, %k: tensor<?x128xf8E4M3FN>, %w: tensor<?x32xf32>,
    %lo: tensor<?xi32>, %hi: tensor<?xi32>, %init: tensor<?x?xf32>)
    -> tensor<?x?xf32> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x32x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
      weights(%w : tensor<?x32xf32>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}

func.func @words(%q: tensor<?x64x128xbf16>, %k: tensor<?x128xbf16>, %w: tensor<?x64xf32>,
    %lo: tensor<?xi32>, %hi: tensor<?xi32>, %init: tensor<?x?xbf16>)
    -> tensor<?x?xbf16> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xbf16>, tensor<?x128xbf16>)
      weights(%w : tensor<?x64xf32>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<?x?xbf16>) -> tensor<?x?xbf16>
  return %s : tensor<?x?xbf16>
}

func.func @many_heads(%q: tensor<?x128x128xbf16>, %k: tensor<?x128xbf16>, %w: tensor<?x128xf32>,
    %init: tensor<?x?xf32>)
    -> tensor<?x?xf32> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x128x128xbf16>, tensor<?x128xbf16>)
      weights(%w : tensor<?x128xf32>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}

func.func @half(%q: tensor<?x32x64xf16>, %k: tensor<?x64xf16>, %w: tensor<?x32xf32>,
    %lo: tensor<?xi32>, %hi: tensor<?xi32>, %init: tensor<?x?xf32>)
    -> tensor<?x?xf32> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x32x64xf16>, tensor<?x64xf16>)
      weights(%w : tensor<?x32xf32>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      schedule(#dsa_tile.scores_schedule<block_rows = 12, split_keys = 4096, slots = 6, groups = 3,
          blocks = 132, ordered = true>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}

func.func @five_heads(%q: tensor<?x5x32xbf16>, %k: tensor<?x32xbf16>, %w: tensor<?x5xf32>,
    %lo: tensor<?xi32>, %hi: tensor<?xi32>, %init: tensor<?x?xf32>)
    -> tensor<?x?xf32> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x5x32xbf16>, tensor<?x32xbf16>)
      weights(%w : tensor<?x5xf32>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      schedule(#dsa_tile.scores_schedule<block_rows = 24, split_keys = 4096, slots = 6, groups = 3,
          blocks = 132, ordered = true>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}

func.func @no_weights(%q: tensor<?x5x64xf8E4M3FN>, %k: tensor<?x64xf8E4M3FN>, %init: tensor<?x?xf32>)
    -> tensor<?x?xf32> {
  %s = dsa.index_scores<none> ins(%q, %k : tensor<?x5x64xf8E4M3FN>, tensor<?x64xf8E4M3FN>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}

func.func @attention(%q: tensor<?x16x128xbf16>, %k: tensor<?x16x128xbf16>, %v: tensor<?x16x128xbf16>,
    %lo: tensor<?xi32>, %hi: tensor<?xi32>, %o: tensor<?x16x128xbf16>, %l: tensor<?x16xf32>)
    -> (tensor<?x16x128xbf16>, tensor<?x16xf32>) {
  %r:2 = dsa.attention scale = 0.0884
      ins(%q, %k, %v : tensor<?x16x128xbf16>, tensor<?x16x128xbf16>, tensor<?x16x128xbf16>)
      bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      outs(%o, %l : tensor<?x16x128xbf16>, tensor<?x16xf32>)
      -> tensor<?x16x128xbf16>, tensor<?x16xf32>
  return %r#0, %r#1 : tensor<?x16x128xbf16>, tensor<?x16xf32>
}

func.func @sparse_attention(%q: tensor<?x64x576xbf16>, %kv: tensor<?x576xbf16>, %i: tensor<?x1x2048xi32>,
    %n: tensor<?x1xi32>, %o: tensor<?x64x512xbf16>, %l: tensor<?x64xf32>)
    -> (tensor<?x64x512xbf16>, tensor<?x64xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.0417
      ins(%q, %kv : tensor<?x64x576xbf16>, tensor<?x576xbf16>)
      indices(%i : tensor<?x1x2048xi32>) lengths(%n : tensor<?x1xi32>)
      outs(%o, %l : tensor<?x64x512xbf16>, tensor<?x64xf32>)
      -> tensor<?x64x512xbf16>, tensor<?x64xf32>
  return %r#0, %r#1 : tensor<?x64x512xbf16>, tensor<?x64xf32>
}
