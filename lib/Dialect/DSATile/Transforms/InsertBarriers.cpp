//===- InsertBarriers.cpp - Let threads see what others wrote -------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSATile/Transforms/Passes.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::dsa_tile {
#define GEN_PASS_DEF_INSERTBARRIERSPASS
#include "dsa/Dialect/DSATile/Transforms/Passes.h.inc"
} // namespace mlir::dsa_tile

using namespace mlir;
using namespace mlir::dsa_tile;

namespace {
/// What threads may have done to some memory since the last barrier, as bits.
enum Access : unsigned { None = 0, Read = 1, Write = 2, Add = 4 };

/// Follows a program, in which all threads take the same way.
class BarrierInserter {
public:
  /// What was done to each memory; a null value is where warps exchange sums.
  using State = llvm::SmallMapVector<Value, unsigned, 4>;

  void visit(Block &block, State &state);

private:
  void visit(Operation *op, State &state);
  void visitLoop(Operation *loop, State &state);
  void touch(Operation *op, Value memory, Access access, State &state);
};
} // namespace

/// Additions may be in any order.
static bool conflicts(unsigned before, Access access) {
  if (access == Access::Write)
    return before != Access::None;
  return (before & ~static_cast<unsigned>(access)) != 0;
}

static void join(BarrierInserter::State &state,
                 const BarrierInserter::State &other) {
  for (auto [memory, accesses] : other)
    state[memory] |= accesses;
}

void BarrierInserter::touch(Operation *op, Value memory, Access access,
                            State &state) {
  if (memory && !memory.getDefiningOp<ScratchOp>())
    return;
  if (conflicts(state.lookup(memory), access)) {
    OpBuilder builder(op);
    gpu::BarrierOp::create(builder, op->getLoc());
    state.clear();
  }
  state[memory] |= access;
}

void BarrierInserter::visitLoop(Operation *loop, State &state) {
  // An iteration may follow another one, whose barriers are known by then.
  constexpr int kRounds = 3;
  for (int round = 0; round < kRounds; ++round) {
    State after = state;
    for (Region &region : loop->getRegions())
      for (Block &block : region)
        visit(block, after);
    join(state, after);
  }
}

void BarrierInserter::visit(Operation *op, State &state) {
  if (isa<gpu::BarrierOp>(op))
    return state.clear();
  if (auto load = dyn_cast<LoadOp>(op))
    return touch(op, load.getSource(), Access::Read, state);
  if (auto store = dyn_cast<StoreOp>(op))
    return touch(op, store.getDest(), Access::Write, state);
  if (auto scatter = dyn_cast<ScatterOp>(op))
    return touch(op, scatter.getDest(), Access::Write, state);
  if (auto histogram = dyn_cast<HistogramOp>(op))
    return touch(op, histogram.getCounts(), Access::Add, state);
  if (isa<ScanOp>(op)) {
    // Sums are written, read behind a barrier.
    touch(op, Value(), Access::Write, state);
    state.clear();
    state[Value()] = Access::Read;
    return;
  }
  if (auto search = dyn_cast<SearchOp>(op)) {
    touch(op, search.getCounts(), Access::Read, state);
    touch(op, Value(), Access::Write, state);
    // What is read behind its last barrier is written behind another one.
    return state.clear();
  }
  if (auto branch = dyn_cast<scf::IfOp>(op)) {
    State before = state;
    if (!branch.getElseRegion().empty())
      state.clear();
    for (Region &region : branch->getRegions()) {
      State after = before;
      for (Block &block : region)
        visit(block, after);
      if (!region.empty())
        join(state, after);
    }
    return;
  }
  if (op->getNumRegions() > 0)
    visitLoop(op, state);
}

void BarrierInserter::visit(Block &block, State &state) {
  for (Operation &op : llvm::make_early_inc_range(block))
    visit(&op, state);
}

namespace {
struct InsertBarriersPass
    : public dsa_tile::impl::InsertBarriersPassBase<InsertBarriersPass> {
  void runOnOperation() override {
    getOperation()->walk([](gpu::LaunchOp launch) {
      auto kernel = launch->getAttrOfType<KernelAttr>(kKernelAttrName);
      if (!kernel || kernel.getLoadWarps() > 0)
        return;
      BarrierInserter::State state;
      BarrierInserter().visit(launch.getBody().front(), state);
    });
  }
};
} // namespace
