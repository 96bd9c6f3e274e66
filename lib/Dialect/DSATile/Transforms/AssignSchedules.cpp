//===- AssignSchedules.cpp - Default schedules for tiles ------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/ScheduleSpace.h"
#include "dsa/Dialect/DSA/IR/TargetChip.h"
#include "dsa/Dialect/DSATile/IR/ChunkedSelection.h"
#include "dsa/Dialect/DSATile/IR/GatheredAttention.h"
#include "dsa/Dialect/DSATile/Transforms/DefaultSchedule.h"
#include "dsa/Dialect/DSATile/Transforms/Passes.h"
#include "mlir/IR/Remarks.h"
#include "llvm/Support/MathExtras.h"

namespace mlir::dsa_tile {
#define GEN_PASS_DEF_ASSIGNSCHEDULESPASS
#include "dsa/Dialect/DSATile/Transforms/Passes.h.inc"
} // namespace mlir::dsa_tile

using namespace mlir;
using namespace mlir::dsa_tile;

/// The first legal one of those that keep most warpgroups and buffers busy. 128
/// columns a warpgroup leave registers for weights. Rows of sequences come a
/// few at a time, as in decoding: two of two warpgroups waste fewer products
/// with the keys of others.
static Attribute chooseForScores(dsa::IndexScoresOp op, const dsa::Chip &chip,
                                 std::string &reason) {
  constexpr int64_t kColumns = 128, kSplitKeys = 4096;
  int64_t heads = ScoresScheduleAttr::getPaddedHeads(
      cast<ShapedType>(op.getQ().getType()).getDimSize(1));
  int64_t rows = std::max<int64_t>(kColumns / heads / 2 * 2, 2);
  if (op.getSeq())
    rows = 2;
  // Products of bytes are so fast that relu shows; but the linear terms of many
  // heads may leave no room for them, and few rows do not repay their kernel.
  SmallVector<bool, 2> splitting = {false};
  if (!op.getSeq() && op.getActivation() == dsa::Activation::Relu &&
      isa<Float8E4M3FNType>(getElementTypeOrSelf(op.getQ().getType())))
    splitting = {true, false};
  for (bool splitRelu : splitting)
    for (int64_t groups : {4, 3, 2, 1})
      for (int64_t slots : {6, 4, 2}) {
        if (op.getSeq() && groups > 2)
          continue;
        auto schedule = ScoresScheduleAttr::get(
            op.getContext(), groups * rows, kSplitKeys, slots, groups,
            chip.processors, /*ordered=*/groups > 1, splitRelu,
            /*whole_rows=*/!op.getSeq());
        reason = dsa::getObjection(schedule, op);
        if (reason.empty())
          return schedule;
      }
  return {};
}

/// Three warpgroups keep the matrix units busy, but only with narrow heads do
/// they have registers for it: each thread holds half of a row's values, and
/// scores and weights of half of its keys.
static Attribute chooseForRows(dsa::AttentionOp op, std::string &reason) {
  int64_t groups = op.getValueWidth() <= 128 ? 3 : 2;
  for (; groups > 0; --groups)
    for (int64_t slots : {3, 2, 1}) {
      auto schedule = AttentionScheduleAttr::get(
          op.getContext(), /*block_keys=*/64, slots, groups, /*ordered=*/false,
          /*delay=*/true);
      reason = dsa::getObjection(schedule, op);
      if (reason.empty())
        return schedule;
    }
  return {};
}

/// Lists that are long enough for what a program saves by the choice to be more
/// than what the choice takes at its ends.
static constexpr int64_t kLongList = 1024;

/// Programs that may divide the keys of a row: many where lists are long, or
/// where nobody knows.
static int64_t chooseSplits(const GatheredAttention &op, int64_t step,
                            int64_t blockHeads, int64_t blocks) {
  if (op.countBlocks(blockHeads) > blocks ||
      (op.indices && op.getListKeys() < kLongList))
    return 1;
  return op.getManySplits(step);
}

