//===- Vectorize.cpp - Structured operations as loops over vectors --------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Vectorize/VectorEmitter.h"
#include "dsa/Dialect/DSA/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_VECTORIZEPASS
#include "dsa/Dialect/DSA/Transforms/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

namespace {
struct VectorizePass : public dsa::impl::VectorizePassBase<VectorizePass> {
  using VectorizePassBase::VectorizePassBase;

  void runOnOperation() override {
    if (vectorBits < 128 || !llvm::isPowerOf2_32(vectorBits)) {
      getOperation()->emitError("expected vector-bits to be a power of two of "
                                "at least 128, but found ")
          << vectorBits.getValue();
      return signalPassFailure();
    }
    // Accumulators, two vectors a row, must fit the register file beside what
    // is multiplied: 32 registers of 512 bits, 16 of the narrower ones. More
    // than eight keep two units busy whose sums take four cycles.
    int64_t lanes = vectorBits / 32;
    int64_t jam = vectorBits >= 512 ? 8 : 6;
    SmallVector<linalg::LinalgOp> ops;
    getOperation()->walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    IRRewriter rewriter(&getContext());
    for (linalg::LinalgOp op : ops) {
      FailureOr<LoopRoles> roles = getLoopRoles(op);
      if (failed(roles))
        continue;
      rewriter.setInsertionPoint(op);
      VectorEmitter(rewriter, op, *roles, lanes, jam, /*unroll=*/2).emit();
      rewriter.eraseOp(op);
    }
  }
};
} // namespace
