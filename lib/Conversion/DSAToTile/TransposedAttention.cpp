//===- TransposedAttention.cpp - Attention for few heads on tiles ---------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AttentionPrograms.h"
#include "KeyLists.h"
#include "Patterns.h"
#include "TransposedSoftmax.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

namespace {
/// Builds the kernel of one operation.
class TransposedAttentionKernel {
public:
  TransposedAttentionKernel(PatternRewriter &rewriter,
                            const GatheredAttention &op,
                            TransposedAttentionScheduleAttr schedule)
      : b(op.op->getLoc(), rewriter), op(op), schedule(schedule),
        blockHeads(schedule.getBlockHeads()),
        blockKeys(schedule.getBlockKeys()), zero(index(0)),
        lists(b, op, blockKeys, blockKeys, zero),
        softmax(b, op.scale, blockHeads, blockKeys, op.getElement(),
                /*wantsMost=*/static_cast<bool>(op.max)) {}

  void build();

private:
  using State = TransposedSoftmax::State;

  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  }
  RankedTensorType tile(ArrayRef<int64_t> shape, Type type) {
    return RankedTensorType::get(shape, type);
  }

  Value gather(Value source, Value numbers, int64_t columns);
  /// −inf for keys that do not exist.
  Value mask(Value scores, Value numbers);
  State buildTile(Value entry, Value numbers, Value queries, State state);
  /// All tiles, from `state` on.
  State buildLoop(Value queries, const State &state);
  void writeOuts(ValueRange outs, const AttentionProgram &program,
                 ArrayRef<Value> place);
  void writeResults(const AttentionProgram &program, ArrayRef<Value> place,
                    const State &state);
  void buildProgram(const AttentionProgram &program);

  ImplicitLocOpBuilder b;
  GatheredAttention op;
  TransposedAttentionScheduleAttr schedule;
  int64_t blockHeads, blockKeys;
  Value zero;
  KeyLists lists;
  TransposedSoftmax softmax;
};
} // namespace

Value TransposedAttentionKernel::gather(Value source, Value numbers,
                                        int64_t columns) {
  return GatherOp::create(b, tile({blockKeys, columns}, op.getElement()),
                          source, numbers, schedule.getSlots(), /*column=*/0);
}

Value TransposedAttentionKernel::mask(Value scores, Value numbers) {
  auto type = cast<RankedTensorType>(scores.getType());
  Value exists = ExpandOp::create(b, type.clone(b.getI1Type()),
                                  lists.getExisting(numbers), 1);
  Value none = softmax.constant(type, -std::numeric_limits<float>::infinity());
  return arith::SelectOp::create(b, exists, scores, none);
}

TransposedAttentionKernel::State
TransposedAttentionKernel::buildTile(Value entry, Value numbers, Value queries,
                                     State state) {
  UnitAttr yes = b.getUnitAttr(), no;
  Value copied = lists.getNumbers(entry);
  Value keys = gather(lists.getKeys(), copied, op.width), values = keys;
  if (op.value)
    values = gather(lists.getValues(), copied, op.valueWidth);
  Value x = MmaOp::create(b, TypeRange(softmax.scores()), keys, queries,
                          ValueRange(), /*b_rows=*/no, /*replicated=*/no,
                          /*own_columns=*/no, /*a_rows=*/no)
                .getResult(0);
  state = softmax.addScores(mask(x, numbers), state);
  // Every warp has the weights of some keys, and needs all of them.
  Value weights =
      StageOp::create(b, state.weights.getType(), state.weights, IntegerAttr());
  for (auto [block, out] : llvm::enumerate(state.outs)) {
    Value part =
        ExtractOp::create(b, tile({blockKeys, blockKeys}, op.getElement()),
                          values, 1, static_cast<int64_t>(block) * blockKeys);
    out = MmaOp::create(b, TypeRange(softmax.scores()), part, weights,
                        ValueRange(out), /*b_rows=*/yes, /*replicated=*/no,
                        /*own_columns=*/no, /*a_rows=*/yes)
              .getResult(0);
  }
  return state;
}

