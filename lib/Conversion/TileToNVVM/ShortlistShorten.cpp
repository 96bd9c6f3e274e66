//===- ShortlistShorten.cpp - The best of listed keys ---------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A key's order is a number, of score and key, that no other has. A row's keys
// are counted by the uppermost digit of it, which tells from which digit on the
// best are; what is below is left out. If too many are left, those of that
// digit are counted by the next one, and so on: after the last one, exactly as
// many as are to be kept.
//
//===----------------------------------------------------------------------===//

#include "../ListedOrder.h"
#include "ShortlistCode.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;
using arith::CmpIPredicate;

/// Pieces of a lane whose loads are under way together.
static constexpr int64_t kPieces = 2;

SmallVector<Value> ShortlistCode::forEachPieces(
    Value count, int64_t pieces, ValueRange inits,
    function_ref<SmallVector<Value>(ArrayRef<Value>, ValueRange)> body) {
  return forEach(i32(0), count, pieces * kWarp * kPiece, inits,
                 [&](Value begin, ValueRange state) {
                   SmallVector<Value> places;
                   Value first = add(begin, mul(lane(), kPiece));
                   for (int64_t i = 0; i < pieces; ++i)
                     places.push_back(add(first, i * kWarp * kPiece));
                   return body(places, state);
                 });
}

/// The last piece that has one of `count` entries, if `place` has none.
static Value clamp(ShortlistCode &code, Value place, Value count) {
  Value last =
      code.both(code.sub(count, code.i32(1)), code.i32(-ShortlistCode::kPiece));
  return arith::MinSIOp::create(code.b, place, last);
}

/// Counts those keys by their digit that have the digits of `edge` above it;
/// the largest digit comes first.
void ShortlistCode::countDigits(Value list, Value count, Value edge,
                                Value shift) {
  Value above = i64(kDigitBits), wide = toI64(shift);
  Value wanted = shr(shr(edge, wide), above);
  // A key is less than 2^31: above its digits, all are alike.
  Value needsKeys = uniform(compare(CmpIPredicate::slt, shift, i32(31)));
  forEachPieces(
      count, kPieces, {},
      [&](ArrayRef<Value> places, ValueRange) -> SmallVector<Value> {
        SmallVector<Value> scores, existing;
        // Lest the loop is unrolled, which takes registers.
        NVVM::SyncWarpOp::create(b, i32(-1));
        for (Value place : places) {
          existing.push_back(clamp(*this, place, count));
          llvm::append_range(scores, loadPiece(scoreAt(list, existing.back())));
        }
        SmallVector<Value> none(scores.size(), i32(0));
        SmallVector<Value> keys = ifElse(needsKeys, none, [&] {
          SmallVector<Value> keys;
          for (Value place : existing)
            llvm::append_range(keys, loadPiece(keyAt(list, place)));
          return keys;
        });
        for (size_t i = 0; i < scores.size(); ++i) {
          Value place =
              add(places[i / kPiece], static_cast<int64_t>(i) % kPiece);
          Value digits = shr(createListedOrder(b, scores[i], keys[i]), wide);
          Value counts =
              both(compare(CmpIPredicate::slt, place, count),
                   compare(CmpIPredicate::eq, shr(digits, above), wanted));
          Value digit = both(arith::TruncIOp::create(b, b.getI32Type(), digits),
                             i32(kBins - 1));
          ifTrue(counts, [&] {
            LLVM::AtomicRMWOp::create(
                b, LLVM::AtomicBinOp::add, binAt(flip(digit, i32(kBins - 1))),
                i32(1), LLVM::AtomicOrdering::monotonic, "block");
          });
        }
        return {};
      });
}

/// The sum of the lanes' values up to and with each lane's own.
static Value sumOfLanes(ShortlistCode &code, Value value) {
  ImplicitLocOpBuilder &b = code.b;
  for (int64_t distance = 1; distance < ShortlistCode::kWarp; distance *= 2) {
    Value received = NVVM::ShflOp::create(
        b, b.getI32Type(), code.i32(-1), value, code.i32(distance), code.i32(0),
        NVVM::ShflKind::up, UnitAttr());
    Value exists =
        code.compare(CmpIPredicate::uge, code.lane(), code.i32(distance));
    value = code.add(value, code.choose(exists, received, code.i32(0)));
  }
  return value;
}

/// The digit from which on the best `keep` of `total` keys are: those that were
/// not counted have a larger one above it.
Value ShortlistCode::findDigit(Value total) {
  constexpr int64_t kEach = kBins / kWarpgroup;
  Value first = mul(threadOfGroup(), kEach);
  SmallVector<Value> counts;
  for (int64_t i = 0; i < kEach; i += kPiece)
    llvm::append_range(counts, loadPiece(binAt(add(first, i))));
  Value own = sum(counts);
  Value with = sumOfLanes(*this, own);
  ifTrue(compare(CmpIPredicate::eq, lane(), i32(kWarp - 1)),
         [&] { store(with, exchangedAt(warp())); });
  meet();
  SmallVector<Value> warps = loadPiece(exchangedAt(i32(0)));
  Value before = sub(with, own);
  for (auto [number, value] : llvm::enumerate(warps)) {
    Value isBefore =
        compare(CmpIPredicate::ugt, warp(), i32(static_cast<int64_t>(number)));
    before = add(before, choose(isBefore, value, i32(0)));
  }
  // Some of the best were not counted.
  Value wanted = sub(i32(keep), sub(total, sum(warps)));
  Value isHere = both(compare(CmpIPredicate::slt, before, wanted),
                      compare(CmpIPredicate::sge, add(before, own), wanted));
  constexpr int64_t kResult = 4;
  ifTrue(isHere, [&] {
    Value bin = first, sum = before;
    for (Value count : ArrayRef(counts).drop_back()) {
      sum = add(sum, count);
      bin = add(bin, toI32(compare(CmpIPredicate::slt, sum, wanted)));
    }
    store(bin, exchangedAt(i32(kResult)));
  });
  meet();
  return flip(load(exchangedAt(i32(kResult))), i32(kBins - 1));
}

