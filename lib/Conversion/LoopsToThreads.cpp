//===- LoopsToThreads.cpp - Loops within a row for the threads of a block -===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Conversion/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_LOOPSTOTHREADSPASS
#include "dsa/Conversion/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

static constexpr int64_t kWarpSize = 32;
static constexpr int64_t kMostWarps = 32;

namespace {
/// Divides the body of one launch.
class ThreadDivider {
public:
  ThreadDivider(RewriterBase &rewriter, gpu::LaunchOp launch)
      : rewriter(rewriter), thread(launch.getThreadIds().x),
        threads(launch.getBlockSize().x) {}

  LogicalResult divide(Block &block);

private:
  LogicalResult distribute(scf::ParallelOp op);
  Value sumOverBlock(ImplicitLocOpBuilder &b, Value value);
  void guard(memref::StoreOp op);

  RewriterBase &rewriter;
  Value thread, threads;
};
} // namespace

/// The number of iterations of one dimension, zero if it runs backwards.
static Value getCount(ImplicitLocOpBuilder &b, Value begin, Value end,
                      Value step) {
  Value zero = arith::ConstantIndexOp::create(b, 0);
  Value extent =
      arith::MaxSIOp::create(b, arith::SubIOp::create(b, end, begin), zero);
  return arith::CeilDivUIOp::create(b, extent, step);
}

/// Whether a reduction is a sum of i32, whose order does not matter.
static bool isIntegerSum(scf::ReduceOp reduce) {
  return llvm::all_of(reduce.getReductions(), [](Region &region) {
    Operation &first = region.front().front();
    return isa<arith::AddIOp>(first) &&
           llvm::equal(first.getOperands(), region.front().getArguments()) &&
           first.getResult(0).getType().isInteger(32) &&
           region.front().getTerminator()->getOperand(0) == first.getResult(0);
  });
}

LogicalResult ThreadDivider::distribute(scf::ParallelOp op) {
  auto reduce = cast<scf::ReduceOp>(op.getBody()->getTerminator());
  if (!isIntegerSum(reduce))
    return op.emitOpError(
        "cannot be divided among threads: expected reductions to be sums "
        "of i32");
  if (llvm::any_of(op.getUpperBound(),
                   [](Value end) { return isConstantIntValue(end, 0); })) {
    // No iterations: the sums are what they started from.
    rewriter.replaceOp(op, op.getInitVals());
    return success();
  }
  rewriter.setInsertionPoint(op);
  ImplicitLocOpBuilder b(op.getLoc(), rewriter);
  gpu::BarrierOp::create(b);
  SmallVector<Value> counts;
  Value count = arith::ConstantIndexOp::create(b, 1);
  for (auto [begin, end, step] :
       llvm::zip(op.getLowerBound(), op.getUpperBound(), op.getStep())) {
    counts.push_back(getCount(b, begin, end, step));
    count = arith::MulIOp::create(b, count, counts.back());
  }
  SmallVector<Value> zeros;
  for (Value init : op.getInitVals())
    zeros.push_back(
        arith::ConstantOp::create(b, b.getZeroAttr(init.getType())));
  auto loop = scf::ForOp::create(b, thread, count, threads, zeros);

  b.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> numbers = {loop.getInductionVar()};
  if (counts.size() > 1)
    numbers = affine::AffineDelinearizeIndexOp::create(
                  b, loop.getInductionVar(), getAsOpFoldResult(counts))
                  .getResults();
  IRMapping mapping;
  for (auto [iv, number, begin, step] : llvm::zip(
           op.getInductionVars(), numbers, op.getLowerBound(), op.getStep()))
    mapping.map(iv, arith::AddIOp::create(
                        b, begin, arith::MulIOp::create(b, number, step)));
  for (Operation &inner : op.getBody()->without_terminator())
    b.clone(inner, mapping);
  if (!zeros.empty()) {
    SmallVector<Value> sums;
    for (auto [total, term] :
         llvm::zip(loop.getRegionIterArgs(), reduce.getOperands()))
      sums.push_back(
          arith::AddIOp::create(b, total, mapping.lookupOrDefault(term)));
    scf::YieldOp::create(b, sums);
  }

  b.setInsertionPointAfter(loop);
  SmallVector<Value> results;
  for (auto [init, sum] : llvm::zip(op.getInitVals(), loop.getResults()))
    results.push_back(arith::AddIOp::create(b, init, sumOverBlock(b, sum)));
  gpu::BarrierOp::create(b);
  rewriter.replaceOp(op, results);
  return success();
}

