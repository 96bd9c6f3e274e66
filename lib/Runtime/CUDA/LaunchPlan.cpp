//===- LaunchPlan.cpp - A launch record, for arguments of given sizes -----===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/CUDA/LaunchPlan.h"

#include "dsa/Runtime/CUDA/Driver.h"
#include "dsa/Runtime/MakeError.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/CheckedArithmetic.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir::dsa;
using namespace mlir::dsa::cuda;

static llvm::Error checkArguments(const FunctionRecord &function,
                                  llvm::ArrayRef<Shape> shapes) {
  if (shapes.size() != function.arguments.size())
    return makeError("expected {0} arguments, found {1}",
                     function.arguments.size(), shapes.size());
  for (auto [argument, shape] : llvm::zip(function.arguments, shapes)) {
    bool fits = argument.shape.size() == shape.size();
    for (auto [expected, found] : llvm::zip(argument.shape, shape))
      fits &= expected == kDynamicSize || expected == found;
    if (!fits)
      return makeError("argument '{0}': expected shape [{1}], found [{2}]",
                       argument.name, shapeToString(argument.shape),
                       shapeToString(shape));
  }
  return llvm::Error::success();
}

/// Whether all elements that a view reaches are among the first so many.
static bool staysInside(int64_t elements, int64_t offset,
                        llvm::ArrayRef<int64_t> sizes,
                        llvm::ArrayRef<int64_t> strides) {
  if (llvm::is_contained(sizes, 0))
    return true;
  std::optional<int64_t> first = offset, last = offset;
  for (auto [size, stride] : llvm::zip(sizes, strides)) {
    auto &end = stride < 0 ? first : last;
    if (end)
      end = llvm::checkedMulAdd(size - 1, stride, *end);
  }
  return first && *first >= 0 && last && *last < elements;
}

namespace {
/// Evaluates a function's expressions; errors say of what.
class Planner {
public:
  Planner(const FunctionRecord &function, llvm::ArrayRef<Shape> arguments)
      : arguments(arguments), plan{&function, {}, {}} {}

  llvm::Expected<LaunchPlan> run();

private:
  void evaluateValues();
  llvm::Error checkRequirements();
  llvm::Error planBuffer(const BufferRecord &record);
  void planCopies();
  /// The number in the plan of what a launch calls buffer `number`.
  unsigned getBuffer(unsigned number) const;
  llvm::Error planLaunch(const LaunchStep &step);
  llvm::Error planLaunches(llvm::ArrayRef<LaunchStep> steps);
  llvm::Error planRepetition(const LaunchStep &step);
  llvm::Error pack(const ParameterRecord &parameter, PlannedLaunch &launch);
  llvm::Error packMemref(const ParameterRecord &parameter,
                         std::vector<PackedParameter> &packed);
  llvm::Error packTensorMap(const ParameterRecord &parameter,
                            PlannedLaunch &launch);

  /// Sets `value`, which must be from `least` to `most`.
  llvm::Error evaluate(const llvm::Twine &what, const Expression &expression,
                       int64_t &value,
                       int64_t least = std::numeric_limits<int64_t>::min(),
                       int64_t most = std::numeric_limits<int64_t>::max());

  llvm::ArrayRef<Shape> arguments;
  std::vector<SharedValue> values;
  /// Of the repetitions around the launch that is planned.
  llvm::SmallVector<int64_t> iterations;
  int64_t repetitions = 0;
  /// The concurrent repetition around it, and how many there have been.
  unsigned repetition = 0, lane = 0, concurrentRepetitions = 0;
  /// Where the further copies of each buffer begin.
  std::vector<unsigned> copies;
  LaunchPlan plan;
};
} // namespace

