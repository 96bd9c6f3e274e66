//===- Work.h - What a run computes and moves -------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_WORK_H
#define DSA_RUNTIME_WORK_H

#include "dsa/Runtime/OperandShapes.h"

namespace mlir::dsa {

/// Floating-point operations of the matrix products, and bytes of all arguments
/// and results, each counted once.
struct Work {
  double flops = 0;
  int64_t bytes = 0;
};

/// Counts what these values ask for: a score is 2·H·D operations for each key
/// in bounds, attention 2·(D + Dv) for each head and valid key. Where the
/// values that decide are computed on the way and not returned, every key
/// counts that may be valid.
Work countWork(func::FuncOp function, const ShapeEnvironment &shapes,
               llvm::ArrayRef<HostTensor> arguments,
               llvm::ArrayRef<HostTensor> results);

} // namespace mlir::dsa

#endif // DSA_RUNTIME_WORK_H
