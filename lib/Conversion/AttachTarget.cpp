//===- AttachTarget.cpp - Say what chip a module is compiled for ----------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Conversion/Passes.h"
#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Target/Chip.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_ATTACHTARGETPASS
#include "dsa/Conversion/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

namespace {
struct AttachTargetPass
    : public dsa::impl::AttachTargetPassBase<AttachTargetPass> {
  using AttachTargetPassBase::AttachTargetPassBase;

  void runOnOperation() override {
    const Chip *known = findChip(chip);
    if (!known) {
      getOperation().emitError("expected chip to be one of ")
          << getChipNames() << ", but found '" << chip << "'";
      return signalPassFailure();
    }
    getOperation()->setAttr("dsa.target", NVVM::NVVMTargetAttr::get(
                                              &getContext(), /*optLevel=*/3,
                                              "nvptx64-nvidia-cuda",
                                              known->name, known->ptxFeature));
  }
};
} // namespace
