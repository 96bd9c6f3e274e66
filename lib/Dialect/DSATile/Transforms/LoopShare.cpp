//===- LoopShare.cpp - One warpgroup's share of a loop --------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoopShare.h"
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

MmaOp dsa_tile::getFormer(MmaOp op) {
  return op.getAccs().empty() ? MmaOp()
                              : op.getAccs()[0].getDefiningOp<MmaOp>();
}

void dsa_tile::exchange(MmaOp first, MmaOp second) {
  SmallVector<Value> bs(first.getBs());
  Value a = first.getA();
  first.getAMutable().assign(second.getA());
  first.getBsMutable().assign(second.getBs());
  second.getAMutable().assign(a);
  second.getBsMutable().assign(bs);
}

static bool isDividedProduct(MmaOp op) {
  return isDivided(op.getResult(0).getType());
}

int64_t LoopShare::getOwner(Operation *op) const {
  auto found = owners.find(op);
  return found == owners.end() ? kBoth : found->second;
}

DenseSet<Operation *> LoopShare::findLeading(Value value) {
  DenseSet<Operation *> leading;
  SmallVector<Value> worklist = {value};
  while (!worklist.empty()) {
    Operation *op = worklist.pop_back_val().getDefiningOp();
    if (op && op->getBlock() == loop.getBody() && leading.insert(op).second)
      llvm::append_range(worklist, op->getOperands());
  }
  return leading;
}

/// In turn if the second chain's weights need the first chain's scores, and
/// not the other way round.
void LoopShare::findTurns() {
  SmallVector<MmaOp> chains, sums;
  for (MmaOp op : loop.getBody()->getOps<MmaOp>()) {
    if (isDividedProduct(op))
      sums.push_back(op);
    else if (!getFormer(op))
      chains.push_back(op);
  }
  isInTurn = chains.size() == kGroups && sums.size() == kGroups &&
             findLeading(sums[1].getA()).contains(chains[0]) &&
             !findLeading(sums[0].getA()).contains(chains[1]);
}

LogicalResult LoopShare::findOwners() {
  // In turn, what leads to the last weights is the second warpgroup's.
  DenseSet<Operation *> last, combining;
  if (isInTurn)
    for (MmaOp op : loop.getBody()->getOps<MmaOp>())
      if (isDividedProduct(op))
        last = findLeading(op.getA());
  int64_t chains = 0;
  for (Operation &op : loop.getBody()->without_terminator()) {
    bool gives = op.getNumResults() != 0 || isa<ChannelReleaseOp>(op);
    if (op.getNumRegions() != 0 || !gives)
      return op.emitOpError("cannot stand in a loop that warpgroups divide");
    DenseSet<int64_t> of;
    bool combines = false;
    for (Value operand : op.getOperands())
      if (Operation *definition = operand.getDefiningOp()) {
        combines |= combining.contains(definition);
        if (int64_t owner = getOwner(definition); owner != kBoth)
          of.insert(owner);
      }
    bool divided = llvm::any_of(op.getResultTypes(), isDivided);
    auto product = dyn_cast<MmaOp>(op);
    if (product && !divided && !getFormer(product))
      of = {chains++};
    if (of.size() == kGroups && !combines && last.contains(&op))
      of = {1};
    bool isOfBoth = divided || of.size() != 1 || (isInTurn && combines);
    owners[&op] = isOfBoth ? kBoth : *of.begin();
    if (divided || combines || (isOfBoth && !of.empty()))
      combining.insert(&op);
  }
  if (chains != kGroups)
    return loop.emitOpError("expected ")
           << kGroups << " chains of products for warpgroups to divide, but "
           << "found " << chains;
  return success();
}

/// Null if only the owner needs it.
FailureOr<RankedTensorType> LoopShare::getPlace(OpResult result,
                                                int64_t owner) {
  bool isNeeded = false, toProduct = false;
  for (Operation *user : result.getUsers()) {
    bool byOthers = getOwner(user) != owner;
    isNeeded |= byOthers;
    toProduct |= byOthers && isa<MmaOp>(user);
  }
  if (!isNeeded)
    return RankedTensorType();
  auto type = cast<RankedTensorType>(result.getType());
  if (toProduct)
    type = withLayout(type, getWidestSharedLayout(type));
  auto slice = dyn_cast_if_present<SliceAttr>(type.getEncoding());
  if (!getSharedLayout(type) && !(slice && slice.getDim() == 1))
    return emitError(result.getLoc(), "cannot pass on ")
           << type << " between warpgroups";
  return type;
}

