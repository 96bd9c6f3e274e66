//===- Shortlist.cpp - The best keys of rows, in loops --------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../ListedOrder.h"
#include "Patterns.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include <limits>

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;
using arith::CmpIPredicate;

static constexpr int64_t kLists = ShortlistAddOp::kLists;
static constexpr int64_t kListKeys = ShortlistAddOp::kListKeys;

namespace {
/// The lists of some rows. How many keys each has is in memory meanwhile, and
/// so are floors.
class Lists {
public:
  Lists(ImplicitLocOpBuilder &b, Value lists, Value counts, int64_t keep);

  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  }
  Value i32(int64_t value) {
    return arith::ConstantOp::create(
        b, b.getIntegerAttr(b.getI32Type(), APInt(32, value, true)));
  }
  Value toIndex(Value value) {
    return arith::IndexCastUIOp::create(b, b.getIndexType(), value);
  }
  Value add(Value left, Value right) {
    return arith::AddIOp::create(b, left, right);
  }
  Value compare(CmpIPredicate predicate, Value left, Value right) {
    return arith::CmpIOp::create(b, predicate, left, right);
  }
  using Body = function_ref<SmallVector<Value>(Value, ValueRange)>;
  SmallVector<Value> forEach(Value extent, ValueRange inits, Body body);
  void forEach(int64_t extent, function_ref<void(Value)> body);
  void ifTrue(Value condition, function_ref<void()> body);

  /// The first entry of a list, of all lists.
  Value getBegin(Value row, Value list) {
    Value number = add(arith::MulIOp::create(b, row, index(kLists)), list);
    return arith::IndexCastOp::create(
        b, b.getI32Type(), arith::MulIOp::create(b, number, index(2 * room)));
  }
  Value getCount(Value row, Value list) {
    return memref::LoadOp::create(b, counts, ValueRange{row, list});
  }
  void setCount(Value row, Value list, Value count) {
    memref::StoreOp::create(b, count, counts, ValueRange{row, list});
  }
  /// The bits of a score (half 0), or a key (half 1).
  Value get(Value row, Value list, int64_t half, Value place) {
    return memref::LoadOp::create(b, lists,
                                  ValueRange{row, list, index(half), place});
  }
  void append(Value row, Value list, Value bits, Value key);
  Value getTotal(Value row);
  /// Keeps the `keep` best of more keys.
  void shorten(Value row);

  ImplicitLocOpBuilder &b;
  Value lists, counts, floors;
  int64_t rows, room, keep;

private:
  Value order(Value row, Value list, Value place);
  Value countFrom(Value row, Value least);
  void raiseFloor(Value row, Value least);
};
} // namespace

Lists::Lists(ImplicitLocOpBuilder &b, Value lists, Value tile, int64_t keep)
    : b(b), lists(lists), rows(cast<MemRefType>(lists.getType()).getDimSize(0)),
      room(cast<MemRefType>(lists.getType()).getDimSize(3)), keep(keep) {
  counts = memref::AllocOp::create(
      b, MemRefType::get({rows, kLists}, b.getI32Type()));
  floors = memref::AllocOp::create(b, MemRefType::get({rows}, b.getF32Type()));
  forEach(rows, [&](Value row) {
    forEach(kLists, [&](Value list) {
      Value first = arith::MulIOp::create(this->b, list, index(kListKeys));
      Value end =
          tensor::ExtractOp::create(this->b, tile, ValueRange{first, row});
      setCount(row, list,
               arith::SubIOp::create(this->b, end, getBegin(row, list)));
    });
  });
}

SmallVector<Value> Lists::forEach(Value extent, ValueRange inits, Body body) {
  auto loop = scf::ForOp::create(b, index(0), extent, index(1), inits);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> next =
      body(loop.getInductionVar(), loop.getRegionIterArgs());
  if (!inits.empty())
    scf::YieldOp::create(b, next);
  return SmallVector<Value>(loop.getResults());
}

void Lists::forEach(int64_t extent, function_ref<void(Value)> body) {
  auto loop = scf::ForOp::create(b, index(0), index(extent), index(1));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}

void Lists::ifTrue(Value condition, function_ref<void()> body) {
  auto branch = scf::IfOp::create(b, condition);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  body();
}

void Lists::append(Value row, Value list, Value bits, Value key) {
  Value count = getCount(row, list), place = toIndex(count);
  cf::AssertOp::create(b, compare(CmpIPredicate::ult, place, index(room)),
                       "a list has no room for another key");
  for (auto [half, entry] : {std::pair(0, bits), std::pair(1, key)})
    memref::StoreOp::create(b, entry, lists,
                            ValueRange{row, list, index(half), place});
  setCount(row, list, add(count, i32(1)));
}

Value Lists::getTotal(Value row) {
  return forEach(index(kLists), i32(0),
                 [&](Value list, ValueRange sum) -> SmallVector<Value> {
                   return {add(sum[0], getCount(row, list))};
                 })[0];
}

Value Lists::order(Value row, Value list, Value place) {
  return createListedOrder(b, get(row, list, 0, place),
                           get(row, list, 1, place));
}

