//===- TunedRecordsTest.cpp - What comes with the compiler ----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Tuning/TunedRecords.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "dsa/Tuning/Records.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::dsa;

// Every file parses, and holds nothing but records of its chip that are whole.
TEST(TunedRecordsTest, AreRecords) {
  unsigned files = 0;
  for (const Chip &chip : getChips()) {
    StringRef text = getTunedRecords(chip);
    if (text.empty())
      continue;
    ++files;
    MLIRContext context;
    context.loadDialect<DSADialect, dsa_tile::DSATileDialect>();
    std::string said;
    ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
      said += diagnostic.str() + "\n";
      return success();
    });
    auto module = parseSourceString<ModuleOp>(text, &context);
    ASSERT_TRUE(module) << said;
    auto records = readRecords(*module);
    EXPECT_EQ(said, "");
    EXPECT_FALSE(records.empty());
    for (const TuningRecord &record : records) {
      EXPECT_EQ(record.chip, chip.name);
      EXPECT_GT(record.microseconds, 0);
      EXPECT_FALSE(isa<VariantsAttr>(record.schedule));
      EXPECT_TRUE(record.compiler.starts_with("dsa "));
    }
  }
  EXPECT_GE(files, 1u);
}

TEST(TunedRecordsTest, NoneForOthers) {
  EXPECT_EQ(getTunedRecords(*findChip("sm_80")), "");
}
