//===- Execute.h - Run one function -----------------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TOOLS_DSA_PTX_RUN_EXECUTE_H
#define DSA_TOOLS_DSA_PTX_RUN_EXECUTE_H

#include "Manifest.h"
#include "dsa/Runtime/CUDA/LaunchPlan.h"

namespace mlir::dsa::cuda {
class Device;
class Kernels;
} // namespace mlir::dsa::cuda

/// A function, its arguments, and what that comes down to.
struct Program {
  std::unique_ptr<mlir::dsa::cuda::LaunchRecord> record;
  std::vector<mlir::dsa::HostTensor> arguments;
  mlir::dsa::cuda::LaunchPlan plan;

  llvm::ArrayRef<mlir::dsa::cuda::ResultRecord> getResults() const {
    return plan.function->results;
  }
};

using NamedFiles = std::vector<std::pair<std::string, std::string>>;

/// Reads the record and the arguments. Needs no GPU. The function may be left
/// unnamed if there is one.
llvm::Expected<Program> loadProgram(llvm::StringRef launch,
                                    llvm::StringRef entry,
                                    const NamedFiles &inputs);

/// Loads PTX or a cubin, and makes ready what the plan launches.
llvm::Expected<mlir::dsa::cuda::Kernels>
loadKernels(const mlir::dsa::cuda::Device &device, llvm::StringRef path,
            const mlir::dsa::cuda::LaunchPlan &plan);

/// Whether memory is filled with something conspicuous before a run.
enum class Poison { Yes, No };

/// Runs the program once. With `repeat` runs it again, with another poison, and
/// fails unless all results have the same bits.
llvm::Expected<Results> execute(const mlir::dsa::cuda::Device &device,
                                mlir::dsa::cuda::Kernels &kernels,
                                const Program &program, Poison poison,
                                bool repeat);

#endif // DSA_TOOLS_DSA_PTX_RUN_EXECUTE_H
