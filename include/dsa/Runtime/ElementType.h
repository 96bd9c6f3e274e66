//===- ElementType.h - MLIR types of tensors' elements ----------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_ELEMENTTYPE_H
#define DSA_RUNTIME_ELEMENTTYPE_H

#include "dsa/Runtime/HostTensor.h"
#include "mlir/IR/BuiltinTypes.h"

namespace mlir::dsa {

static_assert(kDynamicSize == ShapedType::kDynamic);

/// The kind of an MLIR element type; none if it is not supported.
std::optional<ElementKind> getElementKind(Type type);

} // namespace mlir::dsa

#endif // DSA_RUNTIME_ELEMENTTYPE_H
