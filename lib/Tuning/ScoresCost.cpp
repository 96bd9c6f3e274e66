//===- ScoresCost.cpp - What scoring on tiles is made of ------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelCost.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::dsa;
using dsa_tile::ScoresScheduleAttr;

/// How many programs share a block of rows, as the kernel divides keys: more
/// where they would leave blocks idle.
static int64_t countSplits(ScoresScheduleAttr schedule, int64_t rowBlocks,
                           int64_t keys) {
  int64_t splits = llvm::divideCeil(keys, schedule.getSplitKeys());
  if (int64_t blocks = schedule.getBlocks()) {
    int64_t all = llvm::alignTo(rowBlocks, blocks);
    if (schedule.getWholeRows() &&
        (all - rowBlocks) * ScoresScheduleAttr::kMostIdle <= all)
      return 1;
    int64_t turns = llvm::divideCeil(rowBlocks * splits, blocks);
    splits = std::max(splits, turns * blocks / std::max<int64_t>(rowBlocks, 1));
  }
  int64_t share =
      llvm::alignTo(llvm::divideCeil(keys, std::max<int64_t>(splits, 1)),
                    ScoresScheduleAttr::kBlockKeys);
  return llvm::divideCeil(keys, std::max<int64_t>(share, 1));
}

KernelCost mlir::dsa::describeKernel(IndexScoresOp op,
                                     ScoresScheduleAttr schedule,
                                     const ChipRates &rates,
                                     const CostSizes &sizes) {
  constexpr double kKeys = ScoresScheduleAttr::kBlockKeys;
  auto q = cast<ShapedType>(op.getQ().getType());
  double bytes = q.getElementTypeBitWidth() / 8.0;
  double rowBytes = static_cast<double>(q.getDimSize(2)) * bytes;
  int64_t heads = ScoresScheduleAttr::getPaddedHeads(q.getDimSize(1));
  bool isSplit = schedule.getSplitRelu() || op.getLinearTerms();
  if (isSplit)
    heads += ScoresScheduleAttr::kLinearTerms;
  double rows = schedule.getBlockRows(), groups = schedule.getGroups();
  double columns = rows * static_cast<double>(heads);

  KernelCost kernel;
  int64_t rowBlocks = llvm::divideCeil(sizes.rows, schedule.getBlockRows());
  int64_t splits = countSplits(schedule, rowBlocks, sizes.keys);
  kernel.programs = splits * rowBlocks;
  // What lies outside of bounds is not computed.
  double seen = sizes.keysPerRow.value_or(sizes.keys);
  kernel.tiles = std::ceil(seen / static_cast<double>(splits) / kKeys);
  kernel.groups = schedule.getGroups();
  kernel.slots = schedule.getSlots();
  kernel.sharedMemory = static_cast<int64_t>(
      2 * columns * rowBytes +
      static_cast<double>(schedule.getSlots()) * kKeys * rowBytes);
  kernel.flops = 2 * kKeys * columns * rowBytes / bytes;
  kernel.matrixRate = bytes == 1 ? rates.byteMatrix : rates.matrix;
  // An activation, a product and a sum for each score, and what masks and
  // stores take; of a thread, which has half of a row's columns.
  bool hasRelu = op.getActivation() == Activation::Relu && !isSplit;
  double perThread = columns / groups / 2 * (hasRelu ? 2 : 1) + 100;
  kernel.arithmetic = perThread * 128 * groups;
  // Every warpgroup reads the keys, and its share of the queries.
  kernel.sharedBytes = (groups * kKeys + columns) * rowBytes;
  kernel.loadedBytes = kKeys * rowBytes;
  kernel.latency = rates.loadLatency;
  kernel.overlap = 0.22 * (groups - 1) + (schedule.getOrdered() ? 0.02 : 0.0);
  // Keys outside of bounds, linear parts: other kernels, by rows.
  constexpr double kOtherLaunches = 4, kPerRow = 0.02;
  if (op.getLo() || op.getHi() || isSplit)
    kernel.otherMicroseconds =
        kOtherLaunches + kPerRow * static_cast<double>(sizes.rows);
  // Of blocks that take several programs in turn the slowest is last: as
  // measured, for each tile.
  constexpr double kStart = 600, kApart = 30;
  kernel.aroundTiles = kStart;
  int64_t blocks = schedule.getWholeRows() ? 0 : schedule.getBlocks();
  if (blocks != 0 && kernel.programs > blocks)
    kernel.aroundTiles += kApart * static_cast<double>(kernel.tiles);
  double scoreBytes =
      getElementTypeOrSelf(op.getInits()[0].getType()).getIntOrFloatBitWidth() /
      8.0;
  double allRows = sizes.rows, allKeys = sizes.keys;
  kernel.memoryBytes =
      allRows * (static_cast<double>(q.getDimSize(1)) * rowBytes +
                 allKeys * scoreBytes) +
      allKeys * rowBytes;
  return kernel;
}
