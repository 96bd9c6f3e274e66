//===- InParallel.cpp - Work on a range, in threads -----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/InParallel.h"

#include <algorithm>
#include <thread>
#include <vector>

void mlir::dsa::inParallel(
    int64_t count, int64_t least,
    llvm::function_ref<void(int64_t begin, int64_t end)> work) {
  int64_t threads = std::max(1u, std::thread::hardware_concurrency());
  int64_t length = std::max(least, (count + threads - 1) / threads);
  std::vector<std::thread> others;
  for (int64_t begin = length; begin < count; begin += length)
    others.emplace_back([=] { work(begin, std::min(begin + length, count)); });
  work(0, std::min(length, count));
  for (std::thread &other : others)
    other.join();
}
