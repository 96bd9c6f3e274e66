//===- SizeExpression.h - Host index arithmetic as data ---------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_TARGET_SIZEEXPRESSION_H
#define DSA_LIB_TARGET_SIZEEXPRESSION_H

#include "mlir/IR/Value.h"
#include "llvm/Support/JSON.h"

namespace mlir::dsa {

/// `value`, an integer computed on the host from the sizes of function
/// arguments and the iterations of loops, as an expression of the launch
/// record. Reports, at the operation, what cannot be expressed.
FailureOr<llvm::json::Value> getExpression(Value value);

/// Extent `dim` of a memref on the host.
FailureOr<llvm::json::Value> getSizeExpression(Value memref, int64_t dim);

/// Whether an expression, or one of several, is about an iteration.
bool dependsOnIteration(const llvm::json::Value &expression);
bool dependsOnIteration(const llvm::json::Array &expressions);

} // namespace mlir::dsa

#endif // DSA_LIB_TARGET_SIZEEXPRESSION_H
