//===- CostModelTest.cpp - What schedules are expected to cost ------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Measured times are those of docs/performance/hopper.md.
//
//===----------------------------------------------------------------------===//

#include "dsa/Tuning/CostModel.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

namespace {
constexpr llvm::StringLiteral kProgram = R"(
module attributes {dsa.target = #nvvm.target<chip = "sm_90a">} {
  func.func @scores(%q: memref<?x64x128xf8E4M3FN>, %k: memref<?x128xf8E4M3FN>,
                    %s: memref<?x?xf32>) {
    dsa.index_scores<relu>
        ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>)
        outs(%s : memref<?x?xf32>)
    return
  }
  func.func @attention(%q: memref<?x16x128xbf16>, %l: memref<?x16xf32>) {
    dsa.attention scale = 1.0 ins(%q, %q, %q : memref<?x16x128xbf16>,
        memref<?x16x128xbf16>, memref<?x16x128xbf16>)
        outs(%q, %l : memref<?x16x128xbf16>, memref<?x16xf32>)
    return
  }
  func.func @sparse(%q: memref<?x128x576xbf16>, %k: memref<?x576xbf16>,
                    %i: memref<?x1x2048xi32>, %o: memref<?x128x512xbf16>,
                    %l: memref<?x128xf32>) {
    dsa.sparse_attention scale = 1.0
        ins(%q, %k : memref<?x128x576xbf16>, memref<?x576xbf16>)
        indices(%i : memref<?x1x2048xi32>)
        outs(%o, %l : memref<?x128x512xbf16>, memref<?x128xf32>)
    return
  }
  func.func @few(%q: memref<?x16x576xbf16>, %k: memref<?x576xbf16>,
                 %i: memref<?x1x2048xi32>, %o: memref<?x16x512xbf16>,
                 %l: memref<?x16xf32>) {
    dsa.sparse_attention scale = 1.0
        ins(%q, %k : memref<?x16x576xbf16>, memref<?x576xbf16>)
        indices(%i : memref<?x1x2048xi32>)
        outs(%o, %l : memref<?x16x512xbf16>, memref<?x16xf32>)
    return
  }
  func.func @range(%q: memref<?x16x576xbf16>, %k: memref<?x576xbf16>,
                   %o: memref<?x16x512xbf16>, %l: memref<?x16xf32>) {
    dsa.attention scale = 1.0
        ins(%q, %k : memref<?x16x576xbf16>, memref<?x576xbf16>)
        outs(%o, %l : memref<?x16x512xbf16>, memref<?x16xf32>)
    return
  }
  func.func @topk(%s: memref<?x?xf32>, %i: memref<?x1x2048xi32>,
                  %n: memref<?x1xi32>) {
    dsa.topk ins(%s : memref<?x?xf32>)
        outs(%i, %n : memref<?x1x2048xi32>, memref<?x1xi32>)
    return
  }
  func.func @select(%q: tensor<?x64x128xf8E4M3FN>, %k: tensor<?x128xf8E4M3FN>,
                    %i: tensor<?x1x2048xi32>, %n: tensor<?x1xi32>, %T: index,
                    %N: index) -> tensor<?x1xi32> {
    %0:2 = dsa.select outs(%i, %n : tensor<?x1x2048xi32>, tensor<?x1xi32>)
        scores {
      %init = tensor.empty(%T, %N) : tensor<?x?xf32>
      %s = dsa.index_scores<relu>
          ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
          outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
      dsa.yield %s : tensor<?x?xf32>
    } -> tensor<?x1x2048xi32>, tensor<?x1xi32>
    return %0#1 : tensor<?x1xi32>
  }
  func.func @merge(%o: memref<2x?x4x8xf32>, %l: memref<2x?x4xf32>,
                   %out: memref<?x4x8xf32>, %lse: memref<?x4xf32>) {
    dsa.merge ins(%o, %l : memref<2x?x4x8xf32>, memref<2x?x4xf32>)
        outs(%out, %lse : memref<?x4x8xf32>, memref<?x4xf32>)
    return
  }
})";

class CostModelTest : public ::testing::Test {
protected:
  CostModelTest() {
    context.loadDialect<DSADialect, DSATileDialect, func::FuncDialect,
                        NVVM::NVVMDialect, tensor::TensorDialect>();
    module = parseSourceString<ModuleOp>(kProgram, &context);
  }

