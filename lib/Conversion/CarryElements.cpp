//===- CarryElements.cpp - Elements, not vectors, through loops -----------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Conversion/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_CARRYELEMENTSPASS
#include "dsa/Conversion/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;

/// Whether elements of a vector have a register each anyhow: those of narrower
/// ones share some.
static bool isSplit(Type type) {
  auto vector = dyn_cast<VectorType>(type);
  return vector && vector.getRank() == 1 && !vector.isScalable() &&
         vector.getElementType().isIntOrFloat() &&
         vector.getElementTypeBitWidth() == 32;
}

static void appendTypes(Type type, SmallVectorImpl<Type> &types) {
  if (isSplit(type))
    types.append(cast<VectorType>(type).getDimSize(0),
                 cast<VectorType>(type).getElementType());
  else
    types.push_back(type);
}

/// The elements of vectors among `values`, and the others as they are.
static SmallVector<Value> unpack(OpBuilder &b, Location loc,
                                 ValueRange values) {
  SmallVector<Value> elements;
  for (Value value : values) {
    SplatElementsAttr same;
    if (!isSplit(value.getType())) {
      elements.push_back(value);
    } else if (auto packed = value.getDefiningOp<vector::FromElementsOp>()) {
      llvm::append_range(elements, packed.getElements());
    } else if (matchPattern(value, m_Constant(&same))) {
      Value element = arith::ConstantOp::create(
          b, loc, cast<TypedAttr>(same.getSplatValue<Attribute>()));
      elements.append(same.getNumElements(), element);
    } else {
      llvm::append_range(
          elements, vector::ToElementsOp::create(b, loc, value).getElements());
    }
  }
  return elements;
}

/// Values of `types` of their elements.
static SmallVector<Value> pack(OpBuilder &b, Location loc, TypeRange types,
                               ValueRange elements) {
  SmallVector<Value> values;
  for (Type type : types) {
    size_t count = isSplit(type) ? cast<VectorType>(type).getDimSize(0) : 1;
    ValueRange own = elements.take_front(count);
    elements = elements.drop_front(count);
    values.push_back(isSplit(type)
                         ? vector::FromElementsOp::create(b, loc, type, own)
                         : own.front());
  }
  return values;
}

static void splitYield(Block &block) {
  auto yield = cast<scf::YieldOp>(block.getTerminator());
  OpBuilder b(yield);
  yield.getResultsMutable().assign(
      unpack(b, yield.getLoc(), yield.getResults()));
}

/// Results of `op` of those of `split`, which gives their elements.
static void replace(Operation *op, Operation *split) {
  OpBuilder b(op->getContext());
  b.setInsertionPointAfter(split);
  op->replaceAllUsesWith(
      pack(b, op->getLoc(), op->getResultTypes(), split->getResults()));
  op->erase();
}

static void split(scf::ForOp loop) {
  OpBuilder b(loop);
  Location loc = loop.getLoc();
  auto carrying =
      scf::ForOp::create(b, loc, loop.getLowerBound(), loop.getUpperBound(),
                         loop.getStep(), unpack(b, loc, loop.getInitArgs()));
  carrying->setDiscardableAttrs(loop->getDiscardableAttrDictionary());
  Block *body = carrying.getBody();
  b.setInsertionPointToEnd(body);
  SmallVector<Value> arguments = {carrying.getInductionVar()};
  llvm::append_range(arguments, pack(b, loc, loop.getResultTypes(),
                                     carrying.getRegionIterArgs()));
  IRRewriter rewriter(loop.getContext());
  rewriter.inlineBlockBefore(loop.getBody(), body, body->end(), arguments);
  splitYield(*body);
  replace(loop, carrying);
}

static void split(scf::IfOp branch) {
  OpBuilder b(branch);
  SmallVector<Type> types;
  for (Type type : branch.getResultTypes())
    appendTypes(type, types);
  auto giving =
      scf::IfOp::create(b, branch.getLoc(), types, branch.getCondition());
  for (auto [from, to] :
       llvm::zip(branch->getRegions(), giving->getRegions())) {
    to.takeBody(from);
    splitYield(to.front());
  }
  replace(branch, giving);
}

/// Elements of what has been packed are at hand.
static void forward(gpu::GPUFuncOp kernel) {
  SmallVector<Operation *> dead;
  kernel.walk([&](vector::ToElementsOp op) {
    auto packed = op.getSource().getDefiningOp<vector::FromElementsOp>();
    if (!packed)
      return;
    op->replaceAllUsesWith(packed.getElements());
    dead.push_back(op);
  });
  for (Operation *op : dead)
    op->erase();
  dead.clear();
  kernel.walk([&](vector::FromElementsOp op) {
    if (op.use_empty())
      dead.push_back(op);
  });
  for (Operation *op : dead)
    op->erase();
}

namespace {
struct CarryElementsPass
    : public dsa::impl::CarryElementsPassBase<CarryElementsPass> {
  void runOnOperation() override {
    getOperation()->walk([&](gpu::GPUFuncOp kernel) {
      SmallVector<Operation *> ops;
      // From within, so that what is split is whole.
      kernel.walk([&](Operation *op) {
        if (isa<scf::ForOp, scf::IfOp>(op) &&
            llvm::any_of(op->getResultTypes(), isSplit))
          ops.push_back(op);
      });
      for (Operation *op : ops)
        TypeSwitch<Operation *>(op).Case<scf::ForOp, scf::IfOp>(
            [](auto op) { split(op); });
      forward(kernel);
    });
  }
};
} // namespace
