//===- LaunchRecordFuzzer.cpp - Launch records of any text ----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/CUDA/LaunchRecord.h"

using namespace mlir::dsa::cuda;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it so.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  auto record = parseLaunchRecord(
      llvm::StringRef(reinterpret_cast<const char *>(data), size));
  if (!record && llvm::toString(record.takeError()).empty())
    __builtin_trap();
  return 0;
}
