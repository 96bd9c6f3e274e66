//===- SizeBuckets.cpp - For which sizes a measurement counts -------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Tuning/SizeBuckets.h"
#include <cmath>

using namespace mlir;
using namespace mlir::dsa;

namespace {
struct Interval {
  int64_t least, most;
};
} // namespace

/// What is nearer to `number` than to the other numbers, by ratio.
static Interval getInterval(int64_t number, ArrayRef<int64_t> numbers) {
  auto getMiddle = [](int64_t a, int64_t b) {
    return static_cast<int64_t>(
        std::sqrt(static_cast<double>(a) * static_cast<double>(b)));
  };
  Interval range = {0, INT64_MAX};
  for (int64_t other : numbers) {
    if (other < number)
      range.least = std::max(range.least, getMiddle(other, number) + 1);
    if (other > number)
      range.most = std::min(range.most, getMiddle(number, other));
  }
  return range;
}

SmallVector<SizesAttr>
mlir::dsa::getSizeBuckets(MLIRContext *context,
                          ArrayRef<RowsAndKeys> measured) {
  SmallVector<int64_t> allRows;
  for (RowsAndKeys sizes : measured)
    allRows.push_back(sizes.rows);
  SmallVector<SizesAttr> buckets;
  for (RowsAndKeys sizes : measured) {
    SmallVector<int64_t> allKeys;
    for (RowsAndKeys other : measured)
      if (other.rows == sizes.rows)
        allKeys.push_back(other.keys);
    Interval rows = getInterval(sizes.rows, allRows);
    Interval keys = getInterval(sizes.keys, allKeys);
    buckets.push_back(
        SizesAttr::get(context, rows.least, rows.most, keys.least, keys.most));
  }
  return buckets;
}
