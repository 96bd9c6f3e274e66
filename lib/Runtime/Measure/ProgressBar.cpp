//===- ProgressBar.cpp - How far a long piece of work is ------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/Measure/ProgressBar.h"

#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir::dsa;

static constexpr llvm::StringLiteral kErase = "\r\033[K";

ProgressBar::ProgressBar(std::string activity, size_t steps, size_t done)
    : activity(std::move(activity)), steps(steps),
      onTerminal(llvm::sys::Process::StandardErrIsDisplayed()), done(done) {
  show();
}

ProgressBar::~ProgressBar() {
  if (onTerminal)
    llvm::errs() << kErase;
}

void ProgressBar::advance(const llvm::Twine &text) {
  ++done;
  note = text.str();
  show();
}

void ProgressBar::say(const llvm::Twine &line) {
  if (onTerminal)
    llvm::errs() << kErase;
  llvm::errs() << line << '\n';
  show();
}

void ProgressBar::show() {
  if (!onTerminal || !steps)
    return;
  constexpr size_t kWidth = 24;
  size_t filled = kWidth * std::min(done, steps) / steps;
  std::string line = activity + " [" + std::string(filled, '=') +
                     std::string(kWidth - filled, ' ') + "] " +
                     std::to_string(done) + "/" + std::to_string(steps);
  if (!note.empty())
    line += "  " + note;
  // A line that is broken cannot be erased.
  size_t columns = llvm::sys::Process::StandardErrColumns();
  if (columns > 1 && line.size() >= columns)
    line.resize(columns - 1);
  // The cursor waits at the line's start, so that a message covers it.
  llvm::errs() << kErase << line << '\r';
}
