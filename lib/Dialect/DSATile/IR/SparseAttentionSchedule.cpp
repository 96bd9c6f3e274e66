//===- SparseAttentionSchedule.cpp - Gathered attention on tiles ----------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/TargetChip.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "dsa/Dialect/DSATile/IR/GatheredAttention.h"
#include "dsa/Dialect/DSATile/IR/Registers.h"

using namespace mlir;
using namespace mlir::dsa_tile;

LogicalResult SparseAttentionScheduleAttr::verify(
    function_ref<InFlightDiagnostic()> emitError, int64_t blockKeys,
    int64_t slots, int64_t groups, bool split, bool inTurn, int64_t cluster,
    int64_t blocks, int64_t splits) {
  if (blockKeys < 16 || blockKeys > 128 || blockKeys % 16 != 0)
    return emitError() << "expected block_keys to be a multiple of 16 in "
                          "[16, 128], but found "
                       << blockKeys;
  if (slots < 1 || slots > 16)
    return emitError() << "expected 1 to 16 slots, but found " << slots;
  if (groups < 1 || groups > 2)
    return emitError() << "expected 1 or 2 groups, but found " << groups;
  if (split && groups != 2)
    return emitError() << "expected 2 groups for split, but found " << groups;
  if (inTurn && !split)
    return emitError() << "expected split for in_turn";
  if (failed(verifySplits(emitError, splits, blocks)))
    return failure();
  return verifyCluster(emitError, cluster, blocks);
}

/// Bytes through which each of two warpgroups passes weights and their sums,
/// and largest scores; or in turn, beside weights, up to four numbers of rows.
static int64_t getHandoffBytes(SparseAttentionScheduleAttr schedule) {
  constexpr int64_t kAlignment = 1024;
  int64_t vector = 4 * SparseAttentionScheduleAttr::kBlockHeads;
  int64_t weights =
      2 * SparseAttentionScheduleAttr::kBlockHeads * schedule.getBlockKeys() +
      (schedule.getInTurn() ? 4 : 1) * vector;
  return llvm::alignTo(
      llvm::alignTo(weights, kAlignment) + weights + 2 * vector, kAlignment);
}

/// Bytes of shared memory that a kernel takes.
static int64_t getSharedBytes(SparseAttentionScheduleAttr schedule,
                              const GatheredAttention &op) {
  constexpr int64_t kSlotBarrierBytes = 16;
  int64_t heads = SparseAttentionScheduleAttr::kBlockHeads;
  int64_t width = op.width, slots = schedule.getSlots();
  int64_t keys = slots * schedule.getBlockKeys();
  // Of keys that are no values.
  int64_t apart = op.value ? op.valueWidth : 0;
  if (!schedule.getSplit())
    return 2 * (heads * width + keys * (width + apart)) +
           kSlotBarrierBytes * (1 + (apart ? 2 : 1) * slots);
  // Columns of keys that are no values are a channel of their own; of queries,
  // such beside others lie in registers.
  int64_t queries = apart ? width : op.valueWidth;
  int64_t channels = apart || width > op.valueWidth ? 6 : 4;
  return 2 * heads * queries + 2 * 2 * (width + apart) * keys +
         kSlotBarrierBytes * ((apart ? 1 : 2) + channels * slots) +
         getHandoffBytes(schedule);
}

/// Registers of a thread: sums of values, scores and weights of a tile, queries
/// that lie there, and what is left for everything else.
static int64_t countRegisters(SparseAttentionScheduleAttr schedule,
                              const GatheredAttention &op) {
  constexpr int64_t kOther = 24;
  int64_t queries = op.value ? 0 : op.width - op.valueWidth;
  return op.valueWidth / schedule.getGroups() / 2 +
         schedule.getBlockKeys() / 2 + schedule.getBlockKeys() / 4 +
         queries / 4 + kOther;
}

LogicalResult SparseAttentionScheduleAttr::verifyFor(
    Operation *op, function_ref<InFlightDiagnostic()> emitError) const {
  std::optional<GatheredAttention> attention = GatheredAttention::create(op);
  if (!attention)
    return emitError() << "expected 'dsa.sparse_attention' or 'dsa.attention' "
                          "for a sparse_attention_schedule";
  if (failed(attention->verify("sparse_attention_schedule", getBlockKeys(),
                               64 * getGroups(), emitError)))
    return failure();
  int64_t valueWidth = attention->valueWidth;
  if (valueWidth > 256 * getGroups())
    return emitError() << "sparse_attention_schedule needs values of at most "
                       << 256 * getGroups() << " columns, but found "
                       << valueWidth;
  if (getInTurn() && (attention->value || attention->width != valueWidth))
    return emitError() << "sparse_attention_schedule needs keys all of whose "
                          "columns are values for in_turn, but found "
                       << attention->width << " columns, and " << valueWidth
                       << (attention->value ? " of V" : " of values");
  int64_t blocks = llvm::divideCeil(attention->getSetHeads(), kBlockHeads);
  if (blocks % getCluster() != 0)
    return emitError() << "sparse_attention_schedule needs clusters that "
                          "divide "
                       << blocks << " blocks of heads, but found "
                       << getCluster();
  if (failed(attention->verifySplits(
          "sparse_attention_schedule", getSplits(), getStepKeys(),
          attention->countBlocks(kBlockHeads), getBlocks(), emitError)))
    return failure();
  const dsa::Chip *chip = dsa::findTargetChip(op);
  if (!chip)
    return success();
  if (!chip->hasWarpgroupMma)
    return emitError() << "sparse_attention_schedule needs wgmma, which "
                       << chip->name << " does not have";
  int64_t bytes = getSharedBytes(*this, *attention);
  if (bytes > chip->sharedMemory)
    return emitError() << "needs " << bytes << " bytes of shared memory, "
                       << chip->name << " has " << chip->sharedMemory;
  if (!getSplit())
    return success();
  return verifyRegisters(emitError, countRegisters(*this, *attention),
                         valueWidth / getGroups(), getGroups(), kLoadRegisters);
}
