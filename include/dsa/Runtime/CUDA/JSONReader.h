//===- JSONReader.h - Strict reading of JSON --------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A cursor goes down a document and says where something is not what it should
// be. Only the first such mistake is kept; from then on all cursors of the
// document read nothing, so that a reader need not look for errors at every
// step, but once at its end.
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_CUDA_JSONREADER_H
#define DSA_RUNTIME_CUDA_JSONREADER_H

#include "llvm/ADT/Twine.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

#include <limits>
#include <string>
#include <vector>

namespace mlir::dsa::cuda {

class JSONCursor {
public:
  /// Begins at the root. `mistake` is where the first mistake is told; it must
  /// be empty, and live as long as the cursors.
  JSONCursor(const llvm::json::Value &root, std::string &mistake)
      : value(&root), mistake(&mistake) {}

  /// A member of an object.
  JSONCursor operator[](llvm::StringRef field) const;
  bool has(llvm::StringRef field) const;
  /// The elements of an array.
  std::vector<JSONCursor> elements() const;
  /// Of an array that must have `count` elements.
  std::vector<JSONCursor> elements(size_t count) const;
  /// The members of an object, by name.
  std::vector<std::pair<std::string, JSONCursor>> members() const;

  int64_t integer(int64_t least = std::numeric_limits<int64_t>::min(),
                  int64_t most = std::numeric_limits<int64_t>::max()) const;
  double number() const;
  bool boolean() const;
  std::string string() const;

  bool isArray() const { return usable() && value->getAsArray(); }
  bool isInteger() const { return usable() && value->getAsInteger(); }
  bool isNull() const { return usable() && value->getAsNull(); }

  /// Notes that here something else was expected.
  void fail(const llvm::Twine &expected) const;
  /// The same, where it is not the value as such that was found.
  void fail(const llvm::Twine &expected, const llvm::Twine &found) const;

private:
  JSONCursor(const llvm::json::Value *value, std::string *mistake,
             std::string path)
      : value(value), mistake(mistake), path(std::move(path)) {}
  bool usable() const { return value && mistake->empty(); }

  /// Null behind a mistake.
  const llvm::json::Value *value;
  std::string *mistake;
  std::string path;
};

/// The contents of a file, whatever they are.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
readText(llvm::StringRef path);

/// Parses JSON of a depth that a stack can bear.
llvm::Expected<llvm::json::Value> parseJSON(llvm::StringRef text);

} // namespace mlir::dsa::cuda

#endif // DSA_RUNTIME_CUDA_JSONREADER_H
