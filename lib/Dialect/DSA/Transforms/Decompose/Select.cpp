//===- Select.cpp - Decomposition of dsa.select ---------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoopBuilder.h"
#include "Patterns.h"
#include "dsa/Dialect/DSA/Transforms/RowSlicing.h"

using namespace mlir;
using namespace mlir::dsa;

/// The scores of a few rows. Where there are no keys, nothing has to score
/// them; parts of memory without elements would not verify.
static FailureOr<Value> scoreRows(RewriterBase &rewriter, LoopBuilder &b,
                                  SelectOp op, RowRange range) {
  auto yield = cast<YieldOp>(op.getScorer().front().getTerminator());
  auto type = cast<MemRefType>(yield.getScores().getType());
  if (type.getShape().back() != 0)
    return cloneScorerRows(rewriter, op, range);
  SmallVector<int64_t> shape(type.getShape());
  shape.front() = *range.most;
  return b.scratch(shape, type.getElementType());
}

/// A few rows at a time: their scores, then top-k of them. Only those scores
/// exist at once.
LogicalResult dsa::decomposeSelect(RewriterBase &rewriter, SelectOp op) {
  rewriter.setInsertionPoint(op);
  LoopBuilder b(op.getLoc(), rewriter);
  int64_t blockRows = getLoopSchedule(op).getBlockRows();
  Value rows = b.dim(op.getInits()[0], 0);
  LogicalResult status = success();
  b.forAll(b.ceilDiv(rows, blockRows), [&](LoopBuilder &b, ValueRange ivs) {
    Value firstRow = b.mul(ivs[0], b.index(blockRows));
    Value rowCount = b.minimum(b.index(blockRows), b.sub(rows, firstRow));
    RowRange range{firstRow, rowCount, blockRows};
    rewriter.setInsertionPoint(b.getInsertionBlock(), b.getInsertionPoint());
    FailureOr<Value> scores = scoreRows(rewriter, b, op, range);
    if (failed(scores)) {
      status = failure();
      return;
    }
    selectFromRows(b, op, *scores, range, getLoopSchedule(op));
  });
  if (failed(status))
    return failure();
  rewriter.eraseOp(op);
  return success();
}
