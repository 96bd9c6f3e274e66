/*===- main.c - The compiler inside a C program ---------------------------===*\
|*
|* Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* Two threads, each with a context of its own, compile for two chips: one a
|* module that is parsed, one a module that is built. Then a function that runs
|* on this machine, and mistakes, whose errors are caught.
|*
\*===----------------------------------------------------------------------===*/

#include "dsa-c/CPU.h"
#include "dsa-c/Compile.h"
#include "dsa-c/Registration.h"
#include "mlir-c/BuiltinAttributes.h"
#include "mlir-c/BuiltinTypes.h"
#include "mlir-c/Diagnostics.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static MlirStringRef str(const char *text) {
  return mlirStringRefCreateFromCString(text);
}

/* Text that callbacks append to. */
struct Text {
  char data[4096];
  size_t length;
};

static void append(MlirStringRef part, void *user) {
  struct Text *text = user;
  for (size_t i = 0; i < part.length && text->length + 1 < sizeof text->data;
       ++i)
    text->data[text->length++] = part.data[i];
  text->data[text->length] = 0;
}

/* Keeps errors and remarks, a line each. */
static MlirLogicalResult handle(MlirDiagnostic diagnostic, void *user) {
  int isError = mlirDiagnosticGetSeverity(diagnostic) == MlirDiagnosticError;
  append(str(isError ? "error: " : "remark: "), user);
  mlirDiagnosticPrint(diagnostic, append, user);
  append(str("\n"), user);
  return mlirLogicalResultSuccess();
}

static MlirContext createContext(struct Text *messages) {
  MlirDialectRegistry registry = mlirDialectRegistryCreate();
  dsaRegisterAllDialects(registry);
  MlirContext context = mlirContextCreateWithRegistry(registry, true);
  mlirDialectRegistryDestroy(registry);
  mlirContextAttachDiagnosticHandler(context, handle, messages, NULL);
  return context;
}

static const char *attention =
    "func.func @attend(%q: tensor<?x2x64xbf16>, %k: tensor<?x64xbf16>,\n"
    "                  %o: tensor<?x2x64xbf16>, %l: tensor<?x2xf32>)\n"
    "    -> (tensor<?x2x64xbf16>, tensor<?x2xf32>) {\n"
    "  %out, %lse = dsa.attention scale = 0.125\n"
    "      ins(%q, %k : tensor<?x2x64xbf16>, tensor<?x64xbf16>)\n"
    "      outs(%o, %l : tensor<?x2x64xbf16>, tensor<?x2xf32>)\n"
    "      -> tensor<?x2x64xbf16>, tensor<?x2xf32>\n"
    "  return %out, %lse : tensor<?x2x64xbf16>, tensor<?x2xf32>\n"
    "}\n";

static MlirNamedAttribute named(MlirContext context, const char *name,
                                MlirAttribute attribute) {
  return mlirNamedAttributeGet(mlirIdentifierGet(context, str(name)),
                               attribute);
}

/* @scores, of two keys of two columns for one row: dsa.index_scores, its
 * operands being q, k and the destination. */