/// As many buffers as there is room for. With one keys come late, which
/// warpgroups that go in turn wait less for.
static Attribute chooseForHeads(const GatheredAttention &op,
                                const dsa::Chip &chip, std::string &reason) {
  constexpr int64_t kHeads = SparseAttentionScheduleAttr::kBlockHeads;
  int64_t cluster = llvm::divideCeil(op.getSetHeads(), kHeads) % 2 == 0 ? 2 : 1;
  int64_t blocks = chip.processors / cluster * cluster;
  for (int64_t groups : {2, 1})
    for (int64_t slots : {4, 3, 2, 1}) {
      auto make = [&](bool inTurn, int64_t splits) {
        return SparseAttentionScheduleAttr::get(
            op.op->getContext(), /*block_keys=*/64, slots, groups,
            /*split=*/groups == 2, inTurn, cluster, blocks, splits);
      };
      int64_t step = make(/*inTurn=*/false, /*splits=*/1).getStepKeys();
      int64_t splits = chooseSplits(op, step, kHeads, blocks);
      auto schedule = make(/*inTurn=*/false, splits);
      reason = dsa::getObjection(schedule, op.op);
      if (!reason.empty())
        continue;
      if (slots > 1 || groups == 1 || op.getListKeys() < kLongList)
        return schedule;
      auto inTurn = make(/*inTurn=*/true, splits);
      return dsa::getObjection(inTurn, op.op).empty() ? inTurn : schedule;
    }
  return {};
}

/// Larger tiles where some are under way at a time: each is a chain of products
/// and softmax. With one buffer nothing is.
static Attribute chooseForFewHeads(const GatheredAttention &op,
                                   const dsa::Chip &chip, std::string &reason) {
  constexpr int64_t kFewest = 16, kMost = 32;
  int64_t heads = op.getSetHeads();
  if (heads > kMost) {
    reason = "more than 32 heads have the same keys";
    return {};
  }
  int64_t blockHeads = heads <= kFewest ? kFewest : kMost;
  for (auto [groups, leastSlots] : {std::pair(2, 2), std::pair(1, 1)})
    for (int64_t slots : {8, 6, 4, 3, 2, 1}) {
      if (slots < leastSlots)
        continue;
      auto make = [&, groups = groups](int64_t splits) {
        return TransposedAttentionScheduleAttr::get(op.op->getContext(),
                                                    blockHeads, slots, groups,
                                                    chip.processors, splits);
      };
      auto schedule = make(chooseSplits(op, make(/*splits=*/1).getBlockKeys(),
                                        blockHeads, chip.processors));
      reason = dsa::getObjection(schedule, op.op);
      if (reason.empty())
        return schedule;
    }
  return {};
}

/// Heads are rows of products, or columns where they are few.
static Attribute chooseForGathered(Operation *op, const dsa::Chip &chip,
                                   std::string &reason) {
  GatheredAttention attention = *GatheredAttention::create(op);
  if (Attribute schedule = chooseForFewHeads(attention, chip, reason))
    return schedule;
  return chooseForHeads(attention, chip, reason);
}

/// Rows up to which heads that have the same keys are better than rows of one
/// head: each block of heads has a processor then, where it takes in all keys
/// for all of its heads. More than 16 heads take longer than rows of one do, as
/// long as there are processors for these.
static int64_t countFewRows(dsa::AttentionOp op, const dsa::Chip &chip) {
  constexpr int64_t kFewHeads = 16;
  GatheredAttention attention = *GatheredAttention::create(op);
  int64_t setHeads = attention.getSetHeads();
  if (setHeads > kFewHeads && op.getHeads() <= chip.processors)
    return 0;
  return chip.processors /
         attention.countBlocks(SparseAttentionScheduleAttr::kBlockHeads);
}

/// Rows up to which one warpgroup for each head, or several heads' programs of
/// 64 rows, find a processor each.
static int64_t countSomeRows(dsa::AttentionOp op, const dsa::Chip &chip) {
  constexpr int64_t kGroupRows = 64;
  return chip.processors / op.getHeads() * kGroupRows;
}

