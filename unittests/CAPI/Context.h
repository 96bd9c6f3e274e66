//===- Context.h - A context that keeps its diagnostics ---------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_UNITTESTS_CAPI_CONTEXT_H
#define DSA_UNITTESTS_CAPI_CONTEXT_H

#include "dsa-c/Registration.h"
#include "mlir-c/Diagnostics.h"
#include <string>

inline MlirStringRef toC(const std::string &text) {
  return mlirStringRefCreate(text.data(), text.size());
}

/// A context with all dialects, and a line for each diagnostic.
struct Context {
  Context() {
    MlirDialectRegistry registry = mlirDialectRegistryCreate();
    dsaRegisterAllDialects(registry);
    context = mlirContextCreateWithRegistry(registry, true);
    mlirDialectRegistryDestroy(registry);
    mlirContextAttachDiagnosticHandler(context, handle, this, nullptr);
  }
  Context(const Context &) = delete;
  ~Context() { mlirContextDestroy(context); }

  MlirModule parse(const std::string &text) const {
    return mlirModuleCreateParse(context, toC(text));
  }

  static MlirLogicalResult handle(MlirDiagnostic diagnostic, void *user) {
    auto &text = static_cast<Context *>(user)->diagnostics;
    auto append = [](MlirStringRef part, void *text) {
      static_cast<std::string *>(text)->append(part.data, part.length);
    };
    mlirDiagnosticPrint(diagnostic, append, &text);
    text += '\n';
    return mlirLogicalResultSuccess();
  }

  MlirContext context;
  std::string diagnostics;
};

#endif // DSA_UNITTESTS_CAPI_CONTEXT_H
