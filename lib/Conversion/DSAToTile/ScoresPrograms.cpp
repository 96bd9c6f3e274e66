//===- ScoresPrograms.cpp - Which programs score which keys ---------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "ScoresKernel.h"
#include "dsa/Dialect/DSATile/IR/ConcurrentLoops.h"
#include "dsa/Dialect/DSATile/IR/Registers.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

static constexpr int64_t kBlockKeys = ScoresScheduleAttr::kBlockKeys;

/// The keys, from and to, whose scores programs write, or nobody reads.
std::pair<Value, Value> ScoresKernel::getSeenKeys(Value row) {
  Value lo = zero, hi = keys;
  auto clamp = [&](Value memref, Value least) -> Value {
    Value bound = arith::IndexCastOp::create(
        b, b.getIndexType(), memref::LoadOp::create(b, memref, row));
    return arith::MinSIOp::create(b, arith::MaxSIOp::create(b, bound, least),
                                  keys);
  };
  if (op.getLo() && !isReadInsideBounds(op)) {
    lo = clamp(op.getLo(), zero);
    hi = clamp(op.getHi(), lo);
  }
  if (op.getSeq()) {
    Value number = arith::IndexCastOp::create(
        b, b.getIndexType(), memref::LoadOp::create(b, op.getSeq(), row));
    hi = arith::SelectOp::create(b, source.hasSequence(number), hi, lo);
  }
  return {lo, hi};
}

/// −inf for keys that a row does not see: programs write the others.
void ScoresKernel::fillOutsideOfBounds() {
  Value scores = op.getInits()[0];
  Value rowCount = memref::DimOp::create(b, scores, 0);
  auto perRow = scf::ForallOp::create(b, ArrayRef<OpFoldResult>{rowCount},
                                      ValueRange(), std::nullopt);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(perRow.getBody());
  Value row = perRow.getInductionVar(0);
  auto [lo, hi] = getSeenKeys(row);
  Type element = getElementTypeOrSelf(scores.getType());
  Value infinity = arith::ConstantOp::create(
      b,
      b.getFloatAttr(
          element, APFloat::getInf(cast<FloatType>(element).getFloatSemantics(),
                                   /*Negative=*/true)));
  auto fill = [&](Value first, Value count) {
    auto perKey = scf::ParallelOp::create(
        b, ValueRange(zero), ValueRange(count), ValueRange(constant(1)));
    OpBuilder::InsertionGuard inner(b);
    b.setInsertionPointToStart(perKey.getBody());
    Value key = arith::AddIOp::create(b, first, perKey.getInductionVars()[0]);
    memref::StoreOp::create(b, infinity, scores, ValueRange{row, key});
  };
  fill(zero, lo);
  Value count = memref::DimOp::create(b, scores, 1);
  fill(hi, arith::SubIOp::create(b, count, hi));
}

std::pair<Value, Value> ScoresKernel::getKeyRange(Value row, Value begin,
                                                  Value sequence) {
  Value end =
      arith::MinSIOp::create(b, keys, arith::AddIOp::create(b, begin, share));
  if (!op.getLo())
    return {begin, end};
  Value last = arith::SubIOp::create(b, memref::DimOp::create(b, op.getQ(), 0),
                                     constant(1));
  Value least, most;
  for (int64_t i = 0; i < rows; ++i) {
    Value number = arith::MinSIOp::create(
        b, arith::AddIOp::create(b, row, constant(i)), last);
    Value lo = memref::LoadOp::create(b, op.getLo(), number);
    Value hi = memref::LoadOp::create(b, op.getHi(), number);
    if (sequence) {
      Value isSame = arith::CmpIOp::create(
          b, arith::CmpIPredicate::eq,
          memref::LoadOp::create(b, op.getSeq(), number), sequence);
      auto keep = [&](Value bound, int32_t other) -> Value {
        return arith::SelectOp::create(
            b, isSame, bound, arith::ConstantIntOp::create(b, other, 32));
      };
      lo = keep(lo, INT32_MAX);
      hi = keep(hi, 0);
    }
    least = i ? arith::MinSIOp::create(b, least, lo) : lo;
    most = i ? arith::MaxSIOp::create(b, most, hi) : hi;
  }
  auto toIndex = [&](Value value) -> Value {
    return arith::IndexCastOp::create(b, b.getIndexType(), value);
  };
  Value first = arith::MaxSIOp::create(b, begin, toIndex(least));
  // Down to a whole tile, so that tiles of all programs are the same.
  Value block = constant(kBlockKeys);
  first =
      arith::MulIOp::create(b, arith::DivUIOp::create(b, first, block), block);
  return {first, arith::MinSIOp::create(b, end, toIndex(most))};
}

