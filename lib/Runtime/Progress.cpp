//===- Progress.cpp - A line that tells what takes long -------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/Progress.h"

#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>

using namespace mlir::dsa;

static constexpr int64_t kPatienceSeconds = 2;

Progress::Progress(std::string activity, int64_t steps)
    : activity(std::move(activity)), steps(steps),
      onTerminal(llvm::sys::Process::StandardErrIsDisplayed()),
      reporter([this] { report(); }) {}

Progress::~Progress() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    stopping = true;
  }
  wake.notify_one();
  reporter.join();
  if (shown && onTerminal)
    llvm::errs() << "\r\033[K";
}

void Progress::report() {
  std::unique_lock<std::mutex> lock(mutex);
  int64_t seconds = kPatienceSeconds;
  auto start = std::chrono::steady_clock::now();
  while (!wake.wait_until(lock, start + std::chrono::seconds(seconds),
                          [this] { return stopping; })) {
    show(seconds++);
    if (onTerminal)
      continue;
    wake.wait(lock, [this] { return stopping; });
    return;
  }
}

void Progress::show(int64_t seconds) {
  std::string line = activity;
  if (steps > 1)
    line += " " + std::to_string(done.load()) + "/" + std::to_string(steps);
  // The cursor waits at the line's start, so that a message covers it.
  if (onTerminal)
    llvm::errs() << "\r\033[K" << line << " (" << seconds << " s)\r";
  else
    llvm::errs() << line << " ...\n";
  shown = true;
}
