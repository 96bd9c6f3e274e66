//===- Layouts.cpp - Tiles in registers -----------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::dsa_tile;

static constexpr int64_t kWarpgroup = 128, kWarp = 32;

static Value createConstant(ImplicitLocOpBuilder &b, int64_t value) {
  return arith::ConstantIntOp::create(b, b.getI32Type(), value);
}

static Value divide(ImplicitLocOpBuilder &b, Value value, int64_t by) {
  return arith::DivUIOp::create(b, value, createConstant(b, by));
}

static Value remainder(ImplicitLocOpBuilder &b, Value value, int64_t by) {
  return arith::RemUIOp::create(b, value, createConstant(b, by));
}

static Value scale(ImplicitLocOpBuilder &b, Value value, int64_t by) {
  return arith::MulIOp::create(b, value, createConstant(b, by));
}

static Value add(ImplicitLocOpBuilder &b, Value left, Value right) {
  return arith::AddIOp::create(b, left, right);
}

static LogicalResult expectRank(ArrayRef<int64_t> shape, size_t rank,
                                function_ref<InFlightDiagnostic()> emitError) {
  if (shape.size() != rank)
    return emitError() << "expected a tile of " << rank
                       << " dimensions, but found " << shape.size();
  if (ShapedType::isDynamicShape(shape))
    return emitError() << "expected a tile of static shape";
  return success();
}

/// Wider tiles, and more elements of a thread, would take several times the
/// registers that it can have.
static constexpr int64_t kMostColumns = 1024;

static LogicalResult
expectExtents(ArrayRef<int64_t> shape, int64_t rows, int64_t columns,
              function_ref<InFlightDiagnostic()> emitError) {
  if (failed(expectRank(shape, 2, emitError)))
    return failure();
  if (shape[0] != rows)
    return emitError() << "expected " << rows << " rows, but found "
                       << shape[0];
  if (shape[1] == 0 || shape[1] % columns != 0)
    return emitError() << "expected a multiple of " << columns
                       << " columns, but found " << shape[1];
  if (shape[1] > kMostColumns)
    return emitError() << "expected at most " << kMostColumns
                       << " columns, but found " << shape[1];
  return success();
}

static LogicalResult
expectMultiple(ArrayRef<int64_t> shape, int64_t of,
               function_ref<InFlightDiagnostic()> emitError) {
  if (failed(expectRank(shape, 1, emitError)))
    return failure();
  if (shape[0] == 0 || shape[0] % of != 0)
    return emitError() << "expected a multiple of " << of
                       << " elements, but found " << shape[0];
  if (shape[0] / of > kMostColumns)
    return emitError() << "expected at most " << kMostColumns * of
                       << " elements, but found " << shape[0];
  return success();
}

/// The offsets of every `stride`-th element.
static SmallVector<SmallVector<int64_t>> getStrided(ArrayRef<int64_t> shape,
                                                    int64_t stride) {
  SmallVector<SmallVector<int64_t>> offsets;
  for (int64_t element = 0; element < shape[0]; element += stride)
    offsets.push_back({element});
  return offsets;
}

//===----------------------------------------------------------------------===//
// AccumulatorAttr
//===----------------------------------------------------------------------===//

LogicalResult
AccumulatorAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                        int64_t rowGroups, int64_t columnGroups) {
  return verifyGroups(emitError, rowGroups, columnGroups);
}

LogicalResult AccumulatorAttr::verifyEncoding(
    ArrayRef<int64_t> shape, Type elementType,
    function_ref<InFlightDiagnostic()> emitError) const {
  return verifyShape(shape, emitError);
}

LogicalResult AccumulatorAttr::verifyShape(
    ArrayRef<int64_t> shape,
    function_ref<InFlightDiagnostic()> emitError) const {
  return expectExtents(shape, getLeastExtent(0), getLeastExtent(1), emitError);
}

SmallVector<SmallVector<int64_t>>
AccumulatorAttr::getOffsets(ArrayRef<int64_t> shape) const {
  SmallVector<SmallVector<int64_t>> offsets;
  for (int64_t block = 0; block < shape[1] / getColumnGroups(); block += 8)
    for (int64_t row : {0, 8})
      for (int64_t column : {0, 1})
        offsets.push_back({row, block + column});
  return offsets;
}

