//===- HostBranches.h - Branches of host code as data -----------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_TARGET_HOSTBRANCHES_H
#define DSA_LIB_TARGET_HOSTBRANCHES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "llvm/Support/JSON.h"

namespace mlir::dsa {

/// Under which condition `op` runs, as an expression of the launch record; 1
/// outside of all branches.
FailureOr<llvm::json::Value> getRunCondition(Operation *op);

/// The variants of a function: for each way through its branches (`scf.if`)
/// the launches on it, as `getLaunch` gives them. Branches on the same
/// condition go the same way; loops (`scf.for`) repeat launches. Reports
/// functions with too many ways, and loops with branches.
FailureOr<llvm::json::Array> getVariants(
    func::FuncOp function,
    function_ref<FailureOr<llvm::json::Object>(gpu::LaunchFuncOp)> getLaunch);

} // namespace mlir::dsa

#endif // DSA_LIB_TARGET_HOSTBRANCHES_H
