//===- Records.cpp - Schedules that were measured -------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Tuning/Records.h"
#include "dsa/Config.h"
#include "dsa/Dialect/DSA/IR/NamedOperands.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace mlir::dsa;

/// `type` without the sizes that records do not tell apart.
static RankedTensorType getRecordedType(const NamedOperand &operand,
                                        ShapedType type) {
  SmallVector<int64_t> shape(type.getShape());
  for (auto [extent, symbol] : llvm::zip(shape, operand.dims))
    if (symbol == "T" || symbol == "N" || symbol == "B")
      extent = ShapedType::kDynamic;
  return RankedTensorType::get(shape, type.getElementType());
}

TuningRecord mlir::dsa::describeOperation(Operation *op, StringRef chip) {
  Builder b(op->getContext());
  TuningRecord record;
  record.operation = op->getName().getStringRef();
  record.chip = chip;
  record.compiler = "dsa " DSA_VERSION_STRING;
  SmallVector<NamedAttribute> operands, clauses;
  auto addOperands = [&](Operation *described, const Twine &prefix) {
    for (const NamedOperand &operand : getNamedOperands(described))
      operands.push_back(b.getNamedAttr(
          (prefix + operand.name).str(),
          TypeAttr::get(getRecordedType(
              operand, cast<ShapedType>(operand.value.getType())))));
  };
  addOperands(op, "");
  // What a selection scores decides about its work, too.
  if (op->getNumRegions())
    for (Operation &inner : op->getRegion(0).front())
      addOperands(&inner, inner.getName().stripDialect() + " ");
  record.operands = b.getDictionaryAttr(operands);
  for (NamedAttribute attr : op->getAttrs())
    // A scale is a number like any other; lists of operands say which exist.
    if (!llvm::is_contained({"schedule", "scale", "operandSegmentSizes"},
                            attr.getName().getValue()) &&
        !attr.getName().getValue().contains('.'))
      clauses.push_back(attr);
  record.clauses = b.getDictionaryAttr(clauses);
  record.sizes = SizesAttr::get(op->getContext(), 0, INT64_MAX, 0, INT64_MAX);
  return record;
}

DictionaryAttr mlir::dsa::writeRecord(MLIRContext *context,
                                      const TuningRecord &record) {
  Builder b(context);
  return b.getDictionaryAttr({
      b.getNamedAttr("chip", b.getStringAttr(record.chip)),
      b.getNamedAttr("clauses", record.clauses),
      b.getNamedAttr("compiler", b.getStringAttr(record.compiler)),
      b.getNamedAttr("microseconds", b.getF64FloatAttr(record.microseconds)),
      b.getNamedAttr("op", b.getStringAttr(record.operation)),
      b.getNamedAttr("operands", record.operands),
      b.getNamedAttr("schedule", record.schedule),
      b.getNamedAttr("sizes", record.sizes),
  });
}

SmallVector<TuningRecord> mlir::dsa::readRecords(ModuleOp module) {
  SmallVector<TuningRecord> records;
  Attribute attr = module->getAttr(kRecordsAttrName);
  auto list = dyn_cast_if_present<ArrayAttr>(attr);
  if (!list) {
    InFlightDiagnostic warning = module.emitWarning();
    warning << "expected '" << kRecordsAttrName
            << "' to be an array of records, but found ";
    if (attr)
      warning << attr;
    else
      warning << "none";
    return records;
  }
  for (auto [number, entry] : llvm::enumerate(list)) {
    auto fields = dyn_cast<DictionaryAttr>(entry);
    StringRef missing;
    auto get = [&, fields = fields]<typename AttrTy>(StringRef name) {
      auto value = fields ? fields.getAs<AttrTy>(name) : AttrTy();
      if (!value && missing.empty())
        missing = name;
      return value;
    };
    auto op = get.operator()<StringAttr>("op");
    auto chip = get.operator()<StringAttr>("chip");
    auto compiler = get.operator()<StringAttr>("compiler");
    TuningRecord record;
    record.operands = get.operator()<DictionaryAttr>("operands");
    record.clauses = get.operator()<DictionaryAttr>("clauses");
    record.sizes = get.operator()<SizesAttr>("sizes");
    record.schedule = get.operator()<ScheduleAttrInterface>("schedule");
    auto time = get.operator()<FloatAttr>("microseconds");
    if (!missing.empty()) {
      module.emitWarning() << "record " << number << " is ignored: expected '"
                           << missing << "' of the right kind in " << entry;
      continue;
    }
    record.operation = op.getValue();
    record.chip = chip.getValue();
    record.compiler = compiler.getValue();
    record.number = number;
    record.microseconds = time.getValueAsDouble();
    records.push_back(record);
  }
  return records;
}
