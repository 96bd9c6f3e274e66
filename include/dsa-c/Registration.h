/*===- dsa-c/Registration.h - Dialects, passes, remarks -----------*- C -*-===*\
|*                                                                            *|
|* Part of the DSA compiler, under the Apache License v2.0 with LLVM          *|
|* Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception        *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef DSA_C_REGISTRATION_H
#define DSA_C_REGISTRATION_H

#include "mlir-c/IR.h"

#ifdef __cplusplus
extern "C" {
#endif

MLIR_DECLARE_CAPI_DIALECT_REGISTRATION(DSA, dsa);
MLIR_DECLARE_CAPI_DIALECT_REGISTRATION(DSATile, dsa_tile);

/// Adds the dsa dialects and every upstream dialect, with all that compiling
/// needs, to a registry from which contexts are then made.
MLIR_CAPI_EXPORTED void dsaRegisterAllDialects(MlirDialectRegistry registry);

/// Makes the passes and pipelines known by name in this process, for textual
/// pipelines. Compiling needs no such thing. May be called any number of times.
MLIR_CAPI_EXPORTED void dsaRegisterPasses(void);

/// From now on, what passes say of their choices goes to the context's
/// diagnostic handlers, with severity MlirDiagnosticRemark. `category` is a
/// regular expression for the categories of interest: "dsa-schedule" for the
/// schedules that operations get. Fails if it is no regular expression.
MLIR_CAPI_EXPORTED MlirLogicalResult
dsaContextEnableRemarks(MlirContext context, MlirStringRef category);

/// What a function applies to a head's dot product, as the attribute
/// `activation` of `dsa.index_scores`.
typedef enum DsaActivation {
  DsaActivationNone = 0,
  DsaActivationRelu = 1,
  DsaActivationHalfAbs = 2,
} DsaActivation;

MLIR_CAPI_EXPORTED MlirAttribute dsaActivationAttrGet(MlirContext context,
                                                      DsaActivation activation);

/// Tile sizes, `#dsa.loop_schedule`, as the attribute `schedule` of operations.
/// `chunkKeys` may be 0: keys are not divided into chunks. Null, with a
/// diagnostic, if a size is not legal.
MLIR_CAPI_EXPORTED MlirAttribute dsaLoopScheduleAttrGet(MlirContext context,
                                                        int64_t blockRows,
                                                        int64_t blockKeys,
                                                        int64_t threads,
                                                        int64_t chunkKeys);

#ifdef __cplusplus
}
#endif

#endif // DSA_C_REGISTRATION_H
