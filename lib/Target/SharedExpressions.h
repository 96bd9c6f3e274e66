//===- SharedExpressions.h - Expressions that occur often -------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_TARGET_SHAREDEXPRESSIONS_H
#define DSA_LIB_TARGET_SHAREDEXPRESSIONS_H

#include "llvm/Support/JSON.h"

namespace mlir::dsa {

/// Gives a function of a launch record `values`: its larger expressions that
/// occur more than once. Chunks, kernels and their parameters share sizes, each
/// of which is computed from others: written out, they would grow as trees do.
void shareExpressions(llvm::json::Object &function);

} // namespace mlir::dsa

#endif // DSA_LIB_TARGET_SHAREDEXPRESSIONS_H
