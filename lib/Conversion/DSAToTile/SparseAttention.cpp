//===- SparseAttention.cpp - dsa.sparse_attention on tiles ----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OnlineSoftmax.h"
#include "Patterns.h"
#include "dsa/Dialect/DSA/IR/DSA.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
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
  SparseAttentionKernel(PatternRewriter &rewriter, SparseAttentionOp op,
                        SparseAttentionScheduleAttr schedule)
      : b(op.getLoc(), rewriter), op(op), schedule(schedule),
        blockKeys(schedule.getBlockKeys()), width(op.getKeyWidth()),
        valueWidth(op.getValueWidth()),
        entries(cast<ShapedType>(op.getIndices().getType()).getDimSize(2)),
        element(op.getQType().getElementType()), zero(index(0)),
        softmax(b, op.getScale().convertToFloat(), kBlockHeads, valueWidth,
                element, /*wantsMost=*/static_cast<bool>(op.getMaxInit())) {}

  void build();

private:
  using State = OnlineSoftmax::State;

  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  }
  Value toI32(Value value) {
    return arith::IndexCastOp::create(b, b.getI32Type(), value);
  }
  RankedTensorType tile(ArrayRef<int64_t> shape, Type type) {
    return RankedTensorType::get(shape, type);
  }

  /// How many entries of the row's list count.
  Value getLength(Value row);
  /// Where the last tile ends. Warpgroups that divide tiles have equally many,
  /// each at least one.
  Value getEnd(Value length);
  /// The keys of a tile, from an entry on; −1 beyond the list's end.
  Value getNumbers(Value row, Value entry, Value length);
  /// −inf for entries that are holes.
  Value mask(Value scores, Value numbers);
  /// Columns that are gathered apart.
  struct Part {
    int64_t begin, columns;
    bool isValue;
  };
  /// Warpgroups that divide tiles have columns of values, and release them,
  /// apart.
  SmallVector<Part> getParts();
  /// Entries that an iteration takes in.
  int64_t getStep() { return blockKeys * (schedule.getSplit() ? 2 : 1); }
  /// Keys from an entry on, part by part.
  SmallVector<SmallVector<Value>> gather(Value row, ArrayRef<Value> begins,
                                         Value length);
  State buildStep(Value row, Value entry, Value length, ValueRange queries,
                  State state);
  void writeResults(Value row, Value head, const State &state);
  void buildProgram(Value row, Value head);

  ImplicitLocOpBuilder b;
  SparseAttentionOp op;
  SparseAttentionScheduleAttr schedule;
  int64_t blockKeys, width, valueWidth, entries;
  Type element;
  Value zero;
  OnlineSoftmax softmax;
};
} // namespace

Value SparseAttentionKernel::getLength(Value row) {
  if (!op.getLengths())
    return index(entries);
  Value length =
      memref::LoadOp::create(b, op.getLengths(), ValueRange{row, zero});
  length = arith::IndexCastOp::create(b, b.getIndexType(), length);
  return arith::MinSIOp::create(b, length, index(entries));
}

Value SparseAttentionKernel::getEnd(Value length) {
  if (!schedule.getSplit())
    return length;
  int64_t both = getStep();
  Value rounded = arith::AddIOp::create(b, length, index(both - 1));
  Value pairs = arith::MaxSIOp::create(
      b, arith::DivSIOp::create(b, rounded, index(both)), index(1));
  return arith::MulIOp::create(b, pairs, index(both));
}

Value SparseAttentionKernel::getNumbers(Value row, Value entry, Value length) {
  auto list = tile({blockKeys}, b.getI32Type());
  // A list that ends with a tile, and has no length, is full.
  bool ends = entries % getStep() == 0;
  Value numbers =
      LoadOp::create(b, list, op.getIndices(), ValueRange{row, zero, entry},
                     ArrayRef<int64_t>{1, 1, blockKeys}, /*slots=*/1,
                     /*inside=*/ends);
  if (!op.getLengths() && ends)
    return numbers;
  Value rest = toI32(arith::SubIOp::create(b, length, entry));
  Value listed = arith::CmpIOp::create(b, arith::CmpIPredicate::slt,
                                       IotaOp::create(b, list, 0),
                                       SplatOp::create(b, list, rest));
  Value none = arith::ConstantOp::create(
      b, DenseElementsAttr::get(list, b.getI32IntegerAttr(-1)));
  return arith::SelectOp::create(b, listed, numbers, none);
}

