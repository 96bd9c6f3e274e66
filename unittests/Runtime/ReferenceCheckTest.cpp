//===- ReferenceCheckTest.cpp - What a check finds wrong ------------------===//
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
using Method = ResultCheck::Method;

CheckReport check(StringRef text, const std::vector<HostTensor> &arguments,
                  const std::vector<HostTensor> &results,
                  bool onTiles = false) {
  TestFunction function(text);
  auto report = checkAgainstReference(function.entry.function, arguments,
                                      results, onTiles);
  if (report)
    return std::move(*report);
  ADD_FAILURE() << llvm::toString(report.takeError());
  CheckReport empty;
  empty.results.resize(results.size());
  return empty;
}

HostTensor ints(llvm::ArrayRef<int64_t> shape, const Values &values) {
  return makeTensor(ElementKind::I32, shape, values);
}
HostTensor floats(llvm::ArrayRef<int64_t> shape, const Values &values) {
  return makeTensor(ElementKind::F32, shape, values);
}

/// The two best of four scores, which are an argument.
std::string makeTopk(StringRef clauses) {
  return R"mlir(
func.func @f(%s: tensor<1x4xf32>, %i: tensor<1x1x2xi32>, %c: tensor<1x1xi32>,
             %v: tensor<1x1x2xf32>)
    -> (tensor<1x1x2xi32>, tensor<1x1xi32>, tensor<1x1x2xf32>) {
  %r:3 = dsa.topk ins(%s : tensor<1x4xf32>) )mlir" +
         clauses.str() + R"mlir(
      outs(%i, %c, %v : tensor<1x1x2xi32>, tensor<1x1xi32>, tensor<1x1x2xf32>)
      -> tensor<1x1x2xi32>, tensor<1x1xi32>, tensor<1x1x2xf32>
  return %r#0, %r#1, %r#2
      : tensor<1x1x2xi32>, tensor<1x1xi32>, tensor<1x1x2xf32>
})mlir";
}

CheckReport checkTopk(StringRef clauses, const Values &indices, double count,
                      const Values &values) {
  return check(makeTopk(clauses),
               listOf(floats({1, 4}, {3, 1, 3, 3}), ints({1, 1, 2}, {0, 0}),
                      ints({1, 1}, {0}), floats({1, 1, 2}, {0, 0})),
               listOf(ints({1, 1, 2}, indices), ints({1, 1}, {count}),
                      floats({1, 1, 2}, values)));
}

TEST(Check, SelectionsFromGivenScoresAreExact) {
  CheckReport right = checkTopk("", {0, 2}, 2, {3, 3});
  for (const ResultCheck &result : right.results) {
    EXPECT_EQ(result.failure, "");
    EXPECT_EQ(result.method, Method::Exact);
  }
  // A tie that went to the larger index.
  EXPECT_EQ(checkTopk("", {0, 3}, 2, {3, 3}).results[0].failure,
            "at [0, 0, 1]: expected 2, found 3");
  EXPECT_EQ(checkTopk("", {2, 0}, 2, {3, 3}).results[0].failure,
            "at [0, 0, 0]: expected 0, found 2");
  EXPECT_EQ(checkTopk("", {0, 2}, 1, {3, 3}).results[1].failure,
            "at [0, 0]: expected 2, found 1");
  EXPECT_EQ(checkTopk("", {0, 2}, 2, {3, 3.000001}).results[2].failure,
            "at [0, 0, 1]: expected 3, found 3.00000095");
}

TEST(Check, UnorderedSelectionsMayComeInAnyOrder) {
  CheckReport report = checkTopk("unordered", {2, 0}, 2, {3, 3});
  for (const ResultCheck &result : report.results)
    EXPECT_EQ(result.failure, "");
  EXPECT_NE(checkTopk("unordered", {3, 0}, 2, {3, 3}).results[0].failure, "");
}

