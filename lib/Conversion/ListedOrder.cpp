//===- ListedOrder.cpp - Which listed key is the better -------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ListedOrder.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include <limits>

using namespace mlir;
using namespace mlir::dsa;

static Value createI32(ImplicitLocOpBuilder &b, int32_t value) {
  return arith::ConstantOp::create(b, b.getI32IntegerAttr(value));
}

/// By how many bits a score stands above its key.
static Value createKeyBits(ImplicitLocOpBuilder &b) {
  return arith::ConstantIntOp::create(b, 32, 64);
}

Value dsa::createListedOrder(ImplicitLocOpBuilder &b, Value bits, Value key) {
  // Both zeros become +0.
  Value score = arith::AddFOp::create(
      b, arith::BitcastOp::create(b, b.getF32Type(), bits),
      arith::ConstantOp::create(b, b.getF32FloatAttr(0)));
  bits = arith::BitcastOp::create(b, b.getI32Type(), score);
  Value sign = arith::ShRSIOp::create(b, bits, createI32(b, 31));
  Value least = createI32(b, std::numeric_limits<int32_t>::min());
  Value rank =
      arith::XOrIOp::create(b, bits, arith::OrIOp::create(b, sign, least));
  Value earlier = arith::XOrIOp::create(b, key, createI32(b, -1));
  auto widen = [&](Value value) -> Value {
    return arith::ExtUIOp::create(b, b.getI64Type(), value);
  };
  Value high = arith::ShLIOp::create(b, widen(rank), createKeyBits(b));
  return arith::OrIOp::create(b, high, widen(earlier));
}

Value dsa::createScoreOfOrder(ImplicitLocOpBuilder &b, Value order) {
  Value rank = arith::TruncIOp::create(
      b, b.getI32Type(), arith::ShRUIOp::create(b, order, createKeyBits(b)));
  Value isNegative = arith::CmpIOp::create(b, arith::CmpIPredicate::sge, rank,
                                           createI32(b, 0));
  Value flipped = arith::SelectOp::create(
      b, isNegative, createI32(b, -1),
      createI32(b, std::numeric_limits<int32_t>::min()));
  return arith::XOrIOp::create(b, rank, flipped);
}
