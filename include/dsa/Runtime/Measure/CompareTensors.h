//===- CompareTensors.h - Large results, one with another -------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_MEASURE_COMPARETENSORS_H
#define DSA_RUNTIME_MEASURE_COMPARETENSORS_H

#include "dsa/Runtime/HostTensor.h"

namespace mlir::dsa {

/// Where two tensors differ most, relative to the largest finite magnitude that
/// is expected in the row, of the first dimension, and at least 1e-30. Infinite
/// where an infinity or NaN is expected or found and the other is not the same.
struct WorstDifference {
  double error = 0;
  int64_t index = 0;
};

/// In as many threads as the machine runs at once. Shapes must be the same.
WorstDifference findWorstDifference(const HostTensor &found,
                                    const HostTensor &expected);

} // namespace mlir::dsa

#endif // DSA_RUNTIME_MEASURE_COMPARETENSORS_H
