//===- OpUtils.cpp - What the operations share ----------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OpUtils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::dsa;

void dsa::detail::getDestinationStyleEffects(
    DestinationStyleOpInterface op,
    SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    if (op.isDpsInit(&operand))
      effects.emplace_back(MemoryEffects::Write::get(), &operand);
    else
      effects.emplace_back(MemoryEffects::Read::get(), &operand);
  }
}

LogicalResult
dsa::detail::reifyInitShapes(DestinationStyleOpInterface op, OpBuilder &builder,
                             ReifiedRankedShapedTypeDims &shapes) {
  for (OpResult result : op->getResults())
    shapes.push_back(tensor::getMixedSizes(builder, op.getLoc(),
                                           op.getTiedOpOperand(result)->get()));
  return success();
}

LogicalResult dsa::detail::foldMemRefCasts(Operation *op) {
  bool folded = false;
  for (OpOperand &operand : op->getOpOperands()) {
    auto cast = operand.get().getDefiningOp<memref::CastOp>();
    if (!cast || !memref::CastOp::canFoldIntoConsumerOp(cast))
      continue;
    operand.set(cast.getSource());
    folded = true;
  }
  return success(folded);
}

LogicalResult dsa::detail::verifyElementType(Operation *op, Value value,
                                             StringRef name, Type expected) {
  if (!value)
    return success();
  Type found = getElementTypeOrSelf(value.getType());
  if (found == expected)
    return success();
  return op->emitOpError() << "expected '" << name << "' to have element type "
                           << expected << ", but found " << found;
}

LogicalResult dsa::detail::verifyTerms(ShapeVerifier &verifier, Operation *op,
                                       Value terms, StringRef name, Value q) {
  constexpr int64_t kMostTerms = 8;
  if (failed(verifier.checkSameElementType(terms, name, q, "q")) ||
      failed(verifier.requireStatic(terms, name, {"T", "P", "D"}, {"P", "D"})))
    return failure();
  int64_t count = cast<ShapedType>(terms.getType()).getDimSize(1);
  if (count <= kMostTerms)
    return success();
  return op->emitOpError() << "expected at most " << kMostTerms
                           << " terms (dimension 1 of '" << name
                           << "'), but found " << count;
}

LogicalResult dsa::detail::verifyWindow(Operation *op,
                                        std::optional<ArrayRef<int64_t>> window,
                                        bool hasPositions) {
  if (!window)
    return success();
  if (window->size() != 2 || (*window)[0] < 0 || (*window)[1] < 0)
    return op->emitOpError()
           << "expected window to be two non-negative distances [left, right]";
  if ((*window)[0] > INT32_MAX || (*window)[1] > INT32_MAX)
    return op->emitOpError()
           << "expected window distances of at most " << INT32_MAX;
  if (!hasPositions)
    return op->emitOpError("expected 'positions' beside window");
  return success();
}
