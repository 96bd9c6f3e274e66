//===- PeakMemory.cpp - How much memory a run takes -----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/PeakMemory.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

using namespace mlir::dsa;
using llvm::StringRef;

/// A field of the process's status, in bytes.
static std::optional<int64_t> readStatus(StringRef field) {
  auto status = llvm::MemoryBuffer::getFileAsStream("/proc/self/status");
  if (!status)
    return std::nullopt;
  StringRef rest = (*status)->getBuffer();
  while (!rest.empty()) {
    auto [line, others] = rest.split('\n');
    rest = others;
    int64_t kilobytes;
    if (line.consume_front(field) && line.consume_front(":") &&
        !line.ltrim().consumeInteger(10, kilobytes))
      return kilobytes * 1024;
  }
  return std::nullopt;
}

PeakMemory::PeakMemory() {
#if defined(__GLIBC__)
  // Memory that the compiler has freed must not count as the run's head start.
  malloc_trim(0);
#endif
  std::error_code code;
  llvm::raw_fd_ostream reset("/proc/self/clear_refs", code,
                             llvm::sys::fs::CD_OpenExisting);
  // Sets the peak to the present size. Where that is refused, the peak still
  // holds the compiler's.
  if (code)
    return;
  reset << '5';
  reset.close();
  if (!reset.has_error())
    start = readStatus("VmRSS");
  reset.clear_error();
}

std::optional<int64_t> PeakMemory::getRise() const {
  std::optional<int64_t> peak = readStatus("VmHWM");
  if (!start || !peak)
    return std::nullopt;
  return std::max<int64_t>(*peak - *start, 0);
}
