//===- Passes.td - Passes over the dsa dialect ---------------*- tablegen -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===------------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSA_TRANSFORMS_PASSES_TD
#define DSA_DIALECT_DSA_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def FuseSelectionPass : Pass<"dsa-fuse-selection"> {
  let summary = "Fuse scores and top-k into a selection";
  let description = [{
    Rewrites `dsa.topk` of scores that nothing else uses into `dsa.select`, whose
    region computes them: the `T×N` score matrix need not exist then. Elementwise
    `linalg` operations between scorer and top-k move along. The result is the same.

    ```mlir
    %s = dsa.index_scores<relu> ins(%q, %k : …) outs(%init : …) -> tensor<?x?xf32>
    %i, %n = dsa.topk ins(%s : tensor<?x?xf32>) outs(…) -> …
    ```
    becomes
    ```mlir
    %i, %n = dsa.select outs(…) scores {
      %e = tensor.empty(%t, %keys) : tensor<?x?xf32>
      %s = dsa.index_scores<relu> ins(%q, %k : …) outs(%e : …) -> tensor<?x?xf32>
      dsa.yield %s : tensor<?x?xf32>
    } -> …
    ```
  }];
  let dependentDialects = ["::mlir::tensor::TensorDialect"];
}


#endif // DSA_DIALECT_DSA_TRANSFORMS_PASSES_TD
