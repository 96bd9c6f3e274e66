//===- InsertChannels.cpp - Load into rings of buffers --------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Slots.h"
#include "dsa/Dialect/DSATile/Transforms/Passes.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::dsa_tile {
#define GEN_PASS_DEF_INSERTCHANNELSPASS
#include "dsa/Dialect/DSATile/Transforms/Passes.h.inc"
} // namespace mlir::dsa_tile

using namespace mlir;
using namespace mlir::dsa_tile;

/// The largest boxes that the copy engine takes and that lie in one piece in
/// shared memory: as wide as the pattern, and with no more rows than lie
/// together.
static SmallVector<int64_t> getCopyBox(LoadOp load) {
  auto tile = cast<RankedTensorType>(load.getResult().getType());
  SharedAttr layout = getSharedLayout(tile);
  SmallVector<int64_t> box(load.getBox());
  box.back() = layout.getSwizzle() * 8 / tile.getElementTypeBitWidth();
  int64_t most = layout.getRows() ? layout.getRows() : tile.getDimSize(0);
  for (int64_t dim = box.size() - 2, rows = 1; dim >= 0; --dim) {
    // The most that divides the tile and what lies together.
    int64_t extent = std::min<int64_t>(box[dim], 256);
    while (box[dim] % extent != 0 || most % (rows * extent) != 0)
      --extent;
    box[dim] = extent;
    rows *= extent;
  }
  return box;
}

namespace {
/// Loads that fill a slot of one channel together.
using LoadGroup = SmallVector<LoadOp, 2>;
} // namespace

static void convert(gpu::LaunchOp launch, LoadGroup &group) {
  LoadOp first = group.front();
  ImplicitLocOpBuilder b(first.getLoc(), launch);
  SmallVector<RankedTensorType> tiles;
  SmallVector<Value> maps;
  for (LoadOp load : group) {
    auto tile = cast<RankedTensorType>(load.getResult().getType());
    tiles.push_back(tile);
    maps.push_back(TensorMapOp::create(b, load.getSource(), getCopyBox(load),
                                       getSharedLayout(tile).getSwizzle()));
  }
  b.setInsertionPointToStart(&launch.getBody().front());
  auto type = ChannelType::get(b.getContext(), first.getSlots(), tiles);
  Value channel = ChannelOp::create(b, type, IntegerAttr(), IntegerAttr());

  // Where the last of them stood, all indices are known.
  LoadOp place = first;
  Operation *last = first;
  for (LoadOp load : group) {
    if (place->isBeforeInBlock(load))
      place = load;
    Operation *user = getLastUser(load);
    if (last->isBeforeInBlock(user))
      last = user;
  }
  b.setInsertionPoint(place);
  ChannelAcquireOp::create(b, channel);
  for (auto [number, load] : llvm::enumerate(group))
    CopyOp::create(b, maps[number], load.getIndices(), load.getBox(),
                   getCopyBox(load), channel, number);
  ChannelCommitOp::create(b, channel);
  auto wait = ChannelWaitOp::create(
      b, SmallVector<Type>(tiles.begin(), tiles.end()), channel);
  b.setInsertionPointAfter(last == first ? wait.getOperation() : last);
  ChannelReleaseOp::create(b, channel);
  for (auto [load, tile] : llvm::zip(group, wait.getTiles())) {
    load.getResult().replaceAllUsesWith(tile);
    load.erase();
  }
}

static bool isShared(LoadOp load) {
  return getSharedLayout(load.getResult().getType()) != nullptr;
}

static void convert(gpu::LaunchOp launch, GatherOp gather) {
  ImplicitLocOpBuilder b(gather.getLoc(), launch);
  b.setInsertionPointToStart(&launch.getBody().front());
  auto tile = cast<RankedTensorType>(gather.getResult().getType());
  auto type = ChannelType::get(b.getContext(), gather.getSlots(), {tile});
  Value channel = ChannelOp::create(b, type, IntegerAttr(), IntegerAttr());
  Operation *last = getLastUser(gather);
  b.setInsertionPoint(gather);
  GatherCopyOp::create(b, gather.getSource(), gather.getNumbers(), channel,
                       gather.getColumn());
  ChannelCommitOp::create(b, channel);
  auto wait = ChannelWaitOp::create(b, TypeRange(tile), channel);
  b.setInsertionPointAfter(last == gather ? wait.getOperation() : last);
  ChannelReleaseOp::create(b, channel);
  gather.getResult().replaceAllUsesWith(wait.getTiles().front());
  gather.erase();
}

/// Loads into shared memory, those together that one product reads so.
static SmallVector<LoadGroup> collectLoads(gpu::LaunchOp launch) {
  SmallVector<LoadGroup> groups;
  DenseSet<Operation *> grouped;
  launch.walk([&](MmaOp op) {
    llvm::SmallSetVector<LoadOp, 2> group;
    for (Value b : op.getBs())
      if (auto load = b.getDefiningOp<LoadOp>(); load && isShared(load))
        group.insert(load);
    bool together = group.size() > 1 && llvm::all_of(group, [&](LoadOp load) {
                      return load->getBlock() == group.front()->getBlock() &&
                             !grouped.contains(load);
                    });
    if (!together)
      return;
    for (LoadOp load : group)
      grouped.insert(load);
    groups.push_back(group.takeVector());
  });
  launch.walk([&](LoadOp load) {
    if (isShared(load) && !grouped.contains(load))
      groups.push_back({load});
  });
  return groups;
}

namespace {
struct InsertChannelsPass
    : public dsa_tile::impl::InsertChannelsPassBase<InsertChannelsPass> {
  void runOnOperation() override {
    getOperation()->walk([&](gpu::LaunchOp launch) {
      SmallVector<LoadGroup> groups = collectLoads(launch);
      for (LoadGroup &group : groups)
        convert(launch, group);
      SmallVector<GatherOp> gathers;
      launch.walk([&](GatherOp op) {
        if (getSharedLayout(op.getResult().getType()))
          gathers.push_back(op);
      });
      for (GatherOp op : gathers)
        convert(launch, op);
    });
  }
};
} // namespace
