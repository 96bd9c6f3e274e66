//===- SpecializeWarps.cpp - Loading and computing apart ------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSATile/Transforms/Passes.h"
#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/RegionUtils.h"

namespace mlir::dsa_tile {
#define GEN_PASS_DEF_SPECIALIZEWARPSPASS
#include "dsa/Dialect/DSATile/Transforms/Passes.h.inc"
} // namespace mlir::dsa_tile

using namespace mlir;
using namespace mlir::dsa_tile;

static bool isLoading(Operation *op) {
  return isa<ChannelAcquireOp, CopyOp, GatherCopyOp, ChannelCommitOp>(op);
}

namespace {
/// What of a program is needed to fill its channels.
class LoadSlice {
public:
  explicit LoadSlice(Region &program) : program(program) {
    program.walk([&](Operation *op) {
      if (isLoading(op))
        need(op);
    });
  }

  /// Copies it to where `builder` stands.
  void copy(OpBuilder &builder, IRMapping &mapping) {
    copy(builder, program.front(), mapping);
  }

private:
  void need(Operation *op);
  void need(Value value);
  void copy(OpBuilder &builder, Block &block, IRMapping &mapping);
  void copyLoop(OpBuilder &builder, scf::ForOp loop, IRMapping &mapping);
  void copyBranch(OpBuilder &builder, scf::IfOp branch, IRMapping &mapping);

  Region &program;
  DenseSet<Operation *> ops;
  /// Values that loops and branches must go on giving.
  DenseSet<Value> values;
};
} // namespace

void LoadSlice::need(Value value) {
  if (!values.insert(value).second)
    return;
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    auto loop = dyn_cast<scf::ForOp>(argument.getOwner()->getParentOp());
    if (!loop || argument == loop.getInductionVar())
      return;
    need(loop.getTiedLoopInit(argument)->get());
    need(loop.getTiedLoopYieldedValue(argument)->get());
    return need(loop.getTiedLoopResult(argument));
  }
  Operation *op = value.getDefiningOp();
  if (!program.isAncestor(op->getParentRegion()))
    return;
  unsigned number = cast<OpResult>(value).getResultNumber();
  if (auto loop = dyn_cast<scf::ForOp>(op))
    need(Value(loop.getRegionIterArg(number)));
  if (auto branch = dyn_cast<scf::IfOp>(op))
    for (Region &region : branch->getRegions())
      need(region.front().getTerminator()->getOperand(number));
  need(op);
}

void LoadSlice::need(Operation *op) {
  if (!ops.insert(op).second)
    return;
  if (auto loop = dyn_cast<scf::ForOp>(op)) {
    for (Value bound :
         {loop.getLowerBound(), loop.getUpperBound(), loop.getStep()})
      need(bound);
  } else if (auto branch = dyn_cast<scf::IfOp>(op)) {
    need(branch.getCondition());
  } else {
    for (Value operand : op->getOperands())
      need(operand);
    op->walk([&](Operation *nested) {
      if (nested != op)
        need(nested);
    });
  }
  if (op->getParentRegion() != &program && op->getParentOp())
    need(op->getParentOp());
}

/// The results of a loop or branch that are needed.
static SmallVector<unsigned> getNeeded(Operation *op,
                                       const DenseSet<Value> &values) {
  SmallVector<unsigned> numbers;
  for (OpResult result : op->getResults())
    if (values.contains(result))
      numbers.push_back(result.getResultNumber());
  return numbers;
}

