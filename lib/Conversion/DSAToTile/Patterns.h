//===- Patterns.h - Operations as kernels on tiles --------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_CONVERSION_DSATOTILE_PATTERNS_H
#define DSA_LIB_CONVERSION_DSATOTILE_PATTERNS_H

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::dsa {

/// Registers of each thread that loads and of each that computes, where
/// `groups` warpgroups compute and one, for which `load` are enough, loads.
DenseI64ArrayAttr getRegisterSplit(MLIRContext *context, int64_t groups,
                                   int64_t load);

/// A kernel with a program for each point of a grid, whose last dimension
/// varies fastest. What is built next is its body.
scf::ForallOp createPrograms(ImplicitLocOpBuilder &b,
                             ArrayRef<OpFoldResult> counts,
                             dsa_tile::KernelAttr kernel);

/// Whether the scores are those of one selection, whose bounds are the same:
/// then nobody reads what lies outside of them.
bool isReadInsideBounds(IndexScoresOp op);

void populateAttentionToTilePatterns(RewritePatternSet &patterns);
void populateSparseAttentionToTilePatterns(RewritePatternSet &patterns);
void populateIndexScoresToTilePatterns(RewritePatternSet &patterns);
void populateSelectToTilePatterns(RewritePatternSet &patterns);
void populateTopkToTilePatterns(RewritePatternSet &patterns);
void populateTransposedAttentionToTilePatterns(RewritePatternSet &patterns);

} // namespace mlir::dsa

#endif // DSA_LIB_CONVERSION_DSATOTILE_PATTERNS_H
