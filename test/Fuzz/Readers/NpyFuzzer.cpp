//===- NpyFuzzer.cpp - Arrays of any bytes --------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/Npy.h"

#include <sys/mman.h>
#include <unistd.h>

using namespace mlir::dsa;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it so.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  // A file in memory.
  int file = memfd_create("fuzz", 0);
  if (file < 0 || write(file, data, size) != static_cast<ssize_t>(size))
    __builtin_trap();
  std::string path = "/proc/self/fd/" + std::to_string(file);
  auto values = readNpyValues(path);
  if (!values && llvm::toString(values.takeError()).empty())
    __builtin_trap();
  for (ElementKind kind : {ElementKind::F32, ElementKind::BF16,
                           ElementKind::F8E4M3FN, ElementKind::I32}) {
    auto tensor = readNpy(path, kind, {kDynamicSize, kDynamicSize});
    if (!tensor && llvm::toString(tensor.takeError()).empty())
      __builtin_trap();
  }
  close(file);
  return 0;
}
