//===- SizeBuckets.h - For which sizes a measurement counts -----*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TUNING_SIZEBUCKETS_H
#define DSA_TUNING_SIZEBUCKETS_H

#include "dsa/Dialect/DSA/IR/DSA.h"

namespace mlir::dsa {

struct RowsAndKeys {
  int64_t rows = 0, keys = 0;
  bool operator==(const RowsAndKeys &other) const = default;
};

/// The sizes that each of `measured`, which are distinct, stands for. Together
/// they are all sizes, and no two overlap: numbers of rows are divided at the
/// geometric mean of neighbours, and so are, for each, numbers of keys.
SmallVector<SizesAttr> getSizeBuckets(MLIRContext *context,
                                      ArrayRef<RowsAndKeys> measured);

} // namespace mlir::dsa

#endif // DSA_TUNING_SIZEBUCKETS_H
