//===- FakeKernels.h - What kernels do without a GPU ------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_UNITTESTS_RUNTIME_CUDA_FAKEKERNELS_H
#define DSA_UNITTESTS_RUNTIME_CUDA_FAKEKERNELS_H

#include "dsa/Runtime/CUDA/Driver.h"

#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <unistd.h>

/// Those of FakeDriver.cpp, by name.
namespace fake {
using namespace mlir::dsa::cuda;

constexpr Status kIllegalAddress = 700;

/// What later calls return, as after a kernel that wrote where it must not.
inline Status sticky = kSuccess;

/// A memref of rank 1 among a kernel's parameters, at `first`.
template <typename T> struct Memref {
  T *data;
  int64_t offset, size, stride;
  Memref(void **parameters, int first)
      : data(get<T *>(parameters, first + 1)),
        offset(get<int64_t>(parameters, first + 2)),
        size(get<int64_t>(parameters, first + 3)),
        stride(get<int64_t>(parameters, first + 4)) {}
  T &operator[](int64_t i) { return data[offset + i * stride]; }

  template <typename U> static U get(void **parameters, int number) {
    return *static_cast<U *>(parameters[number]);
  }
};

/// to[i] = from[i] · factor
inline void scale(void **parameters) {
  Memref<float> from(parameters, 0), to(parameters, 5);
  float factor = Memref<float>::get<float>(parameters, 10);
  for (int64_t i = 0; i < to.size; ++i)
    to[i] = from[i] * factor;
}

/// Leaves the last element as it is.
inline void scaleMost(void **parameters) {
  Memref<float> from(parameters, 0), to(parameters, 5);
  for (int64_t i = 0; i + 1 < to.size; ++i)
    to[i] = from[i] * Memref<float>::get<float>(parameters, 10);
}

/// Another value in every launch.
inline void count(void **parameters) {
  static int calls = 0;
  Memref<int32_t> to(parameters, 0);
  ++calls;
  for (int64_t i = 0; i < to.size; ++i)
    to[i] = calls;
}

/// What a tensor map holds here; its innermost dimension first.
struct MapContents {
  const char *data;
  uint32_t rank;
  uint32_t box[5];
  uint64_t sizes[5], strides[4];
};
static_assert(sizeof(MapContents) <= sizeof(TensorMap));

/// to[i] = element i of the map's first box
inline void copyBox(void **parameters) {
  // As a device would fault.
  if (reinterpret_cast<uintptr_t>(parameters[0]) % alignof(TensorMap)) {
    sticky = kIllegalAddress;
    return;
  }
  MapContents map;
  memcpy(&map, parameters[0], sizeof(map));
  Memref<float> to(parameters, 1);
  for (int64_t i = 0; i < to.size; ++i) {
    uint64_t rest = i, offset = 0;
    bool inside = true;
    for (uint32_t d = 0; d < map.rank; rest /= map.box[d++]) {
      uint64_t at = rest % map.box[d];
      inside &= at < map.sizes[d];
      offset += at * (d ? map.strides[d - 1] : sizeof(float));
    }
    to[i] = 0;
    if (inside)
      memcpy(&to[i], map.data + offset, sizeof(float));
  }
}

inline void fault(void **) { sticky = kIllegalAddress; }
inline void die(void **) { std::abort(); }
inline void hang(void **) {
  while (true)
    pause();
}

inline const std::map<std::string, void (*)(void **)> kernels = {
    {"scale", scale},      {"scale_most", scaleMost},  {"count", count},
    {"copy_box", copyBox}, {"fault", fault},           {"die", die},
    {"hang", hang},        {"nothing", [](void **) {}}};
} // namespace fake

#endif // DSA_UNITTESTS_RUNTIME_CUDA_FAKEKERNELS_H
