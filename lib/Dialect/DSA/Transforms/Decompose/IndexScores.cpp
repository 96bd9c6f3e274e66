//===- IndexScores.cpp - Decomposition of dsa.index_scores ----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KeyTile.h"
#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include <limits>

using namespace mlir;
using namespace mlir::dsa;

namespace {
/// Emits the body for one block of rows and one chunk of keys: keys are
/// converted a tile at a time, and each tile serves all rows of the block.
class BlockEmitter {
public:
  BlockEmitter(IndexScoresOp op, Value firstRow, Value rowCount,
               Value chunkBegin, Value chunkEnd, LoopScheduleAttr schedule)
      : op(op), firstRow(firstRow), rowCount(rowCount), chunkBegin(chunkBegin),
        chunkEnd(chunkEnd), blockRows(getBlockRows(op, schedule)),
        blockKeys(schedule.getBlockKeys()), chunked(schedule.getChunkKeys()) {
    ArrayRef<int64_t> shape = cast<ShapedType>(op.getQ().getType()).getShape();
    heads = shape[1];
    width = shape[2];
    lanes = padToVector(heads);
  }

  /// Rows of different sequences share no keys.
  static int64_t getBlockRows(IndexScoresOp op, LoopScheduleAttr schedule) {
    return op.getSeq() ? 1 : schedule.getBlockRows();
  }

  void emit(LoopBuilder &b);

private:
  void loadQueries(LoopBuilder &b);
  void loadLinear(LoopBuilder &b);
  void fillOutside(LoopBuilder &b);
  void findPages(LoopBuilder &b, Value firstKey, Value keyCount);
  void loadKeys(LoopBuilder &b, Value firstKey, Value keyCount);
  void loadPagedKeys(LoopBuilder &b, Value firstKey, Value keyCount);
  void scoreRow(LoopBuilder &b, Value row, Value firstKey);

  Value getRowOf(LoopBuilder &b, Value row) { return b.add(firstRow, row); }
  void forEachRow(LoopBuilder &b,
                  function_ref<void(LoopBuilder &, Value)> body) {
    b.forEach(b.index(0), rowCount, b.index(1), body);
  }

  IndexScoresOp op;
  Value firstRow, rowCount, chunkBegin, chunkEnd;
  int64_t blockRows, blockKeys, heads, width, lanes;
  bool chunked;
  Sequence sequence;
  /// Scratch: queries [rows, D, lanes], weights [rows, lanes], bounds [rows],
  /// keys [keys, D], key scales [keys], products [keys, lanes], sums [keys];
  /// with a linear clause, its vectors [rows, D]; with pages, those of the keys
  /// [keys], -1 where there is none.
  Value queries, weights, begins, ends, keys, keyScales, products, sums, linear,
      pages;
};
} // namespace

/// Queries are stored with heads innermost: a vector then spans heads. Weights
/// take in whatever scales a head.
void BlockEmitter::loadQueries(LoopBuilder &b) {
  queries = b.scratch({blockRows, width, lanes}, b.getF32Type());
  weights = b.scratch({blockRows, lanes}, b.getF32Type());
  bool halves = op.getActivation() == Activation::HalfAbs;
  OpFoldResult zero = b.getIndexAttr(0), one = b.getIndexAttr(1);
  OpFoldResult allHeads = b.getIndexAttr(heads);
  OpFoldResult all = b.getIndexAttr(width);
  forEachRow(b, [&](LoopBuilder &b, Value local) {
    Value row = getRowOf(b, local);
    // What pads heads to whole vectors.
    if (lanes > heads) {
      OpFoldResult allLanes = b.getIndexAttr(lanes);
      b.fill(b.f32(0), b.part(queries, {local, zero, zero},
                              {one, all, allLanes}, /*dropped=*/{0}));
      b.fill(b.f32(0),
             b.part(weights, {local, zero}, {one, allLanes}, /*dropped=*/{0}));
    }
    Value query = b.part(op.getQ(), {row, zero, zero}, {one, allHeads, all},
                         /*dropped=*/{0});
    Value query32 = b.part(queries, {local, zero, zero}, {one, all, allHeads},
                           /*dropped=*/{0});
    b.generic({query}, query32, {{1, 0}, {0, 1}},
              [](LoopBuilder &b, ValueRange args) { return b.toF32(args[0]); });
    SmallVector<Value> factors;
    for (Value factor : {op.getWeights(), op.getQScale()})
      if (factor)
        factors.push_back(
            b.part(factor, {row, zero}, {one, allHeads}, /*dropped=*/{0}));
    SmallVector<SmallVector<unsigned>> maps(factors.size() + 1, {0});
    b.generic(factors,
              b.part(weights, {local, zero}, {one, allHeads}, /*dropped=*/{0}),
              maps, [&](LoopBuilder &b, ValueRange args) {
                Value product = b.f32(halves ? 0.5 : 1);
                for (Value factor : args.drop_back())
                  product = arith::MulFOp::create(b, product, b.toF32(factor));
                return product;
              });
  });
}

