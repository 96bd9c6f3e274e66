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

LogicalResult TopkScheduleAttr::verifyFor(
    Operation *op, function_ref<InFlightDiagnostic()> emitError) const {
  auto topk = dyn_cast<dsa::TopkOp>(op);
  if (!topk)
    return emitError() << "expected 'dsa.topk' for a topk_schedule";
  if (topk.getIds())
    return emitError() << "topk_schedule cannot serve lists with 'ids'";
  if (topk.getBlockSize() != 1)
    return emitError() << "topk_schedule cannot serve blocks of keys";
  if (topk.getK() < 1 || topk.getK() > kMostK)
    return emitError() << "topk_schedule needs K in [1, " << kMostK
                       << "], but found " << topk.getK();
  if (topk.getK() > getCandidates() - getBlockKeys())
    return emitError() << "topk_schedule lists K = " << topk.getK()
                       << " keys and a tile, which needs "
                       << topk.getK() + getBlockKeys()
                       << " candidates, but has " << getCandidates();
  Value scores = topk.getScores();
  if (auto memref = dyn_cast<MemRefType>(scores.getType());
      memref && !memref.getLayout().isIdentity())
    return emitError() << "topk_schedule needs memory without gaps, but found "
                       << memref;

  const dsa::Chip *chip = dsa::findTargetChip(op);
  if (!chip)
    return success();
  // Each candidate's rank, number and perhaps score; counts; sums of warps.
  int64_t bytes = 8;
  if (topk.getValuesInit())
    bytes += cast<ShapedType>(scores.getType()).getElementTypeBitWidth() / 8;
  bytes = bytes * getCandidates() + 4 * getBins() + 256;
  if (bytes > chip->sharedMemory)
    return emitError() << "needs " << bytes << " bytes of shared memory, "
                       << chip->name << " has " << chip->sharedMemory;
  return success();
}
