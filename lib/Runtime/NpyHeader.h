//===- NpyHeader.h - The header of a .npy file ------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_NPYHEADER_H
#define DSA_RUNTIME_NPYHEADER_H

#include "dsa/Runtime/HostTensor.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace mlir::dsa {

inline constexpr llvm::StringLiteral kNpyMagic = "\x93NUMPY";

/// The type descriptors under which a kind is stored: first the one that is
/// written.
llvm::ArrayRef<llvm::StringRef> getNpyDescriptors(ElementKind kind);

struct NpyHeader {
  /// The type descriptor, e.g. "<f4".
  std::string descriptor;
  bool fortranOrder = false;
  llvm::SmallVector<int64_t, 4> shape;
  /// Where the elements begin.
  size_t dataOffset = 0;
};

/// Parses the header at the start of a file's contents.
llvm::Expected<NpyHeader> parseNpyHeader(llvm::StringRef contents);

} // namespace mlir::dsa

#endif // DSA_RUNTIME_NPYHEADER_H
