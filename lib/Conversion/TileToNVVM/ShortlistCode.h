//===- ShortlistCode.h - Code of warpgroups that list keys ------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_CONVERSION_TILETONVVM_SHORTLISTCODE_H
#define DSA_LIB_CONVERSION_TILETONVVM_SHORTLISTCODE_H

#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace mlir::dsa {

/// Instructions of one warpgroup, whose rows' lists are nobody else's; each of
/// its four warps appends to one list of each row, and shortens that.
class ShortlistCode {
public:
  static constexpr int64_t kWarp = 32, kWarpgroup = 128;
  static constexpr int64_t kLists = dsa_tile::ShortlistAddOp::kLists;

  template <typename Op>
  ShortlistCode(ImplicitLocOpBuilder &b, Op op, Value warpgroup)
      : ShortlistCode(b, op.getLists(),
                      cast<RankedTensorType>(op.getEnds().getType()),
                      warpgroup) {}

  /// How many keys are kept, and what is needed to shorten lists.
  template <typename Op> void place(Op op) {
    keep = static_cast<int64_t>(op.getKeep());
    offset = static_cast<int64_t>(*op.getOffset());
    barrier = static_cast<int64_t>(*op.getBarrier());
  }

  Value i32(int64_t value) {
    return arith::ConstantOp::create(
        b, b.getIntegerAttr(b.getI32Type(), APInt(32, value, true)));
  }
  Value i64(int64_t value) {
    return arith::ConstantIntOp::create(b, value, 64);
  }
  Value add(Value l, Value r) { return arith::AddIOp::create(b, l, r); }
  Value add(Value l, int64_t r) { return r ? add(l, i32(r)) : l; }
  Value sub(Value l, Value r) { return arith::SubIOp::create(b, l, r); }
  Value mul(Value l, int64_t r) { return arith::MulIOp::create(b, l, i32(r)); }
  Value both(Value l, Value r) { return arith::AndIOp::create(b, l, r); }
  Value either(Value l, Value r) { return arith::OrIOp::create(b, l, r); }
  Value flip(Value l, Value r) { return arith::XOrIOp::create(b, l, r); }
  Value shr(Value l, Value r) { return arith::ShRUIOp::create(b, l, r); }
  Value shl(Value l, Value r) { return arith::ShLIOp::create(b, l, r); }
  Value compare(arith::CmpIPredicate predicate, Value l, Value r) {
    return arith::CmpIOp::create(b, predicate, l, r);
  }
  Value choose(Value condition, Value then, Value otherwise) {
    return arith::SelectOp::create(b, condition, then, otherwise);
  }
  Value toI32(Value i1) {
    return arith::ExtUIOp::create(b, b.getI32Type(), i1);
  }
  Value toI64(Value value) {
    return arith::ExtUIOp::create(b, b.getI64Type(), value);
  }
  Value countBits(Value word) {
    return LLVM::CtPopOp::create(b, b.getI32Type(), word);
  }
  Value ballot(Value condition) {
    return NVVM::VoteSyncOp::create(b, b.getI32Type(), i32(-1), condition,
                                    NVVM::VoteSyncKind::ballot);
  }
  /// What is the same in all lanes, so that the assembler sees it, too: where
  /// it cannot tell that the lanes of a warp go together, it keeps what loops
  /// around carry in a register of each lane, not in one of the warp.
  Value uniform(Value value);
  void ifTrue(Value condition, function_ref<void()> body);
  SmallVector<Value> ifElse(Value condition, ValueRange otherwise,
                            function_ref<SmallVector<Value>()> body);
  using Body = function_ref<SmallVector<Value>(Value, ValueRange)>;
  SmallVector<Value> forEach(Value begin, Value end, int64_t step,
                             ValueRange inits, Body body);
  /// Calls `body` for each of the warpgroup's rows, numbered from 0.
  void forEachRow(function_ref<void(Value)> body);

  /// The same code where threads are asked for their numbers again: what is
  /// seldom run shall not keep registers of what is run often.
  ShortlistCode again() {
    ShortlistCode copy = *this;
    copy.threadNumber = readThread(b);
    copy.warpgroup =
        arith::DivUIOp::create(b, copy.threadNumber, i32(kWarpgroup));
    return copy;
  }
  Value thread() { return threadNumber; }
  Value threadOfGroup() {
    return arith::RemUIOp::create(b, thread(), i32(kWarpgroup));
  }
  Value warp() {
    return arith::DivUIOp::create(b, threadOfGroup(), i32(kWarp));
  }
  Value lane() { return arith::RemUIOp::create(b, thread(), i32(kWarp)); }
  /// Of the lanes, a bit for each before this one.
  Value lanesBefore() { return sub(shl(i32(1), lane()), i32(1)); }

