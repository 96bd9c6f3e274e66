//===- ReferenceLinearPartTest.cpp - Linear parts by hand, and checked ----===//
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

/// Two rows of two heads and three elements, as two terms of `element`.
std::string makeLinearPart(const std::string &element,
                           const std::string &returned) {
  std::string terms = "tensor<2x2x3x" + element + ">",
              scales = "tensor<2x2xf32>";
  std::string types = returned == "%r#0, %r#1" ? terms + ", " + scales
                      : returned == "%r#0"     ? terms
                                               : scales;
  return "func.func @f(%q: tensor<2x2x3x" + element +
         ">, %w: tensor<2x2xf32>, %t: " + terms + ", %s: " + scales + ") -> (" +
         types + ") {\n  %r:2 = dsa.linear_part ins(%q : tensor<2x2x3x" +
         element + ">) weights(%w : tensor<2x2xf32>) outs(%t, %s : " + terms +
         ", " + scales + ") -> " + terms + ", " + scales + "\n  return " +
         returned + " : " + types + "\n}\n";
}

std::vector<HostTensor> makeArguments(ElementKind kind, const Values &q,
                                      const Values &weights) {
  return listOf(makeTensor(kind, {2, 2, 3}, q),
                makeTensor(ElementKind::F32, {2, 2}, weights),
                makeTensor(kind, {2, 2, 3}, Values(12)),
                makeTensor(ElementKind::F32, {2, 2}, Values(4)));
}

std::vector<ReferenceTensor> evaluate(const std::string &element,
                                      ElementKind kind, const Values &q,
                                      const Values &weights) {
  TestFunction function(makeLinearPart(element, "%r#0, %r#1"));
  auto results = evaluateReference(function.entry.function,
                                   makeArguments(kind, q, weights));
  if (results)
    return std::move(*results);
  ADD_FAILURE() << llvm::toString(results.takeError());
  return std::vector<ReferenceTensor>(2);
}

const Values kQueries = {1, 2, -1, 0, 1, 2, 0, 0, 0, 0, 0, 0};
const Values kWeights = {896, -842, 5, 5};

