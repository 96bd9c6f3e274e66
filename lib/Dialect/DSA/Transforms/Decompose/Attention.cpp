//===- Attention.cpp - Decomposition of sparse and dense attention --------===//
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
#include <numbers>

using namespace mlir;
using namespace mlir::dsa;

static constexpr double kMinusInf = -std::numeric_limits<double>::infinity();
/// The running maximum before the first key: finite, so that no difference of
/// infinities arises, and above no score but −inf.
static constexpr double kLowest = std::numeric_limits<float>::lowest();

namespace {
/// The keys of one row: candidates are numbered `[begin, end)`.
struct Candidates {
  Value begin, end;
  /// Emits the key of one candidate and whether it is there to be read.
  std::function<std::pair<Value, Value>(LoopBuilder &, Value)> locate;
};

/// Emits attention of a group of query heads of one row that share their keys:
/// the online softmax over tiles of keys, vectors spanning heads.
template <typename OpTy> class GroupEmitter {
public:
  GroupEmitter(OpTy op, int64_t groups, Value row, Value group)
      : op(op), row(row), group(group), heads(op.getHeads() / groups),
        width(op.getKeyWidth()), valueWidth(op.getValueWidth()),
        blockKeys(getLoopSchedule(op).getBlockKeys()),
        lanes(padToVector(heads)), columns(padToVector(valueWidth)) {}

  void emit(LoopBuilder &b, Sequence sequence, Value keyHead,
            const Candidates &candidates);

private:
  void loadQueries(LoopBuilder &b);
  void loadTile(LoopBuilder &b, Value first, Sequence sequence, Value keyHead,
                const Candidates &candidates);
  void scoreTile(LoopBuilder &b);
  void updateSoftmax(LoopBuilder &b);
  void accumulate(LoopBuilder &b);
  void writeResults(LoopBuilder &b);

  Value scratch(LoopBuilder &b, ArrayRef<int64_t> shape, double value) {
    Value memref = b.scratch(shape, b.getF32Type());
    b.fill(b.f32(value), memref);
    return memref;
  }

  OpTy op;
  Value row, group;
  int64_t heads, width, valueWidth, blockKeys, lanes, columns;
  /// Scratch, all f32: queries [D, lanes], keys and values [keys, ·], valid
  /// [keys] (1 or 0), logits [keys, lanes] (then probabilities), and for each
  /// lane the running maximum (base 2), sum, and sum of values.
  Value queries, keys, values, valid, logits, maxima, oldMaxima, sums, outs;
};
} // namespace

/// Queries times scale and log2(e): softmax is then a power of two.
template <typename OpTy> void GroupEmitter<OpTy>::loadQueries(LoopBuilder &b) {
  queries = scratch(b, {width, lanes}, 0);
  OpFoldResult zero = b.getIndexAttr(0), one = b.getIndexAttr(1);
  OpFoldResult groupHeads = b.getIndexAttr(heads), all = b.getIndexAttr(width);
  Value firstHead = b.mul(group, b.index(heads));
  Value from = b.part(op.getQ(), {row, firstHead, zero}, {one, groupHeads, all},
                      /*dropped=*/{0});
  Value to = b.part(queries, {zero, zero}, {all, groupHeads});
  Value scale =
      b.f32(op.getScale().convertToDouble() * std::numbers::log2e_v<double>);
  b.generic({from}, to, {{1, 0}, {0, 1}},
            [&](LoopBuilder &b, ValueRange args) -> Value {
              return arith::MulFOp::create(b, b.toF32(args[0]), scale);
            });
}