SmallVector<Value> AccumulatorAttr::getOrigin(ImplicitLocOpBuilder &b,
                                              ArrayRef<int64_t> shape,
                                              Value thread) const {
  Value group = divide(b, thread, kWarpgroup);
  Value warp = divide(b, remainder(b, thread, kWarpgroup), 32);
  Value lane = remainder(b, thread, 32);
  Value row = add(b, scale(b, warp, 16), divide(b, lane, 4));
  Value column = scale(b, remainder(b, lane, 4), 2);
  if (getRowGroups() > 1)
    row = add(b, row, scale(b, divide(b, group, getColumnGroups()), 64));
  if (getColumnGroups() > 1)
    column = add(b, column,
                 scale(b, remainder(b, group, getColumnGroups()),
                       shape[1] / getColumnGroups()));
  return {row, column};
}

int64_t AccumulatorAttr::getLeastExtent(unsigned dim) const {
  return dim == 0 ? 64 * getRowGroups() : 8 * getColumnGroups();
}

//===----------------------------------------------------------------------===//
// SliceAttr
//===----------------------------------------------------------------------===//

LogicalResult SliceAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                int64_t dim, Attribute parent) {
  if (!isa<LayoutAttrInterface>(parent))
    return emitError() << "expected a layout of a tile in registers, but found "
                       << parent;
  if (dim != 0 && dim != 1)
    return emitError() << "expected dimension 0 or 1, but found " << dim;
  return success();
}

LayoutAttrInterface SliceAttr::getParentLayout() const {
  return cast<LayoutAttrInterface>(getParent());
}

SmallVector<int64_t> SliceAttr::getParentShape(ArrayRef<int64_t> shape) const {
  SmallVector<int64_t> parent(shape);
  parent.insert(parent.begin() + getDim(),
                getParentLayout().getLeastExtent(getDim()));
  return parent;
}

LogicalResult
SliceAttr::verifyEncoding(ArrayRef<int64_t> shape, Type elementType,
                          function_ref<InFlightDiagnostic()> emitError) const {
  return verifyShape(shape, emitError);
}

LogicalResult
SliceAttr::verifyShape(ArrayRef<int64_t> shape,
                       function_ref<InFlightDiagnostic()> emitError) const {
  if (failed(expectRank(shape, 1, emitError)))
    return failure();
  return getParentLayout().verifyShape(getParentShape(shape), emitError);
}

SmallVector<SmallVector<int64_t>>
SliceAttr::getOffsets(ArrayRef<int64_t> shape) const {
  SmallVector<SmallVector<int64_t>> offsets;
  for (SmallVector<int64_t> offset :
       getParentLayout().getOffsets(getParentShape(shape))) {
    offset.erase(offset.begin() + getDim());
    if (!llvm::is_contained(offsets, offset))
      offsets.push_back(offset);
  }
  return offsets;
}

SmallVector<Value> SliceAttr::getOrigin(ImplicitLocOpBuilder &b,
                                        ArrayRef<int64_t> shape,
                                        Value thread) const {
  SmallVector<Value> origin =
      getParentLayout().getOrigin(b, getParentShape(shape), thread);
  origin.erase(origin.begin() + getDim());
  return origin;
}

int64_t SliceAttr::getLeastExtent(unsigned dim) const {
  return getParentLayout().getLeastExtent(getDim() == 0 ? 1 : 0);
}

//===----------------------------------------------------------------------===//
// LanesAttr
//===----------------------------------------------------------------------===//

LogicalResult
LanesAttr::verifyEncoding(ArrayRef<int64_t> shape, Type elementType,
                          function_ref<InFlightDiagnostic()> emitError) const {
  return verifyShape(shape, emitError);
}

LogicalResult
LanesAttr::verifyShape(ArrayRef<int64_t> shape,
                       function_ref<InFlightDiagnostic()> emitError) const {
  return expectMultiple(shape, kWarp, emitError);
}

SmallVector<SmallVector<int64_t>>
LanesAttr::getOffsets(ArrayRef<int64_t> shape) const {
  return getStrided(shape, kWarp);
}

SmallVector<Value> LanesAttr::getOrigin(ImplicitLocOpBuilder &b,
                                        ArrayRef<int64_t> shape,
                                        Value thread) const {
  return {remainder(b, thread, kWarp)};
}

int64_t LanesAttr::getLeastExtent(unsigned dim) const { return kWarp; }

//===----------------------------------------------------------------------===//
// RowsAttr
//===----------------------------------------------------------------------===//

LogicalResult RowsAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                               int64_t lanes) {
  if (lanes < 1 || lanes > 32 || !llvm::isPowerOf2_64(lanes))
    return emitError()
           << "expected a power of 2 of at most 32 lanes, but found " << lanes;
  return success();
}