/// Selection of one row from six scores that are computed on the way: the keys
/// themselves. 0.999999 and 1 tie nearly.
CheckReport checkSelect(const Values &indices, double count,
                        const std::string &clauses = "") {
  return check(
      R"mlir(
func.func @f(%q: tensor<1x1x1xf32>, %k: tensor<6x1xf32>, %p: tensor<1xi32>,
             %i: tensor<1x1x3xi32>, %c: tensor<1x1xi32>)
    -> (tensor<1x1x3xi32>, tensor<1x1xi32>) {
  %r:2 = dsa.select )mlir" +
          clauses + R"mlir( outs(%i, %c : tensor<1x1x3xi32>, tensor<1x1xi32>)
      scores {
    %e = tensor.empty() : tensor<1x6xf32>
    %s = dsa.index_scores<none> ins(%q, %k : tensor<1x1x1xf32>, tensor<6x1xf32>)
        outs(%e : tensor<1x6xf32>) -> tensor<1x6xf32>
    dsa.yield %s : tensor<1x6xf32>
  } -> tensor<1x1x3xi32>, tensor<1x1xi32>
  return %r#0, %r#1 : tensor<1x1x3xi32>, tensor<1x1xi32>
})mlir",
      listOf(floats({1, 1, 1}, {1}),
             floats({6, 1}, {2, 1, 0.999999, 3, 0.5, 0}), ints({1}, {5}),
             ints({1, 1, 3}, {0, 0, 0}), ints({1, 1}, {0})),
      listOf(ints({1, 1, 3}, indices), ints({1, 1}, {count})));
}

TEST(Check, SelectionsFromUnseenScoresAreRightUpToNearTies) {
  CheckReport exact = checkSelect({0, 1, 3}, 3);
  EXPECT_EQ(exact.results[0].failure, "");
  EXPECT_EQ(exact.results[0].method, Method::NearTies);
  EXPECT_EQ(exact.results[0].error, 0);
  CheckReport near = checkSelect({0, 2, 3}, 3);
  EXPECT_EQ(near.results[0].failure, "");
  EXPECT_NEAR(near.results[0].error, 1e-6 / 3, 1e-7);
  EXPECT_EQ(checkSelect({0, 3, 4}, 3).results[0].failure,
            "row 0, list 0: expected index 1 of score 1.00, found 4 of score "
            "0.50");
  EXPECT_EQ(checkSelect({0, 2, 3}, 2).results[1].failure,
            "at [0, 0]: expected 3, found 2");
}

TEST(Check, SelectionsFromUnseenScoresHaveTheRightForm) {
  auto failure = [](const Values &indices, const std::string &clauses = "") {
    return checkSelect(indices, 3, clauses).results[0].failure;
  };
  EXPECT_EQ(failure({0, 1, -1}), "row 0, list 0: expected 3 indices, found 2");
  EXPECT_EQ(failure({-1, 0, 1}),
            "row 0, list 0: expected -1 only after all indices, found -1");
  EXPECT_EQ(failure({1, 0, 3}),
            "row 0, list 0: expected ascending indices, found 1, 0");
  EXPECT_EQ(failure({0, 0, 3}),
            "row 0, list 0: expected ascending indices, found 0, 0");
  EXPECT_EQ(failure({0, 1, 6}),
            "row 0, list 0: index 6 is no candidate, or is there twice");
  EXPECT_EQ(failure({0, 3, 1}, "unordered"), "");
  EXPECT_EQ(failure({3, 3, 0}, "unordered"),
            "row 0, list 0: index 3 is no candidate, or is there twice");
  std::string window = "positions(%p : tensor<1xi32>) window = [0, 0]";
  EXPECT_EQ(failure({0, 3, 5}, window), "");
  EXPECT_EQ(failure({0, 1, 3}, window),
            "row 0, list 0: expected index 5, which window or first keeps");
}

/// Attention over indices that a selection of scores found.
const char *kLayer = R"mlir(
func.func @f(%q: tensor<1x1x1xf32>, %k: tensor<4x1xf32>, %i: tensor<1x1x1xi32>,
             %c: tensor<1x1xi32>, %o: tensor<1x1x1xf32>, %l: tensor<1x1xf32>)
    -> (tensor<1x1x1xf32> RESULTS) {
  %r:2 = dsa.select outs(%i, %c : tensor<1x1x1xi32>, tensor<1x1xi32>) scores {
    %e = tensor.empty() : tensor<1x4xf32>
    %s = dsa.index_scores<none> ins(%q, %k : tensor<1x1x1xf32>, tensor<4x1xf32>)
        outs(%e : tensor<1x4xf32>) -> tensor<1x4xf32>
    dsa.yield %s : tensor<1x4xf32>
  } -> tensor<1x1x1xi32>, tensor<1x1xi32>
  %a:2 = dsa.sparse_attention scale = 1.0
      ins(%q, %k : tensor<1x1x1xf32>, tensor<4x1xf32>)
      indices(%r#0 : tensor<1x1x1xi32>)
      outs(%o, %l : tensor<1x1x1xf32>, tensor<1x1xf32>)
      -> tensor<1x1x1xf32>, tensor<1x1xf32>
  return %a#0 VALUES : tensor<1x1x1xf32> RESULTS
})mlir";

