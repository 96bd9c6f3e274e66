//===- DSADialect.td - The dsa dialect -----------------------*- tablegen -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===------------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSA_IR_DSADIALECT_TD
#define DSA_DIALECT_DSA_IR_DSADIALECT_TD

include "mlir/IR/OpBase.td"

def DSA_Dialect : Dialect {
  let name = "dsa";
  let cppNamespace = "::mlir::dsa";
  let summary = "Sparse attention, target-free: scores, selection, attention.";
  let description = [{
    The `dsa` dialect says *what* a sparse-attention layer computes and nothing
    about how. Its operations are destination-passing and take either tensors or
    memrefs, never both.

    **Rows.** A row is one query token. Rows of all sequences are packed along
    `T`; there is no batch dimension. What a row may see is data: half-open key
    ranges (`bounds`), the sequence whose keys it reads (`seq`) and its own place
    among the keys (`positions`). Causality, variable lengths, chunked prefill and
    context-parallel zig-zag are values of these operands.

    **Symbols** used in the operation descriptions:

    | symbol | meaning |
    |---|---|
    | `T` | rows (query tokens), dynamic or static |
    | `N` | keys, dynamic or static |
    | `B` | sequences, when keys carry a leading sequence dimension |
    | `Np`, `S`, `M` | pages of keys, keys of a page (static), pages that a table names for a sequence |
    | `H`, `Hq`, `Hkv` | index heads, query heads, key/value heads (static) |
    | `D`, `Dv` | width of a key, of a value (static) |
    | `G`, `K` | index lists per row, entries per list (static) |
    | `P` | partial results; terms of a linear part (static) |

    **Sequences.** With `seq(%s)`, keys (and values and key scales) carry a leading
    dimension `B`, and row `t` reads those of sequence `s[t]`. A row whose
    sequence is outside `[0, B)` has no keys. Without `seq` all rows share one set
    of keys.

    **Names.** A function argument or result may carry `dsa.name = "q"`: the name
    by which tools refer to it.
  }];

  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::tensor::TensorDialect"];
}

#endif // DSA_DIALECT_DSA_IR_DSADIALECT_TD
