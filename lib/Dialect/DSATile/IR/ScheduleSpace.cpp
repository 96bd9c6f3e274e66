//===- ScheduleSpace.cpp - The schedules that are looked at ---------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The spaces that DSATileSchedules.td documents. They hold what may be fast on
// some shape, every default among it, and nothing that the attributes' own
// verifiers refuse.
//
//===----------------------------------------------------------------------===//

#include "ScheduleSpace.h"
#include "dsa/Dialect/DSATile/IR/ChunkedSelection.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "dsa/Dialect/DSATile/IR/GatheredAttention.h"
#include "dsa/Target/Chip.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace mlir::dsa_tile;
using dsa::Chip;

using Space = SmallVector<dsa::ScheduleAttrInterface>;

static Space getScoresSpace(dsa::IndexScoresOp op, const Chip &chip) {
  constexpr int64_t kUsualSplit = 4096;
  Space space;
  // Without relu there is nothing to split.
  bool hasRelu =
      op.getActivation() == dsa::Activation::Relu && !op.getLinearTerms();
  for (int64_t groups : {1, 2, 3, 4})
    for (int64_t rows : {2, 4, 8, 16, 32})
      for (int64_t splitKeys :
           {int64_t(512), int64_t(1024), kUsualSplit, int64_t(16384)})
        for (int64_t slots : {2, 4, 6})
          for (bool ordered : {false, true})
            for (bool splitRelu : {false, true})
              for (bool wholeRows : {false, true}) {
                if ((ordered && groups == 1) || (splitRelu && !hasRelu) ||
                    (wholeRows && splitKeys != kUsualSplit))
                  continue;
                space.push_back(ScoresScheduleAttr::get(
                    op.getContext(), groups * rows, splitKeys, slots, groups,
                    chip.processors, ordered, splitRelu, wholeRows));
              }
  return space;
}

/// Programs that may divide a row's keys: one, or many of them, for which there
/// must be a turn of blocks.
static SmallVector<int64_t> getSplits(const GatheredAttention &op, int64_t step,
                                      int64_t blocks) {
  int64_t many = op.getManySplits(step);
  return blocks != 0 && many > 1 ? SmallVector<int64_t>{1, many}
                                 : SmallVector<int64_t>{1};
}

static Space getTransposedSpace(const GatheredAttention &op, const Chip &chip) {
  Space space;
  for (int64_t blockHeads : {16, 32})
    for (int64_t groups : {1, 2})
      for (int64_t slots : {1, 2, 3, 4, 6, 8})
        for (int64_t blocks : {int64_t(0), chip.processors}) {
          auto make = [&](int64_t splits) {
            return TransposedAttentionScheduleAttr::get(
                op.op->getContext(), blockHeads, slots, groups, blocks, splits);
          };
          for (int64_t splits : getSplits(op, make(1).getBlockKeys(), blocks))
            space.push_back(make(splits));
        }
  return space;
}

/// Of attention whose keys are gathered.
static Space getGatherSpace(Operation *operation, const Chip &chip) {
  GatheredAttention op = *GatheredAttention::create(operation);
  Space space = getTransposedSpace(op, chip);
  for (int64_t groups : {1, 2})
    for (int64_t blockKeys : {32, 48, 64, 96, 128})
      for (int64_t slots : {1, 2, 3, 4, 6})
        for (auto [split, inTurn] :
             {std::pair(false, false), std::pair(true, false),
              std::pair(true, true)})
          for (int64_t cluster : {1, 2})
            for (int64_t blocks :
                 {int64_t(0), chip.processors / cluster * cluster}) {
              if (split && groups == 1)
                continue;
              auto make = [&, split = split, inTurn = inTurn](int64_t splits) {
                return SparseAttentionScheduleAttr::get(
                    operation->getContext(), blockKeys, slots, groups, split,
                    inTurn, cluster, blocks, splits);
              };
              for (int64_t splits :
                   getSplits(op, make(1).getStepKeys(), blocks))
                space.push_back(make(splits));
            }
  return space;
}

static Space getAttentionSpace(dsa::AttentionOp op, const Chip &chip) {
  Space space;
  for (int64_t groups : {1, 2, 3})
    for (int64_t blockKeys : {32, 64, 96, 128, 192})
      for (int64_t slots : {1, 2, 3, 4})
        for (bool ordered : {false, true})
          for (bool delay : {false, true}) {
            if (ordered && groups == 1)
              continue;
            space.push_back(AttentionScheduleAttr::get(
                op.getContext(), blockKeys, slots, groups, ordered, delay));
          }
  llvm::append_range(space, getGatherSpace(op, chip));
  return space;
}

