//===- RandomInputsTest.cpp - Made-up arguments ---------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/RandomInputs.h"

#include "TestFunction.h"

#include <cmath>
#include <set>

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa::test;

namespace {

using Shapes = llvm::SmallVector<llvm::SmallVector<int64_t, 4>>;

HostTensor make(const TestFunction &function, unsigned argument,
                const Shapes &shapes, uint64_t seed = 1) {
  ShapeEnvironment environment(function.entry.function, shapes);
  return llvm::cantFail(
      makeRandomInput(function.entry, argument, environment, seed));
}

std::string getError(const TestFunction &function, unsigned argument,
                     const Shapes &shapes) {
  ShapeEnvironment environment(function.entry.function, shapes);
  auto tensor = makeRandomInput(function.entry, argument, environment, 1);
  return tensor ? "" : llvm::toString(tensor.takeError());
}

const char *kScores = R"mlir(
func.func @f(%q: tensor<?x2x4xbf16>, %k: tensor<?x?x4xbf16>,
             %lo: tensor<?xi32>, %hi: tensor<?xi32>, %seq: tensor<?xi32>,
             %init: tensor<?x?xf32>, %free: tensor<2xi32>) -> tensor<?x?xf32> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x2x4xbf16>, tensor<?x?x4xbf16>)
      bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>) seq(%seq : tensor<?xi32>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
})mlir";
const Shapes kScoresShapes = {{5, 2, 4}, {2, 3, 4}, {5}, {5}, {5}, {5, 3}, {2}};

const char *kSparse = R"mlir(
func.func @f(%q: tensor<3x2x4xf32>, %kv: tensor<?x4xf32>,
             %i: tensor<3x1x6xi32>, %n: tensor<3x1xi32>,
             %o: tensor<3x2x4xf32>, %l: tensor<3x2xf32>)
    -> (tensor<3x2x4xf32>, tensor<3x2xf32>) {
  %r:2 = dsa.sparse_attention scale = 0.5
      ins(%q, %kv : tensor<3x2x4xf32>, tensor<?x4xf32>)
      indices(%i : tensor<3x1x6xi32>) lengths(%n : tensor<3x1xi32>) block = 2
      outs(%o, %l : tensor<3x2x4xf32>, tensor<3x2xf32>)
      -> tensor<3x2x4xf32>, tensor<3x2xf32>
  return %r#0, %r#1 : tensor<3x2x4xf32>, tensor<3x2xf32>
})mlir";
Shapes sparseShapes(int64_t keys) {
  return {{3, 2, 4}, {keys, 4}, {3, 1, 6}, {3, 1}, {3, 2, 4}, {3, 2}};
}

TEST(RandomSource, IsTheSameEverywhere) {
  RandomSource random(42, 0);
  EXPECT_EQ(random.next(), 0x6310bf04d8207f46ull);
  RandomSource other(42, 1);
  EXPECT_NE(RandomSource(42, 0).next(), other.next());
  EXPECT_NE(RandomSource(42, 0).next(), RandomSource(43, 0).next());
}

TEST(RandomSource, IsNormal) {
  RandomSource random(7, 3);
  double sum = 0, squares = 0, fourths = 0;
  const int count = 200000;
  for (int i = 0; i < count; ++i) {
    double value = random.normal();
    sum += value;
    squares += value * value;
    fourths += value * value * value * value;
  }
  EXPECT_NEAR(sum / count, 0, 0.01);
  EXPECT_NEAR(squares / count, 1, 0.02);
  // 3 for a normal distribution; a sum of twelve has 2.9.
  EXPECT_NEAR(fourths / count, 2.9, 0.1);
}

TEST(RandomSource, StaysBelowItsBound) {
  RandomSource random(1, 1);
  std::set<uint64_t> seen;
  for (int i = 0; i < 1000; ++i)
    seen.insert(random.below(5));
  EXPECT_EQ(seen, (std::set<uint64_t>{0, 1, 2, 3, 4}));
}

TEST(RandomInputs, DependOnSeedAndArgumentAlone) {
  TestFunction function(kScores);
  auto values = getValues(make(function, 0, kScoresShapes, 5));
  EXPECT_EQ(values, getValues(make(function, 0, kScoresShapes, 5)));
  EXPECT_NE(values, getValues(make(function, 0, kScoresShapes, 6)));
  EXPECT_EQ(make(function, 0, kScoresShapes).getKind(), ElementKind::BF16);
}

