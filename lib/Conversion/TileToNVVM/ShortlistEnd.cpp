//===- ShortlistEnd.cpp - Listed keys as results --------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ShortlistCode.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include <limits>

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;
using arith::CmpIPredicate;

/// Keys of a lane whose places are searched for together.
static constexpr int64_t kTogether = 4;

namespace {
struct ConvertEnd : public TilePattern<ShortlistEndOp> {
  using TilePattern::TilePattern;

  LogicalResult
  matchAndRewrite(ShortlistEndOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    ShortlistCode code = ShortlistCode(b, op, getWarpgroup(op)).again();
    code.place(op);
    auto tile = cast<RankedTensorType>(op.getEnds().getType());
    code.publish(tile, unpack(b, adaptor.getEnds()), {});
    code.shorten(code.keep, [&](ArrayRef<Value> counts) {
      return code.compare(CmpIPredicate::sgt, code.sum(counts),
                          code.i32(code.keep));
    });
    Value extent = memref::DimOp::create(b, op.getIndices(), 0);
    code.forEachRow([&](Value row) {
      Value number = arith::AddIOp::create(
          b, op.getRow(),
          arith::IndexCastUIOp::create(b, b.getIndexType(), code.inBlock(row)));
      code.ifTrue(code.compare(CmpIPredicate::ult, number, extent),
                  [&] { writeRow(code, op, row, number); });
    });
    // Then lists of the next program may take their place.
    code.meet();
    rewriter.eraseOp(op);
    return success();
  }

private:
  static Value toIndex(ShortlistCode &code, Value value) {
    return arith::IndexCastUIOp::create(code.b, code.b.getIndexType(), value);
  }

  static void writeRow(ShortlistCode &code, ShortlistEndOp op, Value row,
                       Value number) {
    ImplicitLocOpBuilder &b = code.b;
    Value zero = arith::ConstantIndexOp::create(b, 0);
    SmallVector<Value> counts = code.loadCounts(row);
    Value total = code.sum(counts), thread = code.threadOfGroup();
    auto write = [&](Value place, Value key, Value bits) {
      SmallVector<Value> dest = {number, zero, toIndex(code, place)};
      memref::StoreOp::create(b, key, op.getIndices(), dest);
      if (op.getValues())
        memref::StoreOp::create(
            b, arith::BitcastOp::create(b, b.getF32Type(), bits),
            op.getValues(), dest);
    };
    merge(code, row, counts, write);
    Value none = arith::BitcastOp::create(
        b, b.getI32Type(),
        arith::ConstantOp::create(
            b, b.getF32FloatAttr(-std::numeric_limits<float>::infinity())));
    code.forEach(code.add(total, thread), code.i32(code.keep),
                 ShortlistCode::kWarpgroup, {},
                 [&](Value place, ValueRange) -> SmallVector<Value> {
                   write(place, code.i32(-1), none);
                   return {};
                 });
    code.ifTrue(code.compare(CmpIPredicate::eq, thread, code.i32(0)), [&] {
      memref::StoreOp::create(b, total, op.getCount(),
                              ValueRange{number, zero});
    });
  }

  /// The number of list `number`, of four.
  static Value pick(ShortlistCode &code, ArrayRef<Value> values, Value number) {
    Value picked = values.front();
    for (size_t i = 1; i < values.size(); ++i)
      picked = code.choose(code.compare(CmpIPredicate::eq, number,
                                        code.i32(static_cast<int64_t>(i))),
                           values[i], picked);
    return picked;
  }

  static Value toGeneric(ShortlistCode &code, Value pointer) {
    auto type = LLVM::LLVMPointerType::get(code.b.getContext());
    return LLVM::AddrSpaceCastOp::create(code.b, type, pointer);
  }

  /// Keys of all lists, from where they are searched: shared memory, if they
  /// are few enough.
  static SmallVector<Value> getKeys(ShortlistCode &code, Value row,
                                    ArrayRef<Value> counts) {
    Value inBlock = code.inBlock(row), warp = code.warp();
    SmallVector<Value> begins = {code.i32(0)};
    for (Value count : counts)
      begins.push_back(code.add(begins.back(), count));
    Value fits = code.compare(CmpIPredicate::sle, begins.pop_back_val(),
                              code.i32(ShortlistShortenOp::kBins));
    Value own = code.getList(inBlock, warp);
    Value begin = pick(code, begins, warp);
    // Nobody searches for keys of the row before any more.
    code.meet();
    code.ifTrue(fits, [&] {
      code.forEach(code.lane(), pick(code, counts, warp), ShortlistCode::kWarp,
                   {}, [&](Value place, ValueRange) -> SmallVector<Value> {
                     code.store(code.load(code.keyAt(own, place)),
                                code.binAt(code.add(begin, place)));
                     return {};
                   });
    });
    code.meet();
    SmallVector<Value> keys;
    for (auto [list, begin] : llvm::enumerate(begins)) {
      Value global =
          code.getList(inBlock, code.i32(static_cast<int64_t>(list)));
      keys.push_back(
          code.choose(fits, toGeneric(code, code.binAt(begin)),
                      toGeneric(code, code.keyAt(global, code.i32(0)))));
    }
    return keys;
  }

