/*===- dsa-c/CPU.h - Functions that run on this machine -----------*- C -*-===*\
|*                                                                            *|
|* Part of the DSA compiler, under the Apache License v2.0 with LLVM          *|
|* Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception        *|
|*                                                                            *|
|* Errors are diagnostics of the context of the module that was compiled.     *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef DSA_C_CPU_H
#define DSA_C_CPU_H

#include "mlir-c/IR.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum DsaElement {
  DsaElementF32 = 0,
  DsaElementF16 = 1,
  DsaElementBF16 = 2,
  DsaElementF8E4M3FN = 3,
  DsaElementI32 = 4,
} DsaElement;

/// Elements in memory, row-major without gaps, that somebody else owns.
typedef struct DsaTensorView {
  void *data;
  DsaElement element;
  intptr_t rank;
  const int64_t *shape;
} DsaTensorView;

/// An argument or a result. Dynamic extents are mlirShapedTypeGetDynamicSize().
typedef struct DsaParameter {
  MlirStringRef name;
  DsaElement element;
  intptr_t rank;
  const int64_t *shape;
} DsaParameter;

/// A tensor that owns its memory.
typedef struct DsaTensor {
  void *ptr;
} DsaTensor;

/// A compiled function. It must not outlive the context of its module; the
/// module itself may go.
typedef struct DsaCPUFunction {
  void *ptr;
} DsaCPUFunction;

/// Compiles the function called `name`, or the only public one if that is
/// empty, for this machine's processor. Null, with a diagnostic, if that fails.
MLIR_CAPI_EXPORTED DsaCPUFunction dsaCompileForCPU(MlirModule module,
                                                   MlirStringRef name);

static inline bool dsaCPUFunctionIsNull(DsaCPUFunction function) {
  return !function.ptr;
}

MLIR_CAPI_EXPORTED intptr_t
dsaCPUFunctionGetNumArguments(DsaCPUFunction function);
MLIR_CAPI_EXPORTED DsaParameter
dsaCPUFunctionGetArgument(DsaCPUFunction function, intptr_t position);
MLIR_CAPI_EXPORTED intptr_t
dsaCPUFunctionGetNumResults(DsaCPUFunction function);
MLIR_CAPI_EXPORTED DsaParameter dsaCPUFunctionGetResult(DsaCPUFunction function,
                                                        intptr_t position);

/// Calls the function, which reads its arguments in place and leaves them as
/// they are. Writes one tensor a result to `results`, for the caller to
/// destroy. Fails, with a diagnostic and no results, if arguments have other
/// element types or shapes than the function takes. Several threads may call.
MLIR_CAPI_EXPORTED MlirLogicalResult
dsaCPUFunctionRun(DsaCPUFunction function, intptr_t numArguments,
                  const DsaTensorView *arguments, DsaTensor *results);

/// The tensor's memory, valid until it is destroyed.
MLIR_CAPI_EXPORTED DsaTensorView dsaTensorGetView(DsaTensor tensor);
MLIR_CAPI_EXPORTED void dsaTensorDestroy(DsaTensor tensor);

MLIR_CAPI_EXPORTED void dsaCPUFunctionDestroy(DsaCPUFunction function);

#ifdef __cplusplus
}
#endif

#endif // DSA_C_CPU_H
