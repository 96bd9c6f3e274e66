//===- AttentionMerge.h - Results of shares of keys -------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_CONVERSION_DSATOTILE_ATTENTIONMERGE_H
#define DSA_LIB_CONVERSION_DSATOTILE_ATTENTIONMERGE_H

#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "dsa/Dialect/DSATile/IR/GatheredAttention.h"

namespace mlir::dsa {

/// Rows whose programs take in all keys, rows behind them, and programs that
/// divide the keys of each of these.
struct RowDivision {
  Value whole, rest, parts;
};

/// Results of shares of keys, f32, without a sink: `[rest · parts, H, Dv]`, and
/// `[rest · parts, H]`; `max` is null where nobody asked for it.
struct AttentionShares {
  Value out, lse, max;
};

/// Builds the kernel that merges the shares of each of the `rest` rows, as
/// `dsa.merge` does: a program for a row and a head.
void buildAttentionMerge(ImplicitLocOpBuilder &b,
                         const dsa_tile::GatheredAttention &op,
                         const RowDivision &division,
                         const AttentionShares &shares);

} // namespace mlir::dsa

#endif // DSA_LIB_CONVERSION_DSATOTILE_ATTENTIONMERGE_H
