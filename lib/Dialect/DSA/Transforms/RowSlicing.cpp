//===- RowSlicing.cpp - Some of the rows of a computation -----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/Transforms/RowSlicing.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/TilingInterface.h"

using namespace mlir;
using namespace mlir::dsa;

static SmallVector<OpFoldResult> getMixedSizes(OpBuilder &builder, Location loc,
                                               Value value) {
  if (isa<MemRefType>(value.getType()))
    return memref::getMixedSizes(builder, loc, value);
  return tensor::getMixedSizes(builder, loc, value);
}

Value dsa::sliceRows(OpBuilder &builder, Location loc, Value value, int64_t dim,
                     RowRange rows) {
  SmallVector<OpFoldResult> sizes = getMixedSizes(builder, loc, value);
  SmallVector<OpFoldResult> offsets(sizes.size(), builder.getIndexAttr(0));
  SmallVector<OpFoldResult> strides(sizes.size(), builder.getIndexAttr(1));
  offsets[dim] = rows.offset;
  sizes[dim] = rows.size;
  if (isa<MemRefType>(value.getType()))
    return memref::SubViewOp::create(builder, loc, value, offsets, sizes,
                                     strides);
  return tensor::ExtractSliceOp::create(builder, loc, value, offsets, sizes,
                                        strides);
}

/// The loop of a tileable operation that runs over rows: it indexes the first
/// dimension of the destination, and its iterations are independent.
static FailureOr<unsigned> getRowLoop(TilingInterface op) {
  SmallVector<utils::IteratorType> iterators = op.getLoopIteratorTypes();
  unsigned loop = 0;
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(*op)) {
    AffineMap map =
        linalgOp.getMatchingIndexingMap(linalgOp.getDpsInitOperand(0));
    if (map.getNumResults() == 0 || !isa<AffineDimExpr>(map.getResult(0)))
      return failure();
    loop = cast<AffineDimExpr>(map.getResult(0)).getPosition();
  }
  if (loop >= iterators.size() ||
      iterators[loop] != utils::IteratorType::parallel)
    return failure();
  return loop;
}

namespace {
/// How an operand depends on the rows of a result.
enum class RowUse { None, FirstDim, Other };
} // namespace

static RowUse getRowUse(TilingInterface op, unsigned rowLoop,
                        OpOperand &operand) {
  auto type = dyn_cast<ShapedType>(operand.get().getType());
  if (!type || type.getRank() == 0)
    return RowUse::None;
  auto fromDim = [](std::optional<int64_t> dim) {
    if (!dim)
      return RowUse::None;
    return *dim == 0 ? RowUse::FirstDim : RowUse::Other;
  };
  if (auto rowOp = dyn_cast<RowOpInterface>(*op))
    return fromDim(rowOp.getRowDim(operand.getOperandNumber()));
  auto linalgOp = dyn_cast<linalg::LinalgOp>(*op);
  if (!linalgOp)
    return RowUse::FirstDim;
  AffineMap map = linalgOp.getMatchingIndexingMap(&operand);
  RowUse use = RowUse::None;
  for (auto [dim, expr] : llvm::enumerate(map.getResults())) {
    if (!expr.isFunctionOfDim(rowLoop))
      continue;
    bool isRow = dim == 0 && isa<AffineDimExpr>(expr);
    use = isRow && use == RowUse::None ? RowUse::FirstDim : RowUse::Other;
  }
  return use;
}

namespace {
/// Clones the operations of one scorer for a range of rows.
class ScorerSlicer {
public:
  ScorerSlicer(RewriterBase &rewriter, RowRange rows)
      : rewriter(rewriter), rows(rows) {}

  void findRowValues(Block &body, Value scores);
  LogicalResult slice(Operation *op);
  Value lookup(Value value) { return mapping.lookupOrDefault(value); }
  bool isTile(Value value) const { return tiles.contains(value); }

private:
  /// Whether `value`, of the body, has a first dimension that counts rows.
  bool hasRows(Value value) const { return rowValues.contains(value); }
  bool writesRows(Operation *op) const;
  /// tensor.empty or memref.alloc with as many rows as the range.
  template <typename AllocOp> LogicalResult sliceAllocation(AllocOp op);
  LogicalResult sliceTileable(TilingInterface op);
  void sliceCopy(memref::CopyOp op);

