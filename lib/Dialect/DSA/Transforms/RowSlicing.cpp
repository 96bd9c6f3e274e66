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

namespace {
/// Clones the operations of one scorer for a range of rows.
class ScorerSlicer {
public:
  ScorerSlicer(RewriterBase &rewriter, RowRange rows)
      : rewriter(rewriter), rows(rows) {}

  LogicalResult slice(Operation *op);
  Value lookup(Value value) { return mapping.lookupOrDefault(value); }

private:
  bool hasRows(Value value) const { return tiles.contains(value); }
  /// tensor.empty or memref.alloc with as many rows as the range.
  template <typename AllocOp> LogicalResult sliceAllocation(AllocOp op);
  LogicalResult sliceTileable(TilingInterface op);

  RewriterBase &rewriter;
  RowRange rows;
  IRMapping mapping;
  /// Values of the clone that hold just the range's rows.
  DenseSet<Value> tiles;
};
} // namespace

template <typename AllocOp>
LogicalResult ScorerSlicer::sliceAllocation(AllocOp op) {
  auto type = cast<ShapedType>(op.getType());
  if (type.getRank() == 0)
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
  if (onBuffers)
    tile = memref::AllocOp::create(rewriter, op.getLoc(), sizes,
                                   type.getElementType());
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

/// The loop of `op` that runs over rows: the one that indexes the first
/// dimension of its destination.
static FailureOr<unsigned> getRowLoop(Operation *op) {
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (!linalgOp)
    return 0;
  AffineMap map =
      linalgOp.getMatchingIndexingMap(linalgOp.getDpsInitOperand(0));
  if (map.getNumResults() == 0)
    return failure();
  auto dim = dyn_cast<AffineDimExpr>(map.getResult(0));
  if (!dim)
    return failure();
  return dim.getPosition();
}

LogicalResult ScorerSlicer::sliceTileable(TilingInterface op) {
  FailureOr<unsigned> rowLoop = getRowLoop(op);
  if (failed(rowLoop))
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
    if (!hasRows(source))
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
  if (auto tileable = dyn_cast<TilingInterface>(op))
    return sliceTileable(tileable);
  bool touchesRows = llvm::any_of(op->getOperands(), [&](Value operand) {
    return hasRows(lookup(operand));
  });
  if (touchesRows && !isa<memref::DeallocOp, memref::DimOp, tensor::DimOp>(op))
    return op->emitOpError("cannot be computed row by row: it has no tiling "
                           "interface");
  rewriter.clone(*op, mapping);
  return success();
}

FailureOr<Value> dsa::cloneScorerRows(RewriterBase &rewriter, SelectOp op,
                                      RowRange rows) {
  ScorerSlicer slicer(rewriter, rows);
  Block &body = op.getScorer().front();
  for (Operation &inner : body.without_terminator())
    if (failed(slicer.slice(&inner)))
      return failure();
  Value scores = cast<YieldOp>(body.getTerminator()).getScores();
  Value tile = slicer.lookup(scores);
  // Scores made outside the region are whole.
  if (tile == scores)
    return sliceRows(rewriter, op.getLoc(), scores, 0, rows);
  return tile;
}
