//===- AttentionPrograms.cpp - Rows and shares of their keys --------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AttentionPrograms.h"
#include "AttentionMerge.h"
#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

/// Rows that fill turns of all blocks, and rows behind them for whose keys
/// there are two programs or more.
static RowDivision divideRows(ImplicitLocOpBuilder &b, Value rows,
                              int64_t turnRows, int64_t splits) {
  auto index = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, value);
  };
  Value rest = arith::RemUIOp::create(b, rows, index(turnRows));
  Value parts = arith::DivUIOp::create(
      b, index(turnRows), arith::MaxUIOp::create(b, rest, index(1)));
  parts = arith::MinUIOp::create(b, parts, index(splits));
  Value isWhole =
      arith::CmpIOp::create(b, arith::CmpIPredicate::slt, parts, index(2));
  rest = arith::SelectOp::create(b, isWhole, index(0), rest);
  return {arith::SubIOp::create(b, rows, rest), rest, parts};
}

static AttentionShares allocateShares(ImplicitLocOpBuilder &b,
                                      const GatheredAttention &op,
                                      Value number) {
  auto allocate = [&](ArrayRef<int64_t> shape) -> Value {
    SmallVector<int64_t> all = {ShapedType::kDynamic};
    llvm::append_range(all, shape);
    return memref::AllocOp::create(b, MemRefType::get(all, b.getF32Type()),
                                   number);
  };
  return {allocate({op.heads, op.valueWidth}), allocate(op.heads),
          op.max ? allocate(op.heads) : Value()};
}

void dsa::buildAttentionPrograms(
    ImplicitLocOpBuilder &b, const GatheredAttention &op, KernelAttr kernel,
    int64_t rowBlocks, int64_t splits,
    function_ref<void(const AttentionProgram &)> build) {
  Value rows = memref::DimOp::create(b, op.q, 0);
  OpFoldResult blocks = b.getIndexAttr(rowBlocks);
  auto buildWhole = [&](Value count) {
    OpBuilder::InsertionGuard guard(b);
    ValueRange ids =
        createPrograms(b, {count, blocks}, kernel).getInductionVars();
    build({ids[0], ids[1], Value(), Value(), op.out, op.lse, op.max, op.sink,
           ids[0]});
  };
  if (splits == 1)
    return buildWhole(rows);
  RowDivision division =
      divideRows(b, rows, kernel.getBlocks() / rowBlocks, splits);
  buildWhole(division.whole);
  AttentionShares shares = allocateShares(
      b, op, arith::MulIOp::create(b, division.rest, division.parts));
  {
    OpBuilder::InsertionGuard guard(b);
    // They are less than a turn: none has another program behind it.
    auto single = KernelAttr::get(
        b.getContext(), kernel.getRowGroups(), kernel.getColumnGroups(),
        kernel.getLoadWarps(), /*blocks=*/0, kernel.getRegisters(),
        kernel.getOrdered(), kernel.getCluster());
    ValueRange ids =
        createPrograms(b, {division.rest, division.parts, blocks}, single)
            .getInductionVars();
    Value row = arith::AddIOp::create(b, division.whole, ids[0]);
    Value first = arith::MulIOp::create(b, ids[0], division.parts);
    build({row, ids[2], ids[1], division.parts, shares.out, shares.lse,
           shares.max, Value(), arith::AddIOp::create(b, first, ids[1])});
  }
  buildAttentionMerge(b, op, division, shares);
}
