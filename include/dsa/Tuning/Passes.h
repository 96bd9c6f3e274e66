//===- Passes.h - Passes that choose among schedules ------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TUNING_PASSES_H
#define DSA_TUNING_PASSES_H

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "mlir/Pass/Pass.h"

namespace mlir::dsa {

#define GEN_PASS_DECL
#include "dsa/Tuning/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "dsa/Tuning/Passes.h.inc"

} // namespace mlir::dsa

#endif // DSA_TUNING_PASSES_H