llvm::Error Planner::evaluate(const llvm::Twine &what,
                              const Expression &expression, int64_t &value,
                              int64_t least, int64_t most) {
  auto found = expression.evaluate(arguments, iterations, values);
  if (!found)
    return makeError("{0}: {1}", what.str(), llvm::toString(found.takeError()));
  value = *found;
  if (value < least || value > most)
    return makeError("{0}: expected {1} to {2}, found {3}", what.str(), least,
                     most, value);
  return llvm::Error::success();
}

/// Errors are those of what needs the value.
void Planner::evaluateValues() {
  for (const Expression &expression : plan.function->values) {
    auto found = expression.evaluate(arguments, /*iterations=*/{}, values);
    SharedValue &shared = values.emplace_back();
    if (found)
      shared.value = *found;
    else
      shared.error = llvm::toString(found.takeError());
  }
}

llvm::Error Planner::checkRequirements() {
  for (const RequirementRecord &requirement : plan.function->requirements) {
    auto holds =
        requirement.condition.evaluate(arguments, /*iterations=*/{}, values);
    if (!holds)
      return holds.takeError();
    if (*holds == 0)
      return makeError("the arguments' shapes do not fit together: {0}",
                       requirement.message);
  }
  return llvm::Error::success();
}

llvm::Error Planner::planBuffer(const BufferRecord &record) {
  PlannedBuffer buffer{&record, {}, record.element.bytes};
  size_t number = plan.buffers.size();
  for (const Expression &expression : record.shape) {
    buffer.shape.emplace_back();
    if (auto error = evaluate(llvm::formatv("buffer {0}, extent", number),
                              expression, buffer.shape.back(), 0))
      return error;
  }
  std::optional<int64_t> bytes =
      getTensorBytes(record.element.bytes, buffer.shape);
  if (!bytes)
    return makeError("buffer {0} of shape [{1}] has more bytes than 64 bits "
                     "can count",
                     number, shapeToString(buffer.shape));
  buffer.bytes = *bytes;
  if (record.kind == BufferRecord::Kind::Argument) {
    // An extent of 1 more or less does not move an element.
    const Shape &shape = arguments[record.argument];
    auto expected = getTensorBytes(record.element.bytes, shape);
    if (expected != bytes)
      return makeError("buffer {0}: expected as many elements as argument "
                       "'{1}' of shape [{2}] has, found shape [{3}]",
                       number, plan.function->arguments[record.argument].name,
                       shapeToString(shape), shapeToString(buffer.shape));
  }
  plan.buffers.push_back(std::move(buffer));
  return llvm::Error::success();
}

/// Behind all buffers of the record, which keep their numbers.
void Planner::planCopies() {
  for (auto [number, record] : llvm::enumerate(plan.function->buffers)) {
    copies.push_back(plan.buffers.size());
    plan.buffers.insert(plan.buffers.end(), record.copies - 1,
                        PlannedBuffer(plan.buffers[number]));
  }
}

unsigned Planner::getBuffer(unsigned number) const {
  unsigned copy = lane % plan.function->buffers[number].copies;
  return copy == 0 ? number : copies[number] + copy - 1;
}

llvm::Error Planner::packMemref(const ParameterRecord &parameter,
                                std::vector<PackedParameter> &packed) {
  using Kind = PackedParameter::Kind;
  auto add = [&](int64_t word, Kind kind = Kind::Value) {
    packed.push_back({uint64_t(word), 8, kind});
  };
  int64_t offset;
  if (auto error = evaluate("offset", parameter.value, offset, 0))
    return error;
  Shape sizes, strides;
  for (auto [size, stride] : llvm::zip(parameter.sizes, parameter.strides)) {
    if (auto error = evaluate("size", size, sizes.emplace_back(), 0))
      return error;
    if (auto error = evaluate("stride", stride, strides.emplace_back()))
      return error;
  }
  int64_t elements = plan.buffers[parameter.buffer].getNumElements();
  if (!staysInside(elements, offset, sizes, strides))
    return makeError("a memref of sizes [{0}], strides [{1}] and offset {2} "
                     "leaves buffer {3}, which has {4} elements",
                     shapeToString(sizes), shapeToString(strides), offset,
                     parameter.buffer, elements);

  add(getBuffer(parameter.buffer), Kind::Address);
  add(getBuffer(parameter.buffer), Kind::Address);
  add(offset);
  for (int64_t size : sizes)
    add(size);
  for (int64_t stride : strides)
    add(stride);
  return llvm::Error::success();
}

