//===- LinalgToParallel.cpp - Structured operations on memrefs as parallel loops
//===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Conversion/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_LINALGTOPARALLELPASS
#include "dsa/Conversion/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

namespace {
/// Writes one structured operation as loops.
class LoopEmitter {
public:
  LoopEmitter(RewriterBase &rewriter, linalg::LinalgOp op)
      : rewriter(rewriter), op(op), loc(op.getLoc()) {}

  void emit();

private:
  SmallVector<Value> getIndices(OpOperand &operand);
  Value load(OpOperand &operand);
  void emitBody();
  SmallVector<Value> emitReductions(ArrayRef<unsigned> loops,
                                    ValueRange accumulators);
  SmallVector<Value> emitScalars(ValueRange accumulators);

  RewriterBase &rewriter;
  linalg::LinalgOp op;
  Location loc;
  SmallVector<Range> ranges;
  SmallVector<Value> ivs;
};
} // namespace

SmallVector<Value> LoopEmitter::getIndices(OpOperand &operand) {
  AffineMap map = op.getMatchingIndexingMap(&operand);
  SmallVector<Value> indices;
  for (auto [i, expr] : llvm::enumerate(map.getResults())) {
    if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
      indices.push_back(ivs[dim.getPosition()]);
      continue;
    }
    // Loops that are not open yet do not index this operand.
    AffineMap single = map.getSubMap({static_cast<unsigned>(i)});
    SmallVector<Value> used;
    for (unsigned loop = 0; loop < ivs.size(); ++loop)
      if (single.isFunctionOfDim(loop))
        used.push_back(ivs[loop]);
    indices.push_back(affine::AffineApplyOp::create(
        rewriter, loc, compressUnusedDims(single), used));
  }
  return indices;
}

Value LoopEmitter::load(OpOperand &operand) {
  if (!isa<MemRefType>(operand.get().getType()))
    return operand.get();
  return memref::LoadOp::create(rewriter, loc, operand.get(),
                                getIndices(operand));
}

SmallVector<Value> LoopEmitter::emitScalars(ValueRange accumulators) {
  Block &body = *op.getBlock();
  IRMapping mapping;
  for (OpOperand *input : op.getDpsInputOperands()) {
    BlockArgument argument = op.getMatchingBlockArgument(input);
    if (!argument.use_empty())
      mapping.map(argument, load(*input));
  }
  mapping.map(body.getArguments().take_back(accumulators.size()), accumulators);
  for (Operation &inner : body.without_terminator()) {
    if (auto index = dyn_cast<linalg::IndexOp>(inner))
      mapping.map(index.getResult(), ivs[index.getDim()]);
    else
      rewriter.clone(inner, mapping);
  }
  return llvm::map_to_vector(
      body.getTerminator()->getOperands(),
      [&](Value value) { return mapping.lookupOrDefault(value); });
}

SmallVector<Value> LoopEmitter::emitReductions(ArrayRef<unsigned> loops,
                                               ValueRange accumulators) {
  if (loops.empty())
    return emitScalars(accumulators);
  auto bound = [&](OpFoldResult value) {
    return getValueOrCreateConstantIndexOp(rewriter, loc, value);
  };
  Range range = ranges[loops.front()];
  auto loop =
      scf::ForOp::create(rewriter, loc, bound(range.offset), bound(range.size),
                         bound(range.stride), accumulators);
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToStart(loop.getBody());
  ivs[loops.front()] = loop.getInductionVar();
  scf::YieldOp::create(
      rewriter, loc,
      emitReductions(loops.drop_front(), loop.getRegionIterArgs()));
  return loop.getResults();
}

/// One element of every destination.
void LoopEmitter::emitBody() {
  SmallVector<unsigned> reductions;
  op.getReductionDims(reductions);
  SmallVector<Value> accumulators;
  for (OpOperand &init : op.getDpsInitsMutable())
    accumulators.push_back(load(init));
  SmallVector<Value> results = emitReductions(reductions, accumulators);
  for (auto [init, result] : llvm::zip(op.getDpsInitsMutable(), results))
    memref::StoreOp::create(rewriter, loc, result, init.get(),
                            getIndices(init));
}

void LoopEmitter::emit() {
  ranges = op.createLoopRanges(rewriter, loc);
  ivs.resize(ranges.size());
  SmallVector<unsigned> parallel;
  op.getParallelDims(parallel);
  if (parallel.empty())
    return emitBody();
  SmallVector<Value> begins, ends, steps;
  for (unsigned loop : parallel) {
    auto bound = [&](OpFoldResult value) {
      return getValueOrCreateConstantIndexOp(rewriter, loc, value);
    };
    begins.push_back(bound(ranges[loop].offset));
    ends.push_back(bound(ranges[loop].size));
    steps.push_back(bound(ranges[loop].stride));
  }
  auto loop = scf::ParallelOp::create(rewriter, loc, begins, ends, steps);
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToStart(loop.getBody());
  for (auto [position, iv] : llvm::zip(parallel, loop.getInductionVars()))
    ivs[position] = iv;
  emitBody();
}

/// An iteration of the parallel loops owns what it writes.
static LogicalResult verifyOutputs(linalg::LinalgOp op) {
  auto iterators = op.getIteratorTypesArray();
  for (OpOperand &output : op.getDpsInitsMutable())
    for (auto [dim, iterator] : llvm::enumerate(iterators))
      if (linalg::isReductionIterator(iterator) &&
          op.getMatchingIndexingMap(&output).isFunctionOfDim(dim))
        return op.emitOpError("expected outputs of parallel dimensions, but "
                              "found one of reduction dimension ")
               << dim;
  return success();
}

namespace {
struct LinalgToParallelPass
    : public dsa::impl::LinalgToParallelPassBase<LinalgToParallelPass> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    SmallVector<linalg::LinalgOp> ops;
    getOperation()->walk([&](linalg::LinalgOp op) {
      if (op.hasPureBufferSemantics())
        ops.push_back(op);
    });
    for (linalg::LinalgOp op : ops) {
      if (failed(verifyOutputs(op)))
        return signalPassFailure();
      rewriter.setInsertionPoint(op);
      LoopEmitter(rewriter, op).emit();
      rewriter.eraseOp(op);
    }
  }
};
} // namespace
