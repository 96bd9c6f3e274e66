//===- TopkCost.cpp - What top-k on tiles is made of ----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A row is read in tiles, each a chain of a load, a scan and a scatter. Several
// blocks share a processor: their chains run beside one another, their
// instructions do not.
//
//===----------------------------------------------------------------------===//

#include "KernelCost.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::dsa;
using dsa_tile::TopkScheduleAttr;

/// Cycles of a program that are in no loop: its beginning, clearing of counts,
/// results; and microseconds of a launch.
static constexpr double kStart = 8000, kLaunch = 5.9;
/// To list what exceeds a threshold: cycles of a tile's chain, and instructions
/// for each key.
static constexpr double kTile = 530, kPerKey = 28.4;
/// To count digits, for each of two that are looked at; and to keep the best of
/// a list.
static constexpr double kDigitTile = 200, kPerDigit = 21, kPerKept = 15.7;
static constexpr double kDigits = 2;
/// Registers that a thread needs, whatever its share of a tile, and for each of
/// its keys; instructions for each key and register that it has not.
static constexpr double kRegisters = 2, kKeyRegisters = 9.5, kPerSpill = 0.83;
/// Warps to a scheduler that keep it busy.
static constexpr double kBusyWarps = 2.25;

namespace {
/// What a program does: cycles that pass for it, and instructions of a thread
/// for each key.
struct Program {
  double latency = 0, instructions = 0;

  void add(double moreLatency, double moreInstructions) {
    latency += moreLatency;
    instructions += moreInstructions;
  }
};

class TopkEstimate {
public:
  TopkEstimate(TopkScheduleAttr schedule, const TopkWork &work,
               const Chip &chip, const ChipRates &rates);
  Cost getCost() const;

private:
  double countTiles(double keys) const {
    return std::ceil(keys / static_cast<double>(schedule.getBlockKeys()));
  }
  /// Lists the keys of some tiles.
  void addTiles(Program &program, double keys) const;
  /// Finds a number by its digits.
  static void addDigits(Program &program, double keys, double tiles);
  /// Keeps the best K of a list.
  void addSearch(Program &program, double keys) const;
  /// What a program lists of `keys` keys, and what is listed at last.
  double addList(Program &program, double keys) const;
  double getIssueCycles(const Program &program, int64_t together) const;
  double getCycles(int64_t programs, const Program &program) const;

  TopkScheduleAttr schedule;
  const TopkWork &work;
  const Chip &chip;
  const ChipRates &rates;
  double k, room;
  int64_t sharedMemory, threads, blocks, parts;
  double spilled;
  /// Keys that reach the threshold that is estimated, of all.
  double listed = 1;
};
} // namespace

TopkEstimate::TopkEstimate(TopkScheduleAttr schedule, const TopkWork &work,
                           const Chip &chip, const ChipRates &rates)
    : schedule(schedule), work(work), chip(chip), rates(rates),
      k(static_cast<double>(work.k)),
      room(static_cast<double>(schedule.getCandidates() -
                               schedule.getBlockKeys())) {
  constexpr int64_t kGroupThreads = 128, kOther = 256, kReserved = 1024;
  constexpr int64_t kThreads = 2048, kRegisterFile = 65536;
  constexpr double kMostRegisters = 255;
  threads = kGroupThreads * schedule.getGroups();
  sharedMemory =
      (8 + (work.hasValues ? work.scoreBytes : 0)) * schedule.getCandidates() +
      4 * schedule.getBins() + kOther;
  blocks =
      std::min((chip.sharedMemory + kReserved) / (sharedMemory + kReserved),
               kThreads / threads);
  blocks = std::max<int64_t>(blocks, 1);
  int64_t each = kRegisterFile / (blocks * threads);
  double registers = std::min(kMostRegisters, static_cast<double>(each));
  double perThread = static_cast<double>(schedule.getBlockKeys()) /
                     static_cast<double>(threads);
  spilled = std::max(0.0, kRegisters + kKeyRegisters * perThread - registers);
  // As the kernel divides rows where they are few.
  constexpr int64_t kBlocks = 264, kMostParts = 16;
  parts = std::min({kMostParts, kBlocks / std::max<int64_t>(work.lists, 1),
                    work.keys / schedule.getCandidates()});
  parts = std::max<int64_t>(parts, 1);
  if (work.keys > schedule.getCandidates()) {
    double sample = static_cast<double>(schedule.getSample());
    double expected =
        std::floor(k * sample / static_cast<double>(work.keys)) + 1;
    listed =
        std::min(expected + std::floor(expected / 4) + 25, sample) / sample;
  }
}

