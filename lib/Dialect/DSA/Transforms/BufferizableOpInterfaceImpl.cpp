//===- BufferizableOpInterfaceImpl.cpp - Bufferisation of dsa ops ---------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/Transforms/BufferizableOpInterfaceImpl.h"
#include "dsa/Dialect/DSA/IR/DSA.h"
#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Operation.h"

using namespace mlir;
using namespace mlir::bufferization;
using namespace mlir::dsa;

namespace {
template <typename OpTy>
struct RowOpBufferization
    : public DstBufferizableOpInterfaceExternalModel<RowOpBufferization<OpTy>,
                                                     OpTy> {
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand,
                              const AnalysisState &) const {
    // Every element of a destination is written before anybody reads it.
    return !cast<OpTy>(op).isDpsInit(&operand);
  }

  /// The scorer of a selection runs once for each row.
  bool isRepetitiveRegion(Operation *, unsigned) const { return true; }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) const {
    auto rowOp = cast<OpTy>(op);
    if (rowOp.hasPureBufferSemantics())
      return success();
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPoint(op);
    SmallVector<Value> buffers;
    for (Value operand : op->getOperands()) {
      FailureOr<Value> buffer = getBuffer(rewriter, operand, options, state);
      if (failed(buffer))
        return failure();
      buffers.push_back(*buffer);
    }
    OperationState newState(op->getLoc(), op->getName(), buffers, TypeRange{},
                            op->getAttrs());
    newState.propertiesAttr = op->getPropertiesAsAttribute();
    for (unsigned i = 0; i < op->getNumRegions(); ++i)
      newState.addRegion();
    auto newOp = cast<OpTy>(rewriter.create(newState));
    for (auto [from, to] : llvm::zip(op->getRegions(), newOp->getRegions()))
      rewriter.inlineRegionBefore(from, to, to.begin());
    replaceOpWithBufferizedValues(rewriter, op, newOp.getInits());
    return success();
  }
};

struct YieldBufferization
    : public BufferizableOpInterface::ExternalModel<YieldBufferization,
                                                    YieldOp> {
  bool bufferizesToMemoryRead(Operation *, OpOperand &,
                              const AnalysisState &) const {
    return true;
  }
  bool bufferizesToMemoryWrite(Operation *, OpOperand &,
                               const AnalysisState &) const {
    return false;
  }
  AliasingValueList getAliasingValues(Operation *, OpOperand &,
                                      const AnalysisState &) const {
    return {};
  }
  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) const {
    auto yield = cast<YieldOp>(op);
    FailureOr<Value> buffer =
        getBuffer(rewriter, yield.getScores(), options, state);
    if (failed(buffer))
      return failure();
    rewriter.modifyOpInPlace(yield,
                             [&] { yield.getScoresMutable().assign(*buffer); });
    return success();
  }
};
} // namespace

void dsa::registerBufferizableOpInterfaceExternalModels(
    DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, DSADialect *) {
    IndexScoresOp::attachInterface<RowOpBufferization<IndexScoresOp>>(*context);
    LinearPartOp::attachInterface<RowOpBufferization<LinearPartOp>>(*context);
    TopkOp::attachInterface<RowOpBufferization<TopkOp>>(*context);
    SelectOp::attachInterface<RowOpBufferization<SelectOp>>(*context);
    SparseAttentionOp::attachInterface<RowOpBufferization<SparseAttentionOp>>(
        *context);
    AttentionOp::attachInterface<RowOpBufferization<AttentionOp>>(*context);
    MergeOp::attachInterface<RowOpBufferization<MergeOp>>(*context);
    YieldOp::attachInterface<YieldBufferization>(*context);
    context->loadDialect<bufferization::BufferizationDialect,
                         memref::MemRefDialect>();
  });
}
