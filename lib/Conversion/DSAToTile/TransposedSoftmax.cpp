//===- TransposedSoftmax.cpp - Softmax of columns of scores ---------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TransposedSoftmax.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

SmallVector<Value> TransposedSoftmax::State::getCarried() const {
  SmallVector<Value> values = {base, sums};
  llvm::append_range(values, outs);
  if (most)
    values.push_back(most);
  return values;
}

TransposedSoftmax::State
TransposedSoftmax::State::fromCarried(ValueRange values) const {
  return {values[0], values[1], most ? values.back() : Value(),
          SmallVector<Value>(values.slice(2, outs.size())), Value()};
}

TransposedSoftmax::State TransposedSoftmax::begin(int64_t outs) {
  return {beginBase(), constant(scores(), 0), wantsMost ? beginBase() : Value(),
          SmallVector<Value>(outs, constant(scores(), 0)), Value()};
}

TransposedSoftmax::State TransposedSoftmax::addScores(Value x,
                                                      const State &state) {
  Value here = reduce(x, Reduction::Max);
  auto [base, exponent, decay] = moveBase(here, state.base);
  Value powers = power(x, expand(exponent, scores()));
  Value weights =
      arith::TruncFOp::create(b, tile({keys, rows}, element), powers);
  Value factors = expand(decay, scores());
  SmallVector<Value> outs;
  for (Value out : state.outs)
    outs.push_back(arith::MulFOp::create(b, out, factors));
  Value most =
      wantsMost ? arith::MaximumFOp::create(b, state.most, here) : Value();
  return {base, multiplyAdd(state.sums, factors, powers), most, outs, weights};
}

TransposedSoftmax::Results TransposedSoftmax::finish(const State &state,
                                                     Value sink) {
  auto [inverse, lse, most] = finishRows(
      state.base, reduce(state.sums, Reduction::Add), state.most, sink);
  Value factors = expand(inverse, scores());
  SmallVector<Value> outs;
  for (Value out : state.outs)
    outs.push_back(arith::MulFOp::create(b, out, factors));
  return {outs, lse, most};
}
