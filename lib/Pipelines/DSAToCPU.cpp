//===- DSAToCPU.cpp - dsa to LLVM for the host ----------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Pipelines/DSAToCPU.h"
#include "Common.h"
#include "dsa/Dialect/DSA/Transforms/Passes.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void dsa::buildDSAToCPUPipeline(OpPassManager &pm,
                                const DSAToCPUOptions &options) {
  pm.addPass(createCheckVectorsPass());
  pm.addPass(createStripNamesPass());
  addFusionAndBufferization(pm);
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createExpandVariantsPass());
  addOperationsToLLVM(pm, options.vectorBits);
}

void dsa::registerDSAToCPUPipeline() {
  PassPipelineRegistration<DSAToCPUOptions>(
      "dsa-to-cpu", "Lower dsa operations to the LLVM dialect for the host",
      buildDSAToCPUPipeline);
}
