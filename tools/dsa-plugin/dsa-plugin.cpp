//===- dsa-plugin.cpp - The dialects and passes as a plugin ---------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For tools that are built with MLIR alone, such as mlir-opt. They bring the
// upstream dialects and passes.
//
//===----------------------------------------------------------------------===//

#include "dsa/Config.h"
#include "dsa/InitAll.h"
#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"

using namespace mlir;

extern "C" DialectPluginLibraryInfo mlirGetDialectPluginInfo() {
  return {
      MLIR_PLUGIN_API_VERSION, "DSA", DSA_VERSION_STRING,
      [](DialectRegistry *registry) { dsa::registerDSADialects(*registry); }};
}

extern "C" PassPluginLibraryInfo mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "DSA", DSA_VERSION_STRING,
          [] { dsa::registerDSAPasses(); }};
}
