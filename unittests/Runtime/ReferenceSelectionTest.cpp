//===- ReferenceSelectionTest.cpp - Scores and selections by hand ---------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/Reference.h"

#include "TestFunction.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa::test;

namespace {

using Values = std::vector<double>;

std::vector<Values> evaluate(StringRef text,
                             const std::vector<HostTensor> &arguments) {
  TestFunction function(text);
  auto results = evaluateReference(function.entry.function, arguments);
  if (!results) {
    ADD_FAILURE() << llvm::toString(results.takeError());
    return {};
  }
  std::vector<Values> values;
  for (const ReferenceTensor &result : *results)
    values.push_back(result.data);
  return values;
}

TEST(ReferenceIndexScores, SumsHeadsAfterTheActivation) {
  // q·k: head 0: 2, -3; head 1: -4, 5. Weights 1 and 10; key scales 1 and -1.
  for (auto [activation, first, second] :
       {std::tuple{"relu", 2.0, -50.0}, std::tuple{"none", -38.0, -47.0}}) {
    auto results =
        evaluate(std::string(R"mlir(
func.func @f(%q: tensor<1x2x2xf32>, %k: tensor<2x2xf32>, %w: tensor<1x2xf32>,
             %ks: tensor<2xf32>, %e: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %s = dsa.index_scores<)mlir") +
                     activation + R"mlir(>
      ins(%q, %k : tensor<1x2x2xf32>, tensor<2x2xf32>)
      weights(%w : tensor<1x2xf32>) k_scale(%ks : tensor<2xf32>)
      outs(%e : tensor<1x2xf32>) -> tensor<1x2xf32>
  return %s : tensor<1x2xf32>
})mlir",
                 listOf(makeTensor(ElementKind::F32, {1, 2, 2}, {2, -3, -4, 5}),
                        makeTensor(ElementKind::F32, {2, 2}, {1, 0, 0, 1}),
                        makeTensor(ElementKind::F32, {1, 2}, {1, 10}),
                        makeTensor(ElementKind::F32, {2}, {1, -1}),
                        makeTensor(ElementKind::F32, {1, 2}, {0, 0})));
    ASSERT_EQ(results.size(), 1u);
    EXPECT_EQ(results[0], (Values{first, second}));
  }
}

TEST(ReferenceIndexScores, ReadsTheRowsSequenceWithinBounds) {
  auto results = evaluate(
      R"mlir(
func.func @f(%q: tensor<4x1x1xf8E4M3FN>, %k: tensor<2x3x1xf8E4M3FN>,
             %lo: tensor<4xi32>, %hi: tensor<4xi32>, %seq: tensor<4xi32>,
             %e: tensor<4x3xf32>) -> tensor<4x3xf32> {
  %s = dsa.index_scores<none>
      ins(%q, %k : tensor<4x1x1xf8E4M3FN>, tensor<2x3x1xf8E4M3FN>)
      bounds(%lo, %hi : tensor<4xi32>, tensor<4xi32>) seq(%seq : tensor<4xi32>)
      outs(%e : tensor<4x3xf32>) -> tensor<4x3xf32>
  return %s : tensor<4x3xf32>
})mlir",
      listOf(makeTensor(ElementKind::F8E4M3FN, {4, 1, 1}, {1, 1, 1, 1}),
             makeTensor(ElementKind::F8E4M3FN, {2, 3, 1}, {1, 2, 3, 4, 5, 6}),
             makeTensor(ElementKind::I32, {4}, {-2147483648.0, 1, 0, 2}),
             makeTensor(ElementKind::I32, {4}, {2, 2147483647.0, 3, 1}),
             makeTensor(ElementKind::I32, {4}, {0, 1, 2, 0}),
             makeTensor(ElementKind::F32, {4, 3}, Values(12))));
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0], (Values{1, 2, -kInfinity,                   //
                                -kInfinity, 5, 6,                   //
                                -kInfinity, -kInfinity, -kInfinity, //
                                -kInfinity, -kInfinity, -kInfinity}));
}

