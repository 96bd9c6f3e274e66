//===- Collect.h - Winners of a search, as records --------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TOOLS_DSA_TUNE_COLLECT_H
#define DSA_TOOLS_DSA_TUNE_COLLECT_H

#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/Error.h"

namespace mlir::dsa {

struct CollectOptions {
  /// Of searches, measured.
  std::vector<std::string> directories;
  /// Records of operations that no search is of stay; empty for none.
  std::string keep;
  /// What is written.
  std::string output;
};

/// Turns what was measured into a file of records, and prints a table of it.
llvm::Error collect(MLIRContext &context, const CollectOptions &options);

} // namespace mlir::dsa

#endif // DSA_TOOLS_DSA_TUNE_COLLECT_H
