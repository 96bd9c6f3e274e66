//===- LoopShare.cpp - One warpgroup's share of a loop --------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoopShare.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace mlir::dsa_tile;

static bool isDividedLayout(Attribute layout) {
  if (auto accumulator = dyn_cast_if_present<AccumulatorAttr>(layout))
    return accumulator.getColumnGroups() > 1;
  if (auto slice = dyn_cast_if_present<SliceAttr>(layout))
    return isDividedLayout(slice.getParent());
  if (auto scatter = dyn_cast_if_present<ScatterAttr>(layout))
    return isDividedLayout(scatter.getParent());
  return false;
}

bool dsa_tile::isDivided(Type type) {
  auto tile = dyn_cast<RankedTensorType>(type);
  return tile && isDividedLayout(tile.getEncoding());
}

static bool isConstant(Operation *op) {
  return op->hasTrait<OpTrait::ConstantLike>();
}

/// Exchanges what two products multiply, which both are added to one sum.
static void exchange(MmaOp first, MmaOp second) {
  SmallVector<Value> bs(first.getBs());
  Value a = first.getA();
  first.getAMutable().assign(second.getA());
  first.getBsMutable().assign(second.getBs());
  second.getAMutable().assign(a);
  second.getBsMutable().assign(bs);
}

/// The product that this one adds to, or null.
static MmaOp getFormer(MmaOp op) {
  return op.getAccs().empty() ? MmaOp()
                              : op.getAccs()[0].getDefiningOp<MmaOp>();
}

int64_t LoopShare::getOwner(Operation *op) const {
  auto found = owners.find(op);
  return found == owners.end() ? kBoth : found->second;
}

LogicalResult LoopShare::findOwners() {
  int64_t chains = 0;
  for (Operation &op : loop.getBody()->without_terminator()) {
    bool gives = op.getNumResults() != 0 || isa<ChannelReleaseOp>(op);
    if (op.getNumRegions() != 0 || !gives)
      return op.emitOpError("cannot stand in a loop that warpgroups divide");
    DenseSet<int64_t> of;
    for (Value operand : op.getOperands())
      if (Operation *definition = operand.getDefiningOp())
        if (int64_t owner = getOwner(definition); owner != kBoth)
          of.insert(owner);
    bool divided = llvm::any_of(op.getResultTypes(), isDivided);
    auto product = dyn_cast<MmaOp>(op);
    if (product && !divided && !getFormer(product))
      of = {chains++};
    owners[&op] = divided || of.size() != 1 ? kBoth : *of.begin();
  }
  if (chains != kGroups)
    return loop.emitOpError("expected ")
           << kGroups << " chains of products for warpgroups to divide, but "
           << "found " << chains;
  return success();
}

/// Whether `second` is of the second chain what `first` is of the first one.
bool LoopShare::isPair(Operation *first, Operation *second) const {
  if (first->getName() != second->getName() ||
      first->getResultTypes() != second->getResultTypes() ||
      first->getNumOperands() != second->getNumOperands() ||
      first->getAttrDictionary() != second->getAttrDictionary() ||
      counterparts.contains(second->getResult(0)))
    return false;
  auto isOwned = [&](Value value) {
    Operation *op = value.getDefiningOp();
    return op && getOwner(op) != kBoth;
  };
  return llvm::all_of(
      llvm::zip(first->getOperands(), second->getOperands()), [&](auto pair) {
        auto [left, right] = pair;
        if (Value known = counterparts.lookup(left))
          return known == right;
        return left == right || (!isOwned(left) && !isOwned(right));
      });
}

/// Finds out which value of one chain is which of the other.
void LoopShare::pairChains() {
  auto pair = [&](ValueRange left, ValueRange right) {
    for (auto [first, second] : llvm::zip(left, right))
      if (first != second) {
        counterparts[first] = second;
        counterparts[second] = first;
      }
  };
  auto ops = loop.getBody()->without_terminator();
  for (Operation &first : ops) {
    if (getOwner(&first) != 0)
      continue;
    for (Operation &second : ops)
      if (getOwner(&second) == 1 && isPair(&first, &second)) {
        pair(first.getOperands(), second.getOperands());
        pair(first.getResults(), second.getResults());
        break;
      }
  }
  // What a chain's results multiply belongs to them, though neither chain reads
  // it.
  MmaOp sums[kGroups];
  for (MmaOp op : loop.getBody()->getOps<MmaOp>()) {
    Operation *weights = op.getA().getDefiningOp();
    if (weights && isDivided(op.getResult(0).getType()))
      if (int64_t owner = getOwner(weights); owner != kBoth)
        sums[owner] = op;
  }
  if (sums[0] && sums[1])
    pair(sums[0].getBs(), sums[1].getBs());
}

