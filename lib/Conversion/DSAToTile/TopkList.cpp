//===- TopkList.cpp - Listing the best keys of a row ----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ThresholdSearch.h"
#include "TopkKernel.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;
using arith::CmpIPredicate;

/// A rank that probably more than K of the row's keys exceed, but not many
/// more; 0 if all fit into the list. Sampled are pieces at equal distances.
Value TopkKernel::estimateFloor() {
  Value keys = sub(visible.end, visible.begin);
  Value isLong =
      compare(CmpIPredicate::sgt, keys, index(schedule.getCandidates()));
  return ifElse(isLong, i32(0), [&]() -> SmallVector<Value> {
    constexpr int64_t kPiece = TopkScheduleAttr::kPiece;
    int64_t sampled = schedule.getSample(), pieces = sampled / kPiece;
    Value step = arith::MulIOp::create(
        b, arith::DivUIOp::create(b, keys, index(pieces * kPiece)),
        index(kPiece));
    OpFoldResult offset = add(first, alignDown(visible.begin));
    auto type = MemRefType::get(
        {pieces, kPiece}, element,
        StridedLayoutAttr::get(b.getContext(), ShapedType::kDynamic,
                               {ShapedType::kDynamic, 1}));
    Value strided = memref::ReinterpretCastOp::create(
        b, type, scores, offset,
        ArrayRef<OpFoldResult>{b.getIndexAttr(pieces), b.getIndexAttr(kPiece)},
        ArrayRef<OpFoldResult>{step, b.getIndexAttr(1)});
    Value ranks = rank(LoadOp::create(b, tile(sampled, element), strided,
                                      ValueRange{zero, zero},
                                      ArrayRef<int64_t>{pieces, kPiece},
                                      /*slots=*/1),
                       Value());
    // Of a sample, e are expected to be among the best K, give or take √e.
    // This is e + 5√e or a bit more.
    Value expected =
        add(arith::DivUIOp::create(b, i32(op.getK() * sampled), toI32(keys)),
            i32(1));
    Value wanted = add(
        add(expected, arith::DivUIOp::create(b, expected, i32(4))), i32(25));
    wanted = arith::MinUIOp::create(b, wanted, i32(sampled));
    auto source = [&](ImplicitLocOpBuilder &b, ThresholdSearch::Visit visit) {
      visit(b, ranks, Value());
    };
    return {ThresholdSearch(counts).findBelow(b, source, wanted)};
  })[0];
}

/// Lists the keys of a tile that exceed the floor, and makes room for `more`.
TopkKernel::Listed TopkKernel::append(Listed listed, Value tile, Value column,
                                      Value score, Value more) {
  Value hit = compare(CmpIPredicate::ugt, tile, splat(tile, listed.floor));
  auto scan =
      ScanOp::create(b, tile.getType(), b.getI32Type(), hit, IntegerAttr());
  Value place = toIndex(listed.count);
  ScatterOp::create(b, tile, scan.getBefore(), hit, ranks, place);
  ScatterOp::create(b, column, scan.getBefore(), hit, columns, place);
  if (values)
    ScatterOp::create(b, score, scan.getBefore(), hit, values, place);
  Value count = add(listed.count, scan.getTotal());
  Value isFull =
      compare(CmpIPredicate::sgt, count, i32(schedule.getCandidates() - block));
  SmallVector<Value> room = ifElse(
      both(isFull, more), {count, listed.floor}, [&]() -> SmallVector<Value> {
        Listed best = keepBest({count, listed.floor});
        return {best.count, best.floor};
      });
  return {room[0], room[1]};
}

/// Keeps the best K of more listed keys, in order; later ones must exceed them.
TopkKernel::Listed TopkKernel::keepBest(Listed listed) {
  Value end = toIndex(listed.count);
  auto isListed = [&](Value start) -> Value {
    Value place = count(block, toI32(start));
    return compare(CmpIPredicate::slt, place, splat(place, listed.count));
  };
  auto source = [&](ImplicitLocOpBuilder &b, ThresholdSearch::Visit visit) {
    forEach(zero, end, block, {},
            [&](Value start, ValueRange) -> SmallVector<Value> {
              visit(b, load(ranks, start, block), isListed(start));
              return {};
            });
  };
  // Keys that were kept earlier may be equal to the floor.
  Value one = i32(1);
  Value below = sub(arith::MaxUIOp::create(b, listed.floor, one), one);
  Threshold threshold =
      ThresholdSearch(counts).findExactly(b, source, i32(op.getK()), below);
  SmallVector<Value> kept = forEach(
      zero, end, block, {i32(0), i32(0)},
      [&](Value start, ValueRange before) -> SmallVector<Value> {
        Value rank = load(ranks, start, block);
        Value column = load(columns, start, block);
        Value score = values ? load(values, start, block) : Value();
        Value floor = splat(rank, threshold.floor);
        Value exists = isListed(start);
        Value tied = both(exists, compare(CmpIPredicate::eq, rank, floor));
        auto ties = ScanOp::create(b, rank.getType(), b.getI32Type(), tied,
                                   IntegerAttr());
        Value left = splat(rank, sub(threshold.ties, before[1]));
        Value isEarly = compare(CmpIPredicate::slt, ties.getBefore(), left);
        Value above = both(exists, compare(CmpIPredicate::ugt, rank, floor));
        Value taken = either(above, both(tied, isEarly));
        auto scan = ScanOp::create(b, rank.getType(), b.getI32Type(), taken,
                                   IntegerAttr());
        Value place = toIndex(before[0]);
        ScatterOp::create(b, rank, scan.getBefore(), taken, ranks, place);
        ScatterOp::create(b, column, scan.getBefore(), taken, columns, place);
        if (values)
          ScatterOp::create(b, score, scan.getBefore(), taken, values, place);
        return {add(before[0], scan.getTotal()),
                add(before[1], ties.getTotal())};
      });
  return {kept[0], threshold.floor};
}

