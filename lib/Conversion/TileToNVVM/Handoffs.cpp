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

/// Threads of the warpgroup that gives and of the one that takes.
static constexpr int64_t kThreads = 256;

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

static bool isOfMatrices(RankedTensorType tile) {
  auto layout = cast<AccumulatorAttr>(tile.getEncoding());
  return tile.getElementTypeBitWidth() == 16 && layout.getColumnGroups() == 1 &&
         tile.getDimSize(1) % 16 == 0;
}

static void storeTile(ImplicitLocOpBuilder &b, RankedTensorType tile,
                      RankedTensorType place, Value begin,
                      ArrayRef<Value> elements) {
  for (auto [element, coordinate] :
       llvm::zip(elements, getAllCoordinates(b, tile)))
    LLVM::StoreOp::create(
        b, element,
        createPointer(b, getElementAddress(b, place, begin, coordinate[0],
                                           coordinate[1])));
}

/// Four matrices of 8 × 8 elements of 16 bits at a time, which make a block
/// of 16 × 16: each lane says where a row of one of them belongs.
static void storeMatrices(ImplicitLocOpBuilder &b, RankedTensorType tile,
                          RankedTensorType place, Value begin, Value vector) {
  Value lane = arith::RemUIOp::create(b, getThread(b), createI32(b, 32));
  auto layout = cast<AccumulatorAttr>(tile.getEncoding());
  // The first row of the warp is that of a lane without its share of them.
  Value row = layout.getOrigin(b, tile.getShape(), getThread(b))[0];
  row = arith::SubIOp::create(b, row,
                              arith::DivUIOp::create(b, lane, createI32(b, 4)));
  row = arith::AddIOp::create(
      b, row, arith::RemUIOp::create(b, lane, createI32(b, 16)));
  Value right = arith::MulIOp::create(
      b, arith::DivUIOp::create(b, lane, createI32(b, 16)), createI32(b, 8));
  SmallVector<Value> pairs = unpackPairs(b, vector);
  for (int64_t column = 0; column < tile.getDimSize(1); column += 16) {
    Value address = getElementAddress(
        b, place, begin, row,
        arith::AddIOp::create(b, right, createI32(b, column)));
    NVVM::StMatrixOp::create(
        b, createPointer(b, address),
        ArrayRef<Value>(pairs).slice(column / 4, 4), NVVM::MMALayout::row,
        NVVM::LdStMatrixShapeAttr::get(b.getContext(), 8, 8),
        NVVM::LdStMatrixEltType::B16);
  }
}

void dsa::storeShared(ImplicitLocOpBuilder &b, RankedTensorType tile,
                      RankedTensorType place, Value begin, Value vector) {
  if (isOfMatrices(tile))
    storeMatrices(b, tile, place, begin, vector);
  else
    storeTile(b, tile, place, begin, unpack(b, vector));
}

void dsa::fenceShared(ImplicitLocOpBuilder &b) {
  NVVM::FenceProxyOp::create(
      b,
      NVVM::ProxyKindAttr::get(b.getContext(), NVVM::ProxyKind::async_shared),
      NVVM::SharedSpaceAttr::get(b.getContext(),
                                 NVVM::SharedSpace::shared_cta));
}

/// The named barrier of a handoff.
static Value getBarrier(ImplicitLocOpBuilder &b, Value handoff) {
  return createI32(b, *handoff.getDefiningOp<HandoffOp>().getBarrier());
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

struct ConvertGive : public OpConversionPattern<HandoffGiveOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(HandoffGiveOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    HandoffType type = op.getHandoff().getType();
    for (auto [number, place] : llvm::enumerate(type.getTiles())) {
      Value begin = arith::AddIOp::create(
          b, adaptor.getHandoff(), createI32(b, type.getTileOffset(number)));
      auto tile = cast<RankedTensorType>(op.getTiles()[number].getType());
      Value vector = adaptor.getTiles()[number];
      if (!getSharedLayout(place))
        storeRows(b, tile, begin, unpack(b, vector));
      else
        storeShared(b, tile, place, begin, vector);
    }
    // Products read memory by another way than stores write it.
    if (llvm::any_of(type.getTiles(), [](RankedTensorType place) {
          return getSharedLayout(place) != nullptr;
        }))
      fenceShared(b);
    NVVM::BarrierArriveOp::create(b, getBarrier(b, op.getHandoff()),
                                  createI32(b, kThreads));
    rewriter.eraseOp(op);
    return success();
  }

private:
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

struct ConvertTake : public OpConversionPattern<HandoffTakeOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(HandoffTakeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    HandoffType type = op.getHandoff().getType();
    synchronize(b, getBarrier(b, op.getHandoff()), kThreads);
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
