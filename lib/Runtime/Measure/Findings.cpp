//===- Findings.cpp - What became of each candidate -----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/Measure/Findings.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir::dsa;
using llvm::StringRef;
using llvm::json::Object;

std::optional<double> Finding::getMicroseconds() const {
  if (!failure.empty())
    return std::nullopt;
  std::vector<double> runs;
  for (const std::vector<double> &round : rounds)
    llvm::append_range(runs, round);
  if (runs.empty())
    return std::nullopt;
  llvm::sort(runs);
  size_t middle = runs.size() / 2;
  return runs.size() % 2 ? runs[middle] : (runs[middle - 1] + runs[middle]) / 2;
}

Findings::Findings(llvm::ArrayRef<Object> lines) {
  for (const Object &line : lines)
    add(line);
}

void Findings::add(const Object &line) {
  StringRef failure = line.getString("failure").value_or("");
  if (auto program = line.getString("compiled")) {
    compiled[*program] = failure.str();
    return;
  }
  auto planned = line.getString("measured");
  auto candidate = line.getInteger("candidate");
  if (!planned || !candidate)
    return;
  if (!failure.empty()) {
    measured[{planned->str(), *candidate}].failure = failure.str();
    return;
  }
  const llvm::json::Array *times = line.getArray("microseconds");
  if (!times || times->empty())
    return;
  std::vector<double> round;
  for (const llvm::json::Value &time : *times)
    if (auto number = time.getAsNumber(); number && *number > 0)
      round.push_back(*number);
  if (round.size() == times->size())
    measured[{planned->str(), *candidate}].rounds.push_back(std::move(round));
}

std::optional<std::string> Findings::findCompiled(StringRef program) const {
  auto found = compiled.find(program);
  if (found == compiled.end())
    return std::nullopt;
  return found->second;
}

const Finding *Findings::findMeasured(const PlannedCase &planned,
                                      unsigned candidate) const {
  auto found = measured.find({planned.name, candidate});
  return found == measured.end() ? nullptr : &found->second;
}

std::optional<double> Findings::getMicroseconds(const PlannedCase &planned,
                                                unsigned candidate) const {
  const Finding *finding = findMeasured(planned, candidate);
  return finding ? finding->getMicroseconds() : std::nullopt;
}

std::vector<const PlannedCandidate *>
Findings::getRanking(const PlannedCase &planned) const {
  std::vector<const PlannedCandidate *> ranking;
  for (const PlannedCandidate &candidate : planned.candidates)
    if (getMicroseconds(planned, candidate.number))
      ranking.push_back(&candidate);
  llvm::sort(ranking, [&](const auto *a, const auto *b) {
    return std::pair(*getMicroseconds(planned, a->number), a->number) <
           std::pair(*getMicroseconds(planned, b->number), b->number);
  });
  return ranking;
}

Object mlir::dsa::makeCompiledLine(StringRef program, StringRef failure) {
  return Object{{"compiled", program},
                {"failure", llvm::json::fixUTF8(failure)}};
}

Object mlir::dsa::makeFailureLine(const PlannedCase &planned,
                                  unsigned candidate, StringRef failure) {
  return Object{{"measured", planned.name},
                {"candidate", candidate},
                {"failure", llvm::json::fixUTF8(failure)}};
}

Object mlir::dsa::makeTimeLine(const PlannedCase &planned, unsigned candidate,
                               llvm::json::Array microseconds) {
  return Object{{"measured", planned.name},
                {"candidate", candidate},
                {"microseconds", std::move(microseconds)}};
}
