//===- TransposedAttentionSchedule.cpp - Attention for few heads ----------===//
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

LogicalResult TransposedAttentionScheduleAttr::verify(
    function_ref<InFlightDiagnostic()> emitError, int64_t blockHeads,
    int64_t slots, int64_t groups, int64_t blocks, int64_t splits) {
  if (blockHeads != 16 && blockHeads != 32)
    return emitError() << "expected block_heads to be 16 or 32, but found "
                       << blockHeads;
  if (slots < 1 || slots > 16)
    return emitError() << "expected 1 to 16 slots, but found " << slots;
  if (groups < 1 || groups > 2)
    return emitError() << "expected 1 or 2 groups, but found " << groups;
  if (failed(verifySplits(emitError, splits, blocks)))
    return failure();
  return verifyCluster(emitError, /*cluster=*/1, blocks);
}

/// Bytes of shared memory that a kernel takes.
static int64_t getSharedBytes(TransposedAttentionScheduleAttr schedule,
                              const GatheredAttention &op) {
  constexpr int64_t kSlotBarrierBytes = 16, kAlignment = 1024, kGroupWarps = 4;
  int64_t heads = schedule.getBlockHeads(), keys = schedule.getBlockKeys();
  int64_t channels = op.value ? 2 : 1;
  int64_t loaded = op.width + (op.value ? op.valueWidth : 0);
  int64_t weights = llvm::alignTo(2 * keys * heads, kAlignment);
  int64_t exchanged = 4 * kGroupWarps * schedule.getGroups() * heads;
  return 2 * heads * op.width + 2 * schedule.getSlots() * keys * loaded +
         kSlotBarrierBytes * (1 + channels * schedule.getSlots()) + weights +
         exchanged;
}

/// Registers of a thread: sums of values, scores, sums of powers, weights, and
/// what is left for everything else.
static int64_t countRegisters(TransposedAttentionScheduleAttr schedule,
                              int64_t valueWidth) {
  constexpr int64_t kOther = 48;
  int64_t blocks = valueWidth / schedule.getBlockKeys();
  return schedule.getBlockHeads() * (2 * blocks + 5) / 4 + kOther;
}

LogicalResult TransposedAttentionScheduleAttr::verifyFor(
    Operation *op, function_ref<InFlightDiagnostic()> emitError) const {
  std::optional<GatheredAttention> attention = GatheredAttention::create(op);
  if (!attention)
    return emitError() << "expected 'dsa.sparse_attention' or 'dsa.attention' "
                          "for a transposed_attention_schedule";
  if (failed(attention->verify("transposed_attention_schedule", getBlockKeys(),
                               getBlockKeys(), emitError)))
    return failure();
  if (failed(attention->verifySplits(
          "transposed_attention_schedule", getSplits(), getBlockKeys(),
          attention->countBlocks(getBlockHeads()), getBlocks(), emitError)))
    return failure();
  const dsa::Chip *chip = dsa::findTargetChip(op);
  if (!chip)
    return success();
  if (!chip->hasWarpgroupMma)
    return emitError() << "transposed_attention_schedule needs wgmma, which "
                       << chip->name << " does not have";
  int64_t bytes = getSharedBytes(*this, *attention);
  if (bytes > chip->sharedMemory)
    return emitError() << "needs " << bytes << " bytes of shared memory, "
                       << chip->name << " has " << chip->sharedMemory;
  return verifyRegisters(emitError,
                         countRegisters(*this, attention->valueWidth),
                         getBlockHeads(), getGroups(), kLoadRegisters);
}
