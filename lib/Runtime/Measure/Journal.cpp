//===- Journal.cpp - What a search found out, line by line ----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/Measure/Journal.h"

#include "dsa/Runtime/CUDA/JSONReader.h"
#include "dsa/Runtime/MakeError.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

#include <fcntl.h>
#include <unistd.h>

using namespace mlir::dsa;
using llvm::StringRef;

Journal::Journal(Journal &&other) noexcept
    : path(std::move(other.path)), file(std::exchange(other.file, -1)),
      lines(std::move(other.lines)) {}

Journal::~Journal() {
  if (file >= 0)
    close(file);
}

llvm::Expected<Journal> Journal::open(StringRef directory, StringRef key,
                                      std::vector<std::string> &warnings) {
  llvm::SmallString<128> path(directory);
  llvm::sys::path::append(path, kFileName);
  Journal journal(path.str().str());
  journal.file =
      ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (journal.file < 0)
    return makeError("cannot open '{0}': {1}", path, llvm::sys::StrError());
  // Given up when this process ends, however it does.
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  if (fcntl(journal.file, F_SETLK, &lock) != 0)
    return makeError("'{0}' is in use by another process", path);
  if (auto error = journal.load(key, warnings))
    return std::move(error);
  return journal;
}

/// A whole line; none if it is no object.
static std::optional<llvm::json::Object> parseLine(StringRef text) {
  auto value = cuda::parseJSON(text);
  if (!value) {
    llvm::consumeError(value.takeError());
    return std::nullopt;
  }
  if (const llvm::json::Object *object = value->getAsObject())
    return *object;
  return std::nullopt;
}

llvm::Error Journal::load(StringRef key, std::vector<std::string> &warnings) {
  // Not by its name: closing the file once would give up the lock.
  auto text = llvm::MemoryBuffer::getOpenFile(
      llvm::sys::fs::convertFDToNativeFile(file), path, /*FileSize=*/-1,
      /*RequiresNullTerminator=*/false, /*IsVolatile=*/true);
  if (!text)
    return makeError("cannot read '{0}': {1}", path, text.getError().message());
  StringRef rest = (*text)->getBuffer();
  // What is kept ends here.
  size_t kept = 0;
  for (unsigned number = 1; !rest.empty(); ++number) {
    auto [line, behind] = rest.split('\n');
    bool isCut = line.size() == rest.size();
    auto object = isCut ? std::nullopt : parseLine(line);
    if (number == 1 && object) {
      auto found = object->getString("journal");
      if (!found)
        return makeError("'{0}' is no journal of a search", path);
      if (*found != key)
        return makeError("'{0}' is of another search: the specification, the "
                         "options or the compiler changed (expected '{1}', "
                         "found '{2}')",
                         path, key, *found);
    } else if (number == 1 && !isCut) {
      return makeError("'{0}' is no journal of a search", path);
    } else if (object) {
      lines.push_back(std::move(*object));
    } else if (isCut || behind.empty()) {
      warnings.push_back(llvm::formatv("'{0}': the last line, {1}, is damaged "
                                       "and dropped",
                                       path, number));
      break;
    } else {
      warnings.push_back(llvm::formatv("'{0}': line {1} is damaged and "
                                       "ignored",
                                       path, number));
    }
    kept = behind.data() - (*text)->getBufferStart();
    rest = behind;
  }
  if (kept < (*text)->getBufferSize() && ftruncate(file, kept) != 0)
    return makeError("cannot shorten '{0}': {1}", path, llvm::sys::StrError());
  if (kept == 0)
    return write(llvm::json::Object{{"journal", key}});
  return llvm::Error::success();
}

llvm::Error Journal::write(const llvm::json::Object &line) {
  std::string text;
  llvm::raw_string_ostream(text)
      << llvm::json::Value(llvm::json::Object(line)) << '\n';
  // In one piece, at the end.
  off_t before = lseek(file, 0, SEEK_END);
  ssize_t written =
      llvm::sys::RetryAfterSignal(-1, ::write, file, text.data(), text.size());
  if (written == ssize_t(text.size()))
    return llvm::Error::success();
  std::string why = written < 0 ? llvm::sys::StrError() : "no room";
  if (ftruncate(file, before) != 0)
    why += ", and its last line is damaged";
  return makeError("cannot write '{0}': {1}", path, why);
}

llvm::Error Journal::append(llvm::json::Object line) {
  if (auto error = write(line))
    return error;
  lines.push_back(std::move(line));
  return llvm::Error::success();
}
