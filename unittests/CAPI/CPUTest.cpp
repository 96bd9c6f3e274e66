//===- CPUTest.cpp - Functions that run on this machine, in C -------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa-c/CPU.h"
#include "Context.h"
#include "mlir-c/BuiltinTypes.h"
#include "gtest/gtest.h"
#include <array>
#include <thread>
#include <vector>

namespace {
/// Scores of one head, for any number of rows and keys of two columns.
const std::string kScores = R"(
func.func @scores(%q: tensor<?x1x2xf32> {dsa.name = "q"}, %k: tensor<?x2xf32>,
                  %s: tensor<?x?xf32>) -> (tensor<?x?xf32> {dsa.name = "s"}) {
  %0 = dsa.index_scores<none> ins(%q, %k : tensor<?x1x2xf32>, tensor<?x2xf32>)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
})";

class CPUTest : public testing::Test {
protected:
  CPUTest() {
    MlirModule module = context.parse(kScores);
    function = dsaCompileForCPU(module, toC(""));
    mlirModuleDestroy(module);
  }
  ~CPUTest() override {
    if (!dsaCPUFunctionIsNull(function))
      dsaCPUFunctionDestroy(function);
  }

  /// Of one row and `keys` keys, the latter row-major.
  std::array<DsaTensorView, 3> makeArguments(int64_t keys) {
    shapes = {{{1, 1, 2}, {keys, 2, 0}, {1, keys, 0}}};
    return {{{q.data(), DsaElementF32, 3, shapes[0].data()},
             {k.data(), DsaElementF32, 2, shapes[1].data()},
             {s.data(), DsaElementF32, 2, shapes[2].data()}}};
  }

  Context context;
  DsaCPUFunction function;
  std::array<float, 2> q = {1, 10};
  std::array<float, 6> k = {1, 2, 3, 4, 5, 6};
  std::array<float, 3> s = {-1, -1, -1};
  std::array<std::array<int64_t, 3>, 3> shapes;
};

TEST_F(CPUTest, SaysWhatItTakes) {
  ASSERT_FALSE(dsaCPUFunctionIsNull(function)) << context.diagnostics;
  ASSERT_EQ(dsaCPUFunctionGetNumArguments(function), 3);
  ASSERT_EQ(dsaCPUFunctionGetNumResults(function), 1);
  DsaParameter q = dsaCPUFunctionGetArgument(function, 0);
  EXPECT_EQ(std::string(q.name.data, q.name.length), "q");
  EXPECT_EQ(q.element, DsaElementF32);
  ASSERT_EQ(q.rank, 3);
  EXPECT_EQ(q.shape[0], mlirShapedTypeGetDynamicSize());
  EXPECT_EQ(q.shape[2], 2);
  DsaParameter result = dsaCPUFunctionGetResult(function, 0);
  EXPECT_EQ(std::string(result.name.data, result.name.length), "s");
}

TEST_F(CPUTest, ReadsInPlaceAndGivesItsOwn) {
  ASSERT_FALSE(dsaCPUFunctionIsNull(function)) << context.diagnostics;
  auto arguments = makeArguments(3);
  DsaTensor result;
  ASSERT_TRUE(mlirLogicalResultIsSuccess(
      dsaCPUFunctionRun(function, 3, arguments.data(), &result)));
  DsaTensorView view = dsaTensorGetView(result);
  ASSERT_EQ(view.rank, 2);
  EXPECT_EQ(view.shape[1], 3);
  const float *values = static_cast<const float *>(view.data);
  EXPECT_EQ(values[0], 21);
  EXPECT_EQ(values[2], 65);
  dsaTensorDestroy(result);
  // Destinations are arguments too, and stay as they are.
  EXPECT_EQ(s[0], -1);
}

TEST_F(CPUTest, RefusesOtherArguments) {
  ASSERT_FALSE(dsaCPUFunctionIsNull(function)) << context.diagnostics;
  DsaTensor result;
  auto expect = [&](std::array<DsaTensorView, 3> arguments, intptr_t count,
                    const std::string &message) {
    context.diagnostics.clear();
    EXPECT_TRUE(mlirLogicalResultIsFailure(
        dsaCPUFunctionRun(function, count, arguments.data(), &result)));
    EXPECT_NE(context.diagnostics.find(message), std::string::npos)
        << context.diagnostics;
  };
  auto arguments = makeArguments(3);
  expect(arguments, 2, "expected 3 arguments, but found 2");
  arguments[0].element = DsaElementI32;
  expect(arguments, 3,
         "expected argument 'q' to be tensor<?x1x2xf32>, but found "
         "tensor<1x1x2xi32>");
  arguments = makeArguments(3);
  arguments[0].element = static_cast<DsaElement>(77);
  expect(arguments, 3, "77");
  arguments = makeArguments(3);
  arguments[1].rank = 1;
  expect(arguments, 3, "but found tensor<3xf32>");
  // Sizes that each fit, but not together.
  arguments = makeArguments(3);
  std::array<int64_t, 2> other = {1, 2};
  arguments[2].shape = other.data();
  expect(arguments, 3, "expected N = 3");
}

TEST_F(CPUTest, SeveralThreadsCall) {
  ASSERT_FALSE(dsaCPUFunctionIsNull(function)) << context.diagnostics;
  auto arguments = makeArguments(3);
  std::vector<float> last(4);
  std::vector<std::thread> threads;
  threads.reserve(last.size());
  for (float &value : last)
    threads.emplace_back([&] {
      DsaTensor result;
      if (mlirLogicalResultIsFailure(
              dsaCPUFunctionRun(function, 3, arguments.data(), &result)))
        return;
      value = static_cast<const float *>(dsaTensorGetView(result).data)[2];
      dsaTensorDestroy(result);
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(last, std::vector<float>(4, 65));
}

TEST_F(CPUTest, TellsWhatItCannotCompile) {
  MlirModule module = context.parse("func.func @f(%x: f32) { return }");
  EXPECT_TRUE(dsaCPUFunctionIsNull(dsaCompileForCPU(module, toC(""))));
  EXPECT_NE(context.diagnostics.find("expected argument 'arg0'"),
            std::string::npos)
      << context.diagnostics;
  EXPECT_TRUE(dsaCPUFunctionIsNull(dsaCompileForCPU(module, toC("g"))));
  mlirModuleDestroy(module);
}
} // namespace
