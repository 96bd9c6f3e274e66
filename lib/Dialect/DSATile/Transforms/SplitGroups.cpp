//===- SplitGroups.cpp - A loop's tiles divided by warpgroups -------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoopShare.h"
#include "Slots.h"
#include "dsa/Dialect/DSATile/Transforms/Passes.h"
#include "mlir/IR/IRMapping.h"

namespace mlir::dsa_tile {
#define GEN_PASS_DEF_SPLITGROUPSPASS
#include "dsa/Dialect/DSATile/Transforms/Passes.h.inc"
} // namespace mlir::dsa_tile

using namespace mlir;
using namespace mlir::dsa_tile;

static constexpr int64_t kGroups = LoopShare::kGroups;

/// The loops of a program that warpgroups divide.
static SmallVector<scf::ForOp> collectLoops(Region &program) {
  SmallVector<scf::ForOp> loops;
  program.walk([&](scf::ForOp op) {
    if (op->hasAttr(kSplitAttrName))
      loops.push_back(op);
  });
  return loops;
}

/// Leaves a warpgroup what it reads of divided products: where several b have
/// the columns of one result, its own.
static void keepOwnColumns(Region &program, int64_t group) {
  program.walk([&](MmaOp op) {
    if (!op.getBRows() || op.getBs().size() != kGroups ||
        !isDivided(op.getResult(0).getType()))
      return;
    op.getBsMutable().assign(Value(op.getBs()[group]));
    op.setOwnColumns(true);
  });
}

namespace {
/// Rewrites a loop as one warpgroup's share of it.
class LoopSplitter {
public:
  explicit LoopSplitter(const LoopShare &share)
      : share(share), loop(share.getLoop()) {}

  /// `handoffs` are, for each warpgroup that gives, those of each stage.
  void rewrite(ArrayRef<SmallVector<Value>> handoffs);

private:
  using Values = SmallVector<Value>;

  void build(ImplicitLocOpBuilder &b, ArrayRef<LoopShare::Step> steps,
             ArrayRef<SmallVector<Value>> handoffs, IRMapping &mapping);
  static Values lookup(IRMapping &mapping, ValueRange values);

  const LoopShare &share;
  scf::ForOp loop;
};
} // namespace

LoopSplitter::Values LoopSplitter::lookup(IRMapping &mapping,
                                          ValueRange values) {
  return llvm::map_to_vector(
      values, [&](Value value) { return mapping.lookupOrDefault(value); });
}

void LoopSplitter::build(ImplicitLocOpBuilder &b,
                         ArrayRef<LoopShare::Step> steps,
                         ArrayRef<SmallVector<Value>> handoffs,
                         IRMapping &mapping) {
  using Kind = LoopShare::Step::Kind;
  int64_t group = share.getGroup(), other = 1 - group;
  for (auto [kind, op, stage] : steps) {
    switch (kind) {
    case Kind::Give:
      HandoffGiveOp::create(b, lookup(mapping, share.getHanded(group, stage)),
                            handoffs[group][stage]);
      break;
    case Kind::Take: {
      Value handoff = handoffs[other][stage];
      ArrayRef<RankedTensorType> tiles =
          cast<HandoffType>(handoff.getType()).getTiles();
      auto taken = HandoffTakeOp::create(
          b, SmallVector<Type>(tiles.begin(), tiles.end()), handoff);
      mapping.map(share.getHanded(other, stage), taken.getTiles());
      break;
    }
    case Kind::WaitForTurn:
      TurnWaitOp::create(b, kGroups);
      break;
    case Kind::PassTurn:
      TurnPassOp::create(b, kGroups);
      break;
    case Kind::Compute:
      // Constants are made where they are needed, not carried.
      for (Value operand : op->getOperands())
        if (Operation *constant = operand.getDefiningOp();
            constant && constant->hasTrait<OpTrait::ConstantLike>() &&
            constant->getBlock() == loop.getBody() &&
            !mapping.contains(operand))
          b.clone(*constant, mapping);
      b.clone(*op, mapping);
      break;
    }
  }
}

