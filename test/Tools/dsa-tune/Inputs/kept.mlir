module attributes {dsa.records = [
  {op = "dsa.attention", chip = "sm_90a", compiler = "dsa 0.0.9", clauses = {},
   operands = {K = tensor<?x4x64xbf16>, V = tensor<?x4x64xbf16>, "outs lse" = tensor<?x4xf32>,
               "outs out" = tensor<?x4x64xbf16>, q = tensor<?x4x64xbf16>},
   sizes = #dsa.sizes<>, microseconds = 1.0,
   schedule = #dsa_tile.attention_schedule<block_keys = 64, slots = 3, groups = 1>},
  {op = "dsa.attention", chip = "sm_90a", compiler = "dsa 0.0.9", clauses = {},
   operands = {K = tensor<?x16x128xbf16>, V = tensor<?x16x128xbf16>, "outs lse" = tensor<?x16xf32>,
               "outs out" = tensor<?x16x128xbf16>, q = tensor<?x16x128xbf16>},
   sizes = #dsa.sizes<>, microseconds = 1675.0,
   schedule = #dsa_tile.attention_schedule<block_keys = 64, slots = 3, groups = 3, delay = true>}
]} {}
