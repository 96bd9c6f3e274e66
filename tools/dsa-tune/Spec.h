//===- Spec.h - What is to be tuned -----------------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TOOLS_DSA_TUNE_SPEC_H
#define DSA_TOOLS_DSA_TUNE_SPEC_H

#include "dsa/Target/Chip.h"
#include "dsa/Tuning/CostModel.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

namespace mlir::dsa {

/// Numbers of rows, keys and sequences; 0 for what an operation has not.
struct TunedSizes {
  int64_t rows = 0, keys = 0, sequences = 0;
  bool operator==(const TunedSizes &other) const = default;
};

/// An operation, and the sizes that it is tuned for.
struct TunedOperation {
  /// Part of files' names.
  std::string name;
  /// As `isolateOperation` makes it, with the chip.
  OwningOpRef<ModuleOp> module;
  /// What the compiler takes where nothing was measured.
  ScheduleAttrInterface defaultSchedule;
  SmallVector<TunedSizes> sizes;

  Operation *getOperation() const;
  /// The shapes of the arguments.
  SmallVector<SmallVector<int64_t, 4>> getShapes(TunedSizes sizes) const;
  CostSizes getCostSizes(TunedSizes sizes) const;
};

/// An error that the diagnostics already told.
llvm::Error makeReportedError();

/// The operations of the functions of a module for which `chip` has schedules,
/// after selections are fused, each once. Errors are diagnostics.
llvm::Expected<std::vector<TunedOperation>> readSpec(ModuleOp module,
                                                     const Chip &chip);

} // namespace mlir::dsa

#endif // DSA_TOOLS_DSA_TUNE_SPEC_H
