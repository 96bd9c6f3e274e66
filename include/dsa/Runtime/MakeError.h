//===- MakeError.h - Errors from formats ------------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_MAKEERROR_H
#define DSA_RUNTIME_MAKEERROR_H

#include "llvm/Support/Error.h"
#include "llvm/Support/FormatVariadic.h"

namespace mlir::dsa {

/// An error with a message as `llvm::formatv` makes it.
template <typename... Args>
llvm::Error makeError(const char *format, Args &&...args) {
  return llvm::createStringError(
      llvm::formatv(format, std::forward<Args>(args)...).str());
}

} // namespace mlir::dsa

#endif // DSA_RUNTIME_MAKEERROR_H
