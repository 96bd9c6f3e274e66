//===- LoopInTurn.cpp - Warpgroups one behind the other -------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoopShare.h"

using namespace mlir;
using namespace mlir::dsa_tile;

LogicalResult LoopShare::findHandedInTurn() {
  for (Operation &op : *loop.getBody()) {
    int64_t owner = getOwner(&op);
    if (owner == kBoth)
      continue;
    for (OpResult result : op.getResults()) {
      FailureOr<RankedTensorType> place = getPlace(result, owner);
      if (failed(place))
        return failure();
      if (!*place)
        continue;
      handed[owner].push_back(result);
      places[owner].push_back(*place);
    }
  }
  for (int64_t giver = 0; giver < kGroups; ++giver) {
    Stage &stage = stages[giver].emplace_back();
    for (int64_t i : getOrder(giver)) {
      stage.handed.push_back(handed[giver][i]);
      stage.places.push_back(places[giver][i]);
    }
  }
  return success();
}

void LoopShare::orderInTurn() {
  findEarly();
  SmallVector<Operation *> scores;
  for (auto op : loop.getBody()->getOps<MmaOp>())
    if (isComputed(op) && !isDivided(op.getResult(0).getType()) &&
        getSharedLayout(op.getA().getType()))
      scores.push_back(op);
  bool isTaken = false, isGiven = false;
  for (Operation &op : *loop.getBody()) {
    if (!isComputed(&op))
      continue;
    if (isEarly.contains(&op)) {
      if (!scores.empty() && &op == scores.front())
        early.push_back({Step::Kind::WaitForTurn, &op});
      early.push_back({Step::Kind::Compute, &op});
      if (!scores.empty() && &op == scores.back())
        early.push_back({Step::Kind::PassTurn});
      continue;
    }
    bool takes = llvm::any_of(op.getOperands(), [&](Value operand) {
      return llvm::is_contained(handed[1 - group], operand);
    });
    if (takes && !std::exchange(isTaken, true))
      late.push_back({Step::Kind::Take});
    late.push_back({Step::Kind::Compute, &op});
    // Behind the product that needs the same: it has begun meanwhile.
    bool isReady = llvm::all_of(handed[group], [&](Value value) {
      return value.getDefiningOp()->isBeforeInBlock(&op);
    });
    if (isReady && isa<MmaOp>(op) && !std::exchange(isGiven, true))
      late.push_back({Step::Kind::Give});
  }
}

LogicalResult LoopShare::goInTurn() {
  readOwnKeysFirst();
  if (failed(findHandedInTurn()))
    return failure();
  findNeeded();
  orderInTurn();
  return success();
}