/// What products read lies at a multiple of its pattern: first.
SmallVector<int64_t> LoopShare::getOrder(int64_t giver) const {
  SmallVector<int64_t> order;
  for (bool isShared : {true, false})
    for (auto [i, place] : llvm::enumerate(places[giver]))
      if ((getSharedLayout(place) != nullptr) == isShared)
        order.push_back(static_cast<int64_t>(i));
  return order;
}

/// Of its keys, a warpgroup scores first those that it also reads as values: it
/// released their room itself, so they are there before the others.
void LoopShare::readOwnKeysFirst() {
  DenseSet<Value> values;
  for (MmaOp op : loop.getBody()->getOps<MmaOp>())
    if (isDividedProduct(op))
      values.insert(op.getBs().begin(), op.getBs().end());
  for (MmaOp op : loop.getBody()->getOps<MmaOp>()) {
    if (isDividedProduct(op) || !values.contains(op.getBs()[0]))
      continue;
    // What is multiplied in registers needs no room, and stays in front.
    for (MmaOp former = getFormer(op);
         former && getSharedLayout(former.getA().getType());
         former = getFormer(former)) {
      exchange(former, op);
      op = former;
    }
  }
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
    bool isOthers = getOwner(&op) == 1 - group;
    if (depends || isOthers || stageOf.lookup(&op) != 0)
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

/// Slots are waited for before their first use.
void LoopShare::addWaits() {
  DenseSet<Operation *> waited;
  for (SmallVector<Step> *part : {&early, &late}) {
    SmallVector<Step> withWaits;
    for (const Step &step : *part) {
      if (step.op)
        for (Value operand : step.op->getOperands())
          if (auto wait = operand.getDefiningOp<ChannelWaitOp>();
              wait && needed.contains(wait) && waited.insert(wait).second)
            withWaits.push_back({Step::Kind::Compute, wait});
      withWaits.push_back(step);
    }
    *part = withWaits;
  }
}

/// Slots are released behind their last use.
void LoopShare::addReleases() {
  DenseMap<Value, Operation *> releases;
  for (auto release : loop.getBody()->getOps<ChannelReleaseOp>())
    releases[release.getChannel()] = release;
  llvm::MapVector<Operation *, Operation *> lastUse;
  for (ArrayRef<Step> part : {getEarly(), getLate()})
    for (const Step &step : part)
      if (step.kind == Step::Kind::Compute)
        for (Value operand : step.op->getOperands())
          if (auto wait = operand.getDefiningOp<ChannelWaitOp>();
              wait && needed.contains(wait))
            lastUse[wait] = step.op;
  for (SmallVector<Step> *part : {&early, &late}) {
    SmallVector<Step> withReleases;
    for (const Step &step : *part) {
      withReleases.push_back(step);
      for (auto [wait, last] : lastUse)
        if (step.kind == Step::Kind::Compute && last == step.op)
          withReleases.push_back(
              {Step::Kind::Compute,
               releases.lookup(cast<ChannelWaitOp>(wait).getChannel())});
    }
    *part = withReleases;
  }
}

/// What early steps compute and late ones read or pass on.
void LoopShare::findCarried() {
  DenseSet<Value> read(loop.getYieldedValues().begin(),
                       loop.getYieldedValues().end());
  for (const Step &step : late) {
    if (step.kind == Step::Kind::Compute)
      read.insert(step.op->operand_begin(), step.op->operand_end());
    if (step.kind == Step::Kind::Give)
      read.insert_range(getHanded(group, step.stage));
  }
  for (const Step &step : early)
    if (step.kind == Step::Kind::Compute)
      for (Value result : step.op->getResults())
        if (read.contains(result))
          carried.push_back(result);
}

FailureOr<LoopShare> LoopShare::create(scf::ForOp loop, int64_t group) {
  LoopShare share(loop, group);
  share.findTurns();
  if (failed(share.findOwners()) ||
      failed(share.isInTurn ? share.goInTurn() : share.goInStep()))
    return failure();
  share.addWaits();
  share.addReleases();
  share.findCarried();
  return share;
}

SmallVector<HandoffType> LoopShare::getHandoffTypes(int64_t giver) const {
  return llvm::map_to_vector(stages[giver], [&](const Stage &stage) {
    return HandoffType::get(loop->getContext(), stage.places);
  });
}
