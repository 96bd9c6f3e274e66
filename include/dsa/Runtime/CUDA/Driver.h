//===- Driver.h - The CUDA driver, loaded at run time -----------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds the CUDA driver when a program runs: neither building nor starting it
// needs anything of CUDA. Types and numbers are those of the driver's binary
// interface.
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_CUDA_DRIVER_H
#define DSA_RUNTIME_CUDA_DRIVER_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <type_traits>

namespace mlir::dsa::cuda {

using Status = int;
using DeviceHandle = int;
using DeviceAddress = unsigned long long;
using ContextHandle = struct OpaqueContext *;
using ModuleHandle = struct OpaqueModule *;
using FunctionHandle = struct OpaqueFunction *;
using StreamHandle = struct OpaqueStream *;
using EventHandle = struct OpaqueEvent *;

inline constexpr Status kSuccess = 0;

enum class DeviceAttribute : int {
  MultiprocessorCount = 16,
  L2CacheSize = 38,
  ComputeCapabilityMajor = 75,
  ComputeCapabilityMinor = 76,
};

enum class FunctionAttribute : int {
  SharedSizeBytes = 1,
  LocalSizeBytes = 3,
  NumRegisters = 4,
  MaxDynamicSharedSizeBytes = 8,
  NonPortableClusterSizeAllowed = 14,
};

enum class JITOption : int { ErrorLogBuffer = 5, ErrorLogBufferSizeBytes = 6 };

/// An attribute of a launch; only clusters are used.
struct LaunchAttribute {
  static constexpr int kClusterDimension = 4;

  int id = kClusterDimension;
  int padding = 0;
  unsigned cluster[3] = {1, 1, 1};
  char unused[52] = {};
};
static_assert(sizeof(LaunchAttribute) == 72);

struct LaunchConfig {
  unsigned grid[3];
  unsigned block[3];
  unsigned sharedMemory;
  StreamHandle stream;
  LaunchAttribute *attributes;
  unsigned numAttributes;
};

/// What a kernel's copies of boxes of a tensor go by, for the device alone to
/// read. A kernel takes it by value.
struct alignas(64) TensorMap {
  char contents[128];
};

enum class TensorMapElement : int {
  UInt8 = 0,
  Int32 = 3,
  Float16 = 6,
  Float32 = 7,
  BFloat16 = 9,
};

enum class TensorMapInterleave : int { None = 0 };

enum class TensorMapSwizzle : int {
  None = 0,
  Bytes32 = 1,
  Bytes64 = 2,
  Bytes128 = 3,
};

/// How much the L2 cache fetches at once.
enum class TensorMapPromotion : int { Bytes256 = 3 };

/// What is read outside of the tensor.
enum class TensorMapFill : int { Zero = 0 };

/// A function of the driver; `pointer` is null before it is loaded.
template <typename... Parameters> struct DriverFunction {
  const char *symbol;
  Status (*pointer)(Parameters...) = nullptr;
};

struct DriverFunctions {
#define DSA_CUDA_FUNCTION(NAME, SYMBOL, ...)                                   \
  DriverFunction<__VA_ARGS__> NAME{#SYMBOL};
#include "dsa/Runtime/CUDA/DriverFunctions.def"
};

/// The driver. Errors name the function that failed and say what the driver
/// says. The library is never closed: it has threads of its own.
class Driver : public DriverFunctions {
public:
  static constexpr llvm::StringLiteral kLibrary = "libcuda.so.1";

  static llvm::Expected<std::unique_ptr<Driver>>
  load(llvm::StringRef library = kLibrary);

  template <typename... Parameters>
  llvm::Error call(const DriverFunction<Parameters...> &function,
                   std::type_identity_t<Parameters>... arguments) const {
    if (!function.pointer)
      return lacks(function.symbol);
    return check(function.symbol, function.pointer(arguments...));
  }

  /// An error if `status` is one; `symbol` is the function that returned it.
  llvm::Error check(const char *symbol, Status status) const;

private:
  Driver() = default;
  llvm::Error lacks(const char *symbol) const;

  DriverFunction<Status, const char **> getErrorName{"cuGetErrorName"};
  DriverFunction<Status, const char **> getErrorString{"cuGetErrorString"};
};

} // namespace mlir::dsa::cuda

#endif // DSA_RUNTIME_CUDA_DRIVER_H