/// How many of a row's keys have at least this order.
Value Lists::countFrom(Value row, Value least) {
  return forEach(
      index(kLists), i32(0),
      [&](Value list, ValueRange sum) -> SmallVector<Value> {
        return forEach(
            toIndex(getCount(row, list)), sum,
            [&](Value place, ValueRange sum) -> SmallVector<Value> {
              Value reaches =
                  compare(CmpIPredicate::uge, order(row, list, place), least);
              return {add(sum[0],
                          arith::ExtUIOp::create(b, b.getI32Type(), reaches))};
            });
      })[0];
}

/// To the score of the worst that is kept.
void Lists::raiseFloor(Value row, Value least) {
  Value floor =
      arith::BitcastOp::create(b, b.getF32Type(), createScoreOfOrder(b, least));
  memref::StoreOp::create(b, floor, floors, row);
}

void Lists::shorten(Value row) {
  constexpr int64_t kBits = 64;
  auto i64 = [&](int64_t value) -> Value {
    return arith::ConstantIntOp::create(b, value, kBits);
  };
  // The order of the worst that is kept, bit by bit.
  Value least =
      forEach(index(kBits), i64(0),
              [&](Value bit, ValueRange known) -> SmallVector<Value> {
                Value digit = arith::ShRUIOp::create(
                    b, i64(std::numeric_limits<int64_t>::min()),
                    arith::IndexCastOp::create(b, b.getI64Type(), bit));
                Value larger = arith::OrIOp::create(b, known[0], digit);
                Value enough = compare(CmpIPredicate::sge,
                                       countFrom(row, larger), i32(keep));
                return {arith::SelectOp::create(b, enough, larger, known[0])};
              })[0];
  forEach(kLists, [&](Value list) {
    Value count = getCount(row, list);
    setCount(row, list, i32(0));
    forEach(toIndex(count), {}, [&](Value place, ValueRange) {
      Value isKept =
          compare(CmpIPredicate::uge, order(row, list, place), least);
      ifTrue(isKept, [&] {
        append(row, list, get(row, list, 0, place), get(row, list, 1, place));
      });
      return SmallVector<Value>();
    });
  });
  raiseFloor(row, least);
}

/// A tile in which each element is what `get` says for its list and row.
static Value spread(Lists &lists, Type type,
                    function_ref<Value(Value, Value)> get) {
  ImplicitLocOpBuilder &b = lists.b;
  auto tile = cast<RankedTensorType>(type);
  Value empty =
      tensor::EmptyOp::create(b, tile.getShape(), tile.getElementType());
  return lists.forEach(
      lists.index(tile.getDimSize(0)), empty,
      [&](Value key, ValueRange outer) -> SmallVector<Value> {
        Value list = arith::DivUIOp::create(b, key, lists.index(kListKeys));
        return lists.forEach(
            lists.index(tile.getDimSize(1)), outer,
            [&](Value row, ValueRange inner) -> SmallVector<Value> {
              return {tensor::InsertOp::create(b, get(list, row), inner[0],
                                               ValueRange{key, row})};
            });
      })[0];
}

static Value spreadEnds(Lists &lists, Type type) {
  return spread(lists, type, [&](Value list, Value row) {
    return lists.add(lists.getBegin(row, list), lists.getCount(row, list));
  });
}

namespace {
struct AddToLinalg : public OpRewritePattern<ShortlistAddOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ShortlistAddOp op,
                                PatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Lists lists(b, op.getLists(), op.getEnds(), /*keep=*/0);
    lists.forEach(lists.rows, [&](Value row) {
      lists.forEach(ShortlistAddOp::kBlockKeys, [&](Value element) {
        SmallVector<Value> place = {element, row};
        Value score = tensor::ExtractOp::create(b, op.getScores(), place);
        Value floor = tensor::ExtractOp::create(b, op.getFloors(), place);
        Value isHit =
            arith::CmpFOp::create(b, arith::CmpFPredicate::OGT, score, floor);
        lists.ifTrue(isHit, [&] {
          Value list =
              arith::DivUIOp::create(b, element, lists.index(kListKeys));
          Value key = lists.add(op.getKey(), element);
          lists.append(row, list,
                       arith::BitcastOp::create(b, b.getI32Type(), score),
                       arith::IndexCastOp::create(b, b.getI32Type(), key));
        });
      });
    });
    rewriter.replaceOp(op, spreadEnds(lists, op.getEnds().getType()));
    return success();
  }
};

/// Whether some list of a row may be full soon.
static Value isFull(Lists &lists, Value row) {
  ImplicitLocOpBuilder &b = lists.b;
  Value most = lists.i32(lists.room - ShortlistShortenOp::kRoom);
  Value none = arith::ConstantIntOp::create(b, 0, 1);
  return lists.forEach(lists.index(kLists), none,
                       [&](Value list, ValueRange any) -> SmallVector<Value> {
                         Value full =
                             lists.compare(CmpIPredicate::sgt,
                                           lists.getCount(row, list), most);
                         return {arith::OrIOp::create(b, any[0], full)};
                       })[0];
}

