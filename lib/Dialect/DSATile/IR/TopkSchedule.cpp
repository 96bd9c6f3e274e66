//===- TopkSchedule.cpp - Top-k as a kernel on tiles ----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Dialect/DSA/IR/TargetChip.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::dsa_tile;

int64_t TopkScheduleAttr::getLeastTile() const {
  constexpr int64_t kGroupThreads = 128;
  return kGroupThreads * getGroups() * StripedAttr::kPiece;
}

LogicalResult
TopkScheduleAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                         int64_t blockKeys, int64_t candidates, int64_t sample,
                         int64_t bins, int64_t groups) {
  if (failed(verifyGroups(emitError, groups, 1)))
    return failure();
  int64_t least = 512 * groups;
  auto check = [&](StringRef name, int64_t value, int64_t most) {
    if (value >= least && value <= most && value % least == 0)
      return success();
    return LogicalResult(emitError()
                         << "expected " << name << " to be a multiple of "
                         << least << " (4 for each thread), up to " << most
                         << ", but found " << value);
  };
  // A thread can hold a few elements in registers.
  if (failed(check("block_keys", blockKeys, 8 * least)) ||
      failed(check("sample", sample, 8 * least)) ||
      failed(check("bins", bins, 8 * least)))
    return failure();
  if (!llvm::isPowerOf2_64(bins))
    return emitError() << "expected bins to be a power of 2, but found "
                       << bins;
  if (candidates < 2 * blockKeys || candidates % blockKeys != 0 ||
      candidates < sample)
    return emitError() << "expected candidates to be a multiple of "
                          "block_keys, at least twice as many and sample, but "
                          "found "
                       << candidates << ", " << blockKeys << " and " << sample;
  return success();
}

/// What is checked of an operation, for lists of `scores`.
template <typename OpTy>
static LogicalResult verifyLists(TopkScheduleAttr schedule, OpTy op,
                                 Value scores,
                                 function_ref<InFlightDiagnostic()> emitError) {
  if (op.getBlockSize() != 1)
    return emitError() << "topk_schedule cannot serve blocks of keys";
  if (op.getK() < 1 || op.getK() > TopkScheduleAttr::kMostK)
    return emitError() << "topk_schedule needs K in [1, "
                       << TopkScheduleAttr::kMostK << "], but found "
                       << op.getK();
  int64_t candidates = schedule.getCandidates();
  if (op.getK() > candidates - schedule.getBlockKeys())
    return emitError() << "topk_schedule lists K = " << op.getK()
                       << " keys and a tile, which needs "
                       << op.getK() + schedule.getBlockKeys()
                       << " candidates, but has " << candidates;

  const dsa::Chip *chip = dsa::findTargetChip(op);
  if (!chip)
    return success();
  // Each candidate's rank, number and perhaps score; counts; sums of warps.
  int64_t bytes = 8;
  if (op.getValuesInit())
    bytes += cast<ShapedType>(scores.getType()).getElementTypeBitWidth() / 8;
  bytes = bytes * candidates + 4 * schedule.getBins() + 256;
  if (bytes > chip->sharedMemory)
    return emitError() << "needs " << bytes << " bytes of shared memory, "
                       << chip->name << " has " << chip->sharedMemory;
  return success();
}

LogicalResult TopkScheduleAttr::verifyForSelection(
    Operation *op, function_ref<InFlightDiagnostic()> emitError) const {
  if (auto select = dyn_cast<dsa::SelectOp>(op)) {
    Operation *yield = select.getScorer().front().getTerminator();
    return verifyLists(*this, select, cast<dsa::YieldOp>(yield).getScores(),
                       emitError);
  }
  auto topk = cast<dsa::TopkOp>(op);
  if (topk.getIds())
    return emitError() << "topk_schedule cannot serve lists with 'ids'";
  Value scores = topk.getScores();
  if (auto memref = dyn_cast<MemRefType>(scores.getType());
      memref && !memref.getLayout().isIdentity())
    return emitError() << "topk_schedule needs memory without gaps, but found "
                       << memref;
  return verifyLists(*this, topk, scores, emitError);
}

LogicalResult TopkScheduleAttr::verifyFor(
    Operation *op, function_ref<InFlightDiagnostic()> emitError) const {
  if (!isa<dsa::TopkOp>(op))
    return emitError() << "expected 'dsa.topk' for a topk_schedule";
  return verifyForSelection(op, emitError);
}