void LoadSlice::copyLoop(OpBuilder &builder, scf::ForOp loop,
                         IRMapping &mapping) {
  SmallVector<unsigned> needed = getNeeded(loop, values);
  SmallVector<Value> inits, yields;
  for (unsigned number : needed)
    inits.push_back(mapping.lookupOrDefault(loop.getInitArgs()[number]));
  auto slim = scf::ForOp::create(
      builder, loop.getLoc(), mapping.lookupOrDefault(loop.getLowerBound()),
      mapping.lookupOrDefault(loop.getUpperBound()),
      mapping.lookupOrDefault(loop.getStep()), inits);
  mapping.map(loop.getInductionVar(), slim.getInductionVar());
  for (auto [place, number] : llvm::enumerate(needed)) {
    mapping.map(loop.getRegionIterArg(number), slim.getRegionIterArg(place));
    mapping.map(loop.getResult(number), slim.getResult(place));
  }
  OpBuilder::InsertionGuard guard(builder);
  Block *body = slim.getBody();
  if (!body->empty())
    body->getTerminator()->erase();
  builder.setInsertionPointToEnd(body);
  copy(builder, *loop.getBody(), mapping);
  for (unsigned number : needed)
    yields.push_back(mapping.lookupOrDefault(loop.getYieldedValues()[number]));
  scf::YieldOp::create(builder, loop.getLoc(), yields);
}

void LoadSlice::copyBranch(OpBuilder &builder, scf::IfOp branch,
                           IRMapping &mapping) {
  SmallVector<unsigned> needed = getNeeded(branch, values);
  SmallVector<Type> types;
  for (unsigned number : needed)
    types.push_back(branch.getResult(number).getType());
  bool hasElse = !branch.getElseRegion().empty();
  auto slim = scf::IfOp::create(builder, branch.getLoc(), types,
                                mapping.lookupOrDefault(branch.getCondition()),
                                /*addThenBlock=*/true, hasElse);
  for (auto [place, number] : llvm::enumerate(needed))
    mapping.map(branch.getResult(number), slim.getResult(place));
  OpBuilder::InsertionGuard guard(builder);
  for (auto [from, to] : llvm::zip(branch->getRegions(), slim->getRegions())) {
    if (from.empty())
      continue;
    builder.setInsertionPointToEnd(&to.front());
    copy(builder, from.front(), mapping);
    SmallVector<Value> yields;
    for (unsigned number : needed)
      yields.push_back(mapping.lookupOrDefault(
          from.front().getTerminator()->getOperand(number)));
    scf::YieldOp::create(builder, branch.getLoc(), yields);
  }
}

void LoadSlice::copy(OpBuilder &builder, Block &block, IRMapping &mapping) {
  for (Operation &op : block) {
    if (!ops.contains(&op) || op.hasTrait<OpTrait::IsTerminator>())
      continue;
    if (auto loop = dyn_cast<scf::ForOp>(op))
      copyLoop(builder, loop, mapping);
    else if (auto branch = dyn_cast<scf::IfOp>(op))
      copyBranch(builder, branch, mapping);
    else
      builder.clone(op, mapping);
  }
}

static void convert(gpu::LaunchOp launch, KernelAttr kernel) {
  Block &body = launch.getBody().front();
  ImplicitLocOpBuilder b(launch.getLoc(), body.getTerminator());
  auto roles = WarpSpecializeOp::create(b, kernel, /*computeCount=*/1);
  Block *load = b.createBlock(&roles.getLoad());
  Region &program = roles.getCompute().front();
  Block *compute = b.createBlock(&program);

  // Everything but the channels is somebody's program.
  SmallVector<Operation *> ops;
  for (Operation &op : body.without_terminator())
    if (!isa<ChannelOp, WarpSpecializeOp>(op))
      ops.push_back(&op);
  for (Operation *op : ops)
    op->moveBefore(compute, compute->end());
  IRMapping mapping;
  b.setInsertionPointToEnd(load);
  LoadSlice(program).copy(b, mapping);
  RoleEndOp::create(b);
  b.setInsertionPointToEnd(compute);
  RoleEndOp::create(b);
  program.walk([](Operation *op) {
    if (isLoading(op))
      op->erase();
  });
}

namespace {
struct SpecializeWarpsPass
    : public dsa_tile::impl::SpecializeWarpsPassBase<SpecializeWarpsPass> {
  void runOnOperation() override {
    getOperation()->walk([](gpu::LaunchOp launch) {
      auto kernel = launch->getAttrOfType<KernelAttr>(kKernelAttrName);
      if (kernel && kernel.getLoadWarps() > 0)
        convert(launch, kernel);
    });
  }
};
} // namespace