std::string makeLayer(bool returnsIndices) {
  std::string text = kLayer;
  auto replace = [&](StringRef from, StringRef to) {
    for (size_t at; (at = text.find(from.str())) != std::string::npos;)
      text.replace(at, from.size(), to.str());
  };
  replace("RESULTS", returnsIndices ? ", tensor<1x1x1xi32>" : "");
  replace("VALUES", returnsIndices ? ", %r#0" : "");
  return text;
}

std::vector<HostTensor> makeLayerArguments() {
  return listOf(floats({1, 1, 1}, {1}), floats({4, 1}, {1, 5, 4.99999, 2}),
                ints({1, 1, 1}, {0}), ints({1, 1}, {0}), floats({1, 1, 1}, {0}),
                floats({1, 1}, {0}));
}

TEST(Check, GoesOnFromTheIndicesThatWereFound) {
  CheckReport report =
      check(makeLayer(true), makeLayerArguments(),
            listOf(floats({1, 1, 1}, {4.99999}), ints({1, 1, 1}, {2})));
  EXPECT_EQ(report.results[0].failure, "");
  EXPECT_EQ(report.results[0].error, 0);
  EXPECT_EQ(report.results[1].failure, "");
  EXPECT_TRUE(report.notes.empty());
}

TEST(Check, TellsWhereItCannotKnowTheIndices) {
  CheckReport report = check(makeLayer(false), makeLayerArguments(),
                             listOf(floats({1, 1, 1}, {5})));
  EXPECT_EQ(report.results[0].failure, "");
  ASSERT_EQ(report.notes.size(), 1u);
  EXPECT_NE(report.notes[0].find("the indices of dsa.select are not returned"),
            std::string::npos);
}

TEST(Check, ComparesRelativeToTheRow) {
  const char *text = R"mlir(
func.func @f(%q: tensor<1x1x1xf32>, %k: tensor<3x1xf32>, %e: tensor<1x3xf32>)
    -> tensor<1x3xf32> {
  %s = dsa.index_scores<none> ins(%q, %k : tensor<1x1x1xf32>, tensor<3x1xf32>)
      outs(%e : tensor<1x3xf32>) -> tensor<1x3xf32>
  return %s : tensor<1x3xf32>
})mlir";
  auto run = [&](const Values &found) {
    return check(text,
                 listOf(floats({1, 1, 1}, {1}), floats({3, 1}, {100, 1, 1e39}),
                        floats({1, 3}, {0, 0, 0})),
                 listOf(floats({1, 3}, found)))
        .results[0];
  };
  // 1e39 is beyond f32: infinity, in the key already.
  EXPECT_EQ(run({100, 1.0005, kInfinity}).failure, "");
  EXPECT_NEAR(run({100, 1.0005, kInfinity}).error, 5e-6, 1e-8);
  EXPECT_EQ(run({100, 1.01, kInfinity}).failure,
            "at [0, 1]: expected 1, found 1.00999999");
  EXPECT_EQ(run({100, 1, 1e38}).failure,
            "at [0, 2]: expected inf, found 9.99999968e+37");
  EXPECT_EQ(run({kNaN, 1, kInfinity}).failure,
            "at [0, 0]: expected 100, found nan");
}

