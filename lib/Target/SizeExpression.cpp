//===- SizeExpression.cpp - Host index arithmetic as data -----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SizeExpression.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::dsa;
using llvm::json::Array;
using Expression = llvm::json::Value;

/// The name of an operation of two operands, or nothing.
static StringRef getOperator(Operation *op) {
  return llvm::TypeSwitch<Operation *, StringRef>(op)
      .Case<arith::AddIOp>([](auto) { return "add"; })
      .Case<arith::SubIOp>([](auto) { return "sub"; })
      .Case<arith::MulIOp>([](auto) { return "mul"; })
      // Sizes are not negative: signed and unsigned are the same.
      .Case<arith::MinSIOp, arith::MinUIOp>([](auto) { return "min"; })
      .Case<arith::MaxSIOp, arith::MaxUIOp>([](auto) { return "max"; })
      .Case<arith::CeilDivSIOp, arith::CeilDivUIOp>(
          [](auto) { return "ceildiv"; })
      .Case<arith::FloorDivSIOp, arith::DivUIOp>(
          [](auto) { return "floordiv"; })
      .Case<arith::RemUIOp>([](auto) { return "mod"; })
      // Of truth values only: expressions have no bits.
      .Case<arith::AndIOp, arith::OrIOp>([](Operation *op) -> StringRef {
        if (!op->getResult(0).getType().isInteger(1))
          return {};
        return isa<arith::AndIOp>(op) ? "and" : "or";
      })
      .Case([](arith::CmpIOp op) -> StringRef {
        switch (op.getPredicate()) {
        case arith::CmpIPredicate::eq:
          return "eq";
        case arith::CmpIPredicate::ne:
          return "ne";
        case arith::CmpIPredicate::slt:
          return "lt";
        case arith::CmpIPredicate::sle:
          return "le";
        case arith::CmpIPredicate::sgt:
          return "gt";
        case arith::CmpIPredicate::sge:
          return "ge";
        default:
          return {};
        }
      })
      .Default([](Operation *) { return StringRef(); });
}

static FailureOr<Expression> makeArray(StringRef name, ValueRange operands) {
  Array array{name};
  for (Value operand : operands) {
    FailureOr<Expression> expression = getExpression(operand);
    if (failed(expression))
      return failure();
    array.push_back(std::move(*expression));
  }
  return Expression(std::move(array));
}

/// An affine expression over host values.
static FailureOr<Expression> getAffine(AffineExpr expr, unsigned dims,
                                       ValueRange operands) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return Expression(constant.getValue());
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return getExpression(operands[dim.getPosition()]);
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return getExpression(operands[dims + symbol.getPosition()]);
  auto binary = cast<AffineBinaryOpExpr>(expr);
  StringRef name;
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    name = "add";
    break;
  case AffineExprKind::Mul:
    name = "mul";
    break;
  case AffineExprKind::Mod:
    name = "mod";
    break;
  case AffineExprKind::FloorDiv:
    name = "floordiv";
    break;
  case AffineExprKind::CeilDiv:
    name = "ceildiv";
    break;
  default:
    return failure();
  }
  FailureOr<Expression> left = getAffine(binary.getLHS(), dims, operands);
  FailureOr<Expression> right = getAffine(binary.getRHS(), dims, operands);
  if (failed(left) || failed(right))
    return failure();
  return Expression(Array{name, std::move(*left), std::move(*right)});
}

/// The smallest or largest of an affine map's results.
static FailureOr<Expression> getAffineExtreme(StringRef name, AffineMap map,
                                              ValueRange operands) {
  std::optional<Expression> extreme;
  for (AffineExpr expr : map.getResults()) {
    FailureOr<Expression> next = getAffine(expr, map.getNumDims(), operands);
    if (failed(next))
      return failure();
    extreme =
        extreme ? Expression(Array{name, std::move(*extreme), std::move(*next)})
                : std::move(*next);
  }
  return std::move(*extreme);
}

/// The size of dimension `dim` of a subview, among those that it keeps.
static OpFoldResult getSize(memref::SubViewOp op, int64_t dim) {
  llvm::SmallBitVector dropped = op.getDroppedDims();
  SmallVector<OpFoldResult> sizes;
  for (auto [source, size] : llvm::enumerate(op.getMixedSizes()))
    if (!dropped.test(source))
      sizes.push_back(size);
  return sizes[dim];
}

