//===- RowsToBlocks.cpp - Rows for thread blocks --------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Conversion/Passes.h"
#include "dsa/Dialect/DSA/IR/DSA.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_ROWSTOBLOCKSPASS
#include "dsa/Conversion/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

/// Two blocks for each processor of the largest chips. More would not run at
/// once, and each has workspace of its own.
static constexpr int64_t kMostBlocks = 264;
static constexpr int64_t kThreads = 256;
/// The module that outlining puts all kernels into: one file of PTX.
static constexpr StringLiteral kModuleName = "kernels";

namespace {
/// Turns the parallel loops of one function into launches.
class KernelMaker {
public:
  KernelMaker(RewriterBase &rewriter, FunctionOpInterface function)
      : rewriter(rewriter), function(function) {}

  void convert(scf::ForallOp op);
  void convert(scf::ParallelOp op);

private:
  gpu::LaunchOp createLaunch(ImplicitLocOpBuilder &b, Value blocks);
  /// A loop in which each block (each thread, if `perThread`) takes every so
  /// manieth of `count` iterations; returns it.
  scf::ForOp createStridedLoop(ImplicitLocOpBuilder &b, gpu::LaunchOp launch,
                               Value count, bool perThread);

  RewriterBase &rewriter;
  FunctionOpInterface function;
  unsigned kernels = 0;
};
} // namespace

gpu::LaunchOp KernelMaker::createLaunch(ImplicitLocOpBuilder &b, Value blocks) {
  Value one = arith::ConstantIndexOp::create(b, 1);
  Value threads = arith::ConstantIndexOp::create(b, kThreads);
  auto launch = gpu::LaunchOp::create(b, blocks, one, one, threads, one, one);
  launch.setModuleAttr(FlatSymbolRefAttr::get(b.getContext(), kModuleName));
  launch.setFunctionAttr(
      FlatSymbolRefAttr::get(b.getContext(), function.getName().str() + "_" +
                                                 std::to_string(kernels++)));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(&launch.getBody().front());
  gpu::TerminatorOp::create(b);
  return launch;
}

scf::ForOp KernelMaker::createStridedLoop(ImplicitLocOpBuilder &b,
                                          gpu::LaunchOp launch, Value count,
                                          bool perThread) {
  b.setInsertionPointToStart(&launch.getBody().front());
  Value begin = launch.getBlockIds().x, step = launch.getGridSize().x;
  if (perThread) {
    Value threads = launch.getBlockSize().x;
    begin = arith::AddIOp::create(b, arith::MulIOp::create(b, begin, threads),
                                  launch.getThreadIds().x);
    step = arith::MulIOp::create(b, step, threads);
  }
  return scf::ForOp::create(b, begin, count, step);
}

/// Moves the body of a parallel loop into `loop`, which runs over its
/// linearised iterations.
static void moveBody(RewriterBase &rewriter, ImplicitLocOpBuilder &b,
                     Block *body, ValueRange counts, scf::ForOp loop) {
  b.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> ivs = {loop.getInductionVar()};
  if (counts.size() > 1)
    ivs = affine::AffineDelinearizeIndexOp::create(b, loop.getInductionVar(),
                                                   getAsOpFoldResult(counts))
              .getResults();
  rewriter.eraseOp(body->getTerminator());
  rewriter.inlineBlockBefore(body, loop.getBody()->getTerminator(), ivs);
}

/// Whether a loop is known to have no iterations.
static bool isEmpty(ValueRange counts) {
  return llvm::any_of(counts,
                      [](Value count) { return isConstantIntValue(count, 0); });
}

static Value multiply(ImplicitLocOpBuilder &b, ValueRange values) {
  Value product = values.front();
  for (Value value : values.drop_front())
    product = arith::MulIOp::create(b, product, value);
  return product;
}

void KernelMaker::convert(scf::ForallOp op) {
  rewriter.setInsertionPoint(op);
  ImplicitLocOpBuilder b(op.getLoc(), rewriter);
  SmallVector<Value> counts =
      getValueOrCreateConstantIndexOp(b, op.getLoc(), op.getMixedUpperBound());
  if (isEmpty(counts))
    return rewriter.eraseOp(op);
  Value count = multiply(b, counts);
  Value blocks = arith::MinUIOp::create(
      b, count, arith::ConstantIndexOp::create(b, kMostBlocks));
  gpu::LaunchOp launch = createLaunch(b, blocks);
  scf::ForOp loop = createStridedLoop(b, launch, count, /*perThread=*/false);
  moveBody(rewriter, b, op.getBody(), counts, loop);
  rewriter.eraseOp(op);
}

void KernelMaker::convert(scf::ParallelOp op) {
  rewriter.setInsertionPoint(op);
  ImplicitLocOpBuilder b(op.getLoc(), rewriter);
  SmallVector<Value> counts(op.getUpperBound());
  if (isEmpty(counts))
    return rewriter.eraseOp(op);
  Value count = multiply(b, counts);
  Value blocks = arith::MinUIOp::create(
      b,
      arith::CeilDivUIOp::create(b, count,
                                 arith::ConstantIndexOp::create(b, kThreads)),
      arith::ConstantIndexOp::create(b, kMostBlocks));
  gpu::LaunchOp launch = createLaunch(b, blocks);
  scf::ForOp loop = createStridedLoop(b, launch, count, /*perThread=*/true);
  moveBody(rewriter, b, op.getBody(), counts, loop);
  rewriter.eraseOp(op);
}

/// Structured operations outside of rows start at zero and step by one.
static bool isPlain(scf::ParallelOp op) {
  return op.getNumReductions() == 0 &&
         llvm::all_of(op.getLowerBound(),
                      [](Value v) { return isConstantIntValue(v, 0); }) &&
         llvm::all_of(op.getStep(),
                      [](Value v) { return isConstantIntValue(v, 1); });
}

static void createKernelModule(RewriterBase &rewriter, ModuleOp module) {
  rewriter.setInsertionPointToEnd(module.getBody());
  auto kernels =
      gpu::GPUModuleOp::create(rewriter, module.getLoc(), kModuleName);
  if (Attribute target = module->getAttr(kTargetAttrName))
    kernels.setTargetsAttr(rewriter.getArrayAttr({target}));
}

namespace {
struct RowsToBlocksPass
    : public dsa::impl::RowsToBlocksPassBase<RowsToBlocksPass> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    createKernelModule(rewriter, getOperation());
    WalkResult result = getOperation().walk([&](FunctionOpInterface function) {
      KernelMaker maker(rewriter, function);
      SmallVector<Operation *> loops;
      function->walk<WalkOrder::PreOrder>([&](Operation *op) {
        if (!isa<scf::ForallOp, scf::ParallelOp>(op))
          return WalkResult::advance();
        loops.push_back(op);
        return WalkResult::skip();
      });
      if (!loops.empty() && !getOperation().lookupSymbol(kModuleName))
        createKernelModule(rewriter, getOperation());
      for (Operation *op : loops) {
        if (auto forall = dyn_cast<scf::ForallOp>(op)) {
          maker.convert(forall);
          continue;
        }
        auto parallel = cast<scf::ParallelOp>(op);
        if (!isPlain(parallel)) {
          op->emitOpError("cannot become a kernel: expected loops from 0 "
                          "by 1 without reductions");
          return WalkResult::interrupt();
        }
        maker.convert(parallel);
      }
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
