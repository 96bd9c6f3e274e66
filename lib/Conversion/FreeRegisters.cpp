//===- FreeRegisters.cpp - Registers as needed ----------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Conversion/Passes.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_FREEREGISTERSPASS
#include "dsa/Conversion/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

namespace {
struct FreeRegistersPass
    : public dsa::impl::FreeRegistersPassBase<FreeRegistersPass> {
  void runOnOperation() override {
    auto one = IntegerAttr::get(IntegerType::get(&getContext(), 32), 1);
    getOperation()->walk([&](gpu::GPUFuncOp function) {
      StringRef name = NVVM::NVVMDialect::getMinctasmAttrName();
      if (function.isKernel() && !function->hasAttr(name))
        function->setAttr(name, one);
    });
  }
};
} // namespace
