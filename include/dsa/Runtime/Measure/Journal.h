//===- Journal.h - What a search found out, line by line --------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A file of JSON objects, one a line, that is only ever appended to: a process
// that is killed loses the line that it was writing. The first line says which
// search it is of.
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_MEASURE_JOURNAL_H
#define DSA_RUNTIME_MEASURE_JOURNAL_H

#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

namespace mlir::dsa {

class Journal {
public:
  static constexpr llvm::StringLiteral kFileName = "journal.jsonl";

  /// Opens or begins the journal `DIR/journal.jsonl` of the search that `key`
  /// stands for; another search's is an error. Lines that are no JSON objects
  /// are left out, and a last line that was not finished is cut off;
  /// `warnings` says so.
  static llvm::Expected<Journal> open(llvm::StringRef directory,
                                      llvm::StringRef key,
                                      std::vector<std::string> &warnings);
  Journal(Journal &&other) noexcept;
  Journal(const Journal &) = delete;
  ~Journal();

  /// Without the first.
  llvm::ArrayRef<llvm::json::Object> getLines() const { return lines; }
  /// Appends a line, whole or not at all.
  llvm::Error append(llvm::json::Object line);

private:
  explicit Journal(std::string path) : path(std::move(path)) {}
  llvm::Error load(llvm::StringRef key, std::vector<std::string> &warnings);
  llvm::Error write(const llvm::json::Object &line);

  std::string path;
  int file = -1;
  std::vector<llvm::json::Object> lines;
};

} // namespace mlir::dsa

#endif // DSA_RUNTIME_MEASURE_JOURNAL_H
