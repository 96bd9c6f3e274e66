//===- CUDATarget.h - Run a function on a GPU -------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TOOLS_DSA_RUN_CUDATARGET_H
#define DSA_TOOLS_DSA_RUN_CUDATARGET_H

#include "dsa/Runtime/EntryPoint.h"
#include "dsa/Runtime/Report.h"

/// The chip to compile for to run on a GPU of a compute capability, 90 for 9.0:
/// its own, or the closest earlier one whose code it runs; empty if there is
/// none.
std::string chooseChip(int capability);

/// Has dsa-compile, which lies beside this tool, compile the function's module
/// for the GPU of this machine; runs the function; and notes in the report what
/// that takes. With `timedRuns` above 0 so many more runs are timed.
llvm::Expected<std::vector<mlir::dsa::HostTensor>>
runOnCUDA(const mlir::dsa::EntryPoint &entry,
          llvm::ArrayRef<mlir::dsa::HostTensor> arguments, unsigned timedRuns,
          mlir::dsa::RunReport &report);

#endif // DSA_TOOLS_DSA_RUN_CUDATARGET_H
