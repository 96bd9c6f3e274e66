//===- DeviceMath.cpp - Exponentials and logarithms on the device ---------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Conversion/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"
#include <numbers>

namespace mlir::dsa {
#define GEN_PASS_DEF_DEVICEMATHPASS
#include "dsa/Conversion/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

static Value getF32(PatternRewriter &rewriter, Location loc, double value) {
  return arith::ConstantOp::create(rewriter, loc,
                                   rewriter.getF32FloatAttr(value));
}

static Value emitIntrinsic(PatternRewriter &rewriter, Location loc,
                           StringRef name, Value x) {
  return LLVM::CallIntrinsicOp::create(rewriter, loc, x.getType(),
                                       rewriter.getStringAttr(name), x)
      .getResult(0);
}

/// 2^x, which LLVM selects to ex2.approx. Not as an operation of the LLVM
/// dialect: the conversion to NVVM would take that for a call of the device
/// library.
static Value emitExp2(PatternRewriter &rewriter, Location loc, Value x) {
  return emitIntrinsic(rewriter, loc, "llvm.exp2.f32", x);
}

namespace {
struct Exp2Pattern : public OpRewritePattern<math::Exp2Op> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::Exp2Op op,
                                PatternRewriter &rewriter) const override {
    if (!op.getType().isF32())
      return failure();
    rewriter.replaceOp(op, emitExp2(rewriter, op.getLoc(), op.getOperand()));
    return success();
  }
};

struct ExpPattern : public OpRewritePattern<math::ExpOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::ExpOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.getType().isF32())
      return failure();
    Location loc = op.getLoc();
    Value scaled = arith::MulFOp::create(
        rewriter, loc, op.getOperand(),
        getF32(rewriter, loc, std::numbers::log2e_v<double>));
    rewriter.replaceOp(op, emitExp2(rewriter, loc, scaled));
    return success();
  }
};

struct LogPattern : public OpRewritePattern<math::LogOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::LogOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.getType().isF32())
      return failure();
    Location loc = op.getLoc();
    Value log2 =
        emitIntrinsic(rewriter, loc, "llvm.nvvm.lg2.approx.f", op.getOperand());
    rewriter.replaceOpWithNewOp<arith::MulFOp>(
        op, log2, getF32(rewriter, loc, std::numbers::ln2_v<double>));
    return success();
  }
};

struct AbsPattern : public OpRewritePattern<math::AbsFOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::AbsFOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.getType().isF32())
      return failure();
    rewriter.replaceOp(op, emitIntrinsic(rewriter, op.getLoc(), "llvm.fabs.f32",
                                         op.getOperand()));
    return success();
  }
};

struct FmaPattern : public OpRewritePattern<math::FmaOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::FmaOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.getType().isF32())
      return failure();
    rewriter.replaceOpWithNewOp<LLVM::FMAOp>(op, op.getType(), op.getA(),
                                             op.getB(), op.getC());
    return success();
  }
};

struct DeviceMathPass : public dsa::impl::DeviceMathPassBase<DeviceMathPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<Exp2Pattern, ExpPattern, LogPattern, AbsPattern, FmaPattern>(
        &getContext());
    FrozenRewritePatternSet frozen(std::move(patterns));
    getOperation()->walk([&](gpu::GPUModuleOp module) {
      walkAndApplyPatterns(module, frozen);
      return WalkResult::skip();
    });
  }
};
} // namespace
