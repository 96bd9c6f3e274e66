//===- StartMma.cpp - Begin products and wait apart -----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Slots.h"
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
  // What comes from shared memory is soon there, but would take registers.
  if (auto load = dyn_cast<LoadOp>(op);
      load && load.getSource().getDefiningOp<ScratchOp>())
    return false;
  return isa<LoadOp>(op) || isMemoryEffectFree(op);
}

/// Moves what follows `wait` and depends on neither it, nor on a product that
/// began later, nor on what stays behind it, to before it; loads stay behind
/// what writes, and what needs a load that is moved stays, since it would wait
/// for memory.
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
      if (isa<LoadOp>(op))
        staying.insert(op);
    }
    op = next;
  }
}

/// The product that adds to this one's results, if nobody else needs them, or
/// null.
static MmaOp getContinuation(MmaOp op) {
  if (op->use_empty())
    return MmaOp();
  auto next = dyn_cast<MmaOp>(*op->user_begin());
  bool isOnly = next && next->getBlock() == op->getBlock() &&
                llvm::all_of(op->getUsers(),
                             [&](Operation *user) { return user == next; });
  return isOnly && llvm::equal(next.getAccs(), op.getResults()) ? next
                                                                : MmaOp();
}

/// The first operation behind `op` in its block that uses a result of it, or of
/// the product that continues it, itself or in a region.
static Operation *getFirstUser(MmaOp op) {
  if (MmaOp next = getContinuation(op))
    return getFirstUser(next);
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

/// Whether `op` adds to a product of the same block.
static bool isContinuation(Operation *op) {
  if (auto start = dyn_cast<MmaStartOp>(op))
    return start.getContinued() != nullptr;
  auto product = dyn_cast<MmaOp>(op);
  if (!product || product.getAccs().empty())
    return false;
  auto first = product.getAccs()[0].getDefiningOp<MmaOp>();
  return first && getContinuation(first) == product;
}

/// Where the first slot behind `op` is waited for that `product` reads, or
/// `product` if there is none.
static Operation *getFirstWait(MmaOp op, Operation *product) {
  Operation *first = product;
  for (Value operand : product->getOperands()) {
    auto wait = operand.getDefiningOp<ChannelWaitOp>();
    if (wait && wait->getBlock() == op->getBlock() &&
        op->isBeforeInBlock(wait) && wait->isBeforeInBlock(first))
      first = wait;
  }
  return first;
}

/// Whether `op`, or a product that it continues, reads a slot of `channel`.
static bool readsChannel(MmaOp op, Value channel) {
  for (; op; op = op.getAccs().empty() ? MmaOp()
                                       : op.getAccs()[0].getDefiningOp<MmaOp>())
    if (llvm::any_of(op.getBs(),
                     [&](Value b) { return getChannel(b) == channel; }))
      return true;
  return false;
}

/// Whether what `release` gives back is a slot that `op` reads: one that was
/// waited for in this block, or in the iteration before.
static bool reads(MmaOp op, ChannelReleaseOp release) {
  return llvm::any_of(op->getOperands(), [&](Value operand) {
    if (auto part = operand.getDefiningOp<ExtractOp>())
      operand = part.getSource();
    if (auto wait = operand.getDefiningOp<ChannelWaitOp>())
      return wait == getWait(release);
    return getChannel(operand) == release.getChannel();
  });
}

/// Whether warpgroups compute one behind the other.
static bool takesTurns(MmaOp op) {
  auto roles = op->getParentOfType<WarpSpecializeOp>();
  return roles && roles.getKernel().getOrdered();
}

/// Whether a slot that `op` reads is given back between it and `end`.
static bool releasesBefore(MmaOp op, Operation *end) {
  for (Operation *next = op->getNextNode(); next != end;
       next = next->getNextNode())
    if (auto release = dyn_cast<ChannelReleaseOp>(next);
        release && reads(op, release))
      return true;
  return false;
}

/// Where to wait for `op` at the latest: where its results are used; before
/// this warpgroup passes on tiles where it read some, or, in turn, waits for
/// tiles of the other one, which takes long, where it gives back a slot; where
/// a product that began later is waited for, since products end in order;
/// before a slot is waited for that is filled again only when it is released;
/// and before another product is continued, which would hold up what `op`
/// releases.
static Operation *getEnd(MmaOp op) {
  Operation *end = getFirstUser(op);
  for (Operation *next = op->getNextNode(); next != end;
       next = next->getNextNode()) {
    if (auto wait = dyn_cast<ChannelWaitOp>(next);
        wait && wait.getChannel().getType().getSlots() == 1 &&
        readsChannel(op, wait.getChannel()))
      return next;
    if (isa<HandoffGiveOp>(next) && readsHandoff(op))
      return next;
    if (isa<HandoffTakeOp>(next) && takesTurns(op) && releasesBefore(op, next))
      return next;
    if (isContinuation(next))
      return getFirstWait(op, next);
    auto product = dyn_cast<MmaOp>(next);
    if (!product)
      continue;
    if (Operation *user = getFirstUser(product); user->isBeforeInBlock(end))
      end = user;
  }
  return end;
}

/// For each product of a chain, the operations before `end` that give back
/// slots which it is the last to read.
static SmallVector<SmallVector<Operation *>> getReleases(ArrayRef<MmaOp> chain,
                                                         Operation *end) {
  SmallVector<SmallVector<Operation *>> releases(chain.size());
  // Slots are given back in order: what follows in a channel goes along.
  DenseMap<Value, size_t> places;
  for (Operation *next = chain.front()->getNextNode(); next && next != end;
       next = next->getNextNode()) {
    auto release = dyn_cast<ChannelReleaseOp>(next);
    if (!release)
      continue;
    Value channel = release.getChannel();
    for (size_t place = chain.size(); place-- > 0;)
      if (reads(chain[place], release)) {
        places[channel] = std::max(places.lookup(channel), place);
        break;
      }
    if (auto found = places.find(channel); found != places.end())
      releases[found->second].push_back(release);
  }
  return releases;
}

/// Moves operations behind `place`, in their order.
static void moveAfter(Operation *place, ArrayRef<Operation *> ops) {
  for (Operation *op : llvm::reverse(ops))
    op->moveAfter(place);
}

/// Splits a product and those that continue it, whose results are waited for
/// together. Slots that one of them read are given back as soon as the next one
/// has begun and it has ended.
static void convert(MmaOp first) {
  SmallVector<MmaOp> chain = {first};
  while (MmaOp next = getContinuation(chain.back()))
    chain.push_back(next);
  MmaOp last = chain.back();
  Operation *end = getEnd(last);
  SmallVector<SmallVector<Operation *>> releases = getReleases(chain, end);

  ImplicitLocOpBuilder b(first.getLoc(), first);
  SmallVector<RankedTensorType> tiles;
  for (Type type : first.getResultTypes())
    tiles.push_back(cast<RankedTensorType>(type));
  auto type = PendingType::get(b.getContext(), tiles);
  Value pending;
  MmaStartOp start;
  for (auto [place, op] : llvm::enumerate(chain)) {
    Value former = pending;
    b.setInsertionPoint(op);
    start = MmaStartOp::create(
        b, type, op.getA(), op.getBs(), pending ? ValueRange() : op.getAccs(),
        pending, op.getBRowsAttr(), op.getOwnColumnsAttr(), op.getARowsAttr());
    pending = start.getResult();
    if (former && !releases[place - 1].empty())
      moveAfter(
          MmaWaitOp::create(b, TypeRange(), former, b.getI64IntegerAttr(0)),
          releases[place - 1]);
  }
  b.setInsertionPoint(end);
  auto wait = MmaWaitOp::create(b, first.getResultTypes(), pending,
                                b.getI64IntegerAttr(0));
  moveAfter(wait, releases.back());
  last.replaceAllUsesWith(wait.getResults());
  for (MmaOp op : llvm::reverse(chain))
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
    DenseSet<Operation *> continuations;
    for (MmaOp op : products)
      if (MmaOp next = getContinuation(op))
        continuations.insert(next);
    for (MmaOp op : products)
      if (!continuations.contains(op))
        convert(op);
    getOperation()->walk([](MmaWaitOp op) { setOutstanding(op); });
  }
};
} // namespace
