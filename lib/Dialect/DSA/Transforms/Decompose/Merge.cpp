//===- Merge.cpp - Decomposition of dsa.merge -----------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoopBuilder.h"
#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include <limits>

using namespace mlir;
using namespace mlir::dsa;

static constexpr double kMinusInf = -std::numeric_limits<double>::infinity();

/// One head of one row: partial results weighted by exp(lse − largest lse).
static void emitHead(LoopBuilder &b, MergeOp op, Value row, Value head) {
  Value zero = b.index(0), one = b.index(1), partials = b.dim(op.getLse(), 0);
  Value minusInf = b.f32(kMinusInf);
  auto isMinusInf = [&](LoopBuilder &b, Value value) -> Value {
    return arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, value, minusInf);
  };
  Value largest = b.forEach(
      zero, partials, one, {minusInf},
      [&](LoopBuilder &b, Value p, ValueRange state) -> SmallVector<Value> {
        return {arith::MaximumFOp::create(b, state[0],
                                          b.load(op.getLse(), {p, row, head}))};
      })[0];
  Value isDead = isMinusInf(b, largest);
  // Finite where it is subtracted, so that no difference of infinities arises.
  Value reference = arith::SelectOp::create(b, isDead, b.f32(0), largest);

  int64_t width = cast<ShapedType>(op.getOut().getType()).getDimSize(3);
  OpFoldResult first = b.getIndexAttr(0), single = b.getIndexAttr(1);
  OpFoldResult all = b.getIndexAttr(width);
  Value total = b.scratch({width}, b.getF32Type());
  b.fill(b.f32(0), total);
  Value sum = b.forEach(
      zero, partials, one, {b.f32(0)},
      [&](LoopBuilder &b, Value p, ValueRange state) -> SmallVector<Value> {
        Value lse = b.load(op.getLse(), {p, row, head});
        Value weight =
            math::ExpOp::create(b, arith::SubFOp::create(b, lse, reference));
        Value contributes = arith::XOrIOp::create(
            b, isMinusInf(b, lse),
            arith::ConstantIntOp::create(b, b.getI1Type(), 1));
        b.ifThen(contributes, [&](LoopBuilder &b) {
          Value partial = b.part(op.getOut(), {p, row, head, first},
                                 {single, single, single, all},
                                 /*dropped=*/{0, 1, 2});
          b.generic({partial}, total, {{0}, {0}},
                    [&](LoopBuilder &b, ValueRange args) -> Value {
                      return math::FmaOp::create(b, b.toF32(args[0]), weight,
                                                 args[1]);
                    });
        });
        return {arith::AddFOp::create(b, state[0], weight)};
      })[0];

  Value lse = arith::AddFOp::create(b, reference, math::LogOp::create(b, sum));
  b.store(arith::SelectOp::create(b, isDead, minusInf, lse), op.getInits()[1],
          {row, head});
  Value denominator = sum;
  if (op.getSink())
    denominator = arith::AddFOp::create(
        b, sum,
        math::ExpOp::create(b, arith::SubFOp::create(
                                   b, b.load(op.getSink(), head), reference)));
  Value factor = arith::SelectOp::create(
      b, isDead, b.f32(0), arith::DivFOp::create(b, b.f32(1), denominator));
  Type outType = getElementTypeOrSelf(op.getInits()[0].getType());
  b.generic({total},
            b.part(op.getInits()[0], {row, head, first}, {single, single, all},
                   /*dropped=*/{0, 1}),
            {{0}, {0}}, [&](LoopBuilder &b, ValueRange args) {
              return b.toFloat(arith::MulFOp::create(b, args[0], factor),
                               outType);
            });
}

namespace {
struct DecomposeMerge : public OpRewritePattern<MergeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(MergeOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureBufferSemantics())
      return failure();
    LoopBuilder b(op.getLoc(), rewriter);
    SmallVector<Value> bounds = {b.dim(op.getInits()[1], 0),
                                 b.dim(op.getInits()[1], 1)};
    b.forAll(bounds, [&](LoopBuilder &b, ValueRange ivs) {
      emitHead(b, op, ivs[0], ivs[1]);
    });
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void dsa::populateDecomposeMergePatterns(RewritePatternSet &patterns) {
  patterns.add<DecomposeMerge>(patterns.getContext());
}
