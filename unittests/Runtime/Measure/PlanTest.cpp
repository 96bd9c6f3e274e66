//===- PlanTest.cpp - What a search measures ------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/Measure/Plan.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"

using namespace mlir::dsa;

namespace {
MeasurePlan makePlan() {
  MeasurePlan plan;
  plan.key = "k";
  plan.compiler = "dsa 1";
  plan.chip = "sm_90a";
  plan.runs = 7;
  plan.idleMilliseconds = 2.5;
  plan.rounds = 3;
  PlannedCase &planned = plan.cases.emplace_back();
  planned.name = "c";
  planned.rows = 64;
  planned.keys = 4096;
  planned.record = "{}";
  using Kind = InputRecipe::Kind;
  int64_t size = 1;
  for (Kind kind :
       {Kind::Normal, Kind::Constant, Kind::Ramp, Kind::Cycle, Kind::Lists})
    planned.arguments.push_back(
        {getName(kind).str(), {size++, 2}, {kind, 5, 6, 7, -8}});
  planned.reference = {"r.ptx", "r.json"};
  planned.results = {{"out", 0.5}};
  planned.check.emplace();
  planned.check->arguments = planned.arguments;
  PlannedCheck::Result result;
  result.name = "out";
  result.tolerance = 1;
  result.expected = "e.npy";
  planned.check->results = {result};
  result.slack = "s.npy";
  planned.check->results.push_back(result);
  planned.candidates = {{3, "#a", {"a.ptx", "a.json"}, 1.5, true},
                        {4, "#b", {"b.ptx", "b.json"}, std::nullopt, false}};
  return plan;
}
} // namespace

TEST(PlanTest, WhatIsWrittenIsRead) {
  llvm::SmallString<128> directory;
  ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("plan", directory));
  llvm::SmallString<128> path = directory;
  llvm::sys::path::append(path, MeasurePlan::kFileName);
  llvm::json::Value written = toJSON(makePlan());
  {
    std::error_code code;
    llvm::raw_fd_ostream(path, code) << written;
    ASSERT_FALSE(code);
  }
  auto read = readPlan(directory);
  EXPECT_FALSE(llvm::sys::fs::remove_directories(directory));
  ASSERT_TRUE(bool(read)) << llvm::toString(read.takeError());
  EXPECT_EQ(toJSON(*read), written);
  const PlannedCase &planned = read->cases.at(0);
  EXPECT_EQ(planned.arguments.at(2).recipe.b, -8);
  EXPECT_EQ(planned.arguments.at(4).recipe.stream, 6u);
  EXPECT_EQ(planned.candidates.at(0).predicted, 1.5);
  EXPECT_EQ(planned.candidates.at(1).predicted, std::nullopt);
  EXPECT_EQ(planned.check->results.at(1).slack, "s.npy");
}
