//===- ReportedError.h - What was told already ------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TOOLS_DSA_TUNE_REPORTEDERROR_H
#define DSA_TOOLS_DSA_TUNE_REPORTEDERROR_H

#include "llvm/Support/Error.h"

namespace mlir::dsa {

/// Stands for an error that the diagnostics already told.
class ReportedError : public llvm::ErrorInfo<ReportedError> {
public:
  static char ID; // NOLINT(readability-identifier-naming): LLVM asks for it.
  void log(llvm::raw_ostream &) const override {}
  std::error_code convertToErrorCode() const override {
    return llvm::inconvertibleErrorCode();
  }
};

} // namespace mlir::dsa

#endif // DSA_TOOLS_DSA_TUNE_REPORTEDERROR_H
