//===- IndexScores.cpp - Reference of dsa.index_scores --------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Operations.h"

#include "llvm/Support/Parallel.h"

#include <cmath>

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa::reference;

double mlir::dsa::reference::dot(const double *a, const double *b,
                                 int64_t count) {
  // Independent partial sums, for the compiler may not reorder a single one.
  double sums[8] = {};
  int64_t i = 0;
  for (; i + 8 <= count; i += 8)
    for (int64_t j = 0; j < 8; ++j)
      sums[j] += a[i + j] * b[i + j];
  double sum = 0;
  for (; i < count; ++i)
    sum += a[i] * b[i];
  for (double part : sums)
    sum += part;
  return sum;
}

KeyRange mlir::dsa::reference::getKeyRange(const ReferenceTensor *lo,
                                           const ReferenceTensor *hi,
                                           int64_t row, int64_t keys) {
  if (!lo)
    return {0, keys};
  return {std::clamp<int64_t>(lo->data[row], 0, keys),
          std::clamp<int64_t>(hi->data[row], 0, keys)};
}

int64_t mlir::dsa::reference::getSequence(const ReferenceTensor *seq,
                                          int64_t row, int64_t sequences) {
  if (!seq)
    return 0;
  int64_t sequence = seq->data[row];
  return sequence >= 0 && sequence < sequences ? sequence : -1;
}

/// Where key `s` of a sequence lies among the keys of all pages, or -1.
static int64_t findInPages(const ReferenceTensor &table,
                           const ReferenceTensor &k, int64_t sequence,
                           int64_t s) {
  int64_t pageKeys = k.shape[1], entry = s / pageKeys;
  if (entry >= table.shape.back())
    return -1;
  int64_t page = table.data[sequence * table.shape.back() + entry];
  return page >= 0 && page < k.shape[0] ? page * pageKeys + s % pageKeys : -1;
}

ReferenceTensor mlir::dsa::reference::computeIndexScores(IndexScoresOp op,
                                                         int64_t keys,
                                                         Lookup lookup) {
  const ReferenceTensor &q = *lookup(op.getQ()), &k = *lookup(op.getK());
  const ReferenceTensor *weights = lookup(op.getWeights()),
                        *qScale = lookup(op.getQScale()),
                        *kScale = lookup(op.getKScale()),
                        *terms = lookup(op.getLinearTerms()),
                        *termScales = lookup(op.getLinearScales()),
                        *lo = lookup(op.getLo()), *hi = lookup(op.getHi()),
                        *seq = lookup(op.getSeq()),
                        *table = lookup(op.getTable());
  const int64_t rows = q.shape[0], heads = q.shape[1], width = q.shape[2];
  const int64_t termCount = terms ? terms->shape[1] : 0;
  const Activation activation = op.getActivation();

  ReferenceTensor scores(
      *getElementKind(
          llvm::cast<ShapedType>(op.getInits()[0].getType()).getElementType()),
      {rows, keys});
  scores.rowScale.resize(rows);
  llvm::parallelFor(0, rows, [&](size_t row) {
    double *result = scores.data.data() + row * keys;
    std::fill(result, result + keys, -kInfinity);
    int64_t sequence = getSequence(seq, row, (table ? *table : k).shape[0]);
    if (sequence < 0)
      return;
    // What a score would be if its terms had random signs.
    const double *queries = q.data.data() + row * heads * width;
    llvm::SmallVector<double> factors(heads, 1.0);
    double typical = 0;
    for (int64_t head = 0; head < heads; ++head) {
      if (weights)
        factors[head] *= weights->data[row * heads + head];
      if (qScale)
        factors[head] *= qScale->data[row * heads + head];
      const double *query = queries + head * width;
      typical += factors[head] * factors[head] * dot(query, query, width);
    }
    std::vector<double> linear(terms ? width : 0);
    for (int64_t i = row * termCount; i < int64_t(row + 1) * termCount; ++i)
      for (int64_t d = 0; d < width; ++d)
        linear[d] += termScales->data[i] * terms->data[i * width + d];
    typical += dot(linear.data(), linear.data(), linear.size());
    typical = std::sqrt(typical / std::max<int64_t>(width, 1));
    // Allowed in each element of the vector that is not known exactly.
    if (terms)
      typical += getTermError(*terms) * termScales->data[row * termCount] /
                 getTolerance(scores.kind);

    auto [begin, end] = getKeyRange(lo, hi, row, keys);
    for (int64_t s = begin; s < end; ++s) {
      int64_t place =
          table ? findInPages(*table, k, sequence, s) : sequence * keys + s;
      if (place < 0)
        continue;
      const double *key = k.data.data() + place * width;
      double scale = kScale ? kScale->data[place] : 1.0;
      double sum = dot(linear.data(), key, linear.size());
      for (int64_t head = 0; head < heads; ++head) {
        double product = dot(queries + head * width, key, width);
        // NaN passes through.
        if (activation == Activation::Relu && product < 0)
          product = 0;
        else if (activation == Activation::HalfAbs)
          product = std::abs(product) / 2;
        sum += factors[head] * product;
      }
      result[s] = scale * sum;
      double size = std::abs(scale) * typical * std::sqrt(dot(key, key, width));
      if (std::isfinite(size))
        scores.rowScale[row] = std::max(scores.rowScale[row], size);
    }
  });
  return scores;
}