/// Keys that are not there become zeros, so that nothing of what memory held
/// reaches a product.
template <typename OpTy>
void GroupEmitter<OpTy>::loadTile(LoopBuilder &b, Value first,
                                  Sequence sequence, Value keyHead,
                                  const Candidates &candidates) {
  KeySource keySource{op.getKey(), sequence.number, keyHead};
  KeySource valueSource{op.getValue(), sequence.number, keyHead};
  b.forEach(b.index(0), b.index(blockKeys), b.index(1),
            [&](LoopBuilder &b, Value slot) {
              Value candidate = b.add(first, slot);
              auto isCandidate = arith::CmpIOp::create(
                  b, arith::CmpIPredicate::slt, candidate, candidates.end);
              auto clear = [&](LoopBuilder &b) {
                b.store(b.f32(0), valid, slot);
                clearKey(b, width, keys, slot);
                if (op.getValue())
                  clearKey(b, valueWidth, values, slot);
              };
              b.ifThen(
                  isCandidate,
                  [&](LoopBuilder &b) {
                    auto [key, exists] = candidates.locate(b, candidate);
                    b.ifThen(
                        exists,
                        [&](LoopBuilder &b) {
                          b.store(b.f32(1), valid, slot);
                          loadKey(b, keySource, key, keys, slot);
                          if (op.getValue())
                            loadKey(b, valueSource, key, values, slot);
                        },
                        clear);
                  },
                  clear);
            });
}

template <typename OpTy> void GroupEmitter<OpTy>::scoreTile(LoopBuilder &b) {
  b.fill(b.f32(0), logits);
  OpFoldResult zero = b.getIndexAttr(0);
  Value keyPart = b.part(keys, {zero, zero},
                         {b.getIndexAttr(blockKeys), b.getIndexAttr(width)});
  // Loops: key, head, element.
  b.generic({keyPart, queries}, logits, {{0, 2}, {2, 1}, {0, 1}},
            [](LoopBuilder &b, ValueRange args) -> Value {
              return math::FmaOp::create(b, args[0], args[1], args[2]);
            });
  b.generic({valid}, logits, {{0}, {0, 1}},
            [](LoopBuilder &b, ValueRange args) -> Value {
              Value isValid = arith::CmpFOp::create(
                  b, arith::CmpFPredicate::ONE, args[0], b.f32(0));
              return arith::SelectOp::create(b, isValid, args[1],
                                             b.f32(kMinusInf));
            });
}

template <typename OpTy>
void GroupEmitter<OpTy>::updateSoftmax(LoopBuilder &b) {
  b.generic({maxima}, oldMaxima, {{0}, {0}},
            [](LoopBuilder &, ValueRange args) { return args[0]; });
  b.generic({logits}, maxima, {{1, 0}, {0}},
            [](LoopBuilder &b, ValueRange args) -> Value {
              return arith::MaximumFOp::create(b, args[1], args[0]);
            });
  // oldMaxima becomes the factor by which older sums shrink.
  b.generic({maxima}, oldMaxima, {{0}, {0}},
            [](LoopBuilder &b, ValueRange args) -> Value {
              return math::Exp2Op::create(
                  b, arith::SubFOp::create(b, args[1], args[0]));
            });
  b.generic({maxima}, logits, {{1}, {0, 1}},
            [](LoopBuilder &b, ValueRange args) -> Value {
              return math::Exp2Op::create(
                  b, arith::SubFOp::create(b, args[1], args[0]));
            });
  b.generic({oldMaxima}, sums, {{0}, {0}},
            [](LoopBuilder &b, ValueRange args) -> Value {
              return arith::MulFOp::create(b, args[1], args[0]);
            });
  b.generic({logits}, sums, {{1, 0}, {0}},
            [](LoopBuilder &b, ValueRange args) -> Value {
              return arith::AddFOp::create(b, args[1], args[0]);
            });
}

template <typename OpTy> void GroupEmitter<OpTy>::accumulate(LoopBuilder &b) {
  b.generic({oldMaxima}, outs, {{0}, {0, 1}},
            [](LoopBuilder &b, ValueRange args) -> Value {
              return arith::MulFOp::create(b, args[1], args[0]);
            });
  OpFoldResult zero = b.getIndexAttr(0);
  Value valuePart =
      b.part(op.getValue() ? values : keys, {zero, zero},
             {b.getIndexAttr(blockKeys), b.getIndexAttr(columns)});
  // Loops: head, column, key.
  b.generic({logits, valuePart}, outs, {{2, 0}, {2, 1}, {0, 1}},
            [](LoopBuilder &b, ValueRange args) -> Value {
              return math::FmaOp::create(b, args[0], args[1], args[2]);
            });
}

