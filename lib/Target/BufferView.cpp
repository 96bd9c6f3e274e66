//===- BufferView.cpp - Parts of buffers as data --------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BufferView.h"
#include "SizeExpression.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::dsa;
using llvm::json::Array;
using Json = llvm::json::Value;

static Json multiply(Json left, Json right) {
  auto x = left.getAsInteger(), y = right.getAsInteger();
  if (x && y)
    return *x * *y;
  if (x == 0 || y == 1)
    return left;
  if (y == 0 || x == 1)
    return right;
  return Array{"mul", std::move(left), std::move(right)};
}

static Json add(Json left, Json right) {
  auto x = left.getAsInteger(), y = right.getAsInteger();
  if (x && y)
    return *x + *y;
  if (x == 0)
    return right;
  if (y == 0)
    return left;
  return Array{"add", std::move(left), std::move(right)};
}

/// Of memory that is row-major without gaps, a stride is a product of sizes.
static Array getStrides(const Array &sizes) {
  Array strides;
  Json stride = 1;
  for (const Json &size : llvm::reverse(sizes)) {
    strides.insert(strides.begin(), stride);
    stride = multiply(std::move(stride), size);
  }
  return strides;
}

static FailureOr<Json> getMixed(OpFoldResult value) {
  if (auto attribute = dyn_cast<Attribute>(value))
    return Json(cast<IntegerAttr>(attribute).getInt());
  return getExpression(cast<Value>(value));
}

static FailureOr<BufferView> getSubview(memref::SubViewOp op) {
  FailureOr<BufferView> source = getBufferView(op.getSource());
  if (failed(source))
    return failure();
  BufferView view{source->whole, source->offset, {}, {}};
  llvm::SmallBitVector dropped = op.getDroppedDims();
  for (int64_t dim = 0; dim < op.getSourceType().getRank(); ++dim) {
    FailureOr<Json> offset = getMixed(op.getMixedOffsets()[dim]);
    FailureOr<Json> size = getMixed(op.getMixedSizes()[dim]);
    FailureOr<Json> step = getMixed(op.getMixedStrides()[dim]);
    if (failed(offset) || failed(size) || failed(step))
      return failure();
    const Json &stride = source->strides[dim];
    view.offset = add(std::move(view.offset), multiply(*offset, stride));
    if (dropped.test(dim))
      continue;
    view.sizes.push_back(std::move(*size));
    view.strides.push_back(multiply(*step, stride));
  }
  return view;
}

/// A dimension that becomes several: each steps over those behind it.
static FailureOr<BufferView> getExpanded(memref::ExpandShapeOp op) {
  FailureOr<BufferView> source = getBufferView(op.getSrc());
  if (failed(source))
    return failure();
  SmallVector<OpFoldResult> shape = op.getMixedOutputShape();
  BufferView view{source->whole, source->offset, {}, {}};
  for (auto [dim, group] : llvm::enumerate(op.getReassociationIndices())) {
    Json stride = source->strides[dim];
    size_t first = view.strides.size();
    for (int64_t number : llvm::reverse(group)) {
      FailureOr<Json> size = getMixed(shape[number]);
      if (failed(size))
        return failure();
      view.sizes.insert(view.sizes.begin() + first, *size);
      view.strides.insert(view.strides.begin() + first, stride);
      stride = multiply(std::move(*size), std::move(stride));
    }
  }
  return view;
}

FailureOr<BufferView> dsa::getBufferView(Value memref) {
  if (auto cast = memref.getDefiningOp<memref::CastOp>())
    return getBufferView(cast.getSource());
  if (auto subview = memref.getDefiningOp<memref::SubViewOp>())
    return getSubview(subview);
  if (auto expand = memref.getDefiningOp<memref::ExpandShapeOp>())
    return getExpanded(expand);
  BufferView view{memref, 0, {}, {}};
  int64_t rank = cast<MemRefType>(memref.getType()).getRank();
  for (int64_t dim = 0; dim < rank; ++dim) {
    FailureOr<Json> size = getSizeExpression(memref, dim);
    if (failed(size))
      return failure();
    view.sizes.push_back(std::move(*size));
  }
  view.strides = getStrides(view.sizes);
  return view;
}
