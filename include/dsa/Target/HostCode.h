//===- HostCode.h - Code for a CPU, in a file -------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TARGET_HOSTCODE_H
#define DSA_TARGET_HOSTCODE_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace mlir::dsa {

enum class HostCodeKind { LLVMIR, Object };

/// The width of this machine's vector registers, in bits.
unsigned getHostVectorBits();

/// Translates a module that has gone through the CPU pipeline, optimises it for
/// this machine and writes it.
llvm::Error writeHostCode(ModuleOp module, HostCodeKind kind,
                          llvm::raw_pwrite_stream &os);

} // namespace mlir::dsa

#endif // DSA_TARGET_HOSTCODE_H
