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
#include "dsa/Tuning/SizeBuckets.h"
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
/// What one search found.
struct Search {
  MeasurePlan plan;
  Findings findings;
};

/// A case, and what a record says of it apart from the winner.
struct Described {
  MeasuredCase measured;
  DictionaryAttr record;
};

class Collector {
public:
  explicit Collector(MLIRContext &context) : context(context) {}

  llvm::Error add(StringRef directory);
  /// Chooses the winners of all that was added.
  void finish();
  llvm::Error keep(StringRef file);
  llvm::Error write(StringRef output) const;
  void printTable(llvm::raw_ostream &os) const;

private:
  llvm::Error add(const Search &search, const PlannedCase &planned);
  void addWinners(ArrayRef<Described> cases);

  MLIRContext &context;
  std::vector<std::unique_ptr<Search>> searches;
  /// By operation.
  llvm::MapVector<Attribute, SmallVector<Described>> cases;
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

/// How much faster the best candidate is than the default.
static double getGain(const MeasuredCase &measured) {
  double best = *measured.getMicroseconds(
      *measured.findings->getRanking(*measured.planned).front());
  for (const PlannedCandidate &candidate : measured.planned->candidates)
    if (candidate.isDefault)
      if (auto usual = measured.getMicroseconds(candidate))
        return *usual / best;
  return 1;
}

llvm::Error Collector::add(const Search &search, const PlannedCase &planned) {
  auto record = dyn_cast_if_present<DictionaryAttr>(
      parseAttribute(planned.record, &context));
  if (!record)
    return llvm::createStringError("the record of %s does not parse",
                                   planned.name.c_str());
  size_t measured = llvm::count_if(planned.candidates, [&](const auto &c) {
    return search.findings.findMeasured(planned, c.number) != nullptr;
  });
  auto warn = [&]() -> llvm::raw_ostream & {
    return llvm::WithColor::warning(llvm::errs(), "dsa-tune") << planned.name;
  };
  if (measured < planned.candidates.size())
    warn() << ": " << measured << " of " << planned.candidates.size()
           << " candidates were measured\n";
  if (search.findings.getRanking(planned).empty()) {
    warn() << ": no candidate was measured to be right\n";
    return llvm::Error::success();
  }
  auto &group = cases[getOperation(record)];
  // Times of two searches are not comparable, what they gained is.
  MeasuredCase here = {&planned, &search.findings};
  for (Described &other : group)
    if (other.measured.planned->rows == planned.rows &&
        other.measured.planned->keys == planned.keys) {
      if (getGain(here) >= getGain(other.measured))
        other = {here, record};
      return llvm::Error::success();
    }
  group.push_back({here, record});
  return llvm::Error::success();
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
  searches.push_back(std::make_unique<Search>(
      Search{std::move(*plan), Findings(journal->getLines())}));
  for (const PlannedCase &planned : searches.back()->plan.cases)
    if (auto error = add(*searches.back(), planned))
      return error;
  return llvm::Error::success();
}

void Collector::addWinners(ArrayRef<Described> group) {
  SmallVector<RowsAndKeys> sizes;
  SmallVector<MeasuredCase> measured;
  for (const Described &described : group) {
    measured.push_back(described.measured);
    sizes.push_back(
        {described.measured.planned->rows, described.measured.planned->keys});
  }
  Builder b(&context);
  for (auto [described, bucket, winner] : llvm::zip(
           group, getSizeBuckets(&context, sizes), chooseWinners(measured))) {
    const MeasuredCase &here = described.measured;
    double best = *here.getMicroseconds(*winner);
    NamedAttrList fields(described.record);
    // A few digits, which print as they are.
    fields.set("microseconds", b.getF64FloatAttr(std::round(best * 10) / 10));
    fields.set("schedule", parseAttribute(winner->schedule, &context));
    fields.set("sizes", bucket);
    records.push_back(fields.getDictionary(&context));
    Row &row = table.emplace_back(
        Row{here.planned->name, std::nullopt, best, winner->schedule});
    for (const PlannedCandidate &candidate : here.planned->candidates)
      if (candidate.isDefault)
        row.usual = here.getMicroseconds(candidate);
  }
}

void Collector::finish() {
  for (auto &[operation, group] : cases) {
    llvm::sort(group, [](const Described &a, const Described &b) {
      const PlannedCase &x = *a.measured.planned, &y = *b.measured.planned;
      return std::pair(x.rows, x.keys) < std::pair(y.rows, y.keys);
    });
    addWinners(group);
  }
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
  collector.finish();
  if (!options.keep.empty())
    if (auto error = collector.keep(options.keep))
      return error;
  if (auto error = collector.write(options.output))
    return error;
  collector.printTable(llvm::outs());
  return llvm::Error::success();
}
