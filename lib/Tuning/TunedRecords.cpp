//===- TunedRecords.cpp - What comes with the compiler --------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Tuning/TunedRecords.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir::dsa;

namespace {
struct Spec {
  llvm::StringLiteral chip, text;
};
} // namespace

// {"sm_90a", R"dsa(…)dsa"}, …: the files of Specs.
static constexpr Spec kSpecs[] = {
#include "Specs.inc"
};

llvm::StringRef mlir::dsa::getTunedRecords(const Chip &chip) {
  const Spec *found = llvm::find_if(
      kSpecs, [&](const Spec &spec) { return spec.chip == chip.name; });
  return found == std::end(kSpecs) ? llvm::StringRef()
                                   : llvm::StringRef(found->text);
}
