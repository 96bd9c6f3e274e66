//===- ExpectedResults.cpp - What few rows must give ----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExpectedResults.h"
#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Runtime/Npy.h"
#include "dsa/Runtime/RandomInputs.h"
#include "dsa/Runtime/Reference.h"
#include "dsa/Runtime/Work.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mlir::dsa;

/// Of few rows, of float64: what a second or two are enough for.
static constexpr double kMostOperations = 4e9;

llvm::Expected<std::vector<PlannedArgument>>
mlir::dsa::planArguments(const TunedOperation &operation, TunedSizes sizes,
                         uint64_t seed) {
  auto entry = findEntryPoint(*operation.module, "main");
  if (!entry)
    return entry.takeError();
  auto shapes = operation.getShapes(sizes);
  ShapeEnvironment environment(entry->function, shapes);
  if (auto error = checkShapes(*entry, environment))
    return std::move(error);
  std::vector<PlannedArgument> arguments;
  for (auto [number, slot] : llvm::enumerate(entry->arguments)) {
    auto recipe = makeInputRecipe(*entry, number, environment, seed);
    if (!recipe)
      return recipe.takeError();
    arguments.push_back({slot.name, shapes[number], *recipe});
  }
  return arguments;
}

/// How far a result may be from its exact value.
static double getResultTolerance(Operation *op, const TensorSlot &slot) {
  if (slot.kind == ElementKind::I32)
    return 0;
  // Products of bytes are added with fewer bits on matrix units
  // (docs/Accuracy.md). A head too few is an error of a tenth.
  constexpr double kBytes = 2e-3;
  double tolerance = getTolerance(slot.kind);
  op->walk([&](IndexScoresOp scores) {
    if (isa<Float8E4M3FNType>(getElementTypeOrSelf(scores.getQ().getType())))
      tolerance = std::max(tolerance, kBytes);
  });
  return tolerance;
}

llvm::Expected<std::vector<ResultTolerance>>
mlir::dsa::planTolerances(const TunedOperation &operation) {
  auto entry = findEntryPoint(*operation.module, "main");
  if (!entry)
    return entry.takeError();
  std::vector<ResultTolerance> tolerances;
  for (const TensorSlot &slot : entry->results)
    tolerances.push_back(
        {slot.name, 2 * getResultTolerance(operation.getOperation(), slot)});
  return tolerances;
}

static llvm::Expected<std::string> writeValues(ArrayRef<double> values,
                                               ArrayRef<int64_t> shape,
                                               StringRef directory,
                                               std::string name) {
  auto tensor = HostTensor::create(ElementKind::F32, shape);
  if (!tensor)
    return tensor.takeError();
  for (auto [number, value] : llvm::enumerate(values))
    tensor->set(number, value);
  SmallString<128> path(directory);
  llvm::sys::path::append(path, name);
  if (auto error = llvm::writeToOutput(path, [&](llvm::raw_ostream &os) {
        writeNpy(os, *tensor);
        return llvm::Error::success();
      }))
    return std::move(error);
  return name;
}

llvm::Expected<std::optional<PlannedCheck>>
mlir::dsa::planCheck(const TunedOperation &operation, uint64_t seed,
                     StringRef directory, StringRef prefix) {
  // Neither divides into tiles; lists have more entries than there are keys.
  TunedSizes few = {5, 523, 2};
  // Scores that are rounded otherwise may select others of nearly equal keys,
  // but not where all are selected.
  if (auto select = dyn_cast<SelectOp>(operation.getOperation()))
    few.keys = std::min(few.keys, select.getK());
  auto arguments = planArguments(operation, few, seed);
  if (!arguments)
    return arguments.takeError();
  auto entry = findEntryPoint(*operation.module, "main");
  if (!entry)
    return entry.takeError();
  auto shapes = operation.getShapes(few);
  ShapeEnvironment environment(entry->function, shapes);
  if (countWork(entry->function, environment, {}, {}).flops > kMostOperations ||
      llvm::errorToBool(checkHasReference(entry->function)))
    return std::nullopt;
  std::vector<HostTensor> values;
  for (unsigned number = 0; number < arguments->size(); ++number) {
    auto value = makeRandomInput(*entry, number, environment, seed);
    if (!value)
      return value.takeError();
    values.push_back(std::move(*value));
  }
  auto results = evaluateReference(entry->function, values, /*onTiles=*/true);
  if (!results)
    return results.takeError();
  PlannedCheck check{std::move(*arguments), {}};
  for (auto [slot, result] : llvm::zip(entry->results, *results)) {
    PlannedCheck::Result &planned = check.results.emplace_back();
    planned.name = slot.name;
    planned.tolerance = getResultTolerance(operation.getOperation(), slot);
    auto write = [&](ArrayRef<double> numbers, StringRef what) {
      return writeValues(numbers, result.shape, directory,
                         (prefix + what + slot.name + ".npy").str());
    };
    auto expected = write(result.data, "expected-");
    if (!expected)
      return expected.takeError();
    planned.expected = *expected;
    if (result.slack.empty())
      continue;
    auto slack = write(result.slack, "slack-");
    if (!slack)
      return slack.takeError();
    planned.slack = *slack;
  }
  return check;
}
