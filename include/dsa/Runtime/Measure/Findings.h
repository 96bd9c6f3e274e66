//===- Findings.h - What became of each candidate ---------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The lines of a journal, as docs/Tuning.md describes them, put together.
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_MEASURE_FINDINGS_H
#define DSA_RUNTIME_MEASURE_FINDINGS_H

#include "dsa/Runtime/Measure/Plan.h"
#include "llvm/ADT/StringMap.h"

#include <map>

namespace mlir::dsa {

/// What became of one candidate.
struct Finding {
  /// Of the timed runs of each round, in microseconds.
  std::vector<std::vector<double>> rounds;
  /// Why it cannot win; empty if it can.
  std::string failure;

  /// The median of all runs; none if it failed.
  std::optional<double> getMicroseconds() const;
};

class Findings {
public:
  explicit Findings(llvm::ArrayRef<llvm::json::Object> lines);
  /// Takes in a line. Those that say something else do not count.
  void add(const llvm::json::Object &line);

  /// Why the program of that name has no kernels, or "" if it has; none if
  /// nobody has compiled it.
  std::optional<std::string> findCompiled(llvm::StringRef program) const;
  /// Null if nobody has measured it.
  const Finding *findMeasured(const PlannedCase &planned,
                              unsigned candidate) const;
  /// The time of a candidate that was measured and is right.
  std::optional<double> getMicroseconds(const PlannedCase &planned,
                                        unsigned candidate) const;
  /// Candidates that were measured and are right, the fastest first.
  std::vector<const PlannedCandidate *>
  getRanking(const PlannedCase &planned) const;

private:
  llvm::StringMap<std::string> compiled;
  std::map<std::pair<std::string, unsigned>, Finding> measured;
};

/// The lines.
llvm::json::Object makeCompiledLine(llvm::StringRef program,
                                    llvm::StringRef failure);
llvm::json::Object makeFailureLine(const PlannedCase &planned,
                                   unsigned candidate, llvm::StringRef failure);
llvm::json::Object makeTimeLine(const PlannedCase &planned, unsigned candidate,
                                llvm::json::Array microseconds);

} // namespace mlir::dsa

#endif // DSA_RUNTIME_MEASURE_FINDINGS_H
