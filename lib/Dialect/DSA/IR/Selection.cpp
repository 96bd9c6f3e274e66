//===- Selection.cpp - dsa.topk, dsa.select and dsa.yield -----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OpUtils.h"
#include "ShapeVerifier.h"
#include "dsa/Dialect/DSA/IR/DSA.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::dsa;

/// The most list entries that `window` and `first` can claim.
static int64_t countForced(std::optional<ArrayRef<int64_t>> window,
                           int64_t first, int64_t block) {
  // A run of n keys touches at most ceil((n - 1) / block) + 1 blocks, wherever
  // it starts.
  auto blocks = [&](int64_t keys) {
    return keys == 0 ? 0 : llvm::divideCeil(keys - 1, block) + 1;
  };
  return (window ? blocks((*window)[0] + (*window)[1] + 1) : 0) + blocks(first);
}

/// The clauses that topk and select share.
template <typename OpTy>
static LogicalResult verifyClauses(OpTy op, ShapeVerifier &verifier,
                                   Value scores) {
  int64_t first = op.getFirst().value_or(0);
  if (failed(dsa::detail::verifyBounds(op)) ||
      failed(dsa::detail::verifyWindow(op, op.getWindow(),
                                       static_cast<bool>(op.getPositions()))))
    return failure();
  if (first < 0 || first > INT32_MAX)
    return op.emitOpError()
           << "expected first in [0, " << INT32_MAX << "], but found " << first;
  if (op.getBlockSize() < 1 || op.getBlockSize() > INT32_MAX)
    return op.emitOpError() << "expected block in [1, " << INT32_MAX
                            << "], but found " << op.getBlockSize();
  if (failed(verifier.check(op.getLo(), "lo", {"T"})) ||
      failed(verifier.check(op.getHi(), "hi", {"T"})) ||
      failed(verifier.check(op.getPositions(), "positions", {"T"})) ||
      failed(verifier.checkDestinations(op.getInits(),
                                        {"indices", "count", "values"}, 1)) ||
      failed(verifier.check(op.getInits()[0], "indices", {"T", "G", "K"})) ||
      failed(verifier.check(op.getInits()[1], "count", {"T", "G"})) ||
      failed(verifier.check(op.getValuesInit(), "values", {"T", "G", "K"})) ||
      failed(verifier.requireStatic(op.getInits()[0], "indices",
                                    {"T", "G", "K"}, {"G"})) ||
      failed(verifier.requireStatic(op.getInits()[0], "indices",
                                    {"T", "G", "K"}, {"K"}, /*least=*/0)))
    return failure();
  Type i32 = IntegerType::get(op.getContext(), 32);
  if (failed(dsa::detail::verifyElementType(op, op.getInits()[0], "indices",
                                            i32)) ||
      failed(
          dsa::detail::verifyElementType(op, op.getInits()[1], "count", i32)))
    return failure();
  if (failed(verifier.checkSameElementType(op.getValuesInit(), "values", scores,
                                           "scores")))
    return failure();
  int64_t forced = countForced(op.getWindow(), first, op.getBlockSize());
  if (forced > op.getK())
    return op.emitOpError()
           << "expected window and first to claim at most K = " << op.getK()
           << " entries, but they can claim " << forced;
  return dsa::detail::verifySchedule(op);
}

/// Scores are `[T, N]` for one list a row, `[T, G, N]` for several.
static LogicalResult checkScores(Operation *op, ShapeVerifier &verifier,
                                 Value scores, Value indices) {
  int64_t rank = cast<ShapedType>(scores.getType()).getRank();
  if (rank != 2)
    return verifier.check(scores, "scores", {"T", "G", "N"});
  auto indicesType = cast<ShapedType>(indices.getType());
  if (indicesType.getRank() == 3 && indicesType.getDimSize(1) != 1)
    return op->emitOpError()
           << "expected 'scores' of shape [T, G, N] for G = "
           << indicesType.getDimSize(1) << ", but found rank 2";
  return verifier.check(scores, "scores", {"T", "N"});
}

//===----------------------------------------------------------------------===//
// TopkOp
//===----------------------------------------------------------------------===//

LogicalResult TopkOp::verify() {
  ShapeVerifier verifier(*this);
  if (failed(verifier.checkOneKind()))
    return failure();
  if (getInits().empty())
    return verifier.checkDestinations(getInits(),
                                      {"indices", "count", "values"}, 1);
  if (failed(checkScores(*this, verifier, getScores(), getInits()[0])))
    return failure();
  if (getIds()) {
    bool grouped = cast<ShapedType>(getScores().getType()).getRank() == 3;
    SmallVector<StringRef> shape = {"T", "N"};
    if (grouped)
      shape.insert(shape.begin() + 1, "G");
    if (failed(verifier.check(getIds(), "ids", shape)))
      return failure();
    if (getBlock())
      return emitOpError("cannot combine block with ids: ids already name what "
                         "is selected");
  }
  return verifyClauses(*this, verifier, getScores());
}

std::optional<int64_t> TopkOp::getRowDim(unsigned) { return 0; }

//===----------------------------------------------------------------------===//
// SelectOp and YieldOp
//===----------------------------------------------------------------------===//

LogicalResult SelectOp::verify() { return ShapeVerifier(*this).checkOneKind(); }

LogicalResult SelectOp::verifyRegions() {
  auto yield = dyn_cast<YieldOp>(getScorer().front().getTerminator());
  if (!yield)
    return emitOpError("expected its region to end with dsa.yield");
  ShapeVerifier verifier(*this);
  Value scores = yield.getScores();
  if (getInits().empty())
    return verifier.checkDestinations(getInits(),
                                      {"indices", "count", "values"}, 1);
  if (isa<MemRefType>(scores.getType()) !=
      isa<MemRefType>(getInits()[0].getType()))
    return emitOpError("expected the scores that its region yields and its "
                       "destinations to be all tensors or all memrefs");
  if (failed(checkScores(*this, verifier, scores, getInits()[0])))
    return failure();
  return verifyClauses(*this, verifier, scores);
}

std::optional<int64_t> SelectOp::getRowDim(unsigned) { return 0; }

//===----------------------------------------------------------------------===//
// Canonicalization
//===----------------------------------------------------------------------===//

/// Drops clauses that say nothing: `first = 0` and `block = 1`.
template <typename OpTy>
static LogicalResult dropEmptyClauses(OpTy op, PatternRewriter &rewriter) {
  bool noFirst = op.getFirst() == 0;
  bool noBlock = op.getBlock() == 1;
  if (!noFirst && !noBlock)
    return failure();
  rewriter.modifyOpInPlace(op, [&] {
    if (noFirst)
      op.removeFirstAttr();
    if (noBlock)
      op.removeBlockAttr();
  });
  return success();
}

LogicalResult TopkOp::canonicalize(TopkOp op, PatternRewriter &rewriter) {
  return dropEmptyClauses(op, rewriter);
}

LogicalResult SelectOp::canonicalize(SelectOp op, PatternRewriter &rewriter) {
  return dropEmptyClauses(op, rewriter);
}
