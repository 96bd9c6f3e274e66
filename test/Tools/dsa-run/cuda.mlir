// The same function on a GPU: compiled for its chip, and right.

// REQUIRES: cuda
// RUN: dsa-run %s --target cuda --random 1 --shape q=300x2x64 --check --bench 3 | FileCheck %s
// CHECK: @scores sm_{{[0-9a]+}} - {{.*}} 3 {{.*}}
// CHECK: scores tensor<300x500xf32> relative {{.*}} ok

func.func @scores(%q: tensor<?x2x64xf32> {dsa.name = "q"},
                  %k: tensor<500x64xf32> {dsa.name = "k"})
    -> (tensor<?x500xf32> {dsa.name = "scores"}) {
  %c0 = arith.constant 0 : index
  %t = tensor.dim %q, %c0 : tensor<?x2x64xf32>
  %e = tensor.empty(%t) : tensor<?x500xf32>
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x2x64xf32>, tensor<500x64xf32>)
      outs(%e : tensor<?x500xf32>) -> tensor<?x500xf32>
  return %s : tensor<?x500xf32>
}