/// One warpgroup, which waits for nobody and has larger tiles.
static Attribute chooseForSomeRows(dsa::AttentionOp op) {
  auto schedule = AttentionScheduleAttr::get(
      op.getContext(), /*block_keys=*/128, /*slots=*/2, /*groups=*/1,
      /*ordered=*/false, /*delay=*/true);
  return dsa::getObjection(schedule, op).empty() ? schedule : Attribute();
}

/// Rows of one head are rows of products where there are many; where there are
/// few, and where columns are too wide for it, heads are.
static Attribute chooseForAttention(dsa::AttentionOp op, const dsa::Chip &chip,
                                    std::string &reason) {
  int64_t rows = op.getQType().getDimSize(0);
  bool isStatic = !ShapedType::isDynamic(rows);
  bool isFew = isStatic && rows <= countFewRows(op, chip);
  if (isStatic && !isFew && rows <= countSomeRows(op, chip))
    if (Attribute schedule = chooseForSomeRows(op))
      return schedule;
  Attribute schedule =
      isFew ? chooseForGathered(op, chip, reason) : chooseForRows(op, reason);
  if (schedule)
    return schedule;
  return isFew ? chooseForRows(op, reason)
               : chooseForGathered(op, chip, reason);
}

/// Room for the keys and as many again, so that lists are seldom shortened, and
/// for several blocks to a processor: some wait for memory while others search.
/// Tiles of four keys a thread need few registers.
static TopkScheduleAttr getTopkSchedule(MLIRContext *context, int64_t k) {
  constexpr int64_t kGroups = 4, kBlockKeys = 2048, kLeast = 4 * kBlockKeys;
  int64_t candidates = std::max<int64_t>(
      kLeast, llvm::alignTo(k + k / 2, kBlockKeys) + 2 * kBlockKeys);
  if (k <= kBlockKeys)
    candidates = kLeast;
  return TopkScheduleAttr::get(context, kBlockKeys, candidates,
                               /*sample=*/kBlockKeys,
                               /*bins=*/2048, kGroups);
}

static Attribute chooseForTopk(dsa::TopkOp op, std::string &reason) {
  auto schedule = getTopkSchedule(op.getContext(), op.getK());
  reason = dsa::getObjection(schedule, op);
  return reason.empty() ? schedule : Attribute();
}

/// Chunks as large as a workspace of 128 MB allows, beside lists that programs
/// of top-k share and the linear parts of rows: kernels have more rows to
/// divide among their blocks. Three at a time keep the chip busy while kernels
/// begin and end. Blocks of eight rows are those of most schedules for scores.
static Attribute chooseForSelect(dsa::SelectOp op, const dsa::Chip &chip,
                                 std::string &reason) {
  constexpr int64_t kMostRows = 8192, kMostBytes = 112 << 20, kUnitRows = 8;
  constexpr int64_t kConcurrent = 3;
  auto make = [&](TopkScheduleAttr topk) {
    // By loops, scores and top-k take many blocks of little work.
    bool isTiles = topk && chip.hasWarpgroupMma;
    return SelectScheduleAttr::get(op.getContext(), kMostRows, kMostBytes,
                                   kUnitRows, topk, /*candidates=*/0,
                                   isTiles ? kConcurrent : 1);
  };
  auto schedule = make(getTopkSchedule(op.getContext(), op.getK()));
  reason = dsa::getObjection(schedule, op);
  if (reason.empty())
    return schedule;
  // Scores alone are worth it.
  bool hasScores = false;
  op->walk([&](dsa::IndexScoresOp scores) {
    std::string ignored;
    hasScores |= chip.hasWarpgroupMma && chooseForScores(scores, chip, ignored);
  });
  if (!hasScores || !dsa::getObjection(make({}), op).empty())
    return {};
  return make({});
}

static Attribute choose(Operation *op, const dsa::Chip &chip,
                        std::string &reason) {
  if (auto scores = dyn_cast<dsa::IndexScoresOp>(op))
    return chooseForScores(scores, chip, reason);
  if (auto attention = dyn_cast<dsa::AttentionOp>(op))
    return chooseForAttention(attention, chip, reason);
  if (auto sparse = dyn_cast<dsa::SparseAttentionOp>(op))
    return chooseForGathered(sparse, chip, reason);
  if (auto topk = dyn_cast<dsa::TopkOp>(op))
    return chooseForTopk(topk, reason);
  if (auto select = dyn_cast<dsa::SelectOp>(op))
    return chooseForSelect(select, chip, reason);
  reason = "no schedule for tiles serves this operation";
  return {};
}