/// The terms of a row make one vector, in f32.
void BlockEmitter::loadLinear(LoopBuilder &b) {
  Value terms = op.getLinearTerms(), scales = op.getLinearScales();
  if (!terms)
    return;
  linear = b.scratch({blockRows, width}, b.getF32Type());
  b.fill(b.f32(0), linear);
  OpFoldResult zero = b.getIndexAttr(0), one = b.getIndexAttr(1);
  OpFoldResult all = b.getIndexAttr(width);
  OpFoldResult count =
      b.getIndexAttr(cast<ShapedType>(terms.getType()).getDimSize(1));
  forEachRow(b, [&](LoopBuilder &b, Value local) {
    Value row = getRowOf(b, local);
    // Loops: element, term.
    b.generic({b.part(terms, {row, zero, zero}, {one, count, all},
                      /*dropped=*/{0}),
               b.part(scales, {row, zero}, {one, count}, /*dropped=*/{0})},
              b.part(linear, {local, zero}, {one, all}, /*dropped=*/{0}),
              {{1, 0}, {1}, {0}}, [](LoopBuilder &b, ValueRange args) -> Value {
                return math::FmaOp::create(b, b.toF32(args[0]), args[1],
                                           args[2]);
              });
  });
}

/// Writes −inf to the chunk's keys outside each row's bounds, and notes which
/// are within.
void BlockEmitter::fillOutside(LoopBuilder &b) {
  begins = b.scratch({blockRows}, b.getIndexType());
  ends = b.scratch({blockRows}, b.getIndexType());
  Value scores = op.getInits()[0];
  Type scoreType = getElementTypeOrSelf(scores.getType());
  Value minusInf = arith::ConstantOp::create(
      b, b.getFloatAttr(scoreType, -std::numeric_limits<double>::infinity()));
  forEachRow(b, [&](LoopBuilder &b, Value local) {
    Value row = getRowOf(b, local);
    auto [begin, end] =
        getRowBounds(b, op.getLo(), op.getHi(), row, chunkBegin, chunkEnd);
    if (sequence.exists)
      end = arith::SelectOp::create(b, sequence.exists, end, begin);
    b.store(begin, begins, local);
    b.store(end, ends, local);
    OpFoldResult one = b.getIndexAttr(1);
    b.fill(minusInf, b.part(scores, {row, chunkBegin},
                            {one, b.sub(begin, chunkBegin)}, /*dropped=*/{0}));
    b.fill(minusInf, b.part(scores, {row, end}, {one, b.sub(chunkEnd, end)},
                            /*dropped=*/{0}));
  });
}

/// Notes the page of each key of a tile.
void BlockEmitter::findPages(LoopBuilder &b, Value firstKey, Value keyCount) {
  Value table = op.getTable();
  Value tablePages = b.dim(table, sequence.number ? 1 : 0);
  Value pageKeys = b.index(op.getPageKeys());
  b.forElements(keyCount, [&](LoopBuilder &b, Value slot) {
    b.store(b.index(-1), pages, slot);
    Value entry = arith::DivUIOp::create(b, b.add(firstKey, slot), pageKeys);
    b.ifThen(b.isWithin(entry, b.index(0), tablePages), [&](LoopBuilder &b) {
      SmallVector<Value> position = {entry};
      if (sequence.number)
        position.insert(position.begin(), sequence.number);
      Value page = b.toIndex(b.load(table, position));
      b.ifThen(b.isWithin(page, b.index(0), b.dim(op.getK(), 0)),
               [&](LoopBuilder &b) { b.store(page, pages, slot); });
    });
  });
}

