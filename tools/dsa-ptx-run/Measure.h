//===- Measure.h - Measure the candidates of a search -----------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TOOLS_DSA_PTX_RUN_MEASURE_H
#define DSA_TOOLS_DSA_PTX_RUN_MEASURE_H

#include "llvm/Support/Error.h"

#include <string>

struct MeasureOptions {
  /// With a plan, a journal, and the files that they name.
  std::string directory;
  int device = 0;
  /// How long a candidate may take before its process is killed.
  unsigned seconds = 60;
  /// Nothing is begun later than this; 0: whenever it may be.
  unsigned stopAfter = 0;
};

/// Measures what the journal does not tell yet, in processes of which none
/// outlives a candidate that fails, and writes into the journal what it finds.
/// A candidate that is wrong, crashes or hangs is a finding, and no error.
llvm::Error runMeasure(const MeasureOptions &options);

#endif // DSA_TOOLS_DSA_PTX_RUN_MEASURE_H
