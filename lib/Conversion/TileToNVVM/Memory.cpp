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

std::pair<Value, Value> dsa::getPlace(ImplicitLocOpBuilder &b, Value memref,
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

Value dsa::both(ImplicitLocOpBuilder &b, Value left, Value right) {
  if (!left || !right)
    return left ? left : right;
  return arith::AndIOp::create(b, left, right);
}

SmallVector<Value> dsa::getBoxCoordinates(ImplicitLocOpBuilder &b,
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
    for (ArrayRef<int64_t> offset : layout.getOffsets(type.getShape())) {
      SmallVector<Value> coordinates;
      for (auto [base, step] : llvm::zip(origin, offset))
        coordinates.push_back(
            arith::AddIOp::create(b, base, createI32(b, step)));
      elements.push_back(load(b, op, type, coordinates));
    }
    rewriter.replaceOp(op, pack(b, elements));
    return success();
  }

private:
  static Value load(ImplicitLocOpBuilder &b, LoadOp op, RankedTensorType type,
                    ArrayRef<Value> coordinates) {
    SmallVector<Value> places;
    Value exists;
    for (auto [dim, coordinate] :
         llvm::enumerate(getBoxCoordinates(b, op.getBox(), coordinates))) {
      auto [place, inside] =
          getPlace(b, op.getSource(), dim, op.getIndices()[dim], coordinate,
                   op.getBox()[dim]);
      exists = both(b, exists, inside);
      places.push_back(place);
    }
    if (!exists)
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
      SmallVector<Value> coordinates;
      for (auto [base, step] : llvm::zip(origin, offset))
        coordinates.push_back(
            arith::AddIOp::create(b, base, createI32(b, step)));
      SmallVector<int64_t> box(op.getBox().value_or(type.getShape()));
      coordinates = getBoxCoordinates(b, box, coordinates);
      if (op.getTransposed()) {
        std::swap(coordinates[0], coordinates[1]);
        std::swap(box[0], box[1]);
      }
      SmallVector<Value> places;
      for (auto [dim, coordinate] : llvm::enumerate(coordinates)) {
        auto [place, inside] = getPlace(
            b, op.getDest(), dim, op.getIndices()[dim], coordinate, box[dim]);
        if (!op.getInside())
          condition = both(b, condition, inside);
        places.push_back(place);
      }
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