LogicalResult
RowsAttr::verifyEncoding(ArrayRef<int64_t> shape, Type elementType,
                         function_ref<InFlightDiagnostic()> emitError) const {
  return verifyShape(shape, emitError);
}

LogicalResult
RowsAttr::verifyShape(ArrayRef<int64_t> shape,
                      function_ref<InFlightDiagnostic()> emitError) const {
  return expectMultiple(shape, getLeastExtent(0), emitError);
}

SmallVector<SmallVector<int64_t>>
RowsAttr::getOffsets(ArrayRef<int64_t> shape) const {
  return getStrided(shape, getLeastExtent(0));
}

SmallVector<Value> RowsAttr::getOrigin(ImplicitLocOpBuilder &b,
                                       ArrayRef<int64_t> shape,
                                       Value thread) const {
  return {divide(b, remainder(b, thread, kWarpgroup), getLanes())};
}

int64_t RowsAttr::getLeastExtent(unsigned dim) const {
  return kWarpgroup / getLanes();
}

//===----------------------------------------------------------------------===//
// ScatterAttr
//===----------------------------------------------------------------------===//

LogicalResult ScatterAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                  AccumulatorAttr parent) {
  return success();
}

LogicalResult ScatterAttr::verifyEncoding(
    ArrayRef<int64_t> shape, Type elementType,
    function_ref<InFlightDiagnostic()> emitError) const {
  return verifyShape(shape, emitError);
}

LogicalResult
ScatterAttr::verifyShape(ArrayRef<int64_t> shape,
                         function_ref<InFlightDiagnostic()> emitError) const {
  return expectExtents(shape, getLeastExtent(0), getLeastExtent(1), emitError);
}

SmallVector<SmallVector<int64_t>>
ScatterAttr::getOffsets(ArrayRef<int64_t> shape) const {
  SmallVector<SmallVector<int64_t>> offsets;
  for (int64_t column = 0; column < shape[1] / getParent().getColumnGroups();
       column += 2)
    offsets.push_back({0, column});
  return offsets;
}

SmallVector<Value> ScatterAttr::getOrigin(ImplicitLocOpBuilder &b,
                                          ArrayRef<int64_t> shape,
                                          Value thread) const {
  // Rows are those of the accumulator; which of the two is the lane's matter.
  int64_t groups = getParent().getColumnGroups();
  SmallVector<Value> origin =
      getParent().getOrigin(b, {shape[0], 8 * groups}, thread);
  Value row = add(b, origin[0], scale(b, remainder(b, thread, 2), 8));
  Value column = remainder(b, divide(b, thread, 2), 2);
  if (groups > 1)
    column = add(b, column,
                 scale(b, remainder(b, divide(b, thread, kWarpgroup), groups),
                       shape[1] / groups));
  return {row, column};
}

int64_t ScatterAttr::getLeastExtent(unsigned dim) const {
  return dim == 0 ? 64 * getParent().getRowGroups()
                  : 2 * getParent().getColumnGroups();
}

//===----------------------------------------------------------------------===//
// StripedAttr
//===----------------------------------------------------------------------===//

LogicalResult StripedAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                  int64_t warps) {
  if (warps < 1 || warps > 32)
    return emitError() << "expected 1 to 32 warps, but found " << warps;
  return success();
}

LogicalResult StripedAttr::verifyEncoding(
    ArrayRef<int64_t> shape, Type elementType,
    function_ref<InFlightDiagnostic()> emitError) const {
  return verifyShape(shape, emitError);
}

LogicalResult
StripedAttr::verifyShape(ArrayRef<int64_t> shape,
                         function_ref<InFlightDiagnostic()> emitError) const {
  return expectMultiple(shape, getLeastExtent(0), emitError);
}

SmallVector<SmallVector<int64_t>>
StripedAttr::getOffsets(ArrayRef<int64_t> shape) const {
  SmallVector<SmallVector<int64_t>> offsets;
  for (int64_t piece = 0; piece < shape[0] / getWarps();
       piece += kWarp * kPiece)
    for (int64_t i = 0; i < kPiece; ++i)
      offsets.push_back({piece + i});
  return offsets;
}

SmallVector<Value> StripedAttr::getOrigin(ImplicitLocOpBuilder &b,
                                          ArrayRef<int64_t> shape,
                                          Value thread) const {
  Value share = scale(b, divide(b, thread, kWarp), shape[0] / getWarps());
  return {add(b, share, scale(b, remainder(b, thread, kWarp), kPiece))};
}

int64_t StripedAttr::getLeastExtent(unsigned dim) const {
  return kWarp * kPiece * getWarps();
}
