//===- EntryPoint.h - The function a tool runs ------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Chooses the function to run and names its arguments and results: by the
// attribute `dsa.name` where there is one, else arg0, arg1, … and result0, ….
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_ENTRYPOINT_H
#define DSA_RUNTIME_ENTRYPOINT_H

#include "dsa/Runtime/ElementType.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::dsa {

/// An argument or a result.
struct TensorSlot {
  std::string name;
  RankedTensorType type;
  ElementKind kind;
};

struct EntryPoint {
  func::FuncOp function;
  llvm::SmallVector<TensorSlot> arguments, results;

  BlockArgument getArgument(unsigned number) const {
    return func::FuncOp(function).getArgument(number);
  }
};

/// The function called `name`; if that is empty, the only public one. It must
/// have a body, take and return ranked tensors of supported element types, and
/// give its arguments, and its results, distinct names.
llvm::Expected<EntryPoint> findEntryPoint(ModuleOp module,
                                          llvm::StringRef name);

} // namespace mlir::dsa

#endif // DSA_RUNTIME_ENTRYPOINT_H
