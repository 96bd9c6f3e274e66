//===- Progress.h - A line that tells what takes long -----------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_PROGRESS_H
#define DSA_RUNTIME_PROGRESS_H

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace mlir::dsa {

/// While it lives, and once two seconds have passed, tells on the standard
/// error stream what is going on. On a terminal that is one line that is kept
/// current and erased at the end; elsewhere one line is written once.
class Progress {
public:
  explicit Progress(std::string activity, int64_t steps = 0);
  ~Progress();
  /// One of the steps is done.
  void advance() { ++done; }

private:
  void report();
  void show(int64_t seconds);

  const std::string activity;
  const int64_t steps;
  const bool onTerminal;
  std::atomic<int64_t> done = 0;
  bool shown = false, stopping = false;
  std::mutex mutex;
  std::condition_variable wake;
  std::thread reporter;
};

} // namespace mlir::dsa

#endif // DSA_RUNTIME_PROGRESS_H
