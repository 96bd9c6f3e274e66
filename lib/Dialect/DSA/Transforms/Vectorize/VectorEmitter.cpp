//===- VectorEmitter.cpp - The vector form of a structured op -------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VectorEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::dsa;

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

void VectorEmitter::forSegment(unsigned loop, Segment segment,
                               function_ref<void()> body) {
  Value begin = arith::ConstantIndexOp::create(b, segment.begin);
  if (segment.begin + segment.step >= segment.end) {
    ivs[loop] = begin;
    return body();
  }
  Value end = arith::ConstantIndexOp::create(b, segment.end);
  Value step = arith::ConstantIndexOp::create(b, segment.step);
  auto forOp = scf::ForOp::create(b, begin, end, step);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(forOp.getBody());
  ivs[loop] = forOp.getInductionVar();
  body();
}

SmallVector<VectorEmitter::Segment>
VectorEmitter::split(int64_t extent, int64_t widest, bool halving) {
  SmallVector<Segment> segments;
  int64_t begin = 0;
  for (int64_t step = widest; begin < extent;
       step = halving ? step / 2 : extent - begin) {
    int64_t end = begin + (extent - begin) / step * step;
    if (end > begin)
      segments.push_back({begin, end, step});
    begin = end;
  }
  return segments;
}

/// Parallel loops, then the jammed one, then lanes.
void VectorEmitter::emitParallel(unsigned position) {
  if (position < roles.parallel.size()) {
    unsigned loop = roles.parallel[position];
    return forSegment(loop, {0, roles.extents[loop], 1},
                      [&] { emitParallel(position + 1); });
  }
  int64_t laneExtent = roles.extents[roles.lane];
  SmallVector<Segment> laneSegments =
      split(laneExtent, lanes * unroll, /*halving=*/true);
  auto emitLanes = [&](int64_t rows) {
    for (Segment segment : laneSegments) {
      int64_t width = std::min(segment.step, lanes);
      if (roles.reducesLanes) {
        emitBlock(rows, width, segment.step / width, segment);
        continue;
      }
      forSegment(roles.lane, segment, [&] {
        emitBlock(rows, width, segment.step / width, std::nullopt);
      });
    }
  };
  if (!roles.jam)
    return emitLanes(1);
  for (Segment segment :
       split(roles.extents[*roles.jam], jam, /*halving=*/false))
    forSegment(*roles.jam, segment, [&] { emitLanes(segment.step); });
}

SmallVector<Value> VectorEmitter::emitReductions(
    unsigned position, ArrayRef<Value> accumulators,
    function_ref<SmallVector<Value>(ValueRange)> innermost) {
  if (position == roles.reductions.size())
    return innermost(ValueRange(accumulators));
  unsigned loop = roles.reductions[position];
  Value zero = arith::ConstantIndexOp::create(b, 0);
  Value one = arith::ConstantIndexOp::create(b, 1);
  Value end = arith::ConstantIndexOp::create(b, roles.extents[loop]);
  auto forOp = scf::ForOp::create(b, zero, end, one, accumulators);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(forOp.getBody());
  ivs[loop] = forOp.getInductionVar();
  scf::YieldOp::create(
      b, emitReductions(position + 1,
                        llvm::to_vector_of<Value>(forOp.getRegionIterArgs()),
                        innermost));
  return forOp.getResults();
}

//===----------------------------------------------------------------------===//
// One block of accumulators
//===----------------------------------------------------------------------===//

void VectorEmitter::emitBlock(int64_t rows, int64_t width, int64_t vectors,
                              std::optional<Segment> lanesToReduce) {
  this->rows = rows;
  this->width = width;
  this->vectors = vectors;
  loaded.clear();
  splats.clear();
  unsigned outNumber = op->getNumOperands() - 1;
  Value out = op->getOperand(outNumber);
  AffineMap outMap = op.getIndexingMapsArray()[outNumber];
  Type elementType = getElementTypeOrSelf(out.getType());

  SmallVector<Value> accumulators;
  if (lanesToReduce) {
    Value zero =
        arith::ConstantOp::create(b, b.getZeroAttr(getVectorType(elementType)));
    accumulators.assign(rows * vectors, zero);
    Value begin = arith::ConstantIndexOp::create(b, lanesToReduce->begin);
    Value end = arith::ConstantIndexOp::create(b, lanesToReduce->end);
    Value step = arith::ConstantIndexOp::create(b, lanesToReduce->step);
    auto forOp = scf::ForOp::create(b, begin, end, step, accumulators);
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(forOp.getBody());
      ivs[roles.lane] = forOp.getInductionVar();
      scf::YieldOp::create(b, emitBodies(forOp.getRegionIterArgs()));
    }
    for (int64_t row = 0; row < rows; ++row) {
      SmallVector<Value> indices = getIndices(outMap, row, 0);
      Value sum = forOp.getResult(row * vectors);
      for (int64_t vector = 1; vector < vectors; ++vector)
        sum = arith::AddFOp::create(b, sum,
                                    forOp.getResult(row * vectors + vector));
      // Reassociation means a fixed tree of shuffles here.
      // The next segment goes on with what this one stores.
      Value first = start;
      if (!start || lanesToReduce->begin != 0)
        first = memref::LoadOp::create(b, out, indices);
      Value total =
          vector::ReductionOp::create(b, vector::CombiningKind::ADD, sum, first,
                                      arith::FastMathFlags::reassoc);
      memref::StoreOp::create(b, total, out, indices);
    }
    return;
  }

  for (int64_t row = 0; row < rows; ++row)
    for (int64_t vector = 0; vector < vectors; ++vector)
      accumulators.push_back(start ? vectorized(start)
                                   : loadOperand(outNumber, row, vector));
  loaded.clear();
  SmallVector<Value> results =
      emitReductions(0, accumulators, [&](ValueRange accumulators) {
        return emitBodies(accumulators);
      });
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t vector = 0; vector < vectors; ++vector)
      vector::StoreOp::create(b, results[row * vectors + vector], out,
                              getIndices(outMap, row, vector));
}

