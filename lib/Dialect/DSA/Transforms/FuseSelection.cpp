//===- FuseSelection.cpp - Fuse scores and top-k into a selection ---------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Dialect/DSA/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_FUSESELECTIONPASS
#include "dsa/Dialect/DSA/Transforms/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

/// Whether `op` computes each score from the same score of `operand`, so that
/// it may stand in a scorer.
static bool isElementwiseOn(linalg::LinalgOp op, OpOperand *operand) {
  return op->getNumResults() == 1 && linalg::isElementwise(op) &&
         op.getMatchingIndexingMap(operand).isIdentity() &&
         op.getMatchingIndexingMap(op.getDpsInitOperand(0)).isIdentity();
}

/// Collects what computes `scores`, last operation first: elementwise
/// operations down to one scorer, each used only by the one before. Fails if
/// there is none.
static LogicalResult collectScorer(Value scores, Block *block,
                                   SmallVectorImpl<Operation *> &chain) {
  Operation *op = scores.getDefiningOp();
  if (!op || op->getBlock() != block || !scores.hasOneUse())
    return failure();
  chain.push_back(op);
  if (isa<IndexScoresOp>(op))
    return success();
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
    for (OpOperand &operand : linalgOp->getOpOperands())
      if (isElementwiseOn(linalgOp, &operand) &&
          succeeded(collectScorer(operand.get(), block, chain)))
        return success();
  chain.pop_back();
  return failure();
}

/// Operations of the region write to destinations of their own: nothing outside
/// is written, and what the destination held is not read.
static void makeDestinationLocal(RewriterBase &rewriter, Operation *op) {
  auto dpsOp = cast<DestinationStyleOpInterface>(op);
  OpOperand *init = dpsOp.getDpsInitOperand(0);
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (linalgOp && linalgOp.payloadUsesValueFromOperand(init))
    return;
  Value destination = init->get();
  Value local = tensor::EmptyOp::create(
      rewriter, op->getLoc(),
      tensor::getMixedSizes(rewriter, op->getLoc(), destination),
      getElementTypeOrSelf(destination.getType()));
  rewriter.modifyOpInPlace(op, [&] { init->set(local); });
}

/// Keys that cannot be selected need no score.
static void limitToBounds(RewriterBase &rewriter, IndexScoresOp scorer,
                          SelectOp select) {
  if (scorer.getLo() || !select.getLo())
    return;
  rewriter.modifyOpInPlace(scorer, [&] {
    scorer.getLoMutable().assign(select.getLo());
    scorer.getHiMutable().assign(select.getHi());
  });
}

namespace {
struct FuseTopk : public OpRewritePattern<TopkOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(TopkOp op,
                                PatternRewriter &rewriter) const override {
    // A schedule of another kind is for top-k alone.
    if (op.getScheduleAttr() && !isa<LoopScheduleAttr>(op.getScheduleAttr()))
      return failure();
    SmallVector<Operation *> chain;
    if (!op.hasPureTensorSemantics() || op.getIds() ||
        failed(collectScorer(op.getScores(), op->getBlock(), chain)))
      return failure();

    auto select = SelectOp::create(
        rewriter, op.getLoc(), op.getResultTypes(), op.getLo(), op.getHi(),
        op.getPositions(), op.getInits(), op.getWindowAttr(), op.getFirstAttr(),
        op.getBlockAttr(), op.getUnorderedAttr(), op.getScheduleAttr());
    rewriter.createBlock(&select.getScorer());
    auto yield = YieldOp::create(rewriter, op.getLoc(), op.getScores());
    for (Operation *scorer : llvm::reverse(chain)) {
      rewriter.moveOpBefore(scorer, yield);
      rewriter.setInsertionPoint(scorer);
      makeDestinationLocal(rewriter, scorer);
    }
    limitToBounds(rewriter, cast<IndexScoresOp>(chain.back()), select);
    rewriter.replaceOp(op, select);
    return success();
  }
};

struct FuseSelectionPass
    : public dsa::impl::FuseSelectionPassBase<FuseSelectionPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FuseTopk>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
