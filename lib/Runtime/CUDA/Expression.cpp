//===- Expression.cpp - Integers that depend on sizes ---------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/CUDA/LaunchRecord.h"
#include "llvm/Support/CheckedArithmetic.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir::dsa::cuda;
using Kind = Expression::Kind;

static llvm::Error overflow() {
  return llvm::createStringError("a number does not fit in 64 bits");
}

static llvm::Expected<int64_t> divide(Kind kind, int64_t x, int64_t y) {
  if (y == 0)
    return llvm::createStringError("a divisor is 0");
  if (y == -1) {
    // The one quotient that overflows has this divisor.
    if (kind == Kind::Mod)
      return 0;
    std::optional<int64_t> negated = llvm::checkedSub<int64_t>(0, x);
    if (!negated)
      return overflow();
    return *negated;
  }
  int64_t quotient = x / y, remainder = x % y;
  bool negative = remainder != 0 && (remainder < 0) != (y < 0);
  switch (kind) {
  case Kind::FloorDiv:
    return quotient - negative;
  case Kind::CeilDiv:
    return quotient + (remainder != 0 && !negative);
  default:
    return negative ? remainder + y : remainder;
  }
}

static llvm::Expected<int64_t> compute(Kind kind, int64_t x, int64_t y) {
  std::optional<int64_t> result;
  switch (kind) {
  case Kind::Add:
    result = llvm::checkedAdd(x, y);
    break;
  case Kind::Sub:
    result = llvm::checkedSub(x, y);
    break;
  case Kind::Mul:
    result = llvm::checkedMul(x, y);
    break;
  case Kind::Min:
    return std::min(x, y);
  case Kind::Max:
    return std::max(x, y);
  case Kind::FloorDiv:
  case Kind::CeilDiv:
  case Kind::Mod:
    return divide(kind, x, y);
  case Kind::Eq:
    return x == y;
  case Kind::Ne:
    return x != y;
  case Kind::Lt:
    return x < y;
  case Kind::Le:
    return x <= y;
  case Kind::Gt:
    return x > y;
  case Kind::Ge:
    return x >= y;
  case Kind::Constant:
  case Kind::Size:
  case Kind::Iteration:
  case Kind::Value:
  case Kind::And:
  case Kind::Or:
  case Kind::Select:
    llvm_unreachable("not an operation on two numbers");
  }
  if (!result)
    return overflow();
  return *result;
}

llvm::Expected<int64_t>
Expression::evaluate(llvm::ArrayRef<Shape> arguments,
                     llvm::ArrayRef<int64_t> iterations,
                     llvm::ArrayRef<SharedValue> values) const {
  if (kind == Kind::Constant)
    return value;
  if (kind == Kind::Size)
    return arguments[argument][dimension];
  if (kind == Kind::Iteration)
    return iterations[value];
  if (kind == Kind::Value) {
    const SharedValue &shared = values[value];
    if (!shared.error.empty())
      return llvm::createStringError(shared.error);
    return shared.value;
  }
  auto get = [&](unsigned operand) {
    return operands[operand].evaluate(arguments, iterations, values);
  };
  auto x = get(0);
  if (!x)
    return x;
  if (kind == Kind::Select)
    return get(*x ? 1 : 2);
  if ((kind == Kind::And && !*x) || (kind == Kind::Or && *x))
    return *x != 0;
  auto y = get(1);
  if (!y)
    return y;
  if (kind == Kind::And || kind == Kind::Or)
    return *y != 0;
  return compute(kind, *x, *y);
}
