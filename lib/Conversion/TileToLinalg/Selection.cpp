//===- Selection.cpp - Counting and compacting tiles, in loops ------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

static Value index(ImplicitLocOpBuilder &b, int64_t value) {
  return arith::ConstantIndexOp::create(b, value);
}

static Value i32(ImplicitLocOpBuilder &b, int64_t value) {
  return arith::ConstantIntOp::create(b, b.getI32Type(), value);
}

/// A loop over `extent` elements, at whose beginning `b` then stands.
static scf::ForOp loopOver(ImplicitLocOpBuilder &b, int64_t extent,
                           ValueRange inits = {}) {
  auto loop =
      scf::ForOp::create(b, index(b, 0), index(b, extent), index(b, 1), inits);
  b.setInsertionPointToStart(loop.getBody());
  return loop;
}

static int64_t getExtent(Value tile) {
  return cast<RankedTensorType>(tile.getType()).getNumElements();
}

/// Moves `b` to where an element's mask is true.
static void ifChosen(ImplicitLocOpBuilder &b, Value mask, Value element) {
  if (!mask)
    return;
  auto branch =
      scf::IfOp::create(b, tensor::ExtractOp::create(b, mask, element));
  b.setInsertionPointToStart(branch.thenBlock());
}

/// A GPU would touch other memory.
static void assertInside(ImplicitLocOpBuilder &b, Value place, Value extent) {
  cf::AssertOp::create(
      b, arith::CmpIOp::create(b, arith::CmpIPredicate::ult, place, extent),
      "an element of a tile belongs outside of the memory");
}

namespace {
/// Memory of a block, near or far.
template <typename Op> struct MemoryToLinalg : public OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<memref::AllocOp>(
        op, cast<MemRefType>(op.getResult().getType()));
    return success();
  }
};

struct HistogramToLinalg : public OpRewritePattern<HistogramOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(HistogramOp op,
                                PatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value extent = memref::DimOp::create(b, op.getCounts(), 0);
    Value element = loopOver(b, getExtent(op.getBins())).getInductionVar();
    ifChosen(b, op.getMask(), element);
    Value bin = arith::IndexCastUIOp::create(
        b, b.getIndexType(),
        tensor::ExtractOp::create(b, op.getBins(), element));
    assertInside(b, bin, extent);
    Value count = memref::LoadOp::create(b, op.getCounts(), bin);
    memref::StoreOp::create(b, arith::AddIOp::create(b, count, i32(b, 1)),
                            op.getCounts(), bin);
    rewriter.eraseOp(op);
    return success();
  }
};

struct SearchToLinalg : public OpRewritePattern<SearchOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(SearchOp op,
                                PatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    int64_t extent =
        cast<MemRefType>(op.getCounts().getType()).getNumElements();
    // The sum so far, and what is known of the place. It moves on as long as
    // the sum has not reached the rank.
    Value none = i32(b, 0);
    auto loop = loopOver(b, extent, {none, none, none, none});
    Value place = loop.getInductionVar();
    ValueRange before = loop.getRegionIterArgs();
    Value goesOn = arith::CmpIOp::create(b, arith::CmpIPredicate::slt,
                                         before[0], op.getRank());
    Value count = memref::LoadOp::create(b, op.getCounts(), place);
    auto choose = [&](Value now, Value earlier) -> Value {
      return arith::SelectOp::create(b, goesOn, now, earlier);
    };
    Value number = arith::IndexCastOp::create(b, b.getI32Type(), place);
    scf::YieldOp::create(
        b, ValueRange{arith::AddIOp::create(b, before[0], count),
                      choose(number, before[1]), choose(before[0], before[2]),
                      choose(count, before[3])});
    rewriter.replaceOp(op, loop.getResults().drop_front());
    return success();
  }
};

struct ScanToLinalg : public OpRewritePattern<ScanOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ScanOp op,
                                PatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value numbers = tensor::EmptyOp::create(
        b, ArrayRef<int64_t>{getExtent(op.getMask())}, b.getI32Type());
    auto loop = loopOver(b, getExtent(op.getMask()), {numbers, i32(b, 0)});
    Value element = loop.getInductionVar();
    Value before = loop.getRegionIterArgs()[1];
    Value isTrue = arith::ExtUIOp::create(
        b, b.getI32Type(), tensor::ExtractOp::create(b, op.getMask(), element));
    Value inserted = tensor::InsertOp::create(
        b, before, loop.getRegionIterArgs()[0], element);
    scf::YieldOp::create(
        b, ValueRange{inserted, arith::AddIOp::create(b, before, isTrue)});
    rewriter.replaceOp(op, loop.getResults());
    return success();
  }
};

struct ScatterToLinalg : public OpRewritePattern<ScatterOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ScatterOp op,
                                PatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    int64_t last = cast<MemRefType>(op.getDest().getType()).getRank() - 1;
    Value extent = memref::DimOp::create(b, op.getDest(), last);
    Value element = loopOver(b, getExtent(op.getTile())).getInductionVar();
    ifChosen(b, op.getMask(), element);
    auto indices = llvm::to_vector(op.getIndices());
    Value place = arith::IndexCastOp::create(
        b, b.getIndexType(),
        tensor::ExtractOp::create(b, op.getPlaces(), element));
    indices.back() = arith::AddIOp::create(b, indices.back(), place);
    assertInside(b, indices.back(), extent);
    memref::StoreOp::create(b,
                            tensor::ExtractOp::create(b, op.getTile(), element),
                            op.getDest(), indices);
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void dsa::populateTileSelectionToLinalgPatterns(RewritePatternSet &patterns) {
  patterns
      .add<MemoryToLinalg<ScratchOp>, MemoryToLinalg<WorkspaceOp>,
           HistogramToLinalg, SearchToLinalg, ScanToLinalg, ScatterToLinalg>(
          patterns.getContext());
}
