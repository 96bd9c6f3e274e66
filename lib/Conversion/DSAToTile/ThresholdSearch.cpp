//===- ThresholdSearch.cpp - The k-th largest of listed numbers -----------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ThresholdSearch.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;
using arith::CmpIPredicate;

static Value constant(ImplicitLocOpBuilder &b, int64_t value) {
  return arith::ConstantOp::create(
      b, b.getIntegerAttr(b.getI32Type(), APInt(32, value, /*isSigned=*/true)));
}

static Value compare(ImplicitLocOpBuilder &b, CmpIPredicate predicate,
                     Value left, Value right) {
  return arith::CmpIOp::create(b, predicate, left, right);
}

ThresholdSearch::ThresholdSearch(Value counts)
    : counts(counts), bins(cast<MemRefType>(counts.getType()).getNumElements()),
      bits(llvm::Log2_64(bins)) {}

ThresholdSearch::State ThresholdSearch::start(ImplicitLocOpBuilder &b,
                                              Value span, Value rank) {
  // The exponent of the span as a float, which may be rounded up: so many bits
  // and one are not shifted out.
  Value asFloat = arith::UIToFPOp::create(b, b.getF32Type(), span);
  Value exponent = arith::ShRUIOp::create(
      b, arith::BitcastOp::create(b, b.getI32Type(), asFloat), constant(b, 23));
  Value shift = arith::SubIOp::create(b, exponent, constant(b, 127 - 1 + bits));
  Value zero = constant(b, 0);
  shift = arith::MaxSIOp::create(b, shift, zero);
  return {constant(b, -1),
          span,
          shift,
          rank,
          zero,
          arith::ConstantOp::create(b, b.getBoolAttr(false))};
}

ThresholdSearch::State ThresholdSearch::narrow(ImplicitLocOpBuilder &b,
                                               Source source,
                                               const State &state) {
  auto countsTile = RankedTensorType::get({bins}, b.getI32Type());
  Value zeros = arith::ConstantOp::create(
      b, DenseElementsAttr::get(countsTile, b.getI32IntegerAttr(0)));
  Value first = arith::ConstantIndexOp::create(b, 0);
  StoreOp::create(b, zeros, counts, ValueRange{first}, Value(), UnitAttr(),
                  UnitAttr(), DenseI64ArrayAttr());
  // Largest numbers first: by their distance from the top.
  source(b, [&](ImplicitLocOpBuilder &b, Value tile, Value mask) {
    auto splat = [&](Value value) -> Value {
      return SplatOp::create(b, tile.getType(), value);
    };
    Value distance = arith::SubIOp::create(b, splat(state.top), tile);
    Value left = compare(b, CmpIPredicate::ule, distance, splat(state.span));
    if (mask)
      left = arith::AndIOp::create(b, left, mask);
    Value digit = arith::ShRUIOp::create(b, distance, splat(state.shift));
    HistogramOp::create(b, digit, left, counts);
  });
  auto found = SearchOp::create(b, counts, state.rank, IntegerAttr());
  State next;
  next.top = arith::SubIOp::create(
      b, state.top, arith::ShLIOp::create(b, found.getPlace(), state.shift));
  Value one = constant(b, 1), zero = constant(b, 0);
  next.span =
      arith::SubIOp::create(b, arith::ShLIOp::create(b, one, state.shift), one);
  next.rank = arith::SubIOp::create(b, state.rank, found.getBefore());
  next.count = found.getCount();
  // All of those left are wanted, or they are equal.
  next.done = arith::OrIOp::create(
      b, compare(b, CmpIPredicate::eq, next.rank, next.count),
      compare(b, CmpIPredicate::eq, state.shift, zero));
  next.shift = arith::MaxSIOp::create(
      b, arith::SubIOp::create(b, state.shift, constant(b, bits)), zero);
  return next;
}

ThresholdSearch::State ThresholdSearch::search(ImplicitLocOpBuilder &b,
                                               Source source, State state,
                                               int64_t digits) {
  auto values = [](const State &state) -> SmallVector<Value> {
    return {state.top,  state.span,  state.shift,
            state.rank, state.count, state.done};
  };
  auto fromValues = [](ValueRange values) -> State {
    return {values[0], values[1], values[2], values[3], values[4], values[5]};
  };
  auto index = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, value);
  };
  auto loop =
      scf::ForOp::create(b, index(0), index(digits), index(1), values(state));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  State before = fromValues(loop.getRegionIterArgs());
  SmallVector<Type> types(ValueRange(loop.getRegionIterArgs()).getTypes());
  auto branch =
      scf::IfOp::create(b, types, before.done, /*withElseRegion=*/true);
  scf::YieldOp::create(b, branch.getResults());
  b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(b, values(before));
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, values(narrow(b, source, before)));
  return fromValues(loop.getResults());
}

/// What is below all numbers that are left, if that is anything.
static Value getBelow(ImplicitLocOpBuilder &b, Value top, Value span) {
  // The least of them, or 1 if they would go on below that.
  Value one = constant(b, 1);
  Value least =
      arith::SelectOp::create(b, compare(b, CmpIPredicate::ugt, top, span),
                              arith::SubIOp::create(b, top, span), one);
  return arith::SubIOp::create(b, least, one);
}

Threshold ThresholdSearch::findExactly(ImplicitLocOpBuilder &b, Source source,
                                       Value rank, Value lowest) {
  Value span = arith::SubIOp::create(b, constant(b, -2), lowest);
  // As many digits as 33 bits have.
  State state =
      search(b, source, start(b, span, rank), llvm::divideCeil(33, bits));
  Value all = compare(b, CmpIPredicate::eq, state.rank, state.count);
  return {arith::SelectOp::create(b, all, getBelow(b, state.top, state.span),
                                  state.top),
          arith::SelectOp::create(b, all, constant(b, 0), state.rank)};
}

Value ThresholdSearch::findBelow(ImplicitLocOpBuilder &b, Source source,
                                 Value rank) {
  // Two digits tell numbers apart that differ in 22 bits.
  constexpr int64_t kDigits = 2;
  State state = search(b, source, start(b, constant(b, -1), rank), kDigits);
  return getBelow(b, state.top, state.span);
}
