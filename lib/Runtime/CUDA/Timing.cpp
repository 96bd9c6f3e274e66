//===- Timing.cpp - How long a function takes on a GPU --------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/CUDA/Timing.h"

#include "dsa/Runtime/CUDA/Event.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <chrono>
#include <thread>

using namespace mlir::dsa;
using namespace mlir::dsa::cuda;

float Timing::getMedian() const {
  std::vector<float> sorted = milliseconds;
  llvm::sort(sorted);
  size_t middle = sorted.size() / 2;
  return sorted.size() % 2 ? sorted[middle]
                           : (sorted[middle - 1] + sorted[middle]) / 2;
}

namespace {
class Timer {
public:
  Timer(const Device &device, Kernels &kernels, const LaunchPlan &plan,
        const TimingOptions &options)
      : device(device), kernels(kernels), plan(plan), options(options) {}

  llvm::Error allocate(llvm::ArrayRef<HostTensor> arguments);
  llvm::Error warmUp();
  llvm::Expected<Timing> time();

private:
  llvm::Error run() {
    return kernels.launch(plan, sets[turn++ % sets.size()], /*stepwise=*/false);
  }
  llvm::Error prepareRun();

  const Device &device;
  Kernels &kernels;
  const LaunchPlan &plan;
  const TimingOptions &options;
  std::vector<BufferSet> sets;
  /// Memory whose filling empties the cache, and memory whose filling keeps the
  /// device busy.
  std::optional<DeviceBuffer> flush, busy;
  size_t turn = 0;
};
} // namespace

/// A part of the cache: little has to be written back while a run is timed.
static constexpr int64_t kBusyPart = 6;

llvm::Error Timer::allocate(llvm::ArrayRef<HostTensor> arguments) {
  auto filled = DeviceBuffer::allocate(
      device, std::max<int64_t>(device.getL2Bytes() / kBusyPart, 1));
  if (!filled)
    return filled.takeError();
  busy = std::move(*filled);
  auto first = BufferSet::allocate(device, plan);
  if (!first)
    return first.takeError();
  if (auto error = first->setArguments(arguments))
    return error;
  if (auto error = first->fill(kPoison))
    return error;
  sets.push_back(std::move(*first));

  // What the other sets hold displaces a set from the cache before its turn
  // comes again. Part of the memory stays free, for the driver.
  auto free = device.getFreeBytes();
  if (!free)
    return free.takeError();
  const int64_t toDisplace = 2 * device.getL2Bytes();
  const int64_t bytes = std::max<int64_t>(BufferSet::getNumBytes(plan), 1);
  constexpr int64_t kMostSets = 64;
  int64_t wanted = llvm::divideCeil(toDisplace, bytes) + 1;
  int64_t count = std::min({wanted, kMostSets, 1 + *free / 2 / bytes});
  while (int64_t(sets.size()) < count) {
    auto set = BufferSet::allocate(device, plan, &sets.front());
    if (!set)
      return set.takeError();
    if (auto error = set->setArguments(sets.front()))
      return error;
    if (auto error = set->fill(kPoison))
      return error;
    sets.push_back(std::move(*set));
  }
  if (count == wanted)
    return llvm::Error::success();
  auto buffer = DeviceBuffer::allocate(device, toDisplace);
  if (!buffer)
    return buffer.takeError();
  flush = std::move(*buffer);
  return llvm::Error::success();
}

llvm::Error Timer::prepareRun() {
  if (flush)
    if (auto error = flush->fill(0))
      return error;
  if (options.idleMilliseconds > 0) {
    if (auto error = device.synchronize())
      return error;
    std::this_thread::sleep_for(
        std::chrono::duration<double, std::milli>(options.idleMilliseconds));
  }
  // While the device does this, launches queue up: what is timed is not how
  // fast the host launches. Filling takes longer than asking for it. About a
  // millisecond, in which the clocks rise again after a rest.
  constexpr int kFills = 256;
  for (int i = 0; i < kFills; ++i)
    if (auto error = busy->fill(0))
      return error;
  return llvm::Error::success();
}

llvm::Error Timer::warmUp() {
  // Long enough for the clocks to rise, too.
  constexpr auto kTime = std::chrono::milliseconds(100);
  constexpr int kLeastRuns = 3, kMostRuns = 1000;
  auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < kMostRuns; ++i) {
    if (i >= kLeastRuns && std::chrono::steady_clock::now() - start > kTime)
      break;
    if (auto error = run())
      return error;
    if (auto error = device.synchronize())
      return error;
  }
  return llvm::Error::success();
}

llvm::Expected<Timing> Timer::time() {
  std::vector<std::pair<Event, Event>> events;
  for (unsigned i = 0; i < options.runs; ++i) {
    auto start = Event::create(device.getDriver(), Event::Kind::Timed);
    if (!start)
      return start.takeError();
    auto end = Event::create(device.getDriver(), Event::Kind::Timed);
    if (!end)
      return end.takeError();
    events.emplace_back(std::move(*start), std::move(*end));
  }
  for (auto &[start, end] : events) {
    if (auto error = prepareRun())
      return std::move(error);
    if (auto error = start.record(/*stream=*/nullptr))
      return std::move(error);
    if (auto error = run())
      return std::move(error);
    if (auto error = end.record(/*stream=*/nullptr))
      return std::move(error);
  }
  if (auto error = device.synchronize())
    return std::move(error);

  Timing timing;
  timing.numSets = sets.size();
  timing.flushed = flush.has_value();
  for (auto &[start, end] : events) {
    auto passed = end.getMillisecondsSince(start);
    if (!passed)
      return passed.takeError();
    timing.milliseconds.push_back(*passed);
  }
  return timing;
}

llvm::Expected<Timing> mlir::dsa::cuda::timeRuns(
    const Device &device, Kernels &kernels, const LaunchPlan &plan,
    llvm::ArrayRef<HostTensor> arguments, const TimingOptions &options) {
  Timer timer(device, kernels, plan, options);
  if (auto error = timer.allocate(arguments))
    return std::move(error);
  if (auto error = timer.warmUp())
    return std::move(error);
  return timer.time();
}
