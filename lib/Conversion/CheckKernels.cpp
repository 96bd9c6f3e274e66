//===- CheckKernels.cpp - Refuse kernels that no GPU can run --------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Conversion/Passes.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_CHECKKERNELSPASS
#include "dsa/Conversion/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

/// Why `op` may not stand in a kernel, or nothing.
static std::optional<std::string> getObjection(Operation *op,
                                               gpu::GPUModuleOp module) {
  if (isa<gpu::GPUModuleOp>(op))
    return std::nullopt;
  if (auto call = dyn_cast<LLVM::CallOp>(op)) {
    auto callee = call.getCallee();
    auto function =
        callee ? module.lookupSymbol<LLVM::LLVMFuncOp>(*callee) : nullptr;
    if (function && !function.isExternal())
      return std::nullopt;
    return "calls '" + (callee ? callee->str() : std::string("a pointer")) +
           "', which the module does not define";
  }
  if (isa_and_present<LLVM::LLVMDialect, NVVM::NVVMDialect>(op->getDialect()))
    return std::nullopt;
  return "'" + op->getName().getStringRef().str() +
         "' was not lowered to the device";
}

namespace {
struct CheckKernelsPass
    : public dsa::impl::CheckKernelsPassBase<CheckKernelsPass> {
  void runOnOperation() override {
    getOperation()->walk([&](gpu::GPUModuleOp module) {
      module->walk([&](Operation *op) {
        std::optional<std::string> objection = getObjection(op, module);
        if (!objection)
          return WalkResult::advance();
        op->emitError() << "kernel cannot run on a GPU: " << *objection;
        signalPassFailure();
        return WalkResult::interrupt();
      });
    });
  }
};
} // namespace
