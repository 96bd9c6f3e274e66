/*===- dsa-c/Compile.h - From a module to device code -------------*- C -*-===*\
|*                                                                            *|
|* Part of the DSA compiler, under the Apache License v2.0 with LLVM          *|
|* Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception        *|
|*                                                                            *|
|* Errors are diagnostics of the module's context: attach a handler with      *|
|* mlirContextAttachDiagnosticHandler to receive them.                        *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef DSA_C_COMPILE_H
#define DSA_C_COMPILE_H

#include "mlir-c/IR.h"

#ifdef __cplusplus
extern "C" {
#endif

/// PTX and a launch record, which docs/LaunchRecord.md describes. Independent
/// of contexts and modules.
typedef struct DsaDeviceModule {
  void *ptr;
} DsaDeviceModule;

/// The version of the compiler, "0.1.0".
MLIR_CAPI_EXPORTED MlirStringRef dsaGetVersion(void);

/// How many chips can be compiled for, and their names: "sm_90a".
MLIR_CAPI_EXPORTED intptr_t dsaGetNumChips(void);
MLIR_CAPI_EXPORTED MlirStringRef dsaGetChip(intptr_t position);

/// Compiles a copy of the module. Null, with a diagnostic, if that fails.
/// Several threads may compile at once, each a module of its own context.
MLIR_CAPI_EXPORTED DsaDeviceModule dsaCompileToPTX(MlirModule module,
                                                   MlirStringRef chip);

static inline bool dsaDeviceModuleIsNull(DsaDeviceModule module) {
  return !module.ptr;
}

/// Text that lives as long as the device module.
MLIR_CAPI_EXPORTED MlirStringRef dsaDeviceModuleGetPTX(DsaDeviceModule module);
MLIR_CAPI_EXPORTED MlirStringRef
dsaDeviceModuleGetLaunchRecord(DsaDeviceModule module);

MLIR_CAPI_EXPORTED void dsaDeviceModuleDestroy(DsaDeviceModule module);

#ifdef __cplusplus
}
#endif

#endif // DSA_C_COMPILE_H