SmallVector<Value> VectorEmitter::emitBodies(ValueRange accumulators) {
  SmallVector<Value> results;
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t vector = 0; vector < vectors; ++vector)
      results.push_back(
          emitBody(row, vector, accumulators[row * vectors + vector]));
  return results;
}

Value VectorEmitter::emitBody(int64_t row, int64_t vector, Value accumulator) {
  Block &body = *op.getBlock();
  DenseMap<Value, Value> mapping;
  for (auto [number, argument] :
       llvm::enumerate(body.getArguments().drop_back()))
    if (!argument.use_empty())
      mapping[argument] = loadOperand(number, row, vector);
  mapping[body.getArguments().back()] = accumulator;
  auto lookup = [&](Value value) {
    auto found = mapping.find(value);
    return found == mapping.end() ? vectorized(value) : found->second;
  };
  for (Operation &inner : body.without_terminator()) {
    if (inner.hasTrait<OpTrait::ConstantLike>()) {
      mapping[inner.getResult(0)] = vector::BroadcastOp::create(
          b, getVectorType(inner.getResult(0).getType()),
          b.clone(inner)->getResult(0));
      continue;
    }
    OperationState state(inner.getLoc(), inner.getName());
    state.addOperands(llvm::map_to_vector(inner.getOperands(), lookup));
    state.addTypes(getVectorType(inner.getResult(0).getType()));
    state.attributes = inner.getAttrs();
    state.propertiesAttr = inner.getPropertiesAsAttribute();
    mapping[inner.getResult(0)] = b.create(state)->getResult(0);
  }
  return lookup(body.getTerminator()->getOperand(0));
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

bool VectorEmitter::uses(AffineMap map, std::optional<unsigned> loop) const {
  return loop && map.isFunctionOfDim(*loop);
}

SmallVector<Value> VectorEmitter::getIndices(AffineMap map, int64_t row,
                                             int64_t vector) {
  SmallVector<Value> indices;
  for (AffineExpr expr : map.getResults()) {
    unsigned loop = cast<AffineDimExpr>(expr).getPosition();
    int64_t offset = 0;
    if (loop == roles.lane)
      offset = vector * width;
    else if (loop == roles.jam)
      offset = row;
    Value index = ivs[loop];
    if (offset)
      index = arith::AddIOp::create(b, index,
                                    arith::ConstantIndexOp::create(b, offset));
    indices.push_back(index);
  }
  return indices;
}

Value VectorEmitter::loadOperand(unsigned number, int64_t row, int64_t vector) {
  Value operand = op->getOperand(number);
  AffineMap map = op.getIndexingMapsArray()[number];
  bool hasLanes = uses(map, roles.lane);
  if (!hasLanes)
    vector = 0;
  if (!uses(map, roles.jam))
    row = 0;
  Value &known = loaded[{number, row, vector}];
  if (known)
    return known;
  SmallVector<Value> indices = getIndices(map, row, vector);
  VectorType type = getVectorType(getElementTypeOrSelf(operand.getType()));
  if (hasLanes)
    return known = vector::LoadOp::create(b, type, operand, indices);
  if (isa<MemRefType>(operand.getType()))
    operand = memref::LoadOp::create(b, operand, indices);
  return known = vector::BroadcastOp::create(b, type, operand);
}

Value VectorEmitter::vectorized(Value scalar) {
  Value &known = splats[scalar];
  if (!known)
    known =
        vector::BroadcastOp::create(b, getVectorType(scalar.getType()), scalar);
  return known;
}
