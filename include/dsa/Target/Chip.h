//===- Chip.h - What is known of each chip ----------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TARGET_CHIP_H
#define DSA_TARGET_CHIP_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace mlir::dsa {

/// The limits of one GPU architecture that decide what code is legal on it.
struct Chip {
  /// As ptxas and LLVM name it: "sm_90a".
  llvm::StringLiteral name;
  /// The least PTX version that knows the chip, as an LLVM feature.
  llvm::StringLiteral ptxFeature;
  /// Shared memory of a block, in bytes, with opting in; without, below.
  int64_t sharedMemory;
  /// Processors of the largest board with the chip.
  int64_t processors;
  /// Whether warpgroups multiply matrices (wgmma).
  bool hasWarpgroupMma = false;
  int64_t staticSharedMemory = 48 * 1024;
};

/// Every chip that can be compiled for, in order of capability.
llvm::ArrayRef<Chip> getChips();

/// The chip called `name`, or null.
const Chip *findChip(llvm::StringRef name);

/// The names of all chips, for messages: "sm_80, sm_86, …".
std::string getChipNames();

} // namespace mlir::dsa

#endif // DSA_TARGET_CHIP_H
