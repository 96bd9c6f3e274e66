//===- Assemble.cpp - From PTX to a cubin ---------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Target/Assemble.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"

using namespace llvm;

bool mlir::dsa::hasAssembler() { return bool(sys::findProgramByName("ptxas")); }

Error mlir::dsa::assemble(StringRef ptx, StringRef chip, raw_ostream &os) {
  auto ptxas = sys::findProgramByName("ptxas");
  if (!ptxas)
    return createStringError("cannot write a cubin: no ptxas on the PATH");
  SmallString<128> source, cubin, log;
  if (sys::fs::createTemporaryFile("dsa", "ptx", source) ||
      sys::fs::createTemporaryFile("dsa", "cubin", cubin) ||
      sys::fs::createTemporaryFile("dsa", "log", log))
    return createStringError("cannot create temporary files");
  FileRemover removeSource(source), removeCubin(cubin), removeLog(log);
  std::error_code code;
  if (raw_fd_ostream(source, code) << ptx; code)
    return createStringError("cannot write '" + source.str().str() +
                             "': " + code.message());
  std::string arch = ("-arch=" + chip).str();
  std::optional<StringRef> redirects[] = {std::nullopt, log.str(), log.str()};
  if (sys::ExecuteAndWait(*ptxas, {*ptxas, arch, "-o", cubin, source},
                          std::nullopt, redirects) != 0) {
    auto text = MemoryBuffer::getFile(log);
    return createStringError("ptxas failed: " +
                             (text ? (*text)->getBuffer().trim().str() : ""));
  }
  auto binary = MemoryBuffer::getFile(cubin);
  if (!binary)
    return createStringError("ptxas wrote nothing");
  os << (*binary)->getBuffer();
  return Error::success();
}
