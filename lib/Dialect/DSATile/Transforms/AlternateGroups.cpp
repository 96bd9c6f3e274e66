//===- AlternateGroups.cpp - Warpgroups that take turns -------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

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

namespace {
/// The loop of one kernel whose iterations two warpgroups take by turns.
class Alternation {
public:
  explicit Alternation(scf::ForOp loop) : loop(loop) {}

  /// Finds what is passed on; reports what cannot be.
  LogicalResult analyze();
  HandoffType getHandoffType() {
    return HandoffType::get(loop.getContext(), places);
  }
  /// Replaces `clone`, a copy of the loop, by the turns of one warpgroup.
  void rewrite(scf::ForOp clone, int64_t group, Value handoff) const;

private:
  using Values = SmallVector<Value>;

  LogicalResult hand(Value value, bool toProduct);
  /// One iteration, of this warpgroup or of the other one.
  Values takeTurn(ImplicitLocOpBuilder &b, scf::ForOp clone, Value iteration,
                  ValueRange state, Value handoff, bool own) const;

  scf::ForOp loop;
  /// The operations of the body whose turn it is computes alone, and those that
  /// wait until it has passed on what it computed, by their places.
  SmallVector<bool> isOwn, isLate;
  /// What is passed on, as result of which operation of the body, and where to.
  SmallVector<std::pair<unsigned, unsigned>> handed;
  SmallVector<RankedTensorType> places;
};
} // namespace

static unsigned getPlace(Operation *op) {
  return std::distance(op->getBlock()->begin(), op->getIterator());
}

LogicalResult Alternation::hand(Value value, bool toProduct) {
  auto type = cast<RankedTensorType>(value.getType());
  if (toProduct)
    type = withLayout(type, getWidestSharedLayout(type));
  auto slice = dyn_cast_if_present<SliceAttr>(type.getEncoding());
  if (!getSharedLayout(type) && !(slice && slice.getDim() == 1))
    return emitError(value.getLoc(), "cannot pass on ")
           << type << " between warpgroups";
  handed.push_back({getPlace(value.getDefiningOp()),
                    cast<OpResult>(value).getResultNumber()});
  places.push_back(type);
  return success();
}

LogicalResult Alternation::analyze() {
  Block *body = loop.getBody();
  DenseSet<Operation *> late;
  for (Operation &op : *body) {
    if (op.getNumRegions() != 0)
      return op.emitOpError("cannot stand in a loop that warpgroups take by "
                            "turns");
    isOwn.push_back(llvm::any_of(op.getResultTypes(), isRepeated));
    bool isDependent = llvm::any_of(op.getOperands(), [&](Value operand) {
      return late.contains(operand.getDefiningOp());
    });
    bool hasEffect = op.getNumResults() == 0 && !late.empty();
    isLate.push_back(llvm::any_of(op.getResultTypes(),
                                  [](Type type) { return isDivided(type); }) ||
                     isDependent || hasEffect);
    if (isLate.back())
      late.insert(&op);
  }
  for (auto [own, op] : llvm::zip(isOwn, *body)) {
    if (!own)
      continue;
    for (Value result : op.getResults()) {
      bool isNeeded = false, toProduct = false;
      for (OpOperand &use : result.getUses()) {
        Operation *user = use.getOwner();
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

Alternation::Values Alternation::takeTurn(ImplicitLocOpBuilder &b,
                                          scf::ForOp clone, Value iteration,
                                          ValueRange state, Value handoff,
                                          bool own) const {
  IRMapping mapping;
  mapping.map(clone.getInductionVar(), iteration);
  mapping.map(ValueRange(clone.getRegionIterArgs()), state);
  SmallVector<Operation *> ops;
  for (Operation &op : *clone.getBody())
    ops.push_back(&op);
  Values values;
  for (auto [place, number] : handed)
    values.push_back(ops[place]->getResult(number));
  if (!own) {
    auto take = HandoffTakeOp::create(
        b, SmallVector<Type>(places.begin(), places.end()), handoff);
    mapping.map(ValueRange(values), take.getTiles());
  }
  for (bool late : {false, true}) {
    for (auto [place, op] : llvm::enumerate(ops))
      if (isLate[place] == late && (own || !isOwn[place]) &&
          !op->hasTrait<OpTrait::IsTerminator>())
        b.clone(*op, mapping);
    if (own && !late) {
      Values given;
      for (Value value : values)
        given.push_back(mapping.lookup(value));
      HandoffGiveOp::create(b, given, handoff);
    }
  }
  Values next;
  for (Value value : clone.getYieldedValues())
    next.push_back(mapping.lookupOrDefault(value));
  return next;
}

void Alternation::rewrite(scf::ForOp clone, int64_t group,
                          Value handoff) const {
  ImplicitLocOpBuilder b(clone.getLoc(), clone);
  auto turn = [&](Value iteration, ValueRange state, bool own) {
    return takeTurn(b, clone, iteration, state, handoff, own);
  };
  Value step = clone.getStep(), begin = clone.getLowerBound(),
        end = clone.getUpperBound();
  Values state(clone.getInitArgs());
  Value last = arith::SubIOp::create(b, end, step);
  // The first warpgroup is ahead: it begins with its own turn and ends with the
  // other one's.
  if (group == 0) {
    state = turn(begin, state, /*own=*/true);
    begin = arith::AddIOp::create(b, begin, step);
    end = last;
  }
  Value both = arith::AddIOp::create(b, step, step);
  auto pairs = scf::ForOp::create(b, begin, end, both, state);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(pairs.getBody());
    Values next = turn(pairs.getInductionVar(),
                       Values(pairs.getRegionIterArgs()), /*own=*/false);
    Value own = arith::AddIOp::create(b, pairs.getInductionVar(), step);
    scf::YieldOp::create(b, turn(own, next, /*own=*/true));
  }
  state = Values(pairs.getResults());
  if (group == 0)
    state = turn(last, state, /*own=*/false);
  clone.replaceAllUsesWith(state);
  clone.erase();
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
  SmallVector<Alternation, 1> alternations;
  SmallVector<Value> handoffs;
  for (scf::ForOp loop : loops) {
    Alternation &alternation = alternations.emplace_back(loop);
    if (failed(alternation.analyze()))
      return failure();
    handoffs.push_back(HandoffOp::create(b, alternation.getHandoffType(),
                                         IntegerAttr(), IntegerAttr()));
  }
  auto apart = WarpSpecializeOp::create(b, roles.getKernel(), kGroups);
  apart.getLoad().takeBody(roles.getLoad());
  for (auto [group, program] : llvm::enumerate(apart.getCompute())) {
    IRMapping mapping;
    roles.getCompute().front().cloneInto(&program, mapping);
    for (auto [alternation, clone, handoff] :
         llvm::zip(alternations, collectLoops(program), handoffs))
      alternation.rewrite(clone, group, handoff);
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
