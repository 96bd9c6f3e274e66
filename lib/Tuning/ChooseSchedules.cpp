//===- ChooseSchedules.cpp - Schedules that are expected to be fast -------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/TargetChip.h"
#include "dsa/Dialect/DSATile/Transforms/DefaultSchedule.h"
#include "dsa/Tuning/CostModel.h"
#include "dsa/Tuning/Passes.h"
#include "mlir/IR/Remarks.h"
#include "llvm/Support/FormatVariadic.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_CHOOSESCHEDULESPASS
#include "dsa/Tuning/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

/// What the cost model may be wrong by: a part, and microseconds where launches
/// weigh.
static constexpr double kPart = 0.8, kMicroseconds = 5;

static void choose(Operation *op, const Chip &chip, CostSizes sizes,
                   bool variants) {
  std::string reason;
  ScheduleAttrInterface usual = dsa_tile::getDefaultSchedule(op, chip, reason);
  if (!usual)
    return;
  sizes = getStaticSizes(op, sizes);
  sizes = getCausalSizes(op, sizes.rows, sizes.keys);
  auto usualCost = estimateCost(op, usual, chip, sizes);
  if (!usualCost)
    return;
  SmallVector<ScheduleCandidate> candidates = enumerateSchedules(op, chip);
  sortByCost(op, chip, sizes, candidates);
  ScheduleAttrInterface best = candidates.front().schedule;
  double most = std::min(kPart * usualCost->microseconds,
                         usualCost->microseconds - kMicroseconds);
  auto bestCost = estimateCost(op, best, chip, sizes);
  bool isBetter =
      candidates.front().isLegal() && bestCost && bestCost->microseconds < most;
  ScheduleAttrInterface chosen = isBetter ? best : usual;
  if (variants)
    chosen = dsa_tile::addFewRows(op, chip, chosen);
  op->setAttr("schedule", chosen);

  std::string text = op->getName().getStringRef().str();
  llvm::raw_string_ostream os(text);
  os << " takes the " << (isBetter ? "cost model's" : "default") << " schedule "
     << chosen
     << llvm::formatv(": {0:F0} us expected for {1} rows and {2} keys",
                      (isBetter ? bestCost : usualCost)->microseconds,
                      sizes.rows, sizes.keys);
  if (isBetter)
    os << llvm::formatv(", {0:F0} with the default", usualCost->microseconds);
  remark::passed(op->getLoc(),
                 remark::RemarkOpts::name("schedule").category("dsa-schedule"))
      << text;
}

namespace {
struct ChooseSchedulesPass
    : public dsa::impl::ChooseSchedulesPassBase<ChooseSchedulesPass> {
  using ChooseSchedulesPassBase::ChooseSchedulesPassBase;

  void runOnOperation() override {
    const Chip *chip = findTargetChip(getOperation());
    if (!chip)
      return;
    getOperation()->walk([&](RowOpInterface op) {
      if (!op->hasAttr("schedule") && !op->getParentOfType<SelectOp>())
        choose(op, *chip, {rows, keys, std::nullopt}, variants);
    });
  }
};
} // namespace
