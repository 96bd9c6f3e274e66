//===- IsolateOperation.cpp - One operation by itself ---------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Tuning/IsolateOperation.h"
#include "dsa/Dialect/DSA/IR/NamedOperands.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace mlir::dsa;

/// Of the operation, and of those in its regions.
static SmallVector<NamedOperand> getAllNamedOperands(Operation *op) {
  SmallVector<NamedOperand> all;
  op->walk<WalkOrder::PreOrder>([&](Operation *inner) {
    llvm::append_range(all, getNamedOperands(inner));
  });
  return all;
}

/// Usable as part of a file's name: "linear terms" becomes "linear_terms".
static std::string makeName(StringRef name) {
  name.consume_front("outs ");
  std::string text = name.str();
  llvm::replace(text, ' ', '_');
  return text == "outs" ? "out" : text;
}

namespace {
class Isolator {
public:
  explicit Isolator(Operation *op)
      : op(cast<DestinationStyleOpInterface>(op)),
        operands(getAllNamedOperands(op)), b(op->getLoc(), op->getContext()) {}

  FailureOr<OwningOpRef<ModuleOp>> isolate();

private:
  LogicalResult collectInputs();
  /// Maps a number that regions use: a constant, or a size of an operand.
  LogicalResult mapNumber(Value number, IRMapping &mapping);
  void makeFunction(ModuleOp module);
  FailureOr<Value> makeDestination(Value init, IRMapping &mapping);
  Value findSize(StringRef symbol, IRMapping &mapping);
  const NamedOperand *findOperand(Value value) const {
    const auto *found = llvm::find_if(
        operands, [&](const auto &operand) { return operand.value == value; });
    return found == operands.end() ? nullptr : found;
  }

  DestinationStyleOpInterface op;
  SmallVector<NamedOperand> operands;
  llvm::SetVector<Value> inputs;
  /// What regions use beside tensors.
  SmallVector<Value> numbers;
  ImplicitLocOpBuilder b;
  func::FuncOp function;
};
} // namespace

LogicalResult Isolator::collectInputs() {
  for (Value value : op.getDpsInputs())
    inputs.insert(value);
  llvm::SetVector<Value> used;
  getUsedValuesDefinedAbove(op->getRegions(), used);
  for (Value value : used)
    if (value.getType().isIntOrIndexOrFloat())
      numbers.push_back(value);
    else
      inputs.insert(value);
  for (Value value : inputs)
    if (!isa<RankedTensorType>(value.getType()) || !findOperand(value))
      return op->emitError() << "cannot be tuned: expected its operands, and "
                                "what it uses, to be tensors, but found "
                             << value.getType();
  for (Value init : op.getDpsInits())
    if (!isa<RankedTensorType>(init.getType()))
      return op->emitError() << "cannot be tuned: expected destinations that "
                                "are tensors, but found "
                             << init.getType();
  return success();
}

void Isolator::makeFunction(ModuleOp module) {
  b.setInsertionPointToEnd(module.getBody());
  SmallVector<Type> types = llvm::to_vector(TypeRange(inputs.getArrayRef()));
  function = func::FuncOp::create(
      b, "main", b.getFunctionType(types, op->getResultTypes()));
  for (auto [number, value] : llvm::enumerate(inputs))
    function.setArgAttr(number, kNameAttrName,
                        b.getStringAttr(makeName(findOperand(value)->name)));
  for (auto [number, init] : llvm::enumerate(op.getDpsInits()))
    function.setResultAttr(number, kNameAttrName,
                           b.getStringAttr(makeName(findOperand(init)->name)));
  b.setInsertionPointToStart(function.addEntryBlock());
}

Value Isolator::findSize(StringRef symbol, IRMapping &mapping) {
  for (Value value : inputs)
    for (auto [dim, name] : llvm::enumerate(findOperand(value)->dims))
      if (name == symbol)
        return tensor::DimOp::create(b, mapping.lookup(value), dim);
  return {};
}

LogicalResult Isolator::mapNumber(Value number, IRMapping &mapping) {
  Value mapped;
  Attribute constant;
  if (matchPattern(number, m_Constant(&constant)))
    mapped = b.clone(*number.getDefiningOp())->getResult(0);
  else if (auto dim = number.getDefiningOp<tensor::DimOp>())
    if (const NamedOperand *operand = findOperand(dim.getSource()))
      if (auto place = dim.getConstantIndex())
        mapped = findSize(operand->dims[*place], mapping);
  if (!mapped)
    return op->emitError() << "cannot be tuned: expected numbers that it uses "
                              "to be constants, or sizes of its operands";
  mapping.map(number, mapped);
  return success();
}

FailureOr<Value> Isolator::makeDestination(Value init, IRMapping &mapping) {
  auto type = cast<RankedTensorType>(init.getType());
  SmallVector<Value> sizes;
  for (auto [dim, symbol] : llvm::enumerate(findOperand(init)->dims)) {
    if (!type.isDynamicDim(dim))
      continue;
    Value size = findSize(symbol, mapping);
    if (!size)
      return op->emitError() << "cannot be tuned: no operand has the size "
                             << symbol << " of its destination";
    sizes.push_back(size);
  }
  return Value(tensor::EmptyOp::create(b, type, sizes));
}

FailureOr<OwningOpRef<ModuleOp>> Isolator::isolate() {
  if (failed(collectInputs()))
    return failure();
  OwningOpRef<ModuleOp> module = ModuleOp::create(op->getLoc());
  makeFunction(*module);
  IRMapping mapping;
  mapping.map(inputs.getArrayRef(), function.getArguments());
  for (Value init : op.getDpsInits()) {
    FailureOr<Value> destination = makeDestination(init, mapping);
    if (failed(destination))
      return failure();
    mapping.map(init, *destination);
  }
  for (Value number : numbers)
    if (failed(mapNumber(number, mapping)))
      return failure();
  Operation *clone = b.clone(*op, mapping);
  func::ReturnOp::create(b, clone->getResults());
  return module;
}

FailureOr<OwningOpRef<ModuleOp>> mlir::dsa::isolateOperation(Operation *op) {
  return Isolator(op).isolate();
}

Operation *mlir::dsa::getIsolatedOperation(ModuleOp module) {
  Operation *found = nullptr;
  module->walk<WalkOrder::PreOrder>([&](RowOpInterface op) {
    found = op;
    return WalkResult::interrupt();
  });
  return found;
}

SmallVector<SmallVector<StringRef, 4>>
mlir::dsa::getArgumentSymbols(ModuleOp module) {
  auto function = cast<func::FuncOp>(module.lookupSymbol("main"));
  SmallVector<SmallVector<StringRef, 4>> symbols(function.getNumArguments());
  for (const NamedOperand &operand :
       getAllNamedOperands(getIsolatedOperation(module)))
    if (auto argument = dyn_cast<BlockArgument>(operand.value);
        argument && argument.getOwner()->getParentOp() == function)
      symbols[argument.getArgNumber()] = operand.dims;
  return symbols;
}
