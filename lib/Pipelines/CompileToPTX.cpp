//===- CompileToPTX.cpp - From a module to PTX in memory ------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Pipelines/CompileToPTX.h"
#include "dsa/Pipelines/DSAToPTX.h"
#include "dsa/Target/LaunchRecord.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::dsa;

std::string DeviceModule::getRecordText() const {
  return llvm::formatv("{0:2}\n",
                       llvm::json::Value(llvm::json::Object(record)));
}

FailureOr<DeviceModule> dsa::compileToPTX(ModuleOp module,
                                          const CompileToPTXOptions &options) {
  DSAToPTXOptions pipeline;
  pipeline.chip = options.chip;
  pipeline.records = options.records;
  pipeline.tuned = options.tuned;
  PassManager toTiles(module.getContext());
  buildDSAToTilesPipeline(toTiles, pipeline);
  if (failed(toTiles.run(module)))
    return failure();
  // To verify thousands of instructions after each pass would take a third as
  // long as the passes. Whatever depends on the input has been verified.
  PassManager toPTX(module.getContext());
  toPTX.enableVerifier(false);
  buildTilesToPTXPipeline(toPTX);
  if (failed(toPTX.run(module)))
    return failure();
  FailureOr<StringRef> code = getDeviceCode(module);
  if (failed(code))
    return failure();
  FailureOr<llvm::json::Object> record = buildLaunchRecord(module);
  if (failed(record))
    return failure();
  return DeviceModule{code->str(), std::move(*record)};
}
