//===- Topk.cpp - Decomposition of dsa.topk -------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KeyTile.h"
#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include <limits>

using namespace mlir;
using namespace mlir::dsa;
using arith::CmpIPredicate;

namespace {
/// Emits the selection from one list of scores. Each candidate gets a *rank*,
/// an unsigned 32-bit number that orders as its score does: 0 for what cannot
/// be selected, all ones for what is kept whatever its score. A rank that only
/// the K best reach is found bit by bit; one pass in index order then takes
/// what lies above it, and as many equal ones as are still missing.
class ListEmitter {
public:
  ListEmitter(TopkOp op, Value row, Value group)
      : op(op), row(row), group(group),
        grouped(cast<ShapedType>(op.getScores().getType()).getRank() == 3) {}

  void emit(LoopBuilder &b);

private:
  /// Score, in f32, and rank of one column.
  struct Ranked {
    Value score, rank;
  };
  Ranked rankColumn(LoopBuilder &b, Value column);
  Ranked rankBlock(LoopBuilder &b, Value block);
  Value isForced(LoopBuilder &b, Value id);
  void rankCandidates(LoopBuilder &b);
  Value findThreshold(LoopBuilder &b);
  Value findLastTie(LoopBuilder &b);
  std::pair<Value, Value> classify(LoopBuilder &b, Value candidate);
  void collectRange(LoopBuilder &b, Value first, Value last, Value place,
                    Value ties);
  Value collect(LoopBuilder &b);
  void sortById(LoopBuilder &b, Value taken);

  Value count(LoopBuilder &b, Value candidates,
              function_ref<Value(LoopBuilder &, Value)> condition);
  Value count(LoopBuilder &b,
              function_ref<Value(LoopBuilder &, Value)> condition) {
    return count(b, candidates, condition);
  }
  Value compare(LoopBuilder &b, CmpIPredicate predicate, Value left,
                Value right) {
    return arith::CmpIOp::create(b, predicate, left, right);
  }
  Value asI32(LoopBuilder &b, Value i1) {
    return arith::ExtUIOp::create(b, b.getI32Type(), i1);
  }
  SmallVector<Value> at(Value column) {
    return grouped ? SmallVector<Value>{row, group, column}
                   : SmallVector<Value>{row, column};
  }
  Value getId(LoopBuilder &b, Value column) {
    return op.getIds() ? b.toIndex(b.load(op.getIds(), at(column))) : column;
  }
  void write(LoopBuilder &b, Value place, Value id, Value candidate);

  TopkOp op;
  Value row, group;
  bool grouped;
  /// Columns of scores, candidates (columns or blocks), the row's bounds.
  Value columns, candidates, begin, end, position;
  Value zero, one, ranks;
  /// The rank that those taken reach; with ids, the largest id taken of those
  /// that have it.
  Value threshold, lastTie;
  /// With ids: what was taken, in column order.
  Value takenIds, takenColumns;
  /// Without, on one thread: the candidates taken, with room for all.
  Value list;
};
} // namespace

Value ListEmitter::isForced(LoopBuilder &b, Value id) {
  Value forced;
  if (auto window = op.getWindow())
    forced = b.isWithin(id, b.sub(position, b.index((*window)[0])),
                        b.add(position, b.index((*window)[1] + 1)));
  if (int64_t first = op.getFirst().value_or(0)) {
    Value isFirst = b.isWithin(id, begin, b.add(begin, b.index(first)));
    forced = forced ? b.eitherOf(forced, isFirst) : isFirst;
  }
  return forced;
}

ListEmitter::Ranked ListEmitter::rankColumn(LoopBuilder &b, Value column) {
  Value score = b.toF32(b.load(op.getScores(), at(column)));
  Value id = getId(b, column);
  Type i32 = b.getI32Type();
  Value sign = b.i32(std::numeric_limits<int32_t>::min());
  // Both zeros have the rank of +0.
  Value isZero =
      arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, score, b.f32(0));
  Value bits = arith::SelectOp::create(b, isZero, b.i32(0),
                                       arith::BitcastOp::create(b, i32, score));
  Value isNegative = compare(b, CmpIPredicate::slt, bits, b.i32(0));
  Value rank = arith::SelectOp::create(
      b, isNegative, arith::XOrIOp::create(b, bits, b.i32(-1)),
      arith::OrIOp::create(b, bits, sign));
  if (Value forced = isForced(b, id))
    rank = arith::SelectOp::create(b, forced, b.i32(-1), rank);
  // Ordered and greater: neither NaN nor −inf.
  Value selectable =
      arith::CmpFOp::create(b, arith::CmpFPredicate::OGT, score,
                            b.f32(-std::numeric_limits<double>::infinity()));
  selectable = b.bothOf(selectable, b.isWithin(id, begin, end));
  return {score, arith::SelectOp::create(b, selectable, rank, b.i32(0))};
}

