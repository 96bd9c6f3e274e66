//===- ChooseCandidates.h - What a search measures --------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TUNING_CHOOSECANDIDATES_H
#define DSA_TUNING_CHOOSECANDIDATES_H

#include "dsa/Tuning/CostModel.h"

namespace mlir::dsa {

struct ChosenCandidate {
  /// Its place in the space of the operation.
  unsigned number = 0;
  ScheduleAttrInterface schedule;
  /// What the cost model expects, in microseconds, where it knows.
  std::optional<double> predicted;
  bool isDefault = false;
};

/// At most `budget` legal schedules of `op`: `defaultSchedule`, if there is
/// one, the ones that are expected to be fast, and, for a quarter of the
/// budget, others at even distances in what is left, for the cost model may be
/// wrong. The most promising come first.
SmallVector<ChosenCandidate>
chooseCandidates(Operation *op, const Chip &chip, const CostSizes &sizes,
                 ScheduleAttrInterface defaultSchedule, unsigned budget);

} // namespace mlir::dsa

#endif // DSA_TUNING_CHOOSECANDIDATES_H
