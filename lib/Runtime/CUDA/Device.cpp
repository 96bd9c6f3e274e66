//===- Device.cpp - A GPU and its memory ----------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/CUDA/Device.h"

#include <utility>

using namespace mlir::dsa::cuda;

llvm::Expected<std::unique_ptr<Device>> Device::open(int number,
                                                     llvm::StringRef library) {
  auto driver = Driver::load(library);
  if (!driver)
    return driver.takeError();
  std::unique_ptr<Device> device(new Device(std::move(*driver)));
  if (auto error = device->start(number))
    return std::move(error);
  return device;
}

llvm::Error Device::start(int number) {
  int count;
  if (auto error = driver->call(driver->deviceGetCount, &count))
    return error;
  if (number < 0 || number >= count)
    return llvm::createStringError("no GPU %d: expected one of %d", number,
                                   count);
  if (auto error = driver->call(driver->deviceGet, &handle, number))
    return error;

  char text[256] = {};
  if (auto error =
          driver->call(driver->deviceGetName, text, sizeof(text) - 1, handle))
    return error;
  name = text;
  int major, minor, cache;
  for (auto [value, attribute] :
       {std::pair(&major, DeviceAttribute::ComputeCapabilityMajor),
        std::pair(&minor, DeviceAttribute::ComputeCapabilityMinor),
        std::pair(&cache, DeviceAttribute::L2CacheSize)})
    if (auto error =
            driver->call(driver->deviceGetAttribute, value, attribute, handle))
      return error;
  capability = 10 * major + minor;
  l2Bytes = cache;

  if (auto error = driver->call(driver->primaryContextRetain, &context, handle))
    return error;
  return makeCurrent();
}

Device::~Device() {
  // Nobody is left to hear of a failure here and below.
  if (context)
    driver->primaryContextRelease.pointer(handle);
}

llvm::Expected<int64_t> Device::getFreeBytes() const {
  size_t free, total;
  if (auto error = driver->call(driver->memoryGetInfo, &free, &total))
    return std::move(error);
  return int64_t(free);
}

llvm::Expected<DeviceBuffer> DeviceBuffer::allocate(const Device &device,
                                                    int64_t bytes) {
  DeviceAddress address;
  const Driver &driver = device.getDriver();
  // The driver refuses to allocate nothing, yet kernels may be handed the
  // address of an empty buffer.
  if (auto error = driver.call(driver.memoryAllocate, &address,
                               size_t(std::max<int64_t>(bytes, 1))))
    return llvm::createStringError("%lld bytes: %s", (long long)bytes,
                                   llvm::toString(std::move(error)).c_str());
  return DeviceBuffer(device, address, bytes);
}

DeviceBuffer::DeviceBuffer(DeviceBuffer &&other) noexcept
    : device(other.device), address(std::exchange(other.address, 0)),
      bytes(other.bytes) {}

DeviceBuffer &DeviceBuffer::operator=(DeviceBuffer &&other) noexcept {
  std::swap(device, other.device);
  std::swap(address, other.address);
  std::swap(bytes, other.bytes);
  return *this;
}

DeviceBuffer::~DeviceBuffer() {
  if (address)
    device->getDriver().memoryFree.pointer(address);
}

llvm::Error DeviceBuffer::copyFrom(const void *host) {
  const Driver &driver = device->getDriver();
  if (bytes == 0)
    return llvm::Error::success();
  return driver.call(driver.copyToDevice, address, host, bytes);
}

llvm::Error DeviceBuffer::copyFrom(const DeviceBuffer &other) {
  const Driver &driver = device->getDriver();
  if (bytes == 0)
    return llvm::Error::success();
  return driver.call(driver.copyOnDevice, address, other.address, bytes);
}

llvm::Error DeviceBuffer::copyTo(void *host) const {
  const Driver &driver = device->getDriver();
  if (bytes == 0)
    return llvm::Error::success();
  return driver.call(driver.copyToHost, host, address, bytes);
}

llvm::Error DeviceBuffer::fill(uint8_t byte) {
  const Driver &driver = device->getDriver();
  if (bytes == 0)
    return llvm::Error::success();
  return driver.call(driver.memorySet, address, byte, bytes);
}
