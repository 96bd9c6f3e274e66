//===- ScoresSchedule.cpp - Scoring as a kernel on tiles ------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SharedBytes.h"
#include "dsa/Dialect/DSA/IR/TargetChip.h"
#include "dsa/Dialect/DSATile/IR/Registers.h"

using namespace mlir;
using namespace mlir::dsa_tile;

LogicalResult
ScoresScheduleAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                           int64_t blockRows, int64_t splitKeys, int64_t slots,
                           int64_t groups, int64_t blocks, bool ordered,
                           bool splitRelu, bool wholeRows) {
  if (groups < 1 || groups > 4)
    return emitError() << "expected 1 to 4 groups, but found " << groups;
  if (blockRows < 1 || blockRows % (2 * groups) != 0)
    return emitError() << "expected block_rows to be a multiple of "
                       << 2 * groups << " (two rows a group), but found "
                       << blockRows;
  if (splitKeys < kBlockKeys || splitKeys % kBlockKeys != 0)
    return emitError() << "expected split_keys to be a multiple of "
                       << kBlockKeys << ", but found " << splitKeys;
  if (slots < 1 || slots > 16)
    return emitError() << "expected 1 to 16 slots, but found " << slots;
  if (blocks < 0)
    return emitError() << "expected blocks to be 0 or more, but found "
                       << blocks;
  if (wholeRows && blocks == 0)
    return emitError() << "expected how many blocks run at a time with "
                          "whole_rows, but found 0";
  return success();
}

/// Whether the copy engine can take boxes of the memory.
static bool canCopyBoxes(MemRefType type) {
  constexpr int64_t kUnitBytes = 16;
  SmallVector<int64_t> strides;
  int64_t offset, bytes = type.getElementTypeBitWidth() / 8;
  if (failed(type.getStridesAndOffset(strides, offset)) || strides.back() != 1)
    return false;
  strides.back() = offset;
  return llvm::all_of(strides, [&](int64_t count) {
    return !ShapedType::isDynamic(count) && count * bytes % kUnitBytes == 0;
  });
}

int64_t dsa_tile::getSharedBytes(ScoresScheduleAttr schedule,
                                 dsa::IndexScoresOp op, int64_t queryBuffers) {
  auto type = cast<ShapedType>(op.getQ().getType());
  int64_t rowBytes = type.getDimSize(2) * type.getElementTypeBitWidth() / 8;
  int64_t heads = ScoresScheduleAttr::getPaddedHeads(type.getDimSize(1));
  if (op.getLinearTerms() || schedule.getSplitRelu())
    heads += ScoresScheduleAttr::kLinearTerms;
  // Buffers of queries, the keys', and two barriers for each.
  int64_t slots = schedule.getSlots();
  return queryBuffers * schedule.getBlockRows() * heads * rowBytes +
         slots * ScoresScheduleAttr::kBlockKeys * rowBytes +
         16 * (slots + queryBuffers);
}

LogicalResult ScoresScheduleAttr::verifyFor(
    Operation *op, function_ref<InFlightDiagnostic()> emitError) const {
  auto scores = dyn_cast<dsa::IndexScoresOp>(op);
  if (!scores)
    return emitError() << "expected 'dsa.index_scores' for a scores_schedule";
  if (int64_t keys = scores.getPageKeys(); keys % kBlockKeys != 0)
    if (keys < 8 || kBlockKeys % keys != 0)
      return emitError() << "scores_schedule needs pages of 8, 16, 32 or a "
                            "multiple of "
                         << kBlockKeys << " keys, but found " << keys;
  if (auto pages = dyn_cast<MemRefType>(scores.getK().getType());
      pages && scores.getTable() && !canCopyBoxes(pages))
    return emitError()
           << "scores_schedule needs rows of keys without gaps, and "
              "pages at multiples of 16 bytes, but found "
           << pages;
  auto type = cast<ShapedType>(scores.getQ().getType());
  Type element = type.getElementType();
  if (!element.isBF16() && !element.isF16() && !isa<Float8E4M3FNType>(element))
    return emitError() << "scores_schedule needs q and k of f8E4M3FN, bf16 or "
                          "f16, but found "
                       << element;
  int64_t rowBytes = type.getDimSize(2) * element.getIntOrFloatBitWidth() / 8;
  if (rowBytes != 32 && rowBytes != 64 && rowBytes % 128 != 0)
    return emitError() << "scores_schedule needs keys of 32, 64 or a multiple "
                          "of 128 bytes, but found "
                       << rowBytes;
  int64_t rows = getBlockRows() / getGroups();
  int64_t heads = getPaddedHeads(type.getDimSize(1));
  if (scores.getLinearTerms()) {
    int64_t terms =
        cast<ShapedType>(scores.getLinearTerms().getType()).getDimSize(1);
    if (terms != kLinearTerms)
      return emitError() << "scores_schedule needs " << kLinearTerms
                         << " terms of 'linear', but found " << terms;
  }
  if (scores.getLinearTerms() || getSplitRelu())
    heads += kLinearTerms;
  constexpr int64_t kMostColumns = 256;
  if (rows > kMostColumns / heads)
    return emitError() << "scores_schedule has " << rows << " x " << heads
                       << " columns (rows x heads) for a warpgroup, but a "
                          "product has at most "
                       << kMostColumns;
  // Products, weights, and a few for places and loops.
  int64_t registers = (rows * heads + 1) / 2 + rows * heads / 4 + 8;
  // Sums of rows, and their bounds, as measured: those of a few fit beside.
  int64_t bounds = scores.getLo() || scores.getSeq() ? 2 : 1;
  registers += bounds * std::max<int64_t>(rows - 6, 0);
  int64_t load =
      getScoresLoadRegisters(bool(scores.getSeq()), bool(scores.getTable()));
  if (int64_t most = getComputeRegisters(getGroups(), load); registers > most)
    return emitError() << "needs " << registers << " registers a thread, "
                       << getGroups() << " groups have " << most;

  const dsa::Chip *chip = dsa::findTargetChip(op);
  if (!chip)
    return success();
  if (!chip->hasWarpgroupMma)
    return emitError() << "scores_schedule needs wgmma, which " << chip->name
                       << " does not have";
  int64_t bytes = dsa_tile::getSharedBytes(*this, scores, /*queryBuffers=*/2);
  if (bytes > chip->sharedMemory)
    return emitError() << "needs " << bytes << " bytes of shared memory, "
                       << chip->name << " has " << chip->sharedMemory;
  return success();
}
