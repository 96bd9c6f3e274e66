//===- Emit.cpp - What a search measures, as files ------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Emit.h"
#include "CompilePrograms.h"
#include "ExpectedResults.h"
#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "dsa/Tuning/ChooseCandidates.h"
#include "dsa/Tuning/Records.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace mlir::dsa;

static std::string print(Attribute attr) {
  std::string text;
  llvm::raw_string_ostream(text) << attr;
  return text;
}

/// Another specification, other options or another compiler have another key.
static std::string getKey(ModuleOp spec, const Chip &chip, StringRef compiler,
                          const EmitOptions &options) {
  std::string text;
  llvm::raw_string_ostream os(text);
  spec.print(os);
  os << chip.name << compiler << ' ' << options.budget << ' ' << options.runs
     << ' ' << options.idleMilliseconds << ' ' << options.rounds << ' '
     << options.seed;
  return llvm::formatv("{0:x-16}", llvm::xxh3_64bits(text));
}

namespace {
class Emitter {
public:
  Emitter(const Chip &chip, const EmitOptions &options, MeasurePlan &plan)
      : chip(chip), options(options), plan(plan) {}

  llvm::Error add(const TunedOperation &operation);
  llvm::Error compile(Journal &journal);
  /// Takes what does not compile out of the plan.
  void prune(const Findings &findings);

private:
  const CandidateProgram &addProgram(const TunedOperation &operation,
                                     ScheduleAttrInterface schedule,
                                     const std::string &name);
  std::vector<PlannedCandidate> chooseFor(const TunedOperation &operation,
                                          TunedSizes sizes);

  const Chip &chip;
  const EmitOptions &options;
  MeasurePlan &plan;
  std::vector<CandidateProgram> programs;
};
} // namespace

const CandidateProgram &Emitter::addProgram(const TunedOperation &operation,
                                            ScheduleAttrInterface schedule,
                                            const std::string &name) {
  std::string path = operation.name + "/" + name;
  for (const CandidateProgram &known : programs)
    if (known.name == path)
      return known;
  return programs.emplace_back(CandidateProgram{&operation, schedule, path});
}

std::vector<PlannedCandidate>
Emitter::chooseFor(const TunedOperation &operation, TunedSizes sizes) {
  std::vector<PlannedCandidate> candidates;
  for (const ChosenCandidate &chosen : chooseCandidates(
           operation.getOperation(), chip, operation.getCostSizes(sizes),
           operation.defaultSchedule, options.budget)) {
    const CandidateProgram &program =
        addProgram(operation, chosen.schedule, std::to_string(chosen.number));
    candidates.push_back({chosen.number, print(chosen.schedule),
                          program.getFiles(), chosen.predicted,
                          chosen.isDefault});
  }
  return candidates;
}

static std::string getCaseName(const TunedOperation &operation,
                               TunedSizes sizes) {
  std::string name = operation.name + "-" + std::to_string(sizes.rows);
  if (sizes.keys)
    name += "x" + std::to_string(sizes.keys);
  if (sizes.sequences)
    name += "x" + std::to_string(sizes.sequences);
  return name;
}

/// What a candidate's results are compared with: loops. A selection's scores
/// are the same kernel in all of its candidates, for others would select
/// differently; loops select from them.
static ScheduleAttrInterface getReferenceSchedule(Operation *op) {
  MLIRContext *context = op->getContext();
  if (isa<SelectOp>(op)) {
    auto chunks = dsa_tile::SelectScheduleAttr::get(
        context, /*most_rows=*/8192, /*most_bytes=*/112 << 20, /*unit_rows=*/8,
        /*topk=*/{}, /*candidates=*/0, /*concurrent=*/1);
    if (getObjection(chunks, op).empty())
      return chunks;
  }
  return LoopScheduleAttr::get(context, /*block_rows=*/1, /*block_keys=*/16,
                               /*threads=*/256, /*chunk_keys=*/0);
}

