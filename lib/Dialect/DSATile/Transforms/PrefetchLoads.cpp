//===- PrefetchLoads.cpp - Read ahead where to load from ------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSATile/Transforms/Passes.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::dsa_tile {
#define GEN_PASS_DEF_PREFETCHLOADSPASS
#include "dsa/Dialect/DSATile/Transforms/Passes.h.inc"
} // namespace mlir::dsa_tile

using namespace mlir;
using namespace mlir::dsa_tile;

/// Copies a load, with what computes its indices, for iteration `iv` of its
/// loop; null if they depend on more than that.
static LoadOp copyFor(ImplicitLocOpBuilder &b, scf::ForOp loop, LoadOp load,
                      Value iv) {
  SetVector<Operation *> needed;
  SmallVector<Value> worklist(load->getOperands());
  while (!worklist.empty()) {
    Value value = worklist.pop_back_val();
    if (llvm::is_contained(loop.getRegionIterArgs(), value))
      return {};
    Operation *op = value.getDefiningOp();
    if (!op || op->getBlock() != loop.getBody() || !needed.insert(op))
      continue;
    if (!isMemoryEffectFree(op) || op->getNumRegions() != 0)
      return {};
    llvm::append_range(worklist, op->getOperands());
  }
  IRMapping mapping;
  mapping.map(loop.getInductionVar(), iv);
  for (Operation &op : *loop.getBody())
    if (needed.contains(&op))
      b.clone(op, mapping);
  return cast<LoadOp>(b.clone(*load, mapping));
}

/// Moves `op`, with what it needs of the same block, before `place`, unless
/// that has effects.
static bool moveBefore(Operation *op, Operation *place) {
  for (Value operand : op->getOperands()) {
    Operation *needed = operand.getDefiningOp();
    if (!needed || needed->getBlock() != place->getBlock() ||
        needed->isBeforeInBlock(place))
      continue;
    if (!isMemoryEffectFree(needed) || needed->getNumRegions() != 0 ||
        !moveBefore(needed, place))
      return false;
  }
  op->moveBefore(place);
  return true;
}

/// Where the role first waits for room before the loop, or null.
static Operation *findFirstWait(scf::ForOp loop) {
  for (Operation &op : *loop->getBlock()) {
    if (&op == loop)
      return nullptr;
    if (isa<ChannelAcquireOp>(op))
      return &op;
  }
  return nullptr;
}

static void convert(scf::ForOp loop, LoadOp load) {
  ImplicitLocOpBuilder b(load.getLoc(), loop);
  LoadOp first = copyFor(b, loop, load, loop.getLowerBound());
  if (!first)
    return;
  // A loop without iterations may begin outside.
  first.setInside(false);
  // It arrives while the role waits until others are done with a program.
  if (Operation *wait = findFirstWait(loop))
    moveBefore(first, wait);
  b.setInsertionPointToStart(loop.getBody());
  Value iv = loop.getInductionVar();
  Value next = arith::AddIOp::create(b, iv, loop.getStep());
  Value exists = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, next,
                                       loop.getUpperBound());
  next = arith::SelectOp::create(b, exists, next, iv);
  LoadOp ahead = copyFor(b, loop, load, next);
  IRRewriter rewriter(b.getContext());
  auto yield = [&](OpBuilder &, Location, ArrayRef<BlockArgument>) {
    return SmallVector<Value>{ahead.getResult()};
  };
  auto replaced = cast<scf::ForOp>(*loop.replaceWithAdditionalYields(
      rewriter, first.getResult(),
      /*replaceInitOperandUsesInLoop=*/false, yield));
  load.getResult().replaceAllUsesWith(replaced.getRegionIterArgs().back());
  load.erase();
}

namespace {
struct PrefetchLoadsPass
    : public dsa_tile::impl::PrefetchLoadsPassBase<PrefetchLoadsPass> {
  void runOnOperation() override {
    SmallVector<LoadOp> loads;
    getOperation()->walk([&](WarpSpecializeOp roles) {
      roles.getLoad().walk([&](LoadOp load) {
        if (isa<scf::ForOp>(load->getParentOp()))
          loads.push_back(load);
      });
    });
    for (LoadOp load : loads)
      convert(cast<scf::ForOp>(load->getParentOp()), load);
  }
};
} // namespace
