//===- TunedRecords.h - What comes with the compiler ------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TUNING_TUNEDRECORDS_H
#define DSA_TUNING_TUNEDRECORDS_H

#include "dsa/Target/Chip.h"

namespace mlir::dsa {

/// The text of lib/Tuning/Specs/<chip>.mlir, a module of records; empty where
/// nothing was measured.
llvm::StringRef getTunedRecords(const Chip &chip);

} // namespace mlir::dsa

#endif // DSA_TUNING_TUNEDRECORDS_H
