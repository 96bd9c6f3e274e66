//===- SelectSchedule.cpp - Selecting from some rows at a time ------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SharedBytes.h"
#include "dsa/Dialect/DSA/IR/TargetChip.h"
#include "dsa/Dialect/DSATile/IR/ChunkedSelection.h"
#include "dsa/Dialect/DSATile/IR/ConcurrentLoops.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/TilingInterface.h"

using namespace mlir;
using namespace mlir::dsa_tile;

LogicalResult
SelectScheduleAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                           int64_t mostRows, int64_t mostBytes,
                           int64_t unitRows, TopkScheduleAttr topk,
                           int64_t candidates, int64_t concurrent) {
  auto check = [&](StringRef name, int64_t value) {
    if (value >= 1)
      return success();
    return LogicalResult(emitError()
                         << "expected " << name
                         << " to be at least 1, but found " << value);
  };
  if (failed(check("most_rows", mostRows)) ||
      failed(check("most_bytes", mostBytes)) ||
      failed(check("unit_rows", unitRows)))
    return failure();
  if (candidates < 0 || candidates % StripedAttr::kPiece != 0)
    return emitError() << "expected candidates to be 0 or a multiple of "
                       << StripedAttr::kPiece << ", but found " << candidates;
  if (concurrent < 1 || concurrent > kMostConcurrent)
    return emitError() << "expected concurrent to be 1 to " << kMostConcurrent
                       << ", but found " << concurrent;
  if (candidates != 0 && concurrent != 1)
    return emitError() << "expected no concurrent chunks with candidates, but "
                          "found "
                       << concurrent;
  return success();
}

/// Whether the operation of a scorer can be a kernel, or code on the host, that
/// works on some of the rows.
static bool canWorkOnRows(Operation &op) {
  if (isa<dsa::RowOpInterface, TilingInterface, tensor::EmptyOp, tensor::DimOp,
          memref::AllocOp, memref::DimOp, memref::CopyOp, dsa::YieldOp>(op) ||
      OpTrait::hasElementwiseMappableTraits(&op))
    return true;
  // The host knows sizes and numbers, but not what memory holds.
  auto isNumber = [](Type type) { return type.isIntOrIndexOrFloat(); };
  return op.getNumRegions() == 0 && isMemoryEffectFree(&op) &&
         llvm::all_of(op.getOperandTypes(), isNumber) &&
         llvm::all_of(op.getResultTypes(), isNumber);
}

/// Whether the region creates the memory of the scores that it yields.
static bool createsScores(dsa::SelectOp op, Value scores) {
  Operation *creator = scores.getDefiningOp();
  return creator && creator->getBlock() == &op.getScorer().front() &&
         (isa<TensorType>(scores.getType()) || isa<memref::AllocOp>(creator));
}

/// Whether keys can be listed while they are scored.
static LogicalResult
verifyListing(SelectScheduleAttr schedule, dsa::SelectOp select, Value scores,
              function_ref<InFlightDiagnostic()> emitError) {
  auto ops = select.getScorer().getOps<dsa::IndexScoresOp>();
  if (!llvm::hasSingleElement(ops))
    return emitError() << "select_schedule with candidates needs one "
                          "'dsa.index_scores'";
  dsa::IndexScoresOp scorer = *ops.begin();
  bool areScores = scores.getDefiningOp() == scorer ||
                   (!scorer->getNumResults() && scores == scorer.getInits()[0]);
  if (!areScores || !getElementTypeOrSelf(scores.getType()).isF32())
    return emitError() << "select_schedule with candidates needs f32 scores of "
                          "'dsa.index_scores' as they are";
  if (select.getLo() && scorer.getLo() &&
      (select.getLo() != scorer.getLo() || select.getHi() != scorer.getHi()))
    return emitError() << "select_schedule with candidates needs scores with "
                          "the bounds of the selection";
  if (select.getWindow() || select.getFirst().value_or(0) || select.getBlock())
    return emitError() << "select_schedule with candidates cannot serve "
                          "'window', 'first' or 'block'";
  int64_t room = select.getK() + ShortlistShortenOp::kSpare;
  if (schedule.getCandidates() < room)
    return emitError() << "select_schedule needs candidates of at least "
                       << room << ", but found " << schedule.getCandidates();
  // Known when that is chosen, behind this one.
  auto scoring =
      dyn_cast_if_present<ScoresScheduleAttr>(scorer.getScheduleAttr());
  if (!scoring)
    return success();
  int64_t blocks = scoring.getBlocks();
  if (blocks == 0)
    return emitError() << "select_schedule with candidates needs a "
                          "scores_schedule that limits its blocks";
  int64_t bytes = blocks * scoring.getBlockRows() * ShortlistAddOp::kLists * 8 *
                  schedule.getCandidates();
  if (bytes > schedule.getMostBytes())
    return emitError() << "needs " << bytes
                       << " bytes for lists, most_bytes is "
                       << schedule.getMostBytes();
  // Beside what scores take with one buffer of queries: weights, and a place
  // where each warpgroup shortens lists.
  int64_t groups = scoring.getGroups(), rows = scoring.getBlockRows();
  int64_t heads = ScoresScheduleAttr::getPaddedHeads(
      cast<ShapedType>(scorer.getQ().getType()).getDimSize(1));
  int64_t shared =
      llvm::alignTo(getSharedBytes(scoring, scorer, /*queryBuffers=*/1), 16) +
      rows * heads * 4 +
      groups * ShortlistShortenOp::getGroupBytes(rows / groups);
  const dsa::Chip *chip = dsa::findTargetChip(select);
  if (chip && shared > chip->sharedMemory)
    return emitError() << "needs " << shared << " bytes of shared memory, "
                       << chip->name << " has " << chip->sharedMemory;
  return success();
}

LogicalResult SelectScheduleAttr::verifyFor(
    Operation *op, function_ref<InFlightDiagnostic()> emitError) const {
  auto select = dyn_cast<dsa::SelectOp>(op);
  if (!select)
    return emitError() << "expected 'dsa.select' for a select_schedule";
  Block &body = select.getScorer().front();
  Value scores = cast<dsa::YieldOp>(body.getTerminator()).getScores();
  if (!createsScores(select, scores))
    return emitError() << "select_schedule needs scores that the region of the "
                          "selection computes";
  if (cast<ShapedType>(scores.getType()).getShape().back() == 0)
    return emitError() << "select_schedule needs keys, but there are none";
  for (Operation &inner : body)
    if (!canWorkOnRows(inner))
      return emitError() << "select_schedule cannot serve a region with '"
                         << inner.getName() << "'";
  if (isFused())
    return verifyListing(*this, select, scores, emitError);
  if (getTopk())
    return getTopk().verifyForSelection(op, emitError);
  return success();
}

bool dsa_tile::hasSelectSchedule(dsa::SelectOp op) {
  Attribute schedule = op.getScheduleAttr();
  auto variants = dyn_cast_if_present<dsa::VariantsAttr>(schedule);
  if (!variants)
    return isa_and_present<SelectScheduleAttr>(schedule);
  return isa<SelectScheduleAttr>(variants.getOtherwise()) &&
         llvm::all_of(variants.getVariants(), [](dsa::VariantAttr variant) {
           return isa<SelectScheduleAttr>(variant.getSchedule());
         });
}
