//===- DSATileToCPU.cpp - A GPU's kernels on tiles, on the host -----------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Pipelines/DSATileToCPU.h"
#include "Common.h"
#include "dsa/Conversion/Passes.h"
#include "dsa/Dialect/DSA/Transforms/Passes.h"
#include "dsa/Dialect/DSATile/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

/// Operations with a schedule for tiles to loops. No clean-up between: it would
/// take loops of one iteration away, which later passes look for.
static void addTiles(OpPassManager &pm) {
  pm.addPass(dsa::createDSAToTilePass());
  pm.addPass(dsa::createTileToLinalgPass());
  pm.addNestedPass<func::FuncOp>(createConvertElementwiseToLinalgPass());
  // Functions have been on memrefs from the first bufferisation on.
  pm.addPass(bufferization::createOneShotBufferizePass());
}

void dsa::buildDSATileToCPUPipeline(OpPassManager &pm,
                                    const DSATileToCPUOptions &options) {
  pm.addPass(createCheckVectorsPass());
  pm.addPass(createStripNamesPass());
  pm.addPass(createAttachTargetPass({options.chip}));
  addFusionAndBufferization(pm);
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(dsa_tile::createAssignSchedulesPass());
  pm.addPass(createExpandVariantsPass());
  pm.addPass(dsa_tile::createChunkSelectionPass());
  pm.addPass(createCSEPass());
  addTiles(pm);
  addOperationsToLLVM(pm, options.vectorBits);
}

void dsa::registerDSATileToCPUPipeline() {
  PassPipelineRegistration<DSATileToCPUOptions>(
      "dsa-tile-to-cpu",
      "Lower dsa operations, as a GPU's kernels on tiles where it has some, to "
      "the LLVM dialect for the host",
      buildDSATileToCPUPipeline);
}
