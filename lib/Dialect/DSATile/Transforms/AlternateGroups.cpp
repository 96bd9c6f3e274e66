//===- AlternateGroups.cpp - Warpgroups that take turns -------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Slots.h"
#include "dsa/Dialect/DSATile/Transforms/Passes.h"
#include "mlir/IR/IRMapping.h"

namespace mlir::dsa_tile {
#define GEN_PASS_DEF_ALTERNATEGROUPSPASS
#include "dsa/Dialect/DSATile/Transforms/Passes.h.inc"
} // namespace mlir::dsa_tile

using namespace mlir;
using namespace mlir::dsa_tile;

/// Whether warpgroups hold different columns of a tile.
static bool isDivided(Attribute layout) {
  if (auto accumulator = dyn_cast_if_present<AccumulatorAttr>(layout))
    return accumulator.getColumnGroups() > 1;
  if (auto slice = dyn_cast_if_present<SliceAttr>(layout))
    return isDivided(slice.getParent());
  if (auto scatter = dyn_cast_if_present<ScatterAttr>(layout))
    return isDivided(scatter.getParent());
  return false;
}

static bool isDivided(Type type) {
  auto tile = dyn_cast<RankedTensorType>(type);
  return tile && isDivided(tile.getEncoding());
}

/// Whether every warpgroup would compute all of a tile.
static bool isRepeated(Type type) {
  return getLayout(type) && !isDivided(type);
}

static unsigned getPlace(Operation *op) {
  return std::distance(op->getBlock()->begin(), op->getIterator());
}

namespace {
/// A loop of one warpgroup's program, whose iterations it and another warpgroup
/// take by turns.
class Alternation {
public:
  explicit Alternation(scf::ForOp loop) : loop(loop) {}

  /// Finds what is passed on; reports what cannot be.
  LogicalResult analyze();
  HandoffType getHandoffType() {
    return HandoffType::get(loop.getContext(), places);
  }
  /// Replaces the loop by the turns of warpgroup `group`.
  void rewrite(int64_t group, Value handoff);

private:
  using Values = SmallVector<Value>;
  /// An iteration under construction, of this warpgroup or of the other one.
  struct Turn {
    bool own;
    IRMapping mapping;
  };
  /// When an operation of the body runs: before anything is taken, with the
  /// rest of its turn, or behind what is given.
  enum Stage { Begin, Compute, End };

  LogicalResult findHanded();
  LogicalResult hand(OpResult value, bool toProduct);
  void findBegin();
  /// Copies the operations of one stage.
  void build(ImplicitLocOpBuilder &b, Stage stage, Turn &turn);
  void take(ImplicitLocOpBuilder &b, Value handoff, Turn &turn);
  void give(ImplicitLocOpBuilder &b, Value handoff, Turn &turn);
  /// The state after an iteration of the other warpgroup, then one of this one,
  /// either of which may be missing.
  Values takeTurns(ImplicitLocOpBuilder &b, Value other, Value own,
                   Values state, Value handoff);

  scf::ForOp loop;
  /// Of the body's operations, by their places: which ones the warpgroup whose
  /// turn it is computes alone, and when.
  SmallVector<bool> isOwn;
  SmallVector<Stage> stages;
  /// What is passed on, and as which tiles.
  Values handed;
  SmallVector<RankedTensorType> places;
};
} // namespace

LogicalResult Alternation::hand(OpResult value, bool toProduct) {
  auto type = cast<RankedTensorType>(value.getType());
  if (toProduct)
    type = withLayout(type, getWidestSharedLayout(type));
  auto slice = dyn_cast_if_present<SliceAttr>(type.getEncoding());
  if (!getSharedLayout(type) && !(slice && slice.getDim() == 1))
    return emitError(value.getLoc(), "cannot pass on ")
           << type << " between warpgroups";
  handed.push_back(value);
  places.push_back(type);
  return success();
}

LogicalResult Alternation::findHanded() {
  for (auto [own, op] : llvm::zip(isOwn, *loop.getBody())) {
    if (!own)
      continue;
    for (OpResult result : op.getResults()) {
      bool isNeeded = false, toProduct = false;
      for (Operation *user : result.getUsers()) {
        isNeeded |= !isOwn[getPlace(user)];
        toProduct |=
            isa<MmaOp>(user) && isDivided(user->getResult(0).getType());
      }
      if (isNeeded && failed(hand(result, toProduct)))
        return failure();
    }
  }
  if (places.empty())
    return loop.emitOpError("expected something for warpgroups to pass on");
  return success();
}