void TopkEstimate::addTiles(Program &program, double keys) const {
  program.add(countTiles(keys) * kTile, keys * (kPerKey + kPerSpill * spilled));
}

void TopkEstimate::addDigits(Program &program, double keys, double tiles) {
  program.add(kDigits * tiles * kDigitTile, kDigits * keys * kPerDigit);
}

void TopkEstimate::addSearch(Program &program, double keys) const {
  addDigits(program, keys, countTiles(keys));
  program.add(0, keys * kPerKept);
}

double TopkEstimate::addList(Program &program, double keys) const {
  program.add(kStart, 0);
  if (listed < 1)
    addDigits(program, static_cast<double>(schedule.getSample()), 1);
  addTiles(program, keys);
  double found = keys * listed;
  if (found <= room)
    return found;
  // Once the list is full, only what is better than its best K comes in: K of
  // the keys so far, and fewer and fewer of those that follow.
  double before = room / listed, space = std::max(room - k, 1.0);
  double later = k * std::log(std::max(keys / before, 1.0));
  auto fills = 1 + static_cast<int64_t>(later / space);
  for (int64_t i = 0; i < fills; ++i)
    addSearch(program, room + static_cast<double>(schedule.getBlockKeys()) / 2);
  return std::min(room, k + std::fmod(later, space));
}

/// Of the instructions of `together` blocks of one processor.
double TopkEstimate::getIssueCycles(const Program &program,
                                    int64_t together) const {
  constexpr int64_t kSchedulerThreads = 128;
  double warps = static_cast<double>(together * threads) / kSchedulerThreads;
  double rate = rates.arithmetic * std::min(1.0, warps / kBusyWarps);
  return static_cast<double>(together) * program.instructions / rate;
}

/// Of whole waves, and of a last one with fewer blocks to a processor.
double TopkEstimate::getCycles(int64_t programs, const Program &program) const {
  int64_t wave = chip.processors * blocks;
  int64_t left = programs % wave;
  auto getWave = [&](int64_t together) {
    return program.latency + getIssueCycles(program, together);
  };
  int64_t whole = programs / wave;
  double cycles = static_cast<double>(whole) * getWave(blocks);
  if (left > 0)
    cycles += getWave(llvm::divideCeil(left, chip.processors));
  return cycles;
}

Cost TopkEstimate::getCost() const {
  constexpr double kWarps = 64, kIndexBytes = 4;
  Cost cost;
  cost.sharedMemory = sharedMemory;
  cost.programs = work.lists * parts;
  cost.waves = llvm::divideCeil(cost.programs, chip.processors * blocks);
  constexpr double kWarpThreads = 32;
  cost.occupancy =
      static_cast<double>(blocks * threads) / kWarpThreads / kWarps;
  double lists = static_cast<double>(work.lists);
  cost.memoryBytes =
      lists * (work.keysPerList * static_cast<double>(work.scoreBytes) +
               k * kIndexBytes);

  Program program;
  double found =
      addList(program, work.keysPerList / static_cast<double>(parts));
  if (parts > 1 || found > k)
    addSearch(program, found);
  double cycles = getCycles(cost.programs, program);
  double launches = 1;
  if (parts > 1) {
    // Another kernel selects from what each of them lists.
    Program merge;
    double shares = static_cast<double>(parts);
    double keys = shares * std::min(found, k);
    double tiles = shares * countTiles(k);
    merge.add(kStart + tiles * kTile,
              tiles * static_cast<double>(schedule.getBlockKeys()) * kPerKey);
    addSearch(merge, std::min(keys, room));
    if (keys > room)
      addSearch(merge, room);
    cycles += getCycles(work.lists, merge);
    ++launches;
  }
  double memory = cost.memoryBytes / rates.memory * rates.clock;
  int64_t together = std::min<int64_t>(
      blocks, llvm::divideCeil(cost.programs, chip.processors));
  double busiest = getIssueCycles(program, together);
  cost.bound = memory > cycles             ? "memory"
               : busiest > program.latency ? "arithmetic"
                                           : "latency";
  cost.microseconds =
      launches * kLaunch + std::max(cycles, memory) / rates.clock * 1e6;
  return cost;
}

Cost mlir::dsa::estimateTopk(TopkScheduleAttr schedule, const TopkWork &work,
                             const Chip &chip, const ChipRates &rates) {
  return TopkEstimate(schedule, work, chip, rates).getCost();
}
