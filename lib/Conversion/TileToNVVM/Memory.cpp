//===- Memory.cpp - Elements of tiles from and to memory ------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

static Value toIndex(ImplicitLocOpBuilder &b, Value value) {
  return arith::IndexCastUIOp::create(b, b.getIndexType(), value);
}

/// Place `index + offset` in a dimension of memory, and whether it exists: null
/// where `extent` places from `index` on are known to.
static std::pair<Value, Value> getPlace(ImplicitLocOpBuilder &b, Value memref,
                                        int64_t dim, Value index, Value offset,
                                        int64_t extent) {
  Value place = arith::AddIOp::create(b, index, toIndex(b, offset));
  auto type = cast<MemRefType>(memref.getType());
  std::optional<int64_t> begin = getConstantIntValue(index);
  if (begin && *begin >= 0 && !type.isDynamicDim(dim) &&
      *begin + extent <= type.getDimSize(dim))
    return {place, Value()};
  Value size = memref::DimOp::create(b, memref, dim);
  return {place,
          arith::CmpIOp::create(b, arith::CmpIPredicate::ult, place, size)};
}

static Value both(ImplicitLocOpBuilder &b, Value left, Value right) {
  if (!left || !right)
    return left ? left : right;
  return arith::AndIOp::create(b, left, right);
}

/// The coordinates in a box of an element of a tile: all dimensions but the
/// tile's last ones have become one.
static SmallVector<Value> getBoxCoordinates(ImplicitLocOpBuilder &b,
                                            ArrayRef<int64_t> box,
                                            ArrayRef<Value> coordinates) {
  SmallVector<Value> reversed(llvm::reverse(coordinates.drop_front()));
  Value rest = coordinates.front();
  for (int64_t dim = box.size() - coordinates.size(); dim > 0; --dim) {
    Value extent = createI32(b, box[dim]);
    reversed.push_back(arith::RemUIOp::create(b, rest, extent));
    rest = arith::DivUIOp::create(b, rest, extent);
  }
  reversed.push_back(rest);
  return SmallVector<Value>(llvm::reverse(reversed));
}

SmallVector<Value> dsa::getCoordinates(ImplicitLocOpBuilder &b,
                                       ArrayRef<Value> origin,
                                       ArrayRef<int64_t> offset) {
  SmallVector<Value> coordinates;
  for (auto [base, step] : llvm::zip(origin, offset))
    coordinates.push_back(arith::AddIOp::create(b, base, createI32(b, step)));
  return coordinates;
}

SmallVector<Value> dsa::getPlaces(ImplicitLocOpBuilder &b, Value memref,
                                  ValueRange indices, ArrayRef<int64_t> box,
                                  ArrayRef<Value> coordinates,
                                  Value &condition) {
  SmallVector<Value> places;
  for (auto [dim, coordinate] :
       llvm::enumerate(getBoxCoordinates(b, box, coordinates))) {
    auto [place, inside] =
        getPlace(b, memref, dim, indices[dim], coordinate, box[dim]);
    condition = both(b, condition, inside);
    places.push_back(place);
  }
  return places;
}

namespace {
struct ConvertLoad : public OpConversionPattern<LoadOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(LoadOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto type = cast<RankedTensorType>(op.getResult().getType());
    LayoutAttrInterface layout = getLayout(type);
    SmallVector<Value> origin =
        layout.getOrigin(b, type.getShape(), getThread(b));
    SmallVector<Value> elements;
    for (ArrayRef<int64_t> offset : layout.getOffsets(type.getShape()))
      elements.push_back(load(b, op, type, getCoordinates(b, origin, offset)));
    rewriter.replaceOp(op, pack(b, elements));
    return success();
  }

private:
  /// Where the element's box begins, of several below each other; makes its row
  /// one of that box.
  static SmallVector<Value> takeIndices(ImplicitLocOpBuilder &b, LoadOp op,
                                        SmallVectorImpl<Value> &coordinates) {
    size_t rank = op.getBox().size();
    SmallVector<Value> indices(op.getIndices().take_front(rank));
    if (op.getIndices().size() == rank)
      return indices;
    auto tile = cast<RankedTensorType>(op.getResult().getType());
    int64_t boxes = op.getIndices().size() / rank;
    Value rows = createI32(b, tile.getDimSize(0) / boxes);
    Value box = arith::DivUIOp::create(b, coordinates.front(), rows);
    coordinates.front() = arith::RemUIOp::create(b, coordinates.front(), rows);
    for (int64_t number = 1; number < boxes; ++number) {
      Value isOwn = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, box,
                                          createI32(b, number));
      for (auto [dim, index] : llvm::enumerate(indices))
        index = arith::SelectOp::create(
            b, isOwn, op.getIndices()[number * rank + dim], index);
    }
    return indices;
  }

  static Value load(ImplicitLocOpBuilder &b, LoadOp op, RankedTensorType type,
                    SmallVector<Value> coordinates) {
    Value exists;
    SmallVector<Value> indices = takeIndices(b, op, coordinates);
    SmallVector<Value> places =
        getPlaces(b, op.getSource(), indices, op.getBox(), coordinates, exists);
    if (!exists || op.getInside())
      return memref::LoadOp::create(b, op.getSource(), places);
    // A kernel runs where there is memory, so its first element exists: to
    // read that instead needs no branch.
    Value first = arith::ConstantIndexOp::create(b, 0);
    for (Value &place : places)
      place = arith::SelectOp::create(b, exists, place, first);
    Value element = memref::LoadOp::create(b, op.getSource(), places);
    Value zero =
        arith::ConstantOp::create(b, b.getZeroAttr(type.getElementType()));
    return arith::SelectOp::create(b, exists, element, zero);
  }
};

struct ConvertStore : public OpConversionPattern<StoreOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(StoreOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto type = cast<RankedTensorType>(op.getTile().getType());
    LayoutAttrInterface layout = getLayout(type);
    SmallVector<Value> origin =
        layout.getOrigin(b, type.getShape(), getThread(b));
    SmallVector<Value> elements = unpack(b, adaptor.getTile()), masks;
    if (adaptor.getMask())
      masks = unpack(b, adaptor.getMask());
    for (auto [number, offset] :
         llvm::enumerate(layout.getOffsets(type.getShape()))) {
      Value condition = masks.empty() ? Value() : masks[number];
      SmallVector<Value> coordinates = getCoordinates(b, origin, offset);
      SmallVector<int64_t> box(op.getBox().value_or(type.getShape()));
      if (op.getTransposed()) {
        std::swap(coordinates[0], coordinates[1]);
        std::swap(box[0], box[1]);
      }
      // A mask that is false outside of the memory need not be narrowed.
      Value narrowed = condition;
      SmallVector<Value> places = getPlaces(b, op.getDest(), op.getIndices(),
                                            box, coordinates, narrowed);
      if (!op.getInside())
        condition = narrowed;
      OpBuilder::InsertionGuard guard(b);
      if (condition) {
        auto branch = scf::IfOp::create(b, condition);
        b.setInsertionPointToStart(branch.thenBlock());
      }
      memref::StoreOp::create(b, elements[number], op.getDest(), places);
    }
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void dsa::populateTileMemoryPatterns(const TileTypeConverter &converter,
                                     RewritePatternSet &patterns) {
  patterns.add<ConvertLoad, ConvertStore>(converter, patterns.getContext());
}
