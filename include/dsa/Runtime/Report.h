//===- Report.h - The table of a run ----------------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_REPORT_H
#define DSA_RUNTIME_REPORT_H

#include "dsa/Runtime/Reference.h"
#include "dsa/Runtime/Work.h"

namespace mlir::dsa {

/// What a run was found to be.
struct RunReport {
  std::string function, target;
  /// 0 where that is not what a function runs on.
  unsigned threads = 0;
  /// Whether kernels on tiles computed, which round as others do not.
  bool onTiles = false;
  double compileSeconds = 0;
  /// Of each timed run; empty if none was timed.
  std::vector<double> seconds;
  Work work;
  /// The most memory beyond arguments and results.
  std::optional<int64_t> extraBytes;
  /// Name and type of each result.
  std::vector<std::pair<std::string, std::string>> results;
  std::optional<CheckReport> check;
};

/// The middle value, or the mean of the two in the middle.
double getMedian(std::vector<double> values);

/// Prints two small tables: the run, and its results.
void printReport(llvm::raw_ostream &os, const RunReport &report);

} // namespace mlir::dsa

#endif // DSA_RUNTIME_REPORT_H