/// The same value of the other chain, which is computed if nobody has yet.
Value LoopShare::getCounterpart(Value value) {
  if (Value other = counterparts.lookup(value))
    return other;
  Operation *op = value.getDefiningOp();
  if (!op || getOwner(op) == kBoth)
    return value;
  IRMapping mapping;
  Operation *place = op;
  for (Value operand : op->getOperands()) {
    Value other = getCounterpart(operand);
    mapping.map(operand, other);
    Operation *definition = other.getDefiningOp();
    if (definition && definition->getBlock() == place->getBlock() &&
        place->isBeforeInBlock(definition))
      place = definition;
  }
  OpBuilder builder(op);
  builder.setInsertionPointAfter(place);
  Operation *other = builder.clone(*op, mapping);
  owners[other] = 1 - getOwner(op);
  for (auto [left, right] : llvm::zip(op->getResults(), other->getResults())) {
    counterparts[left] = right;
    counterparts[right] = left;
  }
  return counterparts.lookup(value);
}

/// Whether what `op` computes is the same if the chains are exchanged in it.
bool LoopShare::isSymmetric(Operation *op) {
  SmallVector<Value> before(op->getOperands());
  if (!op->hasTrait<OpTrait::IsCommutative>() || before.size() != 2)
    return llvm::all_of(before, [&](Value value) {
      Operation *definition = value.getDefiningOp();
      return !definition || getOwner(definition) == kBoth;
    });
  return getCounterpart(before[0]) == before[1] ||
         (getCounterpart(before[0]) == before[0] &&
          getCounterpart(before[1]) == before[1]);
}

LogicalResult LoopShare::putOwnFirst() {
  for (Operation &op : llvm::make_early_inc_range(*loop.getBody())) {
    if (getOwner(&op) != kBoth)
      continue;
    // Divided sums differ in the order of what they add at most.
    if (!llvm::any_of(op.getResultTypes(), isDivided) && !isSymmetric(&op))
      return op.emitOpError("cannot be the same for both warpgroups: expected "
                            "it to combine what each of them computes");
    if (group == 1)
      for (OpOperand &operand : op.getOpOperands())
        operand.set(getCounterpart(operand.get()));
  }
  // Of its keys, first those that it also reads as values: it released their
  // room itself, so they are there before the others.
  DenseSet<Value> values;
  for (MmaOp op : loop.getBody()->getOps<MmaOp>())
    if (isDivided(op.getResult(0).getType()))
      values.insert(op.getBs().begin(), op.getBs().end());
  for (MmaOp op : loop.getBody()->getOps<MmaOp>()) {
    if (isDivided(op.getResult(0).getType()) || !values.contains(op.getBs()[0]))
      continue;
    // What is multiplied in registers needs no room, and stays in front.
    for (MmaOp former = getFormer(op);
         former && getSharedLayout(former.getA().getType());
         former = getFormer(former)) {
      exchange(former, op);
      op = former;
    }
  }
  return success();
}

LogicalResult LoopShare::findHanded() {
  for (Operation &op : llvm::make_early_inc_range(*loop.getBody())) {
    if (getOwner(&op) != 1 - group)
      continue;
    for (OpResult result : op.getResults()) {
      bool isNeeded = false, toProduct = false;
      for (Operation *user : result.getUsers()) {
        isNeeded |= getOwner(user) == kBoth;
        toProduct |= getOwner(user) == kBoth && isa<MmaOp>(user);
      }
      if (!isNeeded)
        continue;
      auto type = cast<RankedTensorType>(result.getType());
      if (toProduct)
        type = withLayout(type, getWidestSharedLayout(type));
      auto slice = dyn_cast_if_present<SliceAttr>(type.getEncoding());
      if (!getSharedLayout(type) && !(slice && slice.getDim() == 1))
        return emitError(result.getLoc(), "cannot pass on ")
               << type << " between warpgroups";
      handed[1 - group].push_back(result);
      handed[group].push_back(getCounterpart(result));
      places.push_back(type);
    }
  }
  return success();
}

/// What leads to the loop's results and to what is passed on.
void LoopShare::findNeeded() {
  SmallVector<Value> worklist(loop.getYieldedValues());
  llvm::append_range(worklist, handed[group]);
  while (!worklist.empty()) {
    Operation *op = worklist.pop_back_val().getDefiningOp();
    if (!op || op->getBlock() != loop.getBody() || getOwner(op) == 1 - group ||
        !needed.insert(op).second)
      continue;
    llvm::append_range(worklist, op->getOperands());
  }
}

int64_t LoopShare::getLeastStage(Operation *op) {
  int64_t least = 0;
  for (Value operand : op->getOperands()) {
    Operation *definition = operand.getDefiningOp();
    if (!definition || definition->getBlock() != loop.getBody())
      continue;
    // The other warpgroup passes it on when this one passes on its like.
    auto *taken = llvm::find(handed[1 - group], operand);
    bool isTaken = taken != handed[1 - group].end();
    if (isTaken)
      definition =
          handed[group][taken - handed[1 - group].begin()].getDefiningOp();
    least = std::max(least, stageOf.lookup(definition) + (isTaken ? 1 : 0));
  }
  return least;
}