/// A dsa.topk of one row of six scores with three entries, and these clauses.
std::vector<Values> topk(const Values &scores, const std::string &clauses,
                         const Values &ids = {0, 1, 2, 3, 4, 5}, double lo = 0,
                         double hi = 6, double position = 5) {
  auto results = evaluate(
      R"mlir(
func.func @f(%s: tensor<1x6xf32>, %ids: tensor<1x6xi32>, %lo: tensor<1xi32>,
             %hi: tensor<1xi32>, %p: tensor<1xi32>, %i: tensor<1x1x3xi32>,
             %c: tensor<1x1xi32>, %v: tensor<1x1x3xf32>)
    -> (tensor<1x1x3xi32>, tensor<1x1xi32>, tensor<1x1x3xf32>) {
  %r:3 = dsa.topk ins(%s : tensor<1x6xf32>) )mlir" +
          clauses + R"mlir(
      outs(%i, %c, %v : tensor<1x1x3xi32>, tensor<1x1xi32>, tensor<1x1x3xf32>)
      -> tensor<1x1x3xi32>, tensor<1x1xi32>, tensor<1x1x3xf32>
  return %r#0, %r#1, %r#2
      : tensor<1x1x3xi32>, tensor<1x1xi32>, tensor<1x1x3xf32>
})mlir",
      listOf(makeTensor(ElementKind::F32, {1, 6}, scores),
             makeTensor(ElementKind::I32, {1, 6}, ids),
             makeTensor(ElementKind::I32, {1}, {lo}),
             makeTensor(ElementKind::I32, {1}, {hi}),
             makeTensor(ElementKind::I32, {1}, {position}),
             makeTensor(ElementKind::I32, {1, 1, 3}, {0, 0, 0}),
             makeTensor(ElementKind::I32, {1, 1}, {0}),
             makeTensor(ElementKind::F32, {1, 1, 3}, {0, 0, 0})));
  if (results.size() != 3)
    return std::vector<Values>(3);
  return results;
}

const std::string kBounds = "bounds(%lo, %hi : tensor<1xi32>, tensor<1xi32>)";
const std::string kPositions = "positions(%p : tensor<1xi32>)";
const std::string kIds = "ids(%ids : tensor<1x6xi32>)";

TEST(ReferenceTopk, TakesTheBestInOrderOfIndex) {
  auto r = topk({1, 6, 2, 5, 4, 3}, "");
  EXPECT_EQ(r[0], (Values{1, 3, 4}));
  EXPECT_EQ(r[1], (Values{3}));
  EXPECT_EQ(r[2], (Values{6, 5, 4}));
}

TEST(ReferenceTopk, BreaksTiesByIndexAndZeroesTie) {
  EXPECT_EQ(topk({0.0, -0.0, 0.0, -0.0, 0.0, 0.0}, "")[0], (Values{0, 1, 2}));
  EXPECT_EQ(topk({-1, -0.0, 0.0, 1, 0.0, 0.0}, "")[0], (Values{1, 2, 3}));
}

TEST(ReferenceTopk, NeverTakesNaNOrMinusInfinity) {
  auto r = topk({kNaN, -kInfinity, kInfinity, kNaN, -1e30, -kInfinity}, "");
  EXPECT_EQ(r[0], (Values{2, 4, -1}));
  EXPECT_EQ(r[1], (Values{2}));
  EXPECT_EQ(r[2][0], kInfinity);
  EXPECT_EQ(r[2][2], -kInfinity);
}

TEST(ReferenceTopk, ClampsBounds) {
  EXPECT_EQ(topk({1, 6, 2, 5, 4, 3}, kBounds, {0, 0, 0, 0, 0, 0}, 2, 100)[0],
            (Values{3, 4, 5}));
  EXPECT_EQ(topk({1, 6, 2, 5, 4, 3}, kBounds, {0, 0, 0, 0, 0, 0}, -7, 2)[0],
            (Values{0, 1, -1}));
  EXPECT_EQ(topk({1, 6, 2, 5, 4, 3}, kBounds, {0, 0, 0, 0, 0, 0}, 4, 2)[1],
            (Values{0}));
}

