//===- StripNames.cpp - Remove what only tools read -----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Dialect/DSA/Transforms/Passes.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_STRIPNAMESPASS
#include "dsa/Dialect/DSA/Transforms/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

namespace {
struct StripNamesPass : public dsa::impl::StripNamesPassBase<StripNamesPass> {
  void runOnOperation() override {
    StringAttr name = StringAttr::get(&getContext(), kNameAttrName);
    getOperation()->walk([&](FunctionOpInterface function) {
      for (unsigned i = 0, e = function.getNumArguments(); i < e; ++i)
        function.removeArgAttr(i, name);
      for (unsigned i = 0, e = function.getNumResults(); i < e; ++i)
        function.removeResultAttr(i, name);
    });
  }
};
} // namespace
