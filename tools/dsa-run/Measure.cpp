//===- Measure.cpp - Compile and run, and take the time -------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Measure.h"

#include "dsa/Runtime/PeakMemory.h"
#include "dsa/Runtime/Progress.h"

using namespace mlir::dsa;

llvm::Expected<std::unique_ptr<CPUEngine>>
compileAndMeasure(const EntryPoint &entry, llvm::StringRef tileChip,
                  RunReport &report) {
  Progress progress("dsa-run: compiling");
  Stopwatch watch;
  auto engine = CPUEngine::compile(entry, tileChip);
  report.compileSeconds = watch.getSeconds();
  return engine;
}

llvm::Expected<std::vector<HostTensor>>
runAndMeasure(const CPUEngine &engine, llvm::ArrayRef<HostTensor> arguments,
              unsigned timedRuns, RunReport &report) {
  Progress progress("dsa-run: running", int64_t(timedRuns) + 1);
  PeakMemory memory;
  Stopwatch first;
  auto results = engine.run(arguments);
  double firstSeconds = first.getSeconds();
  if (!results)
    return results;
  if (auto rise = memory.getRise()) {
    for (const HostTensor &result : *results)
      *rise -= result.getNumBytes();
    report.extraBytes = std::max<int64_t>(*rise, 0);
  }
  if (timedRuns == 0)
    report.seconds = {firstSeconds};
  for (unsigned run = 0; run < timedRuns; ++run) {
    progress.advance();
    // Two sets of results need not be held.
    results->clear();
    Stopwatch watch;
    results = engine.run(arguments);
    report.seconds.push_back(watch.getSeconds());
    if (!results)
      return results;
  }
  return results;
}
