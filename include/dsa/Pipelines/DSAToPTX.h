//===- DSAToPTX.h - dsa to PTX ----------------------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_PIPELINES_DSATOPTX_H
#define DSA_PIPELINES_DSATOPTX_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace mlir::dsa {

struct DSAToPTXOptions : public PassPipelineOptions<DSAToPTXOptions> {
  Option<std::string> chip{
      *this, "chip", llvm::cl::desc("Chip to compile for, such as sm_90a"),
      llvm::cl::init("sm_80")};
  Option<std::string> records{
      *this, "records",
      llvm::cl::desc("File of the user's records of tuning, which come first"),
      llvm::cl::init("")};
  Option<bool> tuned{
      *this, "tuned",
      llvm::cl::desc("Take schedules that were measured for the chip, or that "
                     "the cost model expects to be faster than defaults"),
      llvm::cl::init(true)};
};

/// From `dsa` operations on tensors to kernels in the LLVM dialect, in one
/// `gpu.module` a function, and host functions that say how to launch them:
/// what a launch record is made of.
/// Operations to kernels on tiles, where they have a schedule for tiles.
void buildDSAToTilesPipeline(OpPassManager &pm, const DSAToPTXOptions &options);

/// The rest of the way, from what `buildDSAToTilesPipeline` leaves.
void buildTilesToPTXPipeline(OpPassManager &pm);

/// Operations to kernels in the LLVM dialect.
void buildDSAToKernelsPipeline(OpPassManager &pm,
                               const DSAToPTXOptions &options);

/// The same, with each `gpu.module` translated to a `gpu.binary` that holds
/// PTX.
void buildDSAToPTXPipeline(OpPassManager &pm, const DSAToPTXOptions &options);

/// Registers them as `dsa-to-kernels` and `dsa-to-ptx`.
void registerDSAToPTXPipelines();

} // namespace mlir::dsa

#endif // DSA_PIPELINES_DSATOPTX_H
