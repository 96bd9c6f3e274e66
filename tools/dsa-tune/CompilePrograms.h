//===- CompilePrograms.h - Kernels of candidates ----------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TOOLS_DSA_TUNE_COMPILEPROGRAMS_H
#define DSA_TOOLS_DSA_TUNE_COMPILEPROGRAMS_H

#include "Spec.h"
#include "dsa/Runtime/Measure/Findings.h"
#include "dsa/Runtime/Measure/Journal.h"

namespace mlir::dsa {

/// An operation under a schedule.
struct CandidateProgram {
  const TunedOperation *operation;
  ScheduleAttrInterface schedule;
  /// "scores/12": where its files are, without what they end in.
  std::string name;

  PlannedProgram getFiles() const;
};

/// Compiles into `directory` what the journal does not tell of yet, in `jobs`
/// processes, and writes down what did not compile. A compiler that crashes or
/// takes too long costs one program.
llvm::Error compilePrograms(llvm::ArrayRef<CandidateProgram> programs,
                            llvm::StringRef directory, const Chip &chip,
                            unsigned jobs, Journal &journal,
                            Findings &findings);

} // namespace mlir::dsa

#endif // DSA_TOOLS_DSA_TUNE_COMPILEPROGRAMS_H
