//===- Device.h - A GPU and its memory --------------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_CUDA_DEVICE_H
#define DSA_RUNTIME_CUDA_DEVICE_H

#include "dsa/Runtime/CUDA/Driver.h"

#include <string>

namespace mlir::dsa::cuda {

/// A GPU with its primary context, which is that of the thread that opens it.
/// All work is in the default stream, in order, copies included, unless another
/// stream is named.
class Device {
public:
  /// Loads the driver from `library`.
  static llvm::Expected<std::unique_ptr<Device>>
  open(int number = 0, llvm::StringRef library = Driver::kLibrary);
  ~Device();

  const Driver &getDriver() const { return *driver; }
  /// Makes the context that of the calling thread.
  llvm::Error makeCurrent() const {
    return driver->call(driver->contextSetCurrent, context);
  }
  /// Waits until all work is done.
  llvm::Error synchronize() const {
    return driver->call(driver->contextSynchronize);
  }

  llvm::StringRef getName() const { return name; }
  /// 90 for compute capability 9.0.
  int getCapability() const { return capability; }
  int64_t getL2Bytes() const { return l2Bytes; }
  llvm::Expected<int64_t> getFreeBytes() const;

private:
  explicit Device(std::unique_ptr<Driver> driver) : driver(std::move(driver)) {}
  llvm::Error start(int number);

  std::unique_ptr<Driver> driver;
  DeviceHandle handle = 0;
  ContextHandle context = nullptr;
  std::string name;
  int capability = 0;
  int64_t l2Bytes = 0;
};

/// Device memory, freed with the object.
class DeviceBuffer {
public:
  static llvm::Expected<DeviceBuffer> allocate(const Device &device,
                                               int64_t bytes);
  DeviceBuffer(DeviceBuffer &&other) noexcept;
  DeviceBuffer &operator=(DeviceBuffer &&other) noexcept;
  ~DeviceBuffer();

  DeviceAddress getAddress() const { return address; }
  int64_t getNumBytes() const { return bytes; }

  llvm::Error copyFrom(const void *host);
  /// `other` is as large.
  llvm::Error copyFrom(const DeviceBuffer &other);
  llvm::Error copyTo(void *host) const;
  llvm::Error fill(uint8_t byte);

private:
  DeviceBuffer(const Device &device, DeviceAddress address, int64_t bytes)
      : device(&device), address(address), bytes(bytes) {}

  const Device *device;
  DeviceAddress address;
  int64_t bytes;
};

} // namespace mlir::dsa::cuda

#endif // DSA_RUNTIME_CUDA_DEVICE_H