/// The least order that is kept: `edge` with another digit.
Value ShortlistCode::findEdge(Value list, Value count, Value total, Value edge,
                              Value shift) {
  SmallVector<Value> zeros(kPiece, i32(0));
  for (int64_t i = 0; i < kBins; i += kWarpgroup * kPiece)
    LLVM::StoreOp::create(b, pack(b, zeros),
                          binAt(add(mul(threadOfGroup(), kPiece), i)),
                          4 * kPiece);
  meet();
  countDigits(list, count, edge, shift);
  meet();
  Value digit = findDigit(total);
  Value wide = toI64(shift), bits = i64(kDigitBits);
  Value upper = shl(shr(shr(edge, wide), bits), bits);
  return shl(either(upper, toI64(digit)), wide);
}

/// Moves the keys of a list that have at least this order to its beginning;
/// returns their number. Places only move left, behind what has been read.
Value ShortlistCode::keepFrom(Value list, Value count, Value edge) {
  return forEachPieces(
      count, kPieces, i32(0),
      [&](ArrayRef<Value> places, ValueRange state) -> SmallVector<Value> {
        SmallVector<Value> scores, keys;
        for (Value place : places) {
          Value existing = clamp(*this, place, count);
          llvm::append_range(scores, loadPiece(scoreAt(list, existing)));
          llvm::append_range(keys, loadPiece(keyAt(list, existing)));
        }
        Value kept = state[0], lanes = lanesBefore();
        SmallVector<Value> stays, dests;
        for (Value piece : places) {
          Value before = kept;
          SmallVector<Value> ofPiece;
          for (int64_t i = 0; i < kPiece; ++i) {
            size_t number = stays.size();
            Value stay =
                both(compare(CmpIPredicate::slt, add(piece, i), count),
                     compare(CmpIPredicate::uge,
                             createListedOrder(b, scores[number], keys[number]),
                             edge));
            stays.push_back(stay);
            Value word = ballot(stay);
            before = add(before, countBits(both(word, lanes)));
            kept = add(kept, countBits(word));
          }
          for (int64_t i = 0; i < kPiece; ++i) {
            dests.push_back(before);
            before = add(before, toI32(stays[dests.size() - 1]));
          }
        }
        // All lanes have read.
        NVVM::SyncWarpOp::create(b, i32(-1));
        for (auto [number, stay] : llvm::enumerate(stays))
          ifTrue(stay, [&, number = number] {
            store(scores[number], scoreAt(list, dests[number]));
            store(keys[number], keyAt(list, dests[number]));
          });
        NVVM::SyncWarpOp::create(b, i32(-1));
        return {kept};
      })[0];
}

void ShortlistCode::shortenRow(Value row, Value total, int64_t most) {
  constexpr int64_t kUppermost = 64 - kDigitBits;
  Value list = getList(inBlock(row), warp());
  SmallVector<Value> inits = {total, i64(0), i32(kUppermost)};
  auto loop = scf::WhileOp::create(b, TypeRange(ValueRange(inits)), inits);
  {
    OpBuilder::InsertionGuard guard(b);
    SmallVector<Location> locations(inits.size(), b.getLoc());
    Block *before = b.createBlock(&loop.getBefore(), {},
                                  TypeRange(ValueRange(inits)), locations);
    scf::ConditionOp::create(
        b,
        uniform(compare(CmpIPredicate::sgt, before->getArgument(0), i32(most))),
        before->getArguments());
    Block *after = b.createBlock(&loop.getAfter(), {},
                                 TypeRange(ValueRange(inits)), locations);
    Value shift = after->getArgument(2);
    Value count = uniform(load(countAt(row, warp())));
    Value edge = findEdge(list, count, after->getArgument(0),
                          after->getArgument(1), shift);
    Value kept = keepFrom(list, count, edge);
    ifTrue(compare(CmpIPredicate::eq, lane(), i32(0)),
           [&] { store(kept, countAt(row, warp())); });
    meet();
    Value next = arith::MaxSIOp::create(b, sub(shift, i32(kDigitBits)), i32(0));
    scf::YieldOp::create(b, ValueRange{sum(loadCounts(row)), edge, next});
  }
  // To the score of the worst that is kept, or a bit less.
  Value edge = loop.getResult(1);
  Value bits = createScoreOfOrder(b, edge);
  Value isFirst = compare(CmpIPredicate::eq, threadOfGroup(), i32(0));
  Value isRaised = compare(CmpIPredicate::ne, edge, i64(0));
  ifTrue(both(isFirst, isRaised), [&] { store(bits, floorAt(row)); });
}

void ShortlistCode::shorten(
    int64_t most, function_ref<Value(ArrayRef<Value> counts)> isNeeded) {
  forEachRow([&](Value row) {
    SmallVector<Value> counts = loadCounts(row);
    ifTrue(uniform(isNeeded(counts)),
           [&] { shortenRow(row, sum(counts), most); });
  });
  meet();
}
