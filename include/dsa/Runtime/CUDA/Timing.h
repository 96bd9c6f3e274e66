//===- Timing.h - How long a function takes on a GPU ------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_CUDA_TIMING_H
#define DSA_RUNTIME_CUDA_TIMING_H

#include "dsa/Runtime/CUDA/Kernels.h"

namespace mlir::dsa::cuda {

struct TimingOptions {
  unsigned runs = 1;
  /// For how long the device rests before each run.
  double idleMilliseconds = 0;
};

struct Timing {
  /// Of each run, by events around its launches.
  std::vector<float> milliseconds;
  /// How many sets of arguments and results the runs took in turn.
  size_t numSets = 1;
  /// Whether the cache was emptied before each run, for these sets fit in it.
  bool flushed = false;

  float getMedian() const;
};

/// Times runs of a prepared plan after others that warm up. No run finds its
/// arguments in the cache: runs take sets of arguments in turn that are larger
/// than it. The launches of a run are queued before it begins. An argument that
/// a function updates in place goes on from one run to the next.
llvm::Expected<Timing> timeRuns(const Device &device, Kernels &kernels,
                                const LaunchPlan &plan,
                                llvm::ArrayRef<HostTensor> arguments,
                                const TimingOptions &options);

} // namespace mlir::dsa::cuda

#endif // DSA_RUNTIME_CUDA_TIMING_H
