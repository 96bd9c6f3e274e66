//===- ChooseWinners.cpp - Which candidates win ---------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ChooseWinners.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SmallVector.h"

using namespace mlir::dsa;
using llvm::ArrayRef;

/// Beyond what is noise by far, and below what matters.
static constexpr double kSame = 1.01;

namespace {
/// A schedule, and the cases where it is as good as the best.
struct Contender {
  std::vector<std::pair<size_t, const PlannedCandidate *>> wins;
  /// Of its times to the best ones.
  double ratios = 0;
  bool isDefault = false;
};
} // namespace

static llvm::MapVector<llvm::StringRef, Contender>
findContenders(ArrayRef<MeasuredCase> cases,
               ArrayRef<const PlannedCandidate *> winners) {
  llvm::MapVector<llvm::StringRef, Contender> contenders;
  for (size_t number = 0; number < cases.size(); ++number) {
    const MeasuredCase &here = cases[number];
    auto ranking = here.findings->getRanking(*here.planned);
    if (winners[number] || ranking.empty())
      continue;
    auto getTime = [&](const PlannedCandidate *candidate) {
      return *here.getMicroseconds(*candidate);
    };
    double best = getTime(ranking.front());
    for (const PlannedCandidate *candidate : ranking) {
      if (getTime(candidate) > kSame * best)
        break;
      Contender &contender = contenders[candidate->schedule];
      contender.wins.emplace_back(number, candidate);
      contender.ratios += getTime(candidate) / best;
      contender.isDefault = candidate->isDefault;
    }
  }
  return contenders;
}

static bool isBetter(const Contender &a, const Contender &b) {
  if (a.wins.size() != b.wins.size())
    return a.wins.size() > b.wins.size();
  if (a.isDefault != b.isDefault)
    return a.isDefault;
  return a.ratios < b.ratios;
}

std::vector<const PlannedCandidate *>
mlir::dsa::chooseWinners(ArrayRef<MeasuredCase> cases) {
  std::vector<const PlannedCandidate *> winners(cases.size());
  while (true) {
    auto contenders = findContenders(cases, winners);
    const Contender *best = nullptr;
    for (const auto &[schedule, contender] : contenders)
      if (!best || isBetter(contender, *best))
        best = &contender;
    if (!best)
      return winners;
    for (auto [number, candidate] : best->wins)
      winners[number] = candidate;
  }
}