  Operation *find(StringRef function) {
    Operation *found = nullptr;
    module->lookupSymbol(function)->walk<WalkOrder::PreOrder>(
        [&](RowOpInterface op) { found = found ? found : op; });
    return found;
  }
  Cost getCost(StringRef function, ScheduleAttrInterface schedule,
               CostSizes sizes) {
    auto cost = estimateCost(find(function), schedule, chip, sizes);
    EXPECT_TRUE(cost);
    return cost.value_or(Cost());
  }
  /// Expects a time of so many milliseconds, give or take a fifth.
  static void expectTime(const Cost &cost, double milliseconds) {
    EXPECT_NEAR(cost.microseconds / 1e3, milliseconds, milliseconds / 5);
  }

  SparseAttentionScheduleAttr sparse(int64_t keys, int64_t slots, bool split,
                                     int64_t splits = 1) {
    return SparseAttentionScheduleAttr::get(&context, keys, slots, 2, split,
                                            false, 1, 132, splits);
  }
  TransposedAttentionScheduleAttr few(int64_t slots, int64_t splits = 1) {
    return TransposedAttentionScheduleAttr::get(&context, 16, slots, 1, 132,
                                                splits);
  }
  AttentionScheduleAttr dense(int64_t keys, int64_t slots, int64_t groups,
                              bool delay) {
    return AttentionScheduleAttr::get(&context, keys, slots, groups, false,
                                      delay);
  }
  TopkScheduleAttr topk(int64_t keys, int64_t candidates, int64_t bins,
                        int64_t groups) {
    return TopkScheduleAttr::get(&context, keys, candidates, /*sample=*/2048,
                                 bins, groups);
  }
  SelectScheduleAttr select(int64_t mebibytes) {
    return SelectScheduleAttr::get(&context, 8192, mebibytes << 20, 8,
                                   topk(2048, 8192, 2048, 4), 0, 1);
  }
  ScoresScheduleAttr scores(int64_t rows, int64_t split, int64_t groups,
                            bool splitRelu, bool wholeRows = false) {
    return ScoresScheduleAttr::get(&context, rows, split, 6, groups, 132,
                                   groups > 1, splitRelu, wholeRows);
  }

  const Chip &chip = *findChip("sm_90a");
  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};
} // namespace

TEST_F(CostModelTest, SparseAttentionAsMeasured) {
  CostSizes sizes = {4096, 8192, std::nullopt};
  expectTime(getCost("sparse", sparse(64, 1, true), sizes), 3.47);
  expectTime(getCost("sparse", sparse(64, 2, false), sizes), 5.66);
}

TEST_F(CostModelTest, FewHeadsAsMeasured) {
  CostSizes sizes = {4096, 32768, std::nullopt};
  Cost two = getCost("few", few(2), sizes);
  expectTime(two, 1.346);
  // One buffer is filled and read in turn; heads padded to 64 take longer.
  EXPECT_LT(two.microseconds, getCost("few", few(1), sizes).microseconds);
  EXPECT_LT(two.microseconds,
            getCost("few", sparse(64, 1, true), sizes).microseconds);
  // Two warpgroups share the one buffer that there is room for; twice as many
  // heads are a longer chain.
  auto get = [&](int64_t heads, int64_t slots, int64_t groups) {
    return getCost("few",
                   TransposedAttentionScheduleAttr::get(&context, heads, slots,
                                                        groups, 132, 1),
                   sizes);
  };
  expectTime(get(16, 1, 2), 2.271);
  expectTime(get(32, 2, 1), 1.597);
  // A range of as many keys is a list.
  sizes = {4096, 32768, 2048};
  EXPECT_EQ(getCost("range", few(2), sizes).flops, two.flops);
}

TEST_F(CostModelTest, AttentionAsMeasured) {
  // Causal: a row sees half of the keys.
  CostSizes sizes = {16384, 16384, 8192};
  Cost three = getCost("attention", dense(64, 3, 3, true), sizes);
  expectTime(three, 1.675);
  // Two groups were measured with a slower softmax: slower, and slower still
  // where every product is waited for.
  Cost two = getCost("attention", dense(64, 2, 2, true), sizes);
  Cost waiting = getCost("attention", dense(64, 2, 2, false), sizes);
  EXPECT_LT(three.microseconds, two.microseconds);
  EXPECT_LT(two.microseconds, waiting.microseconds);
}

TEST_F(CostModelTest, ScoresAsMeasured) {
  CostSizes sizes = {4096, 32768, 32768 - 2048};
  expectTime(getCost("scores", scores(8, 4096, 4, true), sizes), 1.614);
  sizes = {4096, 131072, 131072 - 2048};
  expectTime(getCost("scores", scores(8, 4096, 4, true), sizes), 6.442);
  // Programs of all keys begin seldom; few rows are divided either way.
  Cost whole = getCost("scores", scores(8, 4096, 4, true, true), sizes);
  expectTime(whole, 6.502);
  EXPECT_EQ(whole.programs, 512);
  sizes = {600, 131072, 131072 - 2048};
  EXPECT_EQ(getCost("scores", scores(8, 4096, 4, true, true), sizes).programs,
            getCost("scores", scores(8, 4096, 4, true), sizes).programs);
}

