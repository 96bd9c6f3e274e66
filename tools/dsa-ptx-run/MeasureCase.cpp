//===- MeasureCase.cpp - Candidates for one operation ---------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MeasureCase.h"
#include "dsa/Runtime/CUDA/Timing.h"
#include "dsa/Runtime/MakeError.h"
#include "dsa/Runtime/Measure/CompareTensors.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/SmallVectorExtras.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/Path.h"

#include <cstring>
#include <sys/mman.h>

using namespace mlir::dsa;
using namespace mlir::dsa::cuda;
using llvm::StringRef;

std::string MeasureCase::getPath(StringRef file) const {
  llvm::SmallString<128> path(directory);
  llvm::sys::path::append(path, file);
  return path.str().str();
}

//===----------------------------------------------------------------------===//
// Arguments and memory for results
//===----------------------------------------------------------------------===//

/// In the order of the function's arguments.
static llvm::Error makeArguments(const FunctionRecord &function,
                                 llvm::ArrayRef<PlannedArgument> planned,
                                 std::vector<HostTensor> &values) {
  for (const ArgumentRecord &argument : function.arguments) {
    const auto *found =
        llvm::find_if(planned, [&](const PlannedArgument &candidate) {
          return candidate.name == argument.name;
        });
    if (found == planned.end())
      return makeError("the plan has no argument '{0}'", argument.name);
    auto tensor = HostTensor::create(argument.element, found->shape);
    if (!tensor)
      return tensor.takeError();
    bool hasFloats = found->recipe.kind == InputRecipe::Kind::Normal;
    if (hasFloats != isFloat(argument.element))
      return makeError("argument '{0}' of {1} cannot hold '{2}' values",
                       argument.name, getName(argument.element),
                       getName(found->recipe.kind));
    fillInput(*tensor, found->recipe);
    values.push_back(std::move(*tensor));
  }
  return llvm::Error::success();
}

llvm::Expected<Program>
MeasureCase::load(const PlannedProgram &planned,
                  llvm::ArrayRef<PlannedArgument> plannedArguments,
                  llvm::MutableArrayRef<HostTensor> values) const {
  auto record = readLaunchRecord(getPath(planned.launch));
  if (!record)
    return record.takeError();
  Program program{std::make_unique<LaunchRecord>(std::move(*record)), {}, {}};
  auto function = program.record->find("");
  if (!function)
    return function.takeError();
  if ((*function)->arguments.size() != values.size())
    return makeError("expected {0} arguments, found {1}", values.size(),
                     (*function)->arguments.size());
  llvm::SmallVector<Shape> shapes;
  for (auto [argument, value] : llvm::zip((*function)->arguments, values)) {
    if (argument.element != value.getKind())
      return makeError("expected argument '{0}' of {1}, found {2}",
                       argument.name, getName(value.getKind()),
                       getName(argument.element));
    shapes.emplace_back(value.getShape());
    program.arguments.push_back(
        HostTensor::borrow(value.getKind(), value.getShape(), value.getData()));
  }
  auto plan = planLaunches(**function, shapes);
  if (!plan)
    return plan.takeError();
  program.plan = std::move(*plan);
  return program;
}

llvm::Error MeasureCase::prepare() {
  auto record = readLaunchRecord(getPath(planned.reference.launch));
  if (!record)
    return record.takeError();
  auto function = record->find("");
  if (!function)
    return function.takeError();
  if (auto error = makeArguments(**function, planned.arguments, arguments))
    return error;
  if (planned.check)
    if (auto error =
            makeArguments(**function, planned.check->arguments, fewArguments))
      return error;
  auto program = load(planned.reference, planned.arguments, arguments);
  if (!program)
    return program.takeError();
  for (const ResultRecord &result : program->getResults()) {
    const PlannedBuffer &buffer = program->plan.buffers[result.buffer];
    size_t bytes = std::max<int64_t>(buffer.bytes, 1);
    void *memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
      return makeError("cannot have {0} bytes: {1}", bytes,
                       llvm::sys::StrError());
    shared.emplace_back(memory, bytes);
    expected.push_back(
        HostTensor::borrow(*buffer.record->element.kind, buffer.shape, memory));
  }
  return llvm::Error::success();
}

llvm::Expected<std::unique_ptr<MeasureCase>>
MeasureCase::create(StringRef directory, const MeasurePlan &plan,
                    const PlannedCase &planned, int device) {
  std::unique_ptr<MeasureCase> made(
      new MeasureCase(directory, plan, planned, device));
  if (auto error = made->prepare())
    return makeError("{0}: {1}", planned.name,
                     llvm::toString(std::move(error)));
  return made;
}

