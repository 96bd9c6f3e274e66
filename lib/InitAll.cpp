//===- InitAll.cpp - Registration of everything ---------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/InitAll.h"
#include "dsa/Conversion/Passes.h"
#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Dialect/DSA/Transforms/BufferizableOpInterfaceImpl.h"
#include "dsa/Dialect/DSA/Transforms/Passes.h"
#include "dsa/Dialect/DSA/Transforms/TilingInterfaceImpl.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "dsa/Dialect/DSATile/Transforms/Passes.h"
#include "dsa/Pipelines/DSATileToCPU.h"
#include "dsa/Pipelines/DSAToCPU.h"
#include "dsa/Pipelines/DSAToPTX.h"
#include "dsa/Tuning/Passes.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Target/LLVMIR/Dialect/All.h"

void mlir::dsa::registerDSADialects(DialectRegistry &registry) {
  registry.insert<DSADialect, dsa_tile::DSATileDialect>();
  // Schedules of backends are known wherever operations are.
  registry.addExtension(+[](MLIRContext *context, DSADialect *) {
    context->getOrLoadDialect<dsa_tile::DSATileDialect>();
  });
  registerBufferizableOpInterfaceExternalModels(registry);
  registerTilingInterfaceExternalModels(registry);
  // Kernels are translated inside the pass pipeline.
  registerAllGPUToLLVMIRTranslations(registry);
}

void mlir::dsa::registerAllDialects(DialectRegistry &registry) {
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registerDSADialects(registry);
}

void mlir::dsa::registerDSAPasses() {
  registerDSATransformsPasses();
  dsa_tile::registerDSATileTransformsPasses();
  registerDSAConversionPasses();
  registerDSATuningPasses();
  registerDSAToCPUPipeline();
  registerDSATileToCPUPipeline();
  registerDSAToPTXPipelines();
}

void mlir::dsa::registerAllPasses() {
  mlir::registerAllPasses();
  registerDSAPasses();
}
