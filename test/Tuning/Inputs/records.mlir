// Records as a tuner writes them, and some that are none.
module attributes {dsa.records = [
  // By numbers of rows; the last is for all others.
  {op = "dsa.attention", chip = "sm_90a", compiler = "dsa 0.1.0", clauses = {},
   operands = {K = tensor<?x16x128xbf16>, V = tensor<?x16x128xbf16>, "outs lse" = tensor<?x16xf32>,
               "outs out" = tensor<?x16x128xbf16>, q = tensor<?x16x128xbf16>},
   sizes = #dsa.sizes<most_rows = 1023>, microseconds = 50.0,
   schedule = #dsa_tile.attention_schedule<block_keys = 64, slots = 3, groups = 1, delay = true>},
  {op = "dsa.attention", chip = "sm_90a", compiler = "dsa 0.1.0", clauses = {},
   operands = {K = tensor<?x16x128xbf16>, V = tensor<?x16x128xbf16>, "outs lse" = tensor<?x16xf32>,
               "outs out" = tensor<?x16x128xbf16>, q = tensor<?x16x128xbf16>},
   sizes = #dsa.sizes<>, microseconds = 1675.0,
   schedule = #dsa_tile.attention_schedule<block_keys = 64, slots = 3, groups = 3, delay = true>},
  // No longer legal: too many slots.
  {op = "dsa.index_scores", chip = "sm_90a", compiler = "dsa 0.1.0", clauses = {activation = #dsa.activation<none>},
   operands = {k = tensor<?x128xbf16>, outs = tensor<?x?xf32>, q = tensor<?x64x128xbf16>},
   sizes = #dsa.sizes<>, microseconds = 2500.0,
   schedule = #dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 16, groups = 4, blocks = 132>},
  {op = "dsa.index_scores", chip = "sm_90a", compiler = "dsa 0.1.0", clauses = {activation = #dsa.activation<relu>},
   operands = {k = tensor<?x128xbf16>, outs = tensor<?x?xf32>, q = tensor<?x64x128xbf16>},
   sizes = #dsa.sizes<>, microseconds = 2542.0,
   schedule = #dsa_tile.scores_schedule<block_rows = 4, split_keys = 1024, slots = 4, groups = 2, blocks = 132>},
  {op = "dsa.index_scores", chip = "sm_100a", compiler = "dsa 0.1.0", clauses = {activation = #dsa.activation<relu>},
   operands = {k = tensor<?x64xbf16>, outs = tensor<?x?xf32>, q = tensor<?x64x64xbf16>},
   sizes = #dsa.sizes<>, microseconds = 1.0,
   schedule = #dsa_tile.scores_schedule<block_rows = 2, split_keys = 1024, slots = 4, groups = 1, blocks = 132>},
  {op = "dsa.attention", chip = "sm_90a"},
  7,
  {op = "dsa.sparse_attention", chip = "sm_90a", compiler = "dsa 0.1.0", clauses = {},
   operands = {K = tensor<?x2x128xbf16>, indices = tensor<?x2x64xi32>, "outs lse" = tensor<?x32xf32>, "outs out" = tensor<?x32x128xbf16>,
               q = tensor<?x32x128xbf16>},
   sizes = #dsa.sizes<>, microseconds = 40.0,
   schedule = #dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 4, groups = 1>}
]} {}
