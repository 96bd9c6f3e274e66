//===- Shortlist.cpp - Listing keys while they are scored -----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ShortlistCode.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;
using arith::CmpIPredicate;

/// Of a warp's scores, one element of each lane, those of a row are a lane's
/// and those whose number differs in bits 0 and 2 to 4: bit 0 says which half
/// of the keys, bit 1 which row (ScatterAttr). What a ballot says of the lane's
/// row, as if it were the first.
static Value getOfRow(ShortlistCode &code, Value word) {
  Value shifted = code.shr(word, code.both(code.lane(), code.i32(2)));
  return code.both(shifted, code.i32(0x33333333));
}

/// In that, the lanes of keys before the lane's own.
static Value getLanesBefore(ShortlistCode &code) {
  Value lane = code.lane();
  Value earlier = code.sub(code.shl(code.i32(1), code.both(lane, code.i32(28))),
                           code.i32(1));
  Value isUpper = code.compare(CmpIPredicate::ne, code.both(lane, code.i32(1)),
                               code.i32(0));
  Value lower = code.i32(0x11111111);
  return code.choose(
      isUpper, code.either(lower, code.both(code.i32(0x22222222), earlier)),
      code.both(lower, earlier));
}

/// With more keys, a list may have no room for those until the next look.
static int64_t getMost(ShortlistCode &code) {
  return code.room - ShortlistShortenOp::kRoom;
}

namespace {
struct ConvertAdd : public TilePattern<ShortlistAddOp> {
  using TilePattern::TilePattern;

  LogicalResult
  matchAndRewrite(ShortlistAddOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    ShortlistCode code(b, op, getWarpgroup(op));
    auto tile = cast<RankedTensorType>(op.getScores().getType());
    Value before = getLanesBefore(code);
    Value ownKey =
        getLayout(tile).getOrigin(b, tile.getShape(), code.thread())[0];
    Value key = arith::IndexCastOp::create(b, b.getI32Type(), op.getKey());
    SmallVector<Value> ends = unpack(b, adaptor.getEnds());
    for (auto [score, floor, end] :
         llvm::zip(unpack(b, adaptor.getScores()),
                   unpack(b, adaptor.getFloors()), ends)) {
      Value isHit =
          arith::CmpFOp::create(b, arith::CmpFPredicate::OGT, score, floor);
      Value word = getOfRow(code, code.ballot(isHit));
      Value place = code.add(end, code.countBits(code.both(word, before)));
      Value bits = arith::BitcastOp::create(b, b.getI32Type(), score);
      code.ifTrue(isHit, [&] {
        code.store(bits, code.scoreAt(code.getLists(), place));
        code.store(code.add(key, ownKey), code.keyAt(code.getLists(), place));
      });
      end = code.add(end, code.countBits(word));
    }
    rewriter.replaceOp(op, pack(b, ends));
    return success();
  }
};

struct ConvertFull : public TilePattern<ShortlistFullOp> {
  using TilePattern::TilePattern;

  LogicalResult
  matchAndRewrite(ShortlistFullOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    ShortlistCode code = ShortlistCode(b, op, getWarpgroup(op)).again();
    code.barrier = static_cast<int64_t>(*op.getBarrier());
    Value isFull;
    for (auto [end, begin] : llvm::zip(
             unpack(b, adaptor.getEnds()),
             code.getBegins(cast<RankedTensorType>(op.getEnds().getType())))) {
      Value exceeds = code.compare(CmpIPredicate::sgt, code.sub(end, begin),
                                   code.i32(getMost(code)));
      isFull = isFull ? code.either(isFull, exceeds) : exceeds;
    }
    rewriter.replaceOp(op, code.meetAny(isFull));
    return success();
  }
};

/// Rows that are nearly full too are shortened, so that they need not be soon.
struct ConvertShorten : public TilePattern<ShortlistShortenOp> {
  using TilePattern::TilePattern;

  LogicalResult
  matchAndRewrite(ShortlistShortenOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    ShortlistCode code = ShortlistCode(b, op, getWarpgroup(op)).again();
    code.place(op);
    auto tile = cast<RankedTensorType>(op.getEnds().getType());
    code.publish(tile, unpack(b, adaptor.getEnds()),
                 unpack(b, adaptor.getFloors()));
    int64_t full = std::min(getMost(code), code.room / 4 * 3);
    code.shorten(
        code.room - ShortlistShortenOp::kSpare, [&](ArrayRef<Value> counts) {
          Value most = counts.front();
          for (Value count : counts.drop_front())
            most = arith::MaxSIOp::create(b, most, count);
          return code.compare(CmpIPredicate::sgt, most, code.i32(full));
        });
    SmallVector<Value> ends, floors, rows = code.getRows(tile);
    for (auto [row, begin] : llvm::zip(rows, code.getBegins(tile)))
      ends.push_back(
          code.add(begin, code.load(code.countAt(row, code.warp()))));
    for (Value row : rows)
      floors.push_back(arith::BitcastOp::create(b, b.getF32Type(),
                                                code.load(code.floorAt(row))));
    rewriter.replaceOp(op, {pack(b, ends), pack(b, floors)});
    return success();
  }
};
} // namespace

void dsa::populateTileShortlistPatterns(const TileTypeConverter &converter,
                                        RewritePatternSet &patterns) {
  patterns.add<ConvertAdd, ConvertFull, ConvertShorten>(converter,
                                                        patterns.getContext());
}
