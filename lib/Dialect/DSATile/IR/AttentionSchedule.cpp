//===- AttentionSchedule.cpp - Attention as a kernel on tiles -------------===//
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

LogicalResult
AttentionScheduleAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                              int64_t blockKeys, int64_t slots, int64_t groups,
                              bool ordered, bool delay) {
  if (blockKeys < 16 || blockKeys > 256 || blockKeys % 16 != 0)
    return emitError() << "expected block_keys to be a multiple of 16 in "
                          "[16, 256], but found "
                       << blockKeys;
  if (slots < 1 || slots > 16)
    return emitError() << "expected 1 to 16 slots, but found " << slots;
  if (groups < 1 || groups > 3)
    return emitError() << "expected 1 to 3 groups, but found " << groups;
  return success();
}

/// Why columns of this many elements cannot be multiplied, or nothing.
static LogicalResult verifyWidth(int64_t width, StringRef what,
                                 function_ref<InFlightDiagnostic()> emitError) {
  int64_t bytes = 2 * width;
  if (width <= 256 && (bytes == 32 || bytes == 64 || bytes % 128 == 0))
    return success();
  return emitError() << "attention_schedule needs " << what
                     << " of 16, 32 or a multiple of 64 up to 256 columns, but "
                        "found "
                     << width;
}

/// Registers of a thread: half of a row's sums of values, scores and weights of
/// half of its keys, and what the assembler adds to many, as measured.
static int64_t countRegisters(AttentionScheduleAttr schedule,
                              int64_t valueWidth) {
  int64_t keys = schedule.getBlockKeys();
  int64_t tile = std::max(3 * keys / 4 + 8, 9 * keys / 8 - 44);
  // The weights of the tile before.
  constexpr int64_t kDelay = 20;
  return valueWidth / 2 + tile + (schedule.getDelay() ? kDelay : 0);
}

LogicalResult AttentionScheduleAttr::verifyFor(
    Operation *op, function_ref<InFlightDiagnostic()> emitError) const {
  auto attention = dyn_cast<dsa::AttentionOp>(op);
  if (!attention)
    return emitError() << "expected 'dsa.attention' for an attention_schedule";
  if (attention.getSeq())
    return emitError() << "attention_schedule cannot serve 'seq'";
  Type element = attention.getQType().getElementType();
  if (!element.isBF16() && !element.isF16())
    return emitError() << "attention_schedule needs bf16 or f16, but found "
                       << element;
  if (!(attention.getScale() > APFloat(0.0f)))
    return emitError() << "attention_schedule needs a scale above 0";
  int64_t width = attention.getKeyWidth();
  int64_t valueWidth = attention.getValueWidth();
  if (failed(verifyWidth(width, "keys", emitError)) ||
      failed(verifyWidth(valueWidth, "values", emitError)))
    return failure();
  const dsa::Chip *chip = dsa::findTargetChip(op);
  if (!chip)
    return success();
  if (!chip->hasWarpgroupMma)
    return emitError() << "attention_schedule needs wgmma, which " << chip->name
                       << " does not have";
  int64_t bytes = 2 * (64 * getGroups() * width +
                       getSlots() * getBlockKeys() * (width + valueWidth)) +
                  16 * (1 + 2 * getSlots());
  if (bytes > chip->sharedMemory)
    return emitError() << "needs " << bytes << " bytes of shared memory, "
                       << chip->name << " has " << chip->sharedMemory;
  return verifyRegisters(emitError, countRegisters(*this, valueWidth),
                         std::max(valueWidth, getBlockKeys()), getGroups(),
                         /*load=*/32);
}