LogicalResult Alternation::analyze() {
  DenseSet<Operation *> late;
  for (Operation &op : *loop.getBody()) {
    if (op.getNumRegions() != 0)
      return op.emitOpError("cannot stand in a loop that warpgroups take by "
                            "turns");
    isOwn.push_back(llvm::any_of(op.getResultTypes(), isRepeated));
    bool depends = llvm::any_of(op.getOperands(), [&](Value operand) {
      return late.contains(operand.getDefiningOp());
    });
    bool hasEffect = op.getNumResults() == 0 && !late.empty();
    bool divided = llvm::any_of(op.getResultTypes(),
                                [](Type type) { return isDivided(type); });
    if (divided || depends || hasEffect)
      late.insert(&op);
    stages.push_back(late.contains(&op) ? End : Compute);
  }
  findBegin();
  return findHanded();
}

/// Whether a channel has a slot to spare while each warpgroup holds one.
static bool hasSpareSlot(MmaOp op) {
  constexpr int64_t kHeld = 2;
  return llvm::all_of(op.getBs(), [](Value b) {
    auto wait = b.getDefiningOp<ChannelWaitOp>();
    return wait && wait.getChannel().getType().getSlots() > kHeld;
  });
}

/// Loads, and products for which slots are to spare, that depend on nothing
/// that is passed on, and what they read, come first: they run while warpgroups
/// wait for each other. Without a spare slot the wait for what a product reads
/// would hold up the use, and so the release, of what the other one passes on.
void Alternation::findBegin() {
  Block *body = loop.getBody();
  DenseSet<Value> dependent(loop.getRegionIterArgs().begin(),
                            loop.getRegionIterArgs().end());
  SmallVector<Operation *> needed;
  for (auto [place, op] : llvm::enumerate(*body)) {
    bool depends = llvm::any_of(op.getOperands(), [&](Value operand) {
      return dependent.contains(operand);
    });
    auto product = dyn_cast<MmaOp>(op);
    if (depends || stages[place] == End)
      dependent.insert(op.result_begin(), op.result_end());
    else if (isa<LoadOp>(op) || (product && hasSpareSlot(product)))
      needed.push_back(&op);
  }
  while (!needed.empty()) {
    Operation *op = needed.pop_back_val();
    if (op->getBlock() != body || stages[getPlace(op)] == Begin)
      continue;
    stages[getPlace(op)] = Begin;
    for (Value operand : op->getOperands())
      if (Operation *definition = operand.getDefiningOp())
        needed.push_back(definition);
  }
}

void Alternation::build(ImplicitLocOpBuilder &b, Stage stage, Turn &turn) {
  for (auto [place, op] : llvm::enumerate(loop.getBody()->without_terminator()))
    if (stages[place] == stage && (turn.own || !isOwn[place]))
      b.clone(op, turn.mapping);
}

void Alternation::take(ImplicitLocOpBuilder &b, Value handoff, Turn &turn) {
  auto taken = HandoffTakeOp::create(
      b, SmallVector<Type>(places.begin(), places.end()), handoff);
  turn.mapping.map(ValueRange(handed), ValueRange(taken.getTiles()));
}

void Alternation::give(ImplicitLocOpBuilder &b, Value handoff, Turn &turn) {
  Values given;
  for (Value value : handed)
    given.push_back(turn.mapping.lookup(value));
  HandoffGiveOp::create(b, given, handoff);
}

Alternation::Values Alternation::takeTurns(ImplicitLocOpBuilder &b, Value other,
                                           Value own, Values state,
                                           Value handoff) {
  SmallVector<Turn, 0> turns;
  if (other)
    turns.push_back({/*own=*/false, {}});
  if (own)
    turns.push_back({/*own=*/true, {}});
  for (Turn &turn : turns) {
    turn.mapping.map(loop.getInductionVar(), turn.own ? own : other);
    build(b, Begin, turn);
  }
  for (Turn &turn : turns) {
    for (auto [argument, value] : llvm::zip(loop.getRegionIterArgs(), state))
      turn.mapping.map(argument, value);
    if (!turn.own)
      take(b, handoff, turn);
    build(b, Compute, turn);
    if (turn.own)
      give(b, handoff, turn);
    build(b, End, turn);
    for (auto [value, yielded] : llvm::zip(state, loop.getYieldedValues()))
      value = turn.mapping.lookupOrDefault(yielded);
  }
  return state;
}

void Alternation::rewrite(int64_t group, Value handoff) {
  ImplicitLocOpBuilder b(loop.getLoc(), loop);
  Value step = loop.getStep(), begin = loop.getLowerBound(),
        end = loop.getUpperBound();
  Values state(loop.getInitArgs());
  Value last = arith::SubIOp::create(b, end, step);
  // The first warpgroup is ahead: it begins with its own turn and ends with the
  // other one's.
  if (group == 0) {
    state = takeTurns(b, Value(), begin, state, handoff);
    begin = arith::AddIOp::create(b, begin, step);
    end = last;
  }
  Value both = arith::AddIOp::create(b, step, step);
  auto pairs = scf::ForOp::create(b, begin, end, both, state);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(pairs.getBody());
    Value other = pairs.getInductionVar();
    Value own = arith::AddIOp::create(b, other, step);
    Values next =
        takeTurns(b, other, own, Values(pairs.getRegionIterArgs()), handoff);
    scf::YieldOp::create(b, next);
  }
  state = Values(pairs.getResults());
  if (group == 0)
    state = takeTurns(b, last, Value(), state, handoff);
  loop.replaceAllUsesWith(state);
  loop.erase();
}

