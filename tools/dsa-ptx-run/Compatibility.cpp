//===- Compatibility.cpp - Running beside an older C library --------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The C library of the machine that a program is built on has functions that
// that of an older machine lacks, on which it then would not even start. The
// two that get in are replaced here, hidden: libraries in the same process,
// such as those that compute-sanitizer injects, must keep finding the real
// ones.
//
//===----------------------------------------------------------------------===//

#include <cstdint>
#include <sys/random.h>

extern "C" {
#pragma GCC visibility push(hidden)

/// LLVM takes the random part of names of temporary files from it.
uint32_t arc4random() {
  uint32_t bits = 0;
  while (getrandom(&bits, sizeof(bits), 0) != sizeof(bits))
    ;
  return bits;
}

/// The unwinder looks for a program's tables with it. Nothing throws here.
// NOLINTNEXTLINE(readability-identifier-naming): it is the C library's name.
int _dl_find_object(void *, void *) { return -1; }

#pragma GCC visibility pop
}
