//===- LoopBuilder.cpp - Building loops over static tiles -----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoopBuilder.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::dsa;

int64_t dsa::padToVector(int64_t size) {
  constexpr int64_t lanes = 16;
  if (size < lanes)
    return llvm::PowerOf2Ceil(size);
  return llvm::alignTo(size, lanes);
}

//===----------------------------------------------------------------------===//
// Scalars
//===----------------------------------------------------------------------===//

Value LoopBuilder::index(int64_t value) {
  return arith::ConstantIndexOp::create(*this, value);
}
Value LoopBuilder::i32(int64_t value) {
  return arith::ConstantIntOp::create(*this, getI32Type(), value);
}
Value LoopBuilder::f32(double value) {
  return arith::ConstantOp::create(*this, getF32FloatAttr(value));
}
Value LoopBuilder::toIndex(Value value) {
  return arith::IndexCastOp::create(*this, getIndexType(), value);
}
Value LoopBuilder::add(Value a, Value b) {
  return arith::AddIOp::create(*this, a, b);
}
Value LoopBuilder::sub(Value a, Value b) {
  return arith::SubIOp::create(*this, a, b);
}
Value LoopBuilder::mul(Value a, Value b) {
  return arith::MulIOp::create(*this, a, b);
}
Value LoopBuilder::minimum(Value a, Value b) {
  return arith::MinSIOp::create(*this, a, b);
}
Value LoopBuilder::maximum(Value a, Value b) {
  return arith::MaxSIOp::create(*this, a, b);
}
Value LoopBuilder::ceilDiv(Value a, int64_t b) {
  return b == 1 ? a : arith::CeilDivUIOp::create(*this, a, index(b));
}
Value LoopBuilder::clamp(Value value, Value least, Value most) {
  return minimum(maximum(value, least), most);
}
Value LoopBuilder::bothOf(Value a, Value b) {
  return arith::AndIOp::create(*this, a, b);
}
Value LoopBuilder::eitherOf(Value a, Value b) {
  return arith::OrIOp::create(*this, a, b);
}
Value LoopBuilder::isWithin(Value value, Value least, Value end) {
  using arith::CmpIPredicate;
  return bothOf(arith::CmpIOp::create(*this, CmpIPredicate::sge, value, least),
                arith::CmpIOp::create(*this, CmpIPredicate::slt, value, end));
}
Value LoopBuilder::toFloat(Value value, Type type) {
  unsigned from = value.getType().getIntOrFloatBitWidth();
  unsigned to = type.getIntOrFloatBitWidth();
  if (from == to)
    return value;
  if (from < to)
    return arith::ExtFOp::create(*this, type, value);
  return arith::TruncFOp::create(*this, type, value);
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

Value LoopBuilder::dim(Value memref, int64_t dim) {
  auto type = cast<MemRefType>(memref.getType());
  if (!type.isDynamicDim(dim))
    return index(type.getDimSize(dim));
  return memref::DimOp::create(*this, memref, dim);
}

/// Scratch starts on a cache line, so that vectors do not straddle two.
static constexpr int64_t kScratchAlignment = 64;

Value LoopBuilder::scratch(ArrayRef<int64_t> shape, Type elementType) {
  return memref::AllocOp::create(*this, MemRefType::get(shape, elementType),
                                 ValueRange{},
                                 getI64IntegerAttr(kScratchAlignment));
}
Value LoopBuilder::scratch(Value size, Type elementType) {
  auto type = MemRefType::get({ShapedType::kDynamic}, elementType);
  return memref::AllocOp::create(*this, type, ValueRange{size},
                                 getI64IntegerAttr(kScratchAlignment));
}
Value LoopBuilder::load(Value memref, ValueRange indices) {
  return memref::LoadOp::create(*this, memref, indices);
}
void LoopBuilder::store(Value value, Value memref, ValueRange indices) {
  memref::StoreOp::create(*this, value, memref, indices);
}

Value LoopBuilder::part(Value memref, ArrayRef<OpFoldResult> offsets,
                        ArrayRef<OpFoldResult> sizes,
                        ArrayRef<int64_t> dropped) {
  SmallVector<OpFoldResult> strides(offsets.size(), getIndexAttr(1));
  SmallVector<int64_t> shape;
  for (auto [position, size] : llvm::enumerate(sizes))
    if (!llvm::is_contained(dropped, static_cast<int64_t>(position)))
      shape.push_back(isa<Attribute>(size) ? *getConstantIntValue(size)
                                           : ShapedType::kDynamic);
  auto type = cast<MemRefType>(memref::SubViewOp::inferRankReducedResultType(
      shape, cast<MemRefType>(memref.getType()), offsets, sizes, strides));
  return memref::SubViewOp::create(*this, type, memref, offsets, sizes,
                                   strides);
}

//===----------------------------------------------------------------------===//
// Control
//===----------------------------------------------------------------------===//

void LoopBuilder::forAll(ArrayRef<Value> bounds,
                         function_ref<void(LoopBuilder &, ValueRange)> body) {
  Operation *parent = getInsertionBlock()->getParentOp();
  if (isa<scf::ForallOp>(parent) || parent->getParentOfType<scf::ForallOp>()) {
    Value zero = index(0), one = index(1);
    SmallVector<Value> ivs;
    OpBuilder::InsertionGuard guard(*this);
    for (Value bound : bounds) {
      auto loop = scf::ForOp::create(*this, zero, bound, one);
      setInsertionPointToStart(loop.getBody());
      ivs.push_back(loop.getInductionVar());
    }
    body(*this, ivs);
    return;
  }
  auto loop = scf::ForallOp::create(*this, getAsOpFoldResult(bounds),
                                    /*outputs=*/ValueRange{},
                                    /*mapping=*/std::nullopt);
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPoint(loop.getTerminator());
  body(*this, loop.getInductionVars());
}

void LoopBuilder::forEach(Value begin, Value end, Value step,
                          function_ref<void(LoopBuilder &, Value)> body) {
  auto loop = scf::ForOp::create(*this, begin, end, step);
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(loop.getBody());
  body(*this, loop.getInductionVar());
}

SmallVector<Value> LoopBuilder::forEach(
    Value begin, Value end, Value step, ValueRange inits,
    function_ref<SmallVector<Value>(LoopBuilder &, Value, ValueRange)> body) {
  auto loop = scf::ForOp::create(*this, begin, end, step, inits);
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(loop.getBody());
  scf::YieldOp::create(
      *this, body(*this, loop.getInductionVar(), loop.getRegionIterArgs()));
  return loop.getResults();
}

void LoopBuilder::forElements(Value end,
                              function_ref<void(LoopBuilder &, Value)> body) {
  auto loop = scf::ParallelOp::create(*this, ValueRange{index(0)},
                                      ValueRange{end}, ValueRange{index(1)});
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(loop.getBody());
  body(*this, loop.getInductionVars()[0]);
}

Value LoopBuilder::sumOver(Value end,
                           function_ref<Value(LoopBuilder &, Value)> term) {
  Value zero = i32(0);
  auto loop =
      scf::ParallelOp::create(*this, ValueRange{index(0)}, ValueRange{end},
                              ValueRange{index(1)}, ValueRange{zero});
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(loop.getBody());
  Value value = term(*this, loop.getInductionVars()[0]);
  auto reduce = scf::ReduceOp::create(*this, ValueRange{value});
  Block &combine = reduce.getReductions()[0].front();
  setInsertionPointToEnd(&combine);
  scf::ReduceReturnOp::create(
      *this, add(combine.getArgument(0), combine.getArgument(1)));
  return loop.getResult(0);
}

void LoopBuilder::ifThen(Value condition,
                         function_ref<void(LoopBuilder &)> then,
                         function_ref<void(LoopBuilder &)> otherwise) {
  auto ifOp =
      scf::IfOp::create(*this, condition,
                        /*withElseRegion=*/static_cast<bool>(otherwise));
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(ifOp.thenBlock());
  then(*this);
  if (!otherwise)
    return;
  setInsertionPointToStart(ifOp.elseBlock());
  otherwise(*this);
}

//===----------------------------------------------------------------------===//
// Structured operations
//===----------------------------------------------------------------------===//

void LoopBuilder::fill(Value value, Value memref) {
  linalg::FillOp::create(*this, value, memref);
}

void LoopBuilder::generic(ValueRange ins, Value out,
                          ArrayRef<SmallVector<unsigned>> maps,
                          function_ref<Value(LoopBuilder &, ValueRange)> body) {
  generic(ins, ValueRange{out}, maps,
          [&](LoopBuilder &b, ValueRange args) -> SmallVector<Value> {
            return {body(b, args)};
          });
}

void LoopBuilder::generic(
    ValueRange ins, ValueRange outs, ArrayRef<SmallVector<unsigned>> maps,
    function_ref<SmallVector<Value>(LoopBuilder &, ValueRange)> body) {
  unsigned loops = 0;
  for (ArrayRef<unsigned> map : maps)
    for (unsigned loop : map)
      loops = std::max(loops, loop + 1);
  SmallVector<AffineMap> affineMaps;
  for (ArrayRef<unsigned> map : maps)
    affineMaps.push_back(
        AffineMap::getMultiDimMapWithTargets(loops, map, getContext()));
  SmallVector<utils::IteratorType> iterators(loops,
                                             utils::IteratorType::reduction);
  for (unsigned loop : maps.back())
    iterators[loop] = utils::IteratorType::parallel;
  linalg::GenericOp::create(
      *this, /*resultTensorTypes=*/TypeRange{}, ins, outs, affineMaps,
      iterators, [&](OpBuilder &nested, Location loc, ValueRange args) {
        LoopBuilder inner(loc, nested);
        linalg::YieldOp::create(nested, loc, body(inner, args));
      });
}
