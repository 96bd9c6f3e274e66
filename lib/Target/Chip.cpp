//===- Chip.cpp - What is known of each chip ------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Target/Chip.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir::dsa;

// Shared memory per block with opt-in: CUDA C++ Programming Guide, technical
// specifications per compute capability. Processors: A100, A40, L40S, H100,
// B200, RTX PRO 6000.
static constexpr Chip kChips[] = {
    {"sm_80", "+ptx70", 163 * 1024, 108},
    {"sm_86", "+ptx71", 99 * 1024, 84},
    {"sm_89", "+ptx78", 99 * 1024, 142},
    {"sm_90", "+ptx80", 227 * 1024, 132},
    {"sm_90a", "+ptx80", 227 * 1024, 132, /*hasWarpgroupMma=*/true},
    {"sm_100a", "+ptx86", 227 * 1024, 148},
    {"sm_120", "+ptx87", 99 * 1024, 188},
};

llvm::ArrayRef<Chip> mlir::dsa::getChips() { return kChips; }

const Chip *mlir::dsa::findChip(llvm::StringRef name) {
  const Chip *found = llvm::find_if(
      getChips(), [&](const Chip &chip) { return chip.name == name; });
  return found == getChips().end() ? nullptr : found;
}

std::string mlir::dsa::getChipNames() {
  return llvm::join(
      llvm::map_range(getChips(), [](const Chip &chip) { return chip.name; }),
      ", ");
}
