//===- KernelCost.h - What a kernel on tiles is made of ---------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_TUNING_KERNELCOST_H
#define DSA_LIB_TUNING_KERNELCOST_H

#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "dsa/Dialect/DSATile/IR/GatheredAttention.h"
#include "dsa/Target/ChipRates.h"
#include "dsa/Tuning/CostModel.h"

namespace mlir::dsa {

/// A kernel whose programs each work through tiles of keys.
struct KernelCost {
  int64_t programs = 0;
  /// Tiles of one program, on average.
  double tiles = 0;
  /// Programs of a last turn, each of which takes in a share of its row's keys,
  /// and tiles of one.
  int64_t shares = 0;
  double shareTiles = 0;
  int64_t groups = 1, slots = 1;
  int64_t sharedMemory = 0;
  /// Of one tile, for all groups of a block: operations of matrix units, at
  /// `matrixRate` a cycle; arithmetic instructions; exponentials; bytes of
  /// shared memory that products read; bytes loaded.
  double flops = 0, matrixRate = 1, arithmetic = 0, exponentials = 0,
         sharedBytes = 0, loadedBytes = 0;
  /// Bytes that are loaded in a cycle; 0: at the chip's rate for tiles.
  double loadRate = 0;
  /// Cycles that a tile's work waits for other warpgroups.
  double handoff = 0;
  /// Cycles until a tile is there.
  double latency = 0;
  /// How much of the lesser of products and arithmetic runs beside the other.
  double overlap = 0;
  /// Whether what a tile's products read, its arithmetic and the filling of its
  /// slot come one after another.
  bool isChain = false;
  /// Cycles of a program before and behind its tiles.
  double aroundTiles = 0;
  /// The same of a share.
  double aroundShare = 0;
  /// Of what else is launched.
  double otherMicroseconds = 0;
  /// Bytes of device memory that the operation reads and writes at least.
  double memoryBytes = 0;
  /// Lists of rows, bytes of the keys of one, and of all keys that are listed.
  int64_t lists = 0;
  double listBytes = 0, listedBytes = 0;
};

/// Lists that a top-k selects, each from so many scores, of which it sees
/// `keysPerList`.
struct TopkWork {
  int64_t lists = 0, keys = 0, k = 0;
  double keysPerList = 0;
  int64_t scoreBytes = 4;
  bool hasValues = false;
};

/// The work of a `dsa.topk` or `dsa.select` whose scores are of this type.
template <typename OpTy>
TopkWork describeWork(OpTy op, ShapedType scores, const CostSizes &sizes) {
  TopkWork work;
  work.lists = sizes.rows * op.getGroups();
  work.keys = sizes.keys;
  work.k = op.getK();
  work.keysPerList = sizes.keysPerRow.value_or(static_cast<double>(sizes.keys));
  work.scoreBytes = scores.getElementTypeBitWidth() / 8;
  work.hasValues = static_cast<bool>(op.getValuesInit());
  return work;
}

KernelCost describeKernel(IndexScoresOp op,
                          dsa_tile::ScoresScheduleAttr schedule,
                          const ChipRates &rates, const CostSizes &sizes);
KernelCost describeKernel(AttentionOp op,
                          dsa_tile::AttentionScheduleAttr schedule,
                          const ChipRates &rates, const CostSizes &sizes);
KernelCost describeKernel(const dsa_tile::GatheredAttention &op,
                          dsa_tile::SparseAttentionScheduleAttr schedule,
                          const ChipRates &rates, const CostSizes &sizes);
KernelCost describeKernel(const dsa_tile::GatheredAttention &op,
                          dsa_tile::TransposedAttentionScheduleAttr schedule,
                          const ChipRates &rates, const CostSizes &sizes);

Cost estimateTopk(dsa_tile::TopkScheduleAttr schedule, const TopkWork &work,
                  const Chip &chip, const ChipRates &rates);
/// None where nothing is known of how its scores are computed.
std::optional<Cost> estimateSelect(SelectOp op,
                                   dsa_tile::SelectScheduleAttr schedule,
                                   const Chip &chip, const ChipRates &rates,
                                   const CostSizes &sizes);

} // namespace mlir::dsa

#endif // DSA_LIB_TUNING_KERNELCOST_H
