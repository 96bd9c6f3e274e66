//===- Batch.h - Run many cases ---------------------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TOOLS_DSA_PTX_RUN_BATCH_H
#define DSA_TOOLS_DSA_PTX_RUN_BATCH_H

#include "Execute.h"

struct BatchOptions {
  int device = 0;
  Poison poison = Poison::Yes;
  /// How many processes run cases side by side; 0 for this very process.
  unsigned jobs = 1;
  /// How long a case may take before its process is killed.
  unsigned seconds = 60;
  /// Not to run anything, but to check the files DIR/<case>/<result>.npy, with
  /// '.' for '/' in the case's name.
  std::string results;
};

/// Runs all cases, prints a line for each that fails and then how many did
/// either. Returns whether all passed. A kernel that breaks the device or
/// hangs fails its own case only, unless all run in this very process.
llvm::Expected<bool> runBatch(llvm::ArrayRef<Case> cases,
                              const BatchOptions &options);

#endif // DSA_TOOLS_DSA_PTX_RUN_BATCH_H