TEST_F(CostModelTest, TopkAsMeasured) {
  CostSizes sizes = {4096, 131072, std::nullopt};
  expectTime(getCost("topk", topk(2048, 8192, 2048, 4), sizes), 0.887);
  // A block to a processor, which waits for each of its tiles.
  expectTime(getCost("topk", topk(1024, 16384, 2048, 2), sizes), 2.297);
  // Three, whose threads have not the registers for eight keys each.
  expectTime(getCost("topk", topk(4096, 8192, 2048, 4), sizes), 1.325);
  sizes = {4096, 8192, std::nullopt};
  expectTime(getCost("topk", topk(2048, 8192, 2048, 4), sizes), 0.203);
  // All keys fit into the list.
  expectTime(getCost("topk", topk(2048, 16384, 2048, 2), sizes), 0.367);
  // Four programs to a row.
  sizes = {64, 131072, std::nullopt};
  Cost shared = getCost("topk", topk(2048, 8192, 2048, 4), sizes);
  expectTime(shared, 0.0378);
  EXPECT_EQ(shared.programs, 256);
  EXPECT_EQ(shared.sharedMemory, 8 * 8192 + 4 * 2048 + 256);
}

TEST_F(CostModelTest, SelectionsAsMeasured) {
  CostSizes sizes = {4096, 131072, 131072 - 2048};
  expectTime(getCost("select", select(112), sizes), 8.512);
  expectTime(getCost("select", select(64), sizes), 9.275);
  expectTime(getCost("select", select(32), sizes), 10.243);
  sizes = {4096, 32768, 32768 - 2048};
  expectTime(getCost("select", select(112), sizes), 2.196);
  // Chunks of a row where there is room for none.
  auto least = SelectScheduleAttr::get(&context, 8192, 1, 8,
                                       topk(2048, 8192, 2048, 4), 0, 1);
  EXPECT_GT(getCost("select", least, sizes).microseconds, 4096 * 10.0);
  // Keys that are listed while they are scored.
  auto lists =
      SelectScheduleAttr::get(&context, 8192, 112 << 20, 8, {}, 2560, 1);
  expectTime(getCost("select", lists, sizes), 2.497);
  expectTime(getCost("select", lists, {4096, 131072, 131072 - 2048}), 8.87);
  expectTime(getCost("select", lists, {4096, 8192, 8192 - 2048}), 0.804);
  // What is selected by loops is not known.
  auto loops = SelectScheduleAttr::get(&context, 8192, 1 << 20, 8, {}, 0, 1);
  EXPECT_FALSE(estimateCost(find("select"), loops, chip, sizes));
}

TEST_F(CostModelTest, KeysFromFarAway) {
  auto time = [&](int64_t keys) {
    return getCost("sparse", sparse(64, 1, true), {4096, keys, std::nullopt})
        .microseconds;
  };
  // The cache holds those of 16,384 keys.
  EXPECT_EQ(time(8192), time(16384));
  EXPECT_GT(time(32768), time(16384));
  EXPECT_GT(time(131072), 1.05 * time(32768));
  expectTime(
      getCost("sparse", sparse(64, 1, true), {4096, 131072, std::nullopt}),
      3.85);
}

TEST_F(CostModelTest, CountsWork) {
  CostSizes sizes = {100, 3000, std::nullopt};
  Cost cost = getCost("sparse", sparse(64, 1, true), sizes);
  // 32 tiles of 64 keys for each of 2 blocks of heads.
  EXPECT_EQ(cost.programs, 200);
  EXPECT_EQ(cost.waves, 2);
  EXPECT_DOUBLE_EQ(cost.flops, 2.0 * 100 * 128 * 2048 * (576 + 512));
  EXPECT_DOUBLE_EQ(cost.loadedBytes, 2.0 * 200 * 2048 * 576);
  EXPECT_DOUBLE_EQ(cost.memoryBytes,
                   2.0 * (100.0 * 128 * (576 + 512) + 3000.0 * 576));
  EXPECT_EQ(cost.sharedMemory, 2 * 576 * (64 + 2 * 64));
  EXPECT_DOUBLE_EQ(cost.occupancy, 12.0 / 64);
  // Fewer keys than a list has entries.
  sizes.keys = 1024;
  EXPECT_LT(getCost("sparse", sparse(64, 1, true), sizes).microseconds,
            cost.microseconds);
}

