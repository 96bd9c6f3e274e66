//===- Compare.cpp - Results against their reference ----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Operations.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa::reference;

ReferenceTensor::ReferenceTensor(ElementKind kind, ArrayRef<int64_t> shape)
    : kind(kind), shape(shape), data(llvm::product_of(shape)) {}

ReferenceTensor::ReferenceTensor(const HostTensor &tensor)
    : ReferenceTensor(tensor.getKind(), tensor.getShape()) {
  tensor.decode(0, data);
  exact = true;
}

double mlir::dsa::reference::getRowScale(const ReferenceTensor &tensor,
                                         int64_t row) {
  const int64_t length = tensor.getRowLength();
  double scale = tensor.rowScale.empty() ? 0.0 : tensor.rowScale[row];
  for (double value : ArrayRef(tensor.data).slice(row * length, length))
    if (std::isfinite(value))
      scale = std::max(scale, std::abs(value));
  return scale;
}

std::string mlir::dsa::reference::positionToString(ArrayRef<int64_t> shape,
                                                   int64_t index) {
  llvm::SmallVector<std::string> places;
  for (int64_t size : llvm::reverse(shape)) {
    places.push_back(std::to_string(index % size));
    index /= size;
  }
  return "[" + llvm::join(llvm::reverse(places), ", ") + "]";
}

/// What a kind cannot tell from zero, or may flush to it.
static double getSmallest(ElementKind kind) {
  return kind == ElementKind::F16 ? 0x1p-24 : 0x1p-126;
}

/// How far `found` is from `expected`, beyond `slack`, relative to `scale`.
static double getError(double expected, double found, double scale,
                       double slack, ElementKind kind) {
  if (expected == found || (std::isnan(expected) && std::isnan(found)))
    return 0;
  if (std::isinf(found)) {
    // Right if the reference is beyond what the kind can hold.
    char element[4];
    encodeElement(kind, expected, element);
    return decodeElement(kind, element) == found ? 0 : kInfinity;
  }
  if (!std::isfinite(expected) || !std::isfinite(found))
    return kInfinity;
  double difference = std::max(std::abs(expected - found) - slack, 0.0);
  if (difference <= getSmallest(kind))
    return 0;
  return scale == 0 ? kInfinity : difference / scale;
}

ResultCheck mlir::dsa::reference::compare(const ReferenceTensor &expected,
                                          const HostTensor &found,
                                          bool exactly) {
  ResultCheck check;
  const ElementKind kind = found.getKind();
  if (exactly || kind == ElementKind::I32)
    check.method = ResultCheck::Method::Exact;
  else
    check.tolerance = getTolerance(kind);
  if (ArrayRef(expected.shape) != found.getShape()) {
    check.error = kInfinity;
    check.failure = llvm::formatv("expected shape [{0}], found [{1}]",
                                  shapeToString(expected.shape),
                                  shapeToString(found.getShape()));
    return check;
  }
  const int64_t length = expected.getRowLength();
  const int64_t total = expected.data.size();
  int64_t worst = -1;
  for (int64_t begin = 0; begin < total; begin += length) {
    double scale = getRowScale(expected, begin / length);
    for (int64_t i = begin; i < begin + length; ++i) {
      double slack = expected.slack.empty() ? 0.0 : expected.slack[i];
      double error =
          getError(expected.data[i], found.get(i), scale, slack, kind);
      if (error > check.error || (error == kInfinity && worst < 0)) {
        check.error = error;
        worst = i;
      }
    }
  }
  if (check.error > check.tolerance)
    check.failure = llvm::formatv("at {0}: expected {1}, found {2}",
                                  positionToString(found.getShape(), worst),
                                  llvm::format("%.9g", expected.data[worst]),
                                  llvm::format("%.9g", found.get(worst)));
  return check;
}
