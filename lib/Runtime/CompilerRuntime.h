//===- CompilerRuntime.h - What compiled code calls unasked -----*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_RUNTIME_COMPILERRUNTIME_H
#define DSA_LIB_RUNTIME_COMPILERRUNTIME_H

#include "llvm/ExecutionEngine/Orc/Core.h"
#include "llvm/ExecutionEngine/Orc/Mangling.h"

namespace mlir::dsa {

/// Functions of a compiler's runtime library that code for this machine may
/// call, and that this process may not hold.
llvm::orc::SymbolMap
getCompilerRuntimeSymbols(llvm::orc::MangleAndInterner mangle);

} // namespace mlir::dsa

#endif // DSA_LIB_RUNTIME_COMPILERRUNTIME_H
