//===- Spec.cpp - What is to be tuned -------------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Spec.h"
#include "ReportedError.h"
#include "dsa/Conversion/Passes.h"
#include "dsa/Dialect/DSA/IR/NamedOperands.h"
#include "dsa/Dialect/DSA/Transforms/Passes.h"
#include "dsa/Dialect/DSATile/Transforms/Passes.h"
#include "dsa/Tuning/IsolateOperation.h"
#include "dsa/Tuning/Passes.h"
#include "dsa/Tuning/Records.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::dsa;

char ReportedError::ID = 0;

llvm::Error mlir::dsa::makeReportedError() {
  return llvm::make_error<ReportedError>();
}

Operation *TunedOperation::getOperation() const {
  return getIsolatedOperation(*module);
}

/// A static size of the operation, or else `size`.
static int64_t getSize(Operation *op, StringRef symbol, int64_t size) {
  op->walk([&](Operation *inner) {
    for (const NamedOperand &operand : getNamedOperands(inner)) {
      auto type = cast<ShapedType>(operand.value.getType());
      for (auto [extent, name] : llvm::zip(type.getShape(), operand.dims))
        if (name == symbol && !ShapedType::isDynamic(extent))
          size = extent;
    }
  });
  return size;
}

SmallVector<SmallVector<int64_t, 4>>
TunedOperation::getShapes(TunedSizes sizes) const {
  auto function = cast<func::FuncOp>(module.get().lookupSymbol("main"));
  SmallVector<SmallVector<int64_t, 4>> shapes;
  for (auto [type, symbols] :
       llvm::zip(function.getArgumentTypes(), getArgumentSymbols(*module))) {
    auto &shape = shapes.emplace_back(cast<ShapedType>(type).getShape());
    for (auto [extent, symbol] : llvm::zip(shape, symbols))
      if (ShapedType::isDynamic(extent))
        extent = symbol == "T"   ? sizes.rows
                 : symbol == "N" ? sizes.keys
                                 : sizes.sequences;
  }
  return shapes;
}

CostSizes TunedOperation::getCostSizes(TunedSizes sizes) const {
  return getCausalSizes(getOperation(), sizes.rows, sizes.keys);
}

/// The sizes that the function of `op` lists, as they are for `op`.
static llvm::Expected<SmallVector<TunedSizes>> getSizes(Operation *op) {
  auto function = op->getParentOfType<func::FuncOp>();
  auto listed = function->getAttrOfType<ArrayAttr>(kTuneAttrName);
  SmallVector<TunedSizes> all;
  auto add = [&](DictionaryAttr given) {
    TunedSizes sizes;
    StringRef missing;
    auto set = [&](StringRef symbol, StringRef name, int64_t &size) {
      auto number = given ? given.getAs<IntegerAttr>(name) : IntegerAttr();
      size = getSize(op, symbol, number ? number.getInt() : 0);
      bool isNeeded = false;
      op->walk([&](Operation *inner) {
        for (const NamedOperand &operand : getNamedOperands(inner))
          isNeeded |= llvm::is_contained(operand.dims, symbol);
      });
      if (!isNeeded)
        size = 0;
      else if (!size)
        missing = name;
    };
    set("T", "rows", sizes.rows);
    set("N", "keys", sizes.keys);
    set("B", "sequences", sizes.sequences);
    if (!missing.empty())
      op->emitError() << "cannot be tuned: expected '" << kTuneAttrName
                      << "' of @" << function.getName() << " to say how many "
                      << missing << " there are";
    else if (!llvm::is_contained(all, sizes))
      all.push_back(sizes);
    return missing.empty();
  };
  if (!listed) {
    if (!add(DictionaryAttr()))
      return makeReportedError();
    return all;
  }
  for (auto given : listed.getAsRange<DictionaryAttr>())
    if (!add(given))
      return makeReportedError();
  return all;
}

/// What the compiler does before it looks at schedules, on tensors.
static LogicalResult prepare(ModuleOp module, StringRef chip) {
  PassManager pm(module.getContext());
  pm.addPass(createAttachTargetPass({chip.str()}));
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addNestedPass<func::FuncOp>(createConvertElementwiseToLinalgPass());
  pm.addPass(createFuseSelectionPass());
  // Regions ask for the sizes of tensors outside: of operands, then.
  pm.addPass(createCanonicalizerPass());
  return pm.run(module);
}

static FailureOr<ScheduleAttrInterface> findDefault(ModuleOp module) {
  OwningOpRef<ModuleOp> copy(module.clone());
  PassManager pm(module.getContext());
  pm.addPass(createChooseSchedulesPass());
  pm.addPass(dsa_tile::createAssignSchedulesPass());
  if (failed(pm.run(*copy)))
    return failure();
  return getIsolatedOperation(*copy)->getAttrOfType<ScheduleAttrInterface>(
      "schedule");
}

namespace {
class SpecReader {
public:
  SpecReader(ModuleOp module, const Chip &chip) : module(module), chip(chip) {}
  llvm::Expected<std::vector<TunedOperation>> read();

private:
  llvm::Error add(Operation *op, std::string name);

  ModuleOp module;
  const Chip &chip;
  std::vector<TunedOperation> operations;
};
} // namespace

llvm::Error SpecReader::add(Operation *op, std::string name) {
  auto sizes = getSizes(op);
  if (!sizes)
    return sizes.takeError();
  // Another operation that records do not tell apart.
  TuningRecord record = describeOperation(op, chip.name);
  for (TunedOperation &known : operations) {
    TuningRecord other = describeOperation(known.getOperation(), chip.name);
    if (other.operation != record.operation ||
        other.operands != record.operands || other.clauses != record.clauses)
      continue;
    for (TunedSizes more : *sizes)
      if (!llvm::is_contained(known.sizes, more))
        known.sizes.push_back(more);
    return llvm::Error::success();
  }
  auto isolated = isolateOperation(op);
  if (failed(isolated))
    return makeReportedError();
  (**isolated)->setAttrs(module->getAttrDictionary());
  getIsolatedOperation(**isolated)->removeAttr("schedule");
  auto defaultSchedule = findDefault(**isolated);
  if (failed(defaultSchedule))
    return makeReportedError();
  operations.push_back({std::move(name), std::move(*isolated), *defaultSchedule,
                        std::move(*sizes)});
  return llvm::Error::success();
}

llvm::Expected<std::vector<TunedOperation>> SpecReader::read() {
  if (failed(prepare(module, chip.name)))
    return makeReportedError();
  for (auto function : module.getOps<func::FuncOp>()) {
    SmallVector<Operation *> found;
    function.walk([&](RowOpInterface op) {
      if (!op->getParentOfType<SelectOp>() &&
          !enumerateSchedules(op, chip).empty())
        found.push_back(op);
    });
    for (auto [number, op] : llvm::enumerate(found)) {
      std::string name = function.getName().str();
      if (found.size() > 1)
        name += "-" + std::to_string(number);
      if (auto error = add(op, std::move(name)))
        return std::move(error);
    }
  }
  if (operations.empty()) {
    module.emitError() << "expected an operation that " << chip.name
                       << " has schedules for, but found none";
    return makeReportedError();
  }
  return std::move(operations);
}

llvm::Expected<std::vector<TunedOperation>>
mlir::dsa::readSpec(ModuleOp module, const Chip &chip) {
  return SpecReader(module, chip).read();
}
