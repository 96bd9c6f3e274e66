//===- AssertSizes.cpp - Sizes that must agree when code runs -------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Dialect/DSA/IR/NamedOperands.h"
#include "dsa/Dialect/DSA/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_ASSERTSIZESPASS
#include "dsa/Dialect/DSA/Transforms/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

/// Asserts, before `outermost`, that the operands of `op` that exist there
/// agree about each of their sizes.
static void assertSizes(Operation *op, Operation *outermost) {
  struct Seen {
    StringRef operand;
    OpFoldResult size;
  };
  llvm::StringMap<Seen> sizes;
  ImplicitLocOpBuilder b(op->getLoc(), outermost);
  // What a scorer computes has the rows of its selection.
  if (op != outermost)
    sizes["T"] = {"outs indices",
                  memref::getMixedSize(b, op->getLoc(),
                                       cast<SelectOp>(outermost).getInits()[0],
                                       0)};
  for (NamedOperand operand : getNamedOperands(op)) {
    Operation *scope = operand.value.getParentBlock()->getParentOp();
    if (!isa<MemRefType>(operand.value.getType()) ||
        outermost->isAncestor(scope))
      continue;
    for (auto [dim, symbol] : llvm::enumerate(operand.dims)) {
      OpFoldResult size =
          memref::getMixedSize(b, op->getLoc(), operand.value, dim);
      auto [known, isNew] = sizes.try_emplace(symbol, Seen{operand.name, size});
      if (isNew || isEqualConstantIntOrValue(known->second.size, size))
        continue;
      Value agree = arith::CmpIOp::create(
          b, arith::CmpIPredicate::eq,
          getValueOrCreateConstantIndexOp(b, op->getLoc(), known->second.size),
          getValueOrCreateConstantIndexOp(b, op->getLoc(), size));
      cf::AssertOp::create(b, agree,
                           (op->getName().getStringRef() + ": expected " +
                            symbol + " of '" + operand.name +
                            "' to be that of '" + known->second.operand + "'")
                               .str());
    }
  }
}

namespace {
struct AssertSizesPass
    : public dsa::impl::AssertSizesPassBase<AssertSizesPass> {
  void runOnOperation() override {
    SmallVector<RowOpInterface> ops;
    getOperation()->walk([&](RowOpInterface op) { ops.push_back(op); });
    for (RowOpInterface op : ops) {
      auto select = op->getParentOfType<SelectOp>();
      assertSizes(op, select ? select.getOperation() : op.getOperation());
    }
  }
};
} // namespace
