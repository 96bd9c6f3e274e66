//===- CompileTest.cpp - From a module to device code, in C ---------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa-c/Compile.h"
#include "Context.h"
#include "gtest/gtest.h"
#include <thread>
#include <vector>

namespace {
const std::string kMerge = R"(
func.func @combine(%o: tensor<2x?x4x64xbf16>, %l: tensor<2x?x4xf32>,
                   %oi: tensor<?x4x64xbf16>, %li: tensor<?x4xf32>)
    -> (tensor<?x4x64xbf16>, tensor<?x4xf32>) {
  %0, %1 = dsa.merge ins(%o, %l : tensor<2x?x4x64xbf16>, tensor<2x?x4xf32>)
      outs(%oi, %li : tensor<?x4x64xbf16>, tensor<?x4xf32>)
      -> tensor<?x4x64xbf16>, tensor<?x4xf32>
  return %0, %1 : tensor<?x4x64xbf16>, tensor<?x4xf32>
})";

std::string toString(MlirStringRef text) { return {text.data, text.length}; }

/// The PTX, or nothing.
std::string compile(const Context &context, MlirModule module,
                    const std::string &chip) {
  DsaDeviceModule compiled = dsaCompileToPTX(module, toC(chip));
  if (dsaDeviceModuleIsNull(compiled))
    return {};
  std::string ptx = toString(dsaDeviceModuleGetPTX(compiled));
  dsaDeviceModuleDestroy(compiled);
  return ptx;
}

TEST(CompileTest, GivesCodeAndRecord) {
  Context context;
  MlirModule module = context.parse(kMerge);
  ASSERT_FALSE(mlirModuleIsNull(module));
  DsaDeviceModule compiled = dsaCompileToPTX(module, toC("sm_90a"));
  ASSERT_FALSE(dsaDeviceModuleIsNull(compiled)) << context.diagnostics;
  // What was compiled needs neither module nor context.
  mlirModuleDestroy(module);
  std::string ptx = toString(dsaDeviceModuleGetPTX(compiled));
  EXPECT_NE(ptx.find(".target sm_90a"), std::string::npos);
  EXPECT_NE(ptx.back(), '\0');
  std::string record = toString(dsaDeviceModuleGetLaunchRecord(compiled));
  EXPECT_NE(record.find("\"name\": \"combine\""), std::string::npos);
  dsaDeviceModuleDestroy(compiled);
}

TEST(CompileTest, LeavesTheModule) {
  Context context;
  MlirModule module = context.parse(kMerge);
  std::string first = compile(context, module, "sm_80");
  EXPECT_FALSE(first.empty());
  EXPECT_EQ(compile(context, module, "sm_80"), first);
  mlirModuleDestroy(module);
}

TEST(CompileTest, EveryChipCompiles) {
  Context context;
  MlirModule module = context.parse(kMerge);
  ASSERT_GT(dsaGetNumChips(), 1);
  for (intptr_t i = 0; i < dsaGetNumChips(); ++i)
    EXPECT_FALSE(compile(context, module, toString(dsaGetChip(i))).empty());
  mlirModuleDestroy(module);
}

TEST(CompileTest, TellsOfMistakes) {
  Context context;
  MlirModule module = context.parse(kMerge);
  EXPECT_EQ(compile(context, module, "sm_1"), "");
  EXPECT_NE(context.diagnostics.find("found 'sm_1'"), std::string::npos)
      << context.diagnostics;
  mlirModuleDestroy(module);
  EXPECT_TRUE(mlirModuleIsNull(context.parse("func.func @f() { dsa.topk }")));
  EXPECT_TRUE(mlirLogicalResultIsFailure(
      dsaContextEnableRemarks(context.context, toC("("))));
  EXPECT_NE(context.diagnostics.find("found '('"), std::string::npos);
  EXPECT_TRUE(mlirAttributeIsNull(
      dsaLoopScheduleAttrGet(context.context, 0, 16, 1, 0)));
  MlirAttribute chunks =
      dsaLoopScheduleAttrGet(context.context, 16, 96, 1, 2112);
  EXPECT_TRUE(mlirAttributeEqual(
      chunks, mlirAttributeParseGet(
                  context.context,
                  toC("#dsa.loop_schedule<block_rows = 16, block_keys = 96, "
                      "chunk_keys = 2112>"))));
}

TEST(CompileTest, RemarksAreDiagnostics) {
  Context context;
  ASSERT_TRUE(mlirLogicalResultIsSuccess(
      dsaContextEnableRemarks(context.context, toC("dsa-schedule"))));
  MlirModule module = context.parse(kMerge);
  EXPECT_FALSE(compile(context, module, "sm_90a").empty());
  mlirModuleDestroy(module);
  EXPECT_NE(context.diagnostics.find("takes the portable path"),
            std::string::npos)
      << context.diagnostics;
}

TEST(CompileTest, ContextsAreIndependent) {
  Context one;
  MlirModule module = one.parse(kMerge);
  std::string alone = compile(one, module, "sm_80");
  mlirModuleDestroy(module);
  std::vector<std::string> results(4);
  std::vector<std::thread> threads;
  threads.reserve(results.size());
  for (std::string &result : results)
    threads.emplace_back([&result] {
      Context context;
      MlirModule module = context.parse(kMerge);
      result = compile(context, module, "sm_80");
      mlirModuleDestroy(module);
    });
  for (std::thread &thread : threads)
    thread.join();
  for (const std::string &result : results)
    EXPECT_EQ(result, alone);
}

TEST(CompileTest, PassesMayBeRegisteredAgain) {
  dsaRegisterPasses();
  dsaRegisterPasses();
  Context context;
  EXPECT_FALSE(mlirDialectIsNull(mlirDialectHandleLoadDialect(
      mlirGetDialectHandle__dsa__(), context.context)));
}
} // namespace
