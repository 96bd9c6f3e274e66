//===- SparseAttention.cpp - Attention to listed keys on tiles ------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AttentionPrograms.h"
#include "KeyLists.h"
#include "OnlineSoftmax.h"
#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

static constexpr int64_t kBlockHeads = SparseAttentionScheduleAttr::kBlockHeads;

namespace {
/// Builds the kernel of one operation.
class SparseAttentionKernel {
public:
  SparseAttentionKernel(PatternRewriter &rewriter, const GatheredAttention &op,
                        SparseAttentionScheduleAttr schedule)
      : b(op.op->getLoc(), rewriter), op(op), schedule(schedule),
        blockKeys(schedule.getBlockKeys()), width(op.width),
        valueWidth(op.valueWidth), element(op.getElement()), zero(index(0)),
        lists(b, op, blockKeys, getStep(), zero),
        softmax(b, op.scale, kBlockHeads, valueWidth, element,
                /*wantsMost=*/static_cast<bool>(op.max)) {}

  void build();

private:
  using State = OnlineSoftmax::State;

  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  }
  RankedTensorType tile(ArrayRef<int64_t> shape, Type type) {
    return RankedTensorType::get(shape, type);
  }

  /// Where the last tile ends. Warpgroups that divide tiles have equally many,
  /// each at least one.
  Value getEnd();
  /// −inf for entries that are holes.
  Value mask(Value scores, Value numbers);
  /// Columns that are gathered apart: of keys, of values, or of keys that are
  /// values.
  struct Part {
    int64_t begin, columns;
    bool isKey, isValue;
  };
  /// Warpgroups that divide tiles have columns of values, and release them,
  /// apart.
  SmallVector<Part> getParts();
  /// Entries that an iteration takes in.
  int64_t getStep() { return schedule.getStepKeys(); }
  /// Keys from an entry on, part by part.
  SmallVector<SmallVector<Value>> gather(ArrayRef<Value> begins);
  State buildStep(Value entry, ValueRange queries, State state);
  /// `place` is that of the program's first head: its number, or those of its
  /// set of heads and in it.
  void writeResults(const AttentionProgram &program, ArrayRef<Value> place,
                    const State &state);
  void buildProgram(const AttentionProgram &program);

  ImplicitLocOpBuilder b;
  GatheredAttention op;
  SparseAttentionScheduleAttr schedule;
  int64_t blockKeys, width, valueWidth;
  Type element;
  Value zero;
  KeyLists lists;
  OnlineSoftmax softmax;
};
} // namespace

Value SparseAttentionKernel::getEnd() {
  if (!schedule.getSplit())
    return lists.getEnd();
  int64_t both = getStep();
  Value begin = lists.getBegin();
  Value length = b.createOrFold<arith::SubIOp>(lists.getEnd(), begin);
  Value rounded = arith::AddIOp::create(b, length, index(both - 1));
  Value pairs = arith::MaxSIOp::create(
      b, arith::DivSIOp::create(b, rounded, index(both)), index(1));
  Value keys = arith::MulIOp::create(b, pairs, index(both));
  return b.createOrFold<arith::AddIOp>(keys, begin);
}

Value SparseAttentionKernel::mask(Value scores, Value numbers) {
  return MaskColumnsOp::create(b, scores, lists.getExisting(numbers));
}

SmallVector<SparseAttentionKernel::Part> SparseAttentionKernel::getParts() {
  bool same = !op.value;
  SmallVector<Part> parts;
  if (!schedule.getSplit()) {
    parts.push_back({0, width, true, same});
    if (!same)
      parts.push_back({0, valueWidth, false, true});
    return parts;
  }
  // What is no value has the shortest life, and comes first.
  if (!same)
    parts.push_back({0, width, true, false});
  else if (width > valueWidth)
    parts.push_back({valueWidth, width - valueWidth, true, false});
  int64_t own = valueWidth / schedule.getGroups();
  parts.push_back({0, own, same, true});
  parts.push_back({own, own, same, true});
  return parts;
}

SmallVector<SmallVector<Value>>
SparseAttentionKernel::gather(ArrayRef<Value> begins) {
  SmallVector<Part> parts = getParts();
  SmallVector<Value> numbers;
  for (Value begin : begins)
    numbers.push_back(lists.getNumbers(begin));
  SmallVector<SmallVector<Value>> keys(begins.size(),
                                       SmallVector<Value>(parts.size()));
  auto load = [&](size_t tile, size_t part) {
    keys[tile][part] = GatherOp::create(
        b, this->tile({blockKeys, parts[part].columns}, element),
        parts[part].isKey ? lists.getKeys() : lists.getValues(), numbers[tile],
        schedule.getSlots(), parts[part].begin);
  };
  // In the order in which room for them is released: of values first what
  // the warpgroup that scored them multiplies itself.
  for (auto [place, part] : llvm::enumerate(parts))
    if (!part.isValue || begins.size() == 1)
      for (size_t tile = 0; tile < begins.size(); ++tile)
        load(tile, place);
  if (begins.size() == 1)
    return keys;
  size_t first = parts.size() - 2;
  size_t second = first + 1;
  using Order = std::array<std::pair<size_t, size_t>, 4>;
  Order inStep = {{{0, first}, {1, second}, {0, second}, {1, first}}};
  Order inTurn = {{{0, first}, {0, second}, {1, second}, {1, first}}};
  for (auto [tile, part] : schedule.getInTurn() ? inTurn : inStep)
    load(tile, part);
  return keys;
}

