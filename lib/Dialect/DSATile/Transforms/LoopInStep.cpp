//===- LoopInStep.cpp - Warpgroups in step --------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoopShare.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlir::dsa_tile;

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
  return success();
}

LogicalResult LoopShare::findHandedInStep() {
  for (Operation &op : llvm::make_early_inc_range(*loop.getBody())) {
    if (getOwner(&op) != 1 - group)
      continue;
    for (OpResult result : op.getResults()) {
      FailureOr<RankedTensorType> place = getPlace(result, 1 - group);
      if (failed(place))
        return failure();
      if (!*place)
        continue;
      handed[1 - group].push_back(result);
      handed[group].push_back(getCounterpart(result));
      // The same types are passed on either way.
      for (SmallVector<RankedTensorType> &ofGroup : places)
        ofGroup.push_back(*place);
    }
  }
  return success();
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
  for (bool changed = true; changed;) {
    changed = false;
    for (Operation &op : loop.getBody()->without_terminator()) {
      int64_t least = needed.contains(&op) ? getLeastStage(&op) : 0;
      changed |= std::exchange(stageOf[&op], least) != least;
    }
  }
  for (int64_t i : getOrder(group)) {
    size_t stage = stageOf.lookup(handed[group][i].getDefiningOp());
    for (int64_t giver = 0; giver < kGroups; ++giver) {
      if (stage >= stages[giver].size())
        stages[giver].resize(stage + 1);
      stages[giver][stage].handed.push_back(handed[giver][i]);
      stages[giver][stage].places.push_back(places[giver][i]);
    }
  }
}

void LoopShare::orderInStep() {
  findEarly();
  SmallVector<SmallVector<Step>> ofStage(stages[group].size() + 1);
  for (Operation &op : *loop.getBody()) {
    if (!isComputed(&op))
      continue;
    int64_t stage = stageOf.lookup(&op);
    (isEarly.contains(&op) ? early : ofStage[stage])
        .push_back({Step::Kind::Compute, &op});
  }
  for (auto [stage, steps] : llvm::enumerate(ofStage)) {
    if (stage != 0)
      for (Step::Kind kind : {Step::Kind::Give, Step::Kind::Take})
        late.push_back({kind, nullptr, static_cast<int64_t>(stage) - 1});
    llvm::append_range(late, steps);
  }
}

LogicalResult LoopShare::goInStep() {
  pairChains();
  if (failed(putOwnFirst()))
    return failure();
  readOwnKeysFirst();
  if (failed(findHandedInStep()))
    return failure();
  findNeeded();
  findStages();
  orderInStep();
  return success();
}
