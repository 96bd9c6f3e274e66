//===- KernelModule.h - Where kernels go ------------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_CONVERSION_KERNELMODULE_H
#define DSA_LIB_CONVERSION_KERNELMODULE_H

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::dsa {

/// The module that outlining puts all kernels into: one file of PTX.
gpu::GPUModuleOp getOrCreateKernelModule(RewriterBase &rewriter,
                                         ModuleOp module);

/// A function's name, as far as PTX has room for it.
std::string getKernelStem(StringRef function);

} // namespace mlir::dsa

#endif // DSA_LIB_CONVERSION_KERNELMODULE_H
