//===- ChunkSelection.cpp - Select from some rows at a time ---------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/Transforms/RowSlicing.h"
#include "dsa/Dialect/DSATile/IR/ConcurrentLoops.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "dsa/Dialect/DSATile/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/TilingInterface.h"

namespace mlir::dsa_tile {
#define GEN_PASS_DEF_CHUNKSELECTIONPASS
#include "dsa/Dialect/DSATile/Transforms/Passes.h.inc"
} // namespace mlir::dsa_tile

using namespace mlir;
using namespace mlir::dsa_tile;

/// Moves what computes `value` out of the region of `select`. Fails if that
/// depends on what memory holds.
static LogicalResult moveBefore(dsa::SelectOp select, Value value) {
  Operation *op = value.getDefiningOp();
  if (!op || !select->isProperAncestor(op))
    return success();
  if (op->getNumRegions() != 0 ||
      (!isMemoryEffectFree(op) && !isa<memref::AllocOp>(op)))
    return failure();
  for (Value operand : op->getOperands())
    if (failed(moveBefore(select, operand)))
      return failure();
  op->moveBefore(select);
  return success();
}

namespace {
/// How rows are divided: the extents are the same for all chunks.
struct Chunks {
  Value count, rows;
  /// Where a chunk may begin at most.
  Value last;
};

/// Turns one selection into a loop.
class Chunker {
public:
  Chunker(IRRewriter &rewriter, dsa::SelectOp op, SelectScheduleAttr schedule)
      : rewriter(rewriter), b(op.getLoc(), rewriter), op(op),
        schedule(schedule) {}

  LogicalResult run();

private:
  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  }
  Value mul(Value left, Value right) {
    return arith::MulIOp::create(b, left, right);
  }
  Value atLeastOne(Value value) {
    return arith::MaxUIOp::create(b, value, index(1));
  }
  FailureOr<Value> getRowBytes();
  Value getMostRows(Value rowBytes);
  Chunks divide(Value most);
  /// A loop over chunks, of which so many may run at the same time; what is
  /// built next is its body, for these rows.
  dsa::RowRange buildLoop(const Chunks &chunks, int64_t concurrent);
  LogicalResult prepareRows();
  LogicalResult selectRows(Value rowBytes);
  LogicalResult listRows();

  IRRewriter &rewriter;
  ImplicitLocOpBuilder b;
  dsa::SelectOp op;
  SelectScheduleAttr schedule;
};
} // namespace

/// The bytes of one row's scores.
FailureOr<Value> Chunker::getRowBytes() {
  Operation *yield = op.getScorer().front().getTerminator();
  Value scores = cast<dsa::YieldOp>(yield).getScores();
  auto alloc = scores.getDefiningOp<memref::AllocOp>();
  if (!alloc)
    return op.emitOpError("cannot be divided into chunks: expected its region "
                          "to create the scores that it yields");
  Value bytes = index(alloc.getType().getElementTypeBitWidth() / 8);
  SmallVector<OpFoldResult> sizes = alloc.getMixedSizes();
  for (OpFoldResult size : ArrayRef(sizes).drop_front()) {
    Value extent = getValueOrCreateConstantIndexOp(b, op.getLoc(), size);
    if (failed(moveBefore(op, extent)))
      return op.emitOpError("cannot be divided into chunks: expected a number "
                            "of keys that does not depend on memory");
    bytes = mul(bytes, extent);
  }
  return bytes;
}

/// As many rows as a chunk has memory for scores of.
Value Chunker::getMostRows(Value rowBytes) {
  Value most = arith::DivUIOp::create(b, index(schedule.getChunkBytes()),
                                      atLeastOne(rowBytes));
  return atLeastOne(
      arith::MinUIOp::create(b, most, index(schedule.getMostRows())));
}

/// Of the rows of the selection.
Chunks Chunker::divide(Value most) {
  Value total = memref::DimOp::create(b, op.getInits()[0], 0);
  // Fewer rows than the unit are as many as there may be.
  Value unit = arith::MinUIOp::create(b, index(schedule.getUnitRows()), most);
  most = mul(arith::DivUIOp::create(b, most, unit), unit);
  Value count = arith::CeilDivUIOp::create(b, total, most);
  Value rows = arith::CeilDivUIOp::create(b, total, atLeastOne(count));
  rows = mul(arith::CeilDivUIOp::create(b, rows, unit), unit);
  rows = arith::MinUIOp::create(b, rows, total);
  return {count, rows, arith::SubIOp::create(b, total, rows)};
}