void BlockEmitter::loadPagedKeys(LoopBuilder &b, Value firstKey,
                                 Value keyCount) {
  findPages(b, firstKey, keyCount);
  auto locate = [&](LoopBuilder &b, Value slot) {
    Value page = b.load(pages, slot);
    Value key = arith::RemUIOp::create(b, b.add(firstKey, slot),
                                       b.index(op.getPageKeys()));
    Value exists =
        arith::CmpIOp::create(b, arith::CmpIPredicate::sge, page, b.index(0));
    return std::tuple(page, key, exists);
  };
  b.forEach(b.index(0), keyCount, b.index(1), [&](LoopBuilder &b, Value slot) {
    auto [page, key, exists] = locate(b, slot);
    b.ifThen(
        exists,
        [&](LoopBuilder &b) {
          loadKey(b, {op.getK(), page, /*head=*/Value()}, key, keys, slot);
        },
        [&](LoopBuilder &b) { clearKey(b, width, keys, slot); });
  });
  if (!op.getKScale())
    return;
  b.forElements(keyCount, [&](LoopBuilder &b, Value slot) {
    auto [page, key, exists] = locate(b, slot);
    b.store(b.f32(0), keyScales, slot);
    b.ifThen(exists, [&](LoopBuilder &b) {
      b.store(b.load(op.getKScale(), {page, key}), keyScales, slot);
    });
  });
}

void BlockEmitter::loadKeys(LoopBuilder &b, Value firstKey, Value keyCount) {
  if (op.getTable())
    return loadPagedKeys(b, firstKey, keyCount);
  b.forEach(b.index(0), keyCount, b.index(1), [&](LoopBuilder &b, Value slot) {
    loadKey(b, {op.getK(), sequence.number, /*head=*/Value()},
            b.add(firstKey, slot), keys, slot);
  });
  if (!op.getKScale())
    return;
  b.forElements(keyCount, [&](LoopBuilder &b, Value slot) {
    SmallVector<Value> position = {b.add(firstKey, slot)};
    if (sequence.number)
      position.insert(position.begin(), sequence.number);
    b.store(b.load(op.getKScale(), position), keyScales, slot);
  });
}

void BlockEmitter::scoreRow(LoopBuilder &b, Value local, Value firstKey) {
  OpFoldResult zero = b.getIndexAttr(0), one = b.getIndexAttr(1);
  Value query = b.part(queries, {local, zero, zero},
                       {one, b.getIndexAttr(width), b.getIndexAttr(lanes)},
                       /*dropped=*/{0});
  Value weight =
      b.part(weights, {local, zero}, {one, b.getIndexAttr(lanes)}, {0});
  auto multiply = [](LoopBuilder &b, ValueRange args) -> Value {
    return math::FmaOp::create(b, args[0], args[1], args[2]);
  };
  b.fill(b.f32(0), products);
  // Loops: key, head, element.
  b.generic({keys, query}, products, {{0, 2}, {2, 1}, {0, 1}}, multiply);
  // Queries of zeros give NaN where a key is infinite.
  if (lanes > heads)
    b.fill(b.f32(0),
           b.part(products, {zero, b.getIndexAttr(heads)},
                  {b.getIndexAttr(blockKeys), b.getIndexAttr(lanes - heads)}));
  b.fill(b.f32(0), sums);
  if (linear)
    b.generic({keys, b.part(linear, {local, zero}, {one, b.getIndexAttr(width)},
                            {0})},
              sums, {{0, 1}, {1}, {0}}, multiply);
  Activation activation = op.getActivation();
  b.generic({products, weight}, sums, {{0, 1}, {1}, {0}},
            [&](LoopBuilder &b, ValueRange args) -> Value {
              Value x = args[0];
              if (activation == Activation::Relu)
                x = arith::MaximumFOp::create(b, x, b.f32(0));
              else if (activation == Activation::HalfAbs)
                x = math::AbsFOp::create(b, x);
              return math::FmaOp::create(b, x, args[1], args[2]);
            });
  Value scores = op.getInits()[0];
  Value row = getRowOf(b, local);
  Value begin = b.maximum(b.load(begins, local), firstKey);
  Value end =
      b.minimum(b.load(ends, local), b.add(firstKey, b.index(blockKeys)));
  b.forElements(b.sub(end, begin), [&](LoopBuilder &b, Value offset) {
    Value key = b.add(begin, offset);
    Value slot = b.sub(key, firstKey);
    Value score = b.load(sums, slot);
    if (op.getKScale())
      score = arith::MulFOp::create(b, score, b.load(keyScales, slot));
    if (op.getTable()) {
      Value isHole = arith::CmpIOp::create(b, arith::CmpIPredicate::slt,
                                           b.load(pages, slot), b.index(0));
      score = arith::SelectOp::create(
          b, isHole, b.f32(-std::numeric_limits<double>::infinity()), score);
    }
    b.store(b.toFloat(score, getElementTypeOrSelf(scores.getType())), scores,
            {row, key});
  });
}

