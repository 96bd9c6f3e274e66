//===- Attention.cpp - dsa.attention as a kernel on tiles -----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OnlineSoftmax.h"
#include "Patterns.h"
#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include <limits>

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

namespace {
/// Builds the kernel of one operation.
class AttentionKernel {
public:
  AttentionKernel(PatternRewriter &rewriter, AttentionOp op,
                  AttentionScheduleAttr schedule)
      : b(op.getLoc(), rewriter), op(op), schedule(schedule),
        rows(64 * schedule.getGroups()), blockKeys(schedule.getBlockKeys()),
        width(op.getKeyWidth()), valueWidth(op.getValueWidth()),
        element(op.getQType().getElementType()), zero(index(0)),
        softmax(b, op.getScale().convertToFloat(), rows, valueWidth, element,
                /*wantsMost=*/static_cast<bool>(op.getMaxInit())) {}

  void build();

private:
  using State = OnlineSoftmax::State;
  /// Keys from `first` to `last` are somebody's, from `allFirst` to `allLast`
  /// everybody's.
  struct KeyRange {
    Value first, last, allFirst, allLast;
  };

  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  }
  Value toIndex(Value value) {
    if (value.getType().isIndex())
      return value;
    return arith::IndexCastOp::create(b, b.getIndexType(), value);
  }
  Value toI32(Value value) {
    return arith::IndexCastOp::create(b, b.getI32Type(), value);
  }
  RankedTensorType tile(ArrayRef<int64_t> shape, Type type) {
    return RankedTensorType::get(shape, type);
  }

  /// The first key of one row and what lies behind its last, any numbers.
  std::pair<Value, Value> loadBounds(Value row);
  KeyRange getKeyRange(Value row);
  /// A number for each row from `row` on.
  Value loadRows(Value source, Value row);
  /// The first key of each row's window and what lies behind its last one.
  std::pair<Value, Value> loadWindows(Value row);
  /// A tile of keys or values from the head that serves `head`.
  Value loadKeys(Value source, Value key, Value head, int64_t columns);
  Value mask(Value scores, Value key, Value row, const KeyRange &range);
  Value addValues(Value weights, Value key, Value head, Value out);
  State buildTile(Value key, Value row, Value head, Value queries,
                  const KeyRange &range, State state);
  void writeResults(Value row, Value head, const State &state);
  void buildProgram(Value row, Value head);

  ImplicitLocOpBuilder b;
  AttentionOp op;
  AttentionScheduleAttr schedule;
  int64_t rows, blockKeys, width, valueWidth;
  Type element;
  Value zero, keys;
  OnlineSoftmax softmax;
};
} // namespace

std::pair<Value, Value> AttentionKernel::loadBounds(Value row) {
  Value lo = zero, hi = keys;
  if (op.getLo()) {
    lo = memref::LoadOp::create(b, op.getLo(), row);
    hi = memref::LoadOp::create(b, op.getHi(), row);
  }
  auto window = op.getWindow();
  if (!window)
    return {lo, hi};
  // More bits than positions have.
  Value position = toIndex(memref::LoadOp::create(b, op.getPositions(), row));
  Value from = arith::SubIOp::create(b, position, index((*window)[0]));
  Value to = arith::AddIOp::create(b, position, index((*window)[1] + 1));
  return {arith::MaxSIOp::create(b, toIndex(lo), from),
          arith::MinSIOp::create(b, toIndex(hi), to)};
}

AttentionKernel::KeyRange AttentionKernel::getKeyRange(Value row) {
  if (!op.getLo() && !op.getWindow())
    return {zero, keys, zero, keys};
  Value count = memref::DimOp::create(b, op.getQ(), 0);
  Value end = arith::MinSIOp::create(
      b, count, arith::AddIOp::create(b, row, index(rows)));
  auto [lo, hi] = loadBounds(row);
  SmallVector<Value> inits = {lo, hi, lo, hi};
  auto loop = scf::ForOp::create(b, row, end, index(1), inits);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    auto [lo, hi] = loadBounds(loop.getInductionVar());
    auto carried = loop.getRegionIterArgs();
    scf::YieldOp::create(b,
                         ValueRange{arith::MinSIOp::create(b, carried[0], lo),
                                    arith::MaxSIOp::create(b, carried[1], hi),
                                    arith::MaxSIOp::create(b, carried[2], lo),
                                    arith::MinSIOp::create(b, carried[3], hi)});
  }
  SmallVector<Value> bounds;
  for (Value bound : loop.getResults())
    bounds.push_back(arith::MinSIOp::create(
        b, arith::MaxSIOp::create(b, toIndex(bound), zero), keys));
  // Down to a whole tile, so that the last one alone is not full.
  Value block = index(blockKeys);
  Value first = arith::MulIOp::create(
      b, arith::DivUIOp::create(b, bounds[0], block), block);
  return {first, bounds[1], bounds[2], bounds[3]};
}

