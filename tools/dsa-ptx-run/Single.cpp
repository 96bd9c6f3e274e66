//===- Single.cpp - Run one function from the command line ----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Single.h"
#include "dsa/Runtime/CUDA/Timing.h"
#include "dsa/Runtime/MakeError.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/SmallVectorExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

using namespace mlir::dsa;
using namespace mlir::dsa::cuda;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Options
//===----------------------------------------------------------------------===//

static llvm::Expected<NamedFiles>
parseInputs(llvm::ArrayRef<std::string> inputs) {
  NamedFiles files;
  for (StringRef text : inputs) {
    auto [name, file] = text.split('=');
    if (!text.contains('='))
      return makeError("--input {0}: expected NAME=FILE.npy", text);
    files.emplace_back(name, file);
  }
  return files;
}

/// How each result is checked.
static llvm::Expected<std::vector<CloseCheck>>
makeChecks(const Program &program, const SingleOptions &options) {
  std::vector<CloseCheck> checks;
  for (const ResultRecord &result : program.getResults()) {
    const BufferRecord &buffer = *program.plan.buffers[result.buffer].record;
    llvm::SmallString<128> path(options.check);
    llvm::sys::path::append(path, result.name + ".npy");
    checks.push_back({result.name, path.str().str(),
                      getTolerance(*buffer.element.kind), CloseCheck::kTiny});
  }
  for (StringRef text : options.tolerances) {
    auto [name, value] = text.split('=');
    auto isIt = [&, name = name](const CloseCheck &check) {
      return check.result == name;
    };
    auto check = llvm::find_if(checks, isIt);
    if (check == checks.end())
      return makeError("--tolerance {0}: no result is named '{1}'; expected "
                       "one of: {2}",
                       text, name,
                       llvm::join(llvm::map_range(checks,
                                                  [](const CloseCheck &check) {
                                                    return check.result;
                                                  }),
                                  ", "));
    auto [tolerance, floor] = value.split(',');
    if (tolerance.getAsDouble(check->tolerance) || check->tolerance < 0 ||
        (!floor.empty() &&
         (floor.getAsDouble(check->floor) || check->floor <= 0)))
      return makeError("--tolerance {0}: expected NAME=1e-5 or NAME=1e-5,FLOOR",
                       text);
  }
  return checks;
}

//===----------------------------------------------------------------------===//
// What is printed
//===----------------------------------------------------------------------===//

static std::string printExtents(const std::array<unsigned, 3> &extents) {
  return llvm::formatv("{0}x{1}x{2}", extents[0], extents[1], extents[2]);
}

static void printTensorMap(llvm::raw_ostream &os, const PlannedTensorMap &map) {
  const ParameterRecord &record = *map.record;
  Shape box(record.box.begin(), record.box.end());
  os << " map(&" << record.buffer << " [" << shapeToString(map.sizes)
     << "], strides [" << shapeToString(map.strides) << "], box ["
     << shapeToString(box) << "], swizzle " << record.swizzle << ')';
}

static void printPlan(llvm::raw_ostream &os, const LaunchPlan &plan) {
  for (auto [number, buffer] : llvm::enumerate(plan.buffers)) {
    const BufferRecord &record = *buffer.record;
    os << "buffer " << number << ": ";
    if (record.kind == BufferRecord::Kind::Argument)
      os << "argument '" << plan.function->arguments[record.argument].name
         << "'";
    else
      os << (record.kind == BufferRecord::Kind::Result ? "result"
                                                       : "workspace");
    os << ", [" << shapeToString(buffer.shape) << "] of " << record.element.name
       << ", " << buffer.bytes << " bytes\n";
  }
  for (const PlannedLaunch &launch : plan.launches) {
    os << "launch " << launch.step->kernel << ": grid "
       << printExtents(launch.grid) << ", block "
       << printExtents(launch.step->block) << ", cluster "
       << printExtents(launch.step->cluster) << ", "
       << launch.step->sharedMemory << " bytes of shared memory, parameters";
    for (const PackedParameter &parameter : launch.parameters) {
      if (parameter.kind == PackedParameter::Kind::Address)
        os << " &" << parameter.bits;
      else if (parameter.kind == PackedParameter::Kind::TensorMap)
        printTensorMap(os, launch.tensorMaps[parameter.bits]);
      else if (parameter.bytes == 8)
        os << ' ' << int64_t(parameter.bits);
      else
        os << ' ' << llvm::format_hex(parameter.bits, 10);
    }
    os << '\n';
  }
}

