//===- BufferSet.h - The memory of one run ----------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_CUDA_BUFFERSET_H
#define DSA_RUNTIME_CUDA_BUFFERSET_H

#include "dsa/Runtime/CUDA/Device.h"
#include "dsa/Runtime/CUDA/LaunchPlan.h"

namespace mlir::dsa::cuda {

/// NaN in every floating-point type, and no index of anything.
inline constexpr uint8_t kPoison = 0xFF;

/// The buffers of a plan on a device. Refers to both.
class BufferSet {
public:
  /// With `other`, a set for the same plan, its workspace is used.
  static llvm::Expected<BufferSet> allocate(const Device &device,
                                            const LaunchPlan &plan,
                                            const BufferSet *other = nullptr);

  DeviceAddress getAddress(unsigned buffer) const { return addresses[buffer]; }
  llvm::ArrayRef<DeviceAddress> getAddresses() const { return addresses; }

  /// Copies the arguments of a function to its buffers.
  llvm::Error setArguments(llvm::ArrayRef<HostTensor> arguments);
  /// The same arguments as those of `other`.
  llvm::Error setArguments(const BufferSet &other);
  /// Fills results and workspace with a byte.
  llvm::Error fill(uint8_t byte);
  llvm::Expected<std::vector<HostTensor>> getResults() const;

  /// How much memory a further set takes that uses the workspace of a first.
  static int64_t getNumBytes(const LaunchPlan &plan);

private:
  explicit BufferSet(const LaunchPlan &plan) : plan(&plan) {}

  const LaunchPlan *plan;
  /// By number; none for workspace of another set.
  std::vector<std::optional<DeviceBuffer>> buffers;
  std::vector<DeviceAddress> addresses;
};

} // namespace mlir::dsa::cuda

#endif // DSA_RUNTIME_CUDA_BUFFERSET_H
