//===- BufferSet.cpp - The memory of one run ------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/CUDA/BufferSet.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir::dsa;
using namespace mlir::dsa::cuda;
using BufferKind = BufferRecord::Kind;

llvm::Expected<BufferSet> BufferSet::allocate(const Device &device,
                                              const LaunchPlan &plan,
                                              const BufferSet *other) {
  BufferSet set(plan);
  for (auto [number, planned] : llvm::enumerate(plan.buffers)) {
    set.buffers.emplace_back();
    if (other && planned.record->kind == BufferKind::Workspace) {
      set.addresses.push_back(other->addresses[number]);
      continue;
    }
    auto buffer = DeviceBuffer::allocate(device, planned.bytes);
    if (!buffer)
      return llvm::createStringError(
          "no memory for buffer %zu: %s", size_t(number),
          llvm::toString(buffer.takeError()).c_str());
    set.addresses.push_back(buffer->getAddress());
    set.buffers.back() = std::move(*buffer);
  }
  return set;
}

llvm::Error BufferSet::setArguments(llvm::ArrayRef<HostTensor> arguments) {
  for (auto [planned, buffer] : llvm::zip(plan->buffers, buffers)) {
    if (planned.record->kind != BufferKind::Argument)
      continue;
    const HostTensor &argument = arguments[planned.record->argument];
    if (auto error = buffer->copyFrom(argument.getData()))
      return error;
  }
  return llvm::Error::success();
}

llvm::Error BufferSet::setArguments(const BufferSet &other) {
  for (auto [number, planned] : llvm::enumerate(plan->buffers))
    if (planned.record->kind == BufferKind::Argument)
      if (auto error = buffers[number]->copyFrom(*other.buffers[number]))
        return error;
  return llvm::Error::success();
}

llvm::Error BufferSet::fill(uint8_t byte) {
  for (auto [planned, buffer] : llvm::zip(plan->buffers, buffers))
    if (planned.record->kind != BufferKind::Argument && buffer)
      if (auto error = buffer->fill(byte))
        return error;
  return llvm::Error::success();
}

llvm::Expected<std::vector<HostTensor>> BufferSet::getResults() const {
  std::vector<HostTensor> results;
  for (const ResultRecord &result : plan->function->results) {
    const PlannedBuffer &planned = plan->buffers[result.buffer];
    auto tensor =
        HostTensor::create(*planned.record->element.kind, planned.shape);
    if (!tensor)
      return tensor.takeError();
    if (auto error = buffers[result.buffer]->copyTo(tensor->getData()))
      return std::move(error);
    results.push_back(std::move(*tensor));
  }
  return results;
}

int64_t BufferSet::getNumBytes(const LaunchPlan &plan) {
  int64_t bytes = 0;
  for (const PlannedBuffer &buffer : plan.buffers)
    if (buffer.record->kind != BufferKind::Workspace)
      bytes += buffer.bytes;
  return bytes;
}
