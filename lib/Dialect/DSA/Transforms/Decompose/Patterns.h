//===- Patterns.h - The decomposition of each operation ---------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_DIALECT_DSA_TRANSFORMS_DECOMPOSE_PATTERNS_H
#define DSA_LIB_DIALECT_DSA_TRANSFORMS_DECOMPOSE_PATTERNS_H

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::dsa {

void populateDecomposeIndexScoresPatterns(RewritePatternSet &patterns);
void populateDecomposeLinearPartPatterns(RewritePatternSet &patterns);
void populateDecomposeTopkPatterns(RewritePatternSet &patterns);
void populateDecomposeAttentionPatterns(RewritePatternSet &patterns);
void populateDecomposeMergePatterns(RewritePatternSet &patterns);

/// Replaces a selection on memrefs by a loop over rows that scores them and
/// then takes their top-k. Reports a scorer that does not work row by row.
LogicalResult decomposeSelect(RewriterBase &rewriter, SelectOp op);

/// The loop schedule of `op`, or tiles that serve any target.
template <typename OpTy> LoopScheduleAttr getLoopSchedule(OpTy op) {
  if (auto schedule =
          dyn_cast_if_present<LoopScheduleAttr>(op.getScheduleAttr()))
    return schedule;
  return LoopScheduleAttr::get(op.getContext(), /*block_rows=*/1,
                               /*block_keys=*/64, /*threads=*/1,
                               /*chunk_keys=*/0);
}

} // namespace mlir::dsa

#endif // DSA_LIB_DIALECT_DSA_TRANSFORMS_DECOMPOSE_PATTERNS_H
