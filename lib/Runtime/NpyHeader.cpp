//===- NpyHeader.cpp - The header of a .npy file --------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The header is the text of a Python dictionary with the keys `descr`,
// `fortran_order` and `shape`, in any order, in ASCII.
//
//===----------------------------------------------------------------------===//

#include "NpyHeader.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"

using namespace mlir::dsa;
using llvm::StringRef;

llvm::ArrayRef<StringRef> mlir::dsa::getNpyDescriptors(ElementKind kind) {
  static const StringRef f32[] = {"<f4"}, f16[] = {"<f2"}, i32[] = {"<i4"},
                         bf16[] = {"<V2", "|V2"}, f8[] = {"<V1", "|V1"};
  switch (kind) {
  case ElementKind::F32:
    return f32;
  case ElementKind::F16:
    return f16;
  case ElementKind::BF16:
    return bf16;
  case ElementKind::F8E4M3FN:
    return f8;
  case ElementKind::I32:
    return i32;
  }
  llvm_unreachable("unknown element kind");
}

namespace {
/// Consumes a Python literal from the front of a text.
class Parser {
public:
  explicit Parser(StringRef text) : rest(text) {}

  bool accept(StringRef token) {
    rest = rest.ltrim();
    return rest.consume_front(token);
  }

  bool startsWith(StringRef token) { return rest.ltrim().starts_with(token); }

  bool parseString(std::string &value) {
    rest = rest.ltrim();
    if (rest.empty() || (rest.front() != '\'' && rest.front() != '"'))
      return false;
    size_t end = rest.find(rest.front(), 1);
    if (end == StringRef::npos)
      return false;
    value = rest.slice(1, end).str();
    rest = rest.drop_front(end + 1);
    return true;
  }

  bool parseBool(bool &value) {
    value = accept("True");
    return value || accept("False");
  }

  bool parseShape(llvm::SmallVectorImpl<int64_t> &shape) {
    if (!accept("("))
      return false;
    while (!accept(")")) {
      int64_t size;
      rest = rest.ltrim();
      if (rest.consumeInteger(10, size) || size < 0)
        return false;
      shape.push_back(size);
      if (!accept(",") && !startsWith(")"))
        return false;
    }
    return true;
  }

  bool atEnd() { return rest.trim().empty(); }

private:
  StringRef rest;
};
} // namespace

static bool parseDictionary(StringRef text, NpyHeader &header) {
  Parser parser(text);
  if (!parser.accept("{"))
    return false;
  bool hasDescriptor = false, hasOrder = false, hasShape = false;
  while (!parser.accept("}")) {
    std::string key;
    if (!parser.parseString(key) || !parser.accept(":"))
      return false;
    bool *seen = nullptr, parsed = false;
    if (key == "descr") {
      seen = &hasDescriptor;
      parsed = parser.parseString(header.descriptor);
    } else if (key == "fortran_order") {
      seen = &hasOrder;
      parsed = parser.parseBool(header.fortranOrder);
    } else if (key == "shape") {
      seen = &hasShape;
      parsed = parser.parseShape(header.shape);
    }
    if (!parsed || *seen)
      return false;
    *seen = true;
    // A comma may follow the last entry too.
    if (!parser.accept(",") && !parser.startsWith("}"))
      return false;
  }
  return hasDescriptor && hasOrder && hasShape && parser.atEnd();
}

llvm::Expected<NpyHeader> mlir::dsa::parseNpyHeader(StringRef contents) {
  if (!contents.starts_with(kNpyMagic))
    return llvm::createStringError(
        "expected a .npy file, found other contents");
  auto truncated = [&] {
    return llvm::createStringError("truncated header: the file ends after %zu "
                                   "bytes",
                                   contents.size());
  };
  if (contents.size() < 10)
    return truncated();
  unsigned major = uint8_t(contents[6]), minor = uint8_t(contents[7]);
  if ((major != 1 && major != 2) || minor != 0)
    return llvm::createStringError(
        "expected .npy format version 1.0 or 2.0, found %u.%u", major, minor);

  NpyHeader header;
  size_t length;
  if (major == 1) {
    length = llvm::support::endian::read16le(contents.data() + 8);
    header.dataOffset = 10;
  } else {
    if (contents.size() < 12)
      return truncated();
    length = llvm::support::endian::read32le(contents.data() + 8);
    header.dataOffset = 12;
  }
  if (contents.size() - header.dataOffset < length)
    return truncated();
  StringRef text = contents.substr(header.dataOffset, length);
  header.dataOffset += length;
  if (!parseDictionary(text, header)) {
    std::string shown;
    llvm::raw_string_ostream(shown).write_escaped(text.trim().take_front(120));
    return llvm::createStringError(
        "expected a header with descr, fortran_order and shape, found \"%s\"",
        shown.c_str());
  }
  return header;
}
