//===- Compile.cpp - From a module to device code, in C -------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa-c/Compile.h"
#include "dsa/Config.h"
#include "dsa/Pipelines/CompileToPTX.h"
#include "dsa/Target/Chip.h"
#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Support.h"

using namespace mlir;

namespace {
/// Text that can be handed out.
struct DeviceText {
  std::string ptx, record;
};
} // namespace

DEFINE_C_API_PTR_METHODS(DsaDeviceModule, DeviceText)

MlirStringRef dsaGetVersion() {
  return mlirStringRefCreateFromCString(DSA_VERSION_STRING);
}

intptr_t dsaGetNumChips() { return dsa::getChips().size(); }

MlirStringRef dsaGetChip(intptr_t position) {
  return wrap(StringRef(dsa::getChips()[position].name));
}

DsaDeviceModule dsaCompileToPTX(MlirModule module, MlirStringRef chip) {
  OwningOpRef<ModuleOp> copy(unwrap(module).clone());
  FailureOr<dsa::DeviceModule> compiled =
      dsa::compileToPTX(*copy, unwrap(chip));
  if (failed(compiled))
    return {nullptr};
  std::string record = compiled->getRecordText();
  return wrap(new DeviceText{std::move(compiled->ptx), std::move(record)});
}

MlirStringRef dsaDeviceModuleGetPTX(DsaDeviceModule module) {
  return wrap(StringRef(unwrap(module)->ptx));
}

MlirStringRef dsaDeviceModuleGetLaunchRecord(DsaDeviceModule module) {
  return wrap(StringRef(unwrap(module)->record));
}

void dsaDeviceModuleDestroy(DsaDeviceModule module) { delete unwrap(module); }
