//===- ExpandFloat8.cpp - Eight-bit floats as integer arithmetic ----------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_EXPANDFLOAT8PASS
#include "dsa/Dialect/DSA/Transforms/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

/// `type` with another element type: scalars and vectors alike.
static Type withElementType(Type type, Type elementType) {
  if (auto shaped = dyn_cast<ShapedType>(type))
    return shaped.clone(elementType);
  return elementType;
}

/// Like `type`, a constant of i32 elements.
static Value getConstant(ImplicitLocOpBuilder &b, Type type, int64_t value) {
  TypedAttr attr = b.getI32IntegerAttr(value);
  if (auto shaped = dyn_cast<ShapedType>(type))
    attr = DenseElementsAttr::get(shaped, b.getI32IntegerAttr(value));
  return arith::ConstantOp::create(b, attr);
}

/// Like `type`, a constant of f32 elements.
static Value getF32Constant(ImplicitLocOpBuilder &b, Type type, float value) {
  TypedAttr attr = b.getF32FloatAttr(value);
  if (auto shaped = dyn_cast<ShapedType>(type))
    attr = DenseElementsAttr::get(shaped, value);
  return arith::ConstantOp::create(b, attr);
}

/// A scalar or vector of f8E4M3FN: a sign, four bits of exponent with bias 7,
/// three of mantissa. All ones is NaN; there is no infinity.
static bool isFloat8(Type type) {
  return isa<Float8E4M3FNType>(getElementTypeOrSelf(type)) &&
         !isa<TensorType>(type);
}

namespace {
struct ExpandExtF : public OpRewritePattern<arith::ExtFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::ExtFOp op,
                                PatternRewriter &rewriter) const override {
    Type from = op.getIn().getType();
    if (!isFloat8(from))
      return failure();
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Type i8 = withElementType(from, b.getI8Type());
    Type i32 = withElementType(from, b.getI32Type());
    Type f32 = withElementType(from, b.getF32Type());
    auto constant = [&](int64_t value) { return getConstant(b, i32, value); };

    Value bits = arith::ExtSIOp::create(
        b, i32, arith::BitcastOp::create(b, i8, op.getIn()));
    Value sign = arith::AndIOp::create(b, bits, constant(INT32_MIN));
    Value magnitude = arith::AndIOp::create(b, bits, constant(0x7f));
    // Normal: move exponent and mantissa up and correct the bias.
    Value normal = arith::AddIOp::create(
        b, arith::ShLIOp::create(b, magnitude, constant(20)),
        constant((127 - 7) << 23));
    // Subnormal: the mantissa counts steps of 2^-9. With the exponent of 2^-6
    // it reads 2^-6 + mantissa · 2^-9, from which 2^-6 is exact to subtract.
    // Twice a normal number less 2^-6 is not less than the number.
    Value twice = arith::BitcastOp::create(
        b, f32, arith::AddIOp::create(b, normal, constant(1 << 23)));
    Value subnormal = arith::BitcastOp::create(
        b, i32,
        arith::SubFOp::create(b, twice, getF32Constant(b, f32, 0x1p-6F)));
    // Numbers that are not negative are ordered as their bits.
    Value finite = arith::MinSIOp::create(b, normal, subnormal);
    Value isNaN = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, magnitude,
                                        constant(0x7f));
    Value value =
        arith::SelectOp::create(b, isNaN, constant(0x7fc00000), finite);
    Value result =
        arith::BitcastOp::create(b, f32, arith::OrIOp::create(b, value, sign));
    Type to = op.getType();
    unsigned width = getElementTypeOrSelf(to).getIntOrFloatBitWidth();
    if (width < 32)
      result = arith::TruncFOp::create(b, to, result);
    else if (width > 32)
      result = arith::ExtFOp::create(b, to, result);
    rewriter.replaceOp(op, result);
    return success();
  }
};

/// To nearest even. What is larger than the largest finite value, 448, once it
/// is rounded becomes NaN, as do infinities.
struct ExpandTruncF : public OpRewritePattern<arith::TruncFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::TruncFOp op,
                                PatternRewriter &rewriter) const override {
    Type from = op.getIn().getType(), to = op.getType();
    auto mode =
        op.getRoundingmode().value_or(arith::RoundingMode::to_nearest_even);
    // Rounding twice, from f64 by way of f32, could be wrong.
    if (!isFloat8(to) || getElementTypeOrSelf(from).isF64() ||
        mode != arith::RoundingMode::to_nearest_even)
      return failure();
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Type i8 = withElementType(from, b.getI8Type());
    Type i32 = withElementType(from, b.getI32Type());
    Type f32 = withElementType(from, b.getF32Type());
    auto constant = [&](int64_t value) { return getConstant(b, i32, value); };

    Value x = op.getIn();
    if (from != f32)
      x = arith::ExtFOp::create(b, f32, x);
    Value bits = arith::BitcastOp::create(b, i32, x);
    Value sign = arith::AndIOp::create(
        b, arith::ShRUIOp::create(b, bits, constant(24)), constant(0x80));
    Value magnitude = arith::AndIOp::create(b, bits, constant(0x7fffffff));
    // Normal: half of a last place is added, or a little less if that is even,
    // and carries into the exponent by itself. Then the bias is corrected.
    Value isOdd = arith::AndIOp::create(
        b, arith::ShRUIOp::create(b, magnitude, constant(20)), constant(1));
    Value rounded = arith::AddIOp::create(
        b, arith::AddIOp::create(b, magnitude, constant((1 << 19) - 1)), isOdd);
    Value normal = arith::SubIOp::create(
        b, arith::ShRUIOp::create(b, rounded, constant(20)),
        constant((127 - 7) << 3));
    // Subnormal: steps of 2^-9 are the last places of 2^14, to which the
    // addition rounds.
    Value moved =
        arith::AddFOp::create(b, arith::BitcastOp::create(b, f32, magnitude),
                              getF32Constant(b, f32, 0x1p14F));
    Value subnormal = arith::SubIOp::create(
        b, arith::BitcastOp::create(b, i32, moved), constant((127 + 14) << 23));
    Value isSubnormal = arith::CmpIOp::create(
        b, arith::CmpIPredicate::slt, magnitude, constant((127 - 6) << 23));
    Value value = arith::SelectOp::create(b, isSubnormal, subnormal, normal);
    // NaN comes after the largest finite value, and so does what is larger.
    Value code = arith::MinSIOp::create(b, value, constant(0x7f));
    Value result =
        arith::TruncIOp::create(b, i8, arith::OrIOp::create(b, code, sign));
    rewriter.replaceOpWithNewOp<arith::BitcastOp>(op, to, result);
    return success();
  }
};

struct ExpandFloat8Pass
    : public dsa::impl::ExpandFloat8PassBase<ExpandFloat8Pass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ExpandExtF, ExpandTruncF>(&getContext());
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};
} // namespace