/// Of two products that are added up, computes that first which reads the
/// columns of values that this warpgroup itself multiplies: it released their
/// room, so they are there before the others.
static void putOwnFirst(scf::ForOp loop, int64_t group) {
  for (MmaOp values : loop.getBody()->getOps<MmaOp>()) {
    if (!values.getBRows() || values.getBs().size() == 1)
      continue;
    Value own = values.getBs()[group];
    for (Operation *user : own.getUsers()) {
      auto second = dyn_cast<MmaOp>(user);
      if (!second || second == values || second.getAccs().size() != 1 ||
          second.getBs().size() != 1)
        continue;
      auto first = second.getAccs()[0].getDefiningOp<MmaOp>();
      if (!first || !first.getAccs().empty() ||
          first->getBlock() != loop.getBody())
        continue;
      Value a = first.getA(), b = first.getBs()[0];
      first.getAMutable().assign(second.getA());
      first.getBsMutable().assign(own);
      second.getAMutable().assign(a);
      second.getBsMutable().assign(b);
      own.getDefiningOp()->moveBefore(first);
      b.getDefiningOp()->moveBefore(second);
    }
  }
}

/// Leaves a warpgroup what it reads of divided products: where several b have
/// the columns of one result, its own. Slots that it does not read to the end
/// are released behind the last use.
static void keepOwnColumns(Region &program, int64_t group) {
  program.walk([&](MmaOp op) {
    if (!op.getBRows() || op.getBs().size() == 1 ||
        !isDivided(op.getResult(0).getType()))
      return;
    op.getBsMutable().assign(Value(op.getBs()[group]));
    op.setOwnColumns(true);
  });
  SmallVector<ChannelReleaseOp> releases;
  program.walk([&](ChannelReleaseOp op) { releases.push_back(op); });
  for (ChannelReleaseOp release : releases) {
    ChannelWaitOp wait = getWait(release);
    if (!wait)
      continue;
    Operation *last = getLastUser(wait);
    if (last->isBeforeInBlock(release))
      release->moveAfter(last);
  }
}

/// The loops of a program that warpgroups take by turns.
static SmallVector<scf::ForOp> collectLoops(Region &program) {
  SmallVector<scf::ForOp> loops;
  program.walk([&](scf::ForOp op) {
    if (op->hasAttr(kAlternateAttrName))
      loops.push_back(op);
  });
  return loops;
}

static LogicalResult convert(WarpSpecializeOp roles) {
  constexpr int64_t kGroups = 2;
  if (roles.getCompute().size() != 1)
    return success();
  SmallVector<scf::ForOp> loops = collectLoops(roles.getCompute().front());
  if (loops.empty())
    return success();
  if (roles.getKernel().getGroups() != kGroups)
    return loops.front().emitOpError("expected two warpgroups to take turns, "
                                     "but found ")
           << roles.getKernel().getGroups();
  ImplicitLocOpBuilder b(roles.getLoc(), roles);
  auto apart = WarpSpecializeOp::create(b, roles.getKernel(), kGroups);
  b.setInsertionPoint(apart);
  apart.getLoad().takeBody(roles.getLoad());
  SmallVector<Value> handoffs;
  for (auto [group, program] : llvm::enumerate(apart.getCompute())) {
    IRMapping mapping;
    roles.getCompute().front().cloneInto(&program, mapping);
    for (auto [number, loop] : llvm::enumerate(collectLoops(program))) {
      putOwnFirst(loop, group);
      Alternation alternation(loop);
      if (failed(alternation.analyze()))
        return failure();
      // The same values are passed on either way.
      if (group == 0)
        handoffs.push_back(HandoffOp::create(b, alternation.getHandoffType(),
                                             IntegerAttr(), IntegerAttr()));
      alternation.rewrite(group, handoffs[number]);
    }
    keepOwnColumns(program, group);
  }
  roles.erase();
  return success();
}

namespace {
struct AlternateGroupsPass
    : public dsa_tile::impl::AlternateGroupsPassBase<AlternateGroupsPass> {
  void runOnOperation() override {
    SmallVector<WarpSpecializeOp> kernels;
    getOperation()->walk([&](WarpSpecializeOp op) { kernels.push_back(op); });
    for (WarpSpecializeOp op : kernels)
      if (failed(convert(op)))
        return signalPassFailure();
  }
};
} // namespace
