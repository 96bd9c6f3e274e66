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

/// What one of two warpgroups computes of a loop, in which order, and what it
/// passes on and takes in each stage.
class LoopShare {
public:
  static constexpr int64_t kGroups = 2;

  /// An operation of the body, and how many handoffs it waits for.
  struct Step {
    Operation *op;
    int64_t stage;
  };

  /// Exchanges the chains in what both warpgroups compute where the second one
  /// is this one's own, so that its own comes first; reports what cannot be
  /// divided or passed on.
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
    return stages[stage].handed[giver];
  }
  /// Through what a warpgroup passes that on, by stage.
  SmallVector<HandoffType> getHandoffTypes() const;

private:
  struct Stage {
    SmallVector<Value> handed[kGroups];
    SmallVector<RankedTensorType> places;
  };
  static constexpr int64_t kBoth = -1;

  LoopShare(scf::ForOp loop, int64_t group) : loop(loop), group(group) {}

  LogicalResult findOwners();
  int64_t getOwner(Operation *op) const;
  bool isPair(Operation *first, Operation *second) const;
  void pairChains();
  Value getCounterpart(Value value);
  bool isSymmetric(Operation *op);
  LogicalResult putOwnFirst();
  LogicalResult findHanded();
  void findNeeded();
  void findStages();
  /// The least stage that the operands of `op` allow.
  int64_t getLeastStage(Operation *op);
  void findEarly();
  void order();

  scf::ForOp loop;
  int64_t group;
  DenseMap<Operation *, int64_t> owners;
  /// What of one chain is what of the other, in both directions.
  DenseMap<Value, Value> counterparts;
  /// What each warpgroup passes on, in the same order.
  SmallVector<Value> handed[kGroups];
  SmallVector<RankedTensorType> places;
  DenseSet<Operation *> needed;
  DenseMap<Operation *, int64_t> stageOf;
  SmallVector<Stage, 2> stages;
  DenseSet<Operation *> isEarly;
  SmallVector<Step> early, late;
  SmallVector<Value> carried;
};

} // namespace mlir::dsa_tile

#endif // DSA_LIB_DIALECT_DSATILE_TRANSFORMS_LOOPSHARE_H
