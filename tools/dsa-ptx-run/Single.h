//===- Single.h - Run one function from the command line --------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TOOLS_DSA_PTX_RUN_SINGLE_H
#define DSA_TOOLS_DSA_PTX_RUN_SINGLE_H

#include "Execute.h"

/// As given on the command line; what is empty was not.
struct SingleOptions {
  std::string kernels, launch, entry;
  std::vector<std::string> inputs;
  std::string output, check;
  std::vector<std::string> tolerances;
  bool repeat = false;
  unsigned timedRuns = 0;
  double idleMilliseconds = 0;
  int device = 0;
  Poison poison = Poison::Yes;
  bool dryRun = false;
};

/// Runs a function, prints what came of it, and fails if that is wrong.
llvm::Error runSingle(const SingleOptions &options);

#endif // DSA_TOOLS_DSA_PTX_RUN_SINGLE_H
