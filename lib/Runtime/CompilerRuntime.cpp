//===- CompilerRuntime.cpp - What compiled code calls unasked -------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where a processor has no instructions for bf16, LLVM keeps a bf16 that goes
// from block to block in an f32, and calls a function to make it short again
// before it is stored, although no module has such a truncation.
//
//===----------------------------------------------------------------------===//

#include "CompilerRuntime.h"

#include "dsa/Runtime/HostTensor.h"
#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"

#include <bit>

using namespace mlir::dsa;

/// Returns the bf16 as callers expect it, in the low bits of the register of a
/// float. A function that returns __bf16 may itself be compiled to a call of
/// what this stands for.
static float truncateToBF16(float value) {
  uint16_t bits;
  encodeElement(ElementKind::BF16, value, &bits);
  return std::bit_cast<float>(uint32_t(bits));
}

llvm::orc::SymbolMap
mlir::dsa::getCompilerRuntimeSymbols(llvm::orc::MangleAndInterner mangle) {
  return {{mangle("__truncsfbf2"),
           {llvm::orc::ExecutorAddr::fromPtr(&truncateToBF16),
            llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable}}};
}
