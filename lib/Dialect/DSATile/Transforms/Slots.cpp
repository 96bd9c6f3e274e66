//===- Slots.cpp - Which slot an operation gives back ---------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Slots.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::dsa_tile;

ChannelWaitOp dsa_tile::getWait(ChannelReleaseOp release) {
  SmallVector<ChannelWaitOp> held;
  for (Operation &op : *release->getBlock()) {
    if (&op == release)
      break;
    if (auto wait = dyn_cast<ChannelWaitOp>(op);
        wait && wait.getChannel() == release.getChannel())
      held.push_back(wait);
    if (auto other = dyn_cast<ChannelReleaseOp>(op);
        other && other.getChannel() == release.getChannel() && !held.empty())
      held.erase(held.begin());
  }
  return held.empty() ? ChannelWaitOp() : held.front();
}

Value dsa_tile::getChannel(Value tile) {
  for (;;) {
    if (auto wait = tile.getDefiningOp<ChannelWaitOp>())
      return wait.getChannel();
    if (auto part = tile.getDefiningOp<ExtractOp>()) {
      tile = part.getSource();
      continue;
    }
    if (auto argument = dyn_cast<BlockArgument>(tile)) {
      auto loop = dyn_cast<scf::ForOp>(argument.getOwner()->getParentOp());
      if (!loop || argument == loop.getInductionVar())
        return {};
      tile = loop.getTiedLoopInit(argument)->get();
    } else if (auto loop = tile.getDefiningOp<scf::ForOp>()) {
      tile = loop.getTiedLoopInit(cast<OpResult>(tile))->get();
    } else {
      return {};
    }
  }
}

Operation *dsa_tile::getLastUser(Operation *op) {
  Operation *last = op;
  for (Operation *user : op->getUsers()) {
    // Where a part is read, the whole is.
    if (isa<ExtractOp>(user))
      user = getLastUser(user);
    Operation *ancestor = op->getBlock()->findAncestorOpInBlock(*user);
    if (ancestor && last->isBeforeInBlock(ancestor))
      last = ancestor;
  }
  return last;
}
