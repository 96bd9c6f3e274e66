//===- RankSchedules.cpp - Fast schedules first ---------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/TargetChip.h"
#include "dsa/Tuning/CostModel.h"
#include "dsa/Tuning/Passes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Remarks.h"
#include "llvm/Support/FormatVariadic.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_RANKSCHEDULESPASS
#include "dsa/Tuning/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

static void rank(Operation *op, const Chip &chip, CostSizes sizes) {
  auto listed = op->getAttrOfType<ArrayAttr>(kSchedulesAttrName);
  if (!listed || listed.empty())
    return;
  sizes = getStaticSizes(op, sizes);
  SmallVector<ScheduleCandidate> candidates;
  for (auto schedule : listed.getAsRange<ScheduleAttrInterface>())
    candidates.push_back({schedule, {}});
  sortByCost(op, chip, sizes, candidates);
  Builder b(op->getContext());
  SmallVector<Attribute> sorted;
  SmallVector<double> times;
  for (const ScheduleCandidate &candidate : candidates) {
    sorted.push_back(candidate.schedule);
    if (auto cost = estimateCost(op, candidate.schedule, chip, sizes))
      times.push_back(cost->microseconds);
  }
  op->setAttr(kSchedulesAttrName, b.getArrayAttr(sorted));
  auto best = estimateCost(op, candidates.front().schedule, chip, sizes);
  if (!best)
    return;
  op->setAttr(kTimesAttrName, b.getDenseF64ArrayAttr(times));
  std::string text = llvm::formatv(
      "{0}: {1:F0} us expected, bound by {2}, of {3}", op->getName(),
      best->microseconds, best->bound, sorted.front());
  remark::analysis(op->getLoc(),
                   remark::RemarkOpts::name("cost").category("dsa-schedule"))
      << text;
}

namespace {
struct RankSchedulesPass
    : public dsa::impl::RankSchedulesPassBase<RankSchedulesPass> {
  using RankSchedulesPassBase::RankSchedulesPassBase;

  void runOnOperation() override {
    FailureOr<const Chip *> chip = getTargetChip(getOperation());
    if (failed(chip))
      return signalPassFailure();
    CostSizes sizes = {rows, keys, std::nullopt};
    if (keysPerRow > 0)
      sizes.keysPerRow = static_cast<double>(keysPerRow);
    getOperation()->walk([&](RowOpInterface op) { rank(op, **chip, sizes); });
  }
};
} // namespace
