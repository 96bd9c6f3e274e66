//===- AllocateShared.cpp - Places in shared memory -----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/TargetChip.h"
#include "dsa/Dialect/DSATile/Transforms/Passes.h"

namespace mlir::dsa_tile {
#define GEN_PASS_DEF_ALLOCATESHAREDPASS
#include "dsa/Dialect/DSATile/Transforms/Passes.h.inc"
} // namespace mlir::dsa_tile

using namespace mlir;
using namespace mlir::dsa_tile;

/// Slots one behind another, from `bytes` on, then all barriers; returns the
/// bytes.
static int64_t placeChannels(ArrayRef<ChannelOp> channels, int64_t bytes) {
  for (ChannelOp channel : channels) {
    channel.setOffset(bytes);
    ChannelType type = channel.getResult().getType();
    bytes += type.getSlots() * type.getSlotBytes();
  }
  constexpr int64_t kBarrierBytes = 8;
  for (ChannelOp channel : channels) {
    channel.setBarriers(bytes);
    bytes += 2 * channel.getResult().getType().getSlots() * kBarrierBytes;
  }
  return bytes;
}

/// Whether warps exchange what they have of columns.
static bool isOfColumns(Operation *op) {
  auto reduce = dyn_cast<ReduceOp>(op);
  return reduce && reduce.getDim() == 0 &&
         isa_and_present<AccumulatorAttr>(
             cast<RankedTensorType>(reduce.getSource().getType())
                 .getEncoding());
}

/// One place behind `bytes` where warpgroups shorten lists, each by itself.
static FailureOr<int64_t> placeLists(gpu::LaunchOp launch, int64_t bytes,
                                     int64_t barrier) {
  constexpr int64_t kAlignment = 16, kBarriers = 16;
  int64_t begin = llvm::alignTo(bytes, kAlignment);
  auto kernel = launch->getAttrOfType<KernelAttr>(kKernelAttrName);
  int64_t groups = kernel.getGroups();
  WalkResult result = launch.walk([&](Operation *op) {
    auto full = dyn_cast<ShortlistFullOp>(op);
    auto shorten = dyn_cast<ShortlistShortenOp>(op);
    auto end = dyn_cast<ShortlistEndOp>(op);
    if (!full && !shorten && !end)
      return WalkResult::advance();
    if (barrier + groups > kBarriers) {
      op->emitOpError("expected at most ")
          << kBarriers << " named barriers in a kernel";
      return WalkResult::interrupt();
    }
    auto place = [&](auto op) {
      op.setOffset(begin);
      op.setBarrier(barrier);
      int64_t rows = cast<MemRefType>(op.getLists().getType()).getDimSize(0);
      bytes = std::max(
          bytes,
          begin + groups * ShortlistShortenOp::getGroupBytes(rows / groups));
    };
    if (full)
      full.setBarrier(barrier);
    if (shorten)
      place(shorten);
    if (end)
      place(end);
    return WalkResult::advance();
  });
  if (result.wasInterrupted())
    return failure();
  return bytes;
}

/// Returns the bytes, a multiple of 1024, to which patterns are aligned. What
/// has none lies behind what has one. `barrier` is the first that is free.
static FailureOr<int64_t> placeHandoffs(gpu::LaunchOp launch,
                                        int64_t &barrier) {
  // Barrier 0 is everybody's, the next ones are for turns.
  auto kernel = launch->getAttrOfType<KernelAttr>(kKernelAttrName);
  constexpr int64_t kPatternBytes = 1024;
  // Where tiles or columns are exchanged, all who compute meet at the last one.
  bool meets = launch
                   .walk([](Operation *op) {
                     return isa<StageOp>(op) || isOfColumns(op)
                                ? WalkResult::interrupt()
                                : WalkResult::advance();
                   })
                   .wasInterrupted();
  int64_t barriers = meets ? 15 : 16;
  auto hasPattern = [](HandoffOp op) {
    return llvm::any_of(
        op.getResult().getType().getTiles(),
        [](RankedTensorType tile) { return getSharedLayout(tile) != nullptr; });
  };
  SmallVector<HandoffOp> handoffs, plain;
  launch.walk(
      [&](HandoffOp op) { (hasPattern(op) ? handoffs : plain).push_back(op); });
  llvm::append_range(handoffs, plain);
  int64_t bytes = 0;
  barrier = 1 + kernel.getGroups();
  for (HandoffOp op : handoffs) {
    if (barrier >= barriers)
      return op.emitOpError("expected at most ")
             << barriers << " named barriers in a kernel";
    if (hasPattern(op))
      bytes = llvm::alignTo(bytes, kPatternBytes);
    op.setOffset(bytes);
    op.setBarrier(barrier++);
    bytes += op.getResult().getType().getBytes();
  }
  return static_cast<int64_t>(llvm::alignTo(bytes, kPatternBytes));
}

