//===- ElementType.cpp - MLIR types of tensors' elements ------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/ElementType.h"

using namespace mlir;
using namespace mlir::dsa;

std::optional<ElementKind> mlir::dsa::getElementKind(Type type) {
  if (type.isF32())
    return ElementKind::F32;
  if (type.isF16())
    return ElementKind::F16;
  if (type.isBF16())
    return ElementKind::BF16;
  if (llvm::isa<Float8E4M3FNType>(type))
    return ElementKind::F8E4M3FN;
  if (type.isSignlessInteger(32))
    return ElementKind::I32;
  return std::nullopt;
}
