//===- Interpreter.cpp - Functions in float64 -----------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Operations.h"

#include "dsa/Runtime/OperandShapes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

#include <memory>

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa::reference;

llvm::Error mlir::dsa::checkHasReference(func::FuncOp function) {
  Operation *missing = nullptr;
  if (!function.getBody().hasOneBlock())
    return llvm::createStringError(
        "cannot check: expected a function without branches");
  function.getBody().walk<WalkOrder::PreOrder>([&](Operation *op) {
    Dialect *dialect = op->getDialect();
    bool isSize = llvm::isa_and_nonnull<arith::ArithDialect>(dialect) &&
                  op->getResult(0).getType().isIntOrIndex();
    if (!isSize && !llvm::isa_and_nonnull<DSADialect>(dialect) &&
        !llvm::isa<arith::ConstantOp, tensor::EmptyOp, tensor::DimOp,
                   tensor::CastOp, linalg::FillOp, func::ReturnOp>(op))
      missing = missing ? missing : op;
    return llvm::isa<linalg::FillOp>(op) ? WalkResult::skip()
                                         : WalkResult::advance();
  });
  if (missing)
    return llvm::createStringError(
        "cannot check: no reference for %s",
        missing->getName().getStringRef().str().c_str());
  return llvm::Error::success();
}

namespace {
class Interpreter {
public:
  /// Without `found` nothing is compared.
  Interpreter(func::FuncOp function, ArrayRef<HostTensor> arguments,
              ArrayRef<HostTensor> found, bool onTiles);
  llvm::Error run(Block &block);
  std::vector<ReferenceTensor> takeResults();

  CheckReport report;

private:
  llvm::Error run(Operation *op);
  llvm::Error runFill(linalg::FillOp op);
  llvm::Error runConstant(arith::ConstantOp op);
  template <typename SelectionOp>
  llvm::Error runSelection(SelectionOp op, Value scores);
  void runLinearPart(LinearPartOp op);

  /// The function results that a value is.
  ArrayRef<unsigned> getResultNumbers(Value value) const;
  /// Gives a value its reference, or what was found in its place.
  void define(Value value, ReferenceTensor tensor, bool exactly = false);
  const ReferenceTensor *lookup(Value value) const {
    auto known = tensors.find(value);
    return known == tensors.end() ? nullptr : known->second.get();
  }

  func::FuncOp function;
  ArrayRef<HostTensor> found;
  bool onTiles;
  ShapeEnvironment shapes;
  llvm::DenseMap<Value, std::shared_ptr<const ReferenceTensor>> tensors;
  llvm::DenseMap<Value, llvm::SmallVector<unsigned, 1>> returned;
};
} // namespace

static llvm::SmallVector<llvm::SmallVector<int64_t, 4>>
getShapes(ArrayRef<HostTensor> tensors) {
  return llvm::map_to_vector(tensors, [](const HostTensor &tensor) {
    return llvm::SmallVector<int64_t, 4>(tensor.getShape());
  });
}

Interpreter::Interpreter(func::FuncOp function, ArrayRef<HostTensor> arguments,
                         ArrayRef<HostTensor> found, bool onTiles)
    : function(function), found(found), onTiles(onTiles),
      shapes(function, getShapes(arguments)) {
  report.results.resize(function.getNumResults());
  Operation *terminator = function.getBody().front().getTerminator();
  for (auto [number, value] : llvm::enumerate(terminator->getOperands()))
    returned[value].push_back(number);
  for (auto [value, argument] :
       llvm::zip_equal(function.getArguments(), arguments))
    define(value, ReferenceTensor(argument), /*exactly=*/true);
}

ArrayRef<unsigned> Interpreter::getResultNumbers(Value value) const {
  auto numbers = returned.find(value);
  if (numbers == returned.end())
    return {};
  return numbers->second;
}

void Interpreter::define(Value value, ReferenceTensor tensor, bool exactly) {
  if (!found.empty()) {
    ArrayRef<unsigned> numbers = getResultNumbers(value);
    for (unsigned number : numbers)
      report.results[number] = compare(tensor, found[number], exactly);
    if (!numbers.empty() &&
        found[numbers.front()].getShape() == ArrayRef(tensor.shape))
      tensor = ReferenceTensor(found[numbers.front()]);
  }
  tensors[value] = std::make_shared<ReferenceTensor>(std::move(tensor));
}

