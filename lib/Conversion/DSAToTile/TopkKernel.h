//===- TopkKernel.h - The kernel of a top-k ---------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_CONVERSION_DSATOTILE_TOPKKERNEL_H
#define DSA_LIB_CONVERSION_DSATOTILE_TOPKKERNEL_H

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::dsa {

/// Builds the kernel of one operation. A key's *rank* is an unsigned number
/// that orders as its score does: 0 for what cannot be selected, all ones for
/// what is kept whatever its score.
class TopkKernel {
public:
  TopkKernel(PatternRewriter &rewriter, TopkOp op,
             dsa_tile::TopkScheduleAttr schedule)
      : b(op.getLoc(), rewriter), op(op), schedule(schedule),
        element(
            cast<FloatType>(getElementTypeOrSelf(op.getScores().getType()))),
        block(schedule.getBlockKeys()), zero(index(0)) {}

  void build();

private:
  /// How many keys are listed, and the rank that further ones must exceed.
  struct Listed {
    Value count, floor;
  };
  /// Some of a row's columns: the first, and the one behind the last.
  struct Range {
    Value begin, end;
  };

  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  }
  Value i32(int64_t value) {
    return arith::ConstantOp::create(
        b,
        b.getIntegerAttr(b.getI32Type(), APInt(32, value, /*isSigned=*/true)));
  }
  Value toI32(Value value) {
    return arith::IndexCastOp::create(b, b.getI32Type(), value);
  }
  Value toIndex(Value value) {
    return arith::IndexCastOp::create(b, b.getIndexType(), value);
  }
  Value add(Value left, Value right) {
    return arith::AddIOp::create(b, left, right);
  }
  Value sub(Value left, Value right) {
    return arith::SubIOp::create(b, left, right);
  }
  Value compare(arith::CmpIPredicate predicate, Value left, Value right) {
    return arith::CmpIOp::create(b, predicate, left, right);
  }
  Value both(Value left, Value right) {
    return arith::AndIOp::create(b, left, right);
  }
  Value either(Value left, Value right) {
    return arith::OrIOp::create(b, left, right);
  }
  Value choose(Value condition, Value then, Value otherwise) {
    return arith::SelectOp::create(b, condition, then, otherwise);
  }
  Value clamp(Value value, const Range &range) {
    return arith::MinSIOp::create(
        b, arith::MaxSIOp::create(b, value, range.begin), range.end);
  }

  RankedTensorType tile(int64_t extent, Type type) {
    return RankedTensorType::get({extent}, type);
  }
  /// A number for every element of a tile like `like`.
  Value splat(Value like, Value value) {
    return dsa_tile::SplatOp::create(
        b, cast<RankedTensorType>(like.getType()).clone(value.getType()),
        value);
  }
  Value count(int64_t extent, Value first) {
    Value own = dsa_tile::IotaOp::create(b, tile(extent, b.getI32Type()), 0);
    return add(own, splat(own, first));
  }
  Value load(Value source, Value place, int64_t extent) {
    return dsa_tile::LoadOp::create(
        b, tile(extent, getElementTypeOrSelf(source.getType())), source, place,
        ArrayRef<int64_t>{extent}, /*slots=*/1);
  }
  Value isInside(Value column, const Range &range);
  Value loadScores(Value column, Value end);
  Value rank(Value scores, Value columnOrNull);
  SmallVector<Value> ifElse(Value condition, ValueRange otherwise,
                            function_ref<SmallVector<Value>()> build);
  SmallVector<Value>
  forEach(Value begin, Value end, int64_t step, ValueRange inits,
          function_ref<SmallVector<Value>(Value, ValueRange)> build);

  Range getBounds(Value row);
  void findForced(Value row);
  Value alignDown(Value column);
  Value estimateFloor();
  Listed append(Listed listed, Value tile, Value column, Value score,
                Value more);
  Listed keepBest(Listed listed);
  Listed shorten(Listed listed);
  Listed listColumns(const Range &range, Value count, Value floor);
  Listed listRow(Value floor);
  Listed listParts();
  void store(Value tile, Value dest, Value place);
  void writeList(Value taken);
  void writePart(Value number, Listed listed, Value floor);

  void begin(ValueRange program);
  void buildWhole(ValueRange program);
  void buildPart(ValueRange program);
  void buildMerge(ValueRange program);
  void launch(ArrayRef<OpFoldResult> programs,
              void (TopkKernel::*build)(ValueRange));
  Value countParts(Value rows);

  ImplicitLocOpBuilder b;
  TopkOp op;
  dsa_tile::TopkScheduleAttr schedule;
  FloatType element;
  int64_t block;
  Value zero;

  /// The program's row and list. All scores in a row, and where its own begin.
  Value row, group, scores, first;
  /// What the row sees, of that what the program lists, and what is kept
  /// whatever its score.
  Range visible, own;
  SmallVector<Range> forced;
  /// How many programs share a row. For each of them: its keys' ranks, columns
  /// and scores, how many there are, and the floor that it began with.
  Value parts, partRanks, partColumns, partValues, partCounts, partFloors;
  /// In shared memory: rank, column and score of each listed key; counts.
  Value ranks, columns, values, counts;
};

} // namespace mlir::dsa

#endif // DSA_LIB_CONVERSION_DSATOTILE_TOPKKERNEL_H
