//===- OpUtils.h - What the operations share --------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_DIALECT_DSA_IR_OPUTILS_H
#define DSA_LIB_DIALECT_DSA_IR_OPUTILS_H

#include "ShapeVerifier.h"
#include "dsa/Dialect/DSA/IR/DSA.h"

namespace mlir::dsa::detail {

/// Memref inputs are read and memref destinations written.
void getDestinationStyleEffects(
    DestinationStyleOpInterface op,
    SmallVectorImpl<MemoryEffects::EffectInstance> &effects);

/// A result has the shape of its destination.
LogicalResult reifyInitShapes(DestinationStyleOpInterface op,
                              OpBuilder &builder,
                              ReifiedRankedShapedTypeDims &shapes);

/// Reads through casts of memrefs that only forget what is known of a type.
LogicalResult foldMemRefCasts(Operation *op);

/// Whether operand `number` belongs to the ODS operand `group`.
template <typename OpTy>
bool isInGroup(OpTy op, unsigned number, unsigned group) {
  auto [start, length] = op.getODSOperandIndexAndLength(group);
  return number >= start && number < start + length;
}

/// The schedule, if there is one, can serve the operation.
template <typename OpTy> LogicalResult verifySchedule(OpTy op) {
  ScheduleAttrInterface schedule = op.getScheduleAttr();
  if (!schedule)
    return success();
  return schedule.verifyFor(op, [&] { return op.emitOpError(); });
}

/// `bounds` come in pairs, which the generic form cannot promise.
template <typename OpTy> LogicalResult verifyBounds(OpTy op) {
  if (static_cast<bool>(op.getLo()) == static_cast<bool>(op.getHi()))
    return success();
  return op.emitOpError("expected 'lo' and 'hi' together, but found only one");
}

/// The terms of a linear part, of shape [T, P, D]: a few, of the type of `q`.
LogicalResult verifyTerms(ShapeVerifier &verifier, Operation *op, Value terms,
                          StringRef name, Value q);

/// `value` (none is fine) has element type `expected`.
LogicalResult verifyElementType(Operation *op, Value value, StringRef name,
                                Type expected);

/// `window` has two non-negative ends and needs to know where the row is.
LogicalResult verifyWindow(Operation *op,
                           std::optional<ArrayRef<int64_t>> window,
                           bool hasPositions);

} // namespace mlir::dsa::detail

#endif // DSA_LIB_DIALECT_DSA_IR_OPUTILS_H
