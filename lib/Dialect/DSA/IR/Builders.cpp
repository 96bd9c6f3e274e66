//===- Builders.cpp - Operations with defaults ----------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::dsa;

namespace {
/// The destinations of an operation: those given, or new ones. What is wrong
/// with operands is for the verifier to tell: sizes that cannot be known are
/// dynamic here, and no builder reads past the end of a shape.
class Destinations {
public:
  Destinations(OpBuilder &b, OperationState &state, ArrayRef<Value> given)
      : b(b), loc(state.location), values(given), isGiven(!given.empty()) {}

  /// A size of a tensor.
  OpFoldResult size(Value of, unsigned dim) {
    auto type = dyn_cast<RankedTensorType>(of.getType());
    if (isGiven || !type || dim >= type.getRank())
      return b.getIndexAttr(0);
    return tensor::getMixedSize(b, loc, of, dim);
  }
  OpFoldResult size(int64_t known) { return b.getIndexAttr(known); }

  /// A size that is `factor` times another one.
  OpFoldResult multiply(OpFoldResult size, OpFoldResult factor) {
    std::optional<int64_t> x = getConstantIntValue(size),
                           y = getConstantIntValue(factor);
    if (x && y)
      return this->size(*x * *y);
    return arith::MulIOp::create(
               b, loc, getValueOrCreateConstantIndexOp(b, loc, size),
               getValueOrCreateConstantIndexOp(b, loc, factor))
        .getResult();
  }

  void add(ArrayRef<OpFoldResult> sizes, Type element) {
    if (!isGiven)
      values.push_back(tensor::EmptyOp::create(b, loc, sizes, element));
  }

  ValueRange get() const { return values; }

  /// Tensors are results; memrefs are not.
  SmallVector<Type> getResultTypes() const {
    SmallVector<Type> types;
    for (Value value : values)
      if (isa<RankedTensorType>(value.getType()))
        types.push_back(value.getType());
    return types;
  }

private:
  OpBuilder &b;
  Location loc;
  SmallVector<Value> values;
  bool isGiven;
};
} // namespace

static IntegerAttr toAttr(OpBuilder &b, std::optional<int64_t> value) {
  return value ? b.getI64IntegerAttr(*value) : IntegerAttr();
}

static DenseI64ArrayAttr
toAttr(OpBuilder &b, const std::optional<std::array<int64_t, 2>> &window) {
  return window ? b.getDenseI64ArrayAttr(*window) : DenseI64ArrayAttr();
}

static UnitAttr toAttr(OpBuilder &b, bool isSet) {
  return isSet ? b.getUnitAttr() : UnitAttr();
}

void IndexScoresOp::build(OpBuilder &b, OperationState &state, Value q, Value k,
                          const IndexScoresClauses &clauses) {
  Destinations outs(b, state, clauses.outs);
  // With sequences, keys, or tables of their pages, have a leading dimension.
  unsigned dim = clauses.seq ? 1 : 0;
  OpFoldResult keys =
      clauses.table
          ? outs.multiply(outs.size(clauses.table, dim), outs.size(k, 1))
          : outs.size(k, dim);
  outs.add({outs.size(q, 0), keys}, b.getF32Type());
  build(b, state, outs.getResultTypes(), q, k, clauses.weights, clauses.qScale,
        clauses.kScale, clauses.linearTerms, clauses.linearScales, clauses.lo,
        clauses.hi, clauses.seq, clauses.table, outs.get(),
        clauses.activation.value_or(Activation::Relu), ScheduleAttrInterface());
}

void LinearPartOp::build(OpBuilder &b, OperationState &state, Value q,
                         int64_t terms, const LinearPartClauses &clauses) {
  Destinations outs(b, state, clauses.outs);
  outs.add({outs.size(q, 0), outs.size(terms), outs.size(q, 2)},
           getElementTypeOrSelf(q));
  outs.add({outs.size(q, 0), outs.size(terms)}, b.getF32Type());
  build(b, state, outs.getResultTypes(), q, clauses.weights, clauses.qScale,
        outs.get(), ScheduleAttrInterface());
}

