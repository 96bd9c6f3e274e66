//===- SparseAttentionSchedule.cpp - Gathered attention on tiles ----------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Dialect/DSA/IR/TargetChip.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "dsa/Dialect/DSATile/IR/Registers.h"

using namespace mlir;
using namespace mlir::dsa_tile;

LogicalResult SparseAttentionScheduleAttr::verify(
    function_ref<InFlightDiagnostic()> emitError, int64_t blockKeys,
    int64_t slots, int64_t groups, bool split, int64_t cluster,
    int64_t blocks) {
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
  return verifyCluster(emitError, cluster, blocks);
}

/// What of `op` no schedule serves, or nothing.
static StringRef getObstacle(dsa::SparseAttentionOp op) {
  if (op.getSeq())
    return "'seq'";
  if (op.getBlock().value_or(1) != 1)
    return "'block'";
  if (op.getValue())
    return "values apart from keys";
  if (op.hasKeyHeads())
    return "keys with heads";
  if (cast<ShapedType>(op.getIndices().getType()).getDimSize(1) != 1)
    return "several lists a row";
  return {};
}

/// Bytes through which each of two warpgroups passes weights and their sums,
/// and largest scores.
static int64_t getHandoffBytes(SparseAttentionScheduleAttr schedule) {
  constexpr int64_t kAlignment = 1024;
  int64_t vector = 4 * SparseAttentionScheduleAttr::kBlockHeads;
  int64_t weights =
      2 * SparseAttentionScheduleAttr::kBlockHeads * schedule.getBlockKeys() +
      vector;
  return llvm::alignTo(
      llvm::alignTo(weights, kAlignment) + weights + 2 * vector, kAlignment);
}

/// Bytes of shared memory that a kernel takes.
static int64_t getSharedBytes(SparseAttentionScheduleAttr schedule,
                              dsa::SparseAttentionOp op) {
  constexpr int64_t kSlotBarrierBytes = 16;
  int64_t heads = SparseAttentionScheduleAttr::kBlockHeads;
  int64_t width = op.getKeyWidth(), slots = schedule.getSlots();
  int64_t keys = slots * schedule.getBlockKeys();
  if (!schedule.getSplit())
    return 2 * width * (heads + keys) + kSlotBarrierBytes * (1 + slots);
  // Columns that are no values are a channel of their own for keys, and lie in
  // registers for queries.
  int64_t valueWidth = op.getValueWidth();
  int64_t channels = width > valueWidth ? 6 : 4;
  return 2 * heads * valueWidth + 2 * 2 * width * keys +
         kSlotBarrierBytes * (2 + channels * slots) + getHandoffBytes(schedule);
}

/// Registers of a thread: sums of values, scores and weights of a tile, queries
/// that lie there, and what is left for everything else.
static int64_t countRegisters(SparseAttentionScheduleAttr schedule,
                              int64_t width, int64_t valueWidth) {
  constexpr int64_t kOther = 24;
  return valueWidth / schedule.getGroups() / 2 + schedule.getBlockKeys() / 2 +
         schedule.getBlockKeys() / 4 + (width - valueWidth) / 4 + kOther;
}

LogicalResult SparseAttentionScheduleAttr::verifyFor(
    Operation *op, function_ref<InFlightDiagnostic()> emitError) const {
  auto attention = dyn_cast<dsa::SparseAttentionOp>(op);
  if (!attention)
    return emitError() << "expected 'dsa.sparse_attention' for a "
                          "sparse_attention_schedule";
  if (StringRef obstacle = getObstacle(attention); !obstacle.empty())
    return emitError() << "sparse_attention_schedule cannot serve " << obstacle;
  Type element = attention.getQType().getElementType();
  if (!element.isBF16() && !element.isF16())
    return emitError() << "sparse_attention_schedule needs bf16 or f16, but "
                          "found "
                       << element;
  if (!(attention.getScale() > APFloat(0.0f)))
    return emitError() << "sparse_attention_schedule needs a scale above 0";
  int64_t width = attention.getKeyWidth();
  int64_t valueWidth = attention.getValueWidth();
  if (width % 64 != 0)
    return emitError() << "sparse_attention_schedule needs keys of a multiple "
                          "of 64 columns, but found "
                       << width;
  if (valueWidth % (64 * getGroups()) != 0 || valueWidth > 256 * getGroups())
    return emitError() << "sparse_attention_schedule needs values of a "
                          "multiple of "
                       << 64 * getGroups() << " columns, at most "
                       << 256 * getGroups() << ", but found " << valueWidth;
  int64_t blocks = llvm::divideCeil(attention.getHeads(), kBlockHeads);
  if (blocks % getCluster() != 0)
    return emitError() << "sparse_attention_schedule needs clusters that "
                          "divide "
                       << blocks << " blocks of heads, but found "
                       << getCluster();
  const dsa::Chip *chip = dsa::findTargetChip(op);
  if (!chip)
    return success();
  if (!chip->hasWarpgroupMma)
    return emitError() << "sparse_attention_schedule needs wgmma, which "
                       << chip->name << " does not have";
  int64_t bytes = getSharedBytes(*this, attention);
  if (bytes > chip->sharedMemory)
    return emitError() << "needs " << bytes << " bytes of shared memory, "
                       << chip->name << " has " << chip->sharedMemory;
  if (!getSplit())
    return success();
  return verifyRegisters(emitError, countRegisters(*this, width, valueWidth),
                         valueWidth / getGroups(), getGroups(), kLoadRegisters);
}
