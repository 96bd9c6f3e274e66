//===- PeakMemory.h - How much memory a run takes ---------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_PEAKMEMORY_H
#define DSA_RUNTIME_PEAKMEMORY_H

#include <cstdint>
#include <optional>

namespace mlir::dsa {

/// Measures by how much the process's resident memory rises above where it was
/// when the object was made.
class PeakMemory {
public:
  PeakMemory();
  /// In bytes; none where the system does not tell.
  std::optional<int64_t> getRise() const;

private:
  std::optional<int64_t> start;
};

} // namespace mlir::dsa

#endif // DSA_RUNTIME_PEAKMEMORY_H
