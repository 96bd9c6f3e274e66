//===- IsolateOperation.h - One operation by itself -------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TUNING_ISOLATEOPERATION_H
#define DSA_TUNING_ISOLATEOPERATION_H

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::dsa {

/// The attribute of a function that lists the sizes which its operations are
/// tuned for: an array of {rows, keys, sequences}.
inline constexpr llvm::StringLiteral kTuneAttrName = "dsa.tune";

/// A module whose function `main` is `op`, an operation on tensors: operands
/// become arguments, one for each value, named as in the documentation, and
/// destinations are made inside. Fails, with an error at `op`, where an operand
/// is no tensor or a destination has a size that no argument has.
FailureOr<OwningOpRef<ModuleOp>> isolateOperation(Operation *op);

/// The operation of such a module.
Operation *getIsolatedOperation(ModuleOp module);

/// The symbols of the sizes of each argument of such a module's function.
SmallVector<SmallVector<StringRef, 4>> getArgumentSymbols(ModuleOp module);

} // namespace mlir::dsa

#endif // DSA_TUNING_ISOLATEOPERATION_H