TEST(ReferenceLinearPart, RoundsWhatIsLeft) {
  // Row 0: 448, 896 - 421 = 475, -448 - 842 = -1290.
  auto results =
      evaluate("f8E4M3FN", ElementKind::F8E4M3FN, kQueries, kWeights);
  // The first scale is 4: 112, 118.75, -322.5.
  EXPECT_EQ(results[0].data, (Values{112, 120, -320, 0, -20, -40, //
                                     0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(results[1].data, (Values{4, 0.25, 1, 0.0625}));

  results = evaluate("bf16", ElementKind::BF16, kQueries, kWeights);
  EXPECT_EQ(results[1].data, (Values{2048, 8, 1, 0x1p-8}));
  for (int d = 0; d < 3; ++d)
    EXPECT_EQ(2048 * results[0].data[d] + 8 * results[0].data[3 + d],
              (Values{448, 475, -1290})[d]);
}

TEST(ReferenceLinearPart, LosesNoNaN) {
  auto results =
      evaluate("f32", ElementKind::F32,
               {1, kNaN, 1, 1, 1, 1, kInfinity, 1, 1, 1, 1, 1}, {1, 1, 1, 1});
  for (double term : results[0].data)
    EXPECT_TRUE(std::isnan(term));
  EXPECT_EQ(results[1].data, (Values{1, 0x1p-24, 1, 0x1p-24}));
}

CheckReport check(const Values &terms, const Values &scales,
                  const std::string &returned = "%r#0, %r#1") {
  TestFunction function(makeLinearPart("f8E4M3FN", returned));
  std::vector<HostTensor> results;
  if (returned != "%r#1")
    results.push_back(makeTensor(ElementKind::F8E4M3FN, {2, 2, 3}, terms));
  if (returned != "%r#0")
    results.push_back(makeTensor(ElementKind::F32, {2, 2}, scales));
  auto report = checkAgainstReference(
      function.entry.function,
      makeArguments(ElementKind::F8E4M3FN, kQueries, kWeights), results);
  if (report)
    return std::move(*report);
  ADD_FAILURE() << llvm::toString(report.takeError());
  CheckReport empty;
  empty.results.resize(2);
  return empty;
}

TEST(ReferenceLinearPart, ChecksWhatTermsAddUpTo) {
  const Values right = {112, 120, -320, 0, -20, -40, 0, 0, 0, 0, 0, 0};
  CheckReport report = check(right, {4, 0.25, 1, 0.0625});
  EXPECT_EQ(report.results[0].failure, "");
  EXPECT_EQ(report.results[0].method, Method::Relative);
  EXPECT_EQ(report.results[1].failure, "");
  EXPECT_EQ(report.results[1].method, Method::Exact);
  EXPECT_TRUE(report.notes.empty());

  // The same sum of other terms.
  report = check({104, 120, -320, 128, -20, -40, 0, 0, 0, 0, 0, 0},
                 {4, 0.25, 1, 0.0625});
  EXPECT_EQ(report.results[0].failure, "");

  // Another scale, as if the largest element were rounded up to the next.
  report =
      check({56, 60, -160, 0, -10, -20, 0, 0, 0, 0, 0, 0}, {8, 0.5, 1, 0.0625});
  EXPECT_EQ(report.results[0].failure, "");
  EXPECT_EQ(report.results[1].failure, "");

  report = check({112, 120, -320, 0, 20, -40, 0, 0, 0, 0, 0, 0},
                 {4, 0.25, 1, 0.0625});
  EXPECT_EQ(report.results[0].failure,
            "row 0: expected terms that add up to 475 at 1, found 485");
  report = check(right, {4, 0.5, 1, 0.0625});
  EXPECT_EQ(report.results[1].failure, "at [0, 1]: expected 0.25, found 0.5");
  report = check(right, {4, 0.25, 0, 0.0625});
  EXPECT_EQ(report.results[1].failure, "at [1, 0]: expected 1, found 0");
  report = check({112, kNaN, -320, 0, -20, -40, 0, 0, 0, 0, 0, 0},
                 {4, 0.25, 1, 0.0625});
  EXPECT_NE(report.results[0].failure, "");
}

TEST(ReferenceLinearPart, SaysWhatIsNotReturned) {
  const Values right = {112, 120, -320, 0, -20, -40, 0, 0, 0, 0, 0, 0};
  for (const char *returned : {"%r#0", "%r#1"}) {
    CheckReport report = check(right, {4, 0.25, 1, 0.0625}, returned);
    ASSERT_EQ(report.results.size(), 1u);
    EXPECT_EQ(report.results[0].failure, "");
    EXPECT_EQ(report.notes.size(), 1u);
  }
}

TEST(ReferenceIndexScores, AddsTheLinearPart) {
  // q·k = -2 and 3; the linear vector is 10·(1, 0) + 0.5·(-2, 4) = (9, 2).
  TestFunction function(R"mlir(
func.func @f(%q: tensor<1x1x2xf32>, %k: tensor<2x2xf32>, %ks: tensor<2xf32>,
             %t: tensor<1x2x2xf32>, %ts: tensor<1x2xf32>, %e: tensor<1x2xf32>)
    -> tensor<1x2xf32> {
  %s = dsa.index_scores<half_abs>
      ins(%q, %k : tensor<1x1x2xf32>, tensor<2x2xf32>)
      k_scale(%ks : tensor<2xf32>)
      linear(%t, %ts : tensor<1x2x2xf32>, tensor<1x2xf32>)
      outs(%e : tensor<1x2xf32>) -> tensor<1x2xf32>
  return %s : tensor<1x2xf32>
})mlir");
  auto results = evaluateReference(
      function.entry.function,
      listOf(makeTensor(ElementKind::F32, {1, 1, 2}, {-2, 3}),
             makeTensor(ElementKind::F32, {2, 2}, {1, 0, 0, 1}),
             makeTensor(ElementKind::F32, {2}, {1, -2}),
             makeTensor(ElementKind::F32, {1, 2, 2}, {1, 0, -2, 4}),
             makeTensor(ElementKind::F32, {1, 2}, {10, 0.5}),
             makeTensor(ElementKind::F32, {1, 2}, {0, 0})));
  ASSERT_TRUE(bool(results)) << llvm::toString(results.takeError());
  EXPECT_EQ((*results)[0].data, (Values{10, -7}));
}

} // namespace
