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
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_VECTORIZEPASS
#include "dsa/Dialect/DSA/Transforms/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

/// The value that `memref` is a view of.
static Value getBase(Value memref) {
  while (auto view = memref.getDefiningOp<ViewLikeOpInterface>())
    memref = view.getViewSource();
  return memref;
}

/// The fill whose value `op` finds in its destination, if nobody else does: it
/// comes just before, and fills an allocation of which `op` reads nothing else.
static linalg::FillOp getFillBefore(linalg::LinalgOp op) {
  Value out = op.getDpsInits()[0];
  Operation *before = op->getPrevNode();
  while (before && isMemoryEffectFree(before))
    before = before->getPrevNode();
  auto fill = dyn_cast_or_null<linalg::FillOp>(before);
  Value base = getBase(out);
  if (!fill || fill.getOutputs()[0] != out ||
      fill.value().getType() != getElementTypeOrSelf(out.getType()) ||
      !base.getDefiningOp<memref::AllocOp>() ||
      llvm::any_of(op.getDpsInputs(),
                   [&](Value input) { return getBase(input) == base; }))
    return {};
  return fill;
}

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
    // From the last: an operation may take over the fill before it.
    while (!ops.empty()) {
      linalg::LinalgOp op = ops.pop_back_val();
      FailureOr<LoopRoles> roles = getLoopRoles(op);
      if (failed(roles))
        continue;
      linalg::FillOp fill = getFillBefore(op);
      rewriter.setInsertionPoint(op);
      VectorEmitter(rewriter, op, *roles, fill ? fill.value() : Value(), lanes,
                    jam, /*unroll=*/2)
          .emit();
      rewriter.eraseOp(op);
      if (fill) {
        assert(ops.back() == fill && "nothing is between the two");
        ops.pop_back();
        rewriter.eraseOp(fill);
      }
    }
  }
};
} // namespace
