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

/// All dimensions of a box but the last have become one in the tile, or all of
/// them have.
static SmallVector<ReassociationIndices> groupDims(int64_t boxRank,
                                                   int64_t tileRank) {
  SmallVector<ReassociationIndices> groups(tileRank);
  for (int64_t dim = 0; dim < boxRank; ++dim)
    groups[dim + 1 == boxRank ? tileRank - 1 : 0].push_back(dim);
  return groups;
}

namespace {
struct LoadToLinalg : public OpRewritePattern<LoadOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(LoadOp op,
                                PatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto tile = cast<RankedTensorType>(op.getResult().getType());
    // A dimension for boxes below each other.
    int64_t rank = op.getBox().size();
    int64_t boxes = op.getIndices().size() / rank;
    SmallVector<int64_t> extent(op.getBox());
    if (boxes > 1)
      extent.insert(extent.begin(), boxes);
    auto boxType = RankedTensorType::get(extent, tile.getElementType());
    SmallVector<Value> extents = getExtents(b, op.getSource());
    Value zero =
        arith::ConstantOp::create(b, b.getZeroAttr(tile.getElementType()));
    auto read = [&](OpBuilder &builder, Location loc, ValueRange position) {
      ImplicitLocOpBuilder b(loc, builder);
      Place place =
          getPlace(b,
                   boxes > 1 ? chooseBox(b, op, position.front(), boxes)
                             : SmallVector<Value>(op.getIndices()),
                   position.take_back(rank), extents);
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
    rewriter.replaceOpWithNewOp<tensor::CollapseShapeOp>(
        op, tile, box, groupDims(boxType.getRank(), tile.getRank()));
    return success();
  }

private:
  /// Where box `number` begins.
  static SmallVector<Value> chooseBox(ImplicitLocOpBuilder &b, LoadOp op,
                                      Value number, int64_t boxes) {
    size_t rank = op.getBox().size();
    SmallVector<Value> indices(op.getIndices().take_front(rank));
    for (int64_t other = 1; other < boxes; ++other) {
      Value isOther =
          arith::CmpIOp::create(b, arith::CmpIPredicate::eq, number,
                                arith::ConstantIndexOp::create(b, other));
      for (auto [dim, index] : llvm::enumerate(indices))
        index = arith::SelectOp::create(
            b, isOther, op.getIndices()[other * rank + dim], index);
    }
    return indices;
  }
};

struct GatherToLinalg : public OpRewritePattern<GatherOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(GatherOp op,
                                PatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto tile = cast<RankedTensorType>(op.getResult().getType());
    Value count = memref::DimOp::create(b, op.getSource(), 0);
    Value zero =
        arith::ConstantOp::create(b, b.getZeroAttr(tile.getElementType()));
    auto read = [&](OpBuilder &builder, Location loc, ValueRange position) {
      ImplicitLocOpBuilder b(loc, builder);
      Value row = arith::IndexCastOp::create(
          b, b.getIndexType(),
          tensor::ExtractOp::create(b, op.getNumbers(), position[0]));
      // Unsigned, so that negative numbers are outside too.
      Value exists =
          arith::CmpIOp::create(b, arith::CmpIPredicate::ult, row, count);
      Value column =
          arith::AddIOp::create(b, position[1],
                                arith::ConstantIndexOp::create(
                                    b, static_cast<int64_t>(op.getColumn())));
      Value element = readIf(b, exists, zero, op.getSource(), {row, column});
      tensor::YieldOp::create(b, element);
    };
    rewriter.replaceOpWithNewOp<tensor::GenerateOp>(op, tile, ValueRange(),
                                                    read);
    return success();
  }

private:
  /// `memref[indices]` where `condition` holds, else `otherwise`.
  static Value readIf(ImplicitLocOpBuilder &b, Value condition, Value otherwise,
                      Value memref, ValueRange indices) {
    auto branch = scf::IfOp::create(
        b, condition,
        [&](OpBuilder &b, Location loc) {
          Value element = memref::LoadOp::create(b, loc, memref, indices);
          scf::YieldOp::create(b, loc, element);
        },
        [&](OpBuilder &b, Location loc) {
          scf::YieldOp::create(b, loc, otherwise);
        });
    return branch.getResult(0);
  }
};

struct StoreToLinalg : public OpRewritePattern<StoreOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(StoreOp op,
                                PatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    if (op.getBox())
      unfold(b, rewriter, op);
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
  /// Gives the tile and its mask the shape of the box.
  static void unfold(ImplicitLocOpBuilder &b, PatternRewriter &rewriter,
                     StoreOp op) {
    ArrayRef<int64_t> box = *op.getBox();
    auto expand = [&](Value tile) -> Value {
      auto type = cast<RankedTensorType>(tile.getType());
      if (type.getRank() == static_cast<int64_t>(box.size()))
        return tile;
      return tensor::ExpandShapeOp::create(
          b, type.clone(box), tile, groupDims(box.size(), type.getRank()));
    };
    rewriter.modifyOpInPlace(op, [&] {
      op.getTileMutable().assign(expand(op.getTile()));
      if (op.getMask())
        op.getMaskMutable().assign(expand(op.getMask()));
    });
  }

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
  patterns.add<LoadToLinalg, GatherToLinalg, StoreToLinalg>(
      patterns.getContext());
}
