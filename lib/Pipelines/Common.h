//===- Common.h - What pipelines share --------------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_PIPELINES_COMMON_H
#define DSA_LIB_PIPELINES_COMMON_H

#include "mlir/Pass/PassManager.h"

namespace mlir::dsa {

/// Fuses selections and turns tensors into memrefs, across functions too.
void addFusionAndBufferization(OpPassManager &pm);

/// From `dsa` operations on memrefs to the LLVM dialect for the host, with
/// vectors of `vectorBits`.
void addOperationsToLLVM(OpPassManager &pm, unsigned vectorBits);

} // namespace mlir::dsa

#endif // DSA_LIB_PIPELINES_COMMON_H
