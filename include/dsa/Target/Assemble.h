//===- Assemble.h - From PTX to a cubin -------------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TARGET_ASSEMBLE_H
#define DSA_TARGET_ASSEMBLE_H

#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace mlir::dsa {

/// Whether the toolkit's assembler, ptxas, is on the PATH.
bool hasAssembler();

/// PTX to a cubin, by that assembler.
llvm::Error assemble(llvm::StringRef ptx, llvm::StringRef chip,
                     llvm::raw_ostream &os);

} // namespace mlir::dsa

#endif // DSA_TARGET_ASSEMBLE_H
