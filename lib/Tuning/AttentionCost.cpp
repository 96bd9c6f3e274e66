//===- AttentionCost.cpp - What attention on tiles is made of -------------===//
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

KernelCost mlir::dsa::describeKernel(AttentionOp op,
                                     AttentionScheduleAttr schedule,
                                     const ChipRates &rates,
                                     const CostSizes &sizes) {
  double width = op.getKeyWidth(), valueWidth = op.getValueWidth();
  double keys = schedule.getBlockKeys(), groups = schedule.getGroups();
  double rows = 64 * groups, heads = op.getHeads();

  KernelCost kernel;
  kernel.programs =
      llvm::divideCeil(sizes.rows, 64 * schedule.getGroups()) * op.getHeads();
  double seen = sizes.keysPerRow.value_or(sizes.keys);
  // With a delay, one more adds the last tile's values.
  kernel.tiles = std::ceil(seen / keys) + (schedule.getDelay() ? 1.0 : 0.0);
  kernel.groups = schedule.getGroups();
  kernel.slots = schedule.getSlots();
  double slots = schedule.getSlots();
  kernel.sharedMemory = static_cast<int64_t>(
      kBytes * (rows * width + slots * keys * (width + valueWidth)));
  kernel.flops = 2 * rows * keys * (width + valueWidth);
  kernel.matrixRate = rates.matrix;
  kernel.arithmetic = rows * keys * kPerScore;
  kernel.exponentials = rows * keys;
  // Every warpgroup reads its queries, all keys and all values.
  kernel.sharedBytes =
      kBytes * groups * (64 * width + keys * (width + valueWidth));
  kernel.loadedBytes = kBytes * keys * (width + valueWidth);
  // Waiting for products and slots, tile by tile.
  constexpr double kWaits = 200;
  kernel.handoff = kWaits;
  kernel.latency = rates.loadLatency;
  kernel.overlap = 0.25 * (groups - 1) + (schedule.getDelay() ? 0.15 : 0.0) +
                   (schedule.getOrdered() ? 0.03 : 0.0);
  constexpr double kStart = 2500;
  kernel.aroundTiles = kStart;
  double keyHeads = op.hasKeyHeads() ? op.getKeyHeads() : 1;
  kernel.memoryBytes = kBytes * (width + valueWidth) *
                       (heads * static_cast<double>(sizes.rows) +
                        keyHeads * static_cast<double>(sizes.keys));
  return kernel;
}

KernelCost mlir::dsa::describeKernel(SparseAttentionOp op,
                                     SparseAttentionScheduleAttr schedule,
                                     const ChipRates &rates,
                                     const CostSizes &sizes) {
  constexpr double kHeads = SparseAttentionScheduleAttr::kBlockHeads;
  double width = op.getKeyWidth(), valueWidth = op.getValueWidth();
  double keys = schedule.getBlockKeys(), groups = schedule.getGroups();
  // Warpgroups that do not split tiles all compute all scores.
  double times = schedule.getSplit() ? 1 : groups;
  double together = schedule.getSplit() ? 2 : 1;

  KernelCost kernel;
  int64_t blocks =
      llvm::divideCeil(op.getHeads(), SparseAttentionScheduleAttr::kBlockHeads);
  kernel.programs = sizes.rows * blocks;
  double entries = cast<ShapedType>(op.getIndices().getType()).getDimSize(2);
  double seen = sizes.keysPerRow.value_or(
      std::min(entries, static_cast<double>(sizes.keys)));
  kernel.tiles = std::max(std::ceil(seen / (keys * together)), 1.0) * together;
  kernel.groups = schedule.getGroups();
  double slots = together * static_cast<double>(schedule.getSlots());
  kernel.slots = static_cast<int64_t>(slots);
  kernel.sharedMemory =
      static_cast<int64_t>(kBytes * width * (kHeads + slots * keys));
  kernel.flops = 2 * kHeads * keys * (times * width + valueWidth);
  kernel.matrixRate = rates.matrix;
  // Sums of values are scaled where a base moves.
  kernel.arithmetic =
      times * kHeads * keys * 2 * kPerScore + kHeads * valueWidth;
  kernel.exponentials = times * kHeads * keys;
  kernel.sharedBytes =
      kBytes * (times * width * (kHeads + keys) + keys * valueWidth);
  kernel.loadedBytes = kBytes * keys * width;
  // Copies of 16 bytes are issued one by one.
  constexpr double kPerCopy = 0.13;
  kernel.latency = rates.gatherLatency + kPerCopy * kBytes * keys * width / 16;
  // Barriers between warpgroups; scores, weights and values are a chain.
  constexpr double kBarriers = 400;
  kernel.handoff = groups > 1 ? kBarriers / together : 0;
  // The next program's keys come while results are written.
  double results = kHeads * valueWidth * kBytes / 64;
  constexpr double kStart = 2500;
  kernel.aroundTiles = results + (schedule.getBlocks() ? kStart / 2 : kStart);
  double allRows = sizes.rows;
  kernel.memoryBytes = kBytes * (allRows * static_cast<double>(op.getHeads()) *
                                     (width + valueWidth) +
                                 static_cast<double>(sizes.keys) * width);
  return kernel;
}
