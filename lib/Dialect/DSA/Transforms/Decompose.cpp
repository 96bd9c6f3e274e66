//===- Decompose.cpp - Expand dsa operations into loops over static tiles -===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decompose/Patterns.h"
#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Dialect/DSA/Transforms/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_DECOMPOSEPASS
#include "dsa/Dialect/DSA/Transforms/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

namespace {
struct DecomposePass : public dsa::impl::DecomposePassBase<DecomposePass> {
  void runOnOperation() override {
    WalkResult onBuffers = getOperation()->walk([](RowOpInterface op) {
      if (cast<DestinationStyleOpInterface>(*op).hasPureBufferSemantics())
        return WalkResult::advance();
      op->emitOpError("expected memrefs, but found tensors: bufferise first");
      return WalkResult::interrupt();
    });
    if (onBuffers.wasInterrupted())
      return signalPassFailure();

    // Selections first: what their regions compute is for all rows until then.
    SmallVector<SelectOp> selections;
    getOperation()->walk([&](SelectOp op) { selections.push_back(op); });
    IRRewriter rewriter(&getContext());
    for (SelectOp op : selections)
      if (failed(decomposeSelect(rewriter, op)))
        return signalPassFailure();

    RewritePatternSet patterns(&getContext());
    populateDecomposeIndexScoresPatterns(patterns);
    populateDecomposeLinearPartPatterns(patterns);
    populateDecomposeTopkPatterns(patterns);
    populateDecomposeAttentionPatterns(patterns);
    populateDecomposeMergePatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
    getOperation()->walk([&](RowOpInterface op) {
      op->emitOpError("could not be decomposed");
      signalPassFailure();
    });
  }
};
} // namespace
