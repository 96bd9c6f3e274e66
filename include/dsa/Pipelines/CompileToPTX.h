//===- CompileToPTX.h - From a module to PTX in memory ----------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_PIPELINES_COMPILETOPTX_H
#define DSA_PIPELINES_COMPILETOPTX_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/JSON.h"

namespace mlir::dsa {

/// What a GPU's driver and whoever launches need: docs/LaunchRecord.md.
struct DeviceModule {
  std::string ptx;
  llvm::json::Object record;

  /// The record as text.
  std::string getRecordText() const;
};

struct CompileToPTXOptions {
  /// Such as "sm_90a".
  std::string chip;
  /// A file of the user's records of tuning (docs/Records.md), which come
  /// before those that come with the compiler; empty for none.
  std::string records = {};
  /// Whether the latter count, and what the cost model expects to be faster
  /// than defaults.
  bool tuned = true;
};

/// Runs `dsa-to-ptx` on the module, which holds `gpu.binary` operations and
/// launches afterwards. Reports errors as diagnostics.
FailureOr<DeviceModule> compileToPTX(ModuleOp module,
                                     const CompileToPTXOptions &options);
/// The same, with what comes with the compiler alone.
inline FailureOr<DeviceModule> compileToPTX(ModuleOp module, StringRef chip) {
  return compileToPTX(module, CompileToPTXOptions{chip.str()});
}

} // namespace mlir::dsa

#endif // DSA_PIPELINES_COMPILETOPTX_H
