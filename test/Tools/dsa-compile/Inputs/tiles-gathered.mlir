// Attention in all of its forms, whose keys are gathered.

func.func @values_192_128(%q: tensor<?x128x192xbf16>, %k: tensor<?x192xbf16>, %v: tensor<?x128xbf16>, %i: tensor<?x1x2048xi32>, %n: tensor<?x1xi32>, %o: tensor<?x128x128xbf16>, %l: tensor<?x128xf32>)
    -> (tensor<?x128x128xbf16>, tensor<?x128xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.1
      ins(%q, %k, %v : tensor<?x128x192xbf16>, tensor<?x192xbf16>, tensor<?x128xbf16>)
      indices(%i : tensor<?x1x2048xi32>) lengths(%n : tensor<?x1xi32>)
      outs(%o, %l : tensor<?x128x128xbf16>, tensor<?x128xf32>)
      -> tensor<?x128x128xbf16>, tensor<?x128xf32>
  return %r#0, %r#1 : tensor<?x128x128xbf16>, tensor<?x128xf32>
}

func.func @values_256_heads(%q: tensor<?x128x256xf16>, %k: tensor<?x2x256xf16>, %v: tensor<?x2x256xf16>, %i: tensor<?x2x1024xi32>, %n: tensor<?x2xi32>, %s: tensor<128xf32>, %o: tensor<?x128x256xf16>, %l: tensor<?x128xf32>, %m: tensor<?x128xf32>)
    -> (tensor<?x128x256xf16>, tensor<?x128xf32>, tensor<?x128xf32>) {
  %r:3 = dsa.sparse_attention scale = 0.1
      ins(%q, %k, %v : tensor<?x128x256xf16>, tensor<?x2x256xf16>, tensor<?x2x256xf16>)
      indices(%i : tensor<?x2x1024xi32>) lengths(%n : tensor<?x2xi32>) sink(%s : tensor<128xf32>)
      outs(%o, %l, %m : tensor<?x128x256xf16>, tensor<?x128xf32>, tensor<?x128xf32>)
      -> tensor<?x128x256xf16>, tensor<?x128xf32>, tensor<?x128xf32>
  return %r#0, %r#1, %r#2 : tensor<?x128x256xf16>, tensor<?x128xf32>, tensor<?x128xf32>
}

func.func @values_64(%q: tensor<?x64x64xbf16>, %k: tensor<?x64xbf16>, %v: tensor<?x64xbf16>, %i: tensor<?x1x512xi32>, %n: tensor<?x1xi32>, %o: tensor<?x64x64xbf16>, %l: tensor<?x64xf32>)
    -> (tensor<?x64x64xbf16>, tensor<?x64xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.1
      ins(%q, %k, %v : tensor<?x64x64xbf16>, tensor<?x64xbf16>, tensor<?x64xbf16>)
      indices(%i : tensor<?x1x512xi32>) lengths(%n : tensor<?x1xi32>)
      outs(%o, %l : tensor<?x64x64xbf16>, tensor<?x64xf32>)
      -> tensor<?x64x64xbf16>, tensor<?x64xf32>
  return %r#0, %r#1 : tensor<?x64x64xbf16>, tensor<?x64xf32>
}

func.func @keys_256(%q: tensor<?x64x256xbf16>, %k: tensor<?x256xbf16>, %i: tensor<?x1x512xi32>, %n: tensor<?x1xi32>, %o: tensor<?x64x256xbf16>, %l: tensor<?x64xf32>)
    -> (tensor<?x64x256xbf16>, tensor<?x64xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.1
      ins(%q, %k : tensor<?x64x256xbf16>, tensor<?x256xbf16>)
      indices(%i : tensor<?x1x512xi32>) lengths(%n : tensor<?x1xi32>)
      outs(%o, %l : tensor<?x64x256xbf16>, tensor<?x64xf32>)
      -> tensor<?x64x256xbf16>, tensor<?x64xf32>
  return %r#0, %r#1 : tensor<?x64x256xbf16>, tensor<?x64xf32>
}

func.func @keys_512_lists(%q: tensor<?x128x512xbf16>, %k: tensor<?x2x512xbf16>, %i: tensor<?x2x512xi32>, %n: tensor<?x2xi32>, %o: tensor<?x128x512xbf16>, %l: tensor<?x128xf32>)
    -> (tensor<?x128x512xbf16>, tensor<?x128xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.1
      ins(%q, %k : tensor<?x128x512xbf16>, tensor<?x2x512xbf16>)
      indices(%i : tensor<?x2x512xi32>) lengths(%n : tensor<?x2xi32>)
      outs(%o, %l : tensor<?x128x512xbf16>, tensor<?x128xf32>)
      -> tensor<?x128x512xbf16>, tensor<?x128xf32>
  return %r#0, %r#1 : tensor<?x128x512xbf16>, tensor<?x128xf32>
}