TransposedAttentionKernel::State
TransposedAttentionKernel::buildLoop(Value queries, const State &state) {
  Value begin = lists.getBegin();
  SmallVector<Value> carried = state.getCarried();
  // What masks need is loaded a tile ahead, so that nobody waits for it.
  carried.push_back(lists.getNumbers(begin));
  Value end = lists.getEnd(), step = index(blockKeys);
  auto loop = scf::ForOp::create(b, begin, end, step, carried);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value entry = loop.getInductionVar();
  Value next = arith::AddIOp::create(b, entry, step);
  Value exists = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, next, end);
  Value ahead =
      lists.getNumbers(arith::SelectOp::create(b, exists, next, entry));
  ValueRange arguments = loop.getRegionIterArgs();
  carried = buildTile(entry, arguments.back(), queries,
                      state.fromCarried(arguments.drop_back()))
                .getCarried();
  carried.push_back(ahead);
  scf::YieldOp::create(b, carried);
  return state.fromCarried(loop.getResults().drop_back());
}

void TransposedAttentionKernel::writeOuts(ValueRange outs,
                                          const AttentionProgram &program,
                                          ArrayRef<Value> place) {
  // The heads of the row, or of its set of heads, by columns.
  Value dest = lists.splitHeads(program.out);
  auto type = cast<MemRefType>(dest.getType());
  ArrayRef<int64_t> shape = type.getShape().take_back(2);
  SmallVector<OpFoldResult> offsets = {program.place}, sizes,
                            strides(type.getRank(), b.getIndexAttr(1));
  for (Value set : place.drop_back())
    offsets.push_back(set);
  sizes.assign(offsets.size(), b.getIndexAttr(1));
  for (int64_t extent : shape) {
    offsets.push_back(b.getIndexAttr(0));
    sizes.push_back(b.getIndexAttr(extent));
  }
  MemRefType heads = memref::SubViewOp::inferRankReducedResultType(
      shape, type, offsets, sizes, strides);
  dest = memref::SubViewOp::create(b, heads, dest, offsets, sizes, strides);
  Type element = type.getElementType();
  for (auto [block, out] : llvm::enumerate(outs)) {
    if (!element.isF32())
      out = arith::TruncFOp::create(
          b, cast<RankedTensorType>(out.getType()).clone(element), out);
    Value column = index(static_cast<int64_t>(block) * blockKeys);
    StoreOp::create(b, out, dest, ValueRange{place.back(), column}, Value(),
                    UnitAttr(), /*transposed=*/b.getUnitAttr(),
                    DenseI64ArrayAttr());
  }
}

void TransposedAttentionKernel::writeResults(const AttentionProgram &program,
                                             ArrayRef<Value> place,
                                             const State &state) {
  Value sink = lists.loadPerHead(program.sink, place, blockHeads);
  auto [outs, lse, most] = softmax.finish(state, sink);
  writeOuts(outs, program, place);
  lists.storePerHead(lse, program.lse, program.place, place);
  lists.storePerHead(most, program.max, program.place, place);
}

void TransposedAttentionKernel::buildProgram(const AttentionProgram &program) {
  HeadBlock heads = lists.begin(program, blockHeads);
  Value queries =
      LoadOp::create(b, tile({blockHeads, op.width}, op.getElement()), op.q,
                     ValueRange{program.row, heads.first, zero},
                     ArrayRef<int64_t>{1, blockHeads, op.width}, /*slots=*/1);
  State state = softmax.begin(op.valueWidth / blockKeys);
  writeResults(program, heads.place, buildLoop(queries, state));
}

void TransposedAttentionKernel::build() {
  buildAttentionPrograms(
      b, op,
      KernelAttr::get(
          b.getContext(), schedule.getGroups(), 1, /*load_warps=*/4,
          schedule.getBlocks(),
          getRegisterSplit(b.getContext(), schedule.getGroups(),
                           TransposedAttentionScheduleAttr::kLoadRegisters),
          /*ordered=*/false, /*cluster=*/1),
      op.countBlocks(blockHeads), schedule.getSplits(),
      [&](const AttentionProgram &program) { buildProgram(program); });
}

namespace {
/// Of either operation whose keys are listed.
template <typename Op>
struct TransposedAttentionToTile : public OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    auto schedule = dyn_cast_if_present<TransposedAttentionScheduleAttr>(
        op.getScheduleAttr());
    if (!schedule || !op.hasPureBufferSemantics())
      return failure();
    TransposedAttentionKernel(rewriter, *GatheredAttention::create(op),
                              schedule)
        .build();
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void dsa::populateTransposedAttentionToTilePatterns(
    RewritePatternSet &patterns) {
  patterns.add<TransposedAttentionToTile<SparseAttentionOp>,
               TransposedAttentionToTile<AttentionOp>>(patterns.getContext());
}
