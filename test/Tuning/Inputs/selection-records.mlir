// Records of selections.
module attributes {dsa.records = [
  // One row, and more.
  {op = "dsa.topk", chip = "sm_90a", compiler = "dsa 0.1.0", clauses = {},
   operands = {"outs count" = tensor<?x1xi32>, "outs indices" = tensor<?x1x2048xi32>, scores = tensor<?x?xf32>},
   sizes = #dsa.sizes<most_rows = 8>, microseconds = 29.0,
   schedule = #dsa_tile.topk_schedule<block_keys = 2048, candidates = 8192, sample = 4096, bins = 4096, groups = 4>},
  {op = "dsa.topk", chip = "sm_90a", compiler = "dsa 0.1.0", clauses = {},
   operands = {"outs count" = tensor<?x1xi32>, "outs indices" = tensor<?x1x2048xi32>, scores = tensor<?x?xf32>},
   sizes = #dsa.sizes<>, microseconds = 880.0,
   schedule = #dsa_tile.topk_schedule<block_keys = 2048, candidates = 8192, sample = 2048, bins = 2048, groups = 2>},
  // No room for so many and a tile.
  {op = "dsa.topk", chip = "sm_90a", compiler = "dsa 0.1.0", clauses = {},
   operands = {"outs count" = tensor<?x1xi32>, "outs indices" = tensor<?x1x8000xi32>, scores = tensor<?x?xf32>},
   sizes = #dsa.sizes<>, microseconds = 1.0,
   schedule = #dsa_tile.topk_schedule<block_keys = 2048, candidates = 8192, sample = 2048, bins = 2048, groups = 4>},
  // Another operation's.
  {op = "dsa.topk", chip = "sm_90a", compiler = "dsa 0.1.0", clauses = {},
   operands = {"outs count" = tensor<?x1xi32>, "outs indices" = tensor<?x1x64xi32>, scores = tensor<?x?xf32>},
   sizes = #dsa.sizes<>, microseconds = 1.0,
   schedule = #dsa_tile.select_schedule<most_rows = 8192, most_bytes = 1048576, unit_rows = 8>},
  {op = "dsa.select", chip = "sm_90a", compiler = "dsa 0.1.0", clauses = {},
   operands = {"index_scores k" = tensor<?x128xbf16>, "index_scores outs" = tensor<?x?xf32>, "index_scores q" = tensor<?x64x128xbf16>,
               "outs count" = tensor<?x1xi32>, "outs indices" = tensor<?x1x2048xi32>, scores = tensor<?x?xf32>},
   sizes = #dsa.sizes<most_keys = 4095>, microseconds = 600.0,
   schedule = #dsa_tile.select_schedule<most_rows = 4096, most_bytes = 33554432, unit_rows = 8,
     topk = <block_keys = 2048, candidates = 8192, sample = 2048, bins = 2048, groups = 4>>},
  {op = "dsa.select", chip = "sm_90a", compiler = "dsa 0.1.0", clauses = {},
   operands = {"index_scores k" = tensor<?x128xbf16>, "index_scores outs" = tensor<?x?xf32>, "index_scores q" = tensor<?x64x128xbf16>,
               "outs count" = tensor<?x1xi32>, "outs indices" = tensor<?x1x2048xi32>, scores = tensor<?x?xf32>},
   sizes = #dsa.sizes<>, microseconds = 2200.0,
   schedule = #dsa_tile.select_schedule<most_rows = 8192, most_bytes = 117440512, unit_rows = 8,
     topk = <block_keys = 2048, candidates = 8192, sample = 2048, bins = 2048, groups = 2>>}
]} {}
