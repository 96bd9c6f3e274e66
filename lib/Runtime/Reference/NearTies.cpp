//===- NearTies.cpp - Selections from scores that were not seen -----------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A path selects from scores that it rounded in its own way. Where they are not
// returned, its choice is right if no key was preferred to a better one by more
// than the scores' tolerance; everything else about a selection is still exact.
//
//===----------------------------------------------------------------------===//

#include "Operations.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Parallel.h"

#include <cmath>
#include <mutex>

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa::reference;

/// What a list's indices must be whatever the scores: ascending, and -1 at the
/// end. Returns the indices that are not holes.
static std::string checkForm(const Selection &selection,
                             std::vector<int64_t> &indices) {
  if (selection.unordered)
    llvm::erase_if(indices, [](int64_t index) { return index == -1; });
  else
    while (!indices.empty() && indices.back() == -1)
      indices.pop_back();
  for (int64_t index : indices)
    if (index < 0)
      return llvm::formatv("expected -1 only after all indices, found {0}",
                           index);
  if (!selection.unordered && !selection.ids)
    for (size_t i = 1; i < indices.size(); ++i)
      if (indices[i - 1] >= indices[i])
        return llvm::formatv("expected ascending indices, found {0}, {1}",
                             indices[i - 1], indices[i]);
  return "";
}

/// Checks one list; `error` is by how much a worse key was preferred, relative
/// to the largest score.
static std::string checkList(const Selection &selection, int64_t place,
                             std::vector<int64_t> indices, double tolerance,
                             double &error) {
  std::string failure = checkForm(selection, indices);
  if (!failure.empty())
    return failure;
  auto candidates = getCandidates(selection, place / selection.lists,
                                  place % selection.lists);
  const size_t count = std::min<size_t>(candidates.size(), selection.entries);
  if (indices.size() != count)
    return llvm::formatv("expected {0} indices, found {1}", count,
                         indices.size());

  llvm::DenseMap<int64_t, int64_t> chosen;
  for (int64_t index : indices)
    ++chosen[index];
  double worstChosen = kInfinity, bestLeft = -kInfinity;
  int64_t worstIndex = -1, bestIndex = -1;
  for (const Candidate &candidate : candidates) {
    auto found = chosen.find(candidate.index);
    if (found != chosen.end() && found->second > 0) {
      --found->second;
      if (!candidate.kept && candidate.score < worstChosen) {
        worstChosen = candidate.score;
        worstIndex = candidate.index;
      }
      continue;
    }
    if (candidate.kept)
      return llvm::formatv("expected index {0}, which window or first keeps",
                           candidate.index);
    if (candidate.score > bestLeft) {
      bestLeft = candidate.score;
      bestIndex = candidate.index;
    }
  }
  for (auto [index, left] : chosen)
    if (left > 0)
      return llvm::formatv("index {0} is no candidate, or is there twice",
                           index);
  if (bestLeft <= worstChosen)
    return "";
  double scale = getRowScale(*selection.scores, place);
  error = scale == 0 ? kInfinity : (bestLeft - worstChosen) / scale;
  if (error <= tolerance)
    return "";
  return llvm::formatv(
      "expected index {0} of score {1}, found {2} of score {3}", bestIndex,
      bestLeft, worstIndex, worstChosen);
}

ResultCheck mlir::dsa::reference::checkNearTies(const Selection &selection,
                                                const HostTensor &indices) {
  ResultCheck check;
  check.method = ResultCheck::Method::NearTies;
  check.tolerance = getTolerance(selection.scores->kind);
  std::mutex mutex;
  size_t firstFailure = -1;
  const int64_t entries = selection.entries;
  llvm::parallelFor(0, selection.rows * selection.lists, [&](size_t place) {
    std::vector<int64_t> list(entries);
    for (int64_t i = 0; i < entries; ++i)
      list[i] = indices.get(place * entries + i);
    double error = 0;
    std::string failure =
        checkList(selection, place, std::move(list), check.tolerance, error);
    std::lock_guard<std::mutex> lock(mutex);
    check.error = std::max(check.error, error);
    if (failure.empty() || place > firstFailure)
      return;
    firstFailure = place;
    check.failure =
        llvm::formatv("row {0}, list {1}: {2}", place / selection.lists,
                      place % selection.lists, failure);
  });
  return check;
}

ReferenceTensor
mlir::dsa::reference::gatherScores(const Selection &selection,
                                   const ReferenceTensor &indices) {
  ReferenceTensor values(selection.scores->kind, indices.shape);
  const int64_t entries = selection.entries;
  llvm::parallelFor(0, selection.rows * selection.lists, [&](size_t place) {
    llvm::DenseMap<int64_t, double> scores;
    for (const Candidate &candidate : getCandidates(
             selection, place / selection.lists, place % selection.lists))
      scores.try_emplace(candidate.index, candidate.score);
    for (int64_t i = place * entries; i < int64_t(place + 1) * entries; ++i) {
      auto found = scores.find(indices.data[i]);
      values.data[i] = found == scores.end() ? -kInfinity : found->second;
    }
  });
  // What a value is rounded relative to is its score's row.
  if (!selection.scores->rowScale.empty())
    for (int64_t place = 0; place < selection.rows * selection.lists; ++place)
      values.rowScale.push_back(getRowScale(*selection.scores, place));
  return values;
}