/// Blocks take programs by turns; where the last turn would leave many idle,
/// there are more, smaller ones. Beside other kernels there is one turn, which
/// leaves them some processors: smaller ones would only begin and end oftener.
Value ScoresKernel::divideKeys(Value rowBlocks) {
  auto most = [&](Value left, Value right) -> Value {
    return arith::MaxUIOp::create(b, left, right);
  };
  auto divideUp = [&](Value left, Value right) -> Value {
    return arith::CeilDivUIOp::create(b, left, right);
  };
  Value splits = divideUp(keys, constant(schedule.getSplitKeys()));
  if (int64_t count = schedule.getBlocks()) {
    Value blocks = constant(count);
    Value turns = divideUp(arith::MulIOp::create(b, rowBlocks, splits), blocks);
    Value room = arith::MulIOp::create(b, turns, blocks);
    Value one = constant(1), someBlocks = most(rowBlocks, one);
    room = arith::DivUIOp::create(b, room, someBlocks);
    splits = most(splits, room);
    if (scf::ForOp loop = findConcurrentLoop(op)) {
      Value own = arith::DivUIOp::create(
          b, constant(count - count / kOthersShare), someBlocks);
      Value isAlone = arith::CmpIOp::create(b, arith::CmpIPredicate::sle,
                                            countConcurrent(b, loop), one);
      splits = arith::SelectOp::create(b, isAlone, splits, own);
    }
    if (schedule.getWholeRows()) {
      Value all = arith::MulIOp::create(b, divideUp(rowBlocks, blocks), blocks);
      Value idle = arith::SubIOp::create(b, all, rowBlocks);
      Value isFull = arith::CmpIOp::create(
          b, arith::CmpIPredicate::sle,
          arith::MulIOp::create(b, idle, constant(schedule.kMostIdle)), all);
      splits = arith::SelectOp::create(b, isFull, one, splits);
    }
  }
  Value block = constant(kBlockKeys);
  share = divideUp(divideUp(keys, most(splits, constant(1))), block);
  share = arith::MulIOp::create(b, most(share, constant(1)), block);
  return divideUp(keys, share);
}

/// Blocks that end make room for other kernels.
bool ScoresKernel::isResident() {
  return !schedule.getWholeRows() && !findConcurrentLoop(op);
}

KernelAttr ScoresKernel::getKernel() {
  return KernelAttr::get(
      b.getContext(), 1, schedule.getGroups(),
      /*load_warps=*/4, isResident() ? schedule.getBlocks() : 0,
      getRegisterSplit(
          b.getContext(), schedule.getGroups(),
          getScoresLoadRegisters(bool(op.getSeq()), bool(op.getTable()))),
      schedule.getOrdered(), /*cluster=*/1);
}

void ScoresKernel::prepare() {
  if (op.getSeq() || op.getTable() || (op.getLo() && !isReadInsideBounds(op)))
    fillOutsideOfBounds();
}

void ScoresKernel::build() {
  keys = source.countKeys();
  prepare();
  Value rowBlocks = arith::CeilDivUIOp::create(
      b, memref::DimOp::create(b, op.getQ(), 0), constant(rows));
  Value splits = divideKeys(rowBlocks);
  scf::ForallOp programs = createPrograms(b, {splits, rowBlocks}, getKernel());
  Value begin = arith::MulIOp::create(b, programs.getInductionVar(0), share);
  Value number = programs.getInductionVar(1);
  if (schedule.getWholeRows()) {
    Value last = arith::SubIOp::create(b, rowBlocks, constant(1));
    number = arith::SubIOp::create(b, last, number);
  }
  Value row = arith::MulIOp::create(b, number, constant(rows));
  end(row, buildProgram(row, begin, this->begin()));
}
