//===- FindingsTest.cpp - What became of each candidate -------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/Measure/Findings.h"
#include "gtest/gtest.h"

using namespace mlir::dsa;
using llvm::json::Array;
using llvm::json::Object;

namespace {
class FindingsTest : public ::testing::Test {
protected:
  FindingsTest() {
    planned.name = "case";
    for (unsigned number : {4, 7, 9, 11})
      planned.candidates.push_back({number, "", {}, std::nullopt, false});
  }
  std::vector<unsigned> getRanking() const {
    std::vector<unsigned> numbers;
    for (const PlannedCandidate *candidate : findings.getRanking(planned))
      numbers.push_back(candidate->number);
    return numbers;
  }

  PlannedCase planned;
  Findings findings{{}};
};
} // namespace

TEST_F(FindingsTest, RanksByMedianOfAllRounds) {
  findings.add(makeTimeLine(planned, 4, Array{10, 11, 30}));
  findings.add(makeTimeLine(planned, 9, Array{12}));
  findings.add(makeTimeLine(planned, 7, Array{9, 9}));
  EXPECT_EQ(getRanking(), (std::vector<unsigned>{7, 4, 9}));
  EXPECT_EQ(findings.getMicroseconds(planned, 4), 11);
  findings.add(makeTimeLine(planned, 7, Array{20, 21, 22}));
  EXPECT_EQ(findings.getMicroseconds(planned, 7), 20);
  EXPECT_EQ(getRanking(), (std::vector<unsigned>{4, 9, 7}));
  EXPECT_EQ(findings.findMeasured(planned, 7)->rounds.size(), 2u);
  EXPECT_EQ(findings.findMeasured(planned, 11), nullptr);
}

TEST_F(FindingsTest, FailureIsForGood) {
  findings.add(makeTimeLine(planned, 4, Array{1}));
  findings.add(makeFailureLine(planned, 4, "wrong"));
  findings.add(makeTimeLine(planned, 4, Array{1}));
  EXPECT_TRUE(getRanking().empty());
  EXPECT_FALSE(findings.getMicroseconds(planned, 4));
}

TEST_F(FindingsTest, WhatIsNoTimeDoesNotCount) {
  findings.add(Object{{"measured", "case"}, {"candidate", 4}});
  findings.add(makeTimeLine(planned, 4, Array{}));
  findings.add(makeTimeLine(planned, 4, Array{"fast"}));
  findings.add(makeTimeLine(planned, 4, Array{-1.0}));
  findings.add(makeTimeLine(planned, 4, Array{0}));
  findings.add(Object{{"something", "else"}});
  EXPECT_TRUE(getRanking().empty());
}

TEST_F(FindingsTest, KnowsWhatIsCompiled) {
  findings.add(makeCompiledLine("a/1", ""));
  findings.add(makeCompiledLine("a/2", "too large"));
  EXPECT_EQ(findings.findCompiled("a/1"), "");
  EXPECT_EQ(findings.findCompiled("a/2"), "too large");
  EXPECT_EQ(findings.findCompiled("a/3"), std::nullopt);
}