Value SparseAttentionKernel::mask(Value scores, Value numbers) {
  Value keys = toI32(memref::DimOp::create(b, op.getKey(), 0));
  Value exists = arith::CmpIOp::create(
      b, arith::CmpIPredicate::ult, numbers,
      SplatOp::create(b, cast<RankedTensorType>(numbers.getType()), keys));
  return MaskColumnsOp::create(b, scores, exists);
}

SmallVector<SparseAttentionKernel::Part> SparseAttentionKernel::getParts() {
  if (!schedule.getSplit())
    return {{0, width, true}};
  int64_t own = valueWidth / schedule.getGroups();
  SmallVector<Part> parts = {{0, own, true}, {own, own, true}};
  // What is no value has the shortest life, and comes first.
  if (width > valueWidth)
    parts.insert(parts.begin(), {valueWidth, width - valueWidth, false});
  return parts;
}

SmallVector<SmallVector<Value>>
SparseAttentionKernel::gather(Value row, ArrayRef<Value> begins, Value length) {
  SmallVector<Part> parts = getParts();
  SmallVector<Value> numbers;
  for (Value begin : begins)
    numbers.push_back(getNumbers(row, begin, length));
  SmallVector<SmallVector<Value>> keys(begins.size(),
                                       SmallVector<Value>(parts.size()));
  auto load = [&](size_t tile, size_t part) {
    keys[tile][part] = GatherOp::create(
        b, this->tile({blockKeys, parts[part].columns}, element), op.getKey(),
        numbers[tile], schedule.getSlots(), parts[part].begin);
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
  load(0, first);
  load(1, first + 1);
  load(0, first + 1);
  load(1, first);
  return keys;
}

SparseAttentionKernel::State
SparseAttentionKernel::buildStep(Value row, Value entry, Value length,
                                 ValueRange queries, State state) {
  auto scores = tile({kBlockHeads, blockKeys}, b.getF32Type());
  UnitAttr yes = b.getUnitAttr(), no;
  SmallVector<Value> begins = {entry};
  if (schedule.getSplit())
    begins.push_back(arith::AddIOp::create(b, entry, index(blockKeys)));
  SmallVector<SmallVector<Value>> tiles = gather(row, begins, length);
  SmallVector<Value> xs;
  for (auto [begin, keys] : llvm::zip(begins, tiles)) {
    Value x;
    for (auto [left, right] : llvm::zip(queries, keys))
      x = MmaOp::create(b, TypeRange(scores), left, right,
                        x ? ValueRange(x) : ValueRange(), /*b_rows=*/no,
                        /*replicated=*/yes, /*own_columns=*/no)
              .getResult(0);
    // Other threads need the same numbers than those that copy keys.
    xs.push_back(mask(x, getNumbers(row, begin, length)));
  }
  state = softmax.addScores(xs, state);
  for (auto [weights, keys] : llvm::zip(state.weights, tiles)) {
    SmallVector<Value> values;
    for (auto [part, key] : llvm::zip(getParts(), keys))
      if (part.isValue)
        values.push_back(key);
    state.out = MmaOp::create(b, TypeRange(softmax.outs()), weights, values,
                              ValueRange(state.out), /*b_rows=*/yes,
                              /*replicated=*/no, /*own_columns=*/no)
                    .getResult(0);
  }
  return state;
}

void SparseAttentionKernel::writeResults(Value row, Value head,
                                         const State &state) {
  Value sink;
  if (op.getSink())
    sink = LoadOp::create(b, softmax.perRow(), op.getSink(), ValueRange(head),
                          ArrayRef<int64_t>{kBlockHeads}, 1);
  auto [out, lse, most] = softmax.finish(state, sink);
  Type outElement = getElementTypeOrSelf(op.getInits()[0].getType());
  if (!outElement.isF32())
    out = arith::TruncFOp::create(
        b, tile({kBlockHeads, valueWidth}, outElement), out);
  StoreOp::create(b, out, op.getInits()[0], ValueRange{row, head, zero},
                  Value(), UnitAttr(), UnitAttr(),
                  b.getDenseI64ArrayAttr({1, kBlockHeads, valueWidth}));
  auto store = [&](Value value, Value dest) {
    StoreOp::create(b, value, dest, ValueRange{row, head}, Value(), UnitAttr(),
                    UnitAttr(), b.getDenseI64ArrayAttr({1, kBlockHeads}));
  };
  store(lse, op.getInits()[1]);
  if (Value max = op.getMaxInit())
    store(most, max);
}

void SparseAttentionKernel::buildProgram(Value row, Value head) {
  Value length = getLength(row);
  SmallVector<Value> queries;
  // There is not enough shared memory for what is no value.
  bool inside = op.getHeads() % kBlockHeads == 0;
  for (const Part &part : getParts())
    queries.push_back(
        LoadOp::create(b, tile({kBlockHeads, part.columns}, element), op.getQ(),
                       ValueRange{row, head, index(part.begin)},
                       ArrayRef<int64_t>{1, kBlockHeads, part.columns},
                       /*slots=*/part.isValue ? 1 : 0, inside));
  auto loop = scf::ForOp::create(b, zero, getEnd(length), index(getStep()),
                                 softmax.begin().getCarried());
  if (schedule.getSplit())
    loop->setAttr(kSplitAttrName, b.getUnitAttr());
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    State state = buildStep(row, loop.getInductionVar(), length, queries,
                            State::fromCarried(loop.getRegionIterArgs()));
    scf::YieldOp::create(b, state.getCarried());
  }
  writeResults(row, head, State::fromCarried(loop.getResults()));
}

