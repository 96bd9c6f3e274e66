//===- Parts.cpp - Parts of tiles -----------------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSATile/IR/DSATile.h"

using namespace mlir;
using namespace mlir::dsa_tile;

/// The layout of an accumulator that one warpgroup holds, or null.
static AccumulatorAttr getWholeAccumulator(RankedTensorType tile) {
  auto layout = dyn_cast_if_present<AccumulatorAttr>(tile.getEncoding());
  bool isWhole = layout && layout.getRowGroups() == 1 &&
                 layout.getColumnGroups() == 1 && tile.getRank() == 2;
  return isWhole ? layout : AccumulatorAttr();
}

/// The layout of columns of a tile in shared memory that are whole blocks, or
/// null.
static SharedAttr getBlocks(RankedTensorType tile, SharedAttr layout,
                            int64_t offset, int64_t extent) {
  int64_t bytes = tile.getElementTypeBitWidth() / 8;
  bool isWhole = offset * bytes % layout.getSwizzle() == 0 &&
                 extent * bytes % layout.getSwizzle() == 0;
  return isWhole ? layout : SharedAttr();
}

LogicalResult ExtractOp::verify() {
  auto source = cast<RankedTensorType>(getSource().getType());
  auto result = cast<RankedTensorType>(getResult().getType());
  int64_t dim = getDim(), offset = getOffset();
  if (source.getRank() != 2 || result.getRank() != 2 || dim < 0 || dim > 1)
    return emitOpError() << "expected tiles of 2 dimensions and one of them, "
                            "but found "
                         << source << ", " << result << " and " << dim;
  constexpr int64_t kMultiple = 8;
  int64_t extent = result.getDimSize(dim);
  if (source.getElementType() != result.getElementType() ||
      source.getDimSize(1 - dim) != result.getDimSize(1 - dim) || offset < 0 ||
      offset > source.getDimSize(dim) - extent || offset % kMultiple != 0)
    return emitOpError() << "expected a part of " << source
                         << " from a multiple of " << kMultiple
                         << " on, but found " << result << " from " << offset;
  if (!source.getEncoding() && !result.getEncoding())
    return success();
  Attribute expected;
  if (SharedAttr shared = getSharedLayout(source);
      shared && dim == 0 && !shared.getRows())
    expected = SharedAttr::get(getContext(), shared.getSwizzle(), extent,
                               source.getDimSize(0));
  else if (shared && dim == 1 && !shared.getRows())
    expected = getBlocks(source, shared, offset, extent);
  else if (dim == 1)
    expected = getWholeAccumulator(source);
  if (!expected)
    return emitOpError() << "expected columns of an accumulator that one "
                            "warpgroup holds, or rows or whole blocks of "
                            "columns of a tile in one piece of shared memory, "
                            "but found "
                         << source << " from " << offset;
  if (result.getEncoding() != expected)
    return emitOpError() << "expected layout " << expected << ", but found "
                         << result;
  return success();
}

LogicalResult StageOp::verify() {
  auto source = cast<RankedTensorType>(getSource().getType());
  auto result = cast<RankedTensorType>(getResult().getType());
  if (source.getRank() != 2 || source.getShape() != result.getShape() ||
      source.getElementType() != result.getElementType() ||
      source.getElementTypeBitWidth() != 16)
    return emitOpError() << "expected tiles of 2 dimensions, of one shape and "
                            "of one element type of 16 bits, but found "
                         << source << " and " << result;
  if (!source.getEncoding() && !result.getEncoding())
    return success();
  SharedAttr shared = getSharedLayout(result);
  if (isa_and_present<AccumulatorAttr>(source.getEncoding()) && shared &&
      !shared.getRows())
    return success();
  return emitOpError() << "expected an accumulator and a tile in one piece of "
                          "shared memory, but found "
                       << source << " and " << result;
}

LogicalResult ConcatOp::verify() {
  auto result = cast<RankedTensorType>(getResult().getType());
  AccumulatorAttr layout = getWholeAccumulator(result);
  int64_t columns = 0;
  for (Value value : getSources()) {
    auto source = cast<RankedTensorType>(value.getType());
    if (!layout || source.getEncoding() != layout || source.getRank() != 2 ||
        source.getDimSize(0) != result.getDimSize(0) ||
        source.getElementType() != result.getElementType())
      return emitOpError() << "expected accumulators that one warpgroup holds, "
                              "but found "
                           << source << " and " << result;
    columns += source.getDimSize(1);
  }
  if (columns != result.getDimSize(1))
    return emitOpError() << "expected " << result.getDimSize(1)
                         << " columns in all, but found " << columns;
  return success();
}
