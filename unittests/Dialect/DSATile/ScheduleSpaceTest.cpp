//===- ScheduleSpaceTest.cpp - Candidates and defaults --------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/ScheduleSpace.h"
#include "dsa/Dialect/DSATile/Transforms/Passes.h"
#include "dsa/Target/Chip.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/FormatVariadic.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::dsa;

namespace {
class ScheduleSpaceTest : public ::testing::Test {
protected:
  ScheduleSpaceTest() {
    context.loadDialect<DSADialect, dsa_tile::DSATileDialect, func::FuncDialect,
                        memref::MemRefDialect, NVVM::NVVMDialect>();
  }

  /// The only operation of a function with these arguments, for the chip.
  Operation *parse(StringRef arguments, StringRef operation,
                   StringRef chip = "sm_90a") {
    std::string text = llvm::formatv(
        "module attributes {{dsa.target = #nvvm.target<chip = \"{0}\">} {{\n"
        "func.func @f({1}) {{\n{2}\nreturn\n} }",
        chip, arguments, operation);
    module = parseSourceString<ModuleOp>(text, &context);
    EXPECT_TRUE(module) << text;
    Operation *found = nullptr;
    if (module)
      module->walk([&](RowOpInterface op) { found = op; });
    return found;
  }

  Attribute getDefault(Operation *op) {
    PassManager passes(&context);
    passes.addPass(dsa_tile::createAssignSchedulesPass());
    EXPECT_TRUE(succeeded(passes.run(*module)));
    return op->getAttr("schedule");
  }

  /// The default is among the legal candidates, and there is one wherever any
  /// is legal.
  void checkDefault(Operation *op) {
    ASSERT_TRUE(op);
    auto candidates = enumerateSchedules(op, *findChip("sm_90a"));
    EXPECT_FALSE(candidates.empty());
    Attribute chosen = getDefault(op);
    bool isCandidate = false, isAnyLegal = false;
    for (const ScheduleCandidate &candidate : candidates) {
      isAnyLegal |= candidate.isLegal();
      isCandidate |= candidate.isLegal() && candidate.schedule == chosen;
    }
    std::string text;
    llvm::raw_string_ostream(text) << *op;
    EXPECT_EQ(bool(chosen), isAnyLegal) << text;
    EXPECT_EQ(bool(chosen), isCandidate) << text;
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};
} // namespace

TEST_F(ScheduleSpaceTest, DefaultsOfScores) {
  for (StringRef element : {"bf16", "f8E4M3FN"})
    for (StringRef activation : {"relu", "none"})
      for (int64_t heads : {1, 5, 8, 16, 24, 32, 40, 64, 128, 256})
        for (int64_t width : {32, 64, 128, 256}) {
          std::string q =
              llvm::formatv("memref<?x{0}x{1}x{2}>", heads, width, element);
          std::string k = llvm::formatv("memref<?x{0}x{1}>", width, element);
          checkDefault(parse(
              llvm::formatv("%q: {0}, %k: {1}, %s: memref<?x?xf32>", q, k)
                  .str(),
              llvm::formatv("dsa.index_scores<{0}> ins(%q, %k : {1}, {2}) "
                            "outs(%s : memref<?x?xf32>)",
                            activation, q, k)
                  .str()));
        }
}

TEST_F(ScheduleSpaceTest, DefaultsOfAttention) {
  for (int64_t width : {16, 64, 128, 192, 256})
    for (int64_t valueWidth : {32, 64, 128, 256}) {
      std::string q = llvm::formatv("memref<?x4x{0}xbf16>", width);
      std::string v = llvm::formatv("memref<?x4x{0}xbf16>", valueWidth);
      checkDefault(parse(
          llvm::formatv("%q: {0}, %v: {1}, %l: memref<?x4xf32>", q, v).str(),
          llvm::formatv("dsa.attention scale = 1.0 ins(%q, %q, %v : {0}, "
                        "{0}, {1}) outs(%v, %l : {1}, memref<?x4xf32>)",
                        q, v)
              .str()));
    }
}

TEST_F(ScheduleSpaceTest, DefaultsOfSparseAttention) {
  constexpr std::pair<int64_t, int64_t> kWidths[] = {
      {576, 512}, {512, 512}, {256, 256}, {192, 128}, {128, 128}, {64, 64}};
  for (auto [width, valueWidth] : kWidths)
    for (int64_t heads : {1, 16, 64, 128, 130}) {
      std::string q = llvm::formatv("memref<?x{0}x{1}xbf16>", heads, width);
      std::string k = llvm::formatv("memref<?x{0}xbf16>", width);
      std::string o =
          llvm::formatv("memref<?x{0}x{1}xbf16>", heads, valueWidth);
      std::string l = llvm::formatv("memref<?x{0}xf32>", heads);
      checkDefault(
          parse(llvm::formatv("%q: {0}, %k: {1}, %o: {2}, %l: {3}, "
                              "%i: memref<?x1x64xi32>",
                              q, k, o, l)
                    .str(),
                llvm::formatv("dsa.sparse_attention scale = 1.0 ins(%q, %k : "
                              "{0}, {1}) indices(%i : memref<?x1x64xi32>) "
                              "outs(%o, %l : {2}, {3})",
                              q, k, o, l)
                    .str()));
    }
}

TEST_F(ScheduleSpaceTest, ObjectionsAreThoseOfVerifiers) {
  Operation *op = parse("%q: memref<?x4x256xbf16>, %l: memref<?x4xf32>",
                        "dsa.attention scale = 1.0 ins(%q, %q : "
                        "memref<?x4x256xbf16>, memref<?x4x256xbf16>) outs(%q, "
                        "%l : memref<?x4x256xbf16>, memref<?x4xf32>)");
  ASSERT_TRUE(op);
  ScopedDiagnosticHandler silent(&context, [](Diagnostic &) {});
  for (const ScheduleCandidate &candidate :
       enumerateSchedules(op, *findChip("sm_90a"))) {
    op->setAttr("schedule", candidate.schedule);
    EXPECT_EQ(succeeded(verify(op)), candidate.isLegal());
  }
}

// An empty list has no spelling, but can be asked for.
TEST_F(ScheduleSpaceTest, VariantsAreNotNone) {
  std::string message;
  ScopedDiagnosticHandler handler(
      &context, [&](Diagnostic &diagnostic) { message = diagnostic.str(); });
  auto emit = [&] { return emitError(UnknownLoc::get(&context)); };
  ScheduleAttrInterface loops =
      LoopScheduleAttr::get(&context, /*block_rows=*/1, /*block_keys=*/16,
                            /*threads=*/1, /*chunk_keys=*/0);
  EXPECT_FALSE(
      VariantsAttr::getChecked(emit, &context, ArrayRef<VariantAttr>(), loops));
  EXPECT_EQ(message, "expected at least one variant");
}

TEST_F(ScheduleSpaceTest, OtherOperationsHaveNoSpace) {
  Operation *op = parse("%o: memref<2x?x4x8xf32>, %l: memref<2x?x4xf32>, "
                        "%out: memref<?x4x8xf32>, %lse: memref<?x4xf32>",
                        "dsa.merge ins(%o, %l : memref<2x?x4x8xf32>, "
                        "memref<2x?x4xf32>) outs(%out, %lse : "
                        "memref<?x4x8xf32>, memref<?x4xf32>)");
  ASSERT_TRUE(op);
  EXPECT_TRUE(enumerateSchedules(op, *findChip("sm_90a")).empty());
}
