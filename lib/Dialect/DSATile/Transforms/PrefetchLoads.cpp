//===- PrefetchLoads.cpp - Read ahead where to load from ------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoadAhead.h"
#include "dsa/Dialect/DSATile/Transforms/Passes.h"

namespace mlir::dsa_tile {
#define GEN_PASS_DEF_PREFETCHLOADSPASS
#include "dsa/Dialect/DSATile/Transforms/Passes.h.inc"
} // namespace mlir::dsa_tile

using namespace mlir;
using namespace mlir::dsa_tile;

/// Moves `op`, with what it needs of the same block, before `place`, unless
/// that has effects.
static bool moveBefore(Operation *op, Operation *place) {
  for (Value operand : op->getOperands()) {
    Operation *needed = operand.getDefiningOp();
    if (!needed || needed->getBlock() != place->getBlock() ||
        needed->isBeforeInBlock(place))
      continue;
    if (!isMemoryEffectFree(needed) || needed->getNumRegions() != 0 ||
        !moveBefore(needed, place))
      return false;
  }
  op->moveBefore(place);
  return true;
}

/// Where the role first waits for room before the loop, or null.
static Operation *findFirstWait(scf::ForOp loop) {
  for (Operation &op : *loop->getBlock()) {
    if (&op == loop)
      return nullptr;
    if (isa<ChannelAcquireOp>(op))
      return &op;
  }
  return nullptr;
}

static void convert(scf::ForOp loop, LoadOp load) {
  ImplicitLocOpBuilder b(load.getLoc(), loop);
  auto first = cast_if_present<LoadOp>(
      copyForIteration(b, loop, load, loop.getLowerBound()));
  if (!first)
    return;
  // A loop without iterations may begin outside.
  first.setInside(false);
  // It arrives while the role waits until others are done with a program.
  if (Operation *wait = findFirstWait(loop))
    moveBefore(first, wait);
  b.setInsertionPointToStart(loop.getBody());
  Operation *ahead = copyForIteration(b, loop, load, getNextIteration(b, loop));
  carryLoad(loop, load, first, ahead);
}

namespace {
struct PrefetchLoadsPass
    : public dsa_tile::impl::PrefetchLoadsPassBase<PrefetchLoadsPass> {
  void runOnOperation() override {
    SmallVector<LoadOp> loads;
    getOperation()->walk([&](WarpSpecializeOp roles) {
      roles.getLoad().walk([&](LoadOp load) {
        if (isa<scf::ForOp>(load->getParentOp()))
          loads.push_back(load);
      });
    });
    for (LoadOp load : loads)
      convert(cast<scf::ForOp>(load->getParentOp()), load);
  }
};
} // namespace