dsa::RowRange Chunker::buildLoop(const Chunks &chunks, int64_t concurrent) {
  auto loop = scf::ForOp::create(b, index(0), chunks.count, index(1));
  // Rows of two chunks get the same bits from both.
  if (concurrent > 1)
    loop->setAttr(kConcurrentAttrName, b.getI64IntegerAttr(concurrent));
  b.setInsertionPointToStart(loop.getBody());
  Value begin = arith::MinUIOp::create(
      b, mul(loop.getInductionVar(), chunks.rows), chunks.last);
  rewriter.setInsertionPoint(b.getInsertionBlock(), b.getInsertionPoint());
  return {begin, chunks.rows};
}

/// Parts of scores that have nothing to do with keys are little work, for which
/// few rows would not keep a chip busy: they are for more rows at a time.
LogicalResult Chunker::prepareRows() {
  if (op.getScorer().getOps<dsa::LinearPartOp>().empty())
    return success();
  dsa::RowRange rows = buildLoop(divide(index(schedule.getMostRows())),
                                 /*concurrent=*/1);
  FailureOr<TilingResult> tiled =
      cast<TilingInterface>(op.getOperation())
          .getTiledImplementation(rewriter, rows.offset, rows.size);
  if (failed(tiled))
    return failure();
  rewriter.eraseOp(op);
  op = cast<dsa::SelectOp>(tiled->tiledOps.front());
  auto parts = op.getScorer().getOps<dsa::LinearPartOp>();
  for (dsa::LinearPartOp part : llvm::to_vector(parts)) {
    for (Value operand : part->getOperands())
      if (failed(moveBefore(op, operand)))
        return part.emitOpError("cannot be computed before the scores");
    part->moveBefore(op);
  }
  b.setInsertionPoint(op);
  return success();
}

LogicalResult Chunker::selectRows(Value rowBytes) {
  dsa::RowRange rows =
      buildLoop(divide(getMostRows(rowBytes)), schedule.getConcurrent());
  FailureOr<Value> scores = dsa::cloneScorerRows(rewriter, op, rows);
  if (failed(scores))
    return failure();
  dsa::selectFromRows(b, op, *scores, rows, schedule.getTopk());
  rewriter.eraseOp(op);
  return success();
}

/// The kernel that lists keys while it scores them needs no chunks itself.
LogicalResult Chunker::listRows() {
  // Bounds of both are the same; parts of them would be different values.
  auto ops = op.getScorer().getOps<dsa::IndexScoresOp>();
  dsa::IndexScoresOp scorer = *ops.begin();
  if (op.getLo() && !scorer.getLo()) {
    scorer.getLoMutable().assign(op.getLo());
    scorer.getHiMutable().assign(op.getHi());
  }
  op.getLoMutable().clear();
  op.getHiMutable().clear();
  if (failed(prepareRows()))
    return failure();
  // What some rows are is known before they are scored.
  auto parts = op.getScorer().getOps<memref::SubViewOp>();
  for (memref::SubViewOp part : llvm::to_vector(parts))
    if (failed(moveBefore(op, part)))
      return part.emitOpError("cannot be taken before the scores");
  return success();
}

LogicalResult Chunker::run() {
  b.setInsertionPoint(op);
  if (schedule.isFused())
    return listRows();
  FailureOr<Value> rowBytes = getRowBytes();
  if (failed(rowBytes) || failed(prepareRows()))
    return failure();
  return selectRows(*rowBytes);
}

namespace {
struct ChunkSelectionPass
    : public dsa_tile::impl::ChunkSelectionPassBase<ChunkSelectionPass> {
  void runOnOperation() override {
    SmallVector<dsa::SelectOp> selections;
    getOperation()->walk([&](dsa::SelectOp op) {
      if (isa_and_present<SelectScheduleAttr>(op.getScheduleAttr()) &&
          op.hasPureBufferSemantics())
        selections.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (dsa::SelectOp op : selections) {
      auto schedule = cast<SelectScheduleAttr>(op.getScheduleAttr());
      if (failed(Chunker(rewriter, op, schedule).run()))
        return signalPassFailure();
    }
  }
};
} // namespace
