//===- ChooseCandidates.cpp - What a search measures ----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Tuning/ChooseCandidates.h"
#include "llvm/ADT/DenseMap.h"

using namespace mlir;
using namespace mlir::dsa;

/// Places of `count` of `[begin, end)`, at even distances.
static SmallVector<size_t> spread(size_t begin, size_t end, size_t count) {
  SmallVector<size_t> places;
  size_t length = end - begin;
  count = std::min(count, length);
  for (size_t i = 0; i < count; ++i)
    places.push_back(begin + (2 * i + 1) * length / (2 * count));
  return places;
}

SmallVector<ChosenCandidate> mlir::dsa::chooseCandidates(
    Operation *op, const Chip &chip, const CostSizes &sizes,
    ScheduleAttrInterface defaultSchedule, unsigned budget) {
  SmallVector<ScheduleCandidate> ranking = enumerateSchedules(op, chip);
  llvm::DenseMap<Attribute, unsigned> numbers;
  for (const ScheduleCandidate &candidate : ranking)
    numbers.try_emplace(candidate.schedule, numbers.size());
  sortByCost(op, chip, sizes, ranking);
  llvm::erase_if(ranking, [&](const ScheduleCandidate &candidate) {
    return !candidate.isLegal() || candidate.schedule == defaultSchedule;
  });

  SmallVector<ChosenCandidate> chosen;
  auto choose = [&](ScheduleAttrInterface schedule) {
    if (chosen.size() == budget)
      return;
    ChosenCandidate &candidate = chosen.emplace_back();
    // A schedule that is not of the space comes behind it.
    candidate.number =
        numbers.try_emplace(schedule, numbers.size()).first->second;
    candidate.schedule = schedule;
    if (auto cost = estimateCost(op, schedule, chip, sizes))
      candidate.predicted = cost->microseconds;
    candidate.isDefault = schedule == defaultSchedule;
  };
  if (defaultSchedule)
    choose(defaultSchedule);
  size_t left = budget - chosen.size();
  bool isRanked = !ranking.empty() &&
                  estimateCost(op, ranking.front().schedule, chip, sizes);
  size_t best = isRanked ? left - std::min<size_t>(left, budget / 4) : 0;
  best = std::min(best, ranking.size());
  for (const ScheduleCandidate &candidate : ArrayRef(ranking).take_front(best))
    choose(candidate.schedule);
  for (size_t place : spread(best, ranking.size(), left - best))
    choose(ranking[place].schedule);
  return chosen;
}