/// A block ranks as its best column does; its score is the largest of its
/// selectable columns, −inf if there is none.
ListEmitter::Ranked ListEmitter::rankBlock(LoopBuilder &b, Value block) {
  Value size = b.index(op.getBlockSize());
  Value first = b.mul(block, size);
  Value last = b.minimum(b.add(first, size), columns);
  Value minusInf = b.f32(-std::numeric_limits<double>::infinity());
  SmallVector<Value> best = b.forEach(
      first, last, one, {minusInf, b.i32(0)},
      [&](LoopBuilder &b, Value column, ValueRange best) -> SmallVector<Value> {
        Ranked ranked = rankColumn(b, column);
        Value selectable = compare(b, CmpIPredicate::ne, ranked.rank, b.i32(0));
        Value score =
            arith::SelectOp::create(b, selectable, ranked.score, minusInf);
        return {arith::MaximumFOp::create(b, best[0], score),
                arith::MaxUIOp::create(b, best[1], ranked.rank)};
      });
  return {best[0], best[1]};
}

void ListEmitter::rankCandidates(LoopBuilder &b) {
  ranks = b.scratch(candidates, b.getI32Type());
  b.forElements(candidates, [&](LoopBuilder &b, Value candidate) {
    Ranked ranked = op.getBlockSize() == 1 ? rankColumn(b, candidate)
                                           : rankBlock(b, candidate);
    b.store(ranked.rank, ranks, candidate);
  });
}

/// For how many of the first candidates `condition` holds, as an i32.
Value ListEmitter::count(LoopBuilder &b, Value candidates,
                         function_ref<Value(LoopBuilder &, Value)> condition) {
  return b.sumOver(candidates, [&](LoopBuilder &b, Value candidate) -> Value {
    return arith::ExtUIOp::create(b, b.getI32Type(), condition(b, candidate));
  });
}

/// A rank that exactly K candidates reach or, where there is none, the K-th
/// largest; 1 if fewer than K candidates can be selected. Once exactly K reach
/// what is found, what is left of the bits cannot change which: no candidate is
/// counted for them.
Value ListEmitter::findThreshold(LoopBuilder &b) {
  Value threshold = b.forEach(
      zero, b.index(32), one, {b.i32(0), candidates},
      [&](LoopBuilder &b, Value step, ValueRange found) -> SmallVector<Value> {
        Value shift = arith::IndexCastOp::create(b, b.getI32Type(), step);
        Value bit = arith::ShRUIOp::create(
            b, b.i32(std::numeric_limits<int32_t>::min()), shift);
        Value raised = arith::OrIOp::create(b, found[0], bit);
        Value reached =
            count(b, found[1], [&](LoopBuilder &b, Value candidate) {
              return compare(b, CmpIPredicate::uge, b.load(ranks, candidate),
                             raised);
            });
        Value k = b.i32(op.getK());
        Value enough = compare(b, CmpIPredicate::sge, reached, k);
        Value exact = compare(b, CmpIPredicate::eq, reached, k);
        return {arith::SelectOp::create(b, enough, raised, found[0]),
                arith::SelectOp::create(b, exact, zero, found[1])};
      })[0];
  return arith::MaxUIOp::create(b, threshold, b.i32(1));
}

/// Of the candidates at the threshold, the smallest id such that those up to it
/// fill the list.
Value ListEmitter::findLastTie(LoopBuilder &b) {
  Value above = count(b, [&](LoopBuilder &b, Value candidate) {
    return compare(b, CmpIPredicate::ugt, b.load(ranks, candidate), threshold);
  });
  Value ties = b.sub(b.i32(op.getK()), above);
  return b.forEach(
      zero, b.index(31), one, {b.i32(0)},
      [&](LoopBuilder &b, Value step, ValueRange found) -> SmallVector<Value> {
        Value shift = arith::IndexCastOp::create(b, b.getI32Type(), step);
        Value bit = arith::ShRUIOp::create(b, b.i32(1 << 30), shift);
        Value raised = arith::OrIOp::create(b, found[0], bit);
        Value below = count(b, [&](LoopBuilder &b, Value candidate) {
          Value tied = compare(b, CmpIPredicate::eq, b.load(ranks, candidate),
                               threshold);
          return b.bothOf(tied,
                          compare(b, CmpIPredicate::slt,
                                  b.load(op.getIds(), at(candidate)), raised));
        });
        Value tooFew = compare(b, CmpIPredicate::slt, below, ties);
        return {arith::SelectOp::create(b, tooFew, raised, found[0])};
      })[0];
}

