//===- Attention.cpp - Reference of attention -----------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Operations.h"

#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Parallel.h"

#include <cmath>

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa::reference;

namespace {
/// How far a rounded weight may be off: relative to itself, and at most this
/// much if no number is small enough.
struct WeightRounding {
  double relative = 0, absolute = 0;
};
} // namespace

static WeightRounding getWeightRounding(ElementKind kind) {
  if (kind == ElementKind::BF16)
    return {0x1p-8, 0};
  if (kind == ElementKind::F16)
    return {0x1p-11, 0x1p-25};
  return {};
}

namespace {
/// What dense and sparse attention share.
class Attention {
public:
  template <typename AttentionOp>
  Attention(AttentionOp op, Lookup lookup, bool onTiles)
      : q(*lookup(op.getQ())), k(*lookup(op.getKey())),
        v(op.getValue() ? *lookup(op.getValue()) : k), seq(lookup(op.getSeq())),
        sink(lookup(op.getSink())), rows(q.shape[0]), heads(q.shape[1]),
        width(q.shape[2]), valueWidth(op.getValueWidth()),
        valueStride(v.shape.back()), keyHeads(op.getKeyHeads()),
        sequences(k.shape[0]), keys(k.shape[seq ? 1 : 0]),
        scale(op.getScale().convertToDouble()) {
    auto add = [&](Value init, ArrayRef<int64_t> shape) {
      auto type = llvm::cast<ShapedType>(init.getType());
      results.emplace_back(*getElementKind(type.getElementType()), shape);
    };
    add(op.getInits()[0], {rows, heads, valueWidth});
    add(op.getInits()[1], {rows, heads});
    if (op.getMaxInit())
      add(op.getMaxInit(), {rows, heads});
    if (onTiles) {
      rounding = getWeightRounding(k.kind);
      results[0].slack.assign(results[0].data.size(), 0.0);
    }
    // Logarithms: an absolute error there is a relative one of the weights.
    for (ReferenceTensor &logarithm : llvm::drop_begin(results)) {
      std::fill(logarithm.data.begin(), logarithm.data.end(), -kInfinity);
      logarithm.rowScale.assign(rows, 1.0);
    }
  }

  /// Query heads that share a key head.
  int64_t getHeadsPerKeyHead() const {
    return keyHeads ? heads / keyHeads : heads;
  }

  /// Attention of the heads [begin, end), which share a key head, over the
  /// listed keys.
  void attend(int64_t row, int64_t begin, int64_t end, ArrayRef<int64_t> list);

  const ReferenceTensor &q, &k, &v;
  const ReferenceTensor *seq, *sink;
  int64_t rows, heads, width, valueWidth, valueStride, keyHeads, sequences,
      keys;
  double scale;
  WeightRounding rounding;
  std::vector<ReferenceTensor> results;

private:
  /// By how much a head's output may be off because its weights, which are
  /// divided by their sum, are rounded.
  void addSlack(int64_t place, const double *weights,
                ArrayRef<const double *> values);
};
} // namespace

void Attention::addSlack(int64_t place, const double *weights,
                         ArrayRef<const double *> values) {
  double *slack = results[0].slack.data() + place * valueWidth;
  for (auto [i, value] : llvm::enumerate(values))
    for (int64_t d = 0; d < valueWidth; ++d)
      // The sum of weights before the division is at least one.
      slack[d] += (rounding.relative * weights[i] + rounding.absolute) *
                  std::abs(value[d]);
}

