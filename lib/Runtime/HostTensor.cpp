//===- HostTensor.cpp - Tensors in host memory ----------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/HostTensor.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CheckedArithmetic.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/MathExtras.h"

#include <cstdlib>
#include <cstring>

using namespace mlir::dsa;

llvm::StringRef mlir::dsa::getName(ElementKind kind) {
  switch (kind) {
  case ElementKind::F32:
    return "f32";
  case ElementKind::F16:
    return "f16";
  case ElementKind::BF16:
    return "bf16";
  case ElementKind::F8E4M3FN:
    return "f8E4M3FN";
  case ElementKind::I32:
    return "i32";
  }
  llvm_unreachable("unknown element kind");
}

int64_t mlir::dsa::getByteSize(ElementKind kind) {
  switch (kind) {
  case ElementKind::F32:
  case ElementKind::I32:
    return 4;
  case ElementKind::F16:
  case ElementKind::BF16:
    return 2;
  case ElementKind::F8E4M3FN:
    return 1;
  }
  llvm_unreachable("unknown element kind");
}

std::string mlir::dsa::shapeToString(llvm::ArrayRef<int64_t> shape) {
  return llvm::join(llvm::map_range(shape,
                                    [](int64_t size) {
                                      return size == kDynamicSize
                                                 ? std::string("?")
                                                 : std::to_string(size);
                                    }),
                    "x");
}

std::optional<int64_t>
mlir::dsa::getTensorBytes(int64_t elementBytes, llvm::ArrayRef<int64_t> shape) {
  // A zero anywhere makes the tensor empty, whatever the other sizes are.
  if (llvm::is_contained(shape, 0))
    return 0;
  std::optional<int64_t> bytes = elementBytes;
  for (int64_t size : shape) {
    if (!bytes || size < 0)
      return std::nullopt;
    bytes = llvm::checkedMul(*bytes, size);
  }
  return bytes;
}

void HostTensor::Free::operator()(void *pointer) const { std::free(pointer); }

llvm::Expected<HostTensor> HostTensor::create(ElementKind kind,
                                              llvm::ArrayRef<int64_t> shape) {
  std::optional<int64_t> bytes = getTensorBytes(kind, shape);
  // `aligned_alloc` wants a multiple of the alignment, and never zero bytes: a
  // kernel may be handed the pointer of an empty tensor.
  size_t padded =
      bytes ? llvm::alignTo(std::max<uint64_t>(*bytes, 1), kAlignment) : 0;
  void *memory = padded ? std::aligned_alloc(kAlignment, padded) : nullptr;
  if (!memory)
    return llvm::createStringError("no memory for a tensor of shape [%s]",
                                   shapeToString(shape).c_str());
  std::memset(memory, 0, padded);
  return HostTensor(kind, shape, memory, memory);
}

HostTensor HostTensor::adopt(ElementKind kind, llvm::ArrayRef<int64_t> shape,
                             void *allocated, void *aligned) {
  return HostTensor(kind, shape, allocated, aligned);
}

HostTensor HostTensor::borrow(ElementKind kind, llvm::ArrayRef<int64_t> shape,
                              void *elements) {
  return HostTensor(kind, shape, /*allocated=*/nullptr, elements);
}

llvm::Expected<HostTensor> HostTensor::clone() const {
  auto copy = create(kind, shape);
  if (copy)
    std::memcpy(copy->getData(), getData(), getNumBytes());
  return copy;
}

int64_t HostTensor::getNumElements() const {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  return count;
}

void HostTensor::decode(int64_t begin,
                        llvm::MutableArrayRef<double> values) const {
  const int64_t step = getByteSize(kind);
  const char *element = elements + begin * step;
  for (double &value : values) {
    value = decodeElement(kind, element);
    element += step;
  }
}

std::string HostTensor::getTypeString() const {
  std::string text = "tensor<";
  for (int64_t size : shape)
    text += std::to_string(size) + "x";
  return text + getName(kind).str() + ">";
}