llvm::Error Planner::packTensorMap(const ParameterRecord &parameter,
                                   PlannedLaunch &launch) {
  // The driver's limits; its own error would not say which does not hold.
  constexpr int64_t kMostExtent = int64_t(1) << 32, kStrideUnit = 16,
                    kMostStride = (int64_t(1) << 40) - kStrideUnit;
  const PlannedBuffer &buffer = plan.buffers[parameter.buffer];
  const BufferElement &element = buffer.record->element;
  PlannedTensorMap map{
      &parameter, getBuffer(parameter.buffer), *element.kind, 0, {}, {}};
  if (auto error = evaluate("offset", parameter.value, map.offset, 0))
    return error;
  if (map.offset * element.bytes % kStrideUnit)
    return makeError("offset: expected a multiple of {0} elements, which are "
                     "{1} bytes, found {2}",
                     kStrideUnit / element.bytes, kStrideUnit, map.offset);
  for (const Expression &size : parameter.sizes)
    if (auto error =
            evaluate("size", size, map.sizes.emplace_back(), 0, kMostExtent))
      return error;
  for (const Expression &stride : parameter.strides)
    if (auto error = evaluate("stride", stride, map.strides.emplace_back(), 0,
                              kMostStride / element.bytes))
      return error;
  if (map.strides.back() != 1)
    return makeError("innermost stride: expected 1, found {0}",
                     map.strides.back());
  for (int64_t stride : llvm::ArrayRef(map.strides).drop_back())
    if (stride * element.bytes % kStrideUnit)
      return makeError("stride: expected a multiple of {0} elements, which are "
                       "{1} bytes, found {2}",
                       kStrideUnit / element.bytes, kStrideUnit, stride);
  int64_t elements = buffer.getNumElements();
  if (!staysInside(elements, map.offset, map.sizes, map.strides))
    return makeError("a tensor map of sizes [{0}], strides [{1}] and offset "
                     "{2} leaves buffer {3}, which has {4} elements",
                     shapeToString(map.sizes), shapeToString(map.strides),
                     map.offset, parameter.buffer, elements);
  launch.parameters.push_back({launch.tensorMaps.size(), sizeof(TensorMap),
                               PackedParameter::Kind::TensorMap});
  launch.tensorMaps.push_back(std::move(map));
  return llvm::Error::success();
}

llvm::Error Planner::pack(const ParameterRecord &parameter,
                          PlannedLaunch &launch) {
  using Kind = ParameterRecord::Kind;
  std::vector<PackedParameter> &packed = launch.parameters;
  int64_t value = 0;
  switch (parameter.kind) {
  case Kind::Memref:
    return packMemref(parameter, packed);
  case Kind::TensorMap:
    return packTensorMap(parameter, launch);
  case Kind::I32:
    if (auto error = evaluate("i32", parameter.value, value,
                              std::numeric_limits<int32_t>::min(),
                              std::numeric_limits<int32_t>::max()))
      return error;
    packed.push_back({uint32_t(value), 4});
    return llvm::Error::success();
  case Kind::I64:
    if (auto error = evaluate("i64", parameter.value, value))
      return error;
    packed.push_back({uint64_t(value), 8});
    return llvm::Error::success();
  case Kind::F32:
    packed.push_back({llvm::bit_cast<uint32_t>(parameter.number), 4});
    return llvm::Error::success();
  }
  llvm_unreachable("unknown kind of parameter");
}

