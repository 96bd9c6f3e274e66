//===- IndexScores.cpp - dsa.index_scores as a kernel on tiles ------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "ScoresKernel.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

static constexpr int64_t kBlockKeys = ScoresScheduleAttr::kBlockKeys;

ScoresKernel::ScoresKernel(PatternRewriter &rewriter, IndexScoresOp op,
                           ScoresScheduleAttr schedule)
    : b(op.getLoc(), rewriter), op(op), schedule(schedule),
      rows(schedule.getBlockRows()), zero(constant(0)),
      heads(ScoresScheduleAttr::getPaddedHeads(
          cast<ShapedType>(op.getQ().getType()).getDimSize(1))),
      width(cast<ShapedType>(op.getQ().getType()).getDimSize(2)),
      source(b, op, schedule.getSlots()) {}

SmallVector<Value>
ScoresKernel::buildIf(Value condition, ValueRange state,
                      function_ref<SmallVector<Value>()> build) {
  auto branch = scf::IfOp::create(b, TypeRange(state), condition,
                                  /*withElseRegion=*/!state.empty());
  OpBuilder::InsertionGuard guard(b);
  if (!state.empty()) {
    b.setInsertionPointToStart(branch.elseBlock());
    scf::YieldOp::create(b, state);
  }
  b.setInsertionPointToStart(branch.thenBlock());
  SmallVector<Value> next = build();
  if (!state.empty())
    scf::YieldOp::create(b, next);
  return llvm::to_vector_of<Value>(branch.getResults());
}

Value ScoresKernel::load(Value memref, ValueRange indices,
                         ArrayRef<int64_t> box, ArrayRef<int64_t> shape,
                         int64_t slots) {
  Type element = getElementTypeOrSelf(memref.getType());
  return LoadOp::create(b, tile(shape, element), memref, indices, box, slots);
}

Value ScoresKernel::loadWeights(Value row) {
  Value weights;
  for (Value factor : {op.getWeights(), op.getQScale()}) {
    if (!factor)
      continue;
    Value loaded = load(factor, {row, zero}, {rows, heads}, {rows * heads});
    auto f32 = tile({rows * heads}, b.getF32Type());
    if (loaded.getType() != f32)
      loaded = arith::ExtFOp::create(b, f32, loaded);
    weights = weights ? arith::MulFOp::create(b, weights, loaded).getResult()
                      : loaded;
  }
  if (op.getActivation() != Activation::HalfAbs)
    return weights;
  // Half of the absolute value: the half is the weights' matter.
  Value half = arith::ConstantOp::create(
      b, DenseElementsAttr::get(tile({rows * heads}, b.getF32Type()),
                                b.getF32FloatAttr(0.5)));
  return weights ? arith::MulFOp::create(b, weights, half).getResult() : half;
}

std::pair<Value, Value> ScoresKernel::loadBounds(Value row, Value sequence) {
  auto type = tile({rows}, b.getI32Type());
  auto scores = tile({kBlockKeys, rows}, b.getI32Type());
  Value last = SplatOp::create(b, type, toI32(keys));
  Value none = arith::ConstantOp::create(
      b, DenseElementsAttr::get(type, b.getI32IntegerAttr(0)));
  // For each score, about the first key of its tile: that is the same for all.
  auto spread = [&](Value bound) -> Value {
    return arith::SubIOp::create(b, ExpandOp::create(b, scores, bound, 0),
                                 IotaOp::create(b, scores, 0));
  };
  auto clamp = [&](Value bounds) -> Value {
    Value loaded = load(bounds, {row}, {rows}, {rows});
    return arith::MaxSIOp::create(b, arith::MinSIOp::create(b, loaded, last),
                                  none);
  };
  auto ofSequence = [&](Value end) -> Value {
    if (!sequence)
      return end;
    Value isSame = arith::CmpIOp::create(
        b, arith::CmpIPredicate::eq, load(op.getSeq(), {row}, {rows}, {rows}),
        SplatOp::create(b, type, sequence));
    return arith::SelectOp::create(b, isSame, end, none);
  };
  // Where there is no row, a load gives 0: no key is below that.
  if (op.getLo())
    return {spread(clamp(op.getLo())), spread(ofSequence(clamp(op.getHi())))};
  Value number = arith::AddIOp::create(b, IotaOp::create(b, type, 0),
                                       SplatOp::create(b, type, toI32(row)));
  Value count =
      SplatOp::create(b, type, toI32(memref::DimOp::create(b, op.getQ(), 0)));
  Value exists =
      arith::CmpIOp::create(b, arith::CmpIPredicate::slt, number, count);
  Value end = arith::SelectOp::create(b, exists, last, none);
  return {Value(), spread(ofSequence(end))};
}