void LoopShare::findStages() {
  auto count = static_cast<int64_t>(handed[group].size());
  for (bool changed = true; changed;) {
    changed = false;
    for (Operation &op : loop.getBody()->without_terminator()) {
      int64_t least = needed.contains(&op) ? getLeastStage(&op) : 0;
      changed |= std::exchange(stageOf[&op], least) != least;
    }
  }
  // What products read lies at a multiple of its pattern: first.
  SmallVector<int64_t> inOrder;
  for (bool isShared : {true, false})
    for (int64_t i = 0; i < count; ++i)
      if ((getSharedLayout(places[i]) != nullptr) == isShared)
        inOrder.push_back(i);
  for (int64_t i : inOrder) {
    int64_t stage = stageOf.lookup(handed[group][i].getDefiningOp());
    if (stage >= static_cast<int64_t>(stages.size()))
      stages.resize(stage + 1);
    for (int64_t giver = 0; giver < kGroups; ++giver)
      stages[stage].handed[giver].push_back(handed[giver][i]);
    stages[stage].places.push_back(places[i]);
  }
}

/// Products and what is reduced of them, where they depend neither on the
/// loop's state nor on the other warpgroup; and what leads to them. The rest
/// stays together, so that instructions can be fused.
void LoopShare::findEarly() {
  DenseSet<Value> dependent(loop.getRegionIterArgs().begin(),
                            loop.getRegionIterArgs().end());
  SmallVector<Value> worklist;
  for (Operation &op : loop.getBody()->without_terminator()) {
    bool depends = llvm::any_of(op.getOperands(), [&](Value operand) {
      return dependent.contains(operand);
    });
    if (depends || stageOf.lookup(&op) != 0)
      dependent.insert(op.result_begin(), op.result_end());
    else if (isa<MmaOp, ReduceOp>(op))
      llvm::append_range(worklist, op.getResults());
  }
  while (!worklist.empty()) {
    Operation *op = worklist.pop_back_val().getDefiningOp();
    if (op && op->getBlock() == loop.getBody() && isEarly.insert(op).second)
      llvm::append_range(worklist, op->getOperands());
  }
}

void LoopShare::order() {
  findEarly();
  SmallVector<SmallVector<Step>> ofStage(stages.size() + 1);
  for (Operation &op : *loop.getBody()) {
    if (!needed.contains(&op) || isConstant(&op) || isa<ChannelWaitOp>(op))
      continue;
    int64_t stage = stageOf.lookup(&op);
    (isEarly.contains(&op) ? early : ofStage[stage]).push_back({&op, stage});
  }
  for (ArrayRef<Step> steps : ofStage)
    llvm::append_range(late, steps);
  // Slots are waited for before their first use and released behind the last.
  DenseMap<Value, Operation *> releases;
  for (auto release : loop.getBody()->getOps<ChannelReleaseOp>())
    releases[release.getChannel()] = release;
  llvm::MapVector<Operation *, Operation *> lastUse;
  for (SmallVector<Step> *part : {&early, &late}) {
    SmallVector<Step> withWaits;
    for (const Step &step : *part) {
      for (Value operand : step.op->getOperands())
        if (auto wait = operand.getDefiningOp<ChannelWaitOp>();
            wait && needed.contains(wait)) {
          if (!lastUse.contains(wait))
            withWaits.push_back({wait, step.stage});
          lastUse[wait] = step.op;
        }
      withWaits.push_back(step);
    }
    *part = withWaits;
  }
  for (SmallVector<Step> *part : {&early, &late}) {
    SmallVector<Step> withReleases;
    for (const Step &step : *part) {
      withReleases.push_back(step);
      for (auto [wait, last] : lastUse)
        if (last == step.op)
          withReleases.push_back(
              {releases.lookup(cast<ChannelWaitOp>(wait).getChannel()),
               step.stage});
    }
    *part = withReleases;
  }
  for (const Step &step : early)
    for (Value result : step.op->getResults())
      if (llvm::any_of(late,
                       [&](const Step &other) {
                         return llvm::is_contained(other.op->getOperands(),
                                                   result);
                       }) ||
          llvm::is_contained(loop.getYieldedValues(), result))
        carried.push_back(result);
}

FailureOr<LoopShare> LoopShare::create(scf::ForOp loop, int64_t group) {
  LoopShare share(loop, group);
  if (failed(share.findOwners()))
    return failure();
  share.pairChains();
  if (failed(share.putOwnFirst()) || failed(share.findHanded()))
    return failure();
  share.findNeeded();
  share.findStages();
  share.order();
  return share;
}

SmallVector<HandoffType> LoopShare::getHandoffTypes() const {
  return llvm::map_to_vector(stages, [&](const Stage &stage) {
    return HandoffType::get(loop->getContext(), stage.places);
  });
}