llvm::Error Planner::planLaunch(const LaunchStep &step) {
  static constexpr int64_t kMostBlocks[] = {0x7fffffff, 65535, 65535};
  PlannedLaunch launch{&step, {}, {}, {}, repetition, lane};
  bool empty = false;
  for (int i = 0; i < 3; ++i) {
    int64_t extent;
    std::string what = llvm::formatv("grid {0}", "xyz"[i]);
    if (auto error = evaluate(what, step.grid[i], extent, 0, kMostBlocks[i]))
      return error;
    if (extent % step.cluster[i])
      return makeError("{0}: expected a multiple of the cluster's {1}, found "
                       "{2}",
                       what, step.cluster[i], extent);
    launch.grid[i] = extent;
    empty |= extent == 0;
  }
  if (empty)
    return llvm::Error::success();
  for (auto [number, parameter] : llvm::enumerate(step.parameters))
    if (auto error = pack(parameter, launch))
      return makeError("parameter {0}: {1}", number,
                       llvm::toString(std::move(error)));
  plan.launches.push_back(std::move(launch));
  return llvm::Error::success();
}

/// Errors continue what says which step it is.
llvm::Error Planner::planRepetition(const LaunchStep &step) {
  // Their launches take memory here.
  constexpr int64_t kMostRepetitions = int64_t(1) << 20;
  int64_t count;
  if (auto error = evaluate("repeat", *step.repeat, count, 0,
                            kMostRepetitions - repetitions))
    return makeError(": {0}", llvm::toString(std::move(error)));
  repetitions += count;
  const bool isConcurrent = step.concurrent > 1;
  if (isConcurrent)
    repetition = ++concurrentRepetitions;
  for (int64_t iteration = 0; iteration < count; ++iteration) {
    if (isConcurrent)
      lane = iteration % step.concurrent;
    iterations.push_back(iteration);
    if (auto error = planLaunches(step.launches))
      return makeError(", iteration {0}: {1}", iteration,
                       llvm::toString(std::move(error)));
    iterations.pop_back();
  }
  if (isConcurrent)
    repetition = lane = 0;
  return llvm::Error::success();
}

llvm::Error Planner::planLaunches(llvm::ArrayRef<LaunchStep> steps) {
  for (auto [number, step] : llvm::enumerate(steps)) {
    if (step.repeat) {
      if (auto error = planRepetition(step))
        return makeError("launch {0}{1}", number,
                         llvm::toString(std::move(error)));
      continue;
    }
    if (auto error = planLaunch(step))
      return makeError("launch {0} of kernel '{1}': {2}", number, step.kernel,
                       llvm::toString(std::move(error)));
  }
  return llvm::Error::success();
}

llvm::Expected<LaunchPlan> Planner::run() {
  if (auto error = checkArguments(*plan.function, arguments))
    return std::move(error);
  evaluateValues();
  if (auto error = checkRequirements())
    return std::move(error);
  for (const BufferRecord &buffer : plan.function->buffers)
    if (auto error = planBuffer(buffer))
      return std::move(error);
  planCopies();
  for (auto [number, variant] : llvm::enumerate(plan.function->variants)) {
    int64_t applies;
    if (auto error = evaluate(llvm::formatv("variant {0}, when", number),
                              variant.when, applies))
      return std::move(error);
    if (!applies)
      continue;
    if (auto error = planLaunches(variant.launches))
      return makeError("variant {0}, {1}", number,
                       llvm::toString(std::move(error)));
    return std::move(plan);
  }
  return makeError("expected a variant that applies, found none");
}

llvm::Expected<LaunchPlan>
mlir::dsa::cuda::planLaunches(const FunctionRecord &function,
                              llvm::ArrayRef<Shape> arguments) {
  auto plan = Planner(function, arguments).run();
  if (!plan)
    return makeError("function '{0}': {1}", function.name,
                     llvm::toString(plan.takeError()));
  return plan;
}
