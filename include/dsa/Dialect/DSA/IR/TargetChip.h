//===- TargetChip.h - What a module is compiled for -------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSA_IR_TARGETCHIP_H
#define DSA_DIALECT_DSA_IR_TARGETCHIP_H

#include "dsa/Target/Chip.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::dsa {

/// The chip that the nearest module, `op` or around it, is compiled for
/// (`dsa.target`), or null where nobody said, or nobody knows it.
const Chip *findTargetChip(Operation *op);

/// The same; an error if there is none.
FailureOr<const Chip *> getTargetChip(Operation *module);

} // namespace mlir::dsa

#endif // DSA_DIALECT_DSA_IR_TARGETCHIP_H