TEST(RandomInputs, BoundsAreCausal) {
  TestFunction function(kScores);
  EXPECT_EQ(getValues(make(function, 2, kScoresShapes)),
            (std::vector<double>{0, 0, 0, 0, 0}));
  EXPECT_EQ(getValues(make(function, 3, kScoresShapes)),
            (std::vector<double>{0, 0, 1, 2, 3}));
}

TEST(RandomInputs, SequencesTakeTurns) {
  TestFunction function(kScores);
  EXPECT_EQ(getValues(make(function, 4, kScoresShapes)),
            (std::vector<double>{0, 1, 0, 1, 0}));
}

TEST(RandomInputs, PositionsPrecedeTheUpperBound) {
  TestFunction function(R"mlir(
func.func @f(%s: tensor<?x?xf32>, %ids: tensor<?x?xi32>, %p: tensor<?xi32>,
             %i: tensor<?x1x2xi32>, %c: tensor<?x1xi32>) -> tensor<?x1x2xi32> {
  %r:2 = dsa.topk ins(%s : tensor<?x?xf32>) ids(%ids : tensor<?x?xi32>)
      positions(%p : tensor<?xi32>) window = [1, 0]
      outs(%i, %c : tensor<?x1x2xi32>, tensor<?x1xi32>)
      -> tensor<?x1x2xi32>, tensor<?x1xi32>
  return %r#0 : tensor<?x1x2xi32>
})mlir");
  Shapes shapes = {{2, 3}, {2, 3}, {2}, {2, 1, 2}, {2, 1}};
  EXPECT_EQ(getValues(make(function, 2, shapes)), (std::vector<double>{1, 2}));
  EXPECT_EQ(getValues(make(function, 1, shapes)),
            (std::vector<double>{0, 1, 2, 0, 1, 2}));
}

TEST(RandomInputs, IndicesAreDistinctBlocksInOrder) {
  TestFunction function(kSparse);
  for (uint64_t seed = 0; seed < 50; ++seed) {
    auto values = getValues(make(function, 2, sparseShapes(15), seed));
    for (size_t i = 0; i < values.size(); ++i) {
      EXPECT_GE(values[i], 0);
      EXPECT_LT(values[i], 8);
      if (i % 6)
        EXPECT_LT(values[i - 1], values[i]);
    }
  }
}

TEST(RandomInputs, IndicesEndInHolesWhereKeysRunOut) {
  TestFunction function(kSparse);
  auto values = getValues(make(function, 2, sparseShapes(7)));
  EXPECT_EQ(std::vector<double>(values.begin(), values.begin() + 6),
            (std::vector<double>{0, 1, 2, 3, -1, -1}));
  EXPECT_EQ(getValues(make(function, 3, sparseShapes(7))),
            (std::vector<double>{6, 6, 6}));
}

TEST(RandomInputs, RefuseIntegersOfUnknownUse) {
  TestFunction function(kScores);
  EXPECT_EQ(
      getError(function, 6, kScoresShapes),
      "cannot make up values for argument 'arg6' of i32: no dsa operation "
      "says what it holds; give it with --input");
}

TEST(RandomInputs, RefuseIntegersOfTwoUses) {
  TestFunction function(R"mlir(
func.func @f(%s: tensor<2x3xf32>, %b: tensor<2xi32>, %i: tensor<2x1x2xi32>,
             %c: tensor<2x1xi32>) -> tensor<2x1x2xi32> {
  %r:2 = dsa.topk ins(%s : tensor<2x3xf32>)
      bounds(%b, %b : tensor<2xi32>, tensor<2xi32>)
      outs(%i, %c : tensor<2x1x2xi32>, tensor<2x1xi32>)
      -> tensor<2x1x2xi32>, tensor<2x1xi32>
  return %r#0 : tensor<2x1x2xi32>
})mlir");
  EXPECT_EQ(
      getError(function, 1, {{2, 3}, {2}, {2, 1, 2}, {2, 1}}),
      "cannot make up values for argument 'arg1' of i32: it is used as lo "
      "and as hi; give it with --input");
}

} // namespace
