//===- LinearPart.cpp - Reference of dsa.linear_part ----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A term depends on the last bit of the sum that it is rounded from. What is
// checked is therefore what a row's terms add up to.
//
//===----------------------------------------------------------------------===//

#include "Operations.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Parallel.h"

#include <cmath>

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa::reference;

namespace {
/// How terms of one element type are scaled, and the bits of a significand.
struct TermFormat {
  double limit;
  int step, bits;
};
} // namespace

static TermFormat getFormat(ElementKind kind) {
  switch (kind) {
  case ElementKind::F8E4M3FN:
    return {448, 4, 4};
  case ElementKind::BF16:
    return {1, 8, 8};
  case ElementKind::F16:
    return {1, 11, 11};
  default:
    return {1, 24, 24};
  }
}

static double getRounding(ElementKind kind, int64_t count) {
  return std::ldexp(1.0, 1 - int(count) * (getFormat(kind).bits + 1));
}

double mlir::dsa::reference::getTermError(const ReferenceTensor &terms) {
  return terms.exact ? 0
                     : getFormat(terms.kind).limit *
                           getRounding(terms.kind, terms.shape[1]);
}

static double roundTo(ElementKind kind, double value) {
  char element[4];
  encodeElement(kind, value, element);
  return decodeElement(kind, element);
}

/// What the terms are to add up to; errors are relative to what its elements
/// would be if their summands had random signs.
static ReferenceTensor computeVector(LinearPartOp op, Lookup lookup) {
  const ReferenceTensor &q = *lookup(op.getQ());
  const ReferenceTensor *weights = lookup(op.getWeights()),
                        *qScale = lookup(op.getQScale());
  const int64_t rows = q.shape[0], heads = q.shape[1], width = q.shape[2];
  ReferenceTensor vector(ElementKind::F32, {rows, width});
  vector.rowScale.resize(rows);
  llvm::parallelFor(0, rows, [&](size_t row) {
    double *sums = vector.data.data() + row * width;
    std::vector<double> squares(width);
    for (int64_t head = row * heads; head < int64_t(row + 1) * heads; ++head) {
      double factor = 0.5;
      for (const ReferenceTensor *other : {weights, qScale})
        if (other)
          factor *= other->data[head];
      for (int64_t d = 0; d < width; ++d) {
        double product = factor * q.data[head * width + d];
        sums[d] += product;
        squares[d] += product * product;
      }
    }
    for (double square : squares)
      if (std::isfinite(square))
        vector.rowScale[row] =
            std::max(vector.rowScale[row], std::sqrt(square));
  });
  return vector;
}

std::vector<ReferenceTensor>
mlir::dsa::reference::computeLinearPart(LinearPartOp op, Lookup lookup) {
  ReferenceTensor vector = computeVector(op, lookup);
  const int64_t rows = vector.shape[0], width = vector.shape[1];
  const int64_t count =
      llvm::cast<ShapedType>(op.getInits()[0].getType()).getDimSize(1);
  const ElementKind kind = lookup(op.getQ())->kind;
  const TermFormat format = getFormat(kind);
  ReferenceTensor terms(kind, {rows, count, width});
  ReferenceTensor scales(ElementKind::F32, {rows, count});
  llvm::parallelFor(0, rows, [&](size_t row) {
    double *rest = vector.data.data() + row * width, largest = 0;
    bool isFinite = true;
    for (int64_t d = 0; d < width; ++d) {
      isFinite &= std::isfinite(rest[d]);
      largest = std::max(largest, std::abs(rest[d]));
    }
    int exponent = 0;
    if (isFinite && largest > 0) {
      // mantissa · 2^exponent, with 1/2 <= mantissa < 1.
      if (std::frexp(largest / format.limit, &exponent) == 0.5)
        --exponent;
      exponent = std::clamp(exponent, -126, 126);
    }
    for (int64_t i = row * count; i < int64_t(row + 1) * count; ++i) {
      scales.data[i] = std::ldexp(1.0, std::max(exponent, -126));
      exponent -= format.step;
      for (int64_t d = 0; d < width; ++d) {
        double term = isFinite ? roundTo(kind, rest[d] / scales.data[i])
                               : std::numeric_limits<double>::quiet_NaN();
        terms.data[i * width + d] = term;
        rest[d] -= term * scales.data[i];
      }
    }
  });
  std::vector<ReferenceTensor> results;
  results.push_back(std::move(terms));
  results.push_back(std::move(scales));
  return results;
}

ResultCheck mlir::dsa::reference::checkTerms(LinearPartOp op, Lookup lookup,
                                             const ReferenceTensor &terms,
                                             const ReferenceTensor &scales) {
  ReferenceTensor vector = computeVector(op, lookup);
  const int64_t rows = terms.shape[0], count = terms.shape[1],
                width = terms.shape[2];
  ResultCheck check;
  check.tolerance =
      getTolerance(ElementKind::F32) + getRounding(terms.kind, count);
  for (int64_t row = 0; row < rows; ++row) {
    ArrayRef<double> expected = ArrayRef(vector.data).slice(row * width, width);
    bool isFinite =
        llvm::all_of(expected, [](double x) { return std::isfinite(x); });
    double scale = getRowScale(vector, row);
    for (int64_t d = 0; d < width; ++d) {
      double sum = 0;
      for (int64_t i = row * count; i < (row + 1) * count; ++i)
        sum += scales.data[i] * terms.data[i * width + d];
      double error = std::abs(sum - expected[d]);
      if (!isFinite)
        error = std::isnan(sum) ? 0 : kInfinity;
      else if (std::isnan(error))
        error = kInfinity;
      else if (error > 0)
        error /= scale;
      if (error <= check.error)
        continue;
      check.error = error;
      if (error > check.tolerance)
        check.failure = llvm::formatv(
            "row {0}: expected terms that add up to {1} at {2}, found {3}", row,
            llvm::format("%.9g",
                         isFinite ? expected[d]
                                  : std::numeric_limits<double>::quiet_NaN()),
            d, llvm::format("%.9g", sum));
    }
  }
  return check;
}

ResultCheck
mlir::dsa::reference::checkTermScales(const ReferenceTensor &expected,
                                      const ReferenceTensor &found) {
  ResultCheck check;
  check.method = ResultCheck::Method::Exact;
  const int64_t count = expected.shape[1];
  for (auto [place, scale] : llvm::enumerate(found.data)) {
    // The largest element may be rounded to another side of a power of two.
    double ratio = scale / expected.data[place];
    double ofFirst = found.data[place / count * count] /
                     expected.data[place / count * count];
    bool isClose = ratio == 1 || ((ratio == 2 || ratio == 0.5) &&
                                  (ratio == ofFirst || scale == 0x1p-126));
    if (isClose)
      continue;
    check.error = kInfinity;
    check.failure = llvm::formatv("at {0}: expected {1}, found {2}",
                                  positionToString(found.shape, place),
                                  llvm::format("%.9g", expected.data[place]),
                                  llvm::format("%.9g", scale));
    return check;
  }
  return check;
}
