//===- AttentionMerge.cpp - Results of shares of keys ---------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AttentionMerge.h"
#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include <limits>
#include <numbers>

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

static constexpr float kMinusInf = -std::numeric_limits<float>::infinity();

namespace {
/// Builds the kernel of one operation.
class AttentionMerge {
public:
  AttentionMerge(ImplicitLocOpBuilder &b, const GatheredAttention &op,
                 const RowDivision &division, const AttentionShares &shares)
      : b(b), op(op), division(division), shares(shares),
        tile(RankedTensorType::get({kColumns}, b.getF32Type())) {}

  void build();

private:
  /// Columns of a tile: one piece for each thread of a warpgroup.
  static constexpr int64_t kColumns = 128 * StripedAttr::kPiece;
  /// Shares that a loop takes in at once, so that it waits for them together.
  static constexpr int64_t kAtOnce = 4;

  /// The number of a share among all rows', and whether it exists; if not, the
  /// number is that of the row's last one.
  struct Share {
    Value number, exists;
  };
  using Visit =
      function_ref<SmallVector<Value>(const Share &share, ValueRange carried)>;

  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  }
  Value f32(float value) {
    return arith::ConstantOp::create(b, b.getF32FloatAttr(value));
  }
  /// e to the power of `x`.
  Value power(Value x) {
    return math::Exp2Op::create(
        b, arith::MulFOp::create(b, x, f32(std::numbers::log2e_v<float>)));
  }
  Value scaled(Value columns, Value factor) {
    return arith::MulFOp::create(b, columns, SplatOp::create(b, tile, factor),
                                 arith::FastMathFlags::contract);
  }
  Value loadOfHead(Value values, const Share &share) {
    return memref::LoadOp::create(b, values, ValueRange{share.number, head});
  }

  SmallVector<Value> forEachShare(ValueRange inits, Visit visit);
  Value getLargest(Value values);
  Value loadColumns(const Share &share, Value column);
  void storeColumns(Value columns, Value column);
  void buildProgram(ValueRange program);

  ImplicitLocOpBuilder &b;
  const GatheredAttention &op;
  const RowDivision &division;
  const AttentionShares &shares;
  RankedTensorType tile;
  /// The program's row of results, the row's first share, and the head.
  Value row, first, head;
};
} // namespace

SmallVector<Value> AttentionMerge::forEachShare(ValueRange inits, Visit visit) {
  auto loop =
      scf::ForOp::create(b, index(0), division.parts, index(kAtOnce), inits);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value last = arith::SubIOp::create(b, division.parts, index(1));
  SmallVector<Value> carried(loop.getRegionIterArgs());
  for (int64_t i = 0; i < kAtOnce; ++i) {
    Value part = arith::AddIOp::create(b, loop.getInductionVar(), index(i));
    Value exists =
        arith::CmpIOp::create(b, arith::CmpIPredicate::sle, part, last);
    part = arith::MinUIOp::create(b, part, last);
    carried = visit({arith::AddIOp::create(b, first, part), exists}, carried);
  }
  scf::YieldOp::create(b, carried);
  return SmallVector<Value>(loop.getResults());
}

Value AttentionMerge::getLargest(Value values) {
  // The last one may count several times.
  return forEachShare(
      f32(kMinusInf),
      [&](const Share &share, ValueRange most) -> SmallVector<Value> {
        return {
            arith::MaximumFOp::create(b, most[0], loadOfHead(values, share))};
      })[0];
}

Value AttentionMerge::loadColumns(const Share &share, Value column) {
  return LoadOp::create(b, tile, shares.out,
                        ValueRange{share.number, head, column},
                        ArrayRef<int64_t>{1, 1, kColumns}, /*slots=*/1,
                        /*inside=*/op.valueWidth % kColumns == 0);
}

void AttentionMerge::storeColumns(Value columns, Value column) {
  Type element = getElementTypeOrSelf(op.out.getType());
  if (!element.isF32())
    columns = arith::TruncFOp::create(b, tile.clone(element), columns);
  StoreOp::create(b, columns, op.out, ValueRange{row, head, column}, Value(),
                  UnitAttr(), UnitAttr(),
                  b.getDenseI64ArrayAttr({1, 1, kColumns}));
}

void AttentionMerge::buildProgram(ValueRange program) {
  row = arith::AddIOp::create(b, division.whole, program[0]);
  first = arith::MulIOp::create(b, program[0], division.parts);
  head = program[1];
  Value largest = getLargest(shares.lse);
  Value isDead = arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, largest,
                                       f32(kMinusInf));
  // Finite, so that no difference of infinities arises.
  Value reference = arith::SelectOp::create(b, isDead, f32(0), largest);

  SmallVector<Value> columns;
  for (int64_t column = 0; column < op.valueWidth; column += kColumns)
    columns.push_back(index(column));
  SmallVector<Value> sums(columns.size(),
                          SplatOp::create(b, tile, f32(0)).getResult());
  sums.push_back(f32(0));
  auto add = [&](const Share &share, ValueRange carried) {
    Value weight = power(
        arith::SubFOp::create(b, loadOfHead(shares.lse, share), reference));
    weight = arith::SelectOp::create(b, share.exists, weight, f32(0));
    SmallVector<Value> added;
    for (auto [column, sum] : llvm::zip(columns, carried))
      added.push_back(arith::AddFOp::create(
          b, sum, scaled(loadColumns(share, column), weight),
          arith::FastMathFlags::contract));
    added.push_back(arith::AddFOp::create(b, carried.back(), weight));
    return added;
  };
  sums = forEachShare(sums, add);

  Value total = sums.pop_back_val();
  Value lse =
      arith::AddFOp::create(b, reference, math::LogOp::create(b, total));
  memref::StoreOp::create(
      b, arith::SelectOp::create(b, isDead, f32(kMinusInf), lse), op.lse,
      ValueRange{row, head});
  if (op.max)
    memref::StoreOp::create(b, getLargest(shares.max), op.max,
                            ValueRange{row, head});
  if (op.sink) {
    Value sink = memref::LoadOp::create(b, op.sink, head);
    total = arith::AddFOp::create(
        b, total, power(arith::SubFOp::create(b, sink, reference)));
  }
  Value factor = arith::SelectOp::create(
      b, isDead, f32(0), arith::DivFOp::create(b, f32(1), total));
  for (auto [column, sum] : llvm::zip(columns, sums))
    storeColumns(scaled(sum, factor), column);
}

void AttentionMerge::build() {
  OpBuilder::InsertionGuard guard(b);
  scf::ForallOp programs = createPrograms(
      b, {division.rest, b.getIndexAttr(op.heads)},
      KernelAttr::get(b.getContext(), 1, 1, /*load_warps=*/0, /*blocks=*/0,
                      DenseI64ArrayAttr(), /*ordered=*/false, /*cluster=*/1));
  buildProgram(SmallVector<Value>(programs.getInductionVars()));
}

void dsa::buildAttentionMerge(ImplicitLocOpBuilder &b,
                              const GatheredAttention &op,
                              const RowDivision &division,
                              const AttentionShares &shares) {
  AttentionMerge(b, op, division, shares).build();
}
