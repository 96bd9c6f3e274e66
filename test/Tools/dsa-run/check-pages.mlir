// Keys in pages are made up and have a reference: every table names pages that exist.

// RUN: dsa-run %s --target cpu --random 1 --check --output %t | FileCheck %s
// CHECK: scores{{.*}}ok

func.func @scores(
    %q: tensor<4x2x16xbf16> {dsa.name = "q"}, %k: tensor<6x8x16xbf16> {dsa.name = "k"},
    %ks: tensor<6x8xf32> {dsa.name = "ks"}, %seq: tensor<4xi32> {dsa.name = "seq"},
    %table: tensor<3x4xi32> {dsa.name = "table"}) -> (tensor<4x32xf32> {dsa.name = "scores"}) {
  %init = tensor.empty() : tensor<4x32xf32>
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<4x2x16xbf16>, tensor<6x8x16xbf16>)
      k_scale(%ks : tensor<6x8xf32>) seq(%seq : tensor<4xi32>) table(%table : tensor<3x4xi32>)
      outs(%init : tensor<4x32xf32>) -> tensor<4x32xf32>
  return %s : tensor<4x32xf32>
}
