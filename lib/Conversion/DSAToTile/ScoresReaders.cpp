//===- ScoresReaders.cpp - Which scores are read --------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace mlir::dsa;

/// Whether no operation writes to the memory that `memref` is, or a part of it.
static bool isNeverWritten(Value memref) {
  return llvm::all_of(memref.getUsers(), [&](Operation *user) {
    if (auto view = dyn_cast<ViewLikeOpInterface>(user))
      return isNeverWritten(view->getResult(0));
    if (isMemoryEffectFree(user))
      return true;
    SmallVector<MemoryEffects::EffectInstance> effects;
    auto described = dyn_cast<MemoryEffectOpInterface>(user);
    if (!described)
      return false;
    described.getEffectsOnValue(memref, effects);
    return llvm::none_of(effects, [](const auto &effect) {
      return isa<MemoryEffects::Write>(effect.getEffect());
    });
  });
}

/// All of what `memref` is a part of.
static Value getWhole(Value memref) {
  while (auto view = memref.getDefiningOp<ViewLikeOpInterface>())
    memref = view.getViewSource();
  return memref;
}

bool dsa::isReadInsideBounds(IndexScoresOp op) {
  Value scores = op.getInits()[0];
  if (!op.getLo() || !scores.getDefiningOp<memref::AllocOp>() ||
      !isNeverWritten(getWhole(op.getLo())) ||
      !isNeverWritten(getWhole(op.getHi())))
    return false;
  return llvm::all_of(scores.getUsers(), [&](Operation *user) {
    if (auto topk = dyn_cast<TopkOp>(user))
      return topk.getScores() == scores && topk.getLo() == op.getLo() &&
             topk.getHi() == op.getHi();
    return user == op || isa<memref::DimOp, memref::DeallocOp>(user);
  });
}