static llvm::Error printKernels(llvm::raw_ostream &os, const Kernels &kernels,
                                const LaunchPlan &plan) {
  auto resources = kernels.getResources(plan);
  if (!resources)
    return resources.takeError();
  for (const KernelResources &kernel : *resources)
    os << "kernel " << kernel.name << ": " << kernel.registers
       << " registers and " << kernel.localBytes
       << " bytes of local memory a thread, " << kernel.sharedBytes
       << " bytes of static shared memory a block\n";
  return llvm::Error::success();
}

/// Prints a line for each result; returns the first mistake.
static std::string printResults(llvm::raw_ostream &os, const Results &results,
                                llvm::ArrayRef<CloseCheck> checks) {
  std::string mistake;
  for (auto [number, name] : llvm::enumerate(results.names)) {
    const HostTensor &tensor = results.tensors[number];
    os << "result " << name << ": " << tensor.getTypeString();
    if (!checks.empty()) {
      const CloseCheck &check = checks[number];
      std::string wrong = llvm::toString(runCheck(check, results));
      os << (wrong.empty() ? ", right" : ", wrong");
      if (auto expected = readNpyValues(check.expected)) {
        if (auto worst = findWorstError(tensor, *expected, check.floor))
          os << ", error " << llvm::format("%.1e", worst->error) << " of "
             << llvm::format("%.0e", check.tolerance);
        else
          llvm::consumeError(worst.takeError());
      } else {
        llvm::consumeError(expected.takeError());
      }
      if (mistake.empty())
        mistake = wrong;
    }
    os << '\n';
  }
  return mistake;
}

static void printTiming(llvm::raw_ostream &os, const Timing &timing) {
  auto [least, most] = std::minmax_element(timing.milliseconds.begin(),
                                           timing.milliseconds.end());
  os << llvm::format("time: %.4f ms, the median of %zu runs (%.4f to %.4f), ",
                     timing.getMedian(), timing.milliseconds.size(), *least,
                     *most);
  if (timing.flushed)
    os << "the cache emptied before each\n";
  else
    os << timing.numSets << " sets of arguments in turn\n";
}

llvm::Error runSingle(const SingleOptions &options) {
  auto inputs = parseInputs(options.inputs);
  if (!inputs)
    return inputs.takeError();
  auto program = loadProgram(options.launch, options.entry, *inputs);
  if (!program)
    return program.takeError();
  std::vector<CloseCheck> checks;
  if (!options.check.empty()) {
    auto made = makeChecks(*program, options);
    if (!made)
      return made.takeError();
    checks = std::move(*made);
  }
  llvm::raw_ostream &os = llvm::outs();
  if (options.dryRun) {
    printPlan(os, program->plan);
    return llvm::Error::success();
  }

  auto device = Device::open(options.device);
  if (!device)
    return device.takeError();
  auto kernels = loadKernels(**device, options.kernels, program->plan);
  if (!kernels)
    return kernels.takeError();
  std::optional<NpyOutputs> files;
  if (!options.output.empty()) {
    auto names = llvm::map_to_vector(
        program->getResults(), [](const ResultRecord &r) { return r.name; });
    auto created = NpyOutputs::create(options.output, names);
    if (!created)
      return created.takeError();
    files.emplace(std::move(*created));
  }
  auto results =
      execute(**device, *kernels, *program, options.poison, options.repeat);
  if (!results)
    return results.takeError();
  if (files)
    if (auto error = files->commit(results->tensors))
      return error;

  os << "device: " << (*device)->getName() << '\n';
  if (auto error = printKernels(os, *kernels, program->plan))
    return error;
  std::string mistake = printResults(os, *results, checks);
  if (!mistake.empty())
    return llvm::createStringError(mistake);
  if (!options.timedRuns)
    return llvm::Error::success();
  auto timing = timeRuns(**device, *kernels, program->plan, program->arguments,
                         {options.timedRuns, options.idleMilliseconds});
  if (!timing)
    return timing.takeError();
  printTiming(os, *timing);
  return llvm::Error::success();
}
