//===- Channels.cpp - Channels between roles ------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SharedBytes.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"

using namespace mlir;
using namespace mlir::dsa_tile;

LogicalResult
dsa_tile::verifySlots(function_ref<InFlightDiagnostic()> emitError,
                      int64_t slots, int64_t least) {
  // Of 1024 bytes or more each: shared memory has no room for more.
  constexpr int64_t kMostSlots = 256;
  if (slots < least || slots > kMostSlots)
    return emitError() << "expected " << least << " to " << kMostSlots
                       << " slots, but found " << slots;
  return success();
}

LogicalResult ChannelType::verify(function_ref<InFlightDiagnostic()> emitError,
                                  int64_t slots,
                                  ArrayRef<RankedTensorType> tiles) {
  if (failed(verifySlots(emitError, slots, 1)))
    return failure();
  if (tiles.empty())
    return emitError() << "expected at least 1 tile";
  for (RankedTensorType tile : tiles)
    if (!getSharedLayout(tile))
      return emitError() << "expected tiles in shared memory, but found "
                         << tile;
  return success();
}

int64_t ChannelType::getCopiedBytes() const {
  int64_t bytes = 0;
  for (RankedTensorType tile : getTiles())
    bytes += tile.getDimSize(0) * getRowBytes(tile);
  return bytes;
}

int64_t ChannelType::getTileOffset(unsigned number) const {
  int64_t offset = 0;
  for (RankedTensorType tile : getTiles().take_front(number)) {
    // Where tiles are interleaved, the next one begins behind the first rows.
    SharedAttr layout = getSharedLayout(tile);
    offset += layout.getRows() ? layout.getRows() * layout.getSwizzle()
                               : tile.getDimSize(0) * getRowBytes(tile);
  }
  return offset;
}

int64_t ChannelType::getSlotBytes() const {
  // The pattern of a swizzle repeats every 1024 bytes at most.
  return llvm::alignTo(getCopiedBytes(), 1024);
}

LogicalResult CopyOp::verify() {
  ArrayRef<int64_t> extent = getExtent(), box = getBox();
  ArrayRef<RankedTensorType> tiles = getChannel().getType().getTiles();
  if (getTile() >= tiles.size())
    return emitOpError() << "expected one of " << tiles.size()
                         << " tiles, but found number " << getTile();
  size_t rank = std::max<size_t>(extent.size(), 1);
  size_t indices = extent.empty() ? rank : getIndices().size();
  if (box.size() != extent.size() || indices == 0 || indices % rank != 0)
    return emitOpError() << "expected as many indices (or a multiple) and "
                            "extents of a box as of the tile, but found "
                         << getIndices().size() << ", " << box.size() << " and "
                         << extent.size();
  int64_t elements = indices / rank;
  for (auto [whole, part] : llvm::zip(extent, box)) {
    if (part < 1 || whole % part != 0)
      return emitOpError() << "expected a box that divides [" << extent
                           << "], but found [" << box << "]";
    elements *= whole;
  }
  RankedTensorType tile = tiles[getTile()];
  if (elements != tile.getNumElements() || extent.back() != tile.getDimSize(1))
    return emitOpError() << "expected an extent that fills " << tile
                         << ", but found [" << extent << "]";
  return success();
}

LogicalResult ChannelWaitOp::verify() {
  if (llvm::equal(getChannel().getType().getTiles(), getResultTypes()))
    return success();
  return emitOpError() << "expected the tiles of " << getChannel().getType()
                       << ", but found " << getResultTypes();
}

LogicalResult WarpSpecializeOp::verifyRegions() {
  size_t programs = getCompute().size();
  if (programs != 1 && programs != static_cast<size_t>(getKernel().getGroups()))
    return emitOpError() << "expected one program to compute, or "
                         << getKernel().getGroups() << ", but found "
                         << programs;
  WalkResult load = getLoad().walk([&](Operation *op) {
    if (!isa<MmaOp, MmaStartOp, MmaWaitOp, ChannelWaitOp, ChannelReleaseOp,
             HandoffGiveOp, HandoffTakeOp>(op))
      return WalkResult::advance();
    op->emitOpError("cannot stand where only loads do");
    return WalkResult::interrupt();
  });
  if (load.wasInterrupted())
    return failure();
  for (Region &program : getCompute()) {
    WalkResult compute = program.walk([&](Operation *op) {
      if (!isa<CopyOp, GatherCopyOp, ChannelAcquireOp, ChannelCommitOp>(op))
        return WalkResult::advance();
      op->emitOpError("cannot stand where only computation does");
      return WalkResult::interrupt();
    });
    if (compute.wasInterrupted())
      return failure();
  }
  return success();
}
