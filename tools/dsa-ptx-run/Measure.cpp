//===- Measure.cpp - Measure the candidates of a search -------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Measure.h"

#include "MeasureCase.h"
#include "dsa/Runtime/CUDA/Device.h"
#include "dsa/Runtime/CUDA/JSONReader.h"
#include "dsa/Runtime/Measure/Findings.h"
#include "dsa/Runtime/Measure/Journal.h"
#include "dsa/Runtime/Measure/ProgressBar.h"
#include "llvm/Support/FormatVariadic.h"

#include <chrono>

using namespace mlir::dsa;
using namespace mlir::dsa::cuda;
using Clock = std::chrono::steady_clock;

namespace {
class Measurer {
public:
  Measurer(const MeasureOptions &options, const MeasurePlan &plan,
           Journal &journal)
      : options(options), plan(plan), journal(journal),
        findings(journal.getLines()),
        bar("measuring", countCandidates(plan), countDone()) {}

  llvm::Error run(const PlannedCase &planned);
  /// One process that does one thing.
  llvm::Expected<Outcome> runAlone(llvm::function_ref<Outcome()> work) const;
  bool isTimeUp() const {
    return options.stopAfter &&
           Clock::now() - start > std::chrono::seconds(options.stopAfter);
  }

private:
  static size_t countCandidates(const MeasurePlan &plan) {
    size_t count = 0;
    for (const PlannedCase &planned : plan.cases)
      count += planned.candidates.size();
    return count;
  }
  size_t countDone() const {
    size_t count = 0;
    for (const PlannedCase &planned : plan.cases)
      for (const PlannedCandidate &candidate : planned.candidates)
        count += findings.findMeasured(planned, candidate.number) != nullptr;
    return count;
  }
  std::vector<const PlannedCandidate *>
  getFinalists(const PlannedCase &planned) const;
  llvm::Error measure(MeasureCase &measured, const PlannedCase &planned,
                      llvm::ArrayRef<const PlannedCandidate *> candidates,
                      bool withCheck);
  llvm::Error note(const PlannedCase &planned,
                   const PlannedCandidate &candidate, const Outcome &outcome);
  std::string describeBest(const PlannedCase &planned) const;

  const MeasureOptions &options;
  const MeasurePlan &plan;
  Journal &journal;
  Findings findings;
  ProgressBar bar;
  const Clock::time_point start = Clock::now();
};
} // namespace

llvm::Expected<Outcome>
Measurer::runAlone(llvm::function_ref<Outcome()> work) const {
  Outcome result;
  auto error = runInWorkers(
      1, 1, options.seconds, [&](size_t) { return work(); },
      [&](size_t, const Outcome &outcome) { result = outcome; });
  if (error)
    return std::move(error);
  return result;
}

std::string Measurer::describeBest(const PlannedCase &planned) const {
  auto ranking = findings.getRanking(planned);
  if (ranking.empty())
    return planned.name + ": nothing right yet";
  return llvm::formatv(
      "{0}: best {1:F1} us, candidate {2}", planned.name,
      *findings.getMicroseconds(planned, ranking.front()->number),
      ranking.front()->number);
}

llvm::Error Measurer::note(const PlannedCase &planned,
                           const PlannedCandidate &candidate,
                           const Outcome &outcome) {
  llvm::json::Object line;
  if (outcome.failure.empty()) {
    auto times = parseJSON(outcome.answer);
    if (!times)
      return times.takeError();
    line = makeTimeLine(planned, candidate.number, *times->getAsArray());
  } else {
    line = makeFailureLine(planned, candidate.number, outcome.failure);
    bar.say(llvm::formatv("{0}: candidate {1} failed: {2}", planned.name,
                          candidate.number, outcome.failure)
                .str());
  }
  findings.add(line);
  return journal.append(std::move(line));
}

