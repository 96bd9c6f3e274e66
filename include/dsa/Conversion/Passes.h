//===- Passes.h - Conversions to GPU kernels --------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_CONVERSION_PASSES_H
#define DSA_CONVERSION_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace mlir::dsa {

#define GEN_PASS_DECL
#include "dsa/Conversion/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "dsa/Conversion/Passes.h.inc"

} // namespace mlir::dsa

#endif // DSA_CONVERSION_PASSES_H
