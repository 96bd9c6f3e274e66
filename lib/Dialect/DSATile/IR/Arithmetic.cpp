//===- Arithmetic.cpp - Arithmetic on tiles -------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSATile/IR/DSATile.h"

using namespace mlir;
using namespace mlir::dsa_tile;

/// What `mma` and `mma_start` have in common.
template <typename Op>
static LogicalResult verifyProducts(Op op, ArrayRef<Type> results) {
  auto a = cast<RankedTensorType>(op.getA().getType());
  if (op.getBs().empty())
    return op.emitOpError() << "expected at least 1 b operand";
  // Rows of several b follow one another in one result.
  size_t parts = op.getBRows() ? op.getBs().size() : 1;
  if (results.size() * parts != op.getBs().size())
    return op.emitOpError()
           << "expected "
           << (op.getBRows() ? "one result" : "as many results as b operands")
           << ", but found " << results.size() << " and " << op.getBs().size()
           << " b operands";
  if (!op.getAccs().empty() && op.getAccs().size() != results.size())
    return op.emitOpError()
           << "expected " << results.size()
           << " accumulators or none, but found " << op.getAccs().size();
  for (auto [number, value] : llvm::enumerate(op.getBs())) {
    auto b = cast<RankedTensorType>(value.getType());
    auto result = cast<RankedTensorType>(results[number / parts]);
    if (a.getRank() != 2 || b.getRank() != 2 || result.getRank() != 2)
      return op.emitOpError() << "expected tiles of 2 dimensions, but found "
                              << a << ", " << b << " and " << result;
    if (a.getElementType() != b.getElementType() ||
        !result.getElementType().isF32())
      return op.emitOpError() << "expected operands of one element type and an "
                                 "f32 result, but found "
                              << a << ", " << b << " and " << result;
    int64_t depth = b.getDimSize(op.getBRows() ? 0 : 1);
    int64_t width = b.getDimSize(op.getBRows() ? 1 : 0);
    int64_t columns = result.getDimSize(1) / parts;
    int64_t rows = a.getDimSize(op.getARows() ? 1 : 0);
    int64_t summed = a.getDimSize(op.getARows() ? 0 : 1);
    if (auto layout =
            dyn_cast_if_present<AccumulatorAttr>(result.getEncoding());
        layout && op.getOwnColumns())
      columns /= layout.getColumnGroups();
    if (summed != depth || result.getDimSize(0) != rows ||
        result.getDimSize(1) % parts != 0 ||
        (op.getBRows() ? columns > width : columns != width))
      return op.emitOpError()
             << "expected a [" << (op.getARows() ? "K, M" : "M, K") << "], b ["
             << (op.getBRows() ? "K, N" : "N, K")
             << "] and a result [M, N], but found " << a << ", " << b << " and "
             << result;
    if (!op.getAccs().empty() &&
        op.getAccs()[number / parts].getType() != result)
      return op.emitOpError()
             << "expected an accumulator of type " << result << ", but found "
             << op.getAccs()[number / parts].getType();
  }
  return success();
}

/// Either no tile has a layout, or `dependent` has the one that `expected`
/// makes of that of `tile`.
static LogicalResult
verifyLayouts(Operation *op, RankedTensorType tile, RankedTensorType dependent,
              function_ref<Attribute(LayoutAttrInterface)> expected) {
  if (!tile.getEncoding() && !dependent.getEncoding())
    return success();
  LayoutAttrInterface layout = getLayout(tile);
  if (!layout)
    return op->emitOpError()
           << "expected tiles in registers, both or neither with a layout, but "
              "found "
           << tile << " and " << dependent;
  if (Attribute wanted = expected(layout); wanted != dependent.getEncoding())
    return op->emitOpError() << "expected layout " << wanted << " beside "
                             << tile << ", but found " << dependent;
  return success();
}

/// A tile that threads make by themselves lies in registers.
static LogicalResult verifyInRegisters(Operation *op, Type type) {
  if (!cast<RankedTensorType>(type).getEncoding() || getLayout(type))
    return success();
  return op->emitOpError() << "expected a tile in registers, but found "
                           << type;
}

LogicalResult MmaOp::verify() {
  return verifyProducts(*this, SmallVector<Type>(getResultTypes()));
}

LogicalResult MmaStartOp::verify() {
  if (getContinued() &&
      (getContinued().getType() != getResult().getType() || !getAccs().empty()))
    return emitOpError() << "expected to continue " << getResult().getType()
                         << " without an accumulator, but found "
                         << getContinued().getType() << " and "
                         << getAccs().size() << " accumulators";
  ArrayRef<RankedTensorType> tiles = getResult().getType().getTiles();
  return verifyProducts(*this, SmallVector<Type>(tiles.begin(), tiles.end()));
}

LogicalResult MmaWaitOp::verify() {
  ArrayRef<RankedTensorType> tiles = getPending().getType().getTiles();
  if (getResults().empty() || llvm::equal(tiles, getResultTypes()))
    return success();
  return emitOpError() << "expected the tiles of " << getPending().getType()
                       << ", but found " << getResultTypes();
}

