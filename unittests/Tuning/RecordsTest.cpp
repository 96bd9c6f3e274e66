//===- RecordsTest.cpp - Records that a tuner writes ----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Tuning/Records.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

namespace {
constexpr llvm::StringLiteral kProgram = R"(
module attributes {dsa.target = #nvvm.target<chip = "sm_90a">} {
  func.func @f(%q: memref<?x16x128xbf16>, %l: memref<?x16xf32>) {
    dsa.attention scale = 1.0 ins(%q, %q, %q : memref<?x16x128xbf16>,
        memref<?x16x128xbf16>, memref<?x16x128xbf16>)
        outs(%q, %l : memref<?x16x128xbf16>, memref<?x16xf32>)
    return
  }
})";
} // namespace

// What is written of an operation is found for it, also from a file.
TEST(RecordsTest, WhatIsWrittenIsFound) {
  MLIRContext context;
  context.loadDialect<DSADialect, DSATileDialect, func::FuncDialect,
                      NVVM::NVVMDialect>();
  auto module = parseSourceString<ModuleOp>(kProgram, &context);
  ASSERT_TRUE(module);
  AttentionOp op;
  module->walk([&](AttentionOp found) { op = found; });
  const Chip &chip = *findChip("sm_90a");
  TuningRecord record = describeOperation(op, chip.name);
  record.microseconds = 12.5;
  record.schedule = AttentionScheduleAttr::get(&context, 64, 2, 2, false, true);
  EXPECT_FALSE(findSchedule(op, chip, {}));

  Builder b(&context);
  OwningOpRef<ModuleOp> file = ModuleOp::create(b.getUnknownLoc());
  (*file)->setAttr(kRecordsAttrName,
                   b.getArrayAttr({writeRecord(&context, record)}));
  std::string text;
  llvm::raw_string_ostream(text) << *file;
  file = parseSourceString<ModuleOp>(text, &context);
  ASSERT_TRUE(file) << text;
  auto records = readRecords(*file);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].compiler, record.compiler);
  auto found = findSchedule(op, chip, records);
  ASSERT_TRUE(found) << text;
  EXPECT_TRUE(found->isExact);
  EXPECT_EQ(found->schedule, record.schedule);
  ASSERT_EQ(found->records.size(), 1u);
  EXPECT_DOUBLE_EQ(found->records[0]->microseconds, 12.5);

  // Another chip's is not taken.
  EXPECT_FALSE(findSchedule(op, *findChip("sm_100a"), readRecords(*file)));
}
