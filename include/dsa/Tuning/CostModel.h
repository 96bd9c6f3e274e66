//===- CostModel.h - What a schedule is expected to cost --------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/CostModel.md says what is reckoned with.
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TUNING_COSTMODEL_H
#define DSA_TUNING_COSTMODEL_H

#include "dsa/Dialect/DSA/IR/ScheduleSpace.h"
#include "dsa/Target/Chip.h"

namespace mlir::dsa {

/// The attribute of an operation that lists what each of its `dsa.schedules` is
/// expected to take, in microseconds, as far as that is known.
inline constexpr llvm::StringLiteral kTimesAttrName = "dsa.times";

/// The sizes that a schedule is judged for.
struct CostSizes {
  int64_t rows = 0, keys = 0;
  /// Keys that a row sees on average, where bounds or lists decide; else all.
  std::optional<double> keysPerRow;
};

/// `sizes`, but for those of `op` that are static.
CostSizes getStaticSizes(Operation *op, CostSizes sizes);

/// The sizes of an operation whose rows are the last of the keys' positions,
/// and see all before them, if it has an upper bound.
CostSizes getCausalSizes(Operation *op, int64_t rows, int64_t keys);

/// What an operation is expected to need under a schedule.
struct Cost {
  /// Of the whole operation: of matrix units; bytes of device memory; bytes
  /// loaded into shared memory.
  double flops = 0, memoryBytes = 0, loadedBytes = 0;
  /// Bytes of shared memory a block.
  int64_t sharedMemory = 0;
  /// Programs, and how often each processor takes one.
  int64_t programs = 0, waves = 0;
  /// Warps of a processor that are there, of those that could be.
  double occupancy = 0;
  double microseconds = 0;
  /// What most of the time goes to: "matrix", "arithmetic", "shared memory",
  /// "loads", "latency" or "memory".
  StringRef bound;
};

/// None where no kernel on tiles or no rates of the chip are known.
std::optional<Cost> estimateCost(Operation *op, ScheduleAttrInterface schedule,
                                 const Chip &chip, const CostSizes &sizes);

/// Puts the candidates that are expected to be fast first; those without an
/// estimate, and those that are not legal, come last, in the order they had.
void sortByCost(Operation *op, const Chip &chip, const CostSizes &sizes,
                SmallVectorImpl<ScheduleCandidate> &candidates);

} // namespace mlir::dsa

#endif // DSA_TUNING_COSTMODEL_H
