//===- OperandShapes.h - What the sizes of operands mean --------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The operand tables of the dsa operations' documentation as data, and the
// sizes that values of a function have for given sizes of its arguments. The
// verifier compares static sizes; dynamic ones are compared here, before a
// kernel runs.
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_OPERANDSHAPES_H
#define DSA_RUNTIME_OPERANDSHAPES_H

#include "dsa/Dialect/DSA/IR/NamedOperands.h"
#include "dsa/Runtime/EntryPoint.h"
#include "llvm/ADT/DenseMap.h"

namespace mlir::dsa {

/// The sizes of a function's tensors when its arguments have given sizes.
class ShapeEnvironment {
public:
  ShapeEnvironment(func::FuncOp function,
                   llvm::ArrayRef<llvm::SmallVector<int64_t, 4>> arguments);

  /// Unknown sizes are `ShapedType::kDynamic`.
  llvm::SmallVector<int64_t, 4> getShape(Value tensor) const;
  /// What the symbol stands for in a dsa operation; `kDynamic` if unknown.
  int64_t getSize(Operation *op, llvm::StringRef symbol) const;

private:
  void evaluate(Operation *op);
  int64_t getIndex(OpFoldResult value) const;

  llvm::DenseMap<Value, llvm::SmallVector<int64_t, 4>> shapes;
  llvm::DenseMap<Value, Attribute> scalars;
};

/// Fails where two operands of a dsa operation disagree about a size.
llvm::Error checkShapes(const EntryPoint &entry,
                        const ShapeEnvironment &shapes);

} // namespace mlir::dsa

#endif // DSA_RUNTIME_OPERANDSHAPES_H
