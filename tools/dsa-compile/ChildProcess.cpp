//===- ChildProcess.cpp - Work that may crash -----------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ChildProcess.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/raw_ostream.h"
#include <csignal>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;

/// The line of a crash report that says why: LLVM's own error, or else nothing.
static StringRef getReason(StringRef report) {
  SmallVector<StringRef> lines;
  report.split(lines, '\n');
  for (StringRef line : lines)
    if (line.contains("LLVM ERROR:"))
      return line.substr(line.find("LLVM ERROR:") + strlen("LLVM ERROR:"))
          .trim();
  return {};
}

static std::string readAll(int file) {
  std::string text;
  char buffer[4096];
  while (true) {
    ssize_t count = sys::RetryAfterSignal(
        -1, read, file, static_cast<void *>(buffer), sizeof buffer);
    if (count <= 0)
      return text;
    text.append(buffer, count);
  }
}

Expected<int> mlir::dsa::runInChild(function_ref<int()> work) {
  int ends[2];
  if (pipe(ends) != 0)
    return createStringError("cannot create a pipe: " + sys::StrError());
  pid_t child = fork();
  if (child < 0)
    return createStringError("cannot start a process: " + sys::StrError());
  if (child == 0) {
    close(ends[0]);
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    int status = work();
    errs().flush();
    _exit(status);
  }
  close(ends[1]);
  std::string report = readAll(ends[0]);
  close(ends[0]);
  int status = 0;
  if (sys::RetryAfterSignal(-1, waitpid, child, &status, 0) < 0)
    return createStringError("cannot wait for a process: " + sys::StrError());
  if (WIFEXITED(status)) {
    errs() << report;
    return WEXITSTATUS(status);
  }
  StringRef reason = getReason(report);
  return createStringError(
      "the code generator crashed (" +
      std::string(strsignal(WTERMSIG(status))) + ")" +
      (reason.empty() ? std::string() : ": " + reason.str()));
}