struct FullToLinalg : public OpRewritePattern<ShortlistFullOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ShortlistFullOp op,
                                PatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Lists lists(b, op.getLists(), op.getEnds(), /*keep=*/0);
    Value none = arith::ConstantIntOp::create(b, 0, 1);
    auto any = lists.forEach(
        lists.index(lists.rows), none,
        [&](Value row, ValueRange any) -> SmallVector<Value> {
          return {arith::OrIOp::create(b, any[0], isFull(lists, row))};
        });
    rewriter.replaceOp(op, any);
    return success();
  }
};

struct ShortenToLinalg : public OpRewritePattern<ShortlistShortenOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ShortlistShortenOp op,
                                PatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Lists lists(b, op.getLists(), op.getEnds(), op.getKeep());
    lists.forEach(lists.rows, [&](Value row) {
      Value floor = tensor::ExtractOp::create(b, op.getFloors(),
                                              ValueRange{lists.index(0), row});
      memref::StoreOp::create(b, floor, lists.floors, row);
      lists.ifTrue(isFull(lists, row), [&] { lists.shorten(row); });
    });
    Value ends = spreadEnds(lists, op.getEnds().getType());
    Value floors =
        spread(lists, op.getFloors().getType(), [&](Value, Value row) -> Value {
          return memref::LoadOp::create(b, lists.floors, row);
        });
    rewriter.replaceOp(op, {ends, floors});
    return success();
  }
};

/// Lists are merged: the next key is the least of those that are first.
struct EndToLinalg : public OpRewritePattern<ShortlistEndOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ShortlistEndOp op,
                                PatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Lists lists(b, op.getLists(), op.getEnds(), op.getKeep());
    Value heads =
        memref::AllocOp::create(b, MemRefType::get({kLists}, b.getI32Type()));
    Value count = memref::DimOp::create(b, op.getIndices(), 0);
    lists.forEach(lists.rows, [&](Value row) {
      Value number = lists.add(op.getRow(), row);
      lists.ifTrue(lists.compare(CmpIPredicate::ult, number, count), [&] {
        Value isMore = lists.compare(CmpIPredicate::sgt, lists.getTotal(row),
                                     lists.i32(op.getKeep()));
        lists.ifTrue(isMore, [&] { lists.shorten(row); });
        memref::StoreOp::create(b, lists.getTotal(row), op.getCount(),
                                ValueRange{number, lists.index(0)});
        lists.forEach(kLists, [&](Value list) {
          memref::StoreOp::create(b, lists.i32(0), heads, list);
        });
        lists.forEach(op.getKeep(), [&](Value place) {
          writeNext(op, lists, heads, row, {number, lists.index(0), place});
        });
      });
    });
    rewriter.eraseOp(op);
    return success();
  }

private:
  static void writeNext(ShortlistEndOp op, Lists &lists, Value heads, Value row,
                        ArrayRef<Value> dest) {
    ImplicitLocOpBuilder &b = lists.b;
    Value most = lists.i32(std::numeric_limits<int32_t>::max());
    SmallVector<Value> next = lists.forEach(
        lists.index(kLists), {most, lists.i32(-1)},
        [&](Value list, ValueRange least) -> SmallVector<Value> {
          Value head = memref::LoadOp::create(b, heads, list);
          Value exists = lists.compare(CmpIPredicate::slt, head,
                                       lists.getCount(row, list));
          // Some place is read in any case.
          Value place = arith::SelectOp::create(b, exists, head, lists.i32(0));
          Value key = lists.get(row, list, 1, lists.toIndex(place));
          Value isLeast = arith::AndIOp::create(
              b, exists, lists.compare(CmpIPredicate::slt, key, least[0]));
          Value number = arith::IndexCastOp::create(b, b.getI32Type(), list);
          return {arith::SelectOp::create(b, isLeast, key, least[0]),
                  arith::SelectOp::create(b, isLeast, number, least[1])};
        });
    Value exists = lists.compare(CmpIPredicate::sge, next[1], lists.i32(0));
    memref::StoreOp::create(
        b, arith::SelectOp::create(b, exists, next[0], lists.i32(-1)),
        op.getIndices(), dest);
    if (op.getValues())
      memref::StoreOp::create(
          b,
          arith::ConstantOp::create(
              b, b.getF32FloatAttr(-std::numeric_limits<float>::infinity())),
          op.getValues(), dest);
    lists.ifTrue(exists, [&] {
      Value list = lists.toIndex(next[1]);
      Value head = memref::LoadOp::create(b, heads, list);
      if (op.getValues())
        memref::StoreOp::create(
            b,
            arith::BitcastOp::create(
                b, b.getF32Type(),
                lists.get(row, list, 0, lists.toIndex(head))),
            op.getValues(), dest);
      memref::StoreOp::create(b, lists.add(head, lists.i32(1)), heads, list);
    });
  }
};
} // namespace

void dsa::populateTileShortlistToLinalgPatterns(RewritePatternSet &patterns) {
  patterns.add<AddToLinalg, FullToLinalg, ShortenToLinalg, EndToLinalg>(
      patterns.getContext());
}
