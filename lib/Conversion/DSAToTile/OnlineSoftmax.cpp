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

Value OnlineSoftmax::constant(RankedTensorType type, float value) {
  return arith::ConstantOp::create(
      b, DenseElementsAttr::get(type, b.getF32FloatAttr(value)));
}

Value OnlineSoftmax::scaled(Value x, float factor) {
  auto type = cast<RankedTensorType>(x.getType());
  return arith::MulFOp::create(b, x, constant(type, factor), kContract);
}

OnlineSoftmax::State OnlineSoftmax::begin() {
  return {constant(perRow(), kLowest), constant(perRow(), 0),
          constant(outs(), 0), Value()};
}

OnlineSoftmax::State OnlineSoftmax::addScores(Value x, State state) {
  auto scores = cast<RankedTensorType>(x.getType());
  float base2 = scale * kLog2e;
  Value most = arith::MaximumFOp::create(
      b, state.most,
      ReduceOp::create(b, perRow(), x, Reduction::Max, IntegerAttr()));
  Value base = scaled(most, base2);
  Value power = math::Exp2Op::create(
      b, arith::SubFOp::create(b, scaled(x, base2), expand(base, scores),
                               kContract));
  Value decay = math::Exp2Op::create(
      b, arith::SubFOp::create(b, scaled(state.most, base2), base, kContract));
  Value sum = arith::AddFOp::create(
      b, arith::MulFOp::create(b, state.sum, decay, kContract),
      ReduceOp::create(b, perRow(), power, Reduction::Add, IntegerAttr()),
      kContract);
  Value out = arith::MulFOp::create(b, state.out, expand(decay, outs()));
  Value weights =
      arith::TruncFOp::create(b, tile(scores.getShape(), element), power);
  return {most, sum, out, weights};
}

OnlineSoftmax::Results OnlineSoftmax::finish(State state, Value sink) {
  Value none = constant(perRow(), 0), infinity = constant(perRow(), -kInfinity);
  Value alive =
      arith::CmpFOp::create(b, arith::CmpFPredicate::UNE, state.sum, none);
  Value most = scaled(state.most, scale);
  Value total = state.sum;
  if (sink) {
    Value power = math::Exp2Op::create(
        b, scaled(arith::SubFOp::create(b, sink, most), kLog2e));
    total = arith::AddFOp::create(b, total, power);
  }
  Value inverse = arith::SelectOp::create(
      b, alive, arith::DivFOp::create(b, constant(perRow(), 1), total), none);
  Value lse = arith::AddFOp::create(b, most, math::LogOp::create(b, state.sum));
  return {arith::MulFOp::create(b, state.out, expand(inverse, outs())),
          arith::SelectOp::create(b, alive, lse, infinity),
          arith::SelectOp::create(b, alive, most, infinity)};
}