void ListEmitter::write(LoopBuilder &b, Value place, Value id,
                        Value candidate) {
  b.store(arith::IndexCastOp::create(b, b.getI32Type(), id), op.getInits()[0],
          {row, group, place});
  Value values = op.getValuesInit();
  if (!values)
    return;
  Value score = op.getBlockSize() == 1
                    ? b.load(op.getScores(), at(candidate))
                    : b.toFloat(rankBlock(b, candidate).score,
                                getElementTypeOrSelf(values.getType()));
  b.store(score, values, {row, group, place});
}

/// Whether a candidate lies above the cut, and whether it ties at it: of those
/// that tie, the first few in candidate order are taken.
std::pair<Value, Value> ListEmitter::classify(LoopBuilder &b, Value candidate) {
  Value rank = b.load(ranks, candidate);
  Value above = compare(b, CmpIPredicate::ugt, rank, threshold);
  Value tied = compare(b, CmpIPredicate::eq, rank, threshold);
  if (!lastTie)
    return {above, tied};
  Value id = b.load(op.getIds(), at(candidate));
  Value isBefore = compare(b, CmpIPredicate::slt, id, lastTie);
  return {b.eitherOf(above, b.bothOf(tied, isBefore)),
          b.bothOf(tied, compare(b, CmpIPredicate::eq, id, lastTie))};
}

/// Takes from candidates `[first, last)`, in order: to places from `place` on,
/// and at most `ties` of those that tie, or all if it is null. With a list each
/// candidate is stored to its end, which moves on if that is taken: a branch
/// would be mispredicted.
void ListEmitter::collectRange(LoopBuilder &b, Value first, Value last,
                               Value place, Value ties) {
  SmallVector<Value> inits = {place};
  if (ties)
    inits.push_back(ties);
  b.forEach(
      first, last, one, inits,
      [&](LoopBuilder &b, Value candidate,
          ValueRange state) -> SmallVector<Value> {
        auto [above, tied] = classify(b, candidate);
        if (ties)
          tied = b.bothOf(tied,
                          compare(b, CmpIPredicate::sgt, state[1], b.i32(0)));
        Value take = b.eitherOf(above, tied);
        Value at = b.toIndex(state[0]);
        if (list)
          b.store(arith::IndexCastOp::create(b, b.getI32Type(), candidate),
                  list, at);
        else
          b.ifThen(take, [&](LoopBuilder &b) {
            if (!op.getIds())
              return write(b, at, candidate, candidate);
            b.store(getId(b, candidate), takenIds, at);
            b.store(candidate, takenColumns, at);
          });
        SmallVector<Value> next = {b.add(state[0], asI32(b, take))};
        if (ties)
          next.push_back(b.sub(state[1], asI32(b, tied)));
        return next;
      });
}

/// Takes the K best in candidate order; returns how many there are, an i32.
/// With several threads, each counts its share, then knows where to write.
Value ListEmitter::collect(LoopBuilder &b) {
  auto countClass = [&](bool ofTies) {
    return count(b, [&](LoopBuilder &b, Value candidate) {
      auto [above, tied] = classify(b, candidate);
      return ofTies ? tied : above;
    });
  };
  Value above = countClass(false), tied = countClass(true);
  Value ties = b.minimum(b.sub(b.i32(op.getK()), above), tied);
  int64_t threads = getLoopSchedule(op).getThreads();
  if (threads == 1) {
    if (!op.getIds())
      list = b.scratch(candidates, b.getI32Type());
    // Mostly all that tie are taken, which then need not be counted.
    auto collectAll = [&](Value ties) {
      return [=, this](LoopBuilder &b) {
        collectRange(b, zero, candidates, b.i32(0), ties);
      };
    };
    b.ifThen(compare(b, CmpIPredicate::eq, ties, tied), collectAll(Value()),
             collectAll(ties));
    Value count = b.add(above, ties);
    if (list)
      b.forElements(b.toIndex(count), [&](LoopBuilder &b, Value place) {
        Value candidate = b.toIndex(b.load(list, place));
        write(b, place, candidate, candidate);
      });
    return count;
  }

  Value aboveIn = b.scratch({threads}, b.getI32Type());
  Value tiedIn = b.scratch({threads}, b.getI32Type());
  Value share = b.ceilDiv(candidates, threads);
  auto getRange = [&](LoopBuilder &b, Value thread) {
    Value first = b.minimum(b.mul(thread, share), candidates);
    return std::pair(first, b.minimum(b.add(first, share), candidates));
  };
  b.forElements(b.index(threads), [&](LoopBuilder &b, Value thread) {
    auto [first, last] = getRange(b, thread);
    SmallVector<Value> counted =
        b.forEach(first, last, one, {b.i32(0), b.i32(0)},
                  [&](LoopBuilder &b, Value candidate,
                      ValueRange state) -> SmallVector<Value> {
                    auto [above, tied] = classify(b, candidate);
                    return {b.add(state[0], asI32(b, above)),
                            b.add(state[1], asI32(b, tied))};
                  });
    b.store(counted[0], aboveIn, thread);
    b.store(counted[1], tiedIn, thread);
  });
  b.forElements(b.index(threads), [&](LoopBuilder &b, Value thread) {
    auto [first, last] = getRange(b, thread);
    SmallVector<Value> before =
        b.forEach(zero, thread, one, {b.i32(0), b.i32(0)},
                  [&](LoopBuilder &b, Value other,
                      ValueRange state) -> SmallVector<Value> {
                    return {b.add(state[0], b.load(aboveIn, other)),
                            b.add(state[1], b.load(tiedIn, other))};
                  });
    Value tiesBefore = b.minimum(before[1], ties);
    collectRange(b, first, last, b.add(before[0], tiesBefore),
                 b.sub(ties, tiesBefore));
  });
  return b.add(above, ties);
}

