//===- Patterns.h - Tiles as upstream operations ----------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_CONVERSION_TILETOLINALG_PATTERNS_H
#define DSA_LIB_CONVERSION_TILETOLINALG_PATTERNS_H

#include "mlir/IR/PatternMatch.h"

namespace mlir::dsa {

void populateTileControlFlowToLinalgPatterns(RewritePatternSet &patterns);
void populateTileMemoryToLinalgPatterns(RewritePatternSet &patterns);
void populateTileArithmeticToLinalgPatterns(RewritePatternSet &patterns);
void populateTileSelectionToLinalgPatterns(RewritePatternSet &patterns);
void populateTileShortlistToLinalgPatterns(RewritePatternSet &patterns);

} // namespace mlir::dsa

#endif // DSA_LIB_CONVERSION_TILETOLINALG_PATTERNS_H
