//===- LoadAhead.cpp - Loads an iteration before they are needed ----------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoadAhead.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

Operation *dsa_tile::copyForIteration(ImplicitLocOpBuilder &b, scf::ForOp loop,
                                      Operation *load, Value iv) {
  SetVector<Operation *> needed;
  SmallVector<Value> worklist(load->getOperands());
  while (!worklist.empty()) {
    Value value = worklist.pop_back_val();
    if (llvm::is_contained(loop.getRegionIterArgs(), value))
      return nullptr;
    Operation *op = value.getDefiningOp();
    if (!op || op->getBlock() != loop.getBody() || !needed.insert(op))
      continue;
    if (!isMemoryEffectFree(op) || op->getNumRegions() != 0)
      return nullptr;
    llvm::append_range(worklist, op->getOperands());
  }
  IRMapping mapping;
  mapping.map(loop.getInductionVar(), iv);
  for (Operation &op : *loop.getBody())
    if (needed.contains(&op))
      b.clone(op, mapping);
  return b.clone(*load, mapping);
}

Value dsa_tile::getNextIteration(ImplicitLocOpBuilder &b, scf::ForOp loop) {
  Value iv = loop.getInductionVar();
  Value next = arith::AddIOp::create(b, iv, loop.getStep());
  Value exists = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, next,
                                       loop.getUpperBound());
  return arith::SelectOp::create(b, exists, next, iv);
}

scf::ForOp dsa_tile::carryLoad(scf::ForOp loop, Operation *load,
                               Operation *first, Operation *ahead) {
  IRRewriter rewriter(loop.getContext());
  DictionaryAttr attributes = loop->getDiscardableAttrDictionary();
  auto yield = [&](OpBuilder &, Location, ArrayRef<BlockArgument>) {
    return SmallVector<Value>{ahead->getResult(0)};
  };
  auto replaced = cast<scf::ForOp>(*loop.replaceWithAdditionalYields(
      rewriter, first->getResult(0),
      /*replaceInitOperandUsesInLoop=*/false, yield));
  replaced->setDiscardableAttrs(attributes);
  load->getResult(0).replaceAllUsesWith(replaced.getRegionIterArgs().back());
  load->erase();
  return replaced;
}
