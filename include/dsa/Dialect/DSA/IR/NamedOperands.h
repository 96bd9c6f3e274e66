//===- NamedOperands.h - The operand tables as data -------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSA_IR_NAMEDOPERANDS_H
#define DSA_DIALECT_DSA_IR_NAMEDOPERANDS_H

#include "mlir/IR/Operation.h"

namespace mlir::dsa {

/// An operand, its name in the documentation, and the symbols of its sizes.
struct NamedOperand {
  llvm::StringRef name;
  Value value;
  llvm::SmallVector<llvm::StringRef, 4> dims;
};

/// The operands of a dsa operation that are present, destinations and the
/// scores of a `dsa.select` included; nothing for other operations.
llvm::SmallVector<NamedOperand> getNamedOperands(Operation *op);

} // namespace mlir::dsa

#endif // DSA_DIALECT_DSA_IR_NAMEDOPERANDS_H