/// Of `k` entries for each of `lists` lists of each row of `rows`.
static Destinations makeSelection(OpBuilder &b, OperationState &state,
                                  Value rows, OpFoldResult lists, int64_t k,
                                  Type element,
                                  const SelectionClauses &clauses) {
  Destinations outs(b, state, clauses.outs);
  outs.add({outs.size(rows, 0), lists, outs.size(k)}, b.getI32Type());
  outs.add({outs.size(rows, 0), lists}, b.getI32Type());
  if (clauses.values)
    outs.add({outs.size(rows, 0), lists, outs.size(k)}, element);
  return outs;
}

void TopkOp::build(OpBuilder &b, OperationState &state, Value scores, int64_t k,
                   const SelectionClauses &clauses) {
  auto type = dyn_cast<ShapedType>(scores.getType());
  bool hasLists = type && type.hasRank() && type.getRank() == 3;
  Destinations sizes(b, state, clauses.outs);
  Destinations outs =
      makeSelection(b, state, scores,
                    hasLists ? sizes.size(scores, 1) : sizes.size(int64_t(1)),
                    k, getElementTypeOrSelf(scores), clauses);
  build(b, state, outs.getResultTypes(), scores, clauses.ids, clauses.lo,
        clauses.hi, clauses.positions, outs.get(), toAttr(b, clauses.window),
        toAttr(b, clauses.first), toAttr(b, clauses.block),
        toAttr(b, clauses.unordered), ScheduleAttrInterface());
}

void SelectOp::build(OpBuilder &b, OperationState &state, Value rows, int64_t k,
                     ScorerBuilder scorer, const SelectionClauses &clauses) {
  Destinations outs = makeSelection(b, state, rows, b.getIndexAttr(1), k,
                                    b.getF32Type(), clauses);
  build(b, state, outs.getResultTypes(), clauses.lo, clauses.hi,
        clauses.positions, outs.get(), toAttr(b, clauses.window),
        toAttr(b, clauses.first), toAttr(b, clauses.block),
        toAttr(b, clauses.unordered), ScheduleAttrInterface());
  OpBuilder::InsertionGuard guard(b);
  b.createBlock(state.regions.front().get());
  YieldOp::create(b, state.location, scorer(b, state.location));
}

/// Of heads of `width` columns for each row of `q`.
static Destinations makeAttention(OpBuilder &b, OperationState &state, Value q,
                                  int64_t width, bool max,
                                  ArrayRef<Value> given) {
  Destinations outs(b, state, given);
  SmallVector<OpFoldResult> rows = {outs.size(q, 0), outs.size(q, 1)};
  outs.add({rows[0], rows[1], outs.size(width)}, getElementTypeOrSelf(q));
  outs.add(rows, b.getF32Type());
  if (max)
    outs.add(rows, b.getF32Type());
  return outs;
}

void SparseAttentionOp::build(OpBuilder &b, OperationState &state, Value q,
                              Value key, Value indices, int64_t valueWidth,
                              double scale,
                              const SparseAttentionClauses &clauses) {
  Destinations outs =
      makeAttention(b, state, q, valueWidth, clauses.max, clauses.outs);
  build(b, state, outs.getResultTypes(), q, key, clauses.value, indices,
        clauses.lengths, clauses.seq, clauses.sink, outs.get(),
        b.getF32FloatAttr(scale), toAttr(b, clauses.block),
        toAttr(b, clauses.distinct), ScheduleAttrInterface());
}

void AttentionOp::build(OpBuilder &b, OperationState &state, Value q, Value key,
                        int64_t valueWidth, double scale,
                        const AttentionClauses &clauses) {
  Destinations outs =
      makeAttention(b, state, q, valueWidth, clauses.max, clauses.outs);
  build(b, state, outs.getResultTypes(), q, key, clauses.value, clauses.lo,
        clauses.hi, clauses.positions, clauses.seq, clauses.sink, outs.get(),
        b.getF32FloatAttr(scale), toAttr(b, clauses.window),
        ScheduleAttrInterface());
}

void MergeOp::build(OpBuilder &b, OperationState &state, Value out, Value lse,
                    const MergeClauses &clauses) {
  Destinations outs(b, state, clauses.outs);
  SmallVector<OpFoldResult> rows = {outs.size(out, 1), outs.size(out, 2)};
  outs.add({rows[0], rows[1], outs.size(out, 3)}, getElementTypeOrSelf(out));
  outs.add(rows, b.getF32Type());
  build(b, state, outs.getResultTypes(), out, lse, clauses.sink, outs.get(),
        ScheduleAttrInterface());
}
