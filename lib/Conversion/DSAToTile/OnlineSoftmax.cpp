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

Value OnlineSoftmax::constant(RankedTensorType type, float value) {
  return arith::ConstantOp::create(
      b, DenseElementsAttr::get(type, b.getF32FloatAttr(value)));
}

Value OnlineSoftmax::scaled(Value x, float factor) {
  auto type = cast<RankedTensorType>(x.getType());
  return arith::MulFOp::create(b, x, constant(type, factor), kContract);
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
  return {constant(perRow(), kLowest),
          constant(perRow(), 0),
          constant(outs(), 0),
          wantsMost ? constant(perRow(), kLowest) : Value(),
          {}};
}

OnlineSoftmax::State OnlineSoftmax::addScores(ValueRange xs,
                                              const State &state) {
  float base2 = scale * kLog2e;
  Value here;
  for (Value x : xs) {
    Value most =
        ReduceOp::create(b, perRow(), x, Reduction::Max, IntegerAttr());
    here = here ? arith::MaximumFOp::create(b, here, most) : most;
  }
  // The base stays while no power exceeds 2^kSlack, so that sums are seldom
  // rescaled. The results are the same whatever it is.
  Value excess = arith::SubFOp::create(b, here, state.base);
  Value isNew = arith::CmpFOp::create(b, arith::CmpFPredicate::UGT, excess,
                                      constant(perRow(), kSlack / base2));
  Value base = arith::SelectOp::create(b, isNew, here, state.base);
  // Must not become part of other instructions in the place of the scores'
  // scale: there are many more of these.
  Value exponent = arith::MulFOp::create(b, base, constant(perRow(), base2));
  // Exactly one where the base stays.
  Value decay = math::Exp2Op::create(
      b, scaled(arith::SubFOp::create(b, state.base, base), base2));
  SmallVector<Value> weights;
  Value added;
  for (Value x : xs) {
    auto type = cast<RankedTensorType>(x.getType());
    Value power = math::Exp2Op::create(
        b, arith::SubFOp::create(b, scaled(x, base2), expand(exponent, type),
                                 kContract));
    weights.push_back(
        arith::TruncFOp::create(b, tile(type.getShape(), element), power));
    Value sum =
        ReduceOp::create(b, perRow(), power, Reduction::Add, IntegerAttr());
    added = added ? arith::AddFOp::create(b, added, sum) : sum;
  }
  Value sum = arith::AddFOp::create(
      b, arith::MulFOp::create(b, state.sum, decay, kContract), added,
      kContract);
  Value out = ScaleRowsOp::create(b, state.out, decay);
  Value most =
      wantsMost ? arith::MaximumFOp::create(b, state.most, here) : Value();
  return {base, sum, out, most, weights};
}

OnlineSoftmax::Results OnlineSoftmax::finish(const State &state, Value sink) {
  Value none = constant(perRow(), 0), infinity = constant(perRow(), -kInfinity);
  Value alive =
      arith::CmpFOp::create(b, arith::CmpFPredicate::UNE, state.sum, none);
  Value base = scaled(state.base, scale);
  Value total = state.sum;
  if (sink) {
    Value power = math::Exp2Op::create(
        b, scaled(arith::SubFOp::create(b, sink, base), kLog2e));
    total = arith::AddFOp::create(b, total, power);
  }
  Value inverse = arith::SelectOp::create(
      b, alive, arith::DivFOp::create(b, constant(perRow(), 1), total), none);
  Value lse = arith::AddFOp::create(b, base, math::LogOp::create(b, state.sum));
  Value most;
  if (wantsMost)
    most =
        arith::SelectOp::create(b, alive, scaled(state.most, scale), infinity);
  return {ScaleRowsOp::create(b, state.out, inverse),
          arith::SelectOp::create(b, alive, lse, infinity), most};
}
