//===- JSONReader.cpp - Strict reading of JSON ----------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/CUDA/JSONReader.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir::dsa::cuda;
using llvm::StringRef;
using llvm::Twine;

/// A value on one short line.
static std::string show(const llvm::json::Value &value) {
  constexpr size_t kMost = 60;
  std::string text;
  llvm::raw_string_ostream(text) << value;
  if (text.size() <= kMost)
    return text;
  // Cut between two characters.
  size_t end = kMost;
  while (end && (text[end] & 0xC0) == 0x80)
    --end;
  return text.substr(0, end) + "...";
}

void JSONCursor::fail(const Twine &expected) const {
  if (usable())
    fail(expected, show(*value));
}

void JSONCursor::fail(const Twine &expected, const Twine &found) const {
  if (!usable())
    return;
  *mistake = (Twine(path.empty() ? "the document" : path) + ": expected " +
              expected + ", found " + found)
                 .str();
}

JSONCursor JSONCursor::operator[](StringRef field) const {
  std::string below = path.empty() ? field.str() : path + "." + field.str();
  const llvm::json::Value *member = nullptr;
  if (usable()) {
    const llvm::json::Object *object = value->getAsObject();
    member = object ? object->get(field) : nullptr;
    if (!object)
      fail("an object");
    else if (!member)
      fail("the field \"" + field + "\"", "none of that name");
  }
  return JSONCursor(member, mistake, std::move(below));
}

bool JSONCursor::has(StringRef field) const {
  const llvm::json::Object *object = usable() ? value->getAsObject() : nullptr;
  return object && object->get(field);
}

std::vector<JSONCursor> JSONCursor::elements() const {
  std::vector<JSONCursor> all;
  if (!usable())
    return all;
  const llvm::json::Array *array = value->getAsArray();
  if (!array) {
    fail("an array");
    return all;
  }
  for (auto [number, element] : llvm::enumerate(*array))
    all.push_back(JSONCursor(&element, mistake,
                             path + "[" + std::to_string(number) + "]"));
  return all;
}

std::vector<JSONCursor> JSONCursor::elements(size_t count) const {
  std::vector<JSONCursor> all = elements();
  if (all.size() != count)
    fail("an array of " + Twine(count), Twine(all.size()) + " elements");
  // The caller need not count again.
  all.resize(count, JSONCursor(nullptr, mistake, ""));
  return all;
}

std::vector<std::pair<std::string, JSONCursor>> JSONCursor::members() const {
  std::vector<std::pair<std::string, JSONCursor>> all;
  if (!usable())
    return all;
  const llvm::json::Object *object = value->getAsObject();
  if (!object) {
    fail("an object");
    return all;
  }
  for (const auto &[name, member] : *object)
    all.emplace_back(name.str(), (*this)[name]);
  llvm::sort(all, llvm::less_first());
  return all;
}

int64_t JSONCursor::integer(int64_t least, int64_t most) const {
  if (!usable())
    return least > 0 ? least : 0;
  std::optional<int64_t> number = value->getAsInteger();
  if (number && *number >= least && *number <= most)
    return *number;
  bool below = least == std::numeric_limits<int64_t>::min();
  bool above = most == std::numeric_limits<int64_t>::max();
  if (below && above)
    fail("an integer");
  else if (above)
    fail("an integer of at least " + Twine(least));
  else
    fail("an integer from " + Twine(least) + " to " + Twine(most));
  return least > 0 ? least : 0;
}

double JSONCursor::number() const {
  if (!usable())
    return 0;
  if (std::optional<double> number = value->getAsNumber())
    return *number;
  fail("a number");
  return 0;
}

bool JSONCursor::boolean() const {
  if (!usable())
    return false;
  if (std::optional<bool> boolean = value->getAsBoolean())
    return *boolean;
  fail("true or false");
  return false;
}

std::string JSONCursor::string() const {
  if (!usable())
    return {};
  if (std::optional<StringRef> text = value->getAsString())
    return text->str();
  fail("a string");
  return {};
}

/// How deep brackets nest, those in strings left out.
static size_t getDepth(StringRef text) {
  size_t depth = 0, deepest = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (quoted && c == '\\')
      ++i;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && (c == '[' || c == '{'))
      deepest = std::max(deepest, ++depth);
    else if (!quoted && (c == ']' || c == '}') && depth)
      --depth;
  }
  return deepest;
}

llvm::Expected<llvm::json::Value> mlir::dsa::cuda::parseJSON(StringRef text) {
  // LLVM's parser, and everything that walks down the values, recurse.
  constexpr size_t kDeepest = 200;
  size_t depth = getDepth(text);
  if (depth > kDeepest)
    return llvm::createStringError(
        "expected JSON that nests at most %zu deep, found %zu", kDeepest,
        depth);
  auto value = llvm::json::parse(text);
  if (!value)
    return llvm::createStringError("expected JSON, found a mistake at %s",
                                   llvm::toString(value.takeError()).c_str());
  return value;
}

llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
mlir::dsa::cuda::readText(StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return llvm::createStringError(buffer.getError(), "cannot read '%s': %s",
                                   path.str().c_str(),
                                   buffer.getError().message().c_str());
  return std::move(*buffer);
}
