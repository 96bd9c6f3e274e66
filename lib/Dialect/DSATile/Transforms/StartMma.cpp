//===- StartMma.cpp - Begin products and wait apart
//--------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

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
  return isa<LoadOp>(op) || isMemoryEffectFree(op);
}

/// Moves what follows `wait` and depends on neither it nor what stays behind
/// it to before it; loads stay behind what writes.
static void hoistIndependent(MmaWaitOp wait) {
  DenseSet<Operation *> staying = {wait};
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
    }
    op = next;
  }
}

static void convert(MmaOp op) {
  ImplicitLocOpBuilder b(op.getLoc(), op);
  SmallVector<RankedTensorType> tiles;
  for (Type type : op.getResultTypes())
    tiles.push_back(cast<RankedTensorType>(type));
  auto start =
      MmaStartOp::create(b, PendingType::get(b.getContext(), tiles), op.getA(),
                         op.getBs(), op.getAccs(), op.getBRowsAttr());
  auto wait = MmaWaitOp::create(b, op.getResultTypes(), start.getResult());
  op.replaceAllUsesWith(wait.getResults());
  op.erase();
  hoistIndependent(wait);
}

namespace {
struct StartMmaPass : public dsa_tile::impl::StartMmaPassBase<StartMmaPass> {
  void runOnOperation() override {
    getOperation()->walk([](MmaOp op) {
      if (getLayout(op.getResult(0).getType()))
        convert(op);
    });
  }
};
} // namespace
