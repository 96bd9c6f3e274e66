//===- Kernels.h - A compiled module on a GPU -------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_CUDA_KERNELS_H
#define DSA_RUNTIME_CUDA_KERNELS_H

#include "dsa/Runtime/CUDA/BufferSet.h"
#include "dsa/Runtime/CUDA/Lanes.h"
#include "llvm/ADT/StringMap.h"

namespace mlir::dsa::cuda {

/// What the driver says of a kernel.
struct KernelResources {
  std::string name;
  /// For each thread; local memory in bytes.
  int registers, localBytes;
  /// For each block, without what a launch adds.
  int sharedBytes;
};

/// The kernels of a module that is loaded on a device.
class Kernels {
public:
  /// Loads PTX, which the driver compiles, or a cubin.
  static llvm::Expected<Kernels> load(const Device &device,
                                      llvm::StringRef image);
  Kernels(Kernels &&other) noexcept;
  ~Kernels();

  /// Looks up the kernels that the plan launches and makes sure that they take
  /// the parameters that it gives them.
  llvm::Error prepare(const LaunchPlan &plan);

  /// Starts all launches of a plan that was prepared. With `stepwise` waits for
  /// each, so that an error that occurs in a kernel names it, and nothing runs
  /// at the same time.
  llvm::Error launch(const LaunchPlan &plan, const BufferSet &buffers,
                     bool stepwise);
  /// The same in a stream, for buffers at these addresses, by number.
  llvm::Error launch(const LaunchPlan &plan,
                     llvm::ArrayRef<DeviceAddress> addresses,
                     StreamHandle stream, bool stepwise = false);

  /// Of each kernel of the plan, once.
  llvm::Expected<std::vector<KernelResources>>
  getResources(const LaunchPlan &plan) const;

private:
  Kernels(const Device &device, ModuleHandle module)
      : device(&device), module(module),
        lanes(std::make_unique<Lanes>(device.getDriver())) {}
  llvm::Error prepare(const PlannedLaunch &launch);
  llvm::Error checkParameters(const PlannedLaunch &launch,
                              FunctionHandle function) const;
  llvm::Error start(const PlannedLaunch &launch,
                    llvm::ArrayRef<DeviceAddress> addresses,
                    StreamHandle stream);

  struct Function {
    FunctionHandle handle = nullptr;
    /// The most dynamic shared memory that it was prepared for.
    unsigned sharedMemory = 0;
  };

  const Device *device;
  ModuleHandle module;
  llvm::StringMap<Function> functions;
  std::unique_ptr<Lanes> lanes;
};

/// Runs a prepared plan once, with fresh arguments. Memory of results and
/// workspace is filled with `poison` first; without, it holds what it happens
/// to hold, so that tools that look for reads of uninitialised memory find
/// them. Launches are made `stepwise`, or all before any is waited for.
llvm::Expected<std::vector<HostTensor>>
runOnce(const Device &device, Kernels &kernels, const LaunchPlan &plan,
        llvm::ArrayRef<HostTensor> arguments,
        std::optional<uint8_t> poison = kPoison, bool stepwise = true);

} // namespace mlir::dsa::cuda

#endif // DSA_RUNTIME_CUDA_KERNELS_H
