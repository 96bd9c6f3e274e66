//===- SerializeThreads.cpp - Loops within a row, sequentially ------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/Transforms/Passes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_SERIALIZETHREADSPASS
#include "dsa/Dialect/DSA/Transforms/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

/// Replaces `op` by a nest of sequential loops that carries its reductions.
static void serialize(RewriterBase &rewriter, scf::ParallelOp op) {
  rewriter.setInsertionPoint(op);
  auto combine = [&](OpBuilder &, Location loc, ValueRange ivs,
                     ValueRange totals) -> scf::ValueVector {
    IRMapping mapping;
    mapping.map(op.getInductionVars(), ivs);
    for (Operation &inner : op.getBody()->without_terminator())
      rewriter.clone(inner, mapping);
    auto reduce = cast<scf::ReduceOp>(op.getBody()->getTerminator());
    scf::ValueVector results;
    for (auto [total, operand, region] :
         llvm::zip(totals, reduce.getOperands(), reduce.getReductions())) {
      Block &block = region.front();
      mapping.map(block.getArgument(0), total);
      mapping.map(block.getArgument(1), mapping.lookupOrDefault(operand));
      for (Operation &inner : block.without_terminator())
        rewriter.clone(inner, mapping);
      results.push_back(
          mapping.lookupOrDefault(block.getTerminator()->getOperand(0)));
    }
    return results;
  };
  OpBuilder::InsertionGuard guard(rewriter);
  scf::LoopNest nest = scf::buildLoopNest(
      rewriter, op.getLoc(), op.getLowerBound(), op.getUpperBound(),
      op.getStep(), op.getInitVals(), combine);
  rewriter.replaceOp(op, nest.results);
}

namespace {
struct SerializeThreadsPass
    : public dsa::impl::SerializeThreadsPassBase<SerializeThreadsPass> {
  void runOnOperation() override {
    // Innermost first, so that what is cloned is already sequential.
    SmallVector<scf::ParallelOp> loops;
    getOperation()->walk([&](scf::ParallelOp op) {
      if (op->getParentOfType<scf::ForallOp>())
        loops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (scf::ParallelOp op : loops)
      serialize(rewriter, op);
  }
};
} // namespace
