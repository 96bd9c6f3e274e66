//===- SelectCost.cpp - What selections on tiles are made of --------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One chunk of rows after another: their scores, and a top-k of these; chunks
// at the same time leave no processor idle, as one of all rows would. Or scores
// of which each row's best keys are listed.
//
//===----------------------------------------------------------------------===//

#include "KernelCost.h"
#include "dsa/Dialect/DSATile/Transforms/DefaultSchedule.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

/// Rows of each chunk, as `dsa-tile-chunk-selection` divides them; of all that
/// run at the same time.
static int64_t getChunkRows(SelectScheduleAttr schedule, int64_t rows,
                            int64_t rowBytes) {
  if (schedule.getConcurrent() > 1)
    return rows;
  int64_t most = std::clamp<int64_t>(schedule.getMostBytes() /
                                         std::max<int64_t>(rowBytes, 1),
                                     1, schedule.getMostRows());
  int64_t unit = std::min(schedule.getUnitRows(), most);
  int64_t chunks = llvm::divideCeil(rows, most / unit * unit);
  return std::min(
      llvm::alignTo(llvm::divideCeil(rows, std::max<int64_t>(chunks, 1)), unit),
      static_cast<uint64_t>(rows));
}

/// What a chunk's scores are expected to cost under their default schedule.
static std::optional<Cost> estimateScores(SelectOp op, const Chip &chip,
                                          const CostSizes &sizes) {
  std::optional<Cost> sum;
  bool isKnown = true;
  op.getScorer().walk([&](RowOpInterface inner) {
    std::string reason;
    auto schedule = inner->getAttrOfType<ScheduleAttrInterface>("schedule");
    if (!schedule)
      schedule = getDefaultSchedule(inner, chip, reason);
    auto cost =
        schedule ? estimateCost(inner, schedule, chip, sizes) : std::nullopt;
    // One operation, whose cost is known.
    isKnown &= cost && !sum;
    sum = cost;
  });
  return isKnown ? sum : std::nullopt;
}

/// Under which schedule the region's scores are expected to be computed.
static ScoresScheduleAttr findScoring(SelectOp op, const Chip &chip) {
  IndexScoresOp scorer = *op.getScorer().getOps<IndexScoresOp>().begin();
  std::string reason;
  Attribute schedule = scorer.getScheduleAttr();
  if (!schedule)
    schedule = getDefaultSchedule(scorer, chip, reason);
  return dyn_cast_if_present<ScoresScheduleAttr>(schedule);
}

/// A program scores all keys of its rows, and lists those that exceed a floor.
static std::optional<Cost>
estimateListing(SelectOp op, SelectScheduleAttr schedule, const Chip &chip,
                const ChipRates &rates, const CostSizes &sizes) {
  ScoresScheduleAttr scoring = findScoring(op, chip);
  auto cost = estimateScores(op, chip, sizes);
  if (!scoring || !cost)
    return std::nullopt;
  int64_t programs = llvm::divideCeil(sizes.rows, scoring.getBlockRows());
  int64_t turns = llvm::divideCeil(programs, chip.processors);
  double tiles = sizes.keysPerRow.value_or(static_cast<double>(sizes.keys)) /
                 ScoresScheduleAttr::kBlockKeys;
  // As measured: cycles of a tile; of a program, for each time that lists are
  // shortened, and at its end.
  constexpr double kTile = 370, kShorten = 48000, kEnd = 141000;
  double room =
      static_cast<double>(ShortlistAddOp::kLists * schedule.getCandidates());
  double keys = tiles * ScoresScheduleAttr::kBlockKeys;
  // From one time to the next, there are as many more keys as lists have room
  // for more than is kept.
  double often =
      keys <= room
          ? 0
          : 1 + std::floor(std::log(keys / room) / std::log(room / op.getK()));
  double cycles = turns * (tiles * kTile + often * kShorten + kEnd);
  // Scores alone are divided among all processors.
  double idle = static_cast<double>(turns * chip.processors) /
                static_cast<double>(std::max<int64_t>(programs, 1));
  cost->microseconds = cost->microseconds * idle + cycles / rates.clock * 1e6;
  cost->memoryBytes -= 4.0 * static_cast<double>(sizes.rows * sizes.keys);
  cost->sharedMemory +=
      scoring.getGroups() * ShortlistShortenOp::getGroupBytes(
                                scoring.getBlockRows() / scoring.getGroups());
  return cost;
}

std::optional<Cost> mlir::dsa::estimateSelect(SelectOp op,
                                              SelectScheduleAttr schedule,
                                              const Chip &chip,
                                              const ChipRates &rates,
                                              const CostSizes &sizes) {
  if (schedule.isFused() && sizes.rows != 0)
    return estimateListing(op, schedule, chip, rates, sizes);
  if (!schedule.getTopk() || sizes.rows == 0)
    return std::nullopt;
  Operation *yield = op.getScorer().front().getTerminator();
  auto scores = cast<ShapedType>(yield->getOperand(0).getType());
  TopkWork work = describeWork(op, scores, sizes);
  int64_t lists = scores.getRank() == 3 ? scores.getDimSize(1) : 1;
  int64_t rows =
      getChunkRows(schedule, sizes.rows, lists * sizes.keys * work.scoreBytes);
  double chunks = static_cast<double>(
      llvm::divideCeil(sizes.rows, std::max<int64_t>(rows, 1)));
  CostSizes chunk = {rows, sizes.keys, sizes.keysPerRow};
  auto scoring = estimateScores(op, chip, chunk);
  if (!scoring)
    return std::nullopt;
  work.lists = rows * op.getGroups();
  Cost selecting = estimateTopk(schedule.getTopk(), work, chip, rates);

  // The larger part says what bounds it.
  Cost cost =
      scoring->microseconds > selecting.microseconds ? *scoring : selecting;
  cost.sharedMemory = std::max(scoring->sharedMemory, selecting.sharedMemory);
  cost.flops = chunks * scoring->flops;
  cost.loadedBytes = chunks * scoring->loadedBytes;
  cost.memoryBytes = chunks * (scoring->memoryBytes + selecting.memoryBytes);
  cost.microseconds = chunks * (scoring->microseconds + selecting.microseconds);
  return cost;
}
