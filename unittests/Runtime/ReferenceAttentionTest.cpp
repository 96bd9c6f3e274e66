//===- ReferenceAttentionTest.cpp - Attention by hand ---------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/Reference.h"

#include "TestFunction.h"

#include <cmath>

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
    return std::vector<Values>(3);
  }
  std::vector<Values> values;
  for (const ReferenceTensor &result : *results)
    values.push_back(result.data);
  return values;
}

void expectNear(const Values &found, const Values &expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i) {
    if (std::isinf(expected[i]))
      EXPECT_EQ(found[i], expected[i]) << i;
    else
      EXPECT_NEAR(found[i], expected[i], 1e-12) << i;
  }
}

/// Sparse attention of one row and head over keys 0, ln 2 and ln 3, whose
/// values are 1, 10 and 100: the weights are 1, 2 and 3.
std::vector<Values> attend(const Values &indices, const std::string &clauses,
                           double length = 4, double sink = -kInfinity,
                           double seq = 0) {
  HostTensor key = llvm::cantFail(HostTensor::create(ElementKind::F32, {3, 1}));
  key.set(1, std::log(2.0));
  key.set(2, std::log(3.0));
  bool sequences = clauses.find("seq") != std::string::npos;
  std::string keys = sequences ? "tensor<1x3x1xf32>" : "tensor<3x1xf32>";
  llvm::SmallVector<int64_t> shape = {3, 1};
  if (sequences)
    shape.insert(shape.begin(), 1);
  return evaluate(
      "func.func @f(%q: tensor<1x1x1xf32>, %k: " + keys + ", %v: " + keys +
          R"mlir(,
             %i: tensor<1x1x4xi32>, %n: tensor<1x1xi32>, %seq: tensor<1xi32>,
             %sink: tensor<1xf32>, %o: tensor<1x1x1xf32>, %l: tensor<1x1xf32>)
    -> (tensor<1x1x1xf32>, tensor<1x1xf32>, tensor<1x1xf32>) {
  %r:3 = dsa.sparse_attention scale = 2.0
      ins(%q, %k, %v : tensor<1x1x1xf32>, )mlir" +
          keys + ", " + keys + ") indices(%i : tensor<1x1x4xi32>) " + clauses +
          R"mlir(
      outs(%o, %l, %l : tensor<1x1x1xf32>, tensor<1x1xf32>, tensor<1x1xf32>)
      -> tensor<1x1x1xf32>, tensor<1x1xf32>, tensor<1x1xf32>
  return %r#0, %r#1, %r#2
      : tensor<1x1x1xf32>, tensor<1x1xf32>, tensor<1x1xf32>
})mlir",
      listOf(makeTensor(ElementKind::F32, {1, 1, 1}, {0.5}),
             makeTensor(ElementKind::F32, shape,
                        {key.get(0), key.get(1), key.get(2)}),
             makeTensor(ElementKind::F32, shape, {1, 10, 100}),
             makeTensor(ElementKind::I32, {1, 1, 4}, indices),
             makeTensor(ElementKind::I32, {1, 1}, {length}),
             makeTensor(ElementKind::I32, {1}, {seq}),
             makeTensor(ElementKind::F32, {1}, {sink}),
             makeTensor(ElementKind::F32, {1, 1, 1}, {0}),
             makeTensor(ElementKind::F32, {1, 1}, {0})));
}

// The keys are rounded to f32.
constexpr double kRounding = 1e-6;

TEST(ReferenceSparseAttention, WeighsTheListedKeys) {
  auto r = attend({0, 1, 2, -1}, "");
  EXPECT_NEAR(r[0][0], (1 + 20 + 300) / 6.0, 1e-4);
  EXPECT_NEAR(r[1][0], std::log(6), kRounding);
  EXPECT_NEAR(r[2][0], std::log(3), kRounding);
}

TEST(ReferenceSparseAttention, CountsRepeatedKeysAndSkipsHoles) {
  auto r = attend({1, 1, 2147483647.0, -2147483648.0}, "");
  EXPECT_NEAR(r[0][0], 10, 1e-4);
  EXPECT_NEAR(r[1][0], std::log(4), kRounding);
  EXPECT_NEAR(attend({0, 1, 2, 3}, "lengths(%n : tensor<1x1xi32>)", 2)[0][0],
              21 / 3.0, 1e-4);
}

TEST(ReferenceSparseAttention, DeadRowsAreZero) {
  for (auto r : {attend({-1, 3, 4, -5}, ""),
                 attend({0, 1, 2, 0}, "lengths(%n : tensor<1x1xi32>)", -1),
                 attend({0, 1, 2, 0}, "seq(%seq : tensor<1xi32>)", 4, 0, 1),
                 attend({3, 3, 3, 3}, "sink(%sink : tensor<1xf32>)", 4, 1)}) {
    EXPECT_EQ(r[0], Values{0});
    EXPECT_EQ(r[1], Values{-kInfinity});
    EXPECT_EQ(r[2], Values{-kInfinity});
  }
}

TEST(ReferenceSparseAttention, TheSinkTakesWeightButNotInLse) {
  auto r =
      attend({0, 1, 2, -1}, "sink(%sink : tensor<1xf32>)", 4, std::log(4.0));
  EXPECT_NEAR(r[0][0], (1 + 20 + 300) / 10.0, 1e-4);
  EXPECT_NEAR(r[1][0], std::log(6), kRounding);
}

