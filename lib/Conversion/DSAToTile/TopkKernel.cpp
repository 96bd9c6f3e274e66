//===- TopkKernel.cpp - Loops, scores and their ranks ---------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TopkKernel.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include <limits>

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;
using arith::CmpIPredicate;

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

SmallVector<Value>
TopkKernel::ifElse(Value condition, ValueRange otherwise,
                   function_ref<SmallVector<Value>()> build) {
  SmallVector<Type> types(otherwise.getTypes());
  auto branch = scf::IfOp::create(b, types, condition, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, otherwise);
  b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(b, build());
  return SmallVector<Value>(branch.getResults());
}

SmallVector<Value>
TopkKernel::forEach(Value begin, Value end, int64_t step, ValueRange inits,
                    function_ref<SmallVector<Value>(Value, ValueRange)> build) {
  auto loop = scf::ForOp::create(b, begin, end, index(step), inits);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> results =
      build(loop.getInductionVar(), loop.getRegionIterArgs());
  if (!inits.empty())
    scf::YieldOp::create(b, results);
  return SmallVector<Value>(loop.getResults());
}

//===----------------------------------------------------------------------===//
// Scores and ranks
//===----------------------------------------------------------------------===//

TopkKernel::Range TopkKernel::getBounds(Value row) {
  auto type = cast<MemRefType>(op.getScores().getType());
  Range all = {zero,
               memref::DimOp::create(b, op.getScores(), type.getRank() - 1)};
  if (!op.getLo())
    return all;
  auto get = [&](Value bounds) {
    return toIndex(memref::LoadOp::create(b, bounds, row));
  };
  Value begin = clamp(get(op.getLo()), all);
  return {begin, clamp(get(op.getHi()), {begin, all.end})};
}

void TopkKernel::findForced(Value row) {
  if (auto window = op.getWindow()) {
    Value position = toIndex(memref::LoadOp::create(b, op.getPositions(), row));
    forced.push_back({clamp(sub(position, index((*window)[0])), visible),
                      clamp(add(position, index((*window)[1] + 1)), visible)});
  }
  if (int64_t count = op.getFirst().value_or(0))
    forced.push_back(
        {visible.begin, clamp(add(visible.begin, index(count)), visible)});
}

/// The last column up to `column` where a piece of a tile may begin: further
/// left, even in the row before, by less than a piece.
Value TopkKernel::alignDown(Value column) {
  int64_t bytes = element.getWidth() / 8;
  Value address = memref::ExtractAlignedPointerAsIndexOp::create(b, scores);
  address =
      add(address, arith::MulIOp::create(b, add(first, column), index(bytes)));
  Value excess =
      arith::RemUIOp::create(b, address, index(StripedAttr::kPiece * bytes));
  return sub(column, arith::DivUIOp::create(b, excess, index(bytes)));
}

/// A tile of scores, of which those from `end` on are not read.
Value TopkKernel::loadScores(Value column, Value end) {
  Value seen = memref::ReinterpretCastOp::create(
      b, cast<MemRefType>(scores.getType()), scores,
      OpFoldResult(b.getIndexAttr(0)),
      ArrayRef<OpFoldResult>{OpFoldResult(add(first, end))},
      ArrayRef<OpFoldResult>{b.getIndexAttr(1)});
  return load(seen, add(first, column), block);
}

Value TopkKernel::isInside(Value column, const Range &range) {
  Value begin = splat(column, toI32(range.begin));
  Value extent = splat(column, toI32(sub(range.end, range.begin)));
  return compare(CmpIPredicate::ult, sub(column, begin), extent);
}

/// Without columns, of scores alone.
Value TopkKernel::rank(Value scores, Value column) {
  auto type = cast<RankedTensorType>(scores.getType());
  auto f32 = type.clone(b.getF32Type()), i32Tile = type.clone(b.getI32Type());
  auto constant = [&](RankedTensorType type, Attribute value) -> Value {
    return arith::ConstantOp::create(b, DenseElementsAttr::get(type, value));
  };
  if (type != f32)
    scores = arith::ExtFOp::create(b, f32, scores);
  // Both zeros become +0.
  scores =
      arith::AddFOp::create(b, scores, constant(f32, b.getF32FloatAttr(0)));
  Value bits = arith::BitcastOp::create(b, i32Tile, scores);
  Value sign = arith::ShRSIOp::create(
      b, bits, constant(i32Tile, b.getI32IntegerAttr(31)));
  Value least = constant(
      i32Tile, b.getI32IntegerAttr(std::numeric_limits<int32_t>::min()));
  Value rank = arith::XOrIOp::create(b, bits, either(sign, least));
  // Ordered and greater: neither NaN nor −inf.
  Value selectable = arith::CmpFOp::create(
      b, arith::CmpFPredicate::OGT, scores,
      constant(f32,
               b.getF32FloatAttr(-std::numeric_limits<float>::infinity())));
  if (column) {
    selectable = both(selectable, isInside(column, own));
    for (const Range &range : forced)
      rank = choose(isInside(column, range),
                    constant(i32Tile, b.getI32IntegerAttr(-1)), rank);
  }
  return choose(selectable, rank, constant(i32Tile, b.getI32IntegerAttr(0)));
}
