//===- LaunchRecord.h - How to launch a compiled module ---------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TARGET_LAUNCHRECORD_H
#define DSA_TARGET_LAUNCHRECORD_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/JSON.h"

namespace mlir::dsa {

/// The launch record (docs/LaunchRecord.md) of a module that has gone through
/// the PTX pipeline: what its host functions do, as data. Reports what a record
/// cannot say.
FailureOr<llvm::json::Object> buildLaunchRecord(ModuleOp module);

/// The device code of that module: PTX, or whatever its binaries hold. There
/// must be just one binary, as one record names one file.
FailureOr<StringRef> getDeviceCode(ModuleOp module);

} // namespace mlir::dsa

#endif // DSA_TARGET_LAUNCHRECORD_H
