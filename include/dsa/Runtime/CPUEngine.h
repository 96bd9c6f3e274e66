//===- CPUEngine.h - Compile for this machine and run -----------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_CPUENGINE_H
#define DSA_RUNTIME_CPUENGINE_H

#include "dsa/Runtime/EntryPoint.h"

#include <memory>
#include <vector>

namespace mlir {
class ExecutionEngine;
} // namespace mlir

namespace mlir::dsa {

/// An error that has been told already, as diagnostics of the module's context.
class DiagnosedError : public llvm::ErrorInfo<DiagnosedError> {
public:
  static char ID; // NOLINT(readability-identifier-naming): LLVM asks for it.
  void log(llvm::raw_ostream &os) const override;
  std::error_code convertToErrorCode() const override;
};

/// A function compiled through the pipeline `dsa-to-cpu`, or `dsa-tile-to-cpu`,
/// for the host's processor.
class CPUEngine {
public:
  /// Compiles a copy of the function's module. Operations that the GPU
  /// `tileChip` has kernels on tiles for run as those; none do if it is empty.
  static llvm::Expected<std::unique_ptr<CPUEngine>>
  compile(const EntryPoint &entry, llvm::StringRef tileChip = {});
  ~CPUEngine();

  /// Calls the function. Arguments must have the shapes that `checkShapes`
  /// admits; they are left as they are.
  llvm::Expected<std::vector<HostTensor>>
  run(llvm::ArrayRef<HostTensor> arguments) const;

  /// The number of threads a kernel uses.
  static unsigned getNumThreads();

private:
  CPUEngine(const EntryPoint &entry,
            std::unique_ptr<mlir::ExecutionEngine> engine,
            void (*function)(void **));

  llvm::SmallVector<TensorSlot> results;
  std::unique_ptr<mlir::ExecutionEngine> engine;
  void (*function)(void **);
};

} // namespace mlir::dsa

#endif // DSA_RUNTIME_CPUENGINE_H