LogicalResult ReduceOp::verify() {
  auto source = cast<RankedTensorType>(getSource().getType());
  auto result = cast<RankedTensorType>(getResult().getType());
  if (source.getRank() != 2)
    return emitOpError() << "expected a tile of 2 dimensions, but found "
                         << source;
  int64_t dim = getDim();
  if (dim != 0 && dim != 1)
    return emitOpError() << "expected dimension 0 or 1, but found " << dim;
  SmallVector<int64_t> shape = {source.getDimSize(1 - dim)};
  if (std::optional<int64_t> group = getGroup()) {
    if (dim != 1)
      return emitOpError() << "expected no group of a column, but found "
                           << *group;
    if (*group < 1 || source.getDimSize(1) % *group != 0)
      return emitOpError() << "expected a group that divides "
                           << source.getDimSize(1) << " columns, but found "
                           << *group;
    shape.push_back(source.getDimSize(1) / *group);
  }
  if (result.getShape() != ArrayRef(shape) ||
      result.getElementType() != source.getElementType())
    return emitOpError() << "expected a result of shape [" << shape
                         << "] and element type " << source.getElementType()
                         << ", but found " << result;
  if (getGroup() && source.getEncoding() &&
      !isa<AccumulatorAttr>(source.getEncoding()))
    return emitOpError() << "expected an accumulator to combine groups of, but "
                            "found "
                         << source;
  return verifyLayouts(
      *this, source, result, [&](LayoutAttrInterface layout) -> Attribute {
        if (getGroup())
          return ScatterAttr::get(getContext(), cast<AccumulatorAttr>(layout));
        return getSliceLayout(dim, layout);
      });
}

LogicalResult ExpandOp::verify() {
  auto source = cast<RankedTensorType>(getSource().getType());
  auto result = cast<RankedTensorType>(getResult().getType());
  int64_t dim = getDim();
  if (dim != 0 && dim != 1)
    return emitOpError() << "expected dimension 0 or 1, but found " << dim;
  if (source.getRank() != 1 || result.getRank() != 2 ||
      source.getDimSize(0) != result.getDimSize(1 - dim) ||
      source.getElementType() != result.getElementType())
    return emitOpError() << "expected a vector and a tile with it along "
                            "dimension "
                         << 1 - dim << ", but found " << source << " and "
                         << result;
  return verifyLayouts(*this, result, source,
                       [&](LayoutAttrInterface layout) -> Attribute {
                         return getSliceLayout(dim, layout);
                       });
}

LogicalResult ScaleRowsOp::verify() {
  auto tile = cast<RankedTensorType>(getTile().getType());
  auto factors = cast<RankedTensorType>(getFactors().getType());
  if (tile.getRank() != 2 || factors.getRank() != 1 ||
      tile.getDimSize(0) != factors.getDimSize(0) ||
      tile.getElementType() != factors.getElementType())
    return emitOpError() << "expected a tile and a factor for each of its "
                            "rows, but found "
                         << tile << " and " << factors;
  return verifyLayouts(*this, tile, factors, [](LayoutAttrInterface layout) {
    return getSliceLayout(1, layout);
  });
}

LogicalResult MaskColumnsOp::verify() {
  auto tile = cast<RankedTensorType>(getTile().getType());
  auto there = cast<RankedTensorType>(getThere().getType());
  if (tile.getRank() != 2 || there.getRank() != 1 ||
      tile.getDimSize(1) != there.getDimSize(0) ||
      !there.getElementType().isInteger(1))
    return emitOpError() << "expected a tile and an i1 for each of its "
                            "columns, but found "
                         << tile << " and " << there;
  if (auto type = cast<FloatType>(tile.getElementType());
      !APFloat::semanticsHasInf(type.getFloatSemantics()))
    return emitOpError() << "expected elements that can be infinite, but found "
                         << tile;
  // Warps have all truth values, of the columns of one warpgroup.
  auto layout = dyn_cast_if_present<AccumulatorAttr>(tile.getEncoding());
  if (layout && layout.getColumnGroups() == 1 &&
      isa_and_present<LanesAttr>(there.getEncoding()))
    return success();
  return verifyLayouts(*this, tile, there, [](LayoutAttrInterface layout) {
    return getSliceLayout(0, layout);
  });
}

LogicalResult IotaOp::verify() {
  auto result = cast<RankedTensorType>(getResult().getType());
  int64_t dim = getDim();
  if (dim < 0 || dim >= result.getRank())
    return emitOpError() << "expected a dimension of " << result
                         << ", but found " << dim;
  return verifyInRegisters(*this, result);
}

LogicalResult SplatOp::verify() {
  Type found = getSource().getType();
  Type expected = getElementTypeOrSelf(getResult().getType());
  if (found != expected)
    return emitOpError() << "expected a value of type " << expected
                         << ", but found " << found;
  return verifyInRegisters(*this, getResult().getType());
}
