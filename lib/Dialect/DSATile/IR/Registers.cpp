//===- Registers.cpp - Registers of a kernel's threads --------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSATile/IR/Registers.h"
#include <algorithm>

using namespace mlir;

int64_t dsa_tile::getFirstRegisters(int64_t groups) {
  // A processor has 64 K registers, given out in eights to each thread of four
  // equal parts.
  constexpr int64_t kRegisters = 65536;
  return kRegisters / (128 * (groups + 1)) / 8 * 8;
}

int64_t dsa_tile::getComputeRegisters(int64_t groups, int64_t load) {
  // A thread can have 255.
  constexpr int64_t kMost = 240;
  int64_t rest = getFirstRegisters(groups) * (groups + 1) - load;
  return std::min(rest / groups / 8 * 8, kMost);
}

LogicalResult
dsa_tile::verifyRegisters(function_ref<InFlightDiagnostic()> emitError,
                          int64_t registers, int64_t columns, int64_t groups,
                          int64_t load) {
  if (int64_t most = getComputeRegisters(groups, load); registers > most)
    return emitError() << "needs " << registers << " registers a thread, "
                       << groups << " groups have " << most;
  // Of 64 rows, a thread of a warpgroup holds half of a row's columns; operands
  // and what the assembler keeps for itself come on top.
  int64_t product = columns / 2 + 30;
  if (int64_t first = getFirstRegisters(groups); product > first)
    return emitError() << "needs " << product
                       << " registers a thread for a product of " << columns
                       << " columns, threads of " << groups
                       << " groups begin with " << first;
  return success();
}
