//===- FakeDriver.cpp - A CUDA driver without a GPU -----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A library that stands in for libcuda.so.1 in tests. Device memory is host
// memory. A module is text; a line `.entry name(8, 4)` in it is a kernel that
// takes parameters of so many bytes, and what the kernel does is known by name:
// see FakeKernels.h. Tests reach the functions at the end through dlsym.
//
//===----------------------------------------------------------------------===//

#include "FakeKernels.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <sstream>
#include <vector>

using namespace mlir::dsa::cuda;

// Names are the driver's, and addresses are pointers here.
// NOLINTBEGIN(readability-identifier-naming, performance-no-int-to-ptr)

struct mlir::dsa::cuda::OpaqueFunction {
  std::string name;
  std::vector<size_t> parameters;
  void (*body)(void **parameters);
};

struct mlir::dsa::cuda::OpaqueModule {
  std::map<std::string, OpaqueFunction> functions;
};

namespace {
constexpr Status kInvalidValue = 1, kOutOfMemory = 2, kInvalidPTX = 218,
                 kNotFound = 500;
constexpr size_t kMemory = size_t(1) << 30;

struct {
  std::map<char *, size_t> allocations;
  size_t used = 0;
  float clock = 0;
  size_t streams = 0;
  /// In which stream each event was recorded last.
  std::map<EventHandle, size_t> recorded;
  /// The symbol that is to fail, with what, and after how many calls.
  std::string failing;
  Status failure = kSuccess;
  int passing = 0;
  std::string log;
} state;

/// What a call of `symbol` returns before it does anything.
Status enter(const char *symbol) {
  if (state.failing == symbol && state.passing-- <= 0)
    return state.failure;
  return fake::sticky;
}

template <typename... Args> void log(const char *format, Args... arguments) {
  char line[256];
  snprintf(line, sizeof(line), format, arguments...);
  state.log += line;
}

size_t *allocationOf(DeviceAddress address) {
  auto *pointer = reinterpret_cast<char *>(address);
  auto found = state.allocations.find(pointer);
  return found == state.allocations.end() ? nullptr : &found->second;
}
} // namespace

#define ENTER(SYMBOL)                                                          \
  if (Status status = enter(SYMBOL))                                           \
  return status

extern "C" {

Status cuGetErrorName(Status status, const char **name) {
  *name = status == kInvalidValue           ? "CUDA_ERROR_INVALID_VALUE"
          : status == kOutOfMemory          ? "CUDA_ERROR_OUT_OF_MEMORY"
          : status == kInvalidPTX           ? "CUDA_ERROR_INVALID_PTX"
          : status == kNotFound             ? "CUDA_ERROR_NOT_FOUND"
          : status == fake::kIllegalAddress ? "CUDA_ERROR_ILLEGAL_ADDRESS"
                                            : nullptr;
  return *name ? kSuccess : kInvalidValue;
}

Status cuGetErrorString(Status status, const char **text) {
  *text = status == kInvalidValue  ? "invalid argument"
          : status == kOutOfMemory ? "out of memory"
          : status == kInvalidPTX  ? "a PTX JIT compilation failed"
          : status == kNotFound    ? "named symbol not found"
          : status == fake::kIllegalAddress
              ? "an illegal memory access was encountered"
              : nullptr;
  return *text ? kSuccess : kInvalidValue;
}

Status cuInit(unsigned) { return enter("cuInit"); }

Status cuDriverGetVersion(int *version) {
  *version = 13000;
  return enter("cuDriverGetVersion");
}

Status cuDeviceGetCount(int *count) {
  *count = 1;
  return enter("cuDeviceGetCount");
}

Status cuDeviceGet(DeviceHandle *device, int number) {
  *device = 7;
  return enter("cuDeviceGet");
}

Status cuDeviceGetName(char *name, int size, DeviceHandle) {
  strncpy(name, "Fake GPU", size);
  return enter("cuDeviceGetName");
}

Status cuDeviceGetAttribute(int *value, DeviceAttribute attribute,
                            DeviceHandle device) {
  ENTER("cuDeviceGetAttribute");
  if (device != 7)
    return kInvalidValue;
  switch (attribute) {
  case DeviceAttribute::MultiprocessorCount:
    *value = 4;
    break;
  case DeviceAttribute::L2CacheSize:
    *value = 4096;
    break;
  case DeviceAttribute::ComputeCapabilityMajor:
    *value = 9;
    break;
  case DeviceAttribute::ComputeCapabilityMinor:
    *value = 0;
    break;
  }
  return kSuccess;
}

Status cuDevicePrimaryCtxRetain(ContextHandle *context, DeviceHandle) {
  *context = reinterpret_cast<ContextHandle>(&state);
  state.log += "retain\n";
  return enter("cuDevicePrimaryCtxRetain");
}

Status cuDevicePrimaryCtxRelease_v2(DeviceHandle) {
  state.log += "release\n";
  return enter("cuDevicePrimaryCtxRelease_v2");
}

Status cuCtxSetCurrent(ContextHandle) { return enter("cuCtxSetCurrent"); }
Status cuCtxSynchronize() { return enter("cuCtxSynchronize"); }

Status cuModuleLoadDataEx(ModuleHandle *module, const void *image,
                          unsigned numOptions, JITOption *options,
                          void **values) {
  ENTER("cuModuleLoadDataEx");
  std::string text(static_cast<const char *>(image));
  if (text.find(".version") == std::string::npos) {
    if (numOptions == 2 && options[0] == JITOption::ErrorLogBuffer)
      strncpy(static_cast<char *>(values[0]),
              "ptxas application ptx input, line 1; fatal   : Missing\n"
              "ptxas fatal   : Ptx assembly aborted\n",
              reinterpret_cast<size_t>(values[1]));
    return kInvalidPTX;
  }
  *module = new OpaqueModule;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    char name[64];
    if (sscanf(line.c_str(), ".entry %63[a-z_](", name) != 1)
      continue;
    OpaqueFunction function{name, {}, fake::kernels.at(name)};
    std::istringstream sizes(line.substr(line.find('(') + 1));
    for (size_t size; sizes >> size; sizes.ignore(1))
      function.parameters.push_back(size);
    (*module)->functions.emplace(name, function);
  }
  return kSuccess;
}