/// Divides by the sums; the running sums become those factors.
template <typename OpTy> void GroupEmitter<OpTy>::writeResults(LoopBuilder &b) {
  Value firstHead = b.mul(group, b.index(heads));
  b.forElements(b.index(heads), [&](LoopBuilder &b, Value lane) {
    Value head = b.add(firstHead, lane);
    Value sum = b.load(sums, lane), maximum = b.load(maxima, lane);
    Value isDead =
        arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, sum, b.f32(0));
    auto store = [&](Value value, Value memref) {
      b.store(arith::SelectOp::create(b, isDead, b.f32(kMinusInf), value),
              memref, {row, head});
    };
    Value naturalMax =
        arith::MulFOp::create(b, maximum, b.f32(std::numbers::ln2_v<double>));
    store(arith::AddFOp::create(b, math::LogOp::create(b, sum), naturalMax),
          op.getInits()[1]);
    if (op.getMaxInit())
      store(naturalMax, op.getMaxInit());

    Value denominator = sum;
    if (op.getSink()) {
      Value sink = arith::MulFOp::create(b, b.load(op.getSink(), head),
                                         b.f32(std::numbers::log2e_v<double>));
      denominator = arith::AddFOp::create(
          b, sum,
          math::Exp2Op::create(b, arith::SubFOp::create(b, sink, maximum)));
    }
    Value inverse = arith::DivFOp::create(b, b.f32(1), denominator);
    b.store(arith::SelectOp::create(b, isDead, b.f32(0), inverse), sums, lane);
  });
  OpFoldResult zero = b.getIndexAttr(0), one = b.getIndexAttr(1);
  OpFoldResult groupHeads = b.getIndexAttr(heads);
  OpFoldResult all = b.getIndexAttr(valueWidth);
  Type outType = getElementTypeOrSelf(op.getInits()[0].getType());
  b.generic({b.part(outs, {zero, zero}, {groupHeads, all}),
             b.part(sums, {zero}, {groupHeads})},
            b.part(op.getInits()[0], {row, firstHead, zero},
                   {one, groupHeads, all}, /*dropped=*/{0}),
            {{0, 1}, {0}, {0, 1}}, [&](LoopBuilder &b, ValueRange args) {
              return b.toFloat(arith::MulFOp::create(b, args[0], args[1]),
                               outType);
            });
}

template <typename OpTy>
void GroupEmitter<OpTy>::emit(LoopBuilder &b, Sequence sequence, Value keyHead,
                              const Candidates &candidates) {
  loadQueries(b);
  // Where the values are columns of K, its tile must span whole vectors of
  // them.
  int64_t keyColumns = op.getValue() ? width : std::max(width, columns);
  keys = scratch(b, {blockKeys, keyColumns}, 0);
  if (op.getValue())
    values = scratch(b, {blockKeys, columns}, 0);
  valid = b.scratch({blockKeys}, b.getF32Type());
  logits = b.scratch({blockKeys, lanes}, b.getF32Type());
  oldMaxima = b.scratch({lanes}, b.getF32Type());
  maxima = scratch(b, {lanes}, kLowest);
  sums = scratch(b, {lanes}, 0);
  outs = scratch(b, {lanes, columns}, 0);
  b.forEach(candidates.begin, candidates.end, b.index(blockKeys),
            [&](LoopBuilder &b, Value first) {
              loadTile(b, first, sequence, keyHead, candidates);
              scoreTile(b);
              updateSoftmax(b);
              accumulate(b);
            });
  writeResults(b);
}

//===----------------------------------------------------------------------===//
// Which keys
//===----------------------------------------------------------------------===//