  /// Waits for the threads of the warpgroup.
  void meet() { synchronize(b, getBarrier(), kWarpgroup); }
  /// The same; whether `condition` holds for any of them.
  Value meetAny(Value condition);

  //===--------------------------------------------------------------------===//
  // Shared memory
  //===--------------------------------------------------------------------===//

  /// How many keys have a digit; how many a list has; what warps exchange; a
  /// floor, as bits.
  Value binAt(Value number) { return sharedAt(0, number); }
  Value countAt(Value row, Value list) {
    return sharedAt(kCounts, add(mul(row, kLists), list));
  }
  Value exchangedAt(Value number) {
    return sharedAt(kCounts + 4 * kLists * groupRows, number);
  }
  Value floorAt(Value row) {
    return sharedAt(kCounts + 4 * kLists * groupRows +
                        4 * dsa_tile::ShortlistShortenOp::kExchanged,
                    row);
  }
  Value load(Value pointer) {
    return LLVM::LoadOp::create(b, b.getI32Type(), pointer, 4);
  }
  SmallVector<Value> loadPiece(Value pointer) {
    auto type = VectorType::get({kPiece}, b.getI32Type());
    return unpack(b, LLVM::LoadOp::create(b, type, pointer, 4 * kPiece));
  }
  void store(Value value, Value pointer) {
    LLVM::StoreOp::create(b, value, pointer, 4);
  }
  /// How many keys each list of a row has, and all of them.
  SmallVector<Value> loadCounts(Value row) {
    return loadPiece(countAt(row, i32(0)));
  }
  Value sum(ArrayRef<Value> values);

  //===--------------------------------------------------------------------===//
  // Lists
  //===--------------------------------------------------------------------===//

  /// Where all lists of the block begin, and list `list` of its row `row`.
  Value getLists();
  Value getList(Value row, Value list) {
    return entryAt(getLists(), getBegin(row, list));
  }
  /// A row's number in the block.
  Value inBlock(Value row) { return add(row, mul(warpgroup, groupRows)); }
  Value entryAt(Value list, Value place) {
    return LLVM::GEPOp::create(b, list.getType(), b.getI32Type(), list, place);
  }
  /// Entry `place` of a list: the bits of a score, or the key.
  Value scoreAt(Value list, Value place) { return entryAt(list, place); }
  Value keyAt(Value list, Value place) {
    return entryAt(entryAt(list, place), i32(room));
  }

  /// Of the thread's elements of a tile, the warpgroup's row, and which entry
  /// of all lists is the first of its own.
  SmallVector<Value> getRows(RankedTensorType tile);
  SmallVector<Value> getBegins(RankedTensorType tile);
  /// Tells all threads of the warpgroup how many keys lists have, and floors:
  /// of each of the thread's elements, which entry is behind the last one of
  /// its list, and the row's floor.
  void publish(RankedTensorType tile, ArrayRef<Value> ends, ValueRange floors);
  /// Leaves at most `most` keys in the lists of rows for which `isNeeded` says
  /// so, of their counts; `keep` at least. Sets floors too.
  void shorten(int64_t most,
               function_ref<Value(ArrayRef<Value> counts)> isNeeded);

  /// Elements that are loaded and stored together.
  static constexpr int64_t kPiece = dsa_tile::StripedAttr::kPiece;

  ImplicitLocOpBuilder &b;
  Value warpgroup;
  int64_t groupRows, room, keep = 0;
  /// The first of the barriers at which warpgroups meet.
  int64_t barrier = 0;

private:
  ShortlistCode(ImplicitLocOpBuilder &b, Value lists, RankedTensorType tile,
                Value warpgroup);

  static constexpr int64_t kBins = dsa_tile::ShortlistShortenOp::kBins;
  static constexpr int64_t kDigitBits =
      dsa_tile::ShortlistShortenOp::kDigitBits;
  static constexpr int64_t kCounts = 4 * kBins;

  Value getBegin(Value row, Value list) {
    return mul(add(mul(row, kLists), list), 2 * room);
  }
  Value getBarrier() { return add(warpgroup, barrier); }
  Value sharedAt(int64_t bytes, Value number);

  void shortenRow(Value row, Value total, int64_t most);
  Value findEdge(Value list, Value count, Value total, Value edge, Value shift);
  void countDigits(Value list, Value count, Value edge, Value shift);
  Value findDigit(Value total);
  Value keepFrom(Value list, Value count, Value edge);
  /// The pieces of a list that a lane has of `count` entries, `pieces` at a
  /// time: `body` is called with their places.
  SmallVector<Value> forEachPieces(
      Value count, int64_t pieces, ValueRange inits,
      function_ref<SmallVector<Value>(ArrayRef<Value>, ValueRange)> body);

  Value threadNumber, memory;
  int64_t offset = 0;
};

} // namespace mlir::dsa

#endif // DSA_LIB_CONVERSION_TILETONVVM_SHORTLISTCODE_H