Value AttentionKernel::loadKeys(Value source, Value key, Value head,
                                int64_t columns) {
  SmallVector<Value> indices = {key};
  SmallVector<int64_t> box = {blockKeys};
  if (op.hasKeyHeads()) {
    Value share = index(op.getHeads() / op.getKeyHeads());
    indices.push_back(arith::DivUIOp::create(b, head, share));
    box.push_back(1);
  }
  indices.push_back(zero);
  box.push_back(columns);
  return LoadOp::create(b, tile({blockKeys, columns}, element), source, indices,
                        box, schedule.getSlots());
}

Value AttentionKernel::loadRows(Value source, Value row) {
  return LoadOp::create(b, tile({rows}, b.getI32Type()), source,
                        ValueRange(row), ArrayRef<int64_t>{rows}, 1);
}

std::pair<Value, Value> AttentionKernel::loadWindows(Value row) {
  // More bits than positions have; what lies outside of all keys is near
  // enough.
  auto wide = tile({rows}, b.getI64Type());
  Value position =
      arith::ExtSIOp::create(b, wide, loadRows(op.getPositions(), row));
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(
        b, DenseElementsAttr::get(wide, b.getI64IntegerAttr(value)));
  };
  Value count = SplatOp::create(
      b, wide, arith::IndexCastOp::create(b, b.getI64Type(), keys));
  auto narrow = [&](Value bound) -> Value {
    bound = arith::MaxSIOp::create(b, bound, constant(0));
    bound = arith::MinSIOp::create(b, bound, count);
    return arith::TruncIOp::create(b, tile({rows}, b.getI32Type()), bound);
  };
  auto window = *op.getWindow();
  return {narrow(arith::SubIOp::create(b, position, constant(window[0]))),
          narrow(arith::AddIOp::create(b, position, constant(window[1] + 1)))};
}

/// −inf for keys that a row does not see, in tiles that not all rows see all
/// of.
Value AttentionKernel::mask(Value scores, Value key, Value row,
                            const KeyRange &range) {
  using Predicate = arith::CmpIPredicate;
  Value end = arith::AddIOp::create(b, key, index(blockKeys));
  Value partial = arith::OrIOp::create(
      b, arith::CmpIOp::create(b, Predicate::slt, key, range.allFirst),
      arith::CmpIOp::create(b, Predicate::sgt, end, range.allLast));
  auto branch = scf::IfOp::create(b, scores.getType(), partial,
                                  /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  auto type = tile({rows, blockKeys}, b.getI32Type());
  Value number = arith::AddIOp::create(b, IotaOp::create(b, type, 1),
                                       SplatOp::create(b, type, toI32(key)));
  auto compare = [&](Predicate predicate, Value bound) -> Value {
    return arith::CmpIOp::create(b, predicate, number, bound);
  };
  auto compareToBound = [&](Predicate predicate, Value bounds) -> Value {
    return compare(predicate, ExpandOp::create(b, type, bounds, 1));
  };
  Value seen = compare(Predicate::slt, SplatOp::create(b, type, toI32(keys)));
  if (op.getLo()) {
    seen = arith::AndIOp::create(
        b, seen, compareToBound(Predicate::slt, loadRows(op.getHi(), row)));
    seen = arith::AndIOp::create(
        b, seen, compareToBound(Predicate::sge, loadRows(op.getLo(), row)));
  }
  if (op.getWindow()) {
    auto [from, to] = loadWindows(row);
    seen = arith::AndIOp::create(b, seen, compareToBound(Predicate::slt, to));
    seen = arith::AndIOp::create(b, seen, compareToBound(Predicate::sge, from));
  }
  Value none = softmax.constant(cast<RankedTensorType>(scores.getType()),
                                -std::numeric_limits<float>::infinity());
  scf::YieldOp::create(
      b, arith::SelectOp::create(b, seen, scores, none).getResult());
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, scores);
  return branch.getResult(0);
}

AttentionKernel::State AttentionKernel::buildTile(Value key, Value row,
                                                  Value head, Value queries,
                                                  const KeyRange &range,
                                                  State state) {
  auto scores = tile({rows, blockKeys}, b.getF32Type());
  Value x = MmaOp::create(b, TypeRange(scores), queries,
                          loadKeys(op.getKey(), key, head, width), ValueRange(),
                          UnitAttr(), UnitAttr(), UnitAttr(), UnitAttr())
                .getResult(0);
  // Beside the product that was begun: the values of the tile before. The first
  // tile has none before it, and none lies behind all keys.
  if (schedule.getDelay()) {
    Value before = arith::SubIOp::create(b, key, index(blockKeys));
    Value isFirst =
        arith::CmpIOp::create(b, arith::CmpIPredicate::eq, key, range.first);
    before = arith::SelectOp::create(b, isFirst, keys, before);
    state.out = addValues(state.weights.front(), before, head, state.out);
  }
  state = softmax.addScores(mask(x, key, row, range), state);
  if (!schedule.getDelay())
    state.out = addValues(state.weights.front(), key, head, state.out);
  return state;
}