/// Gives back what only the loop's body reads as soon as the loop ends, before
/// the late part of its last iteration.
static void releaseEarlier(scf::ForOp loop) {
  SmallVector<ChannelReleaseOp> releases;
  for (Operation *op = loop->getNextNode(); op; op = op->getNextNode())
    if (auto release = dyn_cast<ChannelReleaseOp>(op))
      releases.push_back(release);
  for (ChannelReleaseOp release : releases) {
    ChannelWaitOp wait = getWait(release);
    // What the loop carries is read behind it.
    if (wait && getLastUser(wait) == loop &&
        !llvm::is_contained(wait->getUsers(), loop))
      release->moveAfter(loop);
  }
}

void LoopSplitter::rewrite(ArrayRef<SmallVector<Value>> handoffs) {
  ImplicitLocOpBuilder b(loop.getLoc(), loop);
  Value step = loop.getStep();
  Value last = arith::SubIOp::create(b, loop.getUpperBound(), step);
  ArrayRef<Value> ahead = share.getCarried();
  auto mapState = [&](IRMapping &mapping, ValueRange state) {
    size_t count = loop.getRegionIterArgs().size();
    mapping.map(loop.getRegionIterArgs(), state.take_front(count));
    mapping.map(ValueRange(ahead), state.drop_front(count));
  };

  IRMapping first;
  first.map(loop.getInductionVar(), loop.getLowerBound());
  build(b, share.getEarly(), handoffs, first);
  Values state(loop.getInitArgs());
  llvm::append_range(state, lookup(first, ahead));
  auto steady = scf::ForOp::create(b, loop.getLowerBound(), last, step, state);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(steady.getBody());
    IRMapping here, next;
    here.map(loop.getInductionVar(), steady.getInductionVar());
    mapState(here, steady.getRegionIterArgs());
    build(b, share.getLate(), handoffs, here);
    next.map(loop.getInductionVar(),
             arith::AddIOp::create(b, steady.getInductionVar(), step));
    build(b, share.getEarly(), handoffs, next);
    Values yielded = lookup(here, loop.getYieldedValues());
    llvm::append_range(yielded, lookup(next, ahead));
    scf::YieldOp::create(b, yielded);
  }
  IRMapping final;
  final.map(loop.getInductionVar(), last);
  mapState(final, steady.getResults());
  build(b, share.getLate(), handoffs, final);
  loop.replaceAllUsesWith(lookup(final, loop.getYieldedValues()));
  loop.erase();
  releaseEarlier(steady);
}

static LogicalResult convert(WarpSpecializeOp roles) {
  if (roles.getCompute().size() != 1)
    return success();
  SmallVector<scf::ForOp> loops = collectLoops(roles.getCompute().front());
  if (loops.empty())
    return success();
  if (roles.getKernel().getGroups() != kGroups)
    return loops.front().emitOpError("expected two warpgroups to divide it, "
                                     "but found ")
           << roles.getKernel().getGroups();
  ImplicitLocOpBuilder b(roles.getLoc(), roles);
  auto apart = WarpSpecializeOp::create(b, roles.getKernel(), kGroups);
  b.setInsertionPoint(apart);
  apart.getLoad().takeBody(roles.getLoad());
  // Of each loop, for each warpgroup.
  SmallVector<SmallVector<SmallVector<Value>>> handoffs(loops.size());
  for (auto [group, program] : llvm::enumerate(apart.getCompute())) {
    IRMapping mapping;
    roles.getCompute().front().cloneInto(&program, mapping);
    keepOwnColumns(program, group);
    for (auto [loop, own] : llvm::zip(collectLoops(program), handoffs)) {
      FailureOr<LoopShare> share = LoopShare::create(loop, group);
      if (failed(share))
        return failure();
      if (own.empty()) {
        own.resize(kGroups);
        for (int64_t giver = 0; giver < kGroups; ++giver)
          for (HandoffType type : share->getHandoffTypes(giver))
            own[giver].push_back(
                HandoffOp::create(b, type, IntegerAttr(), IntegerAttr()));
      }
      LoopSplitter(*share).rewrite(own);
    }
  }
  roles.erase();
  return success();
}

namespace {
struct SplitGroupsPass
    : public dsa_tile::impl::SplitGroupsPassBase<SplitGroupsPass> {
  void runOnOperation() override {
    SmallVector<WarpSpecializeOp> kernels;
    getOperation()->walk([&](WarpSpecializeOp op) { kernels.push_back(op); });
    for (WarpSpecializeOp op : kernels)
      if (failed(convert(op)))
        return signalPassFailure();
  }
};
} // namespace
