//===- ChildProcess.h - Work that may crash ---------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TOOLS_DSACOMPILE_CHILDPROCESS_H
#define DSA_TOOLS_DSACOMPILE_CHILDPROCESS_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"

namespace mlir::dsa {

/// Runs `work` in a child process and passes on what it writes to standard
/// error, unless it crashes: LLVM's code generators abort on what they cannot
/// select. The crash is then an error that quotes their reason. Otherwise
/// returns what `work` returned.
llvm::Expected<int> runInChild(llvm::function_ref<int()> work);

} // namespace mlir::dsa

#endif // DSA_TOOLS_DSACOMPILE_CHILDPROCESS_H