void BlockEmitter::emit(LoopBuilder &b) {
  // With sequences, a block is one row.
  sequence = getSequence(b, op.getSeq(),
                         op.getTable() ? op.getTable() : op.getK(), firstRow);
  fillOutside(b);
  // Rows without keys have begin = end somewhere; they may widen the range but
  // never miss a key.
  SmallVector<Value> range = b.forEach(
      b.index(0), rowCount, b.index(1), {chunkEnd, chunkBegin},
      [&](LoopBuilder &b, Value local, ValueRange range) -> SmallVector<Value> {
        return {b.minimum(range[0], b.load(begins, local)),
                b.maximum(range[1], b.load(ends, local))};
      });
  // Causal rows see nothing of many chunks.
  if (op.getLo() && chunked)
    rowCount = arith::SelectOp::create(
        b,
        arith::CmpIOp::create(b, arith::CmpIPredicate::slt, range[0], range[1]),
        rowCount, b.index(0));
  loadQueries(b);
  loadLinear(b);
  keys = b.scratch({blockKeys, width}, b.getF32Type());
  keyScales = b.scratch({blockKeys}, b.getF32Type());
  products = b.scratch({blockKeys, lanes}, b.getF32Type());
  sums = b.scratch({blockKeys}, b.getF32Type());
  if (op.getTable())
    pages = b.scratch({blockKeys}, b.getIndexType());
  b.forEach(range[0], range[1], b.index(blockKeys),
            [&](LoopBuilder &b, Value firstKey) {
              Value keyCount =
                  b.minimum(b.index(blockKeys), b.sub(range[1], firstKey));
              loadKeys(b, firstKey, keyCount);
              forEachRow(b, [&](LoopBuilder &b, Value local) {
                scoreRow(b, local, firstKey);
              });
            });
}

namespace {
struct DecomposeIndexScores : public OpRewritePattern<IndexScoresOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(IndexScoresOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureBufferSemantics())
      return failure();
    if (cast<ShapedType>(op.getInits()[0].getType()).getDimSize(1) == 0) {
      // No keys, no scores.
      rewriter.eraseOp(op);
      return success();
    }
    LoopScheduleAttr schedule = getLoopSchedule(op);
    int64_t blockRows = BlockEmitter::getBlockRows(op, schedule);
    int64_t chunkKeys = schedule.getChunkKeys();
    LoopBuilder b(op.getLoc(), rewriter);
    Value rows = b.dim(op.getQ(), 0);
    Value count = b.dim(op.getInits()[0], 1);
    SmallVector<Value> blocks = {b.ceilDiv(rows, blockRows)};
    if (chunkKeys)
      blocks.push_back(b.ceilDiv(count, chunkKeys));
    b.forAll(blocks, [&](LoopBuilder &b, ValueRange ivs) {
      Value firstRow = b.mul(ivs[0], b.index(blockRows));
      Value rowCount = b.minimum(b.index(blockRows), b.sub(rows, firstRow));
      Value begin = b.index(0), end = count;
      if (chunkKeys) {
        begin = b.mul(ivs[1], b.index(chunkKeys));
        end = b.minimum(b.add(begin, b.index(chunkKeys)), count);
      }
      BlockEmitter(op, firstRow, rowCount, begin, end, schedule).emit(b);
    });
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void dsa::populateDecomposeIndexScoresPatterns(RewritePatternSet &patterns) {
  patterns.add<DecomposeIndexScores>(patterns.getContext());
}
