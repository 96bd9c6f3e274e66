//===- InitAll.h - Registration of everything -------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_INITALL_H
#define DSA_INITALL_H

#include "mlir/IR/DialectRegistry.h"

namespace mlir::dsa {

/// The project's dialects, the external models of their interfaces, and the
/// translations that a pipeline calls to make device code. The upstream
/// dialects that passes create are left to whoever calls this.
void registerDSADialects(DialectRegistry &registry);

/// The same, and every upstream dialect and extension.
void registerAllDialects(DialectRegistry &registry);

/// The project's passes and pipelines, for textual pipelines. C++ that builds
/// pipelines needs no registration.
void registerDSAPasses();

/// The same, and the upstream passes.
void registerAllPasses();

} // namespace mlir::dsa

#endif // DSA_INITALL_H
