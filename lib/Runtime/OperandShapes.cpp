//===- OperandShapes.cpp - Sizes at run time ------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/OperandShapes.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace mlir::dsa;

ShapeEnvironment::ShapeEnvironment(
    func::FuncOp function, ArrayRef<llvm::SmallVector<int64_t, 4>> arguments) {
  for (auto [value, shape] :
       llvm::zip_equal(function.getArguments(), arguments))
    shapes[value] = shape;
  function.getBody().walk<WalkOrder::PreOrder>(
      [&](Operation *op) { evaluate(op); });
}

llvm::SmallVector<int64_t, 4> ShapeEnvironment::getShape(Value tensor) const {
  auto known = shapes.find(tensor);
  if (known != shapes.end())
    return known->second;
  if (auto type = llvm::dyn_cast<ShapedType>(tensor.getType());
      type && type.hasRank())
    return llvm::SmallVector<int64_t, 4>(type.getShape());
  return {};
}

int64_t ShapeEnvironment::getIndex(OpFoldResult value) const {
  auto attr = llvm::dyn_cast<Attribute>(value);
  if (!attr)
    attr = scalars.lookup(llvm::cast<Value>(value));
  auto integer = llvm::dyn_cast_if_present<IntegerAttr>(attr);
  return integer ? integer.getInt() : ShapedType::kDynamic;
}

void ShapeEnvironment::evaluate(Operation *op) {
  if (auto dim = llvm::dyn_cast<tensor::DimOp>(op)) {
    auto shape = getShape(dim.getSource());
    int64_t number = getIndex(dim.getDimension());
    if (number >= 0 && number < int64_t(shape.size()) &&
        !ShapedType::isDynamic(shape[number]))
      scalars[dim.getResult()] = IntegerAttr::get(dim.getType(), shape[number]);
    return;
  }
  if (auto empty = llvm::dyn_cast<tensor::EmptyOp>(op)) {
    llvm::SmallVector<int64_t, 4> shape;
    for (OpFoldResult size : empty.getMixedSizes())
      shape.push_back(getIndex(size));
    shapes[empty.getResult()] = shape;
    return;
  }
  if (auto cast = llvm::dyn_cast<tensor::CastOp>(op)) {
    if (llvm::isa<RankedTensorType>(cast.getType()))
      shapes[cast.getResult()] = getShape(cast.getSource());
    return;
  }
  if (auto destination = llvm::dyn_cast<DestinationStyleOpInterface>(op)) {
    for (OpResult result : op->getResults())
      shapes[result] = getShape(destination.getTiedOpOperand(result)->get());
    return;
  }
  // Arithmetic on sizes: whatever folds once its operands are known.
  if (op->getNumResults() != 1 || !op->getResult(0).getType().isIntOrIndex() ||
      op->getNumRegions())
    return;
  llvm::SmallVector<Attribute> operands;
  for (Value operand : op->getOperands())
    operands.push_back(scalars.lookup(operand));
  llvm::SmallVector<OpFoldResult> folded;
  if (failed(op->fold(operands, folded)) || folded.size() != 1)
    return;
  if (auto attr = llvm::dyn_cast<Attribute>(folded.front()))
    scalars[op->getResult(0)] = attr;
  else if (Attribute known = scalars.lookup(llvm::cast<Value>(folded.front())))
    scalars[op->getResult(0)] = known;
}

int64_t ShapeEnvironment::getSize(Operation *op, StringRef symbol) const {
  for (const NamedOperand &operand : getNamedOperands(op))
    for (auto [dim, size] : llvm::zip(operand.dims, getShape(operand.value)))
      if (dim == symbol && !ShapedType::isDynamic(size))
        return size;
  return ShapedType::kDynamic;
}

llvm::Error mlir::dsa::checkShapes(const EntryPoint &entry,
                                   const ShapeEnvironment &shapes) {
  struct Seen {
    int64_t size;
    std::string where;
  };
  auto describe = [&](const NamedOperand &operand) {
    auto argument = llvm::dyn_cast<BlockArgument>(operand.value);
    std::string text = operand.name.str();
    if (argument && argument.getOwner()->getParentOp() == entry.function)
      text +=
          " (argument '" + entry.arguments[argument.getArgNumber()].name + "')";
    return text;
  };
  llvm::Error error = llvm::Error::success();
  entry.function->walk([&](Operation *op) {
    llvm::StringMap<Seen> sizes;
    for (const NamedOperand &operand : getNamedOperands(op)) {
      for (auto [dim, size] :
           llvm::zip(operand.dims, shapes.getShape(operand.value))) {
        if (ShapedType::isDynamic(size))
          continue;
        auto [seen, isNew] = sizes.try_emplace(dim, Seen{size, ""});
        if (isNew)
          seen->second.where = describe(operand);
        if (seen->second.size == size)
          continue;
        error = llvm::joinErrors(
            std::move(error),
            llvm::createStringError(
                "%s: expected %s = %lld as in %s, found %lld in %s",
                op->getName().getStringRef().str().c_str(), dim.str().c_str(),
                (long long)seen->second.size, seen->second.where.c_str(),
                (long long)size, describe(operand).c_str()));
        return WalkResult::interrupt();
      }
    }
    return WalkResult::advance();
  });
  return error;
}