void Attention::attend(int64_t row, int64_t begin, int64_t end,
                       ArrayRef<int64_t> list) {
  int64_t sequence = getSequence(seq, row, sequences);
  if (sequence < 0 || list.empty())
    return;
  int64_t keyHead = begin / getHeadsPerKeyHead();
  auto rowOf = [&](int64_t key) {
    return (sequence * keys + key) * keyHeads + keyHead;
  };
  const int64_t count = list.size(), sharing = end - begin;
  // One key serves all heads before the next is touched.
  std::vector<double> weights(sharing * count);
  for (int64_t i = 0; i < count; ++i) {
    const double *key = k.data.data() + rowOf(list[i]) * width;
    for (int64_t h = 0; h < sharing; ++h)
      weights[h * count + i] =
          scale *
          dot(q.data.data() + (row * heads + begin + h) * width, key, width);
  }
  for (int64_t h = 0; h < sharing; ++h) {
    double *weight = weights.data() + h * count, largest = -kInfinity;
    for (int64_t i = 0; i < count; ++i)
      largest =
          std::isnan(weight[i]) ? weight[i] : std::max(largest, weight[i]);
    int64_t place = row * heads + begin + h;
    double shift = std::isinf(largest) ? 0.0 : largest, sum = 0;
    for (int64_t i = 0; i < count; ++i)
      sum += weight[i] = std::exp(weight[i] - shift);
    results[1].data[place] = shift + std::log(sum);
    if (results.size() > 2)
      results[2].data[place] = largest;
    double total = sum;
    if (sink)
      total += std::exp(sink->data[begin + h] - shift);
    for (int64_t i = 0; i < count; ++i)
      weight[i] = sum == 0 ? 0.0 : weight[i] / total;
  }
  if (!results[0].slack.empty()) {
    std::vector<const double *> values;
    for (int64_t key : list)
      values.push_back(v.data.data() + rowOf(key) * valueStride);
    for (int64_t h = 0; h < sharing; ++h)
      addSlack(row * heads + begin + h, weights.data() + h * count, values);
  }
  double *out = results[0].data.data() + (row * heads + begin) * valueWidth;
  constexpr int64_t kBlock = 4;
  int64_t i = 0;
  for (; i + kBlock <= count; i += kBlock) {
    const double *value[kBlock];
    for (int64_t j = 0; j < kBlock; ++j)
      value[j] = v.data.data() + rowOf(list[i + j]) * valueStride;
    for (int64_t h = 0; h < sharing; ++h) {
      const double *weight = weights.data() + h * count + i;
      double *sum = out + h * valueWidth;
      for (int64_t d = 0; d < valueWidth; ++d)
        sum[d] += weight[0] * value[0][d] + weight[1] * value[1][d] +
                  weight[2] * value[2][d] + weight[3] * value[3][d];
    }
  }
  for (; i < count; ++i) {
    const double *value = v.data.data() + rowOf(list[i]) * valueStride;
    for (int64_t h = 0; h < sharing; ++h)
      for (int64_t d = 0; d < valueWidth; ++d)
        out[h * valueWidth + d] += weights[h * count + i] * value[d];
  }
}

std::vector<ReferenceTensor>
mlir::dsa::reference::computeAttention(SparseAttentionOp op, Lookup lookup,
                                       bool onTiles) {
  Attention attention(op, lookup, onTiles);
  const ReferenceTensor &indices = *lookup(op.getIndices());
  const ReferenceTensor *lengths = lookup(op.getLengths());
  const int64_t lists = indices.shape[1], entries = indices.shape[2];
  const int64_t block = op.getBlock().value_or(1), keys = attention.keys;
  const int64_t blocks = llvm::divideCeil(keys, block);
  // Heads that share both a list and a key head.
  const int64_t sharing =
      std::min(attention.getHeadsPerKeyHead(), attention.heads / lists);
  llvm::parallelFor(0, attention.rows, [&](size_t row) {
    std::vector<int64_t> keysOfList;
    for (int64_t head = 0; head < attention.heads; head += sharing) {
      int64_t list = row * lists + head / (attention.heads / lists);
      int64_t length = entries;
      if (lengths)
        length = std::clamp<int64_t>(lengths->data[list], 0, entries);
      keysOfList.clear();
      for (int64_t i = 0; i < length; ++i) {
        int64_t index = indices.data[list * entries + i];
        if (index < 0 || index >= blocks)
          continue;
        for (int64_t key = index * block, end = std::min(key + block, keys);
             key < end; ++key)
          keysOfList.push_back(key);
      }
      attention.attend(row, head, head + sharing, keysOfList);
    }
  });
  return std::move(attention.results);
}

std::vector<ReferenceTensor>
mlir::dsa::reference::computeAttention(AttentionOp op, Lookup lookup,
                                       bool onTiles) {
  Attention attention(op, lookup, onTiles);
  const ReferenceTensor *lo = lookup(op.getLo()), *hi = lookup(op.getHi()),
                        *positions = lookup(op.getPositions());
  llvm::parallelFor(0, attention.rows, [&](size_t row) {
    auto [begin, end] = getKeyRange(lo, hi, row, attention.keys);
    if (auto window = op.getWindow()) {
      int64_t position = positions->data[row];
      begin = std::max(begin, position - (*window)[0]);
      end = std::min(end, position + (*window)[1] + 1);
    }
    std::vector<int64_t> keys;
    for (int64_t key = begin; key < end; ++key)
      keys.push_back(key);
    int64_t sharing = attention.getHeadsPerKeyHead();
    for (int64_t head = 0; head < attention.heads; head += sharing)
      attention.attend(row, head, head + sharing, keys);
  });
  return std::move(attention.results);
}
