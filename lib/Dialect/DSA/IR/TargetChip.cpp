//===- TargetChip.cpp - What a module is compiled for ---------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/TargetChip.h"
#include "dsa/Dialect/DSA/IR/DSA.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using namespace mlir::dsa;

static NVVM::NVVMTargetAttr getTarget(Operation *op) {
  auto module = dyn_cast<ModuleOp>(op);
  if (!module)
    module = op->getParentOfType<ModuleOp>();
  return module ? module->getAttrOfType<NVVM::NVVMTargetAttr>(kTargetAttrName)
                : NVVM::NVVMTargetAttr();
}

const Chip *dsa::findTargetChip(Operation *op) {
  NVVM::NVVMTargetAttr target = getTarget(op);
  return target ? findChip(target.getChip()) : nullptr;
}

FailureOr<const Chip *> dsa::getTargetChip(Operation *module) {
  if (const Chip *chip = findTargetChip(module))
    return chip;
  NVVM::NVVMTargetAttr target = getTarget(module);
  return module->emitError("expected a module compiled for a known chip "
                           "(-dsa-attach-target), but found ")
         << (target ? "'" + target.getChip().str() + "'" : "none");
}
