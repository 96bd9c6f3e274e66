//===- AllocateShared.cpp - Places in shared memory -----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Dialect/DSATile/Transforms/Passes.h"
#include "dsa/Target/Chip.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

namespace mlir::dsa_tile {
#define GEN_PASS_DEF_ALLOCATESHAREDPASS
#include "dsa/Dialect/DSATile/Transforms/Passes.h.inc"
} // namespace mlir::dsa_tile

using namespace mlir;
using namespace mlir::dsa_tile;

/// The chip that `op` is compiled for, or null where nobody said.
static const dsa::Chip *getChip(Operation *op) {
  auto module = op->getParentOfType<ModuleOp>();
  auto target =
      module ? module->getAttrOfType<NVVM::NVVMTargetAttr>(dsa::kTargetAttrName)
             : nullptr;
  return target ? dsa::findChip(target.getChip()) : nullptr;
}

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

/// Returns the bytes. A handoff has one barrier for each warpgroup's turn, and
/// one for a warpgroup to be of one mind.
static FailureOr<int64_t> placeHandoffs(gpu::LaunchOp launch) {
  // Barrier 0 is everybody's, the next ones are for turns.
  auto kernel = launch->getAttrOfType<KernelAttr>(kKernelAttrName);
  constexpr int64_t kBarriers = 16, kBarriersEach = 4;
  int64_t bytes = 0, barrier = 1 + kernel.getGroups();
  WalkResult result = launch.walk([&](HandoffOp op) {
    if (barrier + kBarriersEach > kBarriers) {
      op.emitOpError("expected at most ")
          << kBarriers << " named barriers in a kernel";
      return WalkResult::interrupt();
    }
    op.setOffset(bytes);
    op.setBarrier(barrier);
    bytes = llvm::alignTo(bytes + op.getResult().getType().getBytes(), 1024);
    barrier += kBarriersEach;
    return WalkResult::advance();
  });
  if (result.wasInterrupted())
    return failure();
  return bytes;
}

static LogicalResult allocate(gpu::LaunchOp launch) {
  SmallVector<ChannelOp> channels;
  launch.walk([&](ChannelOp op) { channels.push_back(op); });
  FailureOr<int64_t> handoffs = placeHandoffs(launch);
  if (failed(handoffs))
    return failure();
  int64_t bytes = placeChannels(channels, *handoffs);
  if (const dsa::Chip *chip = getChip(launch);
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
