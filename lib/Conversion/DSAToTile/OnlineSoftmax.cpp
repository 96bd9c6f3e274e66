//===- OnlineSoftmax.cpp - Softmax over tiles of keys ---------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OnlineSoftmax.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include <limits>
#include <numbers>

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

/// So that a product and a sum may become one instruction.
static constexpr arith::FastMathFlags kContract =
    arith::FastMathFlags::contract;
static constexpr float kInfinity = std::numeric_limits<float>::infinity();
static constexpr float kLog2e = std::numbers::log2e_v<float>;
/// The running maximum before the first key: finite, so that no difference of
/// infinities arises.
static constexpr float kLowest = -1e30f;
/// How far powers of two may exceed one, as an exponent: f16 has 2^15.
static constexpr float kSlack = 8;

Value RowSoftmax::constant(RankedTensorType type, float value) {
  return arith::ConstantOp::create(
      b, DenseElementsAttr::get(type, b.getF32FloatAttr(value)));
}

Value RowSoftmax::scaled(Value x, float factor) {
  auto type = cast<RankedTensorType>(x.getType());
  return arith::MulFOp::create(b, x, constant(type, factor), kContract);
}

Value RowSoftmax::multiplyAdd(Value x, Value factor, Value added) {
  return arith::AddFOp::create(
      b, arith::MulFOp::create(b, x, factor, kContract), added, kContract);
}

Value RowSoftmax::beginBase() { return constant(perRow(), kLowest); }

RowSoftmax::Base RowSoftmax::moveBase(Value most, Value base) {
  float base2 = scale * kLog2e;
  // The base stays while no power exceeds 2^kSlack, so that sums are seldom
  // rescaled. The results are the same whatever it is.
  Value excess = arith::SubFOp::create(b, most, base);
  Value isNew = arith::CmpFOp::create(b, arith::CmpFPredicate::UGT, excess,
                                      constant(perRow(), kSlack / base2));
  Value moved = arith::SelectOp::create(b, isNew, most, base);
  // Must not become part of other instructions in the place of the scores'
  // scale: there are many more of these.
  Value exponent = arith::MulFOp::create(b, moved, constant(perRow(), base2));
  // Exactly one where the base stays.
  Value decay = math::Exp2Op::create(
      b, scaled(arith::SubFOp::create(b, base, moved), base2));
  return {moved, exponent, decay};
}

Value RowSoftmax::power(Value x, Value exponent) {
  return math::Exp2Op::create(
      b,
      arith::SubFOp::create(b, scaled(x, scale * kLog2e), exponent, kContract));
}

SmallVector<Value> OnlineSoftmax::State::getCarried() const {
  SmallVector<Value> values = {base, sum, out};
  if (most)
    values.push_back(most);
  return values;
}

OnlineSoftmax::State OnlineSoftmax::State::fromCarried(ValueRange values) {
  return {values[0],
          values[1],
          values[2],
          values.size() > 3 ? values[3] : Value(),
          {}};
}

OnlineSoftmax::State OnlineSoftmax::begin() {
  return {beginBase(),
          constant(perRow(), 0),
          constant(outs(), 0),
          wantsMost ? beginBase() : Value(),
          {}};
}

OnlineSoftmax::State OnlineSoftmax::addScores(ValueRange xs,
                                              const State &state) {
  Value here;
  for (Value x : xs) {
    Value most = ReduceOp::create(b, perRow(), x, Reduction::Max, IntegerAttr(),
                                  IntegerAttr());
    here = here ? arith::MaximumFOp::create(b, here, most) : most;
  }
  auto [base, exponent, decay] = moveBase(here, state.base);
  SmallVector<Value> weights;
  Value added;
  for (Value x : xs) {
    auto type = cast<RankedTensorType>(x.getType());
    Value powers = power(x, expand(exponent, type));
    weights.push_back(
        arith::TruncFOp::create(b, tile(type.getShape(), element), powers));
    Value sum = ReduceOp::create(b, perRow(), powers, Reduction::Add,
                                 IntegerAttr(), IntegerAttr());
    added = added ? arith::AddFOp::create(b, added, sum) : sum;
  }
  Value sum = multiplyAdd(state.sum, decay, added);
  Value out = ScaleRowsOp::create(b, state.out, decay);
  Value most =
      wantsMost ? arith::MaximumFOp::create(b, state.most, here) : Value();
  return {base, sum, out, most, weights};
}

RowSoftmax::Ends RowSoftmax::finishRows(Value base, Value sum, Value most,
                                        Value sink) {
  Value none = constant(perRow(), 0), infinity = constant(perRow(), -kInfinity);
  Value alive = arith::CmpFOp::create(b, arith::CmpFPredicate::UNE, sum, none);
  base = scaled(base, scale);
  Value total = sum;
  if (sink) {
    Value power = math::Exp2Op::create(
        b, scaled(arith::SubFOp::create(b, sink, base), kLog2e));
    total = arith::AddFOp::create(b, total, power);
  }
  Value inverse = arith::SelectOp::create(
      b, alive, arith::DivFOp::create(b, constant(perRow(), 1), total), none);
  Value lse = arith::AddFOp::create(b, base, math::LogOp::create(b, sum));
  lse = arith::SelectOp::create(b, alive, lse, infinity);
  if (wantsMost)
    most = arith::SelectOp::create(b, alive, scaled(most, scale), infinity);
  return {inverse, lse, most};
}

OnlineSoftmax::Results OnlineSoftmax::finish(const State &state, Value sink) {
  auto [inverse, lse, most] =
      finishRows(state.base, state.sum, state.most, sink);
  return {ScaleRowsOp::create(b, state.out, inverse), lse, most};
}
