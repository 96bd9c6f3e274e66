//===- CPUEngineRun.cpp - Calling compiled functions ----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tensors cross the border as memref descriptors: the pointer that was
// allocated, the pointer to the elements, an offset, the sizes and the strides;
// all are words of eight bytes. Results come back in one structure of
// descriptors, a row of words too.
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/CPUEngine.h"

#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/bit.h"

#include <cstring>

using namespace mlir;
using namespace mlir::dsa;

using Words = llvm::SmallVector<int64_t, 16>;

static size_t getDescriptorWords(int64_t rank) { return 3 + 2 * rank; }

static Words makeDescriptor(const HostTensor &tensor) {
  auto data = reinterpret_cast<int64_t>(tensor.getData());
  Words words = {data, data, 0};
  llvm::append_range(words, tensor.getShape());
  Words strides(tensor.getRank());
  int64_t stride = 1;
  for (int64_t i = tensor.getRank() - 1; i >= 0; --i) {
    strides[i] = stride;
    stride *= tensor.getShape()[i];
  }
  llvm::append_range(words, strides);
  return words;
}

namespace {
/// A result's descriptor.
struct Descriptor {
  Descriptor(const int64_t *words, int64_t rank, int64_t elementBytes)
      : allocated(llvm::bit_cast<void *>(words[0])),
        elements(llvm::bit_cast<char *>(words[1]) + words[2] * elementBytes),
        sizes(words + 3, rank), strides(words + 3 + rank, rank) {}

  bool isDense() const {
    int64_t expected = 1;
    for (auto [size, stride] : llvm::reverse(llvm::zip(sizes, strides))) {
      if (size != 1 && stride != expected)
        return false;
      expected *= size;
    }
    return true;
  }

  /// Copies the elements in row-major order.
  void copyTo(char *target, int64_t elementBytes) const {
    Words place(sizes.size(), 0);
    const char *source = elements;
    for (int64_t left = llvm::product_of(sizes); left > 0; --left) {
      std::memcpy(target, source, elementBytes);
      target += elementBytes;
      for (int64_t i = sizes.size() - 1; i >= 0; --i) {
        source += strides[i] * elementBytes;
        if (++place[i] < sizes[i])
          break;
        source -= strides[i] * sizes[i] * elementBytes;
        place[i] = 0;
      }
    }
  }

  void *allocated;
  char *elements;
  llvm::ArrayRef<int64_t> sizes, strides;
};
} // namespace

llvm::Expected<std::vector<HostTensor>>
CPUEngine::run(llvm::ArrayRef<HostTensor> arguments) const {
  std::vector<Words> descriptors;
  llvm::SmallPtrSet<const void *, 16> borrowed, adopted;
  for (const HostTensor &argument : arguments) {
    descriptors.push_back(makeDescriptor(argument));
    borrowed.insert(argument.getData());
  }
  size_t resultWords = 0;
  for (const TensorSlot &result : results)
    resultWords += getDescriptorWords(result.type.getRank());
  Words returned(resultWords, 0);

  // The interface takes pointers to parameters, which are pointers here.
  llvm::SmallVector<void *> parameters;
  if (!results.empty())
    parameters.push_back(returned.data());
  for (Words &words : descriptors)
    parameters.push_back(words.data());
  auto packed = llvm::map_to_vector(parameters, [](void *&parameter) -> void * {
    return static_cast<void *>(&parameter);
  });
  function(packed.data());

  // A result becomes the tensor's memory, unless it is an argument's, shared
  // with another result, or not dense; then it is copied.
  std::vector<HostTensor> tensors;
  llvm::SmallPtrSet<void *, 4> leftOver;
  llvm::Error error = llvm::Error::success();
  const int64_t *words = returned.data();
  for (const TensorSlot &result : results) {
    const int64_t bytes = getByteSize(result.kind);
    Descriptor descriptor(words, result.type.getRank(), bytes);
    words += getDescriptorWords(result.type.getRank());
    bool isOwn = !borrowed.contains(descriptor.allocated) &&
                 !adopted.contains(descriptor.allocated);
    if (isOwn && descriptor.isDense()) {
      adopted.insert(descriptor.allocated);
      leftOver.erase(descriptor.allocated);
      tensors.push_back(HostTensor::adopt(result.kind, descriptor.sizes,
                                          descriptor.allocated,
                                          descriptor.elements));
      continue;
    }
    if (isOwn)
      leftOver.insert(descriptor.allocated);
    auto tensor = HostTensor::create(result.kind, descriptor.sizes);
    if (!tensor) {
      error = llvm::joinErrors(std::move(error), tensor.takeError());
      continue;
    }
    descriptor.copyTo(tensor->getData(), bytes);
    tensors.push_back(std::move(*tensor));
  }
  for (void *memory : leftOver)
    std::free(memory);
  if (error)
    return std::move(error);
  return tensors;
}
