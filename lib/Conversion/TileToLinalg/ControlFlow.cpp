//===- ControlFlow.cpp - Loops and branches that carry tiles --------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::dsa;

/// Has `yield` give tiles as copies in `places`, so that they have the same
/// memory once they are buffers, whichever iteration or branch they come from.
/// Returns whether that changed anything.
static bool yieldIn(PatternRewriter &rewriter, Operation *yield,
                    ValueRange places) {
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(yield);
  bool changed = false;
  for (auto [operand, place] : llvm::zip(yield->getOpOperands(), places)) {
    if (!place || !isa<RankedTensorType>(place.getType()) ||
        operand.get() == place)
      continue;
    auto copy =
        linalg::CopyOp::create(rewriter, yield->getLoc(), operand.get(), place);
    rewriter.modifyOpInPlace(yield, [&] { operand.set(copy.getResult(0)); });
    changed = true;
  }
  return changed;
}

namespace {
struct CarryTiles : public OpRewritePattern<scf::ForOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(scf::ForOp op,
                                PatternRewriter &rewriter) const override {
    return success(yieldIn(rewriter, op.getBody()->getTerminator(),
                           op.getRegionIterArgs()));
  }
};

struct ChooseTiles : public OpRewritePattern<scf::IfOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(scf::IfOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<Value> places;
    for (Type type : op.getResultTypes()) {
      auto tile = dyn_cast<RankedTensorType>(type);
      places.push_back(tile && tile.hasStaticShape()
                           ? tensor::EmptyOp::create(rewriter, op.getLoc(),
                                                     tile.getShape(),
                                                     tile.getElementType())
                                 .getResult()
                           : Value());
    }
    bool changed = false;
    for (Region *region : op.getRegions())
      if (!region->empty())
        changed |= yieldIn(rewriter, region->front().getTerminator(), places);
    return success(changed);
  }
};
} // namespace

void dsa::populateTileControlFlowToLinalgPatterns(RewritePatternSet &patterns) {
  patterns.add<CarryTiles, ChooseTiles>(patterns.getContext());
}
