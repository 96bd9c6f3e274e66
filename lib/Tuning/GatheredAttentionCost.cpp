//===- GatheredAttentionCost.cpp - What gathering kernels are made of -----===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelCost.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

/// Arithmetic on a score: scaling, the row's maximum, its sum, rounding.
static constexpr double kPerScore = 7;
/// Bytes of queries, keys, values and weights: bf16 or f16.
static constexpr double kBytes = 2;
/// Copies of 16 bytes are issued one by one.
static constexpr double kPerCopy = 0.13;
/// Cycles before a program's first tile.
static constexpr double kStart = 2500;

/// Columns that are gathered of a key.
static double getColumns(const GatheredAttention &op) {
  return static_cast<double>(op.width + (op.value ? op.valueWidth : 0));
}

/// Keys that a row sees.
static double getSeen(const GatheredAttention &op, const CostSizes &sizes) {
  double keys = sizes.keys;
  double entries = op.indices ? std::min<double>(op.getListKeys(), keys) : keys;
  return sizes.keysPerRow.value_or(entries);
}

/// What the whole operation reads and writes at least; few lists do not have
/// all keys.
static double getMemoryBytes(const GatheredAttention &op,
                             const CostSizes &sizes) {
  double rows = sizes.rows, keys = sizes.keys;
  if (op.indices)
    keys = std::min(keys, rows * getSeen(op, sizes));
  return kBytes *
         (rows * static_cast<double>(op.heads * (op.width + op.valueWidth)) +
          keys * static_cast<double>(op.keyHeads) * getColumns(op));
}

/// What rows list, and all that they choose from; a range is no list.
static void describeLists(KernelCost &kernel, const GatheredAttention &op,
                          const ChipRates &rates, const CostSizes &sizes) {
  kernel.loadRate = rates.gathers;
  if (!op.indices)
    return;
  double keyBytes = kBytes * static_cast<double>(op.keyHeads) * getColumns(op);
  kernel.lists = sizes.rows;
  kernel.listBytes = getSeen(op, sizes) * keyBytes;
  kernel.listedBytes = static_cast<double>(sizes.keys) * keyBytes;
}

/// Programs, where `kernel` has the tiles of one, and each takes in `together`
/// at a time. As in the kernels, the last rows are divided where that makes two
/// shares or more.
static void describePrograms(KernelCost &kernel, const GatheredAttention &op,
                             const CostSizes &sizes, int64_t blockHeads,
                             double together, int64_t blocks, int64_t splits) {
  int64_t rowBlocks = op.countBlocks(blockHeads);
  kernel.programs = sizes.rows * rowBlocks;
  if (splits == 1)
    return;
  int64_t turnRows = blocks / rowBlocks, rest = sizes.rows % turnRows;
  int64_t parts = rest ? std::min(splits, turnRows / rest) : 1;
  if (parts < 2)
    return;
  kernel.programs -= rest * rowBlocks;
  kernel.shares = rest * rowBlocks * parts;
  double steps = kernel.tiles / together / static_cast<double>(parts);
  kernel.shareTiles = std::max(std::ceil(steps), 1.0) * together;
  // Two more launches, and shares written and read, mostly in the cache.
  constexpr double kLaunches = 5, kBytesPerMicrosecond = 2e6;
  double bytes = 2 * 4 * static_cast<double>(rest * parts) *
                 static_cast<double>(op.heads * op.valueWidth);
  kernel.otherMicroseconds += kLaunches + bytes / kBytesPerMicrosecond;
}

