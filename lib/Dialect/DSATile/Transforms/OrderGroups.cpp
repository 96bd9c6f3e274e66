//===- OrderGroups.cpp - Products in turn ---------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSATile/Transforms/Passes.h"

namespace mlir::dsa_tile {
#define GEN_PASS_DEF_ORDERGROUPSPASS
#include "dsa/Dialect/DSATile/Transforms/Passes.h.inc"
} // namespace mlir::dsa_tile

using namespace mlir;
using namespace mlir::dsa_tile;

/// Whether the warpgroup waits for no product between `op` and the next one
/// that it begins, or the last one before it: then both are of one turn.
static bool sharesTurn(MmaStartOp op, bool withNext) {
  auto step = [&](Operation *at) {
    return withNext ? at->getNextNode() : at->getPrevNode();
  };
  for (Operation *at = step(op); at; at = step(at)) {
    if (isa<MmaStartOp>(at))
      return true;
    if (isa<MmaWaitOp>(at) || at->getNumRegions() != 0)
      return false;
  }
  return false;
}

/// Whether somebody who knows better has said what a turn is.
static bool hasTurns(gpu::LaunchOp launch) {
  return launch.walk([](TurnWaitOp) { return WalkResult::interrupt(); })
      .wasInterrupted();
}

namespace {
struct OrderGroupsPass
    : public dsa_tile::impl::OrderGroupsPassBase<OrderGroupsPass> {
  void runOnOperation() override {
    getOperation()->walk([](gpu::LaunchOp launch) {
      auto kernel = launch->getAttrOfType<KernelAttr>(kKernelAttrName);
      if (!kernel || !kernel.getOrdered() || kernel.getGroups() == 1 ||
          hasTurns(launch))
        return;
      launch.walk([&](MmaStartOp op) {
        ImplicitLocOpBuilder b(op.getLoc(), op);
        if (!sharesTurn(op, /*withNext=*/false))
          TurnWaitOp::create(b, kernel.getGroups());
        b.setInsertionPointAfter(op);
        if (!sharesTurn(op, /*withNext=*/true))
          TurnPassOp::create(b, kernel.getGroups());
      });
    });
  }
};
} // namespace