Value ScoresKernel::loadScales(Value row) {
  return load(op.getLinearScales(), {row, zero}, {rows, kTerms},
              {rows * kTerms});
}

/// Which of a tile's scores lie inside the bounds of their rows.
Value ScoresKernel::getMask(Value key) {
  Value first =
      SplatOp::create(b, tile({kBlockKeys, rows}, b.getI32Type()), toI32(key));
  Value below = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, first, hi);
  if (!lo)
    return below;
  return arith::AndIOp::create(
      b, below, arith::CmpIOp::create(b, arith::CmpIPredicate::sge, first, lo));
}

/// So that a product and a sum may become one instruction.
static constexpr arith::FastMathFlags kContract =
    arith::FastMathFlags::contract;

/// Queries of zeros give NaN where a key is infinite. A byte is never that; if
/// it is NaN, products of all heads are.
void ScoresKernel::findPadding() {
  auto q = cast<ShapedType>(op.getQ().getType());
  int64_t count = q.getDimSize(1);
  if (count == heads || isa<Float8E4M3FNType>(q.getElementType()))
    return;
  auto type = tile({rows * heads}, b.getI32Type());
  auto splat = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(
        b, DenseElementsAttr::get(type, b.getI32IntegerAttr(value)));
  };
  Value head =
      arith::RemUIOp::create(b, IotaOp::create(b, type, 0), splat(heads));
  isHead =
      arith::CmpIOp::create(b, arith::CmpIPredicate::ult, head, splat(count));
}

Value ScoresKernel::addHeads(Value x, Value weights) {
  auto type = cast<RankedTensorType>(x.getType());
  if (isHead) {
    Value none = arith::ConstantOp::create(
        b, DenseElementsAttr::get(type, b.getF32FloatAttr(0)));
    Value chosen =
        ExpandOp::create(b, tile(type.getShape(), b.getI1Type()), isHead, 0);
    x = arith::SelectOp::create(b, chosen, x, none);
  }
  if (op.getActivation() == Activation::HalfAbs)
    x = math::AbsFOp::create(b, x);
  if (op.getActivation() == Activation::Relu)
    x = arith::MaximumFOp::create(
        b, x,
        arith::ConstantOp::create(
            b, DenseElementsAttr::get(type, b.getF32FloatAttr(0))));
  if (weights)
    x = arith::MulFOp::create(
        b, x, ExpandOp::create(b, type, takeWeights(weights), 0), kContract);
  return ReduceOp::create(b, tile({kBlockKeys, rows}, b.getF32Type()), x,
                          Reduction::Add, b.getI64IntegerAttr(heads),
                          IntegerAttr());
}

Value ScoresKernel::addTerms(Value x, Value scales) {
  x = arith::MulFOp::create(b, x, ExpandOp::create(b, x.getType(), scales, 0),
                            kContract);
  return ReduceOp::create(b, tile({kBlockKeys, rows}, b.getF32Type()), x,
                          Reduction::Add, b.getI64IntegerAttr(kTerms),
                          IntegerAttr());
}

Value ScoresKernel::buildScores(Value key, ValueRange pages,
                                SmallVector<Value> &state) {
  Type f32 = b.getF32Type();
  auto sums = tile({kBlockKeys, rows}, f32);
  SmallVector<Type> products = {tile({kBlockKeys, rows * heads}, f32)};
  if (isLinear())
    products.push_back(tile({kBlockKeys, rows * kTerms}, f32));
  Value keyTile = source.loadKeys(key, pages);
  auto x = MmaOp::create(b, products, keyTile, queries, ValueRange(),
                         UnitAttr(), UnitAttr(), UnitAttr(), UnitAttr());
  state = beside(state);
  Value score = addHeads(x.getResult(0), weights);
  if (isLinear())
    score = arith::AddFOp::create(b, score, addTerms(x.getResult(1), scales),
                                  kContract);
  if (Value scale = source.loadScales(key, pages))
    score =
        arith::MulFOp::create(b, score, ExpandOp::create(b, sums, scale, 1));
  if (Value exist = source.getExisting(pages, sums.getShape())) {
    Value infinity = arith::ConstantOp::create(
        b,
        DenseElementsAttr::get(sums, -std::numeric_limits<float>::infinity()));
    score = arith::SelectOp::create(b, exist, score, infinity);
  }
  Type element = getElementTypeOrSelf(op.getInits()[0].getType());
  if (element != f32)
    score =
        arith::TruncFOp::create(b, tile({kBlockKeys, rows}, element), score);
  return score;
}

