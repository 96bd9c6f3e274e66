//===- Workers.h - Processes that work for this one -------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_MEASURE_WORKERS_H
#define DSA_RUNTIME_MEASURE_WORKERS_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"

#include <string>

namespace mlir::dsa {

/// What comes of one piece of work.
struct Outcome {
  /// Empty if it went well.
  std::string failure;
  /// The process cannot be relied on any more.
  bool broken = false;
  /// What was found out.
  std::string answer;
};

using Work = llvm::function_ref<Outcome(size_t number)>;

/// Does the work numbers 0 to `count` in `jobs` processes that are copies of
/// this one, and calls `done` here for each, in the order in which they finish.
/// A process that dies, or works on something for longer than `seconds`, is
/// replaced; what it worked on has failed. None outlives this process.
llvm::Error
runInWorkers(size_t count, unsigned jobs, unsigned seconds, Work work,
             llvm::function_ref<void(size_t, const Outcome &)> done);

} // namespace mlir::dsa

#endif // DSA_RUNTIME_MEASURE_WORKERS_H
