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
#include <limits>

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
  /// Where the last tile ends. Warpgroups that take turns have equally many,
  /// each at least one.
  Value getEnd(Value length);
  /// −inf for entries that are holes.
  Value mask(Value scores, Value row, Value entry, Value length);
  /// First column and columns of what is gathered apart: warpgroups that take
  /// turns release the columns of their values apart.
  SmallVector<std::pair<int64_t, int64_t>> getParts();
  State buildTile(Value row, Value entry, Value length, ValueRange queries,
                  State state);
  void writeResults(Value row, Value head, State state);
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
  if (!schedule.getAlternate())
    return length;
  int64_t both = 2 * blockKeys;
  Value rounded = arith::AddIOp::create(b, length, index(both - 1));
  Value pairs = arith::MaxSIOp::create(
      b, arith::DivSIOp::create(b, rounded, index(both)), index(1));
  return arith::MulIOp::create(b, pairs, index(both));
}

Value SparseAttentionKernel::mask(Value scores, Value row, Value entry,
                                  Value length) {
  using Predicate = arith::CmpIPredicate;
  auto list = tile({blockKeys}, b.getI32Type());
  auto splat = [&](Value value) -> Value {
    return SplatOp::create(b, list, value);
  };
  Value numbers =
      LoadOp::create(b, list, op.getIndices(), ValueRange{row, zero, entry},
                     ArrayRef<int64_t>{1, 1, blockKeys}, 1);
  Value keys = toI32(memref::DimOp::create(b, op.getKey(), 0));
  Value exists = arith::CmpIOp::create(b, Predicate::ult, numbers, splat(keys));
  // A list that ends with a tile, and has no length, is full.
  int64_t step = blockKeys * (schedule.getAlternate() ? 2 : 1);
  if (op.getLengths() || entries % step != 0) {
    Value rest = toI32(arith::SubIOp::create(b, length, entry));
    exists = arith::AndIOp::create(
        b, exists,
        arith::CmpIOp::create(b, Predicate::slt, IotaOp::create(b, list, 0),
                              splat(rest)));
  }
  auto type = cast<RankedTensorType>(scores.getType());
  Value none = softmax.constant(type, -std::numeric_limits<float>::infinity());
  Value expanded =
      ExpandOp::create(b, tile(type.getShape(), b.getI1Type()), exists, 0);
  return arith::SelectOp::create(b, expanded, scores, none);
}

SmallVector<std::pair<int64_t, int64_t>> SparseAttentionKernel::getParts() {
  if (!schedule.getAlternate())
    return {{0, width}};
  int64_t own = valueWidth / schedule.getGroups();
  return {{0, own}, {own, width - own}};
}

SparseAttentionKernel::State
SparseAttentionKernel::buildTile(Value row, Value entry, Value length,
                                 ValueRange queries, State state) {
  auto scores = tile({kBlockHeads, blockKeys}, b.getF32Type());
  UnitAttr yes = b.getUnitAttr(), no;
  SmallVector<Value> keys;
  Value x;
  for (auto [part, left] : llvm::zip(getParts(), queries)) {
    auto [column, columns] = part;
    keys.push_back(GatherOp::create(
        b, tile({blockKeys, columns}, element), op.getKey(), op.getIndices(),
        ValueRange{row, zero, entry}, length, schedule.getSlots(), column));
    x = MmaOp::create(b, TypeRange(scores), left, keys.back(),
                      x ? ValueRange(x) : ValueRange(), /*b_rows=*/no,
                      /*replicated=*/yes, /*own_columns=*/no)
            .getResult(0);
  }
  state = softmax.addScores(mask(x, row, entry, length), state);
  state.out = MmaOp::create(b, TypeRange(softmax.outs()), state.weights, keys,
                            ValueRange(state.out), /*b_rows=*/yes,
                            /*replicated=*/no, /*own_columns=*/no)
                  .getResult(0);
  return state;
}

void SparseAttentionKernel::writeResults(Value row, Value head, State state) {
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
  for (auto [column, columns] : getParts())
    queries.push_back(
        LoadOp::create(b, tile({kBlockHeads, columns}, element), op.getQ(),
                       ValueRange{row, head, index(column)},
                       ArrayRef<int64_t>{1, kBlockHeads, columns}, 1));
  auto loop = scf::ForOp::create(b, zero, getEnd(length), index(blockKeys),
                                 softmax.begin().getCarried());
  if (schedule.getAlternate())
    loop->setAttr(kAlternateAttrName, b.getUnitAttr());
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    State state = buildTile(row, loop.getInductionVar(), length, queries,
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
      KernelAttr::get(b.getContext(), 1, schedule.getGroups(), /*load_warps=*/4,
                      schedule.getBlocks(),
                      getRegisterSplit(b.getContext(), schedule.getGroups(),
                                       /*load=*/72),
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
