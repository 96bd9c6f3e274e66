//===- ChooseWinners.h - Which candidates win -------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TOOLS_DSA_TUNE_CHOOSEWINNERS_H
#define DSA_TOOLS_DSA_TUNE_CHOOSEWINNERS_H

#include "dsa/Runtime/Measure/Findings.h"

namespace mlir::dsa {

struct MeasuredCase {
  const PlannedCase *planned;
  /// Of the search that it is of.
  const Findings *findings;

  std::optional<double>
  getMicroseconds(const PlannedCandidate &candidate) const {
    return findings->getMicroseconds(*planned, candidate.number);
  }
};

/// The winner of each case of one operation, or null where nothing was right.
/// Times that differ by less than 1 % are the same: of those candidates the
/// one wins that does so at most sizes, or else the default, so that an
/// operation has few kernels.
std::vector<const PlannedCandidate *>
chooseWinners(llvm::ArrayRef<MeasuredCase> cases);

} // namespace mlir::dsa

#endif // DSA_TOOLS_DSA_TUNE_CHOOSEWINNERS_H
