//===- NpyRead.cpp - Reading .npy files -----------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NpyHeader.h"
#include "dsa/Runtime/Npy.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cstring>

using namespace mlir::dsa;
using llvm::StringRef;

/// The descriptor in messages: what it stands for where that is known.
static std::string describe(StringRef descriptor) {
  std::string text = "'" + descriptor.str() + "'";
  for (ElementKind kind : kElementKinds)
    if (llvm::is_contained(getNpyDescriptors(kind), descriptor))
      return text + " (" + getName(kind).str() + ")";
  if (descriptor.starts_with(">"))
    text += " (big-endian)";
  return text;
}

static llvm::Error wrongOrder() {
  return llvm::createStringError(
      "expected row-major order, found column-major (fortran_order)");
}

static llvm::Error checkHeader(const NpyHeader &header, ElementKind kind,
                               llvm::ArrayRef<int64_t> shape) {
  if (!llvm::is_contained(getNpyDescriptors(kind), header.descriptor))
    return llvm::createStringError(
        "expected dtype %s, found %s",
        describe(getNpyDescriptors(kind).front()).c_str(),
        describe(header.descriptor).c_str());
  if (header.shape.size() != shape.size())
    return llvm::createStringError(
        "expected rank %zu, found rank %zu (shape [%s])", shape.size(),
        header.shape.size(), shapeToString(header.shape).c_str());
  for (auto [expected, found] : llvm::zip(shape, header.shape))
    if (expected != kDynamicSize && expected != found)
      return llvm::createStringError("expected shape [%s], found [%s]",
                                     shapeToString(shape).c_str(),
                                     shapeToString(header.shape).c_str());
  if (header.fortranOrder)
    return wrongOrder();
  return llvm::Error::success();
}

/// The elements, which are all that follows the header.
static llvm::Expected<StringRef>
findData(const NpyHeader &header, StringRef contents, int64_t elementBytes) {
  StringRef data = contents.drop_front(header.dataOffset);
  std::optional<int64_t> bytes = getTensorBytes(elementBytes, header.shape);
  // Before any memory is asked for: a broken header may claim any size.
  if (!bytes || data.size() < size_t(*bytes))
    return llvm::createStringError(
        "truncated data: expected %s bytes for shape [%s], found %zu",
        bytes ? std::to_string(*bytes).c_str() : "over 2^63",
        shapeToString(header.shape).c_str(), data.size());
  if (data.size() > size_t(*bytes))
    return llvm::createStringError(
        "trailing bytes: expected %lld bytes for shape [%s], found %zu",
        (long long)*bytes, shapeToString(header.shape).c_str(), data.size());
  return data;
}

static llvm::Expected<HostTensor> parse(StringRef contents, ElementKind kind,
                                        llvm::ArrayRef<int64_t> shape) {
  auto header = parseNpyHeader(contents);
  if (!header)
    return header.takeError();
  if (auto error = checkHeader(*header, kind, shape))
    return std::move(error);
  auto data = findData(*header, contents, getByteSize(kind));
  if (!data)
    return data.takeError();
  auto tensor = HostTensor::create(kind, header->shape);
  if (tensor)
    std::memcpy(tensor->getData(), data->data(), data->size());
  return tensor;
}

static llvm::Expected<NpyValues> parseValues(StringRef contents) {
  auto header = parseNpyHeader(contents);
  if (!header)
    return header.takeError();
  const ElementKind *kind = llvm::find_if(kElementKinds, [&](ElementKind kind) {
    return llvm::is_contained(getNpyDescriptors(kind), header->descriptor);
  });
  bool isDouble = header->descriptor == "<f8";
  if (!isDouble && kind == std::end(kElementKinds))
    return llvm::createStringError(
        "expected dtype '<f8' or that of a tensor, found %s",
        describe(header->descriptor).c_str());
  if (header->fortranOrder)
    return wrongOrder();
  const int64_t size = isDouble ? sizeof(double) : getByteSize(*kind);
  auto data = findData(*header, contents, size);
  if (!data)
    return data.takeError();
  NpyValues array{header->shape, std::vector<double>(data->size() / size)};
  if (isDouble)
    std::memcpy(array.values.data(), data->data(), data->size());
  else
    for (auto [number, value] : llvm::enumerate(array.values))
      value = decodeElement(*kind, data->data() + number * size);
  return array;
}

/// What `parse` makes of a file's contents.
template <typename Parse>
static auto readFile(StringRef path, Parse parse) -> decltype(parse(path)) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return llvm::createStringError(buffer.getError(), "cannot read '%s': %s",
                                   path.str().c_str(),
                                   buffer.getError().message().c_str());
  auto parsed = parse((*buffer)->getBuffer());
  if (!parsed)
    return llvm::createStringError("'%s': %s", path.str().c_str(),
                                   llvm::toString(parsed.takeError()).c_str());
  return parsed;
}

llvm::Expected<HostTensor> mlir::dsa::readNpy(StringRef path, ElementKind kind,
                                              llvm::ArrayRef<int64_t> shape) {
  return readFile(
      path, [&](StringRef contents) { return parse(contents, kind, shape); });
}

llvm::Expected<NpyValues> mlir::dsa::readNpyValues(StringRef path) {
  return readFile(path, parseValues);
}