Status cuModuleUnload(ModuleHandle module) {
  delete module;
  state.log += "unload\n";
  return enter("cuModuleUnload");
}

Status cuModuleGetFunction(FunctionHandle *function, ModuleHandle module,
                           const char *name) {
  ENTER("cuModuleGetFunction");
  auto found = module->functions.find(name);
  if (found == module->functions.end())
    return kNotFound;
  *function = &found->second;
  return kSuccess;
}

Status cuFuncGetAttribute(int *value, FunctionAttribute attribute,
                          FunctionHandle) {
  *value = 10 * int(attribute);
  return enter("cuFuncGetAttribute");
}

Status cuFuncSetAttribute(FunctionHandle function, FunctionAttribute attribute,
                          int value) {
  ENTER("cuFuncSetAttribute");
  log("set %s %d %d\n", function->name.c_str(), int(attribute), value);
  return kSuccess;
}

Status cuFuncGetParamInfo(FunctionHandle function, size_t number,
                          size_t *offset, size_t *bytes) {
  ENTER("cuFuncGetParamInfo");
  if (number >= function->parameters.size())
    return kInvalidValue;
  *offset = 8 * number;
  *bytes = function->parameters[number];
  return kSuccess;
}

Status cuMemGetInfo_v2(size_t *free, size_t *total) {
  *free = kMemory - state.used;
  *total = kMemory;
  return enter("cuMemGetInfo_v2");
}

Status cuMemAlloc_v2(DeviceAddress *address, size_t bytes) {
  ENTER("cuMemAlloc_v2");
  if (bytes == 0)
    return kInvalidValue;
  if (bytes > kMemory - state.used)
    return kOutOfMemory;
  state.used += bytes;
  char *memory = static_cast<char *>(malloc(bytes));
  memset(memory, 0x11, bytes);
  state.allocations[memory] = bytes;
  *address = reinterpret_cast<DeviceAddress>(memory);
  return kSuccess;
}

Status cuMemFree_v2(DeviceAddress address) {
  size_t *bytes = allocationOf(address);
  if (!bytes)
    abort();
  state.used -= *bytes;
  state.allocations.erase(reinterpret_cast<char *>(address));
  free(reinterpret_cast<void *>(address));
  return enter("cuMemFree_v2");
}

Status cuMemcpyHtoD_v2(DeviceAddress to, const void *from, size_t bytes) {
  ENTER("cuMemcpyHtoD_v2");
  size_t *size = allocationOf(to);
  if (!size || bytes > *size)
    return kInvalidValue;
  memcpy(reinterpret_cast<void *>(to), from, bytes);
  return kSuccess;
}

Status cuMemcpyDtoH_v2(void *to, DeviceAddress from, size_t bytes) {
  ENTER("cuMemcpyDtoH_v2");
  size_t *size = allocationOf(from);
  if (!size || bytes > *size)
    return kInvalidValue;
  memcpy(to, reinterpret_cast<void *>(from), bytes);
  return kSuccess;
}

Status cuMemcpyDtoD_v2(DeviceAddress to, DeviceAddress from, size_t bytes) {
  ENTER("cuMemcpyDtoD_v2");
  memcpy(reinterpret_cast<void *>(to), reinterpret_cast<void *>(from), bytes);
  return kSuccess;
}

Status cuMemsetD8_v2(DeviceAddress to, unsigned char byte, size_t bytes) {
  ENTER("cuMemsetD8_v2");
  size_t *size = allocationOf(to);
  if (!size || bytes > *size)
    return kInvalidValue;
  memset(reinterpret_cast<void *>(to), byte, bytes);
  return kSuccess;
}

