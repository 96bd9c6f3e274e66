//===- InParallel.h - Work on a range, in threads ---------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_INPARALLEL_H
#define DSA_RUNTIME_INPARALLEL_H

#include "llvm/ADT/STLFunctionalExtras.h"

#include <cstdint>

namespace mlir::dsa {

/// Calls `work` for ranges that together are [0, count), none of them, but for
/// the last, shorter than `least`, in as many threads as the machine runs at
/// once. Returns when all are done; no thread is left.
void inParallel(int64_t count, int64_t least,
                llvm::function_ref<void(int64_t begin, int64_t end)> work);

} // namespace mlir::dsa

#endif // DSA_RUNTIME_INPARALLEL_H
