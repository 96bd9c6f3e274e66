//===- SelectSchedule.cpp - Selecting from some rows at a time ------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/TilingInterface.h"

using namespace mlir;
using namespace mlir::dsa_tile;

LogicalResult
SelectScheduleAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                           int64_t mostRows, int64_t mostBytes,
                           int64_t unitRows, TopkScheduleAttr topk) {
  auto check = [&](StringRef name, int64_t value) {
    if (value >= 1)
      return success();
    return LogicalResult(emitError()
                         << "expected " << name
                         << " to be at least 1, but found " << value);
  };
  if (failed(check("most_rows", mostRows)) ||
      failed(check("most_bytes", mostBytes)) ||
      failed(check("unit_rows", unitRows)))
    return failure();
  return success();
}

/// Whether the operation of a scorer can be a kernel, or code on the host, that
/// works on some of the rows.
static bool canWorkOnRows(Operation &op) {
  if (isa<dsa::RowOpInterface, TilingInterface, tensor::EmptyOp, tensor::DimOp,
          memref::AllocOp, memref::DimOp, memref::CopyOp, dsa::YieldOp>(op) ||
      OpTrait::hasElementwiseMappableTraits(&op))
    return true;
  // The host knows sizes and numbers, but not what memory holds.
  auto isNumber = [](Type type) { return type.isIntOrIndexOrFloat(); };
  return op.getNumRegions() == 0 && isMemoryEffectFree(&op) &&
         llvm::all_of(op.getOperandTypes(), isNumber) &&
         llvm::all_of(op.getResultTypes(), isNumber);
}

/// Whether the region creates the memory of the scores that it yields.
static bool createsScores(dsa::SelectOp op, Value scores) {
  Operation *creator = scores.getDefiningOp();
  return creator && creator->getBlock() == &op.getScorer().front() &&
         (isa<TensorType>(scores.getType()) || isa<memref::AllocOp>(creator));
}

LogicalResult SelectScheduleAttr::verifyFor(
    Operation *op, function_ref<InFlightDiagnostic()> emitError) const {
  auto select = dyn_cast<dsa::SelectOp>(op);
  if (!select)
    return emitError() << "expected 'dsa.select' for a select_schedule";
  Block &body = select.getScorer().front();
  Value scores = cast<dsa::YieldOp>(body.getTerminator()).getScores();
  if (!createsScores(select, scores))
    return emitError() << "select_schedule needs scores that the region of the "
                          "selection computes";
  if (cast<ShapedType>(scores.getType()).getShape().back() == 0)
    return emitError() << "select_schedule needs keys, but there are none";
  for (Operation &inner : body)
    if (!canWorkOnRows(inner))
      return emitError() << "select_schedule cannot serve a region with '"
                         << inner.getName() << "'";
  if (getTopk())
    return getTopk().verifyForSelection(op, emitError);
  return success();
}
