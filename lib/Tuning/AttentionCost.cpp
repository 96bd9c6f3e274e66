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
