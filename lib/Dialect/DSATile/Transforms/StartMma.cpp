//===- StartMma.cpp - Begin products and wait apart -----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSATile/Transforms/Passes.h"

namespace mlir::dsa_tile {
#define GEN_PASS_DEF_STARTMMAPASS
#include "dsa/Dialect/DSATile/Transforms/Passes.h.inc"
} // namespace mlir::dsa_tile

using namespace mlir;
using namespace mlir::dsa_tile;

/// Whether `op`, or what stands in it, writes memory that loads may read.
static bool writes(Operation *op) {
  return op
      ->walk([](Operation *nested) {
        return isa<StoreOp>(nested) || hasEffect<MemoryEffects::Write>(nested)
                   ? WalkResult::interrupt()
                   : WalkResult::advance();
      })
      .wasInterrupted();
}

/// Whether `op` may run beside a product that began before: it neither waits
/// nor writes.
static bool canRunBeside(Operation *op) {
  if (op->hasTrait<OpTrait::IsTerminator>() || op->getNumRegions() != 0)
    return false;
  return isa<LoadOp>(op) || isMemoryEffectFree(op);
}

/// Moves what follows `wait` and depends on neither it, nor on a product that
/// began later, nor on what stays behind it, to before it; loads stay behind
/// what writes.
static void hoistIndependent(MmaStartOp start, MmaWaitOp wait) {
  DenseSet<Operation *> staying = {wait};
  for (Operation *op = start->getNextNode(); op != wait; op = op->getNextNode())
    if (isa<MmaOp>(op))
      staying.insert(op);
  bool written = false;
  for (Operation *op = wait->getNextNode(); op;) {
    Operation *next = op->getNextNode();
    bool depends = llvm::any_of(op->getOperands(), [&](Value operand) {
      return staying.contains(operand.getDefiningOp());
    });
    if (depends || !canRunBeside(op) || (written && isa<LoadOp>(op))) {
      staying.insert(op);
      written |= writes(op);
    } else {
      op->moveBefore(wait);
    }
    op = next;
  }
}

/// The first operation behind `op` in its block that uses a result of it,
/// itself or in a region.
static Operation *getFirstUser(Operation *op) {
  Operation *first = op->getBlock()->getTerminator();
  for (Operation *user : op->getUsers()) {
    Operation *ancestor = op->getBlock()->findAncestorOpInBlock(*user);
    if (ancestor && ancestor->isBeforeInBlock(first))
      first = ancestor;
  }
  return first;
}

/// Whether `op` reads what the other warpgroup passed on.
static bool readsHandoff(MmaOp op) {
  return op.getA().getDefiningOp<HandoffTakeOp>() != nullptr;
}

/// Where to wait for `op` at the latest: where its results are used, before
/// this warpgroup passes on tiles where it read some, and where a product that
/// began later is waited for, since products end in order.
static Operation *getEnd(MmaOp op) {
  Operation *end = getFirstUser(op);
  for (Operation *next = op->getNextNode(); next != end;
       next = next->getNextNode()) {
    if (isa<HandoffGiveOp>(next) && readsHandoff(op))
      return next;
    if (!isa<MmaOp>(next))
      continue;
    if (Operation *user = getFirstUser(next); user->isBeforeInBlock(end))
      end = user;
  }
  return end;
}

/// The wait whose slot `release` gives back: slots are released in the order in
/// which they were waited for. Null if it is not in the block.
static Operation *getWait(ChannelReleaseOp release) {
  SmallVector<Operation *> held;
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
  return held.empty() ? nullptr : held.front();
}

/// The operations from `op` to `end` that give back slots which `op` reads.
static SmallVector<Operation *> getReleases(MmaOp op, Operation *end) {
  SmallVector<Operation *> releases;
  for (Operation *next = op->getNextNode(); next && next != end;
       next = next->getNextNode()) {
    auto release = dyn_cast<ChannelReleaseOp>(next);
    Operation *wait = release ? getWait(release) : nullptr;
    if (wait && llvm::any_of(op->getOperands(), [&](Value operand) {
          return operand.getDefiningOp() == wait;
        }))
      releases.push_back(release);
  }
  return releases;
}

/// Splits `op`.
static void convert(MmaOp op) {
  ImplicitLocOpBuilder b(op.getLoc(), op);
  SmallVector<RankedTensorType> tiles;
  for (Type type : op.getResultTypes())
    tiles.push_back(cast<RankedTensorType>(type));
  auto start =
      MmaStartOp::create(b, PendingType::get(b.getContext(), tiles), op.getA(),
                         op.getBs(), op.getAccs(), op.getBRowsAttr());
  Operation *end = getEnd(op);
  SmallVector<Operation *> releases = getReleases(op, end);
  b.setInsertionPoint(end);
  auto wait = MmaWaitOp::create(b, op.getResultTypes(), start.getResult(),
                                b.getI64IntegerAttr(0));
  for (Operation *release : llvm::reverse(releases))
    release->moveAfter(wait);
  op.replaceAllUsesWith(wait.getResults());
  op.erase();
  hoistIndependent(start, wait);
}

/// Products end in the order of their beginnings: those that begin between a
/// product's beginning and its wait may go on.
static void setOutstanding(MmaWaitOp wait) {
  auto start = wait.getPending().getDefiningOp<MmaStartOp>();
  int64_t later = 0;
  for (Operation *op = start->getNextNode(); op && op != wait;
       op = op->getNextNode())
    if (isa<MmaStartOp>(op))
      ++later;
  wait.setOutstanding(later);
}

namespace {
struct StartMmaPass : public dsa_tile::impl::StartMmaPassBase<StartMmaPass> {
  void runOnOperation() override {
    SmallVector<MmaOp> products;
    getOperation()->walk([&](MmaOp op) {
      if (getLayout(op.getResult(0).getType()))
        products.push_back(op);
    });
    for (MmaOp op : products)
      convert(op);
    getOperation()->walk([](MmaWaitOp op) { setOutstanding(op); });
  }
};
} // namespace
