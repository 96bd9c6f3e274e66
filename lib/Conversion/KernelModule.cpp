//===- KernelModule.cpp - Where kernels go --------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelModule.h"
#include "dsa/Dialect/DSA/IR/DSA.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::dsa;

gpu::GPUModuleOp dsa::getOrCreateKernelModule(RewriterBase &rewriter,
                                              ModuleOp module) {
  for (auto kernels : module.getOps<gpu::GPUModuleOp>())
    if (kernels->hasAttr(kKernelModuleAttrName))
      return kernels;
  std::string name = "kernels";
  while (module.lookupSymbol(name))
    name += "_";
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToEnd(module.getBody());
  auto kernels = gpu::GPUModuleOp::create(rewriter, module.getLoc(), name);
  kernels->setAttr(kKernelModuleAttrName, rewriter.getUnitAttr());
  if (Attribute target = module->getAttr(kTargetAttrName))
    kernels.setTargetsAttr(rewriter.getArrayAttr({target}));
  return kernels;
}

std::string dsa::getKernelStem(StringRef function) {
  std::string stem;
  for (char c : function)
    stem += llvm::isAlnum(c) || c == '_' ? c : '_';
  return llvm::isDigit(stem.front()) ? "_" + stem : stem;
}
