//===- EnumerateSchedules.cpp - All schedules of an operation -------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/ScheduleSpace.h"
#include "dsa/Dialect/DSA/IR/TargetChip.h"
#include "dsa/Dialect/DSA/Transforms/Passes.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Remarks.h"
#include "llvm/Support/FormatVariadic.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_ENUMERATESCHEDULESPASS
#include "dsa/Dialect/DSA/Transforms/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

static void enumerate(Operation *op, const Chip &chip, bool withIllegal) {
  SmallVector<Attribute> legal, refused;
  for (const ScheduleCandidate &candidate : enumerateSchedules(op, chip)) {
    if (candidate.isLegal())
      legal.push_back(candidate.schedule);
    else
      refused.push_back(RefusedScheduleAttr::get(
          op->getContext(), candidate.schedule, candidate.objection));
  }
  size_t count = legal.size() + refused.size();
  if (count == 0)
    return;
  std::string text =
      llvm::formatv("{0} has {1} legal schedules of {2} for {3}", op->getName(),
                    legal.size(), count, chip.name);
  remark::analysis(
      op->getLoc(),
      remark::RemarkOpts::name("schedules").category("dsa-schedule"))
      << text;
  Builder b(op->getContext());
  op->setAttr(kSchedulesAttrName, b.getArrayAttr(legal));
  if (withIllegal)
    op->setAttr(kRefusedSchedulesAttrName, b.getArrayAttr(refused));
}

namespace {
struct EnumerateSchedulesPass
    : public dsa::impl::EnumerateSchedulesPassBase<EnumerateSchedulesPass> {
  using EnumerateSchedulesPassBase::EnumerateSchedulesPassBase;

  void runOnOperation() override {
    FailureOr<const Chip *> chip = getTargetChip(getOperation());
    if (failed(chip))
      return signalPassFailure();
    getOperation()->walk(
        [&](RowOpInterface op) { enumerate(op, **chip, withIllegal); });
  }
};
} // namespace
