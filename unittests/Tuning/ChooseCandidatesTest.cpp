//===- ChooseCandidatesTest.cpp - What a search measures ------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Tuning/ChooseCandidates.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"
#include <set>

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

namespace {
constexpr llvm::StringLiteral kProgram = R"(
module attributes {dsa.target = #nvvm.target<chip = "sm_90a">} {
  func.func @f(%q: memref<?x16x128xbf16>, %l: memref<?x16xf32>,
               %s: memref<?x?xf32>, %i: memref<?x1x64xi32>,
               %n: memref<?x1xi32>) {
    dsa.attention scale = 1.0 ins(%q, %q, %q : memref<?x16x128xbf16>,
        memref<?x16x128xbf16>, memref<?x16x128xbf16>)
        outs(%q, %l : memref<?x16x128xbf16>, memref<?x16xf32>)
    dsa.topk ins(%s : memref<?x?xf32>)
        outs(%i, %n : memref<?x1x64xi32>, memref<?x1xi32>)
    return
  }
})";

class ChooseCandidatesTest : public ::testing::Test {
protected:
  ChooseCandidatesTest() {
    context.loadDialect<DSADialect, DSATileDialect, func::FuncDialect,
                        NVVM::NVVMDialect>();
    module = parseSourceString<ModuleOp>(kProgram, &context);
    module->walk([&](AttentionOp op) { attention = op; });
    module->walk([&](TopkOp op) { topk = op; });
  }
  SmallVector<ChosenCandidate> choose(Operation *op, unsigned budget,
                                      ScheduleAttrInterface usual = {}) {
    return chooseCandidates(op, chip, {1024, 1024, std::nullopt}, usual,
                            budget);
  }

  const Chip &chip = *findChip("sm_90a");
  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  Operation *attention = nullptr, *topk = nullptr;
};
} // namespace

TEST_F(ChooseCandidatesTest, DefaultAndBestFirst) {
  auto usual = AttentionScheduleAttr::get(&context, 64, 3, 3, false, true);
  auto chosen = choose(attention, 8, usual);
  ASSERT_EQ(chosen.size(), 8u);
  EXPECT_TRUE(chosen[0].isDefault);
  EXPECT_EQ(chosen[0].schedule, ScheduleAttrInterface(usual));
  // Five in order of time, and two from behind them.
  auto ranking = choose(attention, 1000);
  for (unsigned i = 1; i < 6; ++i) {
    EXPECT_FALSE(chosen[i].isDefault);
    ASSERT_TRUE(chosen[i].predicted);
    if (i > 1) {
      EXPECT_LE(*chosen[i - 1].predicted, *chosen[i].predicted);
    }
  }
  EXPECT_LT(*chosen[5].predicted, *chosen[6].predicted);
  EXPECT_LT(*chosen[6].predicted, *chosen[7].predicted);
}

TEST_F(ChooseCandidatesTest, NoneTwiceAndAllLegal) {
  auto all = choose(attention, 1000);
  std::set<unsigned> numbers;
  auto candidates = enumerateSchedules(attention, chip);
  unsigned legal = 0;
  for (const ScheduleCandidate &candidate : candidates)
    legal += candidate.isLegal();
  EXPECT_EQ(all.size(), legal);
  for (const ChosenCandidate &chosen : all) {
    EXPECT_TRUE(numbers.insert(chosen.number).second);
    ASSERT_LT(chosen.number, candidates.size());
    EXPECT_EQ(chosen.schedule, candidates[chosen.number].schedule);
    EXPECT_TRUE(candidates[chosen.number].isLegal());
  }
}

TEST_F(ChooseCandidatesTest, OneIsTheDefault) {
  auto usual = AttentionScheduleAttr::get(&context, 64, 3, 3, false, true);
  auto chosen = choose(attention, 1, usual);
  ASSERT_EQ(chosen.size(), 1u);
  EXPECT_TRUE(chosen[0].isDefault);
}

// Where the model says nothing, as of chips that nobody has measured, all of
// the space counts alike.
TEST_F(ChooseCandidatesTest, SpreadsWithoutEstimates) {
  const Chip &unknown = *findChip("sm_80");
  CostSizes sizes = {1024, 1024, std::nullopt};
  auto chosen = chooseCandidates(topk, unknown, sizes, {}, 4);
  ASSERT_EQ(chosen.size(), 4u);
  for (const ChosenCandidate &candidate : chosen)
    EXPECT_FALSE(candidate.predicted);
  auto all = chooseCandidates(topk, unknown, sizes, {}, 1000);
  EXPECT_GT(all.size(), 8u);
  EXPECT_NE(chosen[0].number, all[0].number);
  EXPECT_GT(chosen[3].number, all[all.size() / 2].number);
}
