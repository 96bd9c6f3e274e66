// Attention on tiles rounds its weights to 16 bits; the check knows by how much that may count.
// Machines without instructions for bf16 need a function of a compiler's library for it.

// RUN: dsa-run %s --random 1 --tiles sm_90a --check --entry dense | FileCheck %s
// RUN: dsa-run %s --random 1 --tiles sm_90a --check --entry sparse | FileCheck %s

// CHECK: @{{dense|sparse}} cpu as sm_90a
// CHECK: out {{.*}} relative {{[0-9.e+-]+}} 5.0e-03 ok
// CHECK: lse {{.*}} relative {{[0-9.e+-]+}} 1.0e-05 ok
func.func @dense(%q: tensor<70x2x64xbf16>, %k: tensor<90x2x64xbf16>, %v: tensor<90x2x64xbf16>,
                 %o: tensor<70x2x64xbf16>, %l: tensor<70x2xf32>)
    -> (tensor<70x2x64xbf16> {dsa.name = "out"}, tensor<70x2xf32> {dsa.name = "lse"}) {
  %r:2 = dsa.attention scale = 0.125
      ins(%q, %k, %v : tensor<70x2x64xbf16>, tensor<90x2x64xbf16>, tensor<90x2x64xbf16>)
      outs(%o, %l : tensor<70x2x64xbf16>, tensor<70x2xf32>)
      -> tensor<70x2x64xbf16>, tensor<70x2xf32>
  return %r#0, %r#1 : tensor<70x2x64xbf16>, tensor<70x2xf32>
}

func.func @sparse(%q: tensor<3x16x128xbf16>, %k: tensor<90x128xbf16>, %i: tensor<3x1x70xi32>,
                  %o: tensor<3x16x64xbf16>, %l: tensor<3x16xf32>)
    -> (tensor<3x16x64xbf16> {dsa.name = "out"}, tensor<3x16xf32> {dsa.name = "lse"}) {
  %r:2 = dsa.sparse_attention scale = 0.0625 ins(%q, %k : tensor<3x16x128xbf16>, tensor<90x128xbf16>)
      indices(%i : tensor<3x1x70xi32>) outs(%o, %l : tensor<3x16x64xbf16>, tensor<3x16xf32>)
      -> tensor<3x16x64xbf16>, tensor<3x16xf32>
  return %r#0, %r#1 : tensor<3x16x64xbf16>, tensor<3x16xf32>
}
