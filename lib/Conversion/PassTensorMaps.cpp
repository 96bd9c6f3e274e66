//===- PassTensorMaps.cpp - Tensor maps by value --------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Conversion/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_PASSTENSORMAPSPASS
#include "dsa/Conversion/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

/// The size and alignment of CUtensorMap.
static constexpr int64_t kMapBytes = 128, kMapAlignment = 64;

static void markArgument(BlockArgument argument) {
  auto function =
      dyn_cast<LLVM::LLVMFuncOp>(argument.getOwner()->getParentOp());
  if (!function || argument.getOwner() != &function.getBody().front())
    return;
  MLIRContext *context = function.getContext();
  unsigned number = argument.getArgNumber();
  auto type = LLVM::LLVMArrayType::get(IntegerType::get(context, 8), kMapBytes);
  function.setArgAttr(number, LLVM::LLVMDialect::getByValAttrName(),
                      TypeAttr::get(type));
  function.setArgAttr(
      number, LLVM::LLVMDialect::getAlignAttrName(),
      IntegerAttr::get(IntegerType::get(context, 64), kMapAlignment));
  function.setArgAttr(number, NVVM::NVVMDialect::getGridConstantAttrName(),
                      UnitAttr::get(context));
}

namespace {
struct PassTensorMapsPass
    : public dsa::impl::PassTensorMapsPassBase<PassTensorMapsPass> {
  void runOnOperation() override {
    getOperation()->walk([](NVVM::CpAsyncBulkTensorGlobalToSharedClusterOp op) {
      if (auto argument = dyn_cast<BlockArgument>(op.getTmaDescriptor()))
        markArgument(argument);
    });
  }
};
} // namespace
