//===- Selection.cpp - Counting and compacting tiles ----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSATile/IR/DSATile.h"

using namespace mlir;
using namespace mlir::dsa_tile;

/// Reports a tile that does not lie as `tile` does.
static LogicalResult verifyBeside(Operation *op, StringRef name, Value other,
                                  RankedTensorType tile) {
  if (!other)
    return success();
  auto type = cast<RankedTensorType>(other.getType());
  if (type.getShape() == tile.getShape() &&
      type.getEncoding() == tile.getEncoding())
    return success();
  return op->emitOpError() << "expected " << name
                           << " of the shape and layout of " << tile
                           << ", but found " << type;
}

LogicalResult ScratchOp::verify() {
  auto type = cast<MemRefType>(getResult().getType());
  if (type.getRank() != 1 || !type.hasStaticShape())
    return emitOpError("expected one dimension of static extent, but found ")
           << type;
  return success();
}

LogicalResult HistogramOp::verify() {
  return verifyBeside(*this, "a mask", getMask(),
                      cast<RankedTensorType>(getBins().getType()));
}

LogicalResult SearchOp::verify() {
  auto type = cast<MemRefType>(getCounts().getType());
  if (!type.hasStaticShape() || type.getNumElements() == 0)
    return emitOpError("expected counts of static extent, but found ") << type;
  return success();
}

LogicalResult ScanOp::verify() {
  auto mask = cast<RankedTensorType>(getMask().getType());
  if (mask.getRank() != 1)
    return emitOpError("expected a tile of 1 dimension, but found ") << mask;
  return verifyBeside(*this, "a result", getBefore(), mask);
}

LogicalResult ScatterOp::verify() {
  auto tile = cast<RankedTensorType>(getTile().getType());
  auto dest = cast<MemRefType>(getDest().getType());
  if (failed(verifyBeside(*this, "places", getPlaces(), tile)) ||
      failed(verifyBeside(*this, "a mask", getMask(), tile)))
    return failure();
  if (dest.getElementType() != tile.getElementType())
    return emitOpError("expected tile and memory of one element type, but "
                       "found ")
           << tile.getElementType() << " and " << dest.getElementType();
  if (dest.getRank() == 0 ||
      static_cast<int64_t>(getIndices().size()) != dest.getRank())
    return emitOpError("expected as many indices as the memory has "
                       "dimensions, but found ")
           << getIndices().size() << " for " << dest;
  return success();
}
