//===- LoopShare.h - One warpgroup's share of a loop ------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_DIALECT_DSATILE_TRANSFORMS_LOOPSHARE_H
#define DSA_LIB_DIALECT_DSATILE_TRANSFORMS_LOOPSHARE_H

#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace mlir::dsa_tile {

/// Whether warpgroups hold different columns of a tile.
bool isDivided(Type type);

/// The product that this one adds to, or null.
MmaOp getFormer(MmaOp op);

/// Exchanges what two products multiply, which both are added to one sum.
void exchange(MmaOp first, MmaOp second);

/// What one of two warpgroups computes of a loop, in which order, and what it
/// passes on and takes in each stage.
class LoopShare {
public:
  static constexpr int64_t kGroups = 2;

  /// An operation of the body; or passing on what this warpgroup gives in a
  /// stage, or taking what the other one does; or waiting for the turn to
  /// compute scores, which begin with the operation, or passing it on.
  struct Step {
    enum class Kind { Compute, Give, Take, WaitForTurn, PassTurn };
    Kind kind;
    Operation *op = nullptr;
    int64_t stage = 0;
  };

  /// In step, exchanges the chains in what both warpgroups compute where the
  /// second one is this one's own, so that its own comes first. Reports what
  /// cannot be divided or passed on.
  static FailureOr<LoopShare> create(scf::ForOp loop, int64_t group);

  scf::ForOp getLoop() const { return loop; }
  int64_t getGroup() const { return group; }
  /// What depends neither on the loop's state nor on the other warpgroup.
  ArrayRef<Step> getEarly() const { return early; }
  ArrayRef<Step> getLate() const { return late; }
  /// What of the early steps late ones read.
  ArrayRef<Value> getCarried() const { return carried; }
  /// What `giver` passes on in a stage.
  ValueRange getHanded(int64_t giver, int64_t stage) const {
    return stages[giver][stage].handed;
  }
  /// Through what `giver` passes that on, by stage.
  SmallVector<HandoffType> getHandoffTypes(int64_t giver) const;

private:
  struct Stage {
    SmallVector<Value> handed;
    SmallVector<RankedTensorType> places;
  };
  static constexpr int64_t kBoth = -1;

  LoopShare(scf::ForOp loop, int64_t group) : loop(loop), group(group) {}

  void findTurns();
  LogicalResult findOwners();
  int64_t getOwner(Operation *op) const;
  /// What leads to a value within the body.
  DenseSet<Operation *> findLeading(Value value);
  /// The type in which `owner` passes on a result, if others need it.
  FailureOr<RankedTensorType> getPlace(OpResult result, int64_t owner);
  /// The order in which what `giver` passes on lies in its handoffs.
  SmallVector<int64_t> getOrder(int64_t giver) const;
  void readOwnKeysFirst();
  void findNeeded();
  /// Whether steps compute it where it stands: what is waited for, and
  /// constants, come where they are needed.
  bool isComputed(Operation *op) const {
    return needed.contains(op) && !op->hasTrait<OpTrait::ConstantLike>() &&
           !isa<ChannelWaitOp>(op);
  }
  void findEarly();
  void addWaits();
  void addReleases();
  void findCarried();

  // LoopInStep.cpp
  LogicalResult goInStep();
  bool isPair(Operation *first, Operation *second) const;
  void pairChains();
  Value getCounterpart(Value value);
  bool isSymmetric(Operation *op);
  LogicalResult putOwnFirst();
  LogicalResult findHandedInStep();
  void findStages();
  /// The least stage that the operands of `op` allow.
  int64_t getLeastStage(Operation *op);
  void orderInStep();

  // LoopInTurn.cpp
  LogicalResult goInTurn();
  LogicalResult findHandedInTurn();
  void orderInTurn();

  scf::ForOp loop;
  int64_t group;
  /// Whether the second chain needs values of the first.
  bool isInTurn = false;
  DenseMap<Operation *, int64_t> owners;
  /// What of one chain is what of the other, in both directions.
  DenseMap<Value, Value> counterparts;
  /// What each warpgroup passes on; in step, in the same order.
  SmallVector<Value> handed[kGroups];
  SmallVector<RankedTensorType> places[kGroups];
  DenseSet<Operation *> needed;
  DenseMap<Operation *, int64_t> stageOf;
  SmallVector<Stage, 2> stages[kGroups];
  DenseSet<Operation *> isEarly;
  SmallVector<Step> early, late;
  SmallVector<Value> carried;
};

} // namespace mlir::dsa_tile

#endif // DSA_LIB_DIALECT_DSATILE_TRANSFORMS_LOOPSHARE_H