llvm::Error Interpreter::runFill(linalg::FillOp op) {
  Attribute scalar;
  auto shape = shapes.getShape(op.getResult(0));
  auto type = llvm::cast<ShapedType>(op.getResult(0).getType());
  auto kind = getElementKind(type.getElementType());
  if (!kind || ShapedType::isDynamicShape(shape) ||
      !matchPattern(op.getInputs()[0], m_Constant(&scalar)))
    return llvm::createStringError(
        "cannot check: expected linalg.fill of a constant into a tensor of "
        "known size");
  ReferenceTensor tensor(*kind, shape);
  double value = 0;
  if (auto number = llvm::dyn_cast<FloatAttr>(scalar))
    value = number.getValueAsDouble();
  else if (auto number = llvm::dyn_cast<IntegerAttr>(scalar))
    value = number.getInt();
  std::fill(tensor.data.begin(), tensor.data.end(), value);
  tensor.exact = true;
  define(op.getResult(0), std::move(tensor), /*exactly=*/true);
  return llvm::Error::success();
}

llvm::Error Interpreter::runConstant(arith::ConstantOp op) {
  auto elements = llvm::dyn_cast<DenseElementsAttr>(op.getValue());
  if (!elements)
    return llvm::Error::success();
  auto kind = getElementKind(elements.getElementType());
  if (!kind)
    return llvm::createStringError(
        "cannot check: no reference for a constant of this element type");
  ReferenceTensor tensor(*kind, elements.getType().getShape());
  if (*kind == ElementKind::I32)
    llvm::transform(elements.getValues<int32_t>(), tensor.data.begin(),
                    [](int32_t value) { return value; });
  else
    llvm::transform(
        elements.getValues<llvm::APFloat>(), tensor.data.begin(),
        [](const llvm::APFloat &value) { return value.convertToDouble(); });
  tensor.exact = true;
  define(op.getResult(), std::move(tensor), /*exactly=*/true);
  return llvm::Error::success();
}

/// The indices with each list ascending and its -1s at the end.
static HostTensor sortLists(const HostTensor &indices) {
  HostTensor sorted = llvm::cantFail(indices.clone());
  auto *data = reinterpret_cast<uint32_t *>(sorted.getData());
  const int64_t entries = indices.getShape().back();
  // Unsigned, -1 is the largest.
  for (int64_t i = 0, n = indices.getNumElements(); i < n; i += entries)
    std::sort(data + i, data + i + entries);
  return sorted;
}

template <typename SelectionOp>
llvm::Error Interpreter::runSelection(SelectionOp op, Value scores) {
  if (!lookup(scores))
    return llvm::createStringError(
        "cannot check: the scores of %s have no values",
        op->getName().getStringRef().str().c_str());
  auto find = [&](Value value) { return lookup(value); };
  Selection selection = getSelection(op, lookup(scores), find);
  const bool exact = selection.scores->exact;
  auto results = computeSelection(selection);
  Value indices = op.getResults()[0];
  ArrayRef<unsigned> numbers = getResultNumbers(indices);
  if (found.empty() || (numbers.empty() && exact)) {
    define(indices, std::move(results[0]));
  } else if (numbers.empty()) {
    report.notes.push_back(
        "the indices of " + op->getName().getStringRef().str() +
        " are not returned: what follows is checked on the reference's own "
        "selection, which may differ in near-ties");
    define(indices, std::move(results[0]));
  } else {
    const HostTensor &chosen = found[numbers.front()];
    ResultCheck check;
    if (chosen.getShape() != ArrayRef(results[0].shape))
      check = compare(results[0], chosen);
    else if (!exact)
      check = checkNearTies(selection, chosen);
    else
      check = compare(results[0], selection.unordered
                                      ? sortLists(chosen)
                                      : llvm::cantFail(chosen.clone()));
    define(indices, std::move(results[0]));
    for (unsigned number : numbers)
      report.results[number] = check;
    if (selection.hasValues)
      results[2] = gatherScores(selection, *lookup(indices));
  }
  define(op.getResults()[1], std::move(results[1]));
  if (selection.hasValues)
    define(op.getResults()[2], std::move(results[2]), exact);
  return llvm::Error::success();
}

