//===- NpyWrite.cpp - Writing .npy files ----------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NpyHeader.h"
#include "dsa/Runtime/Npy.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir::dsa;
using llvm::StringRef;

void mlir::dsa::writeNpy(llvm::raw_ostream &os, const HostTensor &tensor) {
  std::string header = "{'descr': '" +
                       getNpyDescriptors(tensor.getKind()).front().str() +
                       "', 'fortran_order': False, 'shape': (";
  for (int64_t size : tensor.getShape())
    header += std::to_string(size) + ",";
  header += "), }";
  // The elements begin at a multiple of 64 bytes; a newline ends the header.
  size_t prefix = kNpyMagic.size() + 4;
  header.resize(llvm::alignTo(prefix + header.size() + 1, 64) - prefix - 1,
                ' ');
  header += '\n';
  os << kNpyMagic << '\x01' << '\0';
  char length[2];
  llvm::support::endian::write16le(length, header.size());
  os.write(length, sizeof(length));
  os << header;
  os.write(tensor.getData(), tensor.getNumBytes());
}

struct NpyOutputs::State {
  /// Those that did not exist, from the outermost.
  llvm::SmallVector<std::string> madeDirectories;
  llvm::SmallVector<std::string> paths;
  std::vector<llvm::sys::fs::TempFile> files;

  ~State() {
    for (llvm::sys::fs::TempFile &file : files)
      llvm::consumeError(file.discard());
    for (const std::string &path : llvm::reverse(madeDirectories))
      llvm::consumeError(llvm::errorCodeToError(llvm::sys::fs::remove(path)));
  }
};

NpyOutputs::NpyOutputs(std::unique_ptr<State> state)
    : state(std::move(state)) {}
NpyOutputs::NpyOutputs(NpyOutputs &&) = default;
NpyOutputs::~NpyOutputs() = default;

static llvm::Error cannotWrite(StringRef path, StringRef why) {
  return llvm::createStringError("cannot write '%s': %s", path.str().c_str(),
                                 why.str().c_str());
}

llvm::Expected<NpyOutputs>
NpyOutputs::create(StringRef directory, llvm::ArrayRef<std::string> names) {
  auto state = std::make_unique<State>();
  for (StringRef path = directory;
       !path.empty() && !llvm::sys::fs::exists(path);
       path = llvm::sys::path::parent_path(path))
    state->madeDirectories.insert(state->madeDirectories.begin(), path.str());
  if (std::error_code code = llvm::sys::fs::create_directories(directory))
    return cannotWrite(directory, code.message());
  if (!llvm::sys::fs::is_directory(directory))
    return cannotWrite(directory, "expected a directory, found a file");
  for (const std::string &name : names) {
    llvm::SmallString<128> path(directory);
    llvm::sys::path::append(path, name + ".npy");
    if (llvm::sys::fs::is_directory(path))
      return cannotWrite(path, "expected a file, found a directory");
    // A name of its own in the same directory, so that renaming is atomic.
    auto file = llvm::sys::fs::TempFile::create(path + ".tmp-%%%%%%%%");
    if (!file)
      return cannotWrite(path, llvm::toString(file.takeError()));
    state->paths.push_back(path.str().str());
    state->files.push_back(std::move(*file));
  }
  return NpyOutputs(std::move(state));
}

llvm::Error NpyOutputs::commit(llvm::ArrayRef<HostTensor> tensors) {
  // All are complete before the first gets its name.
  for (auto [file, path, tensor] :
       llvm::zip_equal(state->files, state->paths, tensors)) {
    llvm::raw_fd_ostream os(file.FD, /*shouldClose=*/false);
    writeNpy(os, tensor);
    os.flush();
    if (os.has_error()) {
      std::string why = os.error().message();
      os.clear_error();
      return cannotWrite(path, why);
    }
  }
  for (auto [file, path] : llvm::zip_equal(state->files, state->paths))
    if (auto error = file.keep(path))
      return cannotWrite(path, llvm::toString(std::move(error)));
  state->files.clear();
  state->madeDirectories.clear();
  return llvm::Error::success();
}