static SmallVector<TopkScheduleAttr> getTopkSchedules(MLIRContext *context,
                                                      int64_t k) {
  // Keys of one piece for each thread of a warpgroup.
  constexpr int64_t kTile = 2048, kGroupKeys = 128 * StripedAttr::kPiece;
  // Room for half as many keys again and two tiles, or twice that.
  int64_t usual = llvm::alignTo(k + k / 2, kTile) + 2 * kTile;
  llvm::SmallSetVector<int64_t, 4> rooms;
  for (int64_t room : {4 * kTile, usual, 2 * usual})
    rooms.insert(room);
  SmallVector<TopkScheduleAttr> schedules;
  for (int64_t groups : {2, 4})
    for (int64_t tiles : {1, 2})
      for (int64_t candidates : rooms)
        for (int64_t sample : {kTile, 2 * kTile})
          for (int64_t bins : {kTile, 2 * kTile}) {
            int64_t blockKeys = tiles * kGroupKeys * groups;
            if (candidates % blockKeys == 0)
              schedules.push_back(TopkScheduleAttr::get(
                  context, blockKeys, candidates, sample, bins, groups));
          }
  return schedules;
}

static Space getTopkSpace(dsa::TopkOp op) {
  return llvm::to_vector_of<dsa::ScheduleAttrInterface>(
      getTopkSchedules(op.getContext(), op.getK()));
}

static Space getSelectSpace(dsa::SelectOp op) {
  constexpr int64_t kMostRows = 8192, kUnitRows = 8;
  Space space;
  for (auto [mebibytes, concurrent] :
       {std::pair(16, 1), std::pair(32, 1), std::pair(64, 1), std::pair(112, 1),
        std::pair(64, 3), std::pair(64, 4), std::pair(112, 3),
        std::pair(112, 4)})
    for (TopkScheduleAttr topk : getTopkSchedules(op.getContext(), op.getK()))
      space.push_back(SelectScheduleAttr::get(
          op.getContext(), kMostRows, int64_t(mebibytes) << 20, kUnitRows, topk,
          /*candidates=*/0, concurrent));
  // Lists, which are shortened the seldomer the more room they have.
  for (int64_t spare : {1, 2, 4})
    space.push_back(SelectScheduleAttr::get(
        op.getContext(), kMostRows, /*most_bytes=*/112 << 20, kUnitRows,
        /*topk=*/TopkScheduleAttr(),
        llvm::alignTo(op.getK(), ScoresScheduleAttr::kBlockKeys) +
            spare * ShortlistShortenOp::kSpare,
        /*concurrent=*/1));
  return space;
}

/// Whether `memref` is all of an argument or allocation.
static bool isWhole(Value memref) {
  while (auto cast = memref.getDefiningOp<memref::CastOp>())
    memref = cast.getSource();
  return isa<BlockArgument>(memref) ||
         memref.getDefiningOp<memref::AllocOp>() != nullptr;
}

namespace {
struct TileScheduleSpace : public dsa::ScheduleSpaceInterface {
  using ScheduleSpaceInterface::ScheduleSpaceInterface;

  Space getSpace(Operation *op, const Chip &chip) const override {
    // A few rows of what a selection scores are part of its kernel, unless its
    // schedule says otherwise.
    if (auto select = op->getParentOfType<dsa::SelectOp>();
        select && !hasSelectSchedule(select))
      return {};
    return TypeSwitch<Operation *, Space>(op)
        .Case([&](dsa::IndexScoresOp op) { return getScoresSpace(op, chip); })
        .Case([&](dsa::AttentionOp op) { return getAttentionSpace(op, chip); })
        .Case(
            [&](dsa::SparseAttentionOp op) { return getGatherSpace(op, chip); })
        .Case([](dsa::TopkOp op) { return getTopkSpace(op); })
        .Case([](dsa::SelectOp op) { return getSelectSpace(op); })
        .Default(Space());
  }

  std::string getObstacle(Operation *op) const override {
    // Pages may be parts of a pool, whose strides copies know.
    auto scores = dyn_cast<dsa::IndexScoresOp>(op);
    auto isInPages = [&](Value operand) {
      return scores && scores.getTable() &&
             (operand == scores.getK() || operand == scores.getKScale());
    };
    for (Value operand : op->getOperands())
      if (isa<MemRefType>(operand.getType()) && !isInPages(operand) &&
          !isWhole(operand))
        return "kernels on tiles need whole buffers, but an operand is a part";
    return {};
  }
};
} // namespace

std::unique_ptr<dsa::ScheduleSpaceInterface>
dsa_tile::detail::makeScheduleSpace(Dialect *dialect) {
  return std::make_unique<TileScheduleSpace>(dialect);
}