TEST_F(CostModelTest, FewRowsHaveManyPrograms) {
  // However many keys a program may have, the kernel gives all blocks some.
  CostSizes few = {8, 65536, std::nullopt}, many = {8192, 65536, std::nullopt};
  Cost cost = getCost("scores", scores(8, 4096, 4, true), few);
  EXPECT_EQ(cost.programs, 128);
  EXPECT_EQ(cost.waves, 1);
  EXPECT_LT(cost.microseconds, 15);
  // Programs of few keys begin more often.
  EXPECT_LT(getCost("scores", scores(8, 4096, 4, true), many).microseconds,
            getCost("scores", scores(8, 512, 4, true), many).microseconds);
}

TEST_F(CostModelTest, NamesWhatBounds) {
  CostSizes sizes = {4096, 8192, std::nullopt};
  EXPECT_EQ(getCost("sparse", sparse(64, 1, true), sizes).bound, "matrix");
  // One slot: every tile is waited for.
  auto alone = SparseAttentionScheduleAttr::get(&context, 64, 1, 2, false,
                                                false, 1, 132, 1);
  EXPECT_EQ(getCost("sparse", alone, sizes).bound, "latency");
}

TEST_F(CostModelTest, LastRowsAreDivided) {
  auto get = [&](int64_t rows, int64_t splits) {
    return getCost("few", few(2, splits), {rows, 32768, std::nullopt});
  };
  // One row keeps sixteen blocks busy, and takes a fraction of the time.
  EXPECT_EQ(get(1, 1).programs, 1);
  EXPECT_EQ(get(1, 16).programs, 16);
  EXPECT_EQ(get(1, 16).waves, 1);
  EXPECT_LT(2 * get(1, 16).microseconds, get(1, 1).microseconds);
  EXPECT_EQ(get(1, 16).flops, get(1, 1).flops);
  // 132 are a turn, and of more than half a turn none is divided.
  EXPECT_EQ(get(132, 16).microseconds, get(132, 1).microseconds);
  EXPECT_EQ(get(67, 16).microseconds, get(67, 1).microseconds);
  EXPECT_EQ(get(66, 16).programs, 132);
  // Four behind 31 turns have 64 programs.
  EXPECT_EQ(get(4096, 16).programs, 4092 + 64);
  EXPECT_EQ(get(4096, 16).waves, 32);
  EXPECT_LT(get(4096, 16).microseconds, get(4096, 1).microseconds);
}

TEST_F(CostModelTest, FewListsDoNotReadAllKeys) {
  auto getBytes = [&](int64_t rows, int64_t keys) {
    return getCost("few", few(2), {rows, keys, std::nullopt}).memoryBytes;
  };
  EXPECT_EQ(getBytes(1, 131072), getBytes(1, 32768));
  EXPECT_LT(getBytes(4096, 32768), getBytes(4096, 131072));
}

TEST_F(CostModelTest, NothingIsSaidOfTheUnknown) {
  CostSizes sizes = {4096, 8192, std::nullopt};
  auto loops = LoopScheduleAttr::get(&context, 1, 16, 1, 0);
  EXPECT_FALSE(estimateCost(find("merge"), loops, chip, sizes));
  EXPECT_FALSE(estimateCost(find("sparse"), loops, chip, sizes));
  EXPECT_FALSE(
      estimateCost(find("sparse"), dense(64, 3, 3, true), chip, sizes));
  EXPECT_FALSE(estimateCost(find("sparse"), sparse(64, 1, true),
                            *findChip("sm_100a"), sizes));
}

TEST_F(CostModelTest, SortsTheLegalByTime) {
  Operation *op = find("attention");
  CostSizes sizes = {16384, 16384, 8192};
  auto candidates = enumerateSchedules(op, chip);
  sortByCost(op, chip, sizes, candidates);
  ASSERT_FALSE(candidates.empty());
  ASSERT_TRUE(candidates.front().isLegal());
  double before = 0;
  bool wasLegal = true;
  for (const ScheduleCandidate &candidate : candidates) {
    EXPECT_TRUE(wasLegal || !candidate.isLegal());
    wasLegal = candidate.isLegal();
    if (!wasLegal)
      continue;
    auto cost = estimateCost(op, candidate.schedule, chip, sizes);
    ASSERT_TRUE(cost);
    EXPECT_GE(cost->microseconds, before);
    before = cost->microseconds;
  }
  EXPECT_FALSE(wasLegal);
}
