//===- ApplyRecords.cpp - Schedules that were measured --------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/TargetChip.h"
#include "dsa/Tuning/Passes.h"
#include "dsa/Tuning/Records.h"
#include "dsa/Tuning/TunedRecords.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/Support/FormatVariadic.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_APPLYRECORDSPASS
#include "dsa/Tuning/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

namespace {
/// Where records are from.
struct RecordSource {
  /// Owns what the records refer to.
  OwningOpRef<ModuleOp> module;
  SmallVector<TuningRecord> records;
  StringRef name;
};
} // namespace

static std::string describe(const FoundSchedule &found, StringRef source) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << source << " schedule " << found.schedule << ", "
     << (found.isExact ? "" : "of the nearest operation, ") << "record"
     << (found.records.size() > 1 ? "s " : " ");
  llvm::interleaveComma(found.records, os, [&](const TuningRecord *record) {
    os << record->number;
  });
  os << ", measured at ";
  llvm::interleaveComma(found.records, os, [&](const TuningRecord *record) {
    os << llvm::formatv("{0:F0}", record->microseconds);
  });
  os << " us with " << found.records.back()->compiler;
  return text;
}

static void apply(Operation *op, const Chip &chip,
                  ArrayRef<RecordSource> sources) {
  for (const RecordSource &source : sources) {
    auto found = findSchedule(op, chip, source.records);
    if (!found)
      continue;
    op->setAttr("schedule", found->schedule);
    std::string text = op->getName().getStringRef().str() + " takes the " +
                       describe(*found, source.name);
    remark::passed(
        op->getLoc(),
        remark::RemarkOpts::name("schedule").category("dsa-schedule"))
        << text;
    return;
  }
}

/// A module of another compiler may not parse with this one: then there are no
/// records.
static OwningOpRef<ModuleOp> parseRecords(StringRef text, StringRef name,
                                          Operation *where) {
  std::string reason;
  OwningOpRef<ModuleOp> module;
  {
    ScopedDiagnosticHandler handler(
        where->getContext(), [&](Diagnostic &diagnostic) {
          if (reason.empty() &&
              diagnostic.getSeverity() == DiagnosticSeverity::Error)
            llvm::raw_string_ostream(reason)
                << diagnostic.getLocation() << ": " << diagnostic;
          return success();
        });
    module = parseSourceString<ModuleOp>(text, where->getContext(), name);
  }
  if (!module)
    emitWarning(where->getLoc())
        << "the records of '" << name << "' are ignored: " << reason;
  return module;
}

namespace {
struct ApplyRecordsPass
    : public dsa::impl::ApplyRecordsPassBase<ApplyRecordsPass> {
  using ApplyRecordsPassBase::ApplyRecordsPassBase;

  void runOnOperation() override {
    const Chip *chip = findTargetChip(getOperation());
    if (!chip)
      return;
    SmallVector<RecordSource> sources;
    auto addSource = [&](StringRef text, StringRef file, StringRef name) {
      if (auto module = parseRecords(text, file, getOperation())) {
        auto records = readRecords(*module);
        sources.push_back({std::move(module), std::move(records), name});
      }
    };
    if (!file.empty()) {
      std::string message;
      auto buffer = openInputFile(file, &message);
      if (!buffer) {
        getOperation()->emitError(message);
        return signalPassFailure();
      }
      addSource(buffer->getBuffer(), file, "user's");
    }
    if (StringRef text = getTunedRecords(*chip); tuned && !text.empty())
      addSource(text, (chip->name + ".mlir").str(), "tuned");
    getOperation()->walk([&](RowOpInterface op) {
      // A selection was measured with the defaults of what it scores.
      if (!op->hasAttr("schedule") && !op->getParentOfType<SelectOp>())
        apply(op, *chip, sources);
    });
  }
};
} // namespace
