//===- Selection.cpp - Reference of dsa.topk and dsa.select ---------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Operations.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Parallel.h"

#include <cmath>

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa::reference;

template <typename SelectionOp>
static Selection getClauses(SelectionOp op, const ReferenceTensor *scores,
                            const ReferenceTensor *ids, Lookup lookup) {
  Selection selection;
  selection.scores = scores;
  selection.ids = ids;
  selection.lo = lookup(op.getLo());
  selection.hi = lookup(op.getHi());
  selection.positions = lookup(op.getPositions());
  selection.rows = scores->shape.front();
  selection.lists = op.getGroups();
  selection.columns = scores->shape.back();
  selection.entries =
      llvm::cast<ShapedType>(op.getInits()[0].getType()).getDimSize(2);
  if (auto window = op.getWindow())
    selection.window = {(*window)[0], (*window)[1]};
  selection.first = op.getFirst().value_or(0);
  selection.block = op.getBlockSize();
  selection.unordered = op.getUnordered();
  selection.hasValues = bool(op.getValuesInit());
  return selection;
}

Selection mlir::dsa::reference::getSelection(TopkOp op,
                                             const ReferenceTensor *scores,
                                             Lookup lookup) {
  return getClauses(op, scores, lookup(op.getIds()), lookup);
}

Selection mlir::dsa::reference::getSelection(SelectOp op,
                                             const ReferenceTensor *scores,
                                             Lookup lookup) {
  return getClauses(op, scores, nullptr, lookup);
}

std::vector<Candidate>
mlir::dsa::reference::getCandidates(const Selection &selection, int64_t row,
                                    int64_t list) {
  const int64_t columns = selection.columns;
  const int64_t offset = (row * selection.lists + list) * columns;
  // Ids may name any key.
  KeyRange range = getKeyRange(selection.lo, selection.hi, row,
                               selection.ids ? int64_t(1) << 31 : columns);
  std::vector<Candidate> candidates;
  for (int64_t column = 0; column < columns; ++column) {
    int64_t key =
        selection.ids ? int64_t(selection.ids->data[offset + column]) : column;
    double score = selection.scores->data[offset + column];
    if (key < range.begin || key >= range.end || std::isnan(score) ||
        score == -kInfinity)
      continue;
    bool kept = key - range.begin < selection.first;
    if (selection.window) {
      int64_t position = selection.positions->data[row];
      kept |= key >= position - selection.window->first &&
              key <= position + selection.window->second;
    }
    int64_t index = key / selection.block;
    // Keys ascend where there are blocks: a block's keys are neighbours.
    if (selection.block > 1 && !candidates.empty() &&
        candidates.back().index == index) {
      Candidate &whole = candidates.back();
      whole.score = std::max(whole.score, score);
      whole.kept |= kept;
      continue;
    }
    candidates.push_back({index, score, kept});
  }
  llvm::sort(candidates, [](const Candidate &a, const Candidate &b) {
    if (a.kept != b.kept)
      return a.kept;
    return a.score != b.score ? a.score > b.score : a.index < b.index;
  });
  return candidates;
}

std::vector<ReferenceTensor>
mlir::dsa::reference::computeSelection(const Selection &selection) {
  const int64_t rows = selection.rows, lists = selection.lists,
                entries = selection.entries;
  std::vector<ReferenceTensor> results;
  results.emplace_back(ElementKind::I32, ArrayRef({rows, lists, entries}));
  results.emplace_back(ElementKind::I32, ArrayRef({rows, lists}));
  if (selection.hasValues)
    results.emplace_back(selection.scores->kind,
                         ArrayRef({rows, lists, entries}));
  llvm::parallelFor(0, rows * lists, [&](size_t place) {
    auto best = getCandidates(selection, place / lists, place % lists);
    if (int64_t(best.size()) > entries)
      best.resize(entries);
    llvm::sort(best, [](const Candidate &a, const Candidate &b) {
      return a.index < b.index;
    });
    results[1].data[place] = best.size();
    best.resize(entries, {-1, -kInfinity, false});
    for (auto [entry, candidate] : llvm::enumerate(best)) {
      results[0].data[place * entries + entry] = candidate.index;
      if (selection.hasValues)
        results[2].data[place * entries + entry] = candidate.score;
    }
  });
  return results;
}