func.func @blocks_of_keys(%q: tensor<?x64x128xbf16>, %k: tensor<?x?x1x128xbf16>, %v: tensor<?x?x1x128xbf16>, %i: tensor<?x1x32xi32>, %n: tensor<?x1xi32>, %seq: tensor<?xi32>, %o: tensor<?x64x128xbf16>, %l: tensor<?x64xf32>)
    -> (tensor<?x64x128xbf16>, tensor<?x64xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.1
      ins(%q, %k, %v : tensor<?x64x128xbf16>, tensor<?x?x1x128xbf16>, tensor<?x?x1x128xbf16>)
      indices(%i : tensor<?x1x32xi32>) lengths(%n : tensor<?x1xi32>) seq(%seq : tensor<?xi32>) block = 64
      outs(%o, %l : tensor<?x64x128xbf16>, tensor<?x64xf32>)
      -> tensor<?x64x128xbf16>, tensor<?x64xf32>
  return %r#0, %r#1 : tensor<?x64x128xbf16>, tensor<?x64xf32>
}

func.func @small_blocks(%q: tensor<?x64x576xbf16>, %k: tensor<?x576xbf16>, %i: tensor<?x1x512xi32>, %n: tensor<?x1xi32>, %o: tensor<?x64x512xbf16>, %l: tensor<?x64xf32>)
    -> (tensor<?x64x512xbf16>, tensor<?x64xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.1
      ins(%q, %k : tensor<?x64x576xbf16>, tensor<?x576xbf16>)
      indices(%i : tensor<?x1x512xi32>) lengths(%n : tensor<?x1xi32>) block = 4
      outs(%o, %l : tensor<?x64x512xbf16>, tensor<?x64xf32>)
      -> tensor<?x64x512xbf16>, tensor<?x64xf32>
  return %r#0, %r#1 : tensor<?x64x512xbf16>, tensor<?x64xf32>
}

func.func @range_576(%q: tensor<?x128x576xbf16>, %k: tensor<?x576xbf16>, %lo: tensor<?xi32>, %hi: tensor<?xi32>, %o: tensor<?x128x512xbf16>, %l: tensor<?x128xf32>)
    -> (tensor<?x128x512xbf16>, tensor<?x128xf32>) {
  %r:2 = dsa.attention scale = 0.1
      ins(%q, %k : tensor<?x128x576xbf16>, tensor<?x576xbf16>)
      bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      outs(%o, %l : tensor<?x128x512xbf16>, tensor<?x128xf32>)
      -> tensor<?x128x512xbf16>, tensor<?x128xf32>
  return %r#0, %r#1 : tensor<?x128x512xbf16>, tensor<?x128xf32>
}

func.func @few_576(%q: tensor<?x16x576xbf16>, %k: tensor<?x576xbf16>, %i: tensor<?x1x2048xi32>, %n: tensor<?x1xi32>, %s: tensor<16xf32>, %o: tensor<?x16x512xbf16>, %l: tensor<?x16xf32>, %m: tensor<?x16xf32>)
    -> (tensor<?x16x512xbf16>, tensor<?x16xf32>, tensor<?x16xf32>) {
  %r:3 = dsa.sparse_attention scale = 0.1
      ins(%q, %k : tensor<?x16x576xbf16>, tensor<?x576xbf16>)
      indices(%i : tensor<?x1x2048xi32>) lengths(%n : tensor<?x1xi32>) sink(%s : tensor<16xf32>)
      outs(%o, %l, %m : tensor<?x16x512xbf16>, tensor<?x16xf32>, tensor<?x16xf32>)
      -> tensor<?x16x512xbf16>, tensor<?x16xf32>, tensor<?x16xf32>
  return %r#0, %r#1, %r#2 : tensor<?x16x512xbf16>, tensor<?x16xf32>, tensor<?x16xf32>
}

func.func @few_32_heads(%q: tensor<?x32x576xbf16>, %k: tensor<?x576xbf16>, %i: tensor<?x1x2048xi32>, %n: tensor<?x1xi32>, %o: tensor<?x32x512xbf16>, %l: tensor<?x32xf32>)
    -> (tensor<?x32x512xbf16>, tensor<?x32xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.1
      ins(%q, %k : tensor<?x32x576xbf16>, tensor<?x576xbf16>)
      indices(%i : tensor<?x1x2048xi32>) lengths(%n : tensor<?x1xi32>)
      outs(%o, %l : tensor<?x32x512xbf16>, tensor<?x32xf32>)
      -> tensor<?x32x512xbf16>, tensor<?x32xf32>
  return %r#0, %r#1 : tensor<?x32x512xbf16>, tensor<?x32xf32>
}