dsa::ScheduleAttrInterface dsa_tile::getDefaultSchedule(Operation *op,
                                                        const dsa::Chip &chip,
                                                        std::string &reason) {
  // Other kernels multiply by wgmma.
  if (!chip.hasWarpgroupMma && !isa<dsa::TopkOp, dsa::SelectOp>(op)) {
    reason = (chip.name + " has no wgmma").str();
    return {};
  }
  return cast_if_present<dsa::ScheduleAttrInterface>(choose(op, chip, reason));
}

dsa::ScheduleAttrInterface
dsa_tile::addFewRows(Operation *op, const dsa::Chip &chip,
                     dsa::ScheduleAttrInterface schedule) {
  auto attention = dyn_cast<dsa::AttentionOp>(op);
  if (!attention || !isa<AttentionScheduleAttr>(schedule) ||
      !ShapedType::isDynamic(attention.getQType().getDimSize(0)))
    return schedule;
  SmallVector<dsa::VariantAttr> variants;
  auto add = [&](int64_t rows, Attribute chosen) {
    int64_t before =
        variants.empty() ? 0 : variants.back().getSizes().getMostRows();
    if (!chosen || chosen == schedule || rows <= before)
      return;
    auto sizes = dsa::SizesAttr::get(op->getContext(), 0, rows, 0, INT64_MAX);
    variants.push_back(dsa::VariantAttr::get(
        op->getContext(), sizes, cast<dsa::ScheduleAttrInterface>(chosen)));
  };
  std::string reason;
  add(countFewRows(attention, chip), chooseForGathered(op, chip, reason));
  add(countSomeRows(attention, chip), chooseForSomeRows(attention));
  if (variants.empty())
    return schedule;
  return dsa::VariantsAttr::get(op->getContext(), variants, schedule);
}

static void assign(Operation *op, const dsa::Chip &chip, bool variants) {
  remark::RemarkOpts opts =
      remark::RemarkOpts::name("schedule").category("dsa-schedule");
  std::string reason;
  Attribute schedule = choose(op, chip, reason);
  if (!schedule) {
    remark::missed(op->getLoc(), opts)
        << op->getName().getStringRef().str()
        << " takes the portable path: " << reason;
    return;
  }
  if (variants)
    schedule = addFewRows(op, chip, cast<dsa::ScheduleAttrInterface>(schedule));
  op->setAttr("schedule", schedule);
  std::string text;
  llvm::raw_string_ostream(text) << schedule;
  remark::passed(op->getLoc(), opts) << op->getName().getStringRef().str()
                                     << " takes the default schedule " << text;
}

/// Whether the operation belongs to a selection that scores a few rows at a
/// time, in one kernel.
static bool isScoredByRows(Operation *op) {
  auto select = op->getParentOfType<dsa::SelectOp>();
  return select && (isa<dsa::SelectOp>(op) || !hasSelectSchedule(select));
}

namespace {
struct AssignSchedulesPass
    : public dsa_tile::impl::AssignSchedulesPassBase<AssignSchedulesPass> {
  using AssignSchedulesPassBase::AssignSchedulesPassBase;

  void runOnOperation() override {
    const dsa::Chip *chip = dsa::findTargetChip(getOperation());
    if (!chip)
      return;
    // Selections before what they score.
    getOperation()->walk<WalkOrder::PreOrder>([&](dsa::RowOpInterface op) {
      // Other kernels multiply by wgmma.
      if (!chip->hasWarpgroupMma && !isa<dsa::TopkOp, dsa::SelectOp>(op))
        return;
      if (!op->hasAttr("schedule") && !isScoredByRows(op))
        assign(op, *chip, variants);
    });
  }
};
} // namespace