void SparseAttentionKernel::build() {
  Value rows = memref::DimOp::create(b, op.getQ(), 0);
  int64_t blocks = llvm::divideCeil(op.getHeads(), kBlockHeads);
  auto mapping = [&](gpu::MappingId id) -> Attribute {
    return gpu::GPUBlockMappingAttr::get(b.getContext(), id);
  };
  auto programs = scf::ForallOp::create(
      b, ArrayRef<OpFoldResult>{rows, b.getIndexAttr(blocks)}, ValueRange(),
      b.getArrayAttr(
          {mapping(gpu::MappingId::DimY), mapping(gpu::MappingId::DimX)}));
  programs->setAttr(
      kKernelAttrName,
      KernelAttr::get(
          b.getContext(), 1, schedule.getGroups(), /*load_warps=*/4,
          schedule.getBlocks(),
          getRegisterSplit(b.getContext(), schedule.getGroups(),
                           SparseAttentionScheduleAttr::kLoadRegisters),
          /*ordered=*/false, schedule.getCluster()));
  b.setInsertionPointToStart(programs.getBody());
  buildProgram(programs.getInductionVar(0),
               arith::MulIOp::create(b, programs.getInductionVar(1),
                                     index(kBlockHeads)));
}

namespace {
struct SparseAttentionToTile : public OpRewritePattern<SparseAttentionOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(SparseAttentionOp op,
                                PatternRewriter &rewriter) const override {
    auto schedule =
        dyn_cast_if_present<SparseAttentionScheduleAttr>(op.getScheduleAttr());
    if (!schedule || !op.hasPureBufferSemantics())
      return failure();
    SparseAttentionKernel(rewriter, op, schedule).build();
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void dsa::populateSparseAttentionToTilePatterns(RewritePatternSet &patterns) {
  patterns.add<SparseAttentionToTile>(patterns.getContext());
}
