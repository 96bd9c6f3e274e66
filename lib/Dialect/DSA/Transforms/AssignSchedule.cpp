//===- AssignSchedule.cpp - A schedule for every operation ----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Dialect/DSA/Transforms/Passes.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_ASSIGNSCHEDULEPASS
#include "dsa/Dialect/DSA/Transforms/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

/// 64 keys of 576 floats fill half of a 256 KiB second-level cache, as more of
/// a scorer's narrower keys do: 96, which the six or eight rows of accumulators
/// that vectors have at once divide. Reading and converting a tile of keys is
/// cheap beside scoring it for sixteen rows. Chunks of keys are then what keeps
/// processors busy where there are few rows; each chunk prepares the queries
/// anew. A selection scores all keys of four rows.
static LoopScheduleAttr getCPUSchedule(Operation *op) {
  bool scores = isa<IndexScoresOp>(op);
  bool alone = scores && !op->getParentOfType<SelectOp>();
  return LoopScheduleAttr::get(op->getContext(), /*block_rows=*/alone ? 16 : 4,
                               /*block_keys=*/scores ? 96 : 64, /*threads=*/1,
                               /*chunk_keys=*/alone ? 22 * 96 : 0);
}

/// 16 keys of 576 floats, and what goes with 128 heads, fit in 48 KiB of shared
/// memory; a block has one row, and splits ordered work among its threads.
static LoopScheduleAttr getGPUSchedule(MLIRContext *context) {
  return LoopScheduleAttr::get(context, /*block_rows=*/1, /*block_keys=*/16,
                               /*threads=*/256, /*chunk_keys=*/0);
}

namespace {
struct AssignSchedulePass
    : public dsa::impl::AssignSchedulePassBase<AssignSchedulePass> {
  using AssignSchedulePassBase::AssignSchedulePassBase;

  void runOnOperation() override {
    if (target != "cpu" && target != "gpu") {
      getOperation()->emitError(
          "expected target to be 'cpu' or 'gpu', but found '")
          << target << "'";
      return signalPassFailure();
    }
    getOperation()->walk([&](RowOpInterface op) {
      if (!op->hasAttr("schedule"))
        op->setAttr("schedule", target == "gpu" ? getGPUSchedule(&getContext())
                                                : getCPUSchedule(op));
    });
  }
};
} // namespace
