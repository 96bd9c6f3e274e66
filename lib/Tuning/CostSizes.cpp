//===- CostSizes.cpp - The sizes that schedules are judged for ------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/NamedOperands.h"
#include "dsa/Tuning/CostModel.h"

using namespace mlir;
using namespace mlir::dsa;

CostSizes mlir::dsa::getStaticSizes(Operation *op, CostSizes sizes) {
  for (const NamedOperand &operand : getNamedOperands(op)) {
    auto type = cast<ShapedType>(operand.value.getType());
    for (auto [dim, symbol] : llvm::enumerate(operand.dims)) {
      if (type.isDynamicDim(dim))
        continue;
      if (symbol == "T")
        sizes.rows = type.getDimSize(dim);
      else if (symbol == "N")
        sizes.keys = type.getDimSize(dim);
    }
  }
  return sizes;
}

CostSizes mlir::dsa::getCausalSizes(Operation *op, int64_t rows, int64_t keys) {
  CostSizes sizes = {rows, keys, std::nullopt};
  bool isCausal = false;
  for (const NamedOperand &operand : getNamedOperands(op))
    isCausal |= operand.name == "hi" || operand.name == "positions";
  if (isCausal && rows <= keys)
    sizes.keysPerRow =
        static_cast<double>(keys) - static_cast<double>(rows - 1) / 2;
  return sizes;
}