func.func @few_512(%q: tensor<?x8x512xbf16>, %k: tensor<?x1x512xbf16>, %i: tensor<?x1x1024xi32>, %n: tensor<?x1xi32>, %o: tensor<?x8x512xbf16>, %l: tensor<?x8xf32>)
    -> (tensor<?x8x512xbf16>, tensor<?x8xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.1
      ins(%q, %k : tensor<?x8x512xbf16>, tensor<?x1x512xbf16>)
      indices(%i : tensor<?x1x1024xi32>) lengths(%n : tensor<?x1xi32>)
      outs(%o, %l : tensor<?x8x512xbf16>, tensor<?x8xf32>)
      -> tensor<?x8x512xbf16>, tensor<?x8xf32>
  return %r#0, %r#1 : tensor<?x8x512xbf16>, tensor<?x8xf32>
}

func.func @few_sets(%q: tensor<?x16x128xbf16>, %k: tensor<?x?x2x128xbf16>, %v: tensor<?x?x2x128xbf16>, %i: tensor<?x2x1024xi32>, %n: tensor<?x2xi32>, %seq: tensor<?xi32>, %o: tensor<?x16x128xbf16>, %l: tensor<?x16xf32>)
    -> (tensor<?x16x128xbf16>, tensor<?x16xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.1
      ins(%q, %k, %v : tensor<?x16x128xbf16>, tensor<?x?x2x128xbf16>, tensor<?x?x2x128xbf16>)
      indices(%i : tensor<?x2x1024xi32>) lengths(%n : tensor<?x2xi32>) seq(%seq : tensor<?xi32>) block = 64
      outs(%o, %l : tensor<?x16x128xbf16>, tensor<?x16xf32>)
      -> tensor<?x16x128xbf16>, tensor<?x16xf32>
  return %r#0, %r#1 : tensor<?x16x128xbf16>, tensor<?x16xf32>
}

func.func @few_192_128(%q: tensor<?x4x192xf16>, %k: tensor<?x1x192xf16>, %v: tensor<?x1x128xf16>, %i: tensor<?x1x512xi32>, %n: tensor<?x1xi32>, %o: tensor<?x4x128xf16>, %l: tensor<?x4xf32>)
    -> (tensor<?x4x128xf16>, tensor<?x4xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.1
      ins(%q, %k, %v : tensor<?x4x192xf16>, tensor<?x1x192xf16>, tensor<?x1x128xf16>)
      indices(%i : tensor<?x1x512xi32>) lengths(%n : tensor<?x1xi32>)
      outs(%o, %l : tensor<?x4x128xf16>, tensor<?x4xf32>)
      -> tensor<?x4x128xf16>, tensor<?x4xf32>
  return %r#0, %r#1 : tensor<?x4x128xf16>, tensor<?x4xf32>
}

func.func @few_64(%q: tensor<?x32x64xbf16>, %k: tensor<?x64xbf16>, %v: tensor<?x64xbf16>, %i: tensor<?x1x512xi32>, %n: tensor<?x1xi32>, %o: tensor<?x32x64xbf16>, %l: tensor<?x32xf32>)
    -> (tensor<?x32x64xbf16>, tensor<?x32xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.1
      ins(%q, %k, %v : tensor<?x32x64xbf16>, tensor<?x64xbf16>, tensor<?x64xbf16>)
      indices(%i : tensor<?x1x512xi32>) lengths(%n : tensor<?x1xi32>)
      outs(%o, %l : tensor<?x32x64xbf16>, tensor<?x32xf32>)
      -> tensor<?x32x64xbf16>, tensor<?x32xf32>
  return %r#0, %r#1 : tensor<?x32x64xbf16>, tensor<?x32xf32>
}

func.func @few_lists(%q: tensor<?x8x256xbf16>, %k: tensor<?x2x256xbf16>, %v: tensor<?x2x256xbf16>, %i: tensor<?x8x512xi32>, %n: tensor<?x8xi32>, %o: tensor<?x8x256xbf16>, %l: tensor<?x8xf32>)
    -> (tensor<?x8x256xbf16>, tensor<?x8xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.1
      ins(%q, %k, %v : tensor<?x8x256xbf16>, tensor<?x2x256xbf16>, tensor<?x2x256xbf16>)
      indices(%i : tensor<?x8x512xi32>) lengths(%n : tensor<?x8xi32>)
      outs(%o, %l : tensor<?x8x256xbf16>, tensor<?x8xf32>)
      -> tensor<?x8x256xbf16>, tensor<?x8xf32>
  return %r#0, %r#1 : tensor<?x8x256xbf16>, tensor<?x8xf32>
}

