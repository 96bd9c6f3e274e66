//===- Collect.cpp - Winners of a search, as records ----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Collect.h"
#include "ChooseWinners.h"
#include "ReportedError.h"
#include "dsa/Runtime/Measure/Journal.h"
#include "dsa/Tuning/Records.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/WithColor.h"
#include <cmath>

using namespace mlir;
using namespace mlir::dsa;

namespace {
class Collector {
public:
  explicit Collector(MLIRContext &context) : context(context) {}

  llvm::Error add(StringRef directory);
  llvm::Error keep(StringRef file);
  llvm::Error write(StringRef output) const;
  void printTable(llvm::raw_ostream &os) const;

private:
  void addWinners(ArrayRef<const PlannedCase *> cases,
                  ArrayRef<DictionaryAttr> described, const Findings &findings);

  MLIRContext &context;
  SmallVector<DictionaryAttr> records;
  struct Row {
    std::string name;
    std::optional<double> usual;
    double best;
    std::string schedule;
  };
  std::vector<Row> table;
};
} // namespace

/// What records of one operation share.
static Attribute getOperation(DictionaryAttr record) {
  NamedAttrList shared;
  for (StringRef name : {"chip", "clauses", "op", "operands"})
    if (Attribute value = record.get(name))
      shared.set(name, value);
  return shared.getDictionary(record.getContext());
}

void Collector::addWinners(ArrayRef<const PlannedCase *> cases,
                           ArrayRef<DictionaryAttr> described,
                           const Findings &findings) {
  Builder b(&context);
  auto winners = chooseWinners(cases, findings);
  for (auto [planned, record, winner] : llvm::zip(cases, described, winners)) {
    if (!winner)
      continue;
    double best = *findings.getMicroseconds(*planned, winner->number);
    NamedAttrList fields(record);
    fields.set("microseconds", b.getF64FloatAttr(best));
    fields.set("schedule", parseAttribute(winner->schedule, &context));
    records.push_back(fields.getDictionary(&context));
    Row &row = table.emplace_back(
        Row{planned->name, std::nullopt, best, winner->schedule});
    for (const PlannedCandidate &candidate : planned->candidates)
      if (candidate.isDefault)
        row.usual = findings.getMicroseconds(*planned, candidate.number);
  }
}

llvm::Error Collector::add(StringRef directory) {
  auto plan = readPlan(directory);
  if (!plan)
    return plan.takeError();
  std::vector<std::string> warnings;
  auto journal = Journal::open(directory, plan->key, warnings);
  if (!journal)
    return journal.takeError();
  for (const std::string &warning : warnings)
    llvm::WithColor::warning(llvm::errs(), "dsa-tune") << warning << '\n';
  Findings findings(journal->getLines());

  llvm::MapVector<Attribute, SmallVector<const PlannedCase *>> cases;
  llvm::MapVector<Attribute, SmallVector<DictionaryAttr>> described;
  for (const PlannedCase &planned : plan->cases) {
    auto record = dyn_cast_if_present<DictionaryAttr>(
        parseAttribute(planned.record, &context));
    if (!record)
      return llvm::createStringError("'%s': %s has a record that does not "
                                     "parse",
                                     directory.str().c_str(),
                                     planned.name.c_str());
    size_t measured = llvm::count_if(planned.candidates, [&](const auto &c) {
      return findings.findMeasured(planned, c.number);
    });
    if (measured < planned.candidates.size())
      llvm::WithColor::warning(llvm::errs(), "dsa-tune")
          << planned.name << ": " << measured << " of "
          << planned.candidates.size() << " candidates were measured\n";
    if (findings.getRanking(planned).empty())
      llvm::WithColor::warning(llvm::errs(), "dsa-tune")
          << planned.name << ": no candidate was measured to be right\n";
    cases[getOperation(record)].push_back(&planned);
    described[getOperation(record)].push_back(record);
  }
  for (auto &[operation, group] : cases)
    addWinners(group, described[operation], findings);
  return llvm::Error::success();
}

llvm::Error Collector::keep(StringRef file) {
  auto module = parseSourceFile<ModuleOp>(file, &context);
  if (!module)
    return llvm::make_error<ReportedError>();
  llvm::DenseSet<Attribute> measured;
  for (DictionaryAttr record : records)
    measured.insert(getOperation(record));
  for (const TuningRecord &record : readRecords(*module)) {
    DictionaryAttr kept = writeRecord(&context, record);
    if (!measured.contains(getOperation(kept)))
      records.push_back(kept);
  }
  return llvm::Error::success();
}

llvm::Error Collector::write(StringRef output) const {
  if (records.empty())
    return llvm::createStringError("nothing was measured to be right");
  return llvm::writeToOutput(output, [&](llvm::raw_ostream &os) {
    os << "// Schedules that were measured to be fast: docs/Tuning.md says "
          "how.\nmodule attributes {dsa.records = [\n  ";
    llvm::interleave(
        records, os, [&](DictionaryAttr record) { os << record; }, ",\n  ");
    os << "\n]} {}\n";
    return llvm::Error::success();
  });
}

void Collector::printTable(llvm::raw_ostream &os) const {
  double logs = 0;
  size_t compared = 0, width = 4;
  for (const Row &row : table)
    width = std::max(width, row.name.size());
  os << llvm::left_justify("work", width)
     << llvm::formatv(" {0,12} {1,12} {2,8}  schedule\n", "default us",
                      "best us", "speed-up");
  for (const Row &row : table) {
    std::string usual = "-", ratio = "-";
    if (row.usual) {
      usual = llvm::formatv("{0:F1}", *row.usual);
      ratio = llvm::formatv("{0:F3}", *row.usual / row.best);
      logs += std::log(*row.usual / row.best);
      ++compared;
    }
    std::string best = llvm::formatv("{0:F1}", row.best);
    os << llvm::left_justify(row.name, width)
       << llvm::formatv(" {0,12} {1,12} {2,8}  {3}\n", usual, best, ratio,
                        row.schedule);
  }
  if (compared)
    os << llvm::formatv("geometric mean of {0} speed-ups: {1:F3}\n", compared,
                        std::exp(logs / static_cast<double>(compared)));
}

llvm::Error mlir::dsa::collect(MLIRContext &context,
                               const CollectOptions &options) {
  Collector collector(context);
  for (const std::string &directory : options.directories)
    if (auto error = collector.add(directory))
      return error;
  if (!options.keep.empty())
    if (auto error = collector.keep(options.keep))
      return error;
  if (auto error = collector.write(options.output))
    return error;
  collector.printTable(llvm::outs());
  return llvm::Error::success();
}
