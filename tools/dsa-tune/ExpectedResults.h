//===- ExpectedResults.h - What few rows must give --------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TOOLS_DSA_TUNE_EXPECTEDRESULTS_H
#define DSA_TOOLS_DSA_TUNE_EXPECTEDRESULTS_H

#include "Spec.h"
#include "dsa/Runtime/Measure/Plan.h"

namespace mlir::dsa {

/// The arguments of an operation at some sizes.
llvm::Expected<std::vector<PlannedArgument>>
planArguments(const TunedOperation &operation, TunedSizes sizes, uint64_t seed);

/// How close its results must be to those of another schedule: twice what each
/// may be off (docs/Accuracy.md).
llvm::Expected<std::vector<ResultTolerance>>
planTolerances(const TunedOperation &operation);

/// Writes what the results are for a few rows and keys, in float64, to files of
/// `directory` whose names begin with `prefix`; none where sizes do not allow
/// it.
llvm::Expected<std::optional<PlannedCheck>>
planCheck(const TunedOperation &operation, uint64_t seed,
          llvm::StringRef directory, llvm::StringRef prefix);

} // namespace mlir::dsa

#endif // DSA_TOOLS_DSA_TUNE_EXPECTEDRESULTS_H
