//===- Passes.h - Passes over kernels on tiles ------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSATILE_TRANSFORMS_PASSES_H
#define DSA_DIALECT_DSATILE_TRANSFORMS_PASSES_H

#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace mlir::dsa_tile {
#define GEN_PASS_DECL
#include "dsa/Dialect/DSATile/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "dsa/Dialect/DSATile/Transforms/Passes.h.inc"
} // namespace mlir::dsa_tile

#endif // DSA_DIALECT_DSATILE_TRANSFORMS_PASSES_H