KernelCost mlir::dsa::describeKernel(const GatheredAttention &op,
                                     SparseAttentionScheduleAttr schedule,
                                     const ChipRates &rates,
                                     const CostSizes &sizes) {
  constexpr double kHeads = SparseAttentionScheduleAttr::kBlockHeads;
  double width = op.width, valueWidth = op.valueWidth;
  double columns = getColumns(op);
  double keys = schedule.getBlockKeys(), groups = schedule.getGroups();
  // Warpgroups that do not split tiles all compute all scores.
  double times = schedule.getSplit() ? 1 : groups;
  double together = schedule.getSplit() ? 2 : 1;

  KernelCost kernel;
  double seen = getSeen(op, sizes);
  kernel.tiles = std::max(std::ceil(seen / (keys * together)), 1.0) * together;
  describePrograms(kernel, op, sizes, SparseAttentionScheduleAttr::kBlockHeads,
                   together, schedule.getBlocks(), schedule.getSplits());
  kernel.groups = schedule.getGroups();
  double slots = together * static_cast<double>(schedule.getSlots());
  kernel.slots = static_cast<int64_t>(slots);
  kernel.sharedMemory =
      static_cast<int64_t>(kBytes * (width * kHeads + columns * slots * keys));
  kernel.flops = 2 * kHeads * keys * (times * width + valueWidth);
  kernel.matrixRate = rates.matrix;
  // Sums of values are scaled where a base moves.
  kernel.arithmetic =
      times * kHeads * keys * 2 * kPerScore + kHeads * valueWidth;
  kernel.exponentials = times * kHeads * keys;
  kernel.sharedBytes =
      kBytes * (times * width * (kHeads + keys) + keys * valueWidth);
  kernel.loadedBytes = kBytes * keys * columns;
  describeLists(kernel, op, rates, sizes);
  kernel.latency = rates.gatherLatency + kPerCopy * kernel.loadedBytes / 16;
  // Barriers between warpgroups; scores, weights and values are a chain.
  constexpr double kBarriers = 400;
  kernel.handoff =
      groups > 1 && !schedule.getInTurn() ? kBarriers / together : 0;
  // The next program's keys come while results are written.
  double results = kHeads * valueWidth * kBytes / 64;
  kernel.aroundTiles = results + (schedule.getBlocks() ? kStart / 2 : kStart);
  // In turn, softmax of the first tile and of the last has nothing beside it.
  constexpr double kAlone = 1200;
  kernel.aroundTiles += schedule.getInTurn() ? kAlone : 0;
  // Measured: a kernel of which one turn runs begins 11 microseconds late.
  constexpr double kCold = 19000;
  kernel.aroundShare = kCold;
  kernel.memoryBytes = getMemoryBytes(op, sizes);
  return kernel;
}

KernelCost mlir::dsa::describeKernel(const GatheredAttention &op,
                                     TransposedAttentionScheduleAttr schedule,
                                     const ChipRates &rates,
                                     const CostSizes &sizes) {
  double heads = schedule.getBlockHeads(), keys = schedule.getBlockKeys();
  double width = op.width, valueWidth = op.valueWidth;
  double columns = getColumns(op), groups = schedule.getGroups();

  KernelCost kernel;
  kernel.tiles = std::max(std::ceil(getSeen(op, sizes) / keys), 1.0);
  describePrograms(kernel, op, sizes, schedule.getBlockHeads(), /*together=*/1,
                   schedule.getBlocks(), schedule.getSplits());
  kernel.groups = schedule.getGroups();
  kernel.slots = schedule.getSlots();
  double slots = schedule.getSlots();
  kernel.sharedMemory = static_cast<int64_t>(
      kBytes * (width * heads + columns * slots * keys + keys * heads));
  kernel.flops = 2 * heads * keys * (width + valueWidth);
  kernel.matrixRate = rates.matrix;
  // Sums of values are scaled with every tile. A warp to a scheduler waits for
  // its own instructions, which two hide in part.
  constexpr double kAlone = 2.4;
  kernel.arithmetic =
      (heads * keys * 2 * kPerScore + heads * valueWidth) * kAlone / groups;
  kernel.exponentials = heads * keys;
  // Keys are what products read, and values; heads are few.
  kernel.sharedBytes = kBytes * keys * (width + valueWidth) +
                       kBytes * groups * heads * (width + keys);
  kernel.loadedBytes = kBytes * keys * columns;
  describeLists(kernel, op, rates, sizes);
  // A slot is filled as fast as others leave room for it, behind the first row.
  constexpr double kFirst = 300;
  kernel.isChain = true;
  kernel.latency = kFirst + kernel.loadedBytes / rates.loads;
  // Maxima and weights go through shared memory; scores, weights and values are
  // a chain.
  constexpr double kExchange = 250;
  kernel.handoff = kExchange * groups;
  kernel.aroundTiles = schedule.getBlocks() ? kStart / 2 : kStart;
  kernel.aroundShare = kStart;
  kernel.memoryBytes = getMemoryBytes(op, sizes);
  return kernel;
}