TEST(Check, AdmitsThatTinyValuesAreFlushed) {
  const char *text = R"mlir(
func.func @f(%q: tensor<1x1x1xf32>, %k: tensor<2x1xf32>, %e: tensor<1x2xf32>)
    -> tensor<1x2xf32> {
  %s = dsa.index_scores<none> ins(%q, %k : tensor<1x1x1xf32>, tensor<2x1xf32>)
      outs(%e : tensor<1x2xf32>) -> tensor<1x2xf32>
  return %s : tensor<1x2xf32>
})mlir";
  auto run = [&](const Values &found) {
    return check(text,
                 listOf(floats({1, 1, 1}, {1e-30}),
                        floats({2, 1}, {1e-9, -1e-20}), floats({1, 2}, {0, 0})),
                 listOf(floats({1, 2}, found)))
        .results[0];
  };
  EXPECT_EQ(run({0, 0}).failure, "");
  EXPECT_EQ(run({1e-39, -0.0}).failure, "");
  EXPECT_NE(run({3e-38, 0}).failure, "");
}

/// Attention of one row over two keys of equal weight, of values 3 and -1.
bool checkAttention(ElementKind kind, StringRef element, double out,
                    bool onTiles) {
  std::string row = "tensor<1x1x1x" + element.str() + ">";
  std::string keys = "tensor<2x1x" + element.str() + ">";
  std::string text = "func.func @f(%q: " + row + ", %k: " + keys +
                     ", %v: " + keys + R"mlir(,
             %o: tensor<1x1x1xf32>, %l: tensor<1x1xf32>)
    -> (tensor<1x1x1xf32>, tensor<1x1xf32>) {
  %r:2 = dsa.attention scale = 1.0 ins(%q, %k, %v : )mlir" +
                     row + ", " + keys + ", " + keys + R"mlir()
      outs(%o, %l : tensor<1x1x1xf32>, tensor<1x1xf32>)
      -> tensor<1x1x1xf32>, tensor<1x1xf32>
  return %r#0, %r#1 : tensor<1x1x1xf32>, tensor<1x1xf32>
})mlir";
  CheckReport report = check(
      text,
      listOf(makeTensor(kind, {1, 1, 1}, {0}), makeTensor(kind, {2, 1}, {1, 1}),
             makeTensor(kind, {2, 1}, {3, -1}), floats({1, 1, 1}, {0}),
             floats({1, 1}, {0})),
      listOf(floats({1, 1, 1}, {out}), floats({1, 1}, {std::log(2.0)})),
      onTiles);
  EXPECT_EQ(report.results[1].failure, "");
  return report.results[0].failure.empty();
}

TEST(Check, WeightsOnTilesAreRounded) {
  // The mean magnitude is 2; the unit roundoff 2^-8, and 2^-11.
  EXPECT_TRUE(checkAttention(ElementKind::BF16, "bf16", 1.0078, true));
  EXPECT_FALSE(checkAttention(ElementKind::BF16, "bf16", 1.0079, true));
  EXPECT_FALSE(checkAttention(ElementKind::BF16, "bf16", 1.0078, false));
  EXPECT_TRUE(checkAttention(ElementKind::F16, "f16", 1.0009, true));
  EXPECT_FALSE(checkAttention(ElementKind::F16, "f16", 1.0011, true));
  EXPECT_FALSE(checkAttention(ElementKind::F32, "f32", 1.0001, true));
}

TEST(Check, RefusesOperationsWithoutAReference) {
  TestFunction function(R"mlir(
func.func @f(%a: tensor<2xf32>) -> tensor<2xf32> {
  %r = arith.addf %a, %a : tensor<2xf32>
  return %r : tensor<2xf32>
})mlir");
  EXPECT_EQ(llvm::toString(checkHasReference(function.entry.function)),
            "cannot check: no reference for arith.addf");
}

TEST(Check, FillsAndConstantsAreExact) {
  CheckReport report = check(
      R"mlir(
func.func @f(%e: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xi32>, tensor<2xf32>) {
  %c = arith.constant 1.5 : f32
  %f = linalg.fill ins(%c : f32) outs(%e : tensor<2xf32>) -> tensor<2xf32>
  %d = arith.constant dense<[3, -4]> : tensor<2xi32>
  return %f, %d, %e : tensor<2xf32>, tensor<2xi32>, tensor<2xf32>
})mlir",
      listOf(floats({2}, {7, 8})),
      listOf(floats({2}, {1.5, 1.5}), ints({2}, {3, -4}), floats({2}, {7, 8})));
  for (const ResultCheck &result : report.results) {
    EXPECT_EQ(result.failure, "");
    EXPECT_EQ(result.method, Method::Exact);
  }
}

} // namespace
