//===- CompareTensors.cpp - Large results, one with another ---------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/Measure/CompareTensors.h"

#include "dsa/Runtime/InParallel.h"

#include <cmath>
#include <mutex>
#include <vector>

using namespace mlir::dsa;

/// Of values that are not finite, or that are not close by any measure.
static double getError(double found, double expected, double scale) {
  if (found == expected || (std::isnan(found) && std::isnan(expected)))
    return 0;
  if (!std::isfinite(found) || !std::isfinite(expected))
    return std::numeric_limits<double>::infinity();
  return std::fabs(found - expected) / scale;
}

static WorstDifference compareRow(llvm::ArrayRef<double> found,
                                  llvm::ArrayRef<double> expected) {
  constexpr double kTiny = 1e-30;
  double scale = kTiny;
  for (double value : expected)
    if (std::isfinite(value))
      scale = std::max(scale, std::fabs(value));
  WorstDifference worst;
  for (size_t i = 0; i < expected.size(); ++i)
    if (double error = getError(found[i], expected[i], scale);
        error > worst.error)
      worst = {error, int64_t(i)};
  return worst;
}

WorstDifference mlir::dsa::findWorstDifference(const HostTensor &found,
                                               const HostTensor &expected) {
  const int64_t total = expected.getNumElements();
  const int64_t rows = expected.getRank() ? expected.getShape()[0] : 1;
  const int64_t width = rows ? total / rows : 0;
  WorstDifference worst;
  std::mutex mutex;
  inParallel(rows, /*least=*/1, [&](int64_t begin, int64_t end) {
    std::vector<double> foundRow(width), expectedRow(width);
    WorstDifference mine;
    for (int64_t row = begin; row < end; ++row) {
      found.decode(row * width, foundRow);
      expected.decode(row * width, expectedRow);
      WorstDifference here = compareRow(foundRow, expectedRow);
      if (here.error > mine.error)
        mine = {here.error, row * width + here.index};
    }
    std::lock_guard<std::mutex> lock(mutex);
    if (mine.error > worst.error ||
        (mine.error == worst.error && mine.index < worst.index))
      worst = mine;
  });
  return worst;
}