TEST(ReferenceSparseAttention, BlocksNameSeveralKeys) {
  // Block 1 holds key 2 alone; there is no block 2.
  auto r = attend({1, 2, -1, -1}, "block = 2");
  EXPECT_NEAR(r[0][0], 100, 1e-4);
  EXPECT_NEAR(attend({0, 1, -1, -1}, "block = 2")[1][0], std::log(6),
              kRounding);
}

TEST(ReferenceSparseAttention, HeadsHaveTheirKeysAndLists) {
  // Two key heads, four query heads, a list for each query head. All scores are
  // 0, so that the output is the mean of the listed values: the key's columns.
  auto r = evaluate(
      R"mlir(
func.func @f(%q: tensor<1x4x2xf32>, %k: tensor<3x2x2xf32>, %i: tensor<1x4x2xi32>,
             %o: tensor<1x4x1xf32>, %l: tensor<1x4xf32>)
    -> (tensor<1x4x1xf32>, tensor<1x4xf32>) {
  %r:2 = dsa.sparse_attention scale = 1.0
      ins(%q, %k : tensor<1x4x2xf32>, tensor<3x2x2xf32>)
      indices(%i : tensor<1x4x2xi32>)
      outs(%o, %l : tensor<1x4x1xf32>, tensor<1x4xf32>)
      -> tensor<1x4x1xf32>, tensor<1x4xf32>
  return %r#0, %r#1 : tensor<1x4x1xf32>, tensor<1x4xf32>
})mlir",
      listOf(makeTensor(ElementKind::F32, {1, 4, 2}, Values(8)),
             makeTensor(ElementKind::F32, {3, 2, 2},
                        {1, 0, 10, 0, 2, 0, 20, 0, 3, 0, 30, 0}),
             makeTensor(ElementKind::I32, {1, 4, 2}, {0, 1, 1, 2, 0, 2, 2, -1}),
             makeTensor(ElementKind::F32, {1, 4, 1}, Values(4)),
             makeTensor(ElementKind::F32, {1, 4}, Values(4))));
  expectNear(r[0], {1.5, 2.5, 20, 30});
  expectNear(r[1], {std::log(2), std::log(2), std::log(2), 0});
}

TEST(ReferenceAttention, WindowsAndBoundsIntersect) {
  auto r = evaluate(
      R"mlir(
func.func @f(%q: tensor<3x1x1xf32>, %k: tensor<5x1xf32>, %lo: tensor<3xi32>,
             %hi: tensor<3xi32>, %p: tensor<3xi32>, %o: tensor<3x1x1xf32>,
             %l: tensor<3x1xf32>) -> (tensor<3x1x1xf32>, tensor<3x1xf32>) {
  %r:2 = dsa.attention scale = 1.0
      ins(%q, %k : tensor<3x1x1xf32>, tensor<5x1xf32>)
      bounds(%lo, %hi : tensor<3xi32>, tensor<3xi32>)
      positions(%p : tensor<3xi32>) window = [1, 1]
      outs(%o, %l : tensor<3x1x1xf32>, tensor<3x1xf32>)
      -> tensor<3x1x1xf32>, tensor<3x1xf32>
  return %r#0, %r#1 : tensor<3x1x1xf32>, tensor<3x1xf32>
})mlir",
      listOf(makeTensor(ElementKind::F32, {3, 1, 1}, {0, 0, 0}),
             makeTensor(ElementKind::F32, {5, 1}, {1, 2, 3, 4, kNaN}),
             makeTensor(ElementKind::I32, {3}, {0, 2, -9}),
             makeTensor(ElementKind::I32, {3}, {4, 4, 99}),
             makeTensor(ElementKind::I32, {3}, {1, 2, 9}),
             makeTensor(ElementKind::F32, {3, 1, 1}, Values(3)),
             makeTensor(ElementKind::F32, {3, 1}, Values(3))));
  expectNear(r[0], {2, 3.5, 0});
  expectNear(r[1], {std::log(3), std::log(2), -kInfinity});
}

TEST(ReferenceMerge, AddsUpWeights) {
  auto r = evaluate(
      R"mlir(
func.func @f(%os: tensor<2x3x1x1xf32>, %ls: tensor<2x3x1xf32>,
             %sink: tensor<1xf32>, %o: tensor<3x1x1xf32>, %l: tensor<3x1xf32>)
    -> (tensor<3x1x1xf32>, tensor<3x1xf32>) {
  %r:2 = dsa.merge ins(%os, %ls : tensor<2x3x1x1xf32>, tensor<2x3x1xf32>)
      sink(%sink : tensor<1xf32>)
      outs(%o, %l : tensor<3x1x1xf32>, tensor<3x1xf32>)
      -> tensor<3x1x1xf32>, tensor<3x1xf32>
  return %r#0, %r#1 : tensor<3x1x1xf32>, tensor<3x1xf32>
})mlir",
      listOf(makeTensor(ElementKind::F32, {2, 3, 1, 1}, {4, 4, 4, 8, kNaN, 8}),
             makeTensor(ElementKind::F32, {2, 3, 1},
                        {0, 0, -kInfinity, 0, -kInfinity, -kInfinity}),
             makeTensor(ElementKind::F32, {1}, {0}),
             makeTensor(ElementKind::F32, {3, 1, 1}, Values(3)),
             makeTensor(ElementKind::F32, {3, 1}, Values(3))));
  expectNear(r[0], {12 / 3.0, 4 / 2.0, 0});
  expectNear(r[1], {std::log(2), 0, -kInfinity});
}

} // namespace
