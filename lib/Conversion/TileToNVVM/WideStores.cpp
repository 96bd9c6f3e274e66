//===- WideStores.cpp - Elements of 16 bits, eight at a time --------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

/// What one store writes.
static constexpr int64_t kStoreBytes = 16, kStoreElements = 8;
/// Lanes that share the rows of an accumulator, two columns of eight each.
static constexpr int64_t kLanes = 4;

/// Whether whole rows of the tile are inside of the memory, each 16 bytes
/// aligned.
static bool isAligned(StoreOp op, RankedTensorType tile) {
  auto dest = cast<MemRefType>(op.getDest().getType());
  int64_t last = dest.getRank() - 1;
  std::optional<int64_t> begin = getConstantIntValue(op.getIndices()[last]);
  return dest.getLayout().isIdentity() && !dest.isDynamicDim(last) && begin &&
         *begin >= 0 && *begin % kStoreElements == 0 &&
         dest.getDimSize(last) % kStoreElements == 0 &&
         *begin + tile.getDimSize(1) <= dest.getDimSize(last);
}

static bool isWide(StoreOp op) {
  auto tile = cast<RankedTensorType>(op.getTile().getType());
  auto layout = dyn_cast_if_present<AccumulatorAttr>(tile.getEncoding());
  return layout && tile.getElementTypeBitWidth() == 16 && !op.getMask() &&
         !op.getTransposed() &&
         tile.getDimSize(1) / layout.getColumnGroups() %
                 (kLanes * kStoreElements) ==
             0 &&
         isAligned(op, tile);
}

/// Exchanges values `low` and `high` between lanes that differ in a bit of
/// `mask`: the lane without it gets the other one's `low` as its `high`.
static void swap(ImplicitLocOpBuilder &b, Value hasBit, Value &low, Value &high,
                 int64_t mask) {
  Value sent = arith::SelectOp::create(b, hasBit, low, high);
  Value received = exchangeLanes(b, sent, mask);
  low = arith::SelectOp::create(b, hasBit, received, low);
  high = arith::SelectOp::create(b, hasBit, high, received);
}

namespace {
struct ConvertWideStore : public OpConversionPattern<StoreOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(StoreOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (!isWide(op))
      return failure();
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto tile = cast<RankedTensorType>(op.getTile().getType());
    int64_t columns =
        tile.getDimSize(1) /
        cast<AccumulatorAttr>(tile.getEncoding()).getColumnGroups();
    Value thread = getThread(b);
    SmallVector<Value> origin =
        getLayout(tile).getOrigin(b, tile.getShape(), thread);
    // A lane's columns begin at twice its number; now they shall at eight
    // times.
    Value lane = arith::RemUIOp::create(b, thread, createI32(b, kLanes));
    Value column = arith::AddIOp::create(
        b, origin[1], arith::MulIOp::create(b, lane, createI32(b, 6)));
    int64_t pairs = 2 * columns / kStoreElements;
    SmallVector<Value> values = unpack(
        b, LLVM::BitcastOp::create(b, VectorType::get({pairs}, b.getI32Type()),
                                   adaptor.getTile()));
    for (int64_t half : {0, 1}) {
      Value row = arith::AddIOp::create(b, origin[0], createI32(b, 8 * half));
      OpBuilder::InsertionGuard guard(b);
      Value exists;
      SmallVector<Value> places = getPlaces(
          b, op.getDest(), op.getIndices(),
          op.getBox().value_or(tile.getShape()), {row, column}, exists);
      SmallVector<Value> vectors;
      for (int64_t block = 0; block < columns / kStoreElements; block += kLanes)
        vectors.push_back(gather(b, values, block, half, lane));
      if (exists) {
        auto branch = scf::IfOp::create(b, exists);
        b.setInsertionPointToStart(branch.thenBlock());
      }
      store(b, op, tile, vectors, places);
    }
    rewriter.eraseOp(op);
    return success();
  }

private:
  /// Of four blocks of eight columns, of which each of four lanes has a
  /// quarter, the one with the lane's number.
  static Value gather(ImplicitLocOpBuilder &b, ArrayRef<Value> values,
                      int64_t block, int64_t half, Value lane) {
    SmallVector<Value> quarters;
    for (int64_t i = 0; i < kLanes; ++i)
      quarters.push_back(values[2 * (block + i) + half]);
    for (int64_t mask : {1, 2}) {
      Value hasBit = arith::CmpIOp::create(
          b, arith::CmpIPredicate::ne,
          arith::AndIOp::create(b, lane, createI32(b, mask)), createI32(b, 0));
      for (int64_t i = 0; i < kLanes; ++i)
        if (!(i & mask))
          swap(b, hasBit, quarters[i], quarters[i | mask], mask);
    }
    return pack(b, quarters);
  }

  static void store(ImplicitLocOpBuilder &b, StoreOp op, RankedTensorType tile,
                    ArrayRef<Value> vectors, SmallVector<Value> places) {
    auto type = VectorType::get({kStoreElements}, tile.getElementType());
    Value first = places.back();
    for (auto [number, vector] : llvm::enumerate(vectors)) {
      Value offset = arith::ConstantIndexOp::create(
          b, static_cast<int64_t>(number) * kLanes * kStoreElements);
      places.back() = arith::AddIOp::create(b, first, offset);
      vector::StoreOp::create(b, LLVM::BitcastOp::create(b, type, vector),
                              op.getDest(), places, /*nontemporal=*/false,
                              llvm::Align(kStoreBytes));
    }
  }
};
} // namespace

void dsa::populateTileWideStorePatterns(const TileTypeConverter &converter,
                                        RewritePatternSet &patterns) {
  patterns.add<ConvertWideStore>(converter, patterns.getContext(),
                                 /*benefit=*/2);
}
