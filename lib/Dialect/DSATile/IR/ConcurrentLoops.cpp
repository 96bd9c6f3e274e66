//===- ConcurrentLoops.cpp - Iterations at the same time ------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSATile/IR/ConcurrentLoops.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

int64_t dsa_tile::getConcurrency(scf::ForOp loop) {
  auto count = loop->getAttrOfType<IntegerAttr>(kConcurrentAttrName);
  return count ? count.getInt() : 1;
}

scf::ForOp dsa_tile::findConcurrentLoop(Operation *op) {
  auto loop = op->getParentOfType<scf::ForOp>();
  while (loop && getConcurrency(loop) == 1)
    loop = loop->getParentOfType<scf::ForOp>();
  return loop;
}

Value dsa_tile::countConcurrent(ImplicitLocOpBuilder &b, scf::ForOp loop) {
  Value most = arith::ConstantIndexOp::create(b, getConcurrency(loop));
  return arith::MinUIOp::create(b, most, loop.getUpperBound());
}
