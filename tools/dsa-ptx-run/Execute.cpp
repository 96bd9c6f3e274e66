//===- Execute.cpp - Run one function -------------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Execute.h"
#include "dsa/Runtime/CUDA/JSONReader.h"
#include "dsa/Runtime/CUDA/Kernels.h"
#include "dsa/Runtime/MakeError.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVectorExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <cstring>

using namespace mlir::dsa;
using namespace mlir::dsa::cuda;
using llvm::StringRef;

static llvm::Error readArguments(const FunctionRecord &function,
                                 const NamedFiles &inputs,
                                 std::vector<HostTensor> &arguments) {
  auto names = llvm::map_to_vector(
      function.arguments, [](const ArgumentRecord &a) { return a.name; });
  for (const auto &[name, file] : inputs)
    if (!llvm::is_contained(names, name))
      return makeError("no argument is named '{0}'; expected one of: {1}", name,
                       llvm::join(names, ", "));
  for (const ArgumentRecord &argument : function.arguments) {
    auto isIt = [&](const auto &input) { return input.first == argument.name; };
    auto given = llvm::find_if(inputs, isIt);
    if (given == inputs.end())
      return makeError("argument '{0}' of {1} and shape [{2}] has no value: "
                       "give --input {0}=FILE.npy",
                       argument.name, getName(argument.element),
                       shapeToString(argument.shape));
    if (llvm::count_if(inputs, isIt) > 1)
      return makeError("argument '{0}' was given twice", argument.name);
    auto tensor = readNpy(given->second, argument.element, argument.shape);
    if (!tensor)
      return makeError("argument '{0}': {1}", argument.name,
                       llvm::toString(tensor.takeError()));
    arguments.push_back(std::move(*tensor));
  }
  return llvm::Error::success();
}

llvm::Expected<Program> loadProgram(StringRef launch, StringRef entry,
                                    const NamedFiles &inputs) {
  auto record = readLaunchRecord(launch);
  if (!record)
    return record.takeError();
  Program program{std::make_unique<LaunchRecord>(std::move(*record)), {}, {}};
  auto function = program.record->find(entry);
  if (!function)
    return function.takeError();
  if (auto error = readArguments(**function, inputs, program.arguments))
    return std::move(error);
  auto shapes =
      llvm::map_to_vector(program.arguments, [](const HostTensor &tensor) {
        return Shape(tensor.getShape());
      });
  auto plan = planLaunches(**function, shapes);
  if (!plan)
    return plan.takeError();
  program.plan = std::move(*plan);
  return program;
}

llvm::Expected<Kernels> loadKernels(const Device &device, StringRef path,
                                    const LaunchPlan &plan) {
  auto image = readText(path);
  if (!image)
    return image.takeError();
  auto kernels = Kernels::load(device, (*image)->getBuffer());
  if (!kernels)
    return makeError("'{0}': {1}", path, llvm::toString(kernels.takeError()));
  if (auto error = kernels->prepare(plan))
    return makeError("'{0}': {1}", path, llvm::toString(std::move(error)));
  return kernels;
}

static llvm::Error compareBits(StringRef name, const HostTensor &first,
                               const HostTensor &second) {
  const int64_t bytes = getByteSize(first.getKind());
  const int64_t elements = first.getNumElements();
  int64_t differing = 0, where = 0;
  for (int64_t i = elements - 1; i >= 0; --i)
    if (std::memcmp(first.getData() + i * bytes, second.getData() + i * bytes,
                    bytes) != 0) {
      ++differing;
      where = i;
    }
  if (!differing)
    return llvm::Error::success();
  return makeError("result '{0}' differs between two runs in {1} of {2} "
                   "places, first at element {3}: {4} and {5}",
                   name, differing, elements, where,
                   printNumber(first.get(where)),
                   printNumber(second.get(where)));
}

llvm::Expected<Results> execute(const Device &device, Kernels &kernels,
                                const Program &program, Poison poison,
                                bool repeat) {
  Results results;
  for (const ResultRecord &result : program.getResults())
    results.names.push_back(result.name);
  // What a kernel leaves unwritten shows as a difference, too.
  constexpr uint8_t kOtherPoison = 0x5A;
  auto run = [&](uint8_t byte, bool stepwise) {
    std::optional<uint8_t> filled;
    if (poison == Poison::Yes)
      filled = byte;
    return runOnce(device, kernels, program.plan, program.arguments, filled,
                   stepwise);
  };
  // An error is that of one kernel.
  auto first = run(kPoison, /*stepwise=*/true);
  if (!first)
    return first.takeError();
  results.tensors = std::move(*first);
  if (!repeat)
    return results;
  // What runs at the same time gives the same.
  auto second = run(kOtherPoison, /*stepwise=*/false);
  if (!second)
    return second.takeError();
  for (auto [name, a, b] : llvm::zip(results.names, results.tensors, *second))
    if (auto error = compareBits(name, a, b))
      return std::move(error);
  return results;
}