/// The entries of the row's list, `block` keys each.
static Candidates getCandidates(LoopBuilder &b, SparseAttentionOp op, Value row,
                                Value group, int64_t groups) {
  auto listType = cast<ShapedType>(op.getIndices().getType());
  Value list = listType.getDimSize(1) == 1 ? b.index(0) : group;
  // A list a key head serves all groups of query heads under that head.
  if (listType.getDimSize(1) > 1 && listType.getDimSize(1) < groups)
    list = arith::DivUIOp::create(b, group,
                                  b.index(groups / listType.getDimSize(1)));
  Value entries = b.index(listType.getDimSize(2));
  if (op.getLengths())
    entries = b.clamp(b.toIndex(b.load(op.getLengths(), {row, list})),
                      b.index(0), entries);
  int64_t block = op.getBlock().value_or(1);
  Value count = b.dim(op.getKey(), op.getSeq() ? 1 : 0);
  auto locate = [=](LoopBuilder &b,
                    Value candidate) mutable -> std::pair<Value, Value> {
    Value entry = candidate;
    if (block > 1)
      entry = arith::DivUIOp::create(b, candidate, b.index(block));
    Value key = b.toIndex(b.load(op.getIndices(), {row, list, entry}));
    if (block > 1) {
      Value within = arith::RemUIOp::create(b, candidate, b.index(block));
      key = b.add(b.mul(key, b.index(block)), within);
    }
    return {key, b.isWithin(key, b.index(0), count)};
  };
  return {b.index(0), b.mul(entries, b.index(block)), locate};
}

/// The keys within the row's bounds and window.
static Candidates getCandidates(LoopBuilder &b, AttentionOp op, Value row,
                                Value group, int64_t groups) {
  Value count = b.dim(op.getKey(), op.getSeq() ? 1 : 0);
  auto [begin, end] =
      getRowBounds(b, op.getLo(), op.getHi(), row, b.index(0), count);
  if (auto window = op.getWindow()) {
    Value position = b.toIndex(b.load(op.getPositions(), row));
    begin = b.maximum(begin, b.sub(position, b.index((*window)[0])));
    end = b.minimum(end, b.add(position, b.index((*window)[1] + 1)));
  }
  auto locate = [](LoopBuilder &b, Value candidate) -> std::pair<Value, Value> {
    return {candidate, arith::ConstantIntOp::create(b, b.getI1Type(), 1)};
  };
  return {begin, end, locate};
}

/// How many groups of query heads have keys of their own.
static int64_t getGroups(SparseAttentionOp op) {
  int64_t lists = cast<ShapedType>(op.getIndices().getType()).getDimSize(1);
  return std::max(lists, op.getKeyHeads());
}
static int64_t getGroups(AttentionOp op) { return op.getKeyHeads(); }

namespace {
template <typename OpTy>
struct DecomposeAttention : public OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureBufferSemantics())
      return failure();
    LoopBuilder b(op.getLoc(), rewriter);
    int64_t groups = getGroups(op);
    SmallVector<Value> bounds = {b.dim(op.getQ(), 0), b.index(groups)};
    b.forAll(bounds, [&](LoopBuilder &b, ValueRange ivs) {
      Value row = ivs[0], group = ivs[1];
      Candidates candidates = getCandidates(b, op, row, group, groups);
      Sequence sequence = getSequence(b, op.getSeq(), op.getKey(), row);
      if (sequence.exists)
        candidates.end = arith::SelectOp::create(
            b, sequence.exists, candidates.end, candidates.begin);
      Value keyHead;
      if (op.hasKeyHeads())
        keyHead = arith::DivUIOp::create(b, group,
                                         b.index(groups / op.getKeyHeads()));
      GroupEmitter<OpTy>(op, groups, row, group)
          .emit(b, sequence, keyHead, candidates);
    });
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void dsa::populateDecomposeAttentionPatterns(RewritePatternSet &patterns) {
  patterns.add<DecomposeAttention<SparseAttentionOp>,
               DecomposeAttention<AttentionOp>>(patterns.getContext());
}