/// Writes what was taken in ascending order of id: each one's place is the
/// number of those before it.
void ListEmitter::sortById(LoopBuilder &b, Value taken) {
  b.forElements(taken, [&](LoopBuilder &b, Value element) {
    Value id = b.load(takenIds, element);
    Value place = b.forEach(
        zero, taken, one, {zero},
        [&](LoopBuilder &b, Value other,
            ValueRange before) -> SmallVector<Value> {
          Value otherId = b.load(takenIds, other);
          Value isBefore = b.eitherOf(
              compare(b, CmpIPredicate::slt, otherId, id),
              b.bothOf(compare(b, CmpIPredicate::eq, otherId, id),
                       compare(b, CmpIPredicate::slt, other, element)));
          return {b.add(before[0], arith::IndexCastUIOp::create(
                                       b, b.getIndexType(), isBefore))};
        })[0];
    write(b, place, id, b.load(takenColumns, element));
  });
}

void ListEmitter::emit(LoopBuilder &b) {
  zero = b.index(0);
  one = b.index(1);
  columns = b.dim(op.getScores(), grouped ? 2 : 1);
  candidates = b.ceilDiv(columns, op.getBlockSize());
  Value most = op.getIds() ? b.index(int64_t(1) << 31) : columns;
  std::tie(begin, end) =
      getRowBounds(b, op.getLo(), op.getHi(), row, b.index(0), most);
  if (op.getPositions())
    position = b.toIndex(b.load(op.getPositions(), row));
  if (op.getIds()) {
    takenIds = b.scratch({op.getK()}, b.getIndexType());
    takenColumns = b.scratch({op.getK()}, b.getIndexType());
  }

  rankCandidates(b);
  threshold = findThreshold(b);
  if (op.getIds())
    lastTie = findLastTie(b);
  Value count = collect(b);
  b.store(count, op.getInits()[1], {row, group});
  Value taken = b.toIndex(count);
  if (op.getIds())
    sortById(b, taken);
  Value missing = b.sub(b.index(op.getK()), taken);
  b.forElements(missing, [&](LoopBuilder &b, Value offset) {
    Value place = b.add(taken, offset);
    b.store(b.i32(-1), op.getInits()[0], {row, group, place});
    if (Value values = op.getValuesInit())
      b.store(arith::ConstantOp::create(
                  b, b.getFloatAttr(getElementTypeOrSelf(values.getType()),
                                    -std::numeric_limits<double>::infinity())),
              values, {row, group, place});
  });
}

namespace {
struct DecomposeTopk : public OpRewritePattern<TopkOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(TopkOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureBufferSemantics())
      return failure();
    LoopBuilder b(op.getLoc(), rewriter);
    SmallVector<Value> bounds = {b.dim(op.getInits()[0], 0),
                                 b.index(op.getGroups())};
    b.forAll(bounds, [&](LoopBuilder &b, ValueRange ivs) {
      ListEmitter(op, ivs[0], ivs[1]).emit(b);
    });
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void dsa::populateDecomposeTopkPatterns(RewritePatternSet &patterns) {
  patterns.add<DecomposeTopk>(patterns.getContext());
}