  RewriterBase &rewriter;
  RowRange rows;
  IRMapping mapping;
  DenseSet<Value> rowValues;
  /// Values of the clone that hold just the range's rows.
  DenseSet<Value> tiles;
};
} // namespace

bool ScorerSlicer::writesRows(Operation *op) const {
  if (auto copy = dyn_cast<memref::CopyOp>(op))
    return hasRows(copy.getTarget());
  if (auto dpsOp = dyn_cast<DestinationStyleOpInterface>(op))
    if (llvm::any_of(dpsOp.getDpsInits(),
                     [&](Value init) { return hasRows(init); }))
      return true;
  return llvm::any_of(op->getResults(),
                      [&](Value result) { return hasRows(result); });
}

/// Rows of the scores come from rows of what they are computed from, and so on
/// up. Memory is written after it is created, so one sweep is not enough.
void ScorerSlicer::findRowValues(Block &body, Value scores) {
  rowValues.insert(scores);
  size_t known = 0;
  while (known != rowValues.size()) {
    known = rowValues.size();
    for (Operation &op : llvm::reverse(body.without_terminator())) {
      if (!writesRows(&op))
        continue;
      if (auto copy = dyn_cast<memref::CopyOp>(op))
        rowValues.insert(copy.getSource());
      auto tileable = dyn_cast<TilingInterface>(op);
      if (!tileable)
        continue;
      FailureOr<unsigned> rowLoop = getRowLoop(tileable);
      for (OpOperand &operand : op.getOpOperands())
        if (succeeded(rowLoop) &&
            getRowUse(tileable, *rowLoop, operand) == RowUse::FirstDim)
          rowValues.insert(operand.get());
    }
  }
}

template <typename AllocOp>
LogicalResult ScorerSlicer::sliceAllocation(AllocOp op) {
  auto type = cast<ShapedType>(op.getType());
  if (!hasRows(op.getResult()))
    return rewriter.clone(*op, mapping), success();
  SmallVector<OpFoldResult> sizes = op.getMixedSizes();
  for (OpFoldResult &size : sizes)
    if (auto value = dyn_cast<Value>(size))
      size = mapping.lookupOrDefault(value);
  bool onBuffers = std::is_same_v<AllocOp, memref::AllocOp>;
  sizes.front() = onBuffers && rows.most
                      ? OpFoldResult(rewriter.getIndexAttr(*rows.most))
                      : rows.size;
  Value tile;
  if (auto memref = dyn_cast<MemRefType>(type))
    tile =
        memref::AllocOp::create(rewriter, op.getLoc(), sizes,
                                type.getElementType(), memref.getMemorySpace());
  else
    tile = tensor::EmptyOp::create(rewriter, op.getLoc(), sizes,
                                   type.getElementType());
  if (onBuffers && rows.most)
    tile = sliceRows(rewriter, op.getLoc(), tile, 0,
                     {rewriter.getIndexAttr(0), rows.size});
  tiles.insert(tile);
  mapping.map(op.getResult(), tile);
  return success();
}

/// Both sides are the range's rows, of something whole or of a tile.
void ScorerSlicer::sliceCopy(memref::CopyOp op) {
  auto rowsOf = [&](Value value) {
    Value mapped = lookup(value);
    return isTile(mapped) ? mapped
                          : sliceRows(rewriter, op.getLoc(), mapped, 0, rows);
  };
  Value source = rowsOf(op.getSource()), target = rowsOf(op.getTarget());
  memref::CopyOp::create(rewriter, op.getLoc(), source, target);
}