void Interpreter::runLinearPart(LinearPartOp op) {
  auto find = [&](Value value) { return lookup(value); };
  auto results = computeLinearPart(op, find);
  ReferenceTensor expectedScales = results[1];
  Value terms = op.getResults()[0], scales = op.getResults()[1];
  define(terms, std::move(results[0]));
  define(scales, std::move(results[1]));
  if (found.empty())
    return;
  ArrayRef<unsigned> termNumbers = getResultNumbers(terms),
                     scaleNumbers = getResultNumbers(scales);
  if (termNumbers.empty() || scaleNumbers.empty())
    report.notes.push_back("not all results of dsa.linear_part are returned: "
                           "what follows is checked on the reference's own, "
                           "of which the last term may be another");
  // What has another shape is reported already, and did not take the place of
  // the reference.
  if (llvm::any_of(termNumbers,
                   [&](unsigned number) {
                     return found[number].getShape() !=
                            ArrayRef(lookup(terms)->shape);
                   }) ||
      llvm::any_of(scaleNumbers, [&](unsigned number) {
        return found[number].getShape() != ArrayRef(lookup(scales)->shape);
      }))
    return;
  for (unsigned number : termNumbers)
    report.results[number] =
        checkTerms(op, find, *lookup(terms), *lookup(scales));
  for (unsigned number : scaleNumbers)
    report.results[number] = checkTermScales(expectedScales, *lookup(scales));
}

llvm::Error Interpreter::run(Operation *op) {
  auto find = [&](Value value) { return lookup(value); };
  auto defineAll = [&](std::vector<ReferenceTensor> results) {
    for (auto [value, tensor] : llvm::zip(op->getResults(), results))
      define(value, std::move(tensor));
  };
  for (const NamedOperand &operand : getNamedOperands(op))
    if (!operand.name.starts_with("outs") && operand.name != "scores" &&
        !lookup(operand.value))
      return llvm::createStringError(
          "cannot check: operand %s of %s has no values",
          operand.name.str().c_str(),
          op->getName().getStringRef().str().c_str());
  llvm::Error error = llvm::Error::success();
  llvm::TypeSwitch<Operation *>(op)
      .Case([&](linalg::FillOp op) { error = runFill(op); })
      .Case([&](arith::ConstantOp op) { error = runConstant(op); })
      .Case([&](tensor::CastOp op) {
        if (const ReferenceTensor *source = lookup(op.getSource()))
          define(op.getResult(), *source);
      })
      .Case([&](IndexScoresOp op) {
        int64_t keys = shapes.getSize(op, "N");
        if (ShapedType::isDynamic(keys))
          error = llvm::createStringError(
              "cannot check: the size N of dsa.index_scores is not known");
        else
          define(op.getResults()[0], computeIndexScores(op, keys, find));
      })
      .Case([&](LinearPartOp op) { runLinearPart(op); })
      .Case([&](TopkOp op) { error = runSelection(op, op.getScores()); })
      .Case([&](SelectOp op) {
        Block &scorer = op.getScorer().front();
        error = run(scorer);
        if (!error)
          error = runSelection(op, scorer.getTerminator()->getOperand(0));
      })
      .Case<SparseAttentionOp, AttentionOp>(
          [&](auto op) { defineAll(computeAttention(op, find, onTiles)); })
      .Case([&](MergeOp op) { defineAll(computeMerge(op, find)); });
  return error;
}

llvm::Error Interpreter::run(Block &block) {
  for (Operation &op : block)
    if (auto error = run(&op))
      return error;
  return llvm::Error::success();
}

std::vector<ReferenceTensor> Interpreter::takeResults() {
  std::vector<ReferenceTensor> results;
  for (Value value : function.getBody().front().getTerminator()->getOperands())
    results.push_back(lookup(value) ? *lookup(value) : ReferenceTensor());
  return results;
}

llvm::Expected<std::vector<ReferenceTensor>>
mlir::dsa::evaluateReference(func::FuncOp function,
                             ArrayRef<HostTensor> arguments, bool onTiles) {
  if (auto error = checkHasReference(function))
    return std::move(error);
  Interpreter interpreter(function, arguments, {}, onTiles);
  if (auto error = interpreter.run(function.getBody().front()))
    return std::move(error);
  return interpreter.takeResults();
}

llvm::Expected<CheckReport>
mlir::dsa::checkAgainstReference(func::FuncOp function,
                                 ArrayRef<HostTensor> arguments,
                                 ArrayRef<HostTensor> results, bool onTiles) {
  if (auto error = checkHasReference(function))
    return std::move(error);
  Interpreter interpreter(function, arguments, results, onTiles);
  if (auto error = interpreter.run(function.getBody().front()))
    return std::move(error);
  return std::move(interpreter.report);
}
