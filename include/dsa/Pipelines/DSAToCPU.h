//===- DSAToCPU.h - dsa to LLVM for the host --------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_PIPELINES_DSATOCPU_H
#define DSA_PIPELINES_DSATOCPU_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace mlir::dsa {

struct DSAToCPUOptions : public PassPipelineOptions<DSAToCPUOptions> {
  Option<unsigned> vectorBits{
      *this, "vector-bits",
      llvm::cl::desc("Width of the host's vector registers"),
      llvm::cl::init(256)};
};

/// From `dsa` operations on tensors to the LLVM dialect for a CPU. Rows run in
/// parallel through OpenMP; functions get `_mlir_ciface_` entry points. Results
/// are memory that the caller frees.
void buildDSAToCPUPipeline(OpPassManager &pm, const DSAToCPUOptions &options);

/// Registers it as `dsa-to-cpu`.
void registerDSAToCPUPipeline();

} // namespace mlir::dsa

#endif // DSA_PIPELINES_DSATOCPU_H
