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

namespace {
/// Of a warp's scores, one element of each lane, those of a row are a lane's
/// and those whose number differs in bits 0 and 2 to 4: bit 0 says which half
/// of the keys, bit 1 which row (ScatterAttr).
struct Lanes {
  explicit Lanes(ShortlistCode &code) {
    Value lane = code.lane();
    Value parity = code.both(lane, code.i32(2));
    ofRow = code.shl(code.i32(0x33333333), parity);
    Value isUpper = code.compare(CmpIPredicate::ne,
                                 code.both(lane, code.i32(1)), code.i32(0));
    Value lower = code.shl(code.i32(0x11111111), parity);
    Value upper = code.shl(code.i32(0x22222222), parity);
    Value earlier = code.lanesBefore();
    before = code.choose(isUpper,
                         code.either(lower, code.both(upper, earlier)),
                         code.both(lower, earlier));
  }

  /// The lanes of the same row, and those of keys before this lane's.
  Value ofRow, before;
};

struct ConvertAdd : public TilePattern<ShortlistAddOp> {
  using TilePattern::TilePattern;

  LogicalResult
  matchAndRewrite(ShortlistAddOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    ShortlistCode code(b, op, getWarpgroup(op));
    auto tile = cast<RankedTensorType>(op.getScores().getType());
    LayoutAttrInterface layout = getLayout(tile);
    SmallVector<Value> origin =
        layout.getOrigin(b, tile.getShape(), code.thread());
    Value key = arith::IndexCastOp::create(b, b.getI32Type(), op.getKey());
    Value ownKey = code.add(key, origin[0]);
    SmallVector<Value> scores = unpack(b, adaptor.getScores());
    SmallVector<Value> masks = unpack(b, adaptor.getMask());
    SmallVector<Value> counts = unpack(b, adaptor.getCounts());
    SmallVector<Value> floors = unpack(b, adaptor.getFloors());
    Lanes lanes(code);
    for (auto [number, offset] :
         llvm::enumerate(layout.getOffsets(tile.getShape()))) {
      Value row = code.add(origin[1], offset[1]);
      Value exceeds =
          arith::CmpFOp::create(b, arith::CmpFPredicate::OGT, scores[number],
                                floors[number]);
      Value isHit = code.both(masks[number], exceeds);
      Value word = code.ballot(isHit);
      code.ifTrue(isHit, [&, number = number] {
        Value list = code.getList(row, code.warp());
        Value place = code.add(
            counts[number], code.countBits(code.both(word, lanes.before)));
        code.store(arith::BitcastOp::create(b, b.getI32Type(), scores[number]),
                   code.scoreAt(list, place));
        code.store(ownKey, code.keyAt(list, place));
      });
      counts[number] = code.add(
          counts[number], code.countBits(code.both(word, lanes.ofRow)));
    }
    shortenFull(code, tile, key, counts, floors);
    rewriter.replaceOp(op, {pack(b, counts), pack(b, floors)});
    return success();
  }

private:
  /// Looks at every eighth tile whether some list is nearly full.
  static void shortenFull(ShortlistCode &code, RankedTensorType type, Value key,
                          MutableArrayRef<Value> counts,
                          MutableArrayRef<Value> floors) {
    constexpr int64_t kTiles = ShortlistAddOp::kTiles;
    Value tile = arith::DivUIOp::create(
        code.b, key, code.i32(ShortlistAddOp::kBlockKeys));
    Value isLast = code.compare(CmpIPredicate::eq,
                                code.both(tile, code.i32(kTiles - 1)),
                                code.i32(kTiles - 1));
    SmallVector<Value> before(counts);
    llvm::append_range(before, floors);
    int64_t most = code.room - ShortlistAddOp::kSpare / 2;
    SmallVector<Value> after = code.ifElse(isLast, before, [&] {
      Value isFull;
      for (Value count : counts) {
        Value exceeds =
            code.compare(CmpIPredicate::sgt, count, code.i32(most));
        isFull = isFull ? code.either(isFull, exceeds) : exceeds;
      }
      return code.ifElse(code.meetAny(isFull), before, [&] {
        return shorten(code.again(), type, counts, floors);
      });
    });
    for (size_t i = 0; i < counts.size(); ++i) {
      counts[i] = after[i];
      floors[i] = after[counts.size() + i];
    }
  }

  /// Rows that are nearly full too, so that they need not be looked at soon.
  static SmallVector<Value> shorten(ShortlistCode code, RankedTensorType type,
                                    ValueRange counts, ValueRange floors) {
    SmallVector<Value> rows = code.getRows(type);
    // Registers are full of what scores need.
    code.pieces = 1;
    int64_t full = std::min(code.room - ShortlistAddOp::kSpare / 2,
                            code.room / 4 * 3);
    code.publish(rows, counts, floors);
    code.shorten(code.room - ShortlistAddOp::kSpare, [&](ArrayRef<Value> all) {
      Value most = all.front();
      for (Value count : all.drop_front())
        most = arith::MaxSIOp::create(code.b, most, count);
      return code.compare(CmpIPredicate::sgt, most, code.i32(full));
    });
    SmallVector<Value> next;
    for (Value row : rows)
      next.push_back(code.load(code.countAt(row, code.warp())));
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
