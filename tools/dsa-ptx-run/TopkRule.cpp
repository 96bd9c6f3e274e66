//===- TopkRule.cpp - What a selection has to select ----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TopkRule.h"

#include "llvm/ADT/STLExtras.h"

#include <cmath>
#include <map>

using namespace mlir::dsa;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

namespace {
struct Candidate {
  int64_t name;
  double score;
  bool kept;
};

/// A rule with the contents of its files.
struct Rule {
  const TopkRule &rule;
  std::optional<NpyValues> factors, lo, hi, positions;

  std::vector<Candidate> select(int64_t row,
                                llvm::ArrayRef<double> scores) const;
};
} // namespace

static llvm::Error read(const std::string &path, std::optional<NpyValues> &into,
                        int64_t rows) {
  if (path.empty())
    return llvm::Error::success();
  auto values = readNpyValues(path);
  if (!values)
    return values.takeError();
  if (values->shape.empty() || values->shape[0] != rows)
    return llvm::createStringError("'%s': expected %lld rows, found shape [%s]",
                                   path.c_str(), (long long)rows,
                                   shapeToString(values->shape).c_str());
  into = std::move(*values);
  return llvm::Error::success();
}

std::vector<Candidate> Rule::select(int64_t row,
                                    llvm::ArrayRef<double> scores) const {
  const int64_t keys = scores.size();
  auto bound = [&](const std::optional<NpyValues> &bounds, int64_t absent) {
    return bounds ? std::clamp<int64_t>(bounds->values[row], 0, keys) : absent;
  };
  const int64_t begin = bound(lo, 0), end = bound(hi, keys);

  std::vector<Candidate> all;
  for (int64_t key = begin; key < end; ++key) {
    double score = scores[key];
    if (std::isnan(score) || score == -kInfinity)
      continue;
    bool kept = rule.first && key < begin + *rule.first;
    if (rule.window) {
      int64_t position = positions->values[row];
      kept |= key >= position - rule.window->first &&
              key <= position + rule.window->second;
    }
    all.push_back({key, score, kept});
  }
  if (rule.block) {
    // A block is as good as its best key, and kept if any key is.
    std::map<int64_t, Candidate> blocks;
    for (const Candidate &key : all) {
      int64_t name = key.name / *rule.block;
      Candidate &block =
          blocks.try_emplace(name, Candidate{name, -kInfinity, false})
              .first->second;
      block.score = std::max(block.score, key.score);
      block.kept |= key.kept;
    }
    all.clear();
    for (const auto &[name, block] : blocks)
      all.push_back(block);
  }

  // What is kept anyway, then the larger score, then the smaller name.
  llvm::sort(all, [](const Candidate &a, const Candidate &b) {
    if (a.kept != b.kept)
      return a.kept;
    return a.score != b.score ? a.score > b.score : a.name < b.name;
  });
  if (int64_t(all.size()) > rule.k)
    all.resize(rule.k);
  llvm::sort(all, [](const Candidate &a, const Candidate &b) {
    return a.name < b.name;
  });
  return all;
}

llvm::Expected<Selection> applyRule(const TopkRule &rule,
                                    const HostTensor &scores) {
  const auto shape = scores.getShape();
  if (shape.size() != (rule.factors.empty() ? shape.size() : 2) ||
      shape.size() < 2 || shape.size() > 3)
    return llvm::createStringError(
        "expected scores of rank 2%s, found shape [%s]",
        rule.factors.empty() ? " or 3" : "", shapeToString(shape).c_str());
  const int64_t rows = shape.front(), keys = shape.back();
  Rule full{rule, {}, {}, {}, {}};
  for (auto [path, values] :
       {std::pair(&rule.factors, &full.factors), std::pair(&rule.lo, &full.lo),
        std::pair(&rule.hi, &full.hi),
        std::pair(&rule.positions, &full.positions)})
    if (auto error = read(*path, *values, rows))
      return std::move(error);
  if (full.factors && full.factors->shape.size() != 2)
    return llvm::createStringError("'%s': expected rank 2, found shape [%s]",
                                   rule.factors.c_str(),
                                   shapeToString(full.factors->shape).c_str());

  const int64_t groups = full.factors        ? full.factors->shape[1]
                         : shape.size() == 3 ? shape[1]
                                             : 1;
  Selection selection;
  selection.indices = {{rows, groups, rule.k},
                       std::vector<double>(rows * groups * rule.k, -1)};
  selection.count = {{rows, groups}, {}};
  selection.values = {{rows, groups, rule.k},
                      std::vector<double>(rows * groups * rule.k, -kInfinity)};
  std::vector<double> list(keys);
  for (int64_t number = 0; number < rows * groups; ++number) {
    const int64_t row = number / groups;
    scores.decode((shape.size() == 3 ? number : row) * keys, list);
    if (full.factors)
      for (double &score : list)
        score = float(score) * float(full.factors->values[number]);
    std::vector<Candidate> chosen = full.select(row, list);
    selection.count.values.push_back(chosen.size());
    for (auto [place, key] : llvm::enumerate(chosen)) {
      selection.indices.values[number * rule.k + place] = key.name;
      selection.values.values[number * rule.k + place] = key.score;
    }
  }
  return selection;
}