Status cuTensorMapEncodeTiled(TensorMap *map, TensorMapElement element,
                              uint32_t rank, DeviceAddress address,
                              const uint64_t *sizes, const uint64_t *strides,
                              const uint32_t *box, const uint32_t *steps,
                              TensorMapInterleave interleave,
                              TensorMapSwizzle swizzle,
                              TensorMapPromotion promotion,
                              TensorMapFill fill) {
  ENTER("cuTensorMapEncodeTiled");
  auto *first = reinterpret_cast<char *>(address);
  auto found = state.allocations.upper_bound(first);
  if (found == state.allocations.begin())
    return kInvalidValue;
  --found;
  if (found->first + found->second <= first)
    return kInvalidValue;
  fake::MapContents contents{
      reinterpret_cast<const char *>(address), rank, {}, {}, {}};
  log("map %d", int(element));
  for (uint32_t d = 0; d < rank; ++d) {
    contents.box[d] = box[d];
    contents.sizes[d] = sizes[d];
    log(d ? "x%llu" : " %llu", (unsigned long long)sizes[d]);
  }
  for (uint32_t d = 0; d + 1 < rank; ++d) {
    contents.strides[d] = strides[d];
    log(d ? "x%llu" : " by %llu", (unsigned long long)strides[d]);
  }
  for (uint32_t d = 0; d < rank; ++d)
    log(d ? "x%u" : " box %u", box[d]);
  for (uint32_t d = 0; d < rank; ++d)
    log(d ? "x%u" : " steps %u", steps[d]);
  log(" options %d %d %d %d\n", int(interleave), int(swizzle), int(promotion),
      int(fill));
  memcpy(map->contents, &contents, sizeof(contents));
  return kSuccess;
}

// Streams have numbers, and kernels run when they are launched: what waits for
// what is in the log.
Status cuStreamCreate(StreamHandle *stream, unsigned flags) {
  ENTER("cuStreamCreate");
  if (flags != 1)
    return kInvalidValue;
  *stream = reinterpret_cast<StreamHandle>(++state.streams);
  return kSuccess;
}
Status cuStreamDestroy_v2(StreamHandle) { return enter("cuStreamDestroy_v2"); }
Status cuStreamWaitEvent(StreamHandle stream, EventHandle event, unsigned) {
  ENTER("cuStreamWaitEvent");
  log("stream %zu waits for stream %zu\n", reinterpret_cast<size_t>(stream),
      state.recorded.at(event));
  return kSuccess;
}

Status cuEventCreate(EventHandle *event, unsigned) {
  ENTER("cuEventCreate");
  *event = reinterpret_cast<EventHandle>(new float(0));
  return kSuccess;
}

Status cuEventDestroy_v2(EventHandle event) {
  delete reinterpret_cast<float *>(event);
  return enter("cuEventDestroy_v2");
}

Status cuEventRecord(EventHandle event, StreamHandle stream) {
  ENTER("cuEventRecord");
  state.recorded[event] = reinterpret_cast<size_t>(stream);
  *reinterpret_cast<float *>(event) = state.clock;
  return kSuccess;
}

Status cuEventElapsedTime(float *passed, EventHandle start, EventHandle end) {
  ENTER("cuEventElapsedTime");
  *passed = *reinterpret_cast<float *>(end) - *reinterpret_cast<float *>(start);
  return kSuccess;
}

Status cuLaunchKernel(FunctionHandle function, unsigned x, unsigned y,
                      unsigned z, unsigned bx, unsigned by, unsigned bz,
                      unsigned sharedMemory, StreamHandle stream,
                      void **parameters, void **) {
  ENTER("cuLaunchKernel");
  if (stream)
    log("in stream %zu: ", reinterpret_cast<size_t>(stream));
  log("launch %s %ux%ux%u %ux%ux%u %u\n", function->name.c_str(), x, y, z, bx,
      by, bz, sharedMemory);
  state.clock += 0.5f;
  function->body(parameters);
  return kSuccess;
}

Status cuLaunchKernelEx(const LaunchConfig *config, FunctionHandle function,
                        void **parameters, void **extra) {
  ENTER("cuLaunchKernelEx");
  for (unsigned i = 0; i < config->numAttributes; ++i) {
    const auto &cluster = config->attributes[i].cluster;
    log("cluster %ux%ux%u\n", cluster[0], cluster[1], cluster[2]);
  }
  return cuLaunchKernel(function, config->grid[0], config->grid[1],
                        config->grid[2], config->block[0], config->block[1],
                        config->block[2], config->sharedMemory, config->stream,
                        parameters, extra);
}

/// Has the calls of `symbol` fail after `passing` more; nothing before fails.
void fakeFail(const char *symbol, Status status, int passing) {
  fake::sticky = kSuccess;
  state.streams = 0;
  state.failing = symbol;
  state.failure = status;
  state.passing = passing;
}

/// What was launched, and the like, since the last call.
const char *fakeTakeLog() {
  static std::string taken;
  taken = std::exchange(state.log, "");
  return taken.c_str();
}

size_t fakeCountAllocations() { return state.allocations.size(); }
}

// NOLINTEND(readability-identifier-naming, performance-no-int-to-ptr)
