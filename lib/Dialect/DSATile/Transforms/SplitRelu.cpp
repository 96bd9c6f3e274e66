//===- SplitRelu.cpp - relu as an absolute value --------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Dialect/DSATile/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace mlir::dsa_tile {
#define GEN_PASS_DEF_SPLITRELUPASS
#include "dsa/Dialect/DSATile/Transforms/Passes.h.inc"
} // namespace mlir::dsa_tile

using namespace mlir;
using namespace mlir::dsa_tile;

static bool wantsSplit(dsa::IndexScoresOp op) {
  auto schedule = dyn_cast_if_present<ScoresScheduleAttr>(op.getScheduleAttr());
  auto select = op->getParentOfType<dsa::SelectOp>();
  // Loops that score a few rows take relu as it is.
  if (select && !isa_and_present<SelectScheduleAttr>(select.getScheduleAttr()))
    return false;
  return schedule && schedule.getSplitRelu() && !op.getLinearTerms() &&
         op.getActivation() == dsa::Activation::Relu &&
         op.hasPureBufferSemantics();
}

static void split(dsa::IndexScoresOp op) {
  ImplicitLocOpBuilder b(op.getLoc(), op);
  constexpr int64_t kTerms = ScoresScheduleAttr::kLinearTerms;
  auto q = cast<MemRefType>(op.getQ().getType());
  SmallVector<Value> rows;
  if (q.isDynamicDim(0))
    rows.push_back(memref::DimOp::create(b, op.getQ(), 0));
  auto allocate = [&](ArrayRef<int64_t> shape, Type element) -> Value {
    return memref::AllocOp::create(b, MemRefType::get(shape, element), rows);
  };
  Value terms =
      allocate({q.getDimSize(0), kTerms, q.getDimSize(2)}, q.getElementType());
  Value scales = allocate({q.getDimSize(0), kTerms}, b.getF32Type());
  dsa::LinearPartOp::create(b, TypeRange(), op.getQ(), op.getWeights(),
                            op.getQScale(), ValueRange{terms, scales},
                            dsa::ScheduleAttrInterface());
  op.getLinearTermsMutable().assign(terms);
  op.getLinearScalesMutable().assign(scales);
  op.setActivation(dsa::Activation::HalfAbs);
}

namespace {
struct SplitReluPass : public dsa_tile::impl::SplitReluPassBase<SplitReluPass> {
  void runOnOperation() override {
    getOperation()->walk([](dsa::IndexScoresOp op) {
      if (wantsSplit(op))
        split(op);
    });
  }
};
} // namespace