/// Scores the keys of a range for the rows that see them.
SmallVector<Value> ScoresKernel::buildKeys(Value row, Value first, Value last,
                                           ValueRange state) {
  // Where a tile lies is read while the one before it is scored.
  SmallVector<Value> inits = source.findPages(first, keys);
  size_t pageCount = inits.size();
  llvm::append_range(inits, state);
  auto loop = scf::ForOp::create(b, first, last, constant(kBlockKeys), inits);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value key = loop.getInductionVar();
  ValueRange pages = loop.getRegionIterArgs().take_front(pageCount);
  SmallVector<Value> next;
  if (!pages.empty()) {
    next = source.findPages(arith::AddIOp::create(b, key, constant(kBlockKeys)),
                            keys);
  }
  auto now =
      llvm::to_vector_of<Value>(loop.getRegionIterArgs().drop_front(pageCount));
  Value scores = buildScores(key, pages, now);
  llvm::append_range(next, put(scores, getMask(key), row, key, now));
  if (!next.empty())
    scf::YieldOp::create(b, next);
  return llvm::to_vector_of<Value>(loop.getResults().drop_front(pageCount));
}

SmallVector<Value> ScoresKernel::put(Value scores, Value mask, Value row,
                                     Value key, ValueRange state) {
  StoreOp::create(b, scores, op.getInits()[0], ValueRange{row, key}, mask,
                  /*inside=*/b.getUnitAttr(), /*transposed=*/b.getUnitAttr(),
                  /*box=*/DenseI64ArrayAttr());
  return {};
}

/// The sequences of a block's rows, one after the other: that of a row counts
/// if no row before it has it.
SmallVector<Value> ScoresKernel::buildSequences(Value row, Value begin,
                                                ValueRange state) {
  auto loop = scf::ForOp::create(b, zero, constant(rows), constant(1), state);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value place = loop.getInductionVar();
  Value count = memref::DimOp::create(b, op.getQ(), 0);
  Value last = arith::SubIOp::create(b, count, constant(1));
  auto load = [&](Value number) -> Value {
    Value existing = arith::MinUIOp::create(b, number, last);
    return memref::LoadOp::create(b, op.getSeq(), existing);
  };
  Value own = arith::AddIOp::create(b, row, place);
  sequence = load(own);
  Value number = arith::IndexCastOp::create(b, b.getIndexType(), sequence);
  Value counts = arith::AndIOp::create(
      b, source.hasSequence(number),
      arith::CmpIOp::create(b, arith::CmpIPredicate::ult, own, count));
  for (int64_t i = 0; i + 1 < rows; ++i) {
    Value differs = arith::CmpIOp::create(
        b, arith::CmpIPredicate::ne,
        load(arith::AddIOp::create(b, row, constant(i))), sequence);
    Value isLater =
        arith::CmpIOp::create(b, arith::CmpIPredicate::uge, constant(i), place);
    counts = arith::AndIOp::create(b, counts,
                                   arith::OrIOp::create(b, differs, isLater));
  }
  ValueRange before = loop.getRegionIterArgs();
  SmallVector<Value> after = buildIf(counts, before, [&] {
    source.setSequence(number);
    auto [from, to] = getKeyRange(row, begin, sequence);
    std::tie(lo, hi) = loadBounds(row, sequence);
    return buildKeys(row, from, to, before);
  });
  if (!after.empty())
    scf::YieldOp::create(b, after);
  return llvm::to_vector_of<Value>(loop.getResults());
}

SmallVector<Value> ScoresKernel::buildProgram(Value row, Value begin,
                                              ValueRange state) {
  auto [first, last] = getKeyRange(row, begin);
  Value any = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, first, last);
  return buildIf(any, state, [&, first = first, last = last] {
    weights = loadWeights(row);
    if (weights)
      weights = keepWeights(weights);
    findPadding();
    if (!op.getSeq())
      std::tie(lo, hi) = loadBounds(row);
    int64_t slots = getQuerySlots();
    queries = {load(op.getQ(), {row, zero, zero}, {rows, heads, width},
                    {rows * heads, width}, slots)};
    if (isLinear()) {
      queries.push_back(load(op.getLinearTerms(), {row, zero, zero},
                             {rows, kTerms, width}, {rows * kTerms, width},
                             slots));
      scales = loadScales(row);
    }
    return op.getSeq() ? buildSequences(row, begin, state)
                       : buildKeys(row, first, last, state);
  });
}

namespace {
struct IndexScoresToTile : public OpRewritePattern<IndexScoresOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(IndexScoresOp op,
                                PatternRewriter &rewriter) const override {
    auto schedule =
        dyn_cast_if_present<ScoresScheduleAttr>(op.getScheduleAttr());
    // What is left in a selection is scored a few rows at a time.
    if (!schedule || !op.hasPureBufferSemantics() ||
        op->getParentOfType<SelectOp>())
      return failure();
    ScoresKernel(rewriter, op, schedule).build();
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void dsa::populateIndexScoresToTilePatterns(RewritePatternSet &patterns) {
  patterns.add<IndexScoresToTile>(patterns.getContext());
}
