//===- ApplyRecords.cpp - Schedules that were measured --------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/TargetChip.h"
#include "dsa/Tuning/Passes.h"
#include "dsa/Tuning/Records.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/FormatVariadic.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_APPLYRECORDSPASS
#include "dsa/Tuning/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

static void apply(Operation *op, const Chip &chip,
                  ArrayRef<TuningRecord> records) {
  auto found = findSchedule(op, chip, records);
  if (!found)
    return;
  op->setAttr("schedule", found->schedule);
  std::string text = llvm::formatv(
      "{0} takes the schedule {1} of {2}, measured at {3:F0} us", op->getName(),
      found->schedule, found->isExact ? "its record" : "the nearest record",
      found->microseconds);
  remark::passed(op->getLoc(),
                 remark::RemarkOpts::name("schedule").category("dsa-schedule"))
      << text;
}

namespace {
struct ApplyRecordsPass
    : public dsa::impl::ApplyRecordsPassBase<ApplyRecordsPass> {
  using ApplyRecordsPassBase::ApplyRecordsPassBase;

  void runOnOperation() override {
    const Chip *chip = findTargetChip(getOperation());
    if (!chip)
      return;
    // Errors of the parser name the file.
    auto module = parseSourceFile<ModuleOp>(file, &getContext());
    if (!module)
      return signalPassFailure();
    SmallVector<TuningRecord> records = readRecords(*module);
    getOperation()->walk([&](RowOpInterface op) {
      // What a selection scores is scored row by row.
      if (!op->hasAttr("schedule") && !op->getParentOfType<SelectOp>())
        apply(op, *chip, records);
    });
  }
};
} // namespace
