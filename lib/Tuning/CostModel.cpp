//===- CostModel.cpp - What a schedule is expected to cost ----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Tuning/CostModel.h"
#include "KernelCost.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::dsa;

namespace {
/// Cycles, and what they go to.
struct Bound {
  double cycles;
  StringRef name;

  friend bool operator<(const Bound &a, const Bound &b) {
    return a.cycles < b.cycles;
  }
};
} // namespace

/// Of one tile: the slowest unit, where products and arithmetic run beside one
/// another only in part.
static Bound getTileBound(const KernelCost &kernel, const ChipRates &rates) {
  auto slots = static_cast<double>(kernel.slots);
  Bound matrix = {kernel.flops / kernel.matrixRate, "matrix"};
  Bound shared = {kernel.sharedBytes / rates.shared, "shared memory"};
  if (kernel.isChain)
    matrix = std::max(matrix, shared);
  Bound arithmetic = {std::max(kernel.arithmetic / rates.arithmetic,
                               kernel.exponentials / rates.exponentials) +
                          kernel.handoff,
                      "arithmetic"};
  Bound compute = std::max(matrix, arithmetic);
  compute.cycles += (1 - kernel.overlap) * std::min(matrix, arithmetic).cycles;
  double loadRate = kernel.loadRate > 0 ? kernel.loadRate : rates.loads;
  Bound loads = {kernel.loadedBytes / loadRate, "loads"};
  // While one slot is computed on, the others are filled. A single one, and
  // those of a chain, are filled and computed on in turn.
  Bound latency = {kernel.latency, "latency"};
  if (kernel.slots == 1 || kernel.isChain)
    latency.cycles = (latency.cycles + compute.cycles) / slots;
  else
    latency.cycles /= slots - 1;
  return std::max({compute, shared, loads, latency});
}

/// Bytes of keys that come from device memory again. Lists ascend, so that the
/// programs that run at a time pass through memory together: what several of
/// them list comes once. What the cache cannot hold comes again with the next
/// ones.
static double getMissedBytes(const KernelCost &kernel, const Chip &chip,
                             const ChipRates &rates) {
  if (kernel.listedBytes <= rates.cache || kernel.lists == 0)
    return 0;
  int64_t together = std::min(chip.processors, kernel.lists);
  double often =
      static_cast<double>(together) * kernel.listBytes / kernel.listedBytes;
  double distinct = (1 - std::exp(-often)) / often;
  return static_cast<double>(kernel.lists) * kernel.listBytes * distinct;
}

static Cost getCost(const KernelCost &kernel, const Chip &chip,
                    const ChipRates &rates) {
  constexpr double kWarps = 64;
  Cost cost;
  double tiles = kernel.tiles * static_cast<double>(kernel.programs) +
                 kernel.shareTiles * static_cast<double>(kernel.shares);
  cost.flops = kernel.flops * tiles;
  cost.loadedBytes = kernel.loadedBytes * tiles;
  cost.memoryBytes = kernel.memoryBytes;
  cost.sharedMemory = kernel.sharedMemory;
  cost.programs = kernel.programs + kernel.shares;
  cost.waves = llvm::divideCeil(kernel.programs, chip.processors);
  cost.occupancy = 4 * static_cast<double>(kernel.groups + 1) / kWarps;
  Bound tile = getTileBound(kernel, rates);
  Bound compute = {static_cast<double>(cost.waves) *
                       (kernel.aroundTiles + kernel.tiles * tile.cycles),
                   tile.name};
  if (kernel.shares) {
    ++cost.waves;
    compute.cycles += kernel.aroundShare + kernel.shareTiles * tile.cycles;
  }
  Bound memory = {kernel.memoryBytes / rates.memory * rates.clock, "memory"};
  Bound whole = std::max(compute, memory);
  // What comes from device memory comes beside all else, but for a part.
  constexpr double kWaited = 0.3;
  // Launching takes a few microseconds.
  constexpr double kLaunch = 4;
  cost.microseconds =
      kLaunch + kernel.otherMicroseconds + whole.cycles / rates.clock * 1e6 +
      kWaited * getMissedBytes(kernel, chip, rates) / rates.memory * 1e6;
  cost.bound = whole.name;
  return cost;
}

std::optional<Cost> mlir::dsa::estimateCost(Operation *op,
                                            ScheduleAttrInterface schedule,
                                            const Chip &chip,
                                            const CostSizes &sizes) {
  using namespace dsa_tile;
  const ChipRates *rates = findChipRates(chip);
  if (!rates)
    return std::nullopt;
  using Result = std::optional<KernelCost>;
  auto describe = [&](auto op, auto schedule) -> Result {
    return schedule ? Result(describeKernel(op, schedule, *rates, sizes))
                    : std::nullopt;
  };
  auto describeGathered = [&](Operation *op) -> Result {
    GatheredAttention attention = *GatheredAttention::create(op);
    Result kernel =
        describe(attention, dyn_cast<SparseAttentionScheduleAttr>(schedule));
    return kernel
               ? kernel
               : describe(attention,
                          dyn_cast<TransposedAttentionScheduleAttr>(schedule));
  };
  if (auto topk = dyn_cast<TopkOp>(op)) {
    auto tiles = dyn_cast<TopkScheduleAttr>(schedule);
    if (!tiles)
      return std::nullopt;
    auto scores = cast<ShapedType>(topk.getScores().getType());
    return estimateTopk(tiles, describeWork(topk, scores, sizes), chip, *rates);
  }
  if (auto select = dyn_cast<SelectOp>(op)) {
    auto chunks = dyn_cast<SelectScheduleAttr>(schedule);
    return chunks ? estimateSelect(select, chunks, chip, *rates, sizes)
                  : std::nullopt;
  }
  Result kernel =
      TypeSwitch<Operation *, Result>(op)
          .Case([&](IndexScoresOp op) {
            return describe(op, dyn_cast<ScoresScheduleAttr>(schedule));
          })
          .Case([&](AttentionOp op) {
            Result kernel =
                describe(op, dyn_cast<AttentionScheduleAttr>(schedule));
            return kernel ? kernel : describeGathered(op);
          })
          .Case([&](SparseAttentionOp op) { return describeGathered(op); })
          .Default(std::nullopt);
  if (!kernel)
    return std::nullopt;
  return getCost(*kernel, chip, *rates);
}

void mlir::dsa::sortByCost(Operation *op, const Chip &chip,
                           const CostSizes &sizes,
                           SmallVectorImpl<ScheduleCandidate> &candidates) {
  llvm::DenseMap<Attribute, double> times;
  for (const ScheduleCandidate &candidate : candidates) {
    double &time = times[candidate.schedule];
    time = std::numeric_limits<double>::infinity();
    if (!candidate.isLegal())
      continue;
    if (auto cost = estimateCost(op, candidate.schedule, chip, sizes))
      time = cost->microseconds;
  }
  llvm::stable_sort(
      candidates, [&](const ScheduleCandidate &a, const ScheduleCandidate &b) {
        if (a.isLegal() != b.isLegal())
          return a.isLegal();
        return times.lookup(a.schedule) < times.lookup(b.schedule);
      });
}