/// One candidate after another, in a process that is replaced when one fails.
llvm::Error
Measurer::measure(MeasureCase &measured, const PlannedCase &planned,
                  llvm::ArrayRef<const PlannedCandidate *> candidates,
                  bool withCheck) {
  llvm::Error failed = llvm::Error::success();
  auto work = [&](size_t number) -> Outcome {
    // No answer: not begun.
    if (isTimeUp())
      return {};
    return measured.measure(*candidates[number], withCheck);
  };
  auto done = [&](size_t number, const Outcome &outcome) {
    if (outcome.failure.empty() && outcome.answer.empty())
      return;
    if (auto error = note(planned, *candidates[number], outcome))
      failed = llvm::joinErrors(std::move(failed), std::move(error));
    if (withCheck)
      bar.advance(describeBest(planned));
  };
  auto error = runInWorkers(candidates.size(), 1, options.seconds, work, done);
  return llvm::joinErrors(std::move(error), std::move(failed));
}

/// The fastest, and the default, that have not had all rounds.
std::vector<const PlannedCandidate *>
Measurer::getFinalists(const PlannedCase &planned) const {
  constexpr size_t kFinalists = 2;
  std::vector<const PlannedCandidate *> finalists;
  for (auto [place, candidate] : llvm::enumerate(findings.getRanking(planned)))
    if ((place < kFinalists || candidate->isDefault) &&
        findings.findMeasured(planned, candidate->number)->rounds.size() <
            plan.rounds)
      finalists.push_back(candidate);
  return finalists;
}

llvm::Error Measurer::run(const PlannedCase &planned) {
  std::vector<const PlannedCandidate *> left;
  for (const PlannedCandidate &candidate : planned.candidates)
    if (!findings.findMeasured(planned, candidate.number))
      left.push_back(&candidate);
  if (left.empty() && getFinalists(planned).empty())
    return llvm::Error::success();
  auto measured =
      MeasureCase::create(options.directory, plan, planned, options.device);
  if (!measured)
    return measured.takeError();
  if (!left.empty()) {
    auto reference = runAlone([&] { return (*measured)->runReference(); });
    if (!reference)
      return reference.takeError();
    // No candidate's fault: another time it may be there.
    if (!reference->failure.empty()) {
      bar.say(llvm::formatv("{0}: nothing to compare with: {1}", planned.name,
                            reference->failure)
                  .str());
      return llvm::Error::success();
    }
  }
  if (auto error = measure(**measured, planned, left, /*withCheck=*/true))
    return error;
  // The chip is not as fast all the time: the best take turns.
  for (auto finalists = getFinalists(planned);
       !finalists.empty() && !isTimeUp(); finalists = getFinalists(planned))
    if (auto error =
            measure(**measured, planned, finalists, /*withCheck=*/false))
      return error;
  bar.say(describeBest(planned));
  return llvm::Error::success();
}

/// That the device is what the plan is for: else every candidate would fail.
static llvm::Error checkDevice(const Measurer &measurer, int number,
                               llvm::StringRef chip) {
  auto outcome = measurer.runAlone([&]() -> Outcome {
    auto device = Device::open(number);
    if (!device)
      return {llvm::toString(device.takeError()), true, {}};
    int capability = 0;
    chip.drop_front(chip.starts_with("sm_") ? 3 : 0)
        .consumeInteger(10, capability);
    if (capability == (*device)->getCapability())
      return {{}, true, {}};
    return {llvm::formatv("expected a GPU for {0}, found {1} of compute "
                          "capability {2}.{3}",
                          chip, (*device)->getName(),
                          (*device)->getCapability() / 10,
                          (*device)->getCapability() % 10),
            true,
            {}};
  });
  if (!outcome)
    return outcome.takeError();
  return outcome->failure.empty() ? llvm::Error::success()
                                  : llvm::createStringError(outcome->failure);
}

llvm::Error runMeasure(const MeasureOptions &options) {
  auto plan = readPlan(options.directory);
  if (!plan)
    return plan.takeError();
  std::vector<std::string> warnings;
  auto journal = Journal::open(options.directory, plan->key, warnings);
  if (!journal)
    return journal.takeError();
  for (const std::string &warning : warnings)
    llvm::errs() << "dsa-ptx-run: warning: " << warning << '\n';
  Measurer measurer(options, *plan, *journal);
  if (auto error = checkDevice(measurer, options.device, plan->chip))
    return error;
  for (const PlannedCase &planned : plan->cases)
    if (!measurer.isTimeUp())
      if (auto error = measurer.run(planned))
        return error;
  if (measurer.isTimeUp())
    llvm::errs() << "dsa-ptx-run: stopped after " << options.stopAfter
                 << " s; run again to go on\n";
  return llvm::Error::success();
}
