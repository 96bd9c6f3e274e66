//===- TilingInterfaceImpl.cpp - Tiling dsa ops along rows ----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/Transforms/TilingInterfaceImpl.h"
#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Dialect/DSA/Transforms/RowSlicing.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "mlir/Interfaces/TilingInterface.h"

using namespace mlir;
using namespace mlir::dsa;

/// Clones `op` onto `operands`; a selection computes only `rows` of its scores.
static FailureOr<Operation *> cloneForRows(OpBuilder &builder, Operation *op,
                                           TypeRange results,
                                           ValueRange operands, RowRange rows) {
  auto select = dyn_cast<SelectOp>(op);
  if (!select)
    return mlir::clone(builder, op, results, operands);
  Operation *tiled = mlir::cloneWithoutRegions(builder, op, results, operands);
  OpBuilder::InsertionGuard guard(builder);
  Region &region = cast<SelectOp>(tiled).getScorer();
  builder.createBlock(&region);
  IRRewriter rewriter(builder);
  FailureOr<Value> scores = cloneScorerRows(rewriter, select, rows);
  if (failed(scores))
    return failure();
  YieldOp::create(rewriter, op->getLoc(), *scores);
  return tiled;
}

namespace {
template <typename OpTy>
struct RowTiling
    : public TilingInterface::ExternalModel<RowTiling<OpTy>, OpTy> {
  SmallVector<utils::IteratorType> getLoopIteratorTypes(Operation *) const {
    return {utils::IteratorType::parallel};
  }

  SmallVector<Range> getIterationDomain(Operation *op,
                                        OpBuilder &builder) const {
    // The first destination always counts rows in its first dimension.
    Value init = cast<OpTy>(op).getInits()[0];
    OpFoldResult size =
        isa<MemRefType>(init.getType())
            ? memref::getMixedSize(builder, op->getLoc(), init, 0)
            : tensor::getMixedSize(builder, op->getLoc(), init, 0);
    return {Range{builder.getIndexAttr(0), size, builder.getIndexAttr(1)}};
  }

  FailureOr<TilingResult>
  getTiledImplementation(Operation *op, OpBuilder &builder,
                         ArrayRef<OpFoldResult> offsets,
                         ArrayRef<OpFoldResult> sizes) const {
    auto rowOp = cast<OpTy>(op);
    RowRange rows{offsets.front(), sizes.front()};
    SmallVector<Value> operands(op->getOperands());
    SmallVector<Operation *> slices;
    for (auto [number, operand] : llvm::enumerate(operands)) {
      std::optional<int64_t> dim = rowOp.getRowDim(number);
      if (!dim)
        continue;
      operand = sliceRows(builder, op->getLoc(), operand, *dim, rows);
      slices.push_back(operand.getDefiningOp());
    }
    SmallVector<Type> results;
    for (OpResult result : op->getResults()) {
      OpOperand *init = rowOp.getTiedOpOperand(result);
      results.push_back(operands[init->getOperandNumber()].getType());
    }
    FailureOr<Operation *> tiled =
        cloneForRows(builder, op, results, operands, rows);
    if (failed(tiled))
      return failure();
    return TilingResult{
        {*tiled}, SmallVector<Value>((*tiled)->getResults()), slices};
  }

  LogicalResult
  getResultTilePosition(Operation *op, OpBuilder &builder,
                        unsigned resultNumber, ArrayRef<OpFoldResult> offsets,
                        ArrayRef<OpFoldResult> sizes,
                        SmallVector<OpFoldResult> &resultOffsets,
                        SmallVector<OpFoldResult> &resultSizes) const {
    Value init = cast<OpTy>(op).getInits()[resultNumber];
    resultSizes = tensor::getMixedSizes(builder, op->getLoc(), init);
    resultOffsets.assign(resultSizes.size(), builder.getIndexAttr(0));
    resultOffsets.front() = offsets.front();
    resultSizes.front() = sizes.front();
    return success();
  }

  FailureOr<TilingResult>
  generateResultTileValue(Operation *op, OpBuilder &builder,
                          unsigned resultNumber, ArrayRef<OpFoldResult> offsets,
                          ArrayRef<OpFoldResult> sizes) const {
    FailureOr<TilingResult> tiled = getTiledImplementation(
        op, builder, offsets.take_front(), sizes.take_front());
    if (failed(tiled))
      return failure();
    // Whole rows were computed; the tile asked for may be a part of them.
    SmallVector<OpFoldResult> within(offsets);
    SmallVector<OpFoldResult> strides(offsets.size(), builder.getIndexAttr(1));
    within.front() = builder.getIndexAttr(0);
    Value tile = tensor::ExtractSliceOp::create(
        builder, op->getLoc(), tiled->tiledValues[resultNumber], within, sizes,
        strides);
    return TilingResult{tiled->tiledOps, {tile}, tiled->generatedSlices};
  }
};
} // namespace

void dsa::registerTilingInterfaceExternalModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, DSADialect *) {
    IndexScoresOp::attachInterface<RowTiling<IndexScoresOp>>(*context);
    LinearPartOp::attachInterface<RowTiling<LinearPartOp>>(*context);
    TopkOp::attachInterface<RowTiling<TopkOp>>(*context);
    SelectOp::attachInterface<RowTiling<SelectOp>>(*context);
    SparseAttentionOp::attachInterface<RowTiling<SparseAttentionOp>>(*context);
    AttentionOp::attachInterface<RowTiling<AttentionOp>>(*context);
    MergeOp::attachInterface<RowTiling<MergeOp>>(*context);
    context->loadDialect<memref::MemRefDialect, tensor::TensorDialect>();
  });
}
