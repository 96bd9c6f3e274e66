//===- TileToLinalg.cpp - Kernels on tiles as upstream operations ---------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileToLinalg/Patterns.h"
#include "dsa/Conversion/Passes.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_TILETOLINALGPASS
#include "dsa/Conversion/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

/// Reports the first tile that threads share in some way already.
static LogicalResult checkNoLayouts(Operation *root) {
  WalkResult result = root->walk([](Operation *op) {
    for (Type type :
         llvm::concat<Type>(op->getOperandTypes(), op->getResultTypes())) {
      if (!getLayout(type) && !getSharedLayout(type))
        continue;
      op->emitOpError("expected tiles without layouts, but found ") << type;
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

namespace {
struct TileToLinalgPass
    : public dsa::impl::TileToLinalgPassBase<TileToLinalgPass> {
  void runOnOperation() override {
    if (failed(checkNoLayouts(getOperation())))
      return signalPassFailure();
    RewritePatternSet patterns(&getContext());
    populateTileControlFlowToLinalgPatterns(patterns);
    populateTileMemoryToLinalgPatterns(patterns);
    populateTileArithmeticToLinalgPatterns(patterns);
    populateTileSelectionToLinalgPatterns(patterns);
    populateTileShortlistToLinalgPatterns(patterns);
    walkAndApplyPatterns(getOperation(), std::move(patterns));

    getOperation()->walk([](scf::ForallOp op) {
      if (op->removeAttr(kKernelAttrName))
        op.removeMappingAttr();
    });
    WalkResult left = getOperation()->walk([](Operation *op) {
      if (!isa_and_present<DSATileDialect>(op->getDialect()))
        return WalkResult::advance();
      op->emitOpError("cannot be run on a CPU");
      return WalkResult::interrupt();
    });
    if (left.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