/// The sum of a value that each thread has: over its warp by one instruction,
/// then over warps through memory. Written out here, so that barriers around
/// the memory are seen where barriers are eliminated.
Value ThreadDivider::sumOverBlock(ImplicitLocOpBuilder &b, Value value) {
  Value zero = arith::ConstantIndexOp::create(b, 0);
  Value one = arith::ConstantIndexOp::create(b, 1);
  Value warpSize = arith::ConstantIndexOp::create(b, kWarpSize);
  Value warps = arith::CeilDivUIOp::create(b, threads, warpSize);
  auto sums = memref::AllocOp::create(
      b, MemRefType::get({kMostWarps}, value.getType()));
  Value ofWarp = gpu::SubgroupReduceOp::create(
      b, value, gpu::AllReduceOperation::ADD, /*uniform=*/true);
  Value isFirstLane =
      arith::CmpIOp::create(b, arith::CmpIPredicate::eq,
                            arith::RemUIOp::create(b, thread, warpSize), zero);
  auto ifOp = scf::IfOp::create(b, isFirstLane, /*withElseRegion=*/false);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(ifOp.thenBlock());
    memref::StoreOp::create(
        b, ofWarp, sums,
        arith::DivUIOp::create(b, thread, warpSize).getResult());
  }
  gpu::BarrierOp::create(b);
  Value initial = arith::ConstantOp::create(b, b.getZeroAttr(value.getType()));
  auto loop = scf::ForOp::create(b, zero, warps, one, initial);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value next = memref::LoadOp::create(b, sums, loop.getInductionVar());
  scf::YieldOp::create(
      b, arith::AddIOp::create(b, loop.getRegionIterArg(0), next).getResult());
  return loop.getResult(0);
}

/// All threads hold the same value: one stores it.
void ThreadDivider::guard(memref::StoreOp op) {
  rewriter.setInsertionPoint(op);
  ImplicitLocOpBuilder b(op.getLoc(), rewriter);
  gpu::BarrierOp::create(b);
  Value isFirst = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, thread,
                                        arith::ConstantIndexOp::create(b, 0));
  auto ifOp = scf::IfOp::create(b, isFirst, /*withElseRegion=*/false);
  gpu::BarrierOp::create(b);
  rewriter.moveOpBefore(op, ifOp.thenBlock()->getTerminator());
}

LogicalResult ThreadDivider::divide(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(block)) {
    if (auto parallel = dyn_cast<scf::ParallelOp>(op)) {
      if (failed(distribute(parallel)))
        return failure();
    } else if (auto store = dyn_cast<memref::StoreOp>(op)) {
      guard(store);
    } else {
      for (Region &region : op.getRegions())
        for (Block &inner : region)
          if (failed(divide(inner)))
            return failure();
    }
  }
  return success();
}

/// Whether each thread of the launch already has iterations of its own.
static bool isPerThread(gpu::LaunchOp launch) {
  return !launch.getThreadIds().x.use_empty();
}

namespace {
struct LoopsToThreadsPass
    : public dsa::impl::LoopsToThreadsPassBase<LoopsToThreadsPass> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    WalkResult result = getOperation()->walk([&](gpu::LaunchOp launch) {
      if (isPerThread(launch))
        return WalkResult::advance();
      if (failed(
              ThreadDivider(rewriter, launch).divide(launch.getBody().front())))
        return WalkResult::interrupt();
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
