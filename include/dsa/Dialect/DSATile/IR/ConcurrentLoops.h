//===- ConcurrentLoops.h - Iterations at the same time ----------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An `scf.for` of the host with `dsa_tile.concurrent = n : i64` has iterations
// that do not depend on each other: up to n of them may run at the same time,
// each with memory of its own for what the loop allocates.
//
//===----------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSATILE_IR_CONCURRENTLOOPS_H
#define DSA_DIALECT_DSATILE_IR_CONCURRENTLOOPS_H

#include "mlir/Dialect/SCF/IR/SCF.h"

namespace mlir::dsa_tile {

inline constexpr llvm::StringLiteral kConcurrentAttrName =
    "dsa_tile.concurrent";

/// More are not worth the memory.
inline constexpr int64_t kMostConcurrent = 64;

/// How many iterations of a loop may run at the same time; 1 for other loops.
int64_t getConcurrency(scf::ForOp loop);

/// The concurrent loop around `op`, or null.
scf::ForOp findConcurrentLoop(Operation *op);

/// How many iterations of a concurrent loop, which counts from 0 by 1, are
/// under way at a time: no more than there are.
Value countConcurrent(ImplicitLocOpBuilder &b, scf::ForOp loop);

} // namespace mlir::dsa_tile

#endif // DSA_DIALECT_DSATILE_IR_CONCURRENTLOOPS_H