  /// Each warp finds places for the keys of its list: behind the smaller ones
  /// of all four.
  static void merge(ShortlistCode &code, Value row, ArrayRef<Value> all,
                    function_ref<void(Value, Value, Value)> write) {
    constexpr int64_t kWarp = ShortlistCode::kWarp;
    SmallVector<Value> keysOfLists = getKeys(code, row, all);
    Value warp = code.warp();
    Value own = code.getList(code.inBlock(row), warp);
    Value count = pick(code, all, warp);
    SmallVector<Value> lists, counts;
    for (int64_t i = 1; i < ShortlistCode::kLists; ++i) {
      Value other =
          code.both(code.add(warp, i), code.i32(ShortlistCode::kLists - 1));
      lists.push_back(pick(code, keysOfLists, other));
      counts.push_back(pick(code, all, other));
    }
    Value last = code.sub(count, code.i32(1));
    code.forEach(
        code.i32(0), count, kWarp * kTogether, {},
        [&](Value begin, ValueRange) -> SmallVector<Value> {
          SmallVector<Value> places, existing, keys;
          for (int64_t i = 0; i < kTogether; ++i) {
            places.push_back(code.add(code.add(begin, code.lane()), i * kWarp));
            existing.push_back(
                arith::MinSIOp::create(code.b, places.back(), last));
            keys.push_back(code.load(code.keyAt(own, existing.back())));
          }
          SmallVector<Value> before = search(code, lists, counts, keys);
          for (int64_t i = 0; i < kTogether; ++i)
            code.ifTrue(code.compare(CmpIPredicate::slt, places[i], count),
                        [&] {
                          write(code.add(places[i], before[i]), keys[i],
                                code.load(code.scoreAt(own, places[i])));
                        });
          return {};
        });
  }

  /// How many keys of other lists are less than each of `keys`, by halves.
  static SmallVector<Value> search(ShortlistCode &code, ArrayRef<Value> lists,
                                   ArrayRef<Value> counts,
                                   ArrayRef<Value> keys) {
    Value most = counts.front();
    for (Value count : counts.drop_front())
      most = arith::MaxSIOp::create(code.b, most, count);
    Value steps =
        code.sub(code.i32(32),
                 LLVM::CountLeadingZerosOp::create(code.b, most.getType(), most,
                                                   /*is_zero_poison=*/false));
    SmallVector<Value> none(lists.size() * keys.size(), code.i32(0));
    SmallVector<Value> found = code.forEach(
        code.i32(0), steps, 1, none, [&](Value number, ValueRange known) {
          Value step = code.shl(code.i32(1),
                                code.sub(code.sub(steps, code.i32(1)), number));
          SmallVector<Value> next, isInside, other;
          for (auto [i, before] : llvm::enumerate(known)) {
            next.push_back(code.add(before, step));
            isInside.push_back(code.compare(CmpIPredicate::sle, next[i],
                                            counts[i / keys.size()]));
            Value place = code.choose(
                isInside[i], code.sub(next[i], code.i32(1)), code.i32(0));
            other.push_back(
                code.load(code.entryAt(lists[i / keys.size()], place)));
          }
          for (auto [i, before] : llvm::enumerate(known)) {
            Value isLess = code.compare(CmpIPredicate::slt, other[i],
                                        keys[i % keys.size()]);
            next[i] =
                code.choose(code.both(isInside[i], isLess), next[i], before);
          }
          return next;
        });
    SmallVector<Value> sums(ArrayRef(found).take_front(keys.size()));
    for (size_t i = keys.size(); i < found.size(); ++i)
      sums[i % keys.size()] = code.add(sums[i % keys.size()], found[i]);
    return sums;
  }
};
} // namespace

void dsa::populateTileShortlistEndPatterns(const TileTypeConverter &converter,
                                           RewritePatternSet &patterns) {
  patterns.add<ConvertEnd>(converter, patterns.getContext());
}
