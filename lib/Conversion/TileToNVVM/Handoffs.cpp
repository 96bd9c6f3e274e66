//===- Handoffs.cpp - Tiles from warpgroup to warpgroup -------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

static constexpr int64_t kWarpgroup = 128;

/// Named barriers of a handoff, from its first one on: one for each warpgroup
/// that gives, and one for each that is about to.
static constexpr int64_t kGroups = 2;

static Value createPointer(ImplicitLocOpBuilder &b, Value address) {
  return toPointer(b, address, NVVM::NVVMMemorySpace::Shared);
}

/// The address of an element of a tile in shared memory: pieces of a row are
/// permuted by the low bits of its number.
static Value getElementAddress(ImplicitLocOpBuilder &b, RankedTensorType place,
                               Value tile, Value row, Value column) {
  auto mul = [&](Value value, int64_t by) -> Value {
    return arith::MulIOp::create(b, value, createI32(b, by));
  };
  auto div = [&](Value value, int64_t by) -> Value {
    return arith::DivUIOp::create(b, value, createI32(b, by));
  };
  auto rem = [&](Value value, int64_t by) -> Value {
    return arith::RemUIOp::create(b, value, createI32(b, by));
  };
  int64_t swizzle = getSharedLayout(place).getSwizzle();
  Value byte = mul(column, place.getElementTypeBitWidth() / 8);
  Value within = rem(byte, swizzle);
  Value piece = permutePiece(b, place, row, div(within, kPieceBytes));
  Value address = arith::AddIOp::create(b, tile, mul(row, swizzle));
  for (Value offset : {mul(div(byte, swizzle), getBlockStride(place)),
                       mul(piece, kPieceBytes), rem(within, kPieceBytes)})
    address = arith::AddIOp::create(b, address, offset);
  return address;
}

/// The coordinates of all of the thread's elements of a tile.
static SmallVector<SmallVector<Value>>
getAllCoordinates(ImplicitLocOpBuilder &b, RankedTensorType tile) {
  LayoutAttrInterface layout = getLayout(tile);
  SmallVector<Value> origin =
      layout.getOrigin(b, tile.getShape(), getThread(b));
  SmallVector<SmallVector<Value>> all;
  for (ArrayRef<int64_t> offset : layout.getOffsets(tile.getShape()))
    all.push_back(getCoordinates(b, origin, offset));
  return all;
}

/// The address of a row's number.
static Value getRowAddress(ImplicitLocOpBuilder &b, RankedTensorType vector,
                           Value begin, Value row) {
  int64_t bytes = vector.getElementTypeBitWidth() / 8;
  return arith::AddIOp::create(
      b, begin, arith::MulIOp::create(b, row, createI32(b, bytes)));
}

namespace {
struct ConvertHandoff : public OpConversionPattern<HandoffOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(HandoffOp op, OneToNOpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    rewriter.replaceOp(op, getSharedAddress(b, *op.getOffset()));
    return success();
  }
};

struct ConvertGive : public TilePattern<HandoffGiveOp> {
  using TilePattern::TilePattern;

  LogicalResult
  matchAndRewrite(HandoffGiveOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    HandoffType type = op.getHandoff().getType();
    int64_t barrier = *op.getHandoff().getDefiningOp<HandoffOp>().getBarrier();
    auto barrierOf = [&](int64_t first) -> Value {
      return arith::AddIOp::create(b, getWarpgroup(op),
                                   createI32(b, barrier + first));
    };
    // All warps have read what lies there.
    synchronize(b, barrierOf(kGroups), kWarpgroup);
    for (auto [number, place] : llvm::enumerate(type.getTiles())) {
      Value begin = arith::AddIOp::create(
          b, adaptor.getHandoff(), createI32(b, type.getTileOffset(number)));
      auto tile = cast<RankedTensorType>(op.getTiles()[number].getType());
      SmallVector<Value> elements = unpack(b, adaptor.getTiles()[number]);
      if (getSharedLayout(place))
        storeTile(b, tile, place, begin, elements);
      else
        storeRows(b, tile, begin, elements);
    }
    // Products read memory by another way than stores write it.
    NVVM::FenceProxyOp::create(
        b,
        NVVM::ProxyKindAttr::get(b.getContext(), NVVM::ProxyKind::async_shared),
        NVVM::SharedSpaceAttr::get(b.getContext(),
                                   NVVM::SharedSpace::shared_cta));
    NVVM::BarrierArriveOp::create(b, barrierOf(0),
                                  createI32(b, kGroups * kWarpgroup));
    rewriter.eraseOp(op);
    return success();
  }

private:
  /// Neighbouring elements of 16 bits lie together.
  static void storeTile(ImplicitLocOpBuilder &b, RankedTensorType tile,
                        RankedTensorType place, Value begin,
                        ArrayRef<Value> elements) {
    size_t together = tile.getElementTypeBitWidth() == 16 ? 2 : 1;
    auto coordinates = getAllCoordinates(b, tile);
    for (size_t i = 0; i < elements.size(); i += together) {
      Value address = getElementAddress(b, place, begin, coordinates[i][0],
                                        coordinates[i][1]);
      Value value =
          together == 1 ? elements[i] : pack(b, elements.slice(i, together));
      LLVM::StoreOp::create(b, value, createPointer(b, address));
    }
  }

  /// Four lanes have each row's number; one of them stores it.
  static void storeRows(ImplicitLocOpBuilder &b, RankedTensorType tile,
                        Value begin, ArrayRef<Value> elements) {
    Value lane = arith::RemUIOp::create(b, getThread(b), createI32(b, 4));
    Value first = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, lane,
                                        createI32(b, 0));
    auto coordinates = getAllCoordinates(b, tile);
    auto branch = scf::IfOp::create(b, first);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    for (auto [element, coordinate] : llvm::zip(elements, coordinates))
      LLVM::StoreOp::create(
          b, element,
          createPointer(b, getRowAddress(b, tile, begin, coordinate[0])));
  }
};

struct ConvertTake : public TilePattern<HandoffTakeOp> {
  using TilePattern::TilePattern;

  LogicalResult
  matchAndRewrite(HandoffTakeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    HandoffType type = op.getHandoff().getType();
    int64_t barrier = *op.getHandoff().getDefiningOp<HandoffOp>().getBarrier();
    Value other =
        arith::SubIOp::create(b, createI32(b, barrier + 1), getWarpgroup(op));
    synchronize(b, other, kGroups * kWarpgroup);
    SmallVector<Value> tiles;
    for (auto [number, place] : llvm::enumerate(type.getTiles())) {
      Value begin = arith::AddIOp::create(
          b, adaptor.getHandoff(), createI32(b, type.getTileOffset(number)));
      tiles.push_back(getSharedLayout(place) ? begin
                                             : loadRows(b, place, begin));
    }
    rewriter.replaceOp(op, tiles);
    return success();
  }

private:
  static Value loadRows(ImplicitLocOpBuilder &b, RankedTensorType tile,
                        Value begin) {
    SmallVector<Value> elements;
    for (ArrayRef<Value> coordinate : getAllCoordinates(b, tile))
      elements.push_back(LLVM::LoadOp::create(
          b, tile.getElementType(),
          createPointer(b, getRowAddress(b, tile, begin, coordinate[0]))));
    return pack(b, elements);
  }
};
} // namespace

void dsa::populateTileHandoffPatterns(const TileTypeConverter &converter,
                                      RewritePatternSet &patterns) {
  patterns.add<ConvertHandoff, ConvertGive, ConvertTake>(converter,
                                                         patterns.getContext());
}
