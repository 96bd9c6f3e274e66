//===- Registers.h - Registers of a kernel's threads ------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSATILE_IR_REGISTERS_H
#define DSA_DIALECT_DSATILE_IR_REGISTERS_H

#include "mlir/IR/Diagnostics.h"

namespace mlir::dsa_tile {

/// Registers that each thread of a block begins with, where `groups` warpgroups
/// compute and one loads.
int64_t getFirstRegisters(int64_t groups);

/// Registers of each thread that computes, once those that load have kept only
/// `load`.
int64_t getComputeRegisters(int64_t groups, int64_t load);

/// Registers that each thread keeps that loads keys to score: it looks up where
/// those of sequences and pages lie.
constexpr int64_t getScoresLoadRegisters(bool sequences, bool pages) {
  return sequences ? 72 : pages ? 48 : 32;
}

/// Reports threads that need more registers than they get, or a product of so
/// many columns that its instruction alone needs more than threads begin with:
/// the assembler goes by that number.
LogicalResult verifyRegisters(function_ref<InFlightDiagnostic()> emitError,
                              int64_t registers, int64_t columns,
                              int64_t groups, int64_t load);

} // namespace mlir::dsa_tile

#endif // DSA_DIALECT_DSATILE_IR_REGISTERS_H
