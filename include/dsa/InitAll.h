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

/// The dsa dialect, every upstream dialect its passes create, and the external
/// models of their interfaces.
void registerAllDialects(DialectRegistry &registry);

/// The project's passes and pipelines, and the upstream passes.
void registerAllPasses();

} // namespace mlir::dsa

#endif // DSA_INITALL_H