SparseAttentionKernel::State
SparseAttentionKernel::buildStep(Value entry, ValueRange queries, State state) {
  auto scores = tile({kBlockHeads, blockKeys}, b.getF32Type());
  UnitAttr yes = b.getUnitAttr(), no;
  SmallVector<Value> begins = {entry};
  if (schedule.getSplit())
    begins.push_back(arith::AddIOp::create(b, entry, index(blockKeys)));
  SmallVector<SmallVector<Value>> tiles = gather(begins);
  SmallVector<Value> xs;
  for (auto [begin, keys] : llvm::zip(begins, tiles)) {
    Value x;
    for (auto [left, right] : llvm::zip(queries, keys))
      x = MmaOp::create(b, TypeRange(scores), left, right,
                        x ? ValueRange(x) : ValueRange(), /*b_rows=*/no,
                        /*replicated=*/yes, /*own_columns=*/no, /*a_rows=*/no)
              .getResult(0);
    // Other threads need the same numbers than those that copy keys.
    xs.push_back(mask(x, lists.getNumbers(begin)));
  }
  // In turn, each tile has a base of its own, which follows from the one
  // before.
  size_t together = schedule.getInTurn() ? 1 : xs.size();
  for (auto [i, keys] : llvm::enumerate(tiles)) {
    if (i % together == 0)
      state = softmax.addScores(ArrayRef(xs).slice(i, together), state);
    SmallVector<Value> values;
    for (auto [part, key] : llvm::zip(getParts(), keys))
      if (part.isValue)
        values.push_back(key);
    state.out =
        MmaOp::create(b, TypeRange(softmax.outs()), state.weights[i % together],
                      values, ValueRange(state.out), /*b_rows=*/yes,
                      /*replicated=*/no, /*own_columns=*/no, /*a_rows=*/no)
            .getResult(0);
  }
  return state;
}

void SparseAttentionKernel::writeResults(const AttentionProgram &program,
                                         ArrayRef<Value> place,
                                         const State &state) {
  Value sink = lists.loadPerHead(program.sink, place, kBlockHeads);
  auto [out, lse, most] = softmax.finish(state, sink);
  Type outElement = getElementTypeOrSelf(program.out.getType());
  if (!outElement.isF32())
    out = arith::TruncFOp::create(
        b, tile({kBlockHeads, valueWidth}, outElement), out);
  lists.storePerHead(out, program.out, program.place, place);
  lists.storePerHead(lse, program.lse, program.place, place);
  lists.storePerHead(most, program.max, program.place, place);
}

void SparseAttentionKernel::buildProgram(const AttentionProgram &program) {
  HeadBlock heads = lists.begin(program, kBlockHeads);
  SmallVector<Value> queries;
  bool inside =
      op.heads % kBlockHeads == 0 && op.getSetHeads() % kBlockHeads == 0;
  for (const Part &part : getParts())
    if (part.isKey)
      // There is not enough shared memory for what is no value beside others.
      queries.push_back(LoadOp::create(
          b, tile({kBlockHeads, part.columns}, element), op.q,
          ValueRange{program.row, heads.first, index(part.begin)},
          ArrayRef<int64_t>{1, kBlockHeads, part.columns},
          /*slots=*/part.isValue || op.value ? 1 : 0, inside));
  auto loop =
      scf::ForOp::create(b, lists.getBegin(), getEnd(), index(getStep()),
                         softmax.begin().getCarried());
  if (schedule.getSplit())
    loop->setAttr(kSplitAttrName, b.getUnitAttr());
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    State state = buildStep(loop.getInductionVar(), queries,
                            State::fromCarried(loop.getRegionIterArgs()));
    scf::YieldOp::create(b, state.getCarried());
  }
  writeResults(program, heads.place, State::fromCarried(loop.getResults()));
}

void SparseAttentionKernel::build() {
  buildAttentionPrograms(
      b, op,
      KernelAttr::get(
          b.getContext(), 1, schedule.getGroups(), /*load_warps=*/4,
          schedule.getBlocks(),
          getRegisterSplit(b.getContext(), schedule.getGroups(),
                           SparseAttentionScheduleAttr::kLoadRegisters),
          /*ordered=*/schedule.getInTurn(), schedule.getCluster()),
      op.countBlocks(kBlockHeads), schedule.getSplits(),
      [&](const AttentionProgram &program) { buildProgram(program); });
}

namespace {
/// Of either operation whose keys are listed.
template <typename Op>
struct SparseAttentionToTile : public OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    auto schedule =
        dyn_cast_if_present<SparseAttentionScheduleAttr>(op.getScheduleAttr());
    if (!schedule || !op.hasPureBufferSemantics())
      return failure();
    SparseAttentionKernel(rewriter, *GatheredAttention::create(op), schedule)
        .build();
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void dsa::populateSparseAttentionToTilePatterns(RewritePatternSet &patterns) {
  patterns.add<SparseAttentionToTile<SparseAttentionOp>,
               SparseAttentionToTile<AttentionOp>>(patterns.getContext());
}
