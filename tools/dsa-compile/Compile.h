//===- Compile.h - From a file of dsa to a file of code ---------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TOOLS_DSACOMPILE_COMPILE_H
#define DSA_TOOLS_DSACOMPILE_COMPILE_H

#include "llvm/Support/Error.h"
#include <string>

namespace mlir::dsa {

struct CompileOptions {
  std::string input;
  /// "cpu" or a chip.
  std::string target;
  /// Ends in .ptx or .cubin for a chip, in .o or .ll for the CPU.
  std::string output;
  /// Where the launch record goes; empty for none.
  std::string record;
  /// The user's records of tuning; empty for none.
  std::string records;
  /// Whether records that come with the compiler count.
  bool tuned = true;
};

/// Whether the options fit together; says what does not.
llvm::Error checkOptions(const CompileOptions &options);

/// Compiles. Files appear whole or not at all. Diagnostics of the module go to
/// standard error; the error is then already reported.
llvm::Error compile(const CompileOptions &options);

/// Stands for an error that the diagnostics already told.
class ReportedError : public llvm::ErrorInfo<ReportedError> {
public:
  static char ID;
  void log(llvm::raw_ostream &) const override {}
  std::error_code convertToErrorCode() const override {
    return llvm::inconvertibleErrorCode();
  }
};

} // namespace mlir::dsa

#endif // DSA_TOOLS_DSACOMPILE_COMPILE_H
