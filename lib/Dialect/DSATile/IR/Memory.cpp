//===- Memory.cpp - Tiles and memory --------------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SharedBytes.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"

using namespace mlir;
using namespace mlir::dsa_tile;

static int64_t multiply(ArrayRef<int64_t> extents) {
  int64_t product = 1;
  for (int64_t extent : extents)
    product *= extent;
  return product;
}

static LogicalResult verifyBox(Operation *op, MemRefType memory,
                               ArrayRef<int64_t> box) {
  if (static_cast<int64_t>(box.size()) != memory.getRank())
    return op->emitOpError()
           << "expected a box of " << memory.getRank() << " extents for "
           << memory << ", but found " << box.size();
  if (box.empty())
    return op->emitOpError() << "expected memory with at least 1 dimension";
  for (int64_t extent : box)
    if (extent < 1)
      return op->emitOpError()
             << "expected extents of at least 1, but found " << extent;
  return success();
}

static LogicalResult verifyIndices(Operation *op, MemRefType memory,
                                   ValueRange indices) {
  if (static_cast<int64_t>(indices.size()) == memory.getRank())
    return success();
  return op->emitOpError() << "expected " << memory.getRank() << " indices for "
                           << memory << ", but found " << indices.size();
}

static LogicalResult verifyElement(Operation *op, MemRefType memory,
                                   RankedTensorType tile) {
  if (memory.getElementType() == tile.getElementType())
    return success();
  return op->emitOpError() << "expected tile and memory of one element type, "
                              "but found "
                           << tile.getElementType() << " and "
                           << memory.getElementType();
}

/// All dimensions of a box but the last, or all of them, may become one; those
/// of several boxes have.
static LogicalResult verifyFlattening(Operation *op, ArrayRef<int64_t> box,
                                      RankedTensorType tile,
                                      int64_t boxes = 1) {
  ArrayRef<int64_t> shape = tile.getShape();
  bool fits = shape.size() == 1 ? shape[0] == boxes * multiply(box)
              : shape.size() == 2 && box.size() > 1
                  ? shape[1] == box.back() &&
                        shape[0] == boxes * multiply(box.drop_back())
                  : boxes == 1 && shape == box;
  if (fits)
    return success();
  InFlightDiagnostic error = op->emitOpError() << "expected a tile that ";
  if (boxes > 1)
    error << boxes << " boxes";
  else
    error << "a box";
  return error << " of [" << box << "] can become, but found " << tile;
}

LogicalResult LoadOp::verify() {
  auto memory = cast<MemRefType>(getSource().getType());
  auto tile = cast<RankedTensorType>(getResult().getType());
  int64_t rank = memory.getRank(), indices = getIndices().size();
  if (failed(verifyBox(*this, memory, getBox())) ||
      failed(verifyElement(*this, memory, tile)))
    return failure();
  if (indices == 0 || indices % rank != 0)
    return emitOpError() << "expected " << rank << " indices for " << memory
                         << ", or a multiple of that, but found " << indices;
  if (failed(verifySlots([&] { return emitOpError(); }, getSlots(), 0)))
    return failure();
  return verifyFlattening(*this, getBox(), tile, indices / rank);
}

/// What `gather` and `gather_copy` have in common.
template <typename Op>
static LogicalResult verifyRows(Op op, RankedTensorType tile) {
  auto memory = cast<MemRefType>(op.getSource().getType());
  auto numbers = cast<RankedTensorType>(op.getNumbers().getType());
  if (failed(verifyElement(op, memory, tile)))
    return failure();
  if (memory.getRank() != 2 || tile.getRank() != 2)
    return op.emitOpError()
           << "expected memory and a tile of 2 dimensions, but found " << memory
           << " and " << tile;
  if (!numbers.getElementType().isInteger(32) || numbers.getRank() != 1 ||
      numbers.getDimSize(0) != tile.getDimSize(0))
    return op.emitOpError() << "expected i32 numbers of " << tile.getDimSize(0)
                            << " rows, but found " << numbers;
  int64_t column = op.getColumn(), width = memory.getDimSize(1);
  if (memory.isDynamicDim(1) || column > width ||
      tile.getDimSize(1) > width - column)
    return op.emitOpError()
           << "expected memory whose rows have the " << tile.getDimSize(1)
           << " columns of a tile's from " << column << " on, but found "
           << memory << " and " << tile;
  return success();
}

LogicalResult GatherCopyOp::verify() {
  ArrayRef<RankedTensorType> tiles = getChannel().getType().getTiles();
  if (tiles.size() != 1)
    return emitOpError() << "expected a channel of 1 tile, but found "
                         << getChannel().getType();
  return verifyRows(*this, tiles.front());
}

LogicalResult GatherOp::verify() {
  if (failed(verifyRows(*this, cast<RankedTensorType>(getResult().getType()))))
    return failure();
  return verifySlots([&] { return emitOpError(); }, getSlots(), 1);
}

LogicalResult StoreOp::verify() {
  auto memory = cast<MemRefType>(getDest().getType());
  auto tile = cast<RankedTensorType>(getTile().getType());
  if (failed(verifyIndices(*this, memory, getIndices())) ||
      failed(verifyElement(*this, memory, tile)))
    return failure();
  if (std::optional<ArrayRef<int64_t>> box = getBox()) {
    if (failed(verifyBox(*this, memory, *box)) ||
        failed(verifyFlattening(*this, *box, tile)))
      return failure();
    if (getTransposed())
      return emitOpError() << "expected no box of a transposed tile";
  } else if (tile.getRank() != memory.getRank())
    return emitOpError() << "expected a tile of " << memory.getRank()
                         << " dimensions, but found " << tile;
  if (getTransposed() && tile.getRank() != 2)
    return emitOpError() << "expected a tile of 2 dimensions to transpose, but "
                            "found "
                         << tile;
  if (!getMask()) {
    if (getInside())
      return emitOpError() << "expected a mask that 'inside' is about";
    return success();
  }
  auto mask = cast<RankedTensorType>(getMask().getType());
  if (mask.getShape() != tile.getShape() ||
      mask.getEncoding() != tile.getEncoding())
    return emitOpError() << "expected a mask like " << tile << ", but found "
                         << mask;
  return success();
}

LogicalResult TensorMapOp::verify() {
  auto memory = cast<MemRefType>(getSource().getType());
  ArrayRef<int64_t> box = getBox();
  if (failed(verifyBox(*this, memory, box)))
    return failure();
  for (int64_t extent : box)
    if (extent > 256)
      return emitOpError() << "expected extents of at most 256, but found "
                           << extent;
  if (memory.getRank() > 5)
    return emitOpError() << "expected at most 5 dimensions, but found "
                         << memory;
  if (!memory.getElementType().isIntOrFloat())
    return emitOpError() << "expected memory of numbers, but found " << memory;
  int64_t swizzle = getSwizzle();
  if (swizzle != 32 && swizzle != 64 && swizzle != 128)
    return emitOpError() << "expected swizzle to be 32, 64 or 128, but found "
                         << swizzle;
  int64_t bytes = box.back() * memory.getElementTypeBitWidth() / 8;
  if (bytes != swizzle)
    return emitOpError() << "expected rows of " << swizzle
                         << " bytes, but found " << bytes;
  return success();
}
