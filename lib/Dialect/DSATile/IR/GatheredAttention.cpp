//===- GatheredAttention.cpp - Attention to listed keys -------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSATile/IR/GatheredAttention.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include <limits>

using namespace mlir;
using namespace mlir::dsa_tile;

/// What both operations have.
template <typename Op> static GatheredAttention describe(Op op) {
  GatheredAttention attention;
  attention.op = op;
  attention.q = op.getQ();
  attention.key = op.getKey();
  attention.value = op.getValue();
  attention.seq = op.getSeq();
  attention.sink = op.getSink();
  attention.out = op.getInits()[0];
  attention.lse = op.getInits()[1];
  attention.max = op.getMaxInit();
  attention.scale = op.getScale().convertToFloat();
  attention.heads = op.getHeads();
  attention.hasKeyHeads = op.hasKeyHeads();
  attention.keyHeads = op.getKeyHeads();
  attention.width = op.getKeyWidth();
  attention.valueWidth = op.getValueWidth();
  return attention;
}

std::optional<GatheredAttention> GatheredAttention::create(Operation *op) {
  if (auto sparse = dyn_cast<dsa::SparseAttentionOp>(op)) {
    GatheredAttention attention = describe(sparse);
    attention.indices = sparse.getIndices();
    attention.lengths = sparse.getLengths();
    auto lists = cast<ShapedType>(sparse.getIndices().getType());
    attention.lists = lists.getDimSize(1);
    attention.entries = lists.getDimSize(2);
    attention.block = sparse.getBlock().value_or(1);
    return attention;
  }
  auto dense = dyn_cast<dsa::AttentionOp>(op);
  if (!dense)
    return std::nullopt;
  GatheredAttention attention = describe(dense);
  attention.lo = dense.getLo();
  attention.hi = dense.getHi();
  attention.positions = dense.getPositions();
  attention.window = dense.getWindow();
  return attention;
}

int64_t GatheredAttention::getMostSplits(int64_t step) const {
  if (!indices)
    return std::numeric_limits<int64_t>::max();
  return llvm::divideCeil(getListKeys(), step);
}

LogicalResult GatheredAttention::verifySplits(
    StringRef schedule, int64_t splits, int64_t step, int64_t rowBlocks,
    int64_t blocks, function_ref<InFlightDiagnostic()> emitError) const {
  if (splits == 1)
    return success();
  if (int64_t most = getMostSplits(step); splits > most)
    return emitError() << schedule << " needs at most " << most
                       << " splits, of " << step << " keys each, but found "
                       << splits;
  if (rowBlocks > blocks)
    return emitError() << schedule << " needs at least " << rowBlocks
                       << " blocks for splits, one for each block of heads, "
                          "but found "
                       << blocks;
  return success();
}

LogicalResult
GatheredAttention::verify(StringRef schedule, int64_t blockKeys,
                          int64_t columns,
                          function_ref<InFlightDiagnostic()> emitError) const {
  Type element = getElement();
  if (!element.isBF16() && !element.isF16())
    return emitError() << schedule << " needs bf16 or f16, but found "
                       << element;
  if (!(scale > 0))
    return emitError() << schedule << " needs a scale above 0";
  if (indices && entries == 0)
    return emitError() << schedule << " needs lists of at least 1 entry";
  // More keys of one entry than there may be would take time for nothing.
  constexpr int64_t kMostBlock = 4096;
  if (block > kMostBlock || (block % blockKeys != 0 && blockKeys % block != 0))
    return emitError() << schedule << " needs a block of at most " << kMostBlock
                       << " keys that divides " << blockKeys
                       << ", or that these divide, but found " << block;
  if (width % 64 != 0)
    return emitError() << schedule
                       << " needs keys of a multiple of 64 columns, but found "
                       << width;
  if (valueWidth % columns != 0)
    return emitError() << schedule << " needs values of a multiple of "
                       << columns << " columns, but found " << valueWidth;
  return success();
}