TEST(ReferenceTopk, KeepsTheWindowAndTheFirst) {
  const Values scores = {1, 6, 2, 5, 4, 3}, ids(6);
  // Keys 2 and 3 by the window, then the best.
  EXPECT_EQ(topk(scores, kPositions + " window = [1, 0]", ids, 0, 6, 3)[0],
            (Values{1, 2, 3}));
  EXPECT_EQ(
      topk(scores, kPositions + " window = [0, 0] first = 1", ids, 0, 6, 2)[0],
      (Values{0, 1, 2}));
  // Out of bounds, or never selectable, is not kept either.
  EXPECT_EQ(
      topk(scores, kBounds + kPositions + " window = [1, 0]", ids, 3, 6, 3)[0],
      (Values{3, 4, 5}));
  EXPECT_EQ(topk({kNaN, 6, 2, 5, 4, 3}, "first = 2", ids)[0],
            (Values{1, 3, 4}));
  // The first keys are those of the bounds.
  EXPECT_EQ(topk(scores, kBounds + " first = 1", ids, 2, 6)[0],
            (Values{2, 3, 4}));
}

TEST(ReferenceTopk, IdsDecideTiesAndBounds) {
  auto r = topk({5, 5, 5, 5, 1, 9}, kIds, {40, 7, 30, 2, 3, -1});
  EXPECT_EQ(r[0], (Values{2, 7, 30}));
  EXPECT_EQ(r[2], (Values{5, 5, 5}));
  EXPECT_EQ(topk({5, 5, 5, 5, 1, 9}, kIds + kBounds, {40, 7, 30, 2, 3, 100}, 3,
                 31)[0],
            (Values{3, 7, 30}));
}

TEST(ReferenceTopk, BlocksTakeTheirBestKey) {
  // Blocks of two: 3, NaN alone, 4 and a hole.
  auto r = topk({1, 3, kNaN, -kInfinity, -kInfinity, 4}, "block = 2");
  EXPECT_EQ(r[0], (Values{0, 2, -1}));
  EXPECT_EQ(r[2], (Values{3, 4, -kInfinity}));
  EXPECT_EQ(r[1], (Values{2}));
}

TEST(ReferenceSelect, SelectsFromWhatItsRegionComputes) {
  auto results = evaluate(
      R"mlir(
func.func @f(%q: tensor<1x1x1xf32>, %k: tensor<4x1xf32>, %i: tensor<1x1x2xi32>,
             %c: tensor<1x1xi32>) -> (tensor<1x1x2xi32>, tensor<1x1xi32>) {
  %r:2 = dsa.select outs(%i, %c : tensor<1x1x2xi32>, tensor<1x1xi32>) scores {
    %e = tensor.empty() : tensor<1x4xf32>
    %s = dsa.index_scores<none> ins(%q, %k : tensor<1x1x1xf32>, tensor<4x1xf32>)
        outs(%e : tensor<1x4xf32>) -> tensor<1x4xf32>
    dsa.yield %s : tensor<1x4xf32>
  } -> tensor<1x1x2xi32>, tensor<1x1xi32>
  return %r#0, %r#1 : tensor<1x1x2xi32>, tensor<1x1xi32>
})mlir",
      listOf(makeTensor(ElementKind::F32, {1, 1, 1}, {-1}),
             makeTensor(ElementKind::F32, {4, 1}, {1, -2, 3, -4}),
             makeTensor(ElementKind::I32, {1, 1, 2}, {0, 0}),
             makeTensor(ElementKind::I32, {1, 1}, {0})));
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0], (Values{1, 3}));
  EXPECT_EQ(results[1], (Values{2}));
}

} // namespace
