//===- Memory.cpp - Loads and stores of tiles, element by element ---------===//
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

static SmallVector<Value> getExtents(ImplicitLocOpBuilder &b, Value memref) {
  SmallVector<Value> extents;
  for (int64_t dim = 0; dim < cast<MemRefType>(memref.getType()).getRank();
       ++dim)
    extents.push_back(memref::DimOp::create(b, memref, dim));
  return extents;
}

namespace {
/// An element of memory, which need not exist.
struct Place {
  SmallVector<Value> indices;
  Value inside;
};
} // namespace

/// The element `position` after the one at `start`.
static Place getPlace(ImplicitLocOpBuilder &b, ValueRange start,
                      ValueRange position, ValueRange extents) {
  Place place;
  for (auto [from, offset, extent] : llvm::zip(start, position, extents)) {
    Value index = arith::AddIOp::create(b, from, offset);
    // Unsigned, so that negative indices are outside too.
    Value inside =
        arith::CmpIOp::create(b, arith::CmpIPredicate::ult, index, extent);
    place.indices.push_back(index);
    place.inside =
        place.inside ? arith::AndIOp::create(b, place.inside, inside) : inside;
  }
  return place;
}

namespace {
struct LoadToLinalg : public OpRewritePattern<LoadOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(LoadOp op,
                                PatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto tile = cast<RankedTensorType>(op.getResult().getType());
    ArrayRef<int64_t> extent = op.getBox();
    auto boxType = RankedTensorType::get(extent, tile.getElementType());
    SmallVector<Value> extents = getExtents(b, op.getSource());
    Value zero =
        arith::ConstantOp::create(b, b.getZeroAttr(tile.getElementType()));
    auto read = [&](OpBuilder &builder, Location loc, ValueRange position) {
      ImplicitLocOpBuilder b(loc, builder);
      Place place = getPlace(b, op.getIndices(), position, extents);
      auto branch = scf::IfOp::create(
          b, place.inside,
          [&](OpBuilder &b, Location loc) {
            Value element =
                memref::LoadOp::create(b, loc, op.getSource(), place.indices);
            scf::YieldOp::create(b, loc, element);
          },
          [&](OpBuilder &b, Location loc) {
            scf::YieldOp::create(b, loc, zero);
          });
      tensor::YieldOp::create(b, branch.getResult(0));
    };
    Value box = tensor::GenerateOp::create(b, boxType, ValueRange(), read);
    if (boxType.getRank() == tile.getRank()) {
      rewriter.replaceOp(op, box);
      return success();
    }
    SmallVector<ReassociationIndices> groups(tile.getRank());
    // All dimensions but the last become one, or all of them do.
    for (int64_t dim = 0; dim < boxType.getRank(); ++dim)
      groups[dim + 1 == boxType.getRank() ? groups.size() - 1 : 0].push_back(
          dim);
    rewriter.replaceOpWithNewOp<tensor::CollapseShapeOp>(op, tile, box, groups);
    return success();
  }
};

struct StoreToLinalg : public OpRewritePattern<StoreOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(StoreOp op,
                                PatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    SmallVector<Value> extents = getExtents(b, op.getDest());
    Value zero = arith::ConstantIndexOp::create(b, 0);
    Value one = arith::ConstantIndexOp::create(b, 1);
    SmallVector<Value> ends;
    for (int64_t extent : cast<ShapedType>(op.getTile().getType()).getShape())
      ends.push_back(arith::ConstantIndexOp::create(b, extent));
    auto write = [&](OpBuilder &builder, Location loc, ValueRange position) {
      ImplicitLocOpBuilder b(loc, builder);
      writeElement(b, op, position, extents);
    };
    scf::buildLoopNest(b, op.getLoc(), SmallVector<Value>(ends.size(), zero),
                       ends, SmallVector<Value>(ends.size(), one), write);
    rewriter.eraseOp(op);
    return success();
  }

private:
  static void writeElement(ImplicitLocOpBuilder &b, StoreOp op,
                           ValueRange position, ValueRange extents) {
    auto offset = llvm::to_vector(position);
    if (op.getTransposed())
      std::reverse(offset.begin(), offset.end());
    Place place = getPlace(b, op.getIndices(), offset, extents);
    Value written = place.inside;
    if (op.getMask()) {
      Value chosen = tensor::ExtractOp::create(b, op.getMask(), position);
      written = arith::AndIOp::create(b, chosen, written);
      // A GPU would write there.
      if (op.getInside())
        cf::AssertOp::create(
            b,
            arith::CmpIOp::create(b, arith::CmpIPredicate::eq, chosen, written),
            "a mask that promises to be inside of the memory is not");
    }
    auto branch = scf::IfOp::create(b, written);
    b.setInsertionPointToStart(branch.thenBlock());
    Value element = tensor::ExtractOp::create(b, op.getTile(), position);
    memref::StoreOp::create(b, element, op.getDest(), place.indices);
  }
};
} // namespace

void dsa::populateTileMemoryToLinalgPatterns(RewritePatternSet &patterns) {
  patterns.add<LoadToLinalg, StoreToLinalg>(patterns.getContext());
}
