//===- ChipRates.h - How fast each chip is ----------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TARGET_CHIPRATES_H
#define DSA_TARGET_CHIPRATES_H

#include "dsa/Target/Chip.h"

namespace mlir::dsa {

/// What a chip's cost model reckons with. Limits of what is legal are in Chip.
struct ChipRates {
  llvm::StringLiteral name;
  /// Cycles a second, under load.
  double clock;
  /// Bytes a second of device memory.
  double memory;
  /// In a cycle of one processor: operations of matrix units on
  /// elements of two bytes, on bytes; arithmetic; exponentials; bytes of shared
  /// memory that products read; bytes that are loaded into it.
  double matrix, byteMatrix, arithmetic, exponentials, shared, loads;
  /// Bytes that all processors together can gather in a cycle, of each.
  double gathers;
  /// Cycles from asking for a tile to having it: by copy engine, by gathers.
  double loadLatency, gatherLatency;
  /// Bytes of keys that are still in the second-level cache when they are
  /// gathered again: of each half of it, for both hold copies.
  double cache;
};

/// The rates of a chip, or null where nobody has measured.
const ChipRates *findChipRates(const Chip &chip);

} // namespace mlir::dsa

#endif // DSA_TARGET_CHIPRATES_H