LogicalResult ScorerSlicer::sliceTileable(TilingInterface op) {
  FailureOr<unsigned> rowLoop = getRowLoop(op);
  // Of what the body computes, only the range's rows are there, as the first
  // dimension of tiles.
  if (failed(rowLoop) ||
      llvm::any_of(op->getOpOperands(), [&](OpOperand &operand) {
        RowUse use = getRowUse(op, *rowLoop, operand);
        bool isLocal = operand.get().getParentBlock() == op->getBlock();
        bool hasTile = isTile(lookup(operand.get()));
        return isLocal &&
               (use == RowUse::Other || (hasTile && use == RowUse::None));
      }))
    return op.emitOpError("cannot be computed row by row");
  // The clone mixes sliced with whole operands; its tiled form below takes
  // slices of both, and those of the already sliced ones are undone.
  auto whole = cast<TilingInterface>(rewriter.clone(*op, mapping));
  SmallVector<OpFoldResult> offsets, sizes;
  for (Range range : whole.getIterationDomain(rewriter)) {
    offsets.push_back(range.offset);
    sizes.push_back(range.size);
  }
  offsets[*rowLoop] = rows.offset;
  sizes[*rowLoop] = rows.size;
  FailureOr<TilingResult> tiled =
      whole.getTiledImplementation(rewriter, offsets, sizes);
  if (failed(tiled))
    return op.emitOpError("cannot be computed row by row");
  for (Operation *slice : tiled->generatedSlices) {
    Value source = slice->getOperand(0);
    if (!isTile(source))
      continue;
    if (isa<TensorType>(source.getType()) &&
        source.getType() != slice->getResult(0).getType())
      source = tensor::CastOp::create(rewriter, slice->getLoc(),
                                      slice->getResult(0).getType(), source);
    rewriter.replaceOp(slice, source);
  }
  for (auto [result, tile] : llvm::zip(op->getResults(), tiled->tiledValues)) {
    mapping.map(result, tile);
    tiles.insert(tile);
  }
  rewriter.eraseOp(whole);
  return success();
}

LogicalResult ScorerSlicer::slice(Operation *op) {
  if (auto empty = dyn_cast<tensor::EmptyOp>(op))
    return sliceAllocation(empty);
  if (auto alloc = dyn_cast<memref::AllocOp>(op))
    return sliceAllocation(alloc);
  if (writesRows(op)) {
    if (auto copy = dyn_cast<memref::CopyOp>(op))
      return sliceCopy(copy), success();
    if (auto tileable = dyn_cast<TilingInterface>(op))
      return sliceTileable(tileable);
  }
  // Regions of the operation count too.
  bool touchesTile = false;
  op->walk([&](Operation *nested) {
    touchesTile |= llvm::any_of(nested->getOperands(), [&](Value operand) {
      return isTile(lookup(operand));
    });
  });
  if (touchesTile && !isa<memref::DeallocOp, memref::DimOp, tensor::DimOp>(op))
    return op->emitOpError(
        isa<TilingInterface>(op)
            ? "cannot be computed row by row"
            : "cannot be computed row by row: it has no tiling interface");
  rewriter.clone(*op, mapping);
  return success();
}

FailureOr<Value> dsa::cloneScorerRows(RewriterBase &rewriter, SelectOp op,
                                      RowRange rows) {
  ScorerSlicer slicer(rewriter, rows);
  Block &body = op.getScorer().front();
  slicer.findRowValues(body, cast<YieldOp>(body.getTerminator()).getScores());
  for (Operation &inner : body.without_terminator())
    if (failed(slicer.slice(&inner)))
      return failure();
  Value scores = cast<YieldOp>(body.getTerminator()).getScores();
  Value tile = slicer.lookup(scores);
  // Scores that no tile was made for are whole.
  return slicer.isTile(tile) ? tile
                             : sliceRows(rewriter, op.getLoc(), tile, 0, rows);
}

void dsa::selectFromRows(OpBuilder &builder, SelectOp op, Value scores,
                         RowRange rows, ScheduleAttrInterface schedule) {
  auto slice = [&](Value value) {
    return value ? sliceRows(builder, op.getLoc(), value, 0, rows) : Value();
  };
  Value lo = slice(op.getLo()), hi = slice(op.getHi());
  Value positions = slice(op.getPositions());
  SmallVector<Value> inits = llvm::map_to_vector(op.getInits(), slice);
  TopkOp::create(builder, op.getLoc(), /*results=*/TypeRange{}, scores,
                 /*ids=*/Value(), lo, hi, positions, inits, op.getWindowAttr(),
                 op.getFirstAttr(), op.getBlockAttr(), op.getUnorderedAttr(),
                 schedule);
}
