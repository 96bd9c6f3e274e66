//===- Measure.h - Compile and run, and take the time -----------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TOOLS_DSA_RUN_MEASURE_H
#define DSA_TOOLS_DSA_RUN_MEASURE_H

#include "dsa/Runtime/CPUEngine.h"
#include "dsa/Runtime/Report.h"

#include <chrono>

class Stopwatch {
public:
  double getSeconds() const {
    std::chrono::duration<double> passed = Clock::now() - start;
    return passed.count();
  }

private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start = Clock::now();
};

/// Compiles the function, with a chip's kernels on tiles if `tileChip` names
/// one; notes in the report how long that takes.
llvm::Expected<std::unique_ptr<mlir::dsa::CPUEngine>>
compileAndMeasure(const mlir::dsa::EntryPoint &entry, llvm::StringRef tileChip,
                  mlir::dsa::RunReport &report);

/// Runs the function, and notes in the report times and memory. With
/// `timedRuns` above 0 a first run warms up and so many more are timed;
/// otherwise one run is all. Returns the last run's results.
llvm::Expected<std::vector<mlir::dsa::HostTensor>>
runAndMeasure(const mlir::dsa::CPUEngine &engine,
              llvm::ArrayRef<mlir::dsa::HostTensor> arguments,
              unsigned timedRuns, mlir::dsa::RunReport &report);

#endif // DSA_TOOLS_DSA_RUN_MEASURE_H
