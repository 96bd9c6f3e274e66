//===- DSATileToCPU.h - A GPU's kernels on tiles, on the host ---*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_PIPELINES_DSATILETOCPU_H
#define DSA_PIPELINES_DSATILETOCPU_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace mlir::dsa {

struct DSATileToCPUOptions : public PassPipelineOptions<DSATileToCPUOptions> {
  Option<std::string> chip{*this, "chip",
                           llvm::cl::desc("Chip whose kernels on tiles to run"),
                           llvm::cl::init("sm_90a")};
  Option<unsigned> vectorBits{
      *this, "vector-bits",
      llvm::cl::desc("Width of the host's vector registers"),
      llvm::cl::init(256)};
};

/// As `dsa-to-cpu`, but operations that a chip has kernels on tiles for become
/// those: so a kernel's numbers are checked where there is no GPU.
void buildDSATileToCPUPipeline(OpPassManager &pm,
                               const DSATileToCPUOptions &options);

/// Registers it as `dsa-tile-to-cpu`.
void registerDSATileToCPUPipeline();

} // namespace mlir::dsa

#endif // DSA_PIPELINES_DSATILETOCPU_H