/// Keeps the best K, if there are more.
TopkKernel::Listed TopkKernel::shorten(Listed listed) {
  Value tooMany = compare(CmpIPredicate::sgt, listed.count, i32(op.getK()));
  SmallVector<Value> kept = ifElse(tooMany, {listed.count, listed.floor},
                                   [&]() -> SmallVector<Value> {
                                     Listed best = keepBest(listed);
                                     return {best.count, best.floor};
                                   });
  return {kept[0], kept[1]};
}

/// Lists the best of a range, after `count` keys that are listed.
TopkKernel::Listed TopkKernel::listColumns(const Range &range, Value count,
                                           Value floor) {
  SmallVector<Value> state =
      forEach(range.begin, range.end, block,
              {count, floor, loadScores(range.begin, range.end)},
              [&](Value start, ValueRange state) -> SmallVector<Value> {
                // The next tile arrives while this one is worked on.
                Value end = add(start, index(block));
                Value next = loadScores(end, range.end);
                Value column = this->count(block, toI32(start));
                Listed listed = append(
                    {state[0], state[1]}, rank(state[2], column), column,
                    state[2], compare(CmpIPredicate::slt, end, range.end));
                return {listed.count, listed.floor, next};
              });
  return {state[0], state[1]};
}

/// Lists the best of a row: at least K of them, or all.
TopkKernel::Listed TopkKernel::listRow(Value floor) {
  Value begin = alignDown(own.begin);
  SmallVector<Value> listed =
      forEach(zero, index(2), 1, {i32(0), floor},
              [&](Value attempt, ValueRange before) -> SmallVector<Value> {
                // Once more, with all keys, if the estimate was too high.
                Value isFirst = compare(CmpIPredicate::eq, attempt, zero);
                Value failed =
                    both(compare(CmpIPredicate::slt, before[0], i32(op.getK())),
                         compare(CmpIPredicate::ne, before[1], i32(0)));
                Value none = i32(0);
                Value count = choose(failed, none, before[0]);
                Value floor =
                    choose(isFirst, before[1], choose(failed, none, before[1]));
                Value end = choose(either(isFirst, failed), own.end, begin);
                Listed listed = listColumns({begin, end}, count, floor);
                return {listed.count, listed.floor};
              });
  return {listed[0], listed[1]};
}

/// Lists what the programs that share a row have listed, in order.
TopkKernel::Listed TopkKernel::listParts() {
  int64_t tiles = llvm::divideCeil(op.getK(), block);
  Value count = arith::MulIOp::create(b, parts, index(tiles));
  Value firstPart = arith::MulIOp::create(
      b, add(arith::MulIOp::create(b, row, index(op.getGroups())), group),
      parts);
  auto loadTiles = [&](Value number) -> SmallVector<Value> {
    Value part = arith::DivUIOp::create(b, number, index(tiles));
    Value place = add(
        arith::MulIOp::create(b, add(firstPart, part), index(op.getK())),
        arith::MulIOp::create(
            b, arith::RemUIOp::create(b, number, index(tiles)), index(block)));
    SmallVector<Value> loaded = {load(partRanks, place, block),
                                 load(partColumns, place, block)};
    if (values)
      loaded.push_back(load(partValues, place, block));
    return loaded;
  };
  SmallVector<Value> inits = {i32(0), i32(0)};
  llvm::append_range(inits, loadTiles(zero));
  SmallVector<Value> state = forEach(
      zero, count, 1, inits,
      [&](Value number, ValueRange state) -> SmallVector<Value> {
        Value after = add(number, index(1));
        SmallVector<Value> next = loadTiles(after);
        Value ranks = state[2];
        if (op.getK() % block != 0) {
          // The last tile of a list ends in the next one.
          Value start = arith::MulIOp::create(
              b, arith::RemUIOp::create(b, number, index(tiles)), index(block));
          Value place = this->count(block, toI32(start));
          ranks = choose(
              compare(CmpIPredicate::slt, place, splat(place, i32(op.getK()))),
              ranks, splat(place, i32(0)));
        }
        Listed list = append({state[0], state[1]}, ranks, state[3],
                             values ? state[4] : Value(),
                             compare(CmpIPredicate::slt, after, count));
        SmallVector<Value> results = {list.count, list.floor};
        llvm::append_range(results, next);
        return results;
      });
  return {state[0], state[1]};
}
