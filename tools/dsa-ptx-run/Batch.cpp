//===- Batch.cpp - Run many cases -----------------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Batch.h"

#include "dsa/Runtime/CUDA/Kernels.h"
#include "dsa/Runtime/Measure/Workers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir::dsa;
using namespace mlir::dsa::cuda;

namespace {
/// Runs cases in one process.
class Runner {
public:
  Runner(llvm::ArrayRef<Case> cases, const BatchOptions &options)
      : cases(cases), options(options) {}

  Outcome run(size_t number);
  llvm::Error openDevice();

private:
  llvm::Expected<Results> getResults(const Case &which, const Program &program,
                                     bool &broken);
  llvm::Expected<Results> readResults(const Case &which,
                                      const Program &program) const;

  llvm::ArrayRef<Case> cases;
  const BatchOptions &options;
  std::unique_ptr<Device> device;
};
} // namespace

llvm::Expected<Results> Runner::readResults(const Case &which,
                                            const Program &program) const {
  std::string directory = which.name;
  llvm::replace(directory, '/', '.');
  Results results;
  for (const ResultRecord &result : program.getResults()) {
    llvm::SmallString<128> path(options.results);
    llvm::sys::path::append(path, directory, result.name + ".npy");
    const PlannedBuffer &buffer = program.plan.buffers[result.buffer];
    auto tensor = readNpy(path, *buffer.record->element.kind, buffer.shape);
    if (!tensor)
      return tensor.takeError();
    results.names.push_back(result.name);
    results.tensors.push_back(std::move(*tensor));
  }
  return results;
}

llvm::Error Runner::openDevice() {
  if (device)
    return llvm::Error::success();
  auto opened = Device::open(options.device);
  if (!opened)
    return opened.takeError();
  device = std::move(*opened);
  return llvm::Error::success();
}

llvm::Expected<Results>
Runner::getResults(const Case &which, const Program &program, bool &broken) {
  if (!options.results.empty())
    return readResults(which, program);
  // An error of the device can be one that all later calls return.
  broken = true;
  if (auto error = openDevice())
    return std::move(error);
  auto kernels = loadKernels(*device, which.kernels, program.plan);
  if (!kernels)
    return kernels.takeError();
  return execute(*device, *kernels, program, options.poison, /*repeat=*/true);
}

Outcome Runner::run(size_t number) {
  const Case &which = cases[number];
  auto fail = [](llvm::Error error, bool broken = false) {
    return Outcome{llvm::toString(std::move(error)), broken, {}};
  };
  auto program = loadProgram(which.launch, which.entry, which.inputs);
  if (!program)
    return fail(program.takeError());
  for (const ResultRecord &result : program->getResults())
    if (llvm::none_of(which.checks, [&](const Check &check) {
          return llvm::is_contained(getCheckedResults(check), result.name);
        }))
      return {"expected a check of result '" + result.name + "', found none",
              false,
              {}};
  bool broken = false;
  auto results = getResults(which, *program, broken);
  if (!results)
    return fail(results.takeError(), broken);
  for (const Check &check : which.checks)
    if (auto error = runCheck(check, *results))
      return fail(std::move(error));
  return {};
}

llvm::Expected<bool> runBatch(llvm::ArrayRef<Case> cases,
                              const BatchOptions &options) {
  Runner runner(cases, options);
  size_t passed = 0, failed = 0;
  auto done = [&](size_t number, const Outcome &outcome) {
    const std::string &failure = outcome.failure;
    ++(failure.empty() ? passed : failed);
    if (!failure.empty())
      llvm::outs() << "FAIL " << cases[number].name << ": " << failure << '\n';
    llvm::outs().flush();
  };
  const bool onDevice = options.results.empty();
  if (!onDevice || options.jobs == 0) {
    if (onDevice)
      if (auto error = runner.openDevice())
        return std::move(error);
    for (size_t number = 0; number < cases.size(); ++number)
      done(number, runner.run(number));
  } else {
    // Nothing of CUDA may begin in this process, of which workers are copies.
    // Where there is no device, that is one error and not one a case.
    std::string noDevice;
    auto open = [&](size_t) {
      return Outcome{llvm::toString(runner.openDevice()), true, {}};
    };
    auto opened = [&](size_t, const Outcome &outcome) {
      noDevice = outcome.failure;
    };
    if (auto error = runInWorkers(1, 1, options.seconds, open, opened))
      return std::move(error);
    if (!noDevice.empty())
      return llvm::createStringError(noDevice);
    auto run = [&](size_t number) { return runner.run(number); };
    if (auto error = runInWorkers(cases.size(), options.jobs, options.seconds,
                                  run, done))
      return std::move(error);
  }
  llvm::outs() << passed << " passed, " << failed << " failed\n";
  return failed == 0;
}
