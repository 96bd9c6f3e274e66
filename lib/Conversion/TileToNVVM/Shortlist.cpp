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

/// Of a warp's scores, one element of each lane, those of a row are a lane's and
/// those whose number differs in bits 0 and 2 to 4: bit 0 says which half of the
/// keys, bit 1 which row (ScatterAttr).
static Value getLanesOfRow(ShortlistCode &code) {
  return code.shl(code.i32(0x33333333), code.both(code.lane(), code.i32(2)));
}

/// Those of keys before the lane's own.
static Value getLanesBefore(ShortlistCode &code) {
  Value lane = code.lane(), earlier = code.lanesBefore();
  Value parity = code.both(lane, code.i32(2));
  Value lower = code.shl(code.i32(0x11111111), parity);
  Value upper = code.shl(code.i32(0x22222222), parity);
  Value isUpper = code.compare(CmpIPredicate::ne, code.both(lane, code.i32(1)),
                               code.i32(0));
  return code.choose(isUpper, code.either(lower, code.both(upper, earlier)),
                     code.both(lower, earlier));
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
    Value ofRow = code.precompute([&] { return getLanesOfRow(code); });
    Value before = code.precompute([&] { return getLanesBefore(code); });
    Value ownKey = code.precompute([&] {
      return getLayout(tile).getOrigin(b, tile.getShape(), code.thread())[0];
    });
    Value key = arith::IndexCastOp::create(b, b.getI32Type(), op.getKey());
    SmallVector<Value> scores = unpack(b, adaptor.getScores());
    SmallVector<Value> masks = unpack(b, adaptor.getMask());
    SmallVector<Value> ends = unpack(b, adaptor.getCounts());
    SmallVector<Value> floors = unpack(b, adaptor.getFloors());
    for (size_t i = 0; i < scores.size(); ++i) {
      Value exceeds = arith::CmpFOp::create(b, arith::CmpFPredicate::OGT,
                                            scores[i], floors[i]);
      Value isHit = code.both(masks[i], exceeds);
      Value word = code.ballot(isHit);
      code.ifTrue(isHit, [&] {
        Value place =
            code.add(ends[i], code.countBits(code.both(word, before)));
        code.store(arith::BitcastOp::create(b, b.getI32Type(), scores[i]),
                   code.scoreAt(code.getLists(), place));
        code.store(code.add(key, ownKey), code.keyAt(code.getLists(), place));
      });
      ends[i] = code.add(ends[i], code.countBits(code.both(word, ofRow)));
    }
    shortenFull(code, tile, key, ends, floors);
    rewriter.replaceOp(op, {pack(b, ends), pack(b, floors)});
    return success();
  }

private:
  /// Looks at every eighth tile whether some list is nearly full.
  static void shortenFull(ShortlistCode &code, RankedTensorType type, Value key,
                          MutableArrayRef<Value> ends,
                          MutableArrayRef<Value> floors) {
    constexpr int64_t kTiles = ShortlistAddOp::kTiles;
    Value tile = arith::DivUIOp::create(
        code.b, key, code.i32(ShortlistAddOp::kBlockKeys));
    Value isLast = code.compare(CmpIPredicate::eq,
                                code.both(tile, code.i32(kTiles - 1)),
                                code.i32(kTiles - 1));
    SmallVector<Value> before(ends);
    llvm::append_range(before, floors);
    SmallVector<Value> after = code.ifElse(isLast, before, [&] {
      ShortlistCode seldom = code.again();
      SmallVector<Value> begins = seldom.getBegins(type);
      Value isFull;
      for (auto [end, begin] : llvm::zip(ends, begins)) {
        Value exceeds = code.compare(CmpIPredicate::sgt, code.sub(end, begin),
                                     code.i32(getMost(code)));
        isFull = isFull ? code.either(isFull, exceeds) : exceeds;
      }
      return code.ifElse(code.meetAny(isFull), before, [&] {
        return shorten(code.again(), type, ends, floors);
      });
    });
    for (size_t i = 0; i < ends.size(); ++i) {
      ends[i] = after[i];
      floors[i] = after[ends.size() + i];
    }
  }

  /// With more, a list may have no room for the tiles until the next look.
  static int64_t getMost(ShortlistCode &code) {
    return code.room - ShortlistAddOp::kSpare / 2;
  }

  /// Rows that are nearly full too, so that they need not be looked at soon.
  static SmallVector<Value> shorten(ShortlistCode code, RankedTensorType type,
                                    ArrayRef<Value> ends, ValueRange floors) {
    // Registers are full of what scores need.
    code.pieces = 1;
    int64_t full = std::min(getMost(code), code.room / 4 * 3);
    code.publish(type, ends, floors);
    code.shorten(code.room - ShortlistAddOp::kSpare, [&](ArrayRef<Value> all) {
      Value most = all.front();
      for (Value count : all.drop_front())
        most = arith::MaxSIOp::create(code.b, most, count);
      return code.compare(CmpIPredicate::sgt, most, code.i32(full));
    });
    SmallVector<Value> next;
    SmallVector<Value> rows = code.getRows(type);
    for (auto [row, begin] : llvm::zip(rows, code.getBegins(type)))
      next.push_back(
          code.add(begin, code.load(code.countAt(row, code.warp()))));
    for (Value row : rows)
      next.push_back(arith::BitcastOp::create(
          code.b, code.b.getF32Type(), code.load(code.floorAt(row))));
    return next;
  }
};
} // namespace

void dsa::populateTileShortlistPatterns(const TileTypeConverter &converter,
                                        RewritePatternSet &patterns) {
  patterns.add<ConvertAdd>(converter, patterns.getContext());
}
