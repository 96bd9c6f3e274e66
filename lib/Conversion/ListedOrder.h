//===- ListedOrder.h - Which listed key is the better -----------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_CONVERSION_LISTEDORDER_H
#define DSA_LIB_CONVERSION_LISTEDORDER_H

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::dsa {

/// An unsigned number of 64 bits that is the larger the better a listed key is,
/// from the bits of its score and its number: no two keys have the same.
Value createListedOrder(ImplicitLocOpBuilder &b, Value bits, Value key);
/// The bits of the score whose key has that order.
Value createScoreOfOrder(ImplicitLocOpBuilder &b, Value order);

} // namespace mlir::dsa

#endif // DSA_LIB_CONVERSION_LISTEDORDER_H
