//===- DSAToPTX.cpp - dsa to PTX ------------------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Pipelines/DSAToPTX.h"
#include "Common.h"
#include "dsa/Conversion/Passes.h"
#include "dsa/Dialect/DSA/Transforms/Passes.h"
#include "dsa/Dialect/DSATile/Transforms/Passes.h"
#include "dsa/Tuning/Passes.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/GPU/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

static void addCleanup(OpPassManager &pm) {
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

/// Tensors to memrefs, with a schedule for each operation.
static void addPreparation(OpPassManager &pm,
                           const dsa::DSAToPTXOptions &options) {
  dsa::addFusionAndBufferization(pm);
  pm.addPass(dsa::createAssertSizesPass());
  addCleanup(pm);
  pm.addPass(dsa::createApplyRecordsPass({options.records, options.tuned}));
  if (options.tuned) {
    dsa::ChooseSchedulesPassOptions choosing;
    choosing.variants = true;
    pm.addPass(dsa::createChooseSchedulesPass(choosing));
  }
  pm.addPass(dsa_tile::createAssignSchedulesPass({/*variants=*/true}));
  pm.addPass(dsa::createExpandVariantsPass());
  // The linear parts that it adds take schedules of loops.
  pm.addPass(dsa_tile::createSplitReluPass());
  pm.addPass(dsa_tile::createChunkSelectionPass());
  // Parts of bounds that are the same are known to be.
  pm.addPass(createCSEPass());
  pm.addPass(dsa::createAssignSchedulePass({/*target=*/"gpu"}));
}

/// Operations with a schedule for tiles to kernels. No clean-up between: it
/// would move other loops, of one row, to the host.
static void addTiles(OpPassManager &pm) {
  pm.addPass(dsa::createDSAToTilePass());
  pm.addPass(dsa_tile::createAssignLayoutsPass());
  pm.addPass(dsa::createProgramsToBlocksPass());
  pm.addPass(dsa_tile::createInsertChannelsPass());
  pm.addPass(dsa_tile::createSpecializeWarpsPass());
  pm.addPass(dsa_tile::createPrefetchLoadsPass());
  pm.addPass(dsa_tile::createSplitGroupsPass());
  pm.addPass(dsa_tile::createSplitDepthPass());
  pm.addPass(dsa_tile::createStartMmaPass());
  pm.addPass(dsa_tile::createPrefetchProgramsPass());
  pm.addPass(dsa_tile::createOrderGroupsPass());
  pm.addPass(dsa_tile::createInsertBarriersPass());
  pm.addPass(dsa_tile::createAllocateSharedPass());
  pm.addPass(createGpuLaunchSinkIndexComputationsPass());
  pm.addPass(createGpuKernelOutliningPass());
}

/// Loops to launches of kernels.
static void addMapping(OpPassManager &pm) {
  OpPassManager &toLoops = pm.nest<func::FuncOp>();
  toLoops.addPass(dsa::createExpandCopiesPass());
  toLoops.addPass(dsa::createLinalgToParallelPass());
  // Before any clean-up: it would move loops of one iteration to the host.
  pm.addPass(dsa::createRowsToBlocksPass());
  OpPassManager &toThreads = pm.nest<func::FuncOp>();
  // Scratch memory may move once nothing but loads and stores refers to it.
  toThreads.addPass(memref::createFoldMemRefAliasOpsPass());
  addCleanup(toThreads);
  toThreads.addPass(createLoopInvariantCodeMotionPass());
  toThreads.addPass(dsa::createLoopsToThreadsPass());
  toThreads.addPass(createGpuEliminateBarriers());
  toThreads.addPass(dsa::createPlaceScratchPass());
  addCleanup(toThreads);
  toThreads.addPass(createGpuLaunchSinkIndexComputationsPass());
  pm.addPass(createGpuKernelOutliningPass());
  pm.addPass(dsa::createFreeRegistersPass());
}

/// Kernels to the LLVM dialect.
static void addDeviceLowering(OpPassManager &pm) {
  pm.addPass(dsa::createExpandFloat8Pass());
  pm.addPass(dsa::createDeviceMathPass());
  // Blocks of kernels on tiles have hundreds of arguments, each of which would
  // be compared with all others.
  GreedyRewriteConfig config;
  config.setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled);
  OpPassManager &kernels = pm.nest<gpu::GPUModuleOp>();
  kernels.addPass(memref::createExpandStridedMetadataPass());
  kernels.addPass(createLowerAffinePass());
  kernels.addPass(createCanonicalizerPass(config));
  kernels.addPass(createCSEPass());
  kernels.addPass(createSCFToControlFlowPass());
  ConvertGpuOpsToNVVMOpsOptions toNVVM;
  toNVVM.hasRedux = true;
  kernels.addPass(createConvertGpuOpsToNVVMOps(toNVVM));
  kernels.addPass(createConvertNVVMToLLVMPass());
  kernels.addPass(createReconcileUnrealizedCastsPass());
  kernels.addPass(createCanonicalizerPass(config));
  kernels.addPass(createCSEPass());
  pm.addPass(dsa::createPassTensorMapsPass());
  pm.addPass(dsa::createCheckKernelsPass());
}

/// Kernels on tiles, and what is left of other operations, to the LLVM dialect.
static void addKernels(OpPassManager &pm) {
  pm.addPass(dsa::createTileToNVVMPass());
  pm.addPass(dsa::createCarryElementsPass());
  // Kernels on tiles are large now: passes over loops skip them.
  pm.addNestedPass<func::FuncOp>(dsa::createDecomposePass());
  addMapping(pm);
  addDeviceLowering(pm);
}

void dsa::buildDSAToTilesPipeline(OpPassManager &pm,
                                  const DSAToPTXOptions &options) {
  pm.addPass(dsa::createCheckVectorsPass());
  pm.addPass(createAttachTargetPass({options.chip}));
  addPreparation(pm, options);
  addTiles(pm);
}

void dsa::buildTilesToPTXPipeline(OpPassManager &pm) {
  addKernels(pm);
  GpuModuleToBinaryPassOptions binary;
  binary.compilationTarget = "isa";
  pm.addPass(createGpuModuleToBinaryPass(binary));
}

void dsa::buildDSAToKernelsPipeline(OpPassManager &pm,
                                    const DSAToPTXOptions &options) {
  buildDSAToTilesPipeline(pm, options);
  addKernels(pm);
}

void dsa::buildDSAToPTXPipeline(OpPassManager &pm,
                                const DSAToPTXOptions &options) {
  buildDSAToTilesPipeline(pm, options);
  buildTilesToPTXPipeline(pm);
}

void dsa::registerDSAToPTXPipelines() {
  PassPipelineRegistration<DSAToPTXOptions>(
      "dsa-to-kernels", "Lower dsa operations to GPU kernels",
      buildDSAToKernelsPipeline);
  PassPipelineRegistration<DSAToPTXOptions>(
      "dsa-to-ptx", "Lower dsa operations to PTX", buildDSAToPTXPipeline);
}
