//===- ChipRates.cpp - How fast each chip is ------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Target/ChipRates.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir::dsa;

// H100 SXM: rates by NVIDIA's data sheet; clock, loads and latencies as
// measured (docs/performance/hopper.md).
static constexpr ChipRates kRates[] = {
    {"sm_90a", /*clock=*/1.65e9, /*memory=*/3.0e12, /*matrix=*/4096,
     /*byteMatrix=*/8192, /*arithmetic=*/128, /*exponentials=*/16,
     /*shared=*/128, /*loads=*/48, /*gathers=*/36, /*loadLatency=*/1000,
     /*gatherLatency=*/2000, /*cache=*/25e6},
};

const ChipRates *mlir::dsa::findChipRates(const Chip &chip) {
  const ChipRates *found = llvm::find_if(
      kRates, [&](const ChipRates &rates) { return rates.name == chip.name; });
  return found == std::end(kRates) ? nullptr : found;
}
