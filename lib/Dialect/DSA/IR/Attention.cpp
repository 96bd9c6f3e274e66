//===- Attention.cpp - dsa.sparse_attention and dsa.attention -------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OpUtils.h"
#include "ShapeVerifier.h"
#include "dsa/Dialect/DSA/IR/DSA.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace mlir::dsa;

/// The size names of keys or values: `[B]? N [Hkv]? <width>`.
static SmallVector<StringRef> getKeyShape(bool perSequence, bool hasHeads,
                                          StringRef width) {
  SmallVector<StringRef> shape = {"N", width};
  if (hasHeads)
    shape.insert(shape.begin() + 1, "Hkv");
  if (perSequence)
    shape.insert(shape.begin(), "B");
  return shape;
}

/// What sparse and dense attention have in common.
template <typename OpTy>
static LogicalResult verifyAttention(OpTy op, ShapeVerifier &verifier) {
  bool perSequence = static_cast<bool>(op.getSeq());
  if (failed(verifier.checkOneKind()) ||
      failed(verifier.checkDestinations(op.getInits(), {"out", "lse", "max"},
                                        1)) ||
      failed(verifier.check(op.getQ(), "q", {"T", "Hq", "D"})))
    return failure();
  bool hasHeads = op.hasKeyHeads();
  SmallVector<StringRef> keyShape = getKeyShape(perSequence, hasHeads, "D");
  SmallVector<StringRef> valueShape = getKeyShape(perSequence, hasHeads, "Dv");
  if (failed(verifier.check(op.getKey(), "K", keyShape)) ||
      failed(verifier.check(op.getValue(), "V", valueShape)) ||
      failed(verifier.checkSameElementType(op.getKey(), "K", op.getQ(), "q")) ||
      failed(
          verifier.checkSameElementType(op.getValue(), "V", op.getQ(), "q")) ||
      failed(verifier.check(op.getSeq(), "seq", {"T"})) ||
      failed(verifier.check(op.getSink(), "sink", {"Hq"})) ||
      failed(verifier.check(op.getInits()[0], "out", {"T", "Hq", "Dv"})) ||
      failed(verifier.check(op.getInits()[1], "lse", {"T", "Hq"})) ||
      failed(verifier.check(op.getMaxInit(), "max", {"T", "Hq"})))
    return failure();
  if (failed(verifier.requireStatic(op.getQ(), "q", {"T", "Hq", "D"},
                                    {"Hq", "D"})) ||
      failed(verifier.requireStatic(op.getInits()[0], "out", {"T", "Hq", "Dv"},
                                    {"Hq", "Dv"})) ||
      failed(
          verifier.requireStatic(op.getKey(), "K", keyShape, {"Hkv", "D"})) ||
      failed(verifier.requireStatic(op.getValue(), "V", valueShape,
                                    {"Hkv", "Dv"})))
    return failure();
  Type f32 = Float32Type::get(op.getContext());
  if (failed(
          dsa::detail::verifyElementType(op, op.getInits()[1], "lse", f32)) ||
      failed(dsa::detail::verifyElementType(op, op.getMaxInit(), "max", f32)))
    return failure();
  if (op.getHeads() % op.getKeyHeads() != 0)
    return op.emitOpError() << "expected Hkv = " << op.getKeyHeads()
                            << " to divide Hq = " << op.getHeads();
  if (!op.getValue() && op.getValueWidth() > op.getKeyWidth())
    return op.emitOpError()
           << "expected Dv <= D = " << op.getKeyWidth()
           << " where the first columns of K are the values, but found "
           << op.getValueWidth();
  return dsa::detail::verifySchedule(op);
}

//===----------------------------------------------------------------------===//
// SparseAttentionOp
//===----------------------------------------------------------------------===//

LogicalResult SparseAttentionOp::verify() {
  ShapeVerifier verifier(*this);
  if (failed(verifyAttention(*this, verifier)) ||
      failed(verifier.check(getIndices(), "indices", {"T", "G", "K"})) ||
      failed(verifier.check(getLengths(), "lengths", {"T", "G"})) ||
      failed(verifier.requireStatic(getIndices(), "indices", {"T", "G", "K"},
                                    {"G"})) ||
      failed(verifier.requireStatic(getIndices(), "indices", {"T", "G", "K"},
                                    {"K"}, /*least=*/0)))
    return failure();
  int64_t groups = cast<ShapedType>(getIndices().getType()).getDimSize(1);
  if (groups != 1 && groups != getKeyHeads() && groups != getHeads())
    return emitOpError() << "expected G to be 1, Hkv = " << getKeyHeads()
                         << " or Hq = " << getHeads() << ", but found "
                         << groups;
  if (int64_t block = getBlock().value_or(1); block < 1 || block > INT32_MAX)
    return emitOpError() << "expected block in [1, " << INT32_MAX
                         << "], but found " << block;
  return success();
}

std::optional<int64_t> SparseAttentionOp::getRowDim(unsigned number) {
  enum Group { Key = 1, Value = 2, Sink = 6 };
  for (unsigned shared : {Key, Value, Sink})
    if (dsa::detail::isInGroup(*this, number, shared))
      return std::nullopt;
  return 0;
}

LogicalResult SparseAttentionOp::canonicalize(SparseAttentionOp op,
                                              PatternRewriter &rewriter) {
  if (op.getBlock() != 1)
    return failure();
  rewriter.modifyOpInPlace(op, [&] { op.removeBlockAttr(); });
  return success();
}

//===----------------------------------------------------------------------===//
// AttentionOp
//===----------------------------------------------------------------------===//

LogicalResult AttentionOp::verify() {
  ShapeVerifier verifier(*this);
  if (failed(dsa::detail::verifyBounds(*this)) ||
      failed(dsa::detail::verifyWindow(*this, getWindow(),
                                       static_cast<bool>(getPositions()))) ||
      failed(verifyAttention(*this, verifier)) ||
      failed(verifier.check(getLo(), "lo", {"T"})) ||
      failed(verifier.check(getHi(), "hi", {"T"})) ||
      failed(verifier.check(getPositions(), "positions", {"T"})))
    return failure();
  return success();
}

std::optional<int64_t> AttentionOp::getRowDim(unsigned number) {
  enum Group { Key = 1, Value = 2, Sink = 7 };
  for (unsigned shared : {Key, Value, Sink})
    if (dsa::detail::isInGroup(*this, number, shared))
      return std::nullopt;
  return 0;
}