/// Tiles that all who compute write behind `bytes`, aligned to patterns.
static int64_t placeStages(gpu::LaunchOp launch, int64_t bytes) {
  constexpr int64_t kPatternBytes = 1024;
  launch.walk([&](StageOp op) {
    auto type = cast<RankedTensorType>(op.getResult().getType());
    op.setOffset(bytes);
    bytes +=
        llvm::alignTo(type.getNumElements() * type.getElementTypeBitWidth() / 8,
                      kPatternBytes);
  });
  return bytes;
}

/// One place behind `bytes` where warps exchange what they have of columns: a
/// row of numbers for each warp.
static int64_t placeColumns(gpu::LaunchOp launch, int64_t bytes) {
  constexpr int64_t kAlignment = 16, kGroupWarps = 4;
  int64_t begin = llvm::alignTo(bytes, kAlignment);
  launch.walk([&](ReduceOp op) {
    if (!isOfColumns(op))
      return;
    op.setOffset(begin);
    auto type = cast<RankedTensorType>(op.getSource().getType());
    int64_t warps =
        kGroupWarps * cast<AccumulatorAttr>(type.getEncoding()).getRowGroups();
    bytes = std::max(bytes, begin + warps * type.getDimSize(1) *
                                        type.getElementTypeBitWidth() / 8);
  });
  return bytes;
}

/// Scratch memory behind `bytes`, and a place where warps exchange sums.
static int64_t placeScratch(gpu::LaunchOp launch, int64_t bytes) {
  constexpr int64_t kAlignment = 16;
  launch.walk([&](ScratchOp op) {
    auto type = cast<MemRefType>(op.getResult().getType());
    bytes = llvm::alignTo(bytes, kAlignment);
    op.setOffset(bytes);
    bytes += type.getNumElements() * type.getElementTypeBitWidth() / 8;
  });
  // A number for each of 32 warps, and three that all of them read.
  constexpr int64_t kExchangeBytes = 256;
  int64_t exchange = llvm::alignTo(bytes, kAlignment);
  launch.walk([&](Operation *op) {
    if (auto scan = dyn_cast<ScanOp>(op))
      scan.setOffset(exchange);
    else if (auto search = dyn_cast<SearchOp>(op))
      search.setOffset(exchange);
    else
      return;
    bytes = exchange + kExchangeBytes;
  });
  return bytes;
}

static LogicalResult allocate(gpu::LaunchOp launch) {
  SmallVector<ChannelOp> channels;
  launch.walk([&](ChannelOp op) { channels.push_back(op); });
  int64_t barrier = 0;
  FailureOr<int64_t> handoffs = placeHandoffs(launch, barrier);
  if (failed(handoffs))
    return failure();
  int64_t bytes = placeStages(launch, *handoffs);
  bytes = placeScratch(launch, placeChannels(channels, bytes));
  FailureOr<int64_t> lists =
      placeLists(launch, placeColumns(launch, bytes), barrier);
  if (failed(lists))
    return failure();
  bytes = *lists;
  if (const dsa::Chip *chip = dsa::findTargetChip(launch);
      chip && bytes > chip->sharedMemory)
    return launch.emitError("needs ")
           << bytes << " bytes of shared memory, " << chip->name << " has "
           << chip->sharedMemory;
  ImplicitLocOpBuilder b(launch.getLoc(), launch);
  launch.getDynamicSharedMemorySizeMutable().assign(
      arith::ConstantIntOp::create(b, b.getI32Type(), bytes));
  return success();
}

namespace {
struct AllocateSharedPass
    : public dsa_tile::impl::AllocateSharedPassBase<AllocateSharedPass> {
  void runOnOperation() override {
    WalkResult result = getOperation()->walk([](gpu::LaunchOp launch) {
      if (!launch->hasAttr(kKernelAttrName))
        return WalkResult::advance();
      return failed(allocate(launch)) ? WalkResult::interrupt()
                                      : WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
