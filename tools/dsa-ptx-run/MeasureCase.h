//===- MeasureCase.h - Candidates for one operation -------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TOOLS_DSA_PTX_RUN_MEASURECASE_H
#define DSA_TOOLS_DSA_PTX_RUN_MEASURECASE_H

#include "Execute.h"
#include "dsa/Runtime/CUDA/Device.h"
#include "dsa/Runtime/Measure/Plan.h"
#include "dsa/Runtime/Measure/Workers.h"

/// An operation at some sizes: its arguments, and what its results have to be.
/// Made in one process, and used in others that are copies of it: those alone
/// touch the device. What a piece of work leaves behind there, but for harm by
/// one that fails, the next does not see.
class MeasureCase {
public:
  /// Makes up the arguments, and memory that processes share for the results of
  /// what is known to be right.
  static llvm::Expected<std::unique_ptr<MeasureCase>>
  create(llvm::StringRef directory, const mlir::dsa::MeasurePlan &plan,
         const mlir::dsa::PlannedCase &planned, int device);
  ~MeasureCase();

  /// Runs what is known to be right, for `measure` to compare with.
  mlir::dsa::Outcome runReference();
  /// Checks results, if asked to, and takes times: the answer is a JSON array
  /// of microseconds.
  mlir::dsa::Outcome measure(const mlir::dsa::PlannedCandidate &candidate,
                             bool withCheck);

private:
  MeasureCase(llvm::StringRef directory, const mlir::dsa::MeasurePlan &plan,
              const mlir::dsa::PlannedCase &planned, int device)
      : directory(directory), plan(plan), planned(planned), number(device) {}

  llvm::Error prepare();
  llvm::Error openDevice();
  std::string getPath(llvm::StringRef file) const;
  llvm::Expected<Program>
  load(const mlir::dsa::PlannedProgram &program,
       llvm::ArrayRef<mlir::dsa::PlannedArgument> arguments,
       llvm::MutableArrayRef<mlir::dsa::HostTensor> values) const;
  llvm::Error checkFewRows(const mlir::dsa::cuda::Device &device,
                           const mlir::dsa::PlannedProgram &program);
  llvm::Error compare(const Results &results) const;
  llvm::Error runReferenceOn(const mlir::dsa::cuda::Device &device);
  llvm::Expected<std::string>
  measureOn(const mlir::dsa::cuda::Device &device,
            const mlir::dsa::PlannedCandidate &candidate, bool withCheck);

  std::string directory;
  const mlir::dsa::MeasurePlan &plan;
  const mlir::dsa::PlannedCase &planned;
  int number;
  /// In a process that measures, once it does.
  std::unique_ptr<mlir::dsa::cuda::Device> device;
  std::vector<mlir::dsa::HostTensor> arguments, fewArguments;
  /// What the results have to be; of memory below.
  std::vector<mlir::dsa::HostTensor> expected;
  std::vector<std::pair<void *, size_t>> shared;
};

#endif // DSA_TOOLS_DSA_PTX_RUN_MEASURECASE_H
