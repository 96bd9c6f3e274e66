// Operations whose legal schedules all have to compile.

func.func @attention(%q: tensor<?x16x128xbf16>, %k: tensor<?x16x128xbf16>, %v: tensor<?x16x128xbf16>,
    %lo: tensor<?xi32>, %hi: tensor<?xi32>, %o: tensor<?x16x128xbf16>, %l: tensor<?x16xf32>)
    -> (tensor<?x16x128xbf16>, tensor<?x16xf32>) {
  %r:2 = dsa.attention scale = 0.1 ins(%q, %k, %v : tensor<?x16x128xbf16>, tensor<?x16x128xbf16>, tensor<?x16x128xbf16>)
      bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      outs(%o, %l : tensor<?x16x128xbf16>, tensor<?x16xf32>) -> tensor<?x16x128xbf16>, tensor<?x16xf32>
  return %r#0, %r#1 : tensor<?x16x128xbf16>, tensor<?x16xf32>
}

func.func @sparse(%q: tensor<?x128x256xbf16>, %k: tensor<?x256xbf16>, %i: tensor<?x1x512xi32>, %n: tensor<?x1xi32>,
    %o: tensor<?x128x256xbf16>, %l: tensor<?x128xf32>) -> (tensor<?x128x256xbf16>, tensor<?x128xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.1 ins(%q, %k : tensor<?x128x256xbf16>, tensor<?x256xbf16>)
      indices(%i : tensor<?x1x512xi32>) lengths(%n : tensor<?x1xi32>)
      outs(%o, %l : tensor<?x128x256xbf16>, tensor<?x128xf32>) -> tensor<?x128x256xbf16>, tensor<?x128xf32>
  return %r#0, %r#1 : tensor<?x128x256xbf16>, tensor<?x128xf32>
}
