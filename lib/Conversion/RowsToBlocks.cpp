//===- RowsToBlocks.cpp - Rows for thread blocks --------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelModule.h"
#include "dsa/Conversion/Passes.h"
#include "dsa/Dialect/DSA/IR/DSA.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/StringSet.h"

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

namespace {
/// Turns the parallel loops of one function into launches.
class KernelMaker {
public:
  KernelMaker(RewriterBase &rewriter, FunctionOpInterface function,
              gpu::GPUModuleOp module, llvm::StringSet<> &names)
      : rewriter(rewriter), function(function), module(module), names(names) {}

  void convert(scf::ForallOp op);
  void convert(scf::ParallelOp op);

private:
  std::string getName();
  gpu::LaunchOp createLaunch(ImplicitLocOpBuilder &b, Value blocks);
  /// A loop in which each block (each thread, if `perThread`) takes every so
  /// manieth of `count` iterations; returns it.
  scf::ForOp createStridedLoop(ImplicitLocOpBuilder &b, gpu::LaunchOp launch,
                               Value count, bool perThread);

  RewriterBase &rewriter;
  FunctionOpInterface function;
  gpu::GPUModuleOp module;
  llvm::StringSet<> &names;
  unsigned kernels = 0;
};
} // namespace

/// The function's name, as far as PTX has room for it, and a number that no
/// other kernel has with it.
std::string KernelMaker::getName() {
  std::string stem = getKernelStem(function.getName());
  std::string name;
  do
    name = stem + "_" + std::to_string(kernels++);
  while (!names.insert(name).second);
  return name;
}

gpu::LaunchOp KernelMaker::createLaunch(ImplicitLocOpBuilder &b, Value blocks) {
  Value one = arith::ConstantIndexOp::create(b, 1);
  Value threads = arith::ConstantIndexOp::create(b, kThreads);
  auto launch = gpu::LaunchOp::create(b, blocks, one, one, threads, one, one);
  launch.setModuleAttr(FlatSymbolRefAttr::get(module.getNameAttr()));
  launch.setFunctionAttr(FlatSymbolRefAttr::get(b.getContext(), getName()));
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

/// Iterations are numbered from 0 by 1 and independent.
static bool isPlain(Operation *op) {
  if (auto forall = dyn_cast<scf::ForallOp>(op))
    return forall.isNormalized() && forall.getOutputs().empty();
  auto parallel = cast<scf::ParallelOp>(op);
  return parallel.getNumReductions() == 0 &&
         llvm::all_of(parallel.getLowerBound(),
                      [](Value v) { return isConstantIntValue(v, 0); }) &&
         llvm::all_of(parallel.getStep(),
                      [](Value v) { return isConstantIntValue(v, 1); });
}

namespace {
struct RowsToBlocksPass
    : public dsa::impl::RowsToBlocksPassBase<RowsToBlocksPass> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    gpu::GPUModuleOp kernels =
        getOrCreateKernelModule(rewriter, getOperation());
    llvm::StringSet<> names;
    for (auto kernel : kernels.getOps<gpu::GPUFuncOp>())
      names.insert(kernel.getName());
    WalkResult result = getOperation().walk([&](FunctionOpInterface function) {
      KernelMaker maker(rewriter, function, kernels, names);
      SmallVector<Operation *> loops;
      function->walk<WalkOrder::PreOrder>([&](Operation *op) {
        if (!isa<scf::ForallOp, scf::ParallelOp>(op))
          return WalkResult::advance();
        loops.push_back(op);
        return WalkResult::skip();
      });
      for (Operation *op : loops) {
        if (!isPlain(op)) {
          op->emitOpError("cannot become a kernel: expected loops from 0 by 1 "
                          "without reductions");
          return WalkResult::interrupt();
        }
        if (auto forall = dyn_cast<scf::ForallOp>(op))
          maker.convert(forall);
        else
          maker.convert(cast<scf::ParallelOp>(op));
      }
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