Value AttentionKernel::addValues(Value weights, Value key, Value head,
                                 Value out) {
  Value source = op.getValue() ? op.getValue() : op.getKey();
  return MmaOp::create(b, TypeRange(out.getType()), weights,
                       loadKeys(source, key, head, valueWidth), ValueRange(out),
                       /*b_rows=*/b.getUnitAttr(), /*replicated=*/UnitAttr(),
                       /*own_columns=*/UnitAttr(), /*a_rows=*/UnitAttr())
      .getResult(0);
}

void AttentionKernel::writeResults(Value row, Value head, const State &state) {
  Value sink;
  if (op.getSink())
    sink = SplatOp::create(b, softmax.perRow(),
                           memref::LoadOp::create(b, op.getSink(), head));
  auto [out, lse, most] = softmax.finish(state, sink);
  Type outElement = getElementTypeOrSelf(op.getInits()[0].getType());
  if (!outElement.isF32())
    out = arith::TruncFOp::create(b, tile({rows, valueWidth}, outElement), out);
  StoreOp::create(b, out, op.getInits()[0], ValueRange{row, head, zero},
                  Value(), UnitAttr(), UnitAttr(),
                  b.getDenseI64ArrayAttr({rows, 1, valueWidth}));
  auto store = [&](Value value, Value dest) {
    StoreOp::create(b, value, dest, ValueRange{row, head}, Value(), UnitAttr(),
                    UnitAttr(), b.getDenseI64ArrayAttr({rows, 1}));
  };
  store(lse, op.getInits()[1]);
  if (Value max = op.getMaxInit())
    store(most, max);
}

void AttentionKernel::buildProgram(Value row, Value head) {
  KeyRange range = getKeyRange(row);
  Value queries = LoadOp::create(b, tile({rows, width}, element), op.getQ(),
                                 ValueRange{row, head, zero},
                                 ArrayRef<int64_t>{rows, 1, width}, 1);
  State state = softmax.begin();
  SmallVector<Value> inits = state.getCarried();
  Value last = range.last;
  if (schedule.getDelay()) {
    inits.push_back(arith::ConstantOp::create(
        b, b.getZeroAttr(tile({rows, blockKeys}, element))));
    // One more tile, of which nobody sees a key, adds the last tile's values.
    Value end = arith::AddIOp::create(b, last, index(blockKeys));
    Value any =
        arith::CmpIOp::create(b, arith::CmpIPredicate::slt, range.first, last);
    last = arith::SelectOp::create(b, any, end, last);
  }
  auto loop = scf::ForOp::create(b, range.first, last, index(blockKeys), inits);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    ValueRange carried = loop.getRegionIterArgs();
    state = State::fromCarried(carried.drop_back(schedule.getDelay() ? 1 : 0));
    if (schedule.getDelay())
      state.weights = {carried.back()};
    state = buildTile(loop.getInductionVar(), row, head, queries, range, state);
    SmallVector<Value> yielded = state.getCarried();
    if (schedule.getDelay())
      yielded.push_back(state.weights.front());
    scf::YieldOp::create(b, yielded);
  }
  ValueRange results = loop.getResults();
  writeResults(
      row, head,
      State::fromCarried(results.drop_back(schedule.getDelay() ? 1 : 0)));
}

void AttentionKernel::build() {
  keys = memref::DimOp::create(b, op.getKey(), 0);
  Value rowBlocks = arith::CeilDivUIOp::create(
      b, memref::DimOp::create(b, op.getQ(), 0), index(rows));
  scf::ForallOp programs = createPrograms(
      b, {rowBlocks, b.getIndexAttr(op.getHeads())},
      KernelAttr::get(
          b.getContext(), schedule.getGroups(), 1,
          /*load_warps=*/4, /*blocks=*/0,
          getRegisterSplit(b.getContext(), schedule.getGroups(), /*load=*/32),
          schedule.getOrdered(), /*cluster=*/1));
  // Later rows of causal attention see more keys: the longest programs first.
  Value block =
      arith::SubIOp::create(b, arith::SubIOp::create(b, rowBlocks, index(1)),
                            programs.getInductionVar(0));
  buildProgram(arith::MulIOp::create(b, block, index(rows)),
               programs.getInductionVar(1));
}

namespace {
struct AttentionToTile : public OpRewritePattern<AttentionOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(AttentionOp op,
                                PatternRewriter &rewriter) const override {
    auto schedule =
        dyn_cast_if_present<AttentionScheduleAttr>(op.getScheduleAttr());
    if (!schedule || !op.hasPureBufferSemantics())
      return failure();
    AttentionKernel(rewriter, op, schedule).build();
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void dsa::populateAttentionToTilePatterns(RewritePatternSet &patterns) {
  patterns.add<AttentionToTile>(patterns.getContext());
}
