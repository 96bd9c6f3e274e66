//===- ProgressBar.h - How far a long piece of work is ----------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_MEASURE_PROGRESSBAR_H
#define DSA_RUNTIME_MEASURE_PROGRESSBAR_H

#include "llvm/ADT/Twine.h"

#include <string>

namespace mlir::dsa {

/// One line of the standard error stream that is kept current, if that is a
/// terminal; else nothing but what `say` says.
class ProgressBar {
public:
  ProgressBar(std::string activity, size_t steps, size_t done = 0);
  ~ProgressBar();
  /// One step more is done; `note` says what is best so far.
  void advance(const llvm::Twine &note);
  /// A line of its own, which stays.
  void say(const llvm::Twine &line);

private:
  void show();

  const std::string activity;
  const size_t steps;
  const bool onTerminal;
  size_t done;
  std::string note;
};

} // namespace mlir::dsa

#endif // DSA_RUNTIME_MEASURE_PROGRESSBAR_H