func.func @few_rows(%q: tensor<4x32x128xbf16>, %k: tensor<?x4x128xbf16>, %v: tensor<?x4x128xbf16>, %lo: tensor<4xi32>, %hi: tensor<4xi32>, %p: tensor<4xi32>, %o: tensor<4x32x128xbf16>, %l: tensor<4x32xf32>)
    -> (tensor<4x32x128xbf16>, tensor<4x32xf32>) {
  %r:2 = dsa.attention scale = 0.1
      ins(%q, %k, %v : tensor<4x32x128xbf16>, tensor<?x4x128xbf16>, tensor<?x4x128xbf16>)
      bounds(%lo, %hi : tensor<4xi32>, tensor<4xi32>) positions(%p : tensor<4xi32>) window = [128, 0]
      outs(%o, %l : tensor<4x32x128xbf16>, tensor<4x32xf32>)
      -> tensor<4x32x128xbf16>, tensor<4x32xf32>
  return %r#0, %r#1 : tensor<4x32x128xbf16>, tensor<4x32xf32>
}

func.func @few_range_576(%q: tensor<?x16x576xbf16>, %k: tensor<?x?x576xbf16>, %lo: tensor<?xi32>, %hi: tensor<?xi32>, %seq: tensor<?xi32>, %o: tensor<?x16x512xbf16>, %l: tensor<?x16xf32>)
    -> (tensor<?x16x512xbf16>, tensor<?x16xf32>) {
  %r:2 = dsa.attention scale = 0.1
      ins(%q, %k : tensor<?x16x576xbf16>, tensor<?x?x576xbf16>)
      bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>) seq(%seq : tensor<?xi32>)
      outs(%o, %l : tensor<?x16x512xbf16>, tensor<?x16xf32>)
      -> tensor<?x16x512xbf16>, tensor<?x16xf32>
  return %r#0, %r#1 : tensor<?x16x512xbf16>, tensor<?x16xf32>
}

func.func @window(%q: tensor<?x16x128xbf16>, %k: tensor<?x16x128xbf16>, %v: tensor<?x16x128xbf16>, %lo: tensor<?xi32>, %hi: tensor<?xi32>, %p: tensor<?xi32>, %o: tensor<?x16x128xbf16>, %l: tensor<?x16xf32>)
    -> (tensor<?x16x128xbf16>, tensor<?x16xf32>) {
  %r:2 = dsa.attention scale = 0.1
      ins(%q, %k, %v : tensor<?x16x128xbf16>, tensor<?x16x128xbf16>, tensor<?x16x128xbf16>)
      bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>) positions(%p : tensor<?xi32>) window = [128, 0]
      outs(%o, %l : tensor<?x16x128xbf16>, tensor<?x16xf32>)
      -> tensor<?x16x128xbf16>, tensor<?x16xf32>
  return %r#0, %r#1 : tensor<?x16x128xbf16>, tensor<?x16xf32>
}

func.func @in_turn_512(%q: tensor<?x128x512xbf16>, %k: tensor<?x512xbf16>, %i: tensor<?x1x1024xi32>, %n: tensor<?x1xi32>, %o: tensor<?x128x512xbf16>, %l: tensor<?x128xf32>)
    -> (tensor<?x128x512xbf16>, tensor<?x128xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.1
      ins(%q, %k : tensor<?x128x512xbf16>, tensor<?x512xbf16>)
      indices(%i : tensor<?x1x1024xi32>) lengths(%n : tensor<?x1xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true, in_turn = true, cluster = 2, blocks = 132>)
      outs(%o, %l : tensor<?x128x512xbf16>, tensor<?x128xf32>)
      -> tensor<?x128x512xbf16>, tensor<?x128xf32>
  return %r#0, %r#1 : tensor<?x128x512xbf16>, tensor<?x128xf32>
}

func.func @shares_576(%q: tensor<?x128x576xbf16>, %k: tensor<?x576xbf16>, %i: tensor<?x1x2048xi32>, %o: tensor<?x128x512xbf16>, %l: tensor<?x128xf32>)
    -> (tensor<?x128x512xbf16>, tensor<?x128xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.1
      ins(%q, %k : tensor<?x128x576xbf16>, tensor<?x576xbf16>) indices(%i : tensor<?x1x2048xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true, cluster = 2, blocks = 132, splits = 16>)
      outs(%o, %l : tensor<?x128x512xbf16>, tensor<?x128xf32>)
      -> tensor<?x128x512xbf16>, tensor<?x128xf32>
  return %r#0, %r#1 : tensor<?x128x512xbf16>, tensor<?x128xf32>
}
