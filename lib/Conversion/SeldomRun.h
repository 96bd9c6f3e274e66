//===- SeldomRun.h - Loops whose iterations are long ------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_CONVERSION_SELDOMRUN_H
#define DSA_LIB_CONVERSION_SELDOMRUN_H

#include "llvm/ADT/StringRef.h"

namespace mlir::dsa {

/// On an `scf.for` in a kernel on tiles: what its iterations need is computed
/// in each, lest registers are kept for it.
inline constexpr llvm::StringLiteral kSeldomAttrName = "seldom";

/// Tiles that are listed between two looks at how full lists are.
inline constexpr int64_t kStretchTiles = 32;

} // namespace mlir::dsa

#endif // DSA_LIB_CONVERSION_SELDOMRUN_H