static MlirModule buildScores(MlirContext context) {
  MlirLocation loc = mlirLocationUnknownGet(context);
  MlirAttribute none = mlirAttributeGetNull();
  MlirType f32 = mlirF32TypeGet(context);
  int64_t q[] = {1, 1, 2}, k[] = {2, 2}, s[] = {1, 2};
  MlirType types[] = {mlirRankedTensorTypeGet(3, q, f32, none),
                      mlirRankedTensorTypeGet(2, k, f32, none),
                      mlirRankedTensorTypeGet(2, s, f32, none)};
  MlirLocation locs[] = {loc, loc, loc};
  MlirBlock body = mlirBlockCreate(3, types, locs);

  MlirValue operands[] = {mlirBlockGetArgument(body, 0),
                          mlirBlockGetArgument(body, 1),
                          mlirBlockGetArgument(body, 2)};
  int32_t segments[] = {1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  MlirNamedAttribute clauses[] = {
      named(context, "activation",
            dsaActivationAttrGet(context, DsaActivationRelu)),
      named(context, "operandSegmentSizes",
            mlirDenseI32ArrayGet(context, 12, segments))};
  MlirOperationState scores =
      mlirOperationStateGet(str("dsa.index_scores"), loc);
  mlirOperationStateAddOperands(&scores, 3, operands);
  mlirOperationStateAddResults(&scores, 1, &types[2]);
  mlirOperationStateAddAttributes(&scores, 2, clauses);
  MlirOperation op = mlirOperationCreate(&scores);
  mlirBlockAppendOwnedOperation(body, op);
  MlirValue result = mlirOperationGetResult(op, 0);
  MlirOperationState ret = mlirOperationStateGet(str("func.return"), loc);
  mlirOperationStateAddOperands(&ret, 1, &result);
  mlirBlockAppendOwnedOperation(body, mlirOperationCreate(&ret));

  MlirRegion region = mlirRegionCreate();
  mlirRegionAppendOwnedBlock(region, body);
  MlirType type = mlirFunctionTypeGet(context, 3, types, 1, &types[2]);
  MlirNamedAttribute attributes[] = {
      named(context, "sym_name", mlirStringAttrGet(context, str("scores"))),
      named(context, "function_type", mlirTypeAttrGet(type))};
  MlirOperationState function = mlirOperationStateGet(str("func.func"), loc);
  mlirOperationStateAddOwnedRegions(&function, 1, &region);
  mlirOperationStateAddAttributes(&function, 2, attributes);
  MlirModule module = mlirModuleCreateEmpty(loc);
  mlirBlockAppendOwnedOperation(mlirModuleGetBody(module),
                                mlirOperationCreate(&function));
  return module;
}

/* What one thread compiles, and what comes of it. */
struct Job {
  const char *chip;
  int isBuilt, hasPTX, hasRecord;
  struct Text messages;
};

static void *compile(void *user) {
  struct Job *job = user;
  MlirContext context = createContext(&job->messages);
  mlirContextLoadAllAvailableDialects(context);
  (void)dsaContextEnableRemarks(context, str("dsa-schedule"));
  MlirModule module = job->isBuilt
                          ? buildScores(context)
                          : mlirModuleCreateParse(context, str(attention));
  if (!mlirModuleIsNull(module)) {
    DsaDeviceModule code = dsaCompileToPTX(module, str(job->chip));
    if (!dsaDeviceModuleIsNull(code)) {
      job->hasPTX = strstr(dsaDeviceModuleGetPTX(code).data, job->chip) != NULL;
      job->hasRecord = strstr(dsaDeviceModuleGetLaunchRecord(code).data,
                              "\"launches\"") != NULL;
      dsaDeviceModuleDestroy(code);
    }
    mlirModuleDestroy(module);
  }
  mlirContextDestroy(context);
  return NULL;
}

static int compileInTwoThreads(void) {
  static struct Job jobs[2] = {{"sm_90a", 0, 0, 0, {{0}, 0}},
                               {"sm_80", 1, 0, 0, {{0}, 0}}};
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i)
    pthread_create(&threads[i], NULL, compile, &jobs[i]);
  int good = 1;
  for (int i = 0; i < 2; ++i) {
    pthread_join(threads[i], NULL);
    printf("%s: PTX %s, record %s\n%s", jobs[i].chip,
           jobs[i].hasPTX ? "yes" : "no", jobs[i].hasRecord ? "yes" : "no",
           jobs[i].messages.data);
    good &= jobs[i].hasPTX && jobs[i].hasRecord;
  }
  return good;
}

static int run(void) {
  static struct Text messages;
  MlirContext context = createContext(&messages);
  mlirContextLoadAllAvailableDialects(context);
  MlirModule module = buildScores(context);
  DsaCPUFunction scores = dsaCompileForCPU(module, str("scores"));
  mlirModuleDestroy(module);
  int good = 0;
  if (!dsaCPUFunctionIsNull(scores)) {
    float q[] = {1, 2}, k[] = {3, 4, -5, -6}, s[] = {0, 0};
    int64_t shapes[][3] = {{1, 1, 2}, {2, 2}, {1, 2}};
    DsaTensorView arguments[] = {{q, DsaElementF32, 3, shapes[0]},
                                 {k, DsaElementF32, 2, shapes[1]},
                                 {s, DsaElementF32, 2, shapes[2]}};
    DsaTensor result;
    if (mlirLogicalResultIsSuccess(
            dsaCPUFunctionRun(scores, 3, arguments, &result))) {
      const float *values = dsaTensorGetView(result).data;
      printf("scores: %g %g\n", values[0], values[1]);
      dsaTensorDestroy(result);
    }
    /* One argument too few. */
    good = mlirLogicalResultIsFailure(
        dsaCPUFunctionRun(scores, 2, arguments, &result));
    dsaCPUFunctionDestroy(scores);
  }
  /* A chip that does not exist, and text that does not parse. */
  module = mlirModuleCreateParse(context, str(attention));
  good &= dsaDeviceModuleIsNull(dsaCompileToPTX(module, str("sm_1")));
  mlirModuleDestroy(module);
  good &= mlirModuleIsNull(mlirModuleCreateParse(context, str("dsa.merge")));
  mlirContextDestroy(context);
  fputs(messages.data, stdout);
  return good;
}

int main(void) { return compileInTwoThreads() && run() ? 0 : 1; }
