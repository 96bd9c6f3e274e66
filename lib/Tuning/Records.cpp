//===- Records.cpp - Schedules that were measured -------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Tuning/Records.h"
#include "dsa/Dialect/DSA/IR/NamedOperands.h"
#include "dsa/Dialect/DSA/IR/ScheduleSpace.h"
#include "mlir/IR/Builders.h"
#include <cmath>

using namespace mlir;
using namespace mlir::dsa;

//===----------------------------------------------------------------------===//
// Records as attributes
//===----------------------------------------------------------------------===//

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
  SmallVector<NamedAttribute> operands, clauses;
  for (const NamedOperand &operand : getNamedOperands(op))
    operands.push_back(b.getNamedAttr(
        operand.name,
        TypeAttr::get(getRecordedType(
            operand, cast<ShapedType>(operand.value.getType())))));
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
    record.microseconds = time.getValueAsDouble();
    records.push_back(record);
  }
  return records;
}

//===----------------------------------------------------------------------===//
// Look-up
//===----------------------------------------------------------------------===//

/// How far apart the static sizes of two operations are, in powers of two;
/// none if they differ otherwise.
static std::optional<double> getDistance(const TuningRecord &a,
                                         const TuningRecord &b) {
  if (a.operation != b.operation || a.chip != b.chip ||
      a.clauses != b.clauses || a.operands.size() != b.operands.size())
    return std::nullopt;
  double distance = 0;
  for (auto [mine, other] : llvm::zip(a.operands, b.operands)) {
    auto type = dyn_cast<TypeAttr>(mine.getValue());
    auto otherType = dyn_cast<TypeAttr>(other.getValue());
    auto shaped = type ? dyn_cast<RankedTensorType>(type.getValue()) : nullptr;
    auto otherShaped =
        otherType ? dyn_cast<RankedTensorType>(otherType.getValue()) : nullptr;
    if (mine.getName() != other.getName() || !shaped || !otherShaped ||
        shaped.getElementType() != otherShaped.getElementType() ||
        shaped.getRank() != otherShaped.getRank())
      return std::nullopt;
    for (auto [x, y] : llvm::zip(shaped.getShape(), otherShaped.getShape())) {
      if (ShapedType::isDynamic(x) != ShapedType::isDynamic(y))
        return std::nullopt;
      if (x > 0 && y > 0)
        distance += std::abs(
            std::log2(static_cast<double>(x) / static_cast<double>(y)));
    }
  }
  return distance;
}

/// One schedule, or several if they are for different sizes.
static ScheduleAttrInterface combine(MLIRContext *context,
                                     ArrayRef<const TuningRecord *> records) {
  SmallVector<VariantAttr> variants;
  for (const TuningRecord *record : records) {
    bool isAll =
        !record->sizes.dependsOnRows() && !record->sizes.dependsOnKeys();
    // The last one's sizes are the nearest to all that nobody measured.
    if (isAll || record == records.back()) {
      if (variants.empty())
        return record->schedule;
      return VariantsAttr::get(context, variants, record->schedule);
    }
    if (llvm::none_of(variants, [&](VariantAttr earlier) {
          return earlier.getSizes().contains(record->sizes);
        }))
      variants.push_back(
          VariantAttr::get(context, record->sizes, record->schedule));
  }
  return {};
}

std::optional<FoundSchedule>
mlir::dsa::findSchedule(Operation *op, const Chip &chip,
                        ArrayRef<TuningRecord> records) {
  TuningRecord wanted = describeOperation(op, chip.name);
  SmallVector<const TuningRecord *> exact;
  const TuningRecord *nearest = nullptr;
  double least = std::numeric_limits<double>::infinity();
  for (const TuningRecord &record : records) {
    auto distance = getDistance(wanted, record);
    if (!distance)
      continue;
    std::string objection = isa<VariantsAttr>(record.schedule)
                                ? "expected one schedule, not #dsa.variants"
                                : getObjection(record.schedule, op);
    if (!objection.empty()) {
      if (*distance == 0)
        op->emitWarning() << "a record's schedule " << record.schedule
                          << " is ignored: " << objection;
      continue;
    }
    if (*distance == 0)
      exact.push_back(&record);
    if (*distance < least) {
      least = *distance;
      nearest = &record;
    }
  }
  if (!exact.empty())
    return FoundSchedule{combine(op->getContext(), exact), true,
                         exact.back()->microseconds};
  if (nearest)
    return FoundSchedule{nearest->schedule, false, nearest->microseconds};
  return std::nullopt;
}