MeasureCase::~MeasureCase() {
  for (auto [memory, bytes] : shared)
    munmap(memory, bytes);
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

llvm::Error MeasureCase::checkFewRows(const Device &device,
                                      const PlannedProgram &which) {
  if (!planned.check)
    return llvm::Error::success();
  auto program = load(which, planned.check->arguments, fewArguments);
  if (!program)
    return program.takeError();
  auto kernels = loadKernels(device, getPath(which.kernels), program->plan);
  if (!kernels)
    return kernels.takeError();
  auto results =
      execute(device, *kernels, *program, Poison::Yes, /*repeat=*/true);
  if (!results)
    return results.takeError();
  for (const PlannedCheck::Result &result : planned.check->results) {
    CloseCheck check{result.name, getPath(result.expected), result.tolerance,
                     CloseCheck::kTiny,
                     result.slack.empty() ? "" : getPath(result.slack)};
    if (auto error = runCheck(check, *results))
      return makeError("with few rows, {0}", llvm::toString(std::move(error)));
  }
  return llvm::Error::success();
}

llvm::Error MeasureCase::compare(const Results &results) const {
  for (auto [number, name] : llvm::enumerate(results.names)) {
    auto rule =
        llvm::find_if(planned.results, [&, name = name](const auto &rule) {
          return rule.name == name;
        });
    if (rule == planned.results.end())
      return makeError("the plan has no result '{0}'", name);
    const HostTensor &found = results.tensors[number];
    if (number >= expected.size() ||
        found.getShape() != expected[number].getShape() ||
        found.getKind() != expected[number].getKind())
      return makeError("result '{0}' has another type than expected", name);
    WorstDifference worst = findWorstDifference(found, expected[number]);
    if (worst.error > rule->tolerance)
      return makeError("result '{0}' is off by {1}, more than {2}, at element "
                       "{3}: expected {4}, got {5}",
                       name, llvm::format("%.1e", worst.error),
                       llvm::format("%.0e", rule->tolerance), worst.index,
                       printNumber(expected[number].get(worst.index)),
                       printNumber(found.get(worst.index)));
  }
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// On the device
//===----------------------------------------------------------------------===//

llvm::Error MeasureCase::runReferenceOn(const Device &device) {
  if (auto error = checkFewRows(device, planned.reference))
    return error;
  auto program = load(planned.reference, planned.arguments, arguments);
  if (!program)
    return program.takeError();
  auto kernels =
      loadKernels(device, getPath(planned.reference.kernels), program->plan);
  if (!kernels)
    return kernels.takeError();
  auto results =
      execute(device, *kernels, *program, Poison::Yes, /*repeat=*/false);
  if (!results)
    return results.takeError();
  for (auto [found, kept] : llvm::zip(results->tensors, expected))
    std::memcpy(kept.getData(), found.getData(), found.getNumBytes());
  return llvm::Error::success();
}

llvm::Expected<std::string>
MeasureCase::measureOn(const Device &device, const PlannedCandidate &candidate,
                       bool withCheck) {
  if (withCheck)
    if (auto error = checkFewRows(device, candidate.program))
      return std::move(error);
  auto program = load(candidate.program, planned.arguments, arguments);
  if (!program)
    return program.takeError();
  auto kernels =
      loadKernels(device, getPath(candidate.program.kernels), program->plan);
  if (!kernels)
    return kernels.takeError();
  if (withCheck) {
    auto results =
        execute(device, *kernels, *program, Poison::Yes, /*repeat=*/false);
    if (!results)
      return results.takeError();
    if (auto error = compare(*results))
      return std::move(error);
  }
  auto timing = timeRuns(device, *kernels, program->plan, program->arguments,
                         {plan.runs, plan.idleMilliseconds});
  if (!timing)
    return timing.takeError();
  llvm::json::Array times;
  for (float milliseconds : timing->milliseconds)
    times.push_back(std::round(double(milliseconds) * 1e5) / 1e2);
  std::string answer;
  llvm::raw_string_ostream(answer) << llvm::json::Value(std::move(times));
  return answer;
}

llvm::Error MeasureCase::openDevice() {
  if (device)
    return llvm::Error::success();
  auto opened = Device::open(number);
  if (!opened)
    return opened.takeError();
  device = std::move(*opened);
  return llvm::Error::success();
}

Outcome MeasureCase::runReference() {
  auto error = openDevice();
  if (!error)
    error = runReferenceOn(*device);
  return {llvm::toString(std::move(error)), /*broken=*/true, {}};
}

Outcome MeasureCase::measure(const PlannedCandidate &candidate,
                             bool withCheck) {
  if (auto error = openDevice())
    return {llvm::toString(std::move(error)), /*broken=*/true, {}};
  auto answer = measureOn(*device, candidate, withCheck);
  // Whatever went wrong may have harmed the device.
  if (!answer)
    return {llvm::toString(answer.takeError()), /*broken=*/true, {}};
  return {{}, /*broken=*/false, *answer};
}