FailureOr<Expression> dsa::getSizeExpression(Value memref, int64_t dim) {
  auto type = cast<MemRefType>(memref.getType());
  if (!type.isDynamicDim(dim))
    return Expression(type.getDimSize(dim));
  if (auto argument = dyn_cast<BlockArgument>(memref))
    return Expression(
        Array{"size", static_cast<int64_t>(argument.getArgNumber()), dim});
  if (auto alloc = memref.getDefiningOp<memref::AllocOp>())
    return getExpression(alloc.getDynamicSizes()[type.getDynamicDimIndex(dim)]);
  if (auto cast = memref.getDefiningOp<memref::CastOp>())
    return getSizeExpression(cast.getSource(), dim);
  if (auto subview = memref.getDefiningOp<memref::SubViewOp>())
    return getExpression(cast<Value>(getSize(subview, dim)));
  if (auto expand = memref.getDefiningOp<memref::ExpandShapeOp>())
    return getExpression(cast<Value>(expand.getMixedOutputShape()[dim]));
  return emitError(memref.getLoc(),
                   "cannot express the size of this memory in a launch record");
}

/// Whether arithmetic on the type is that of expressions: wide enough never to
/// wrap around, or of truth values.
static bool isExact(Type type) {
  return type.isIndex() || type.isInteger(64) || type.isInteger(1);
}

/// The number of the iteration of a loop, which those around it count with.
static FailureOr<Expression> getInduction(scf::ForOp loop) {
  int64_t depth = 0;
  for (auto outer = loop->getParentOfType<scf::ForOp>(); outer;
       outer = outer->getParentOfType<scf::ForOp>())
    ++depth;
  FailureOr<Expression> begin = getExpression(loop.getLowerBound());
  FailureOr<Expression> step = getExpression(loop.getStep());
  if (failed(begin) || failed(step))
    return failure();
  Expression value = Array{"iteration", depth};
  if (*step != Expression(1))
    value = Array{"mul", std::move(value), std::move(*step)};
  if (*begin != Expression(0))
    value = Array{"add", std::move(*begin), std::move(value)};
  return value;
}

bool dsa::dependsOnIteration(const Array &expressions) {
  if (!expressions.empty() && expressions.front() == Expression("iteration"))
    return true;
  return llvm::any_of(expressions, [](const Expression &expression) {
    return dependsOnIteration(expression);
  });
}

bool dsa::dependsOnIteration(const Expression &expression) {
  const Array *array = expression.getAsArray();
  return array && dependsOnIteration(*array);
}

FailureOr<Expression> dsa::getExpression(Value value) {
  APInt constant;
  if (matchPattern(value, m_ConstantInt(&constant)))
    return Expression(constant.getBitWidth() == 1
                          ? static_cast<int64_t>(constant.getZExtValue())
                          : constant.getSExtValue());
  if (auto argument = dyn_cast<BlockArgument>(value))
    if (auto loop = dyn_cast<scf::ForOp>(argument.getOwner()->getParentOp());
        loop && loop.getInductionVar() == value)
      return getInduction(loop);
  Operation *op = value.getDefiningOp();
  if (op && isExact(value.getType())) {
    if (StringRef name = getOperator(op); !name.empty())
      return makeArray(name, op->getOperands());
    if (isa<arith::SelectOp>(op))
      return makeArray("select", op->getOperands());
    if (isa<arith::IndexCastOp, arith::IndexCastUIOp, arith::ExtUIOp,
            arith::ExtSIOp>(op) &&
        (!op->getOperand(0).getType().isInteger(1) || isa<arith::ExtUIOp>(op)))
      return getExpression(op->getOperand(0));
    if (auto dim = dyn_cast<memref::DimOp>(op))
      if (std::optional<int64_t> index = dim.getConstantIndex())
        return getSizeExpression(dim.getSource(), *index);
    if (auto apply = dyn_cast<affine::AffineApplyOp>(op))
      return getAffine(apply.getAffineMap().getResult(0),
                       apply.getAffineMap().getNumDims(),
                       apply.getMapOperands());
    if (auto min = dyn_cast<affine::AffineMinOp>(op))
      return getAffineExtreme("min", min.getAffineMap(), min.getOperands());
    if (auto max = dyn_cast<affine::AffineMaxOp>(op))
      return getAffineExtreme("max", max.getAffineMap(), max.getOperands());
  }
  InFlightDiagnostic diagnostic =
      emitError(value.getLoc(), "cannot express this value in a launch record");
  if (op)
    diagnostic << ": it is computed by '" << op->getName() << "'";
  return diagnostic;
}
