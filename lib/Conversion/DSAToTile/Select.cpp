//===- Select.cpp - dsa.select as a kernel that lists keys ----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "ScoresKernel.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include <limits>

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

namespace {
/// A kernel of scores whose programs list the best keys of their rows, those of
/// a tile while the products of the next one are under way. The state: where
/// lists end, what scores must exceed, and the tile that is to be listed.
class ListingKernel : public ScoresKernel {
public:
  ListingKernel(PatternRewriter &rewriter, IndexScoresOp op,
                ScoresScheduleAttr schedule, SelectOp select)
      : ScoresKernel(rewriter, op, schedule), select(select),
        candidates(cast<SelectScheduleAttr>(select.getScheduleAttr())
                       .getCandidates()) {}

private:
  /// Programs are long. What shared memory they leave is the first-level
  /// cache's, where values that find no register must stay.
  int64_t getQuerySlots() override { return 1; }
  /// There is a list for each block that runs at a time.
  bool isResident() override { return true; }
  /// In shared memory, since registers are full: a thread reads again what it
  /// has written itself, or others with the same columns.
  Value keepWeights(Value weights) override;
  Value takeWeights(Value kept) override;
  /// Nobody reads scores.
  void prepare() override {}
  /// Lists take the keys of a row in order.
  Value divideKeys(Value) override {
    share = keys;
    return constant(1);
  }
  SmallVector<Value> begin() override;
  SmallVector<Value> beside(ValueRange state) override;
  SmallVector<Value> put(Value scores, Value mask, Value row, Value key,
                         ValueRange state) override;
  void end(Value row, ValueRange state) override;

  SelectOp select;
  int64_t candidates;
  Value lists;
};
} // namespace

SmallVector<Value> ListingKernel::begin() {
  auto type = MemRefType::get({rows, ShortlistAddOp::kLists, 2, candidates},
                              b.getI32Type());
  lists = WorkspaceOp::create(b, type);
  auto splat = [&](TypedAttr value) -> Value {
    auto type = tile({ShortlistAddOp::kBlockKeys, rows}, value.getType());
    return arith::ConstantOp::create(
        b, DenseElementsAttr::get(type, Attribute(value)));
  };
  // Entries of lists, one list after another.
  auto number = [&](int64_t dim) -> Value {
    return IotaOp::create(
        b, tile({ShortlistAddOp::kBlockKeys, rows}, b.getI32Type()), dim);
  };
  auto times = [&](Value numbers, int64_t by) -> Value {
    return arith::MulIOp::create(b, numbers, splat(b.getI32IntegerAttr(by)));
  };
  Value list = arith::DivUIOp::create(
      b, number(0), splat(b.getI32IntegerAttr(ShortlistAddOp::kListKeys)));
  list =
      arith::AddIOp::create(b, times(number(1), ShortlistAddOp::kLists), list);
  Value none =
      splat(b.getF32FloatAttr(-std::numeric_limits<float>::infinity()));
  return {times(list, 2 * candidates), none, none, zero};
}

SmallVector<Value> ListingKernel::beside(ValueRange state) {
  Value ends =
      ShortlistAddOp::create(b, state[2], state[3], lists, state[0], state[1]);
  return {ends, state[1], state[2], state[3]};
}

Value ListingKernel::keepWeights(Value weights) {
  auto type = cast<RankedTensorType>(weights.getType());
  Value kept = ScratchOp::create(
      b, MemRefType::get(type.getShape(), type.getElementType()),
      IntegerAttr());
  StoreOp::create(b, weights, kept, ValueRange{zero}, /*mask=*/Value(),
                  /*inside=*/UnitAttr(), /*transposed=*/UnitAttr(),
                  /*box=*/DenseI64ArrayAttr());
  return kept;
}

Value ListingKernel::takeWeights(Value kept) {
  auto type = cast<MemRefType>(kept.getType());
  return LoadOp::create(b, tile(type.getShape(), type.getElementType()), kept,
                        ValueRange{zero}, type.getShape(), /*slots=*/1);
}

SmallVector<Value> ListingKernel::put(Value scores, Value mask, Value row,
                                      Value key, ValueRange state) {
  Value none = arith::ConstantOp::create(
      b, DenseElementsAttr::get(
             cast<RankedTensorType>(scores.getType()),
             b.getF32FloatAttr(-std::numeric_limits<float>::infinity())));
  scores = arith::SelectOp::create(b, mask, scores, none);
  constexpr int64_t kKeys =
      ShortlistShortenOp::kTiles * ShortlistAddOp::kBlockKeys;
  // Behind each eighth tile, which is listed beside the one after it.
  Value isEighth = arith::CmpIOp::create(
      b, arith::CmpIPredicate::eq,
      arith::RemUIOp::create(b, key, constant(kKeys)), zero);
  ValueRange before = state.take_front(2);
  SmallVector<Value> after = buildIf(isEighth, before, [&] {
    Value full = ShortlistFullOp::create(b, b.getI1Type(), lists, state[0],
                                         IntegerAttr());
    return buildIf(full, before, [&] {
      auto shorten = ShortlistShortenOp::create(b, lists, state[0], state[1],
                                                select.getK(), IntegerAttr(),
                                                IntegerAttr());
      return llvm::to_vector_of<Value>(shorten.getResults());
    });
  });
  return {after[0], after[1], scores, key};
}

void ListingKernel::end(Value row, ValueRange state) {
  OperandRange outs = select.getInits();
  ShortlistEndOp::create(b, lists, beside(state)[0], select.getK(), outs[0],
                         outs[1], outs.size() > 2 ? outs[2] : Value(), row,
                         IntegerAttr(), IntegerAttr());
}

/// Everything in the region but the scores, of which there is no memory, and
/// what asks for their size, is done before the selection.
static void hoist(PatternRewriter &rewriter, SelectOp select,
                  IndexScoresOp scorer) {
  Value scores = scorer.getInits()[0];
  Block &body = select.getScorer().front();
  for (Operation &op : llvm::make_early_inc_range(body.without_terminator()))
    if (&op != scorer && &op != scores.getDefiningOp() &&
        !llvm::is_contained(op.getOperands(), scores))
      rewriter.moveOpBefore(&op, select);
}

namespace {
struct SelectToTile : public OpRewritePattern<SelectOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(SelectOp op,
                                PatternRewriter &rewriter) const override {
    auto schedule =
        dyn_cast_if_present<SelectScheduleAttr>(op.getScheduleAttr());
    if (!schedule || !schedule.isFused() || !op.hasPureBufferSemantics())
      return failure();
    IndexScoresOp scorer = *op.getScorer().getOps<IndexScoresOp>().begin();
    auto scoring =
        dyn_cast_if_present<ScoresScheduleAttr>(scorer.getScheduleAttr());
    if (!scoring)
      return op.emitOpError("cannot list keys while they are scored: expected "
                            "a scores_schedule of 'dsa.index_scores'");
    if (op.getLo() && !scorer.getLo())
      rewriter.modifyOpInPlace(scorer, [&] {
        scorer.getLoMutable().assign(op.getLo());
        scorer.getHiMutable().assign(op.getHi());
      });
    hoist(rewriter, op, scorer);
    rewriter.setInsertionPoint(op);
    ListingKernel(rewriter, scorer, scoring, op).build();
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void dsa::populateSelectToTilePatterns(RewritePatternSet &patterns) {
  patterns.add<SelectToTile>(patterns.getContext());
}