llvm::Error Emitter::add(const TunedOperation &operation) {
  MLIRContext *context = operation.getOperation()->getContext();
  ScheduleAttrInterface portable =
      getReferenceSchedule(operation.getOperation());
  PlannedProgram reference =
      addProgram(operation, portable, "portable").getFiles();
  auto tolerances = planTolerances(operation);
  if (!tolerances)
    return tolerances.takeError();
  SmallString<128> path(options.directory);
  llvm::sys::path::append(path, operation.name);
  if (auto code = llvm::sys::fs::create_directories(path))
    return llvm::createStringError(code, "cannot create '%s': %s", path.c_str(),
                                   code.message().c_str());
  auto check = planCheck(operation, options.seed, options.directory,
                         operation.name + "/");
  if (!check)
    return check.takeError();

  for (TunedSizes sizes : operation.sizes) {
    PlannedCase planned;
    planned.rows = sizes.rows;
    planned.keys = sizes.keys;
    planned.name = getCaseName(operation, sizes);
    planned.candidates = chooseFor(operation, sizes);
    if (planned.candidates.empty())
      continue;
    TuningRecord record =
        describeOperation(operation.getOperation(), chip.name);
    // Until somebody has measured.
    record.schedule = portable;
    planned.record = print(writeRecord(context, record));
    auto arguments = planArguments(operation, sizes, options.seed);
    if (!arguments)
      return arguments.takeError();
    planned.arguments = std::move(*arguments);
    planned.reference = reference;
    planned.results = *tolerances;
    planned.check = *check;
    plan.cases.push_back(std::move(planned));
  }
  return llvm::Error::success();
}

llvm::Error Emitter::compile(Journal &journal) {
  Findings findings(journal.getLines());
  if (auto error = compilePrograms(programs, options.directory, chip,
                                   options.jobs, journal, findings))
    return error;
  prune(findings);
  return llvm::Error::success();
}

void Emitter::prune(const Findings &findings) {
  auto isMissing = [&](const PlannedProgram &files) {
    std::string name = StringRef(files.launch).drop_back(5).str(); // .json
    auto failure = findings.findCompiled(name);
    return !failure || !failure->empty();
  };
  llvm::erase_if(plan.cases, [&](PlannedCase &planned) {
    llvm::erase_if(planned.candidates, [&](const auto &candidate) {
      return isMissing(candidate.program);
    });
    bool isNothing = planned.candidates.empty() || isMissing(planned.reference);
    if (isNothing)
      llvm::WithColor::warning(llvm::errs(), "dsa-tune")
          << planned.name
          << " is left out: no candidates, or nothing to compare with\n";
    return isNothing;
  });
}

/// Whether the search has come so far already.
static bool hasPlan(StringRef directory, StringRef key) {
  auto plan = readPlan(directory);
  if (plan)
    return plan->key == key;
  llvm::consumeError(plan.takeError());
  return false;
}

llvm::Error mlir::dsa::emit(ModuleOp spec, const Chip &chip, StringRef compiler,
                            const EmitOptions &options) {
  MeasurePlan plan;
  plan.key = getKey(spec, chip, compiler, options);
  plan.compiler = compiler.str();
  plan.chip = chip.name.str();
  plan.runs = options.runs;
  plan.idleMilliseconds = options.idleMilliseconds;
  plan.rounds = options.rounds;
  auto operations = readSpec(spec, chip);
  if (!operations)
    return operations.takeError();
  if (auto code = llvm::sys::fs::create_directories(options.directory))
    return llvm::createStringError(code, "cannot create '%s': %s",
                                   options.directory.c_str(),
                                   code.message().c_str());
  std::vector<std::string> warnings;
  auto journal = Journal::open(options.directory, plan.key, warnings);
  if (!journal)
    return journal.takeError();
  for (const std::string &warning : warnings)
    llvm::WithColor::warning(llvm::errs(), "dsa-tune") << warning << '\n';
  if (hasPlan(options.directory, plan.key))
    return llvm::Error::success();

  Emitter emitter(chip, options, plan);
  for (const TunedOperation &operation : *operations)
    if (auto error = emitter.add(operation))
      return error;
  if (auto error = emitter.compile(*journal))
    return error;
  SmallString<128> path(options.directory);
  llvm::sys::path::append(path, MeasurePlan::kFileName);
  return llvm::writeToOutput(path, [&](llvm::raw_ostream &os) {
    os << llvm::formatv("{0:2}\n", toJSON(plan));
    return llvm::Error::success();
  });
}
