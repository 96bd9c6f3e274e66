//===- Emit.h - What a search measures, as files ----------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TOOLS_DSA_TUNE_EMIT_H
#define DSA_TOOLS_DSA_TUNE_EMIT_H

#include "dsa/Target/Chip.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

namespace mlir::dsa {

struct EmitOptions {
  /// Made if it is missing; a search that was stopped there goes on.
  std::string directory;
  /// Candidates for each operation at some sizes.
  unsigned budget = 16;
  /// Timed runs of a round, the rest before each, and rounds of the best.
  unsigned runs = 10;
  double idleMilliseconds = 20;
  unsigned rounds = 3;
  uint64_t seed = 1;
  /// Processes that compile.
  unsigned jobs = 1;
};

/// Chooses the candidates of a specification, compiles them, and writes the
/// plan that says what is to be measured. `compiler` stands for this very
/// compiler.
llvm::Error emit(ModuleOp spec, const Chip &chip, llvm::StringRef compiler,
                 const EmitOptions &options);

} // namespace mlir::dsa

#endif // DSA_TOOLS_DSA_TUNE_EMIT_H
