//===- AttentionPrograms.h - Rows and shares of their keys ------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_CONVERSION_DSATOTILE_ATTENTIONPROGRAMS_H
#define DSA_LIB_CONVERSION_DSATOTILE_ATTENTIONPROGRAMS_H

#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "dsa/Dialect/DSATile/IR/GatheredAttention.h"

namespace mlir::dsa {

/// What one program of attention to gathered keys does.
struct AttentionProgram {
  /// The row, and which of its blocks of heads.
  Value row, block;
  /// Which share of the row's keys, and of how many; null: all of them.
  Value part, parts;
  /// Where results go, and the row there. Shares have no sink: it counts once.
  Value out, lse, max, sink, place;
};

/// Builds kernels like `kernel` whose programs are built by `build`, for rows
/// of `rowBlocks` blocks of heads each. Rows that would leave half of the
/// blocks idle, at the end, have up to `splits` programs, whose results another
/// kernel merges.
void buildAttentionPrograms(ImplicitLocOpBuilder &b,
                            const dsa_tile::GatheredAttention &op,
                            dsa_tile::KernelAttr kernel, int64_t rowBlocks,
                            int64_t splits,
                            function_ref<void(const AttentionProgram &)> build);

} // namespace mlir::dsa

#endif // DSA_LIB_CONVERSION_DSATOTILE_ATTENTIONPROGRAMS_H
