//===- OperandShapesTest.cpp - Sizes at run time --------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/OperandShapes.h"

#include "TestFunction.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa::test;

namespace {

using Shapes = llvm::SmallVector<llvm::SmallVector<int64_t, 4>>;

std::string check(const TestFunction &function, const Shapes &shapes) {
  ShapeEnvironment environment(function.entry.function, shapes);
  return llvm::toString(checkShapes(function.entry, environment));
}

/// Scores whose destination is made for the sizes of %q and %ks.
const char *kScores = R"mlir(
func.func @f(%q: tensor<?x2x4xf32> {dsa.name = "q"},
             %k: tensor<?x4xf32> {dsa.name = "k"},
             %ks: tensor<?xf32> {dsa.name = "ks"},
             %lo: tensor<?xi32>, %hi: tensor<?xi32>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %t = tensor.dim %q, %c0 : tensor<?x2x4xf32>
  %n = tensor.dim %ks, %c0 : tensor<?xf32>
  %init = tensor.empty(%t, %n) : tensor<?x?xf32>
  %s = dsa.index_scores<none> ins(%q, %k : tensor<?x2x4xf32>, tensor<?x4xf32>)
      k_scale(%ks : tensor<?xf32>)
      bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
})mlir";

TEST(CheckShapes, AdmitsSizesThatAgree) {
  TestFunction function(kScores);
  EXPECT_EQ(check(function, {{3, 2, 4}, {5, 4}, {5}, {3}, {3}}), "");
  EXPECT_EQ(check(function, {{0, 2, 4}, {0, 4}, {0}, {0}, {0}}), "");
}

TEST(CheckShapes, NamesTheArgumentsThatDisagree) {
  TestFunction function(kScores);
  EXPECT_EQ(
      check(function, {{3, 2, 4}, {5, 4}, {6}, {3}, {3}}),
      "dsa.index_scores: expected N = 5 as in k (argument 'k'), found 6 in "
      "k_scale (argument 'ks')");
  EXPECT_EQ(
      check(function, {{3, 2, 4}, {5, 4}, {5}, {3}, {2}}),
      "dsa.index_scores: expected T = 3 as in q (argument 'q'), found 2 in "
      "hi (argument 'arg4')");
}

TEST(CheckShapes, KnowsSizesOfValuesInTheFunction) {
  TestFunction function(R"mlir(
func.func @f(%a: tensor<?x4xf32>, %s: tensor<?x?xf32>) -> tensor<?x1x2xi32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c0 : tensor<?x4xf32>
  %m = arith.addi %n, %c1 : index
  %i = tensor.empty(%m) : tensor<?x1x2xi32>
  %c = tensor.empty(%m) : tensor<?x1xi32>
  %r:2 = dsa.topk ins(%s : tensor<?x?xf32>)
      outs(%i, %c : tensor<?x1x2xi32>, tensor<?x1xi32>)
      -> tensor<?x1x2xi32>, tensor<?x1xi32>
  return %r#0 : tensor<?x1x2xi32>
})mlir");
  EXPECT_EQ(check(function, {{2, 4}, {3, 7}}), "");
  EXPECT_EQ(
      check(function, {{3, 4}, {3, 7}}),
      "dsa.topk: expected T = 3 as in scores (argument 'arg1'), found 4 in "
      "outs indices");
}

TEST(CheckShapes, LooksIntoTheScoresOfASelection) {
  TestFunction function(R"mlir(
func.func @f(%q: tensor<?x2x4xf32>, %k: tensor<?x4xf32>, %hi: tensor<?xi32>,
             %e: tensor<?x?xf32>, %i: tensor<?x1x2xi32>, %c: tensor<?x1xi32>)
    -> tensor<?x1x2xi32> {
  %r:2 = dsa.select bounds(%hi, %hi : tensor<?xi32>, tensor<?xi32>)
      outs(%i, %c : tensor<?x1x2xi32>, tensor<?x1xi32>) scores {
    %s = dsa.index_scores<relu>
        ins(%q, %k : tensor<?x2x4xf32>, tensor<?x4xf32>)
        outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
    dsa.yield %s : tensor<?x?xf32>
  } -> tensor<?x1x2xi32>, tensor<?x1xi32>
  return %r#0 : tensor<?x1x2xi32>
})mlir");
  EXPECT_EQ(
      check(function, {{3, 2, 4}, {5, 4}, {3}, {3, 5}, {3, 1, 2}, {3, 1}}), "");
  EXPECT_EQ(
      check(function, {{3, 2, 4}, {5, 4}, {2}, {3, 5}, {3, 1, 2}, {3, 1}}),
      "dsa.select: expected T = 3 as in scores, found 2 in lo (argument "
      "'arg2')");
}

/// What choosing an entry point in this module complains about.
std::string choose(StringRef text, StringRef name = "") {
  MLIRContext context;
  context.loadDialect<DSADialect, func::FuncDialect>();
  auto module = parseSourceString<ModuleOp>(text, &context);
  if (!module)
    return "invalid module";
  auto entry = findEntryPoint(*module, name);
  return entry ? "" : llvm::toString(entry.takeError());
}

TEST(EntryPoint, IsTheOnlyPublicFunction) {
  EXPECT_EQ(choose("func.func private @p() { return }\n"
                   "func.func @f() { return }"),
            "");
  EXPECT_EQ(choose(""), "expected a public function with a body, found none");
  EXPECT_EQ(choose("func.func private @p(tensor<2xf32>)"),
            "expected a public function with a body, found none");
  StringRef two = "func.func @f() { return }\nfunc.func @g() { return }";
  EXPECT_EQ(choose(two),
            "expected one public function, found @f, @g: choose one "
            "with --entry");
  EXPECT_EQ(choose(two, "g"), "");
  EXPECT_EQ(choose(two, "h"),
            "no function @h with a body; the module has @f, @g");
}

TEST(EntryPoint, TakesTensorsOfKnownTypes) {
  EXPECT_EQ(choose("func.func @f(%a: index) { return }"),
            "expected argument 'arg0' to be a ranked tensor of f32, f16, bf16, "
            "f8E4M3FN or i32, found index");
  EXPECT_EQ(choose("func.func @f(%a: tensor<*xf32>) { return }"),
            "expected argument 'arg0' to be a ranked tensor of f32, f16, bf16, "
            "f8E4M3FN or i32, found tensor<*xf32>");
  EXPECT_EQ(choose("func.func @f(%a: tensor<2xf64>) -> tensor<2xf64> "
                   "{ return %a : tensor<2xf64> }"),
            "expected argument 'arg0' to be a ranked tensor of f32, f16, bf16, "
            "f8E4M3FN or i32, found tensor<2xf64>");
}

TEST(EntryPoint, NamesAreDistinctAndUsable) {
  EXPECT_EQ(choose("func.func @f(%a: tensor<f32> {dsa.name = \"arg1\"}, "
                   "%b: tensor<f32>) { return }"),
            "two arguments are named 'arg1'");
  EXPECT_EQ(choose("func.func @f(%a: tensor<f32> {dsa.name = \"../x\"}) "
                   "{ return }"),
            "expected a name of letters, digits, '_', '-' and '.' for argument "
            "0, found '../x'");
}

} // namespace
