//===- Channels.cpp - Rings of buffers with barriers ----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

static constexpr int64_t kBarrierBytes = 8;
/// How long a wait may sleep before it looks again, in nanoseconds.
static constexpr int64_t kWaitTicks = 10000000;

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

Value dsa::toPointer(ImplicitLocOpBuilder &b, Value address,
                     NVVM::NVVMMemorySpace space) {
  return LLVM::IntToPtrOp::create(
      b,
      LLVM::LLVMPointerType::get(b.getContext(), static_cast<unsigned>(space)),
      address);
}

WarpSpecializeOp dsa::findRoles(ChannelOp op) {
  for (Operation &other : *op->getBlock())
    if (auto roles = dyn_cast<WarpSpecializeOp>(other))
      return roles;
  return {};
}

/// Which progress an access is to. Blocks of two roles that differ in nothing
/// else must not become one: pointers chosen at run time stay in memory.
static constexpr StringLiteral kNumberAttrName = "progress";

Value Progress::create(ImplicitLocOpBuilder &b) {
  auto type = LLVM::LLVMPointerType::get(b.getContext());
  auto others = b.getInsertionBlock()->getOps<LLVM::AllocaOp>();
  int64_t number = std::distance(others.begin(), others.end());
  auto pointer = LLVM::AllocaOp::create(
      b, type, LLVM::LLVMArrayType::get(b.getI32Type(), 2), createI32(b, 1));
  pointer->setAttr(kNumberAttrName, b.getI64IntegerAttr(number));
  Progress progress(b, pointer);
  progress.store(0, createI32(b, 0));
  progress.store(1, createI32(b, 0));
  return pointer;
}

void Progress::advance(int64_t slots) {
  Value next = arith::AddIOp::create(b, getSlot(), createI32(b, 1));
  Value wraps = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, next,
                                      createI32(b, slots));
  Value phase = getPhase();
  Value flipped = arith::XOrIOp::create(b, phase, createI32(b, 1));
  store(0, arith::SelectOp::create(b, wraps, createI32(b, 0), next));
  store(1, arith::SelectOp::create(b, wraps, flipped, phase));
}

Value Progress::getPlace(int32_t number) {
  return LLVM::GEPOp::create(b, pointer.getType(), b.getI32Type(), pointer,
                             ArrayRef<LLVM::GEPArg>{number});
}

Value Progress::load(int32_t number) {
  auto load = LLVM::LoadOp::create(b, b.getI32Type(), getPlace(number));
  mark(load);
  return load;
}

void Progress::store(int32_t number, Value value) {
  mark(LLVM::StoreOp::create(b, value, getPlace(number)));
}

void Progress::mark(Operation *access) {
  access->setAttr(kNumberAttrName,
                  pointer.getDefiningOp()->getAttr(kNumberAttrName));
}

Value ChannelParts::getBuffer() {
  return at(*op.getOffset(), progress.getSlot(), type.getSlotBytes());
}

void ChannelParts::waitForEmpty() {
  // The first round finds every slot empty: the phase before the first.
  Value parity = arith::XOrIOp::create(b, progress.getPhase(), createI32(b, 1));
  NVVM::MBarrierTryWaitParityOp::create(b, getEmpty(), parity,
                                        createI32(b, kWaitTicks));
}

Value ChannelParts::at(int64_t offset, Value number, int64_t stride) {
  return arith::AddIOp::create(
      b, getSharedAddress(b, offset),
      arith::MulIOp::create(b, number, createI32(b, stride)));
}

Value ChannelParts::getBarrier(int64_t first) {
  Value address = at(*op.getBarriers() + first * kBarrierBytes,
                     progress.getSlot(), kBarrierBytes);
  return toPointer(b, address, NVVM::NVVMMemorySpace::Shared);
}

static Value isFirstLoader(ImplicitLocOpBuilder &b,
                           const TileTypeConverter::Kernel &kernel) {
  return arith::CmpIOp::create(b, arith::CmpIPredicate::eq, getThread(b),
                               createI32(b, kernel.firstLoader));
}

static void inBranch(ImplicitLocOpBuilder &b, Value condition,
                     function_ref<void()> body) {
  auto branch = scf::IfOp::create(b, condition);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  body();
}

/// In one lane of each warp.
static void inFirstLane(ImplicitLocOpBuilder &b, function_ref<void()> body) {
  Value lane = arith::RemUIOp::create(b, getThread(b), createI32(b, 32));
  inBranch(
      b,
      arith::CmpIOp::create(b, arith::CmpIPredicate::eq, lane, createI32(b, 0)),
      body);
}

void dsa::inFirstLoader(ImplicitLocOpBuilder &b,
                        const TileTypeConverter::Kernel &kernel,
                        function_ref<void()> body) {
  inBranch(b, isFirstLoader(b, kernel), body);
}

/// The copy engine is told by one thread: of all that run the region, or by the
/// only one that does.
static void forOneThread(ImplicitLocOpBuilder &b,
                         const TileTypeConverter::Kernel &kernel,
                         function_ref<void()> body) {
  if (kernel.gathers)
    inFirstLoader(b, kernel, body);
  else
    body();
}

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

namespace {
struct ConvertChannel : public TilePattern<ChannelOp> {
  using TilePattern::TilePattern;

  LogicalResult
  matchAndRewrite(ChannelOp op, OneToNOpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value first = arith::CmpIOp::create(b, arith::CmpIPredicate::eq,
                                        getThread(b), createI32(b, 0));
    auto branch = scf::IfOp::create(b, first);
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(branch.thenBlock());
      int64_t slots = op.getResult().getType().getSlots();
      initialize(b, *op.getBarriers(), slots, countArrivals(op));
      initialize(b, *op.getBarriers() + slots * kBarrierBytes, slots,
                 4 * countReaders(op));
    }
    // In the entry block, or registers will not replace them.
    b.setInsertionPointToStart(
        &op->getParentOfType<gpu::GPUFuncOp>().getBody().front());
    Value load = Progress::create(b), wait = Progress::create(b);
    Value release = waitsAhead(op) ? Progress::create(b) : wait;
    rewriter.replaceOpWithMultiple(op, {{load, wait, release}});
    return success();
  }

private:
  /// Of copies of rows one of each thread that makes them; before those of the
  /// copy engine one of each warp that waits for room.
  int64_t countArrivals(ChannelOp op) const {
    const TileTypeConverter::Kernel &kernel = getConverter().getKernel(op);
    if (getConverter().isGathered(op))
      return kernel.loadThreads;
    return kernel.gathers ? kernel.loadThreads / 32 : 1;
  }

  /// The warpgroups that release slots; each warp does so for itself.
  static int64_t countReaders(ChannelOp op) {
    WarpSpecializeOp roles = findRoles(op);
    if (roles.getCompute().size() == 1)
      return roles.getKernel().getGroups();
    return llvm::count_if(roles.getCompute(), [&](Region &program) {
      return llvm::any_of(op->getUsers(), [&](Operation *user) {
        return isa<ChannelReleaseOp>(user) &&
               program.isAncestor(user->getParentRegion());
      });
    });
  }

  /// Whether somebody may wait for a slot before the last one is released:
  /// unless each block releases what it waits for, before the next wait.
  static bool waitsAhead(ChannelOp op) {
    DenseMap<Block *, int64_t> ofBlock;
    bool isAhead = false;
    for (Region &program : findRoles(op).getCompute()) {
      int64_t held = 0;
      program.walk([&](Operation *user) {
        if (!llvm::is_contained(user->getOperands(), op.getResult()))
          return;
        int64_t change = isa<ChannelWaitOp>(user) ? 1 : -1;
        ofBlock[user->getBlock()] += change;
        held += change;
        isAhead |= held > 1;
      });
    }
    return isAhead ||
           llvm::any_of(ofBlock, [](auto &entry) { return entry.second != 0; });
  }

  static void initialize(ImplicitLocOpBuilder &b, int64_t offset, int64_t slots,
                         int64_t arrivals) {
    for (int64_t slot = 0; slot < slots; ++slot) {
      Value barrier =
          toPointer(b, getSharedAddress(b, offset + slot * kBarrierBytes),
                    NVVM::NVVMMemorySpace::Shared);
      NVVM::MBarrierInitOp::create(b, barrier, createI32(b, arrivals), Value());
    }
  }
};

struct ConvertAcquire : public TilePattern<ChannelAcquireOp> {
  using TilePattern::TilePattern;

  LogicalResult
  matchAndRewrite(ChannelAcquireOp op, OneToNOpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    ChannelParts parts(b, op.getChannel(), adaptor.getChannel()[Load]);
    parts.waitForEmpty();
    const TileTypeConverter::Kernel &kernel = getConverter().getKernel(op);
    Value bytes = createI32(b, parts.getType().getCopiedBytes());
    auto expect = [&] {
      NVVM::MBarrierArriveExpectTxOp::create(b, Type(), parts.getFull(), bytes,
                                             NVVM::MemScopeKind::CTA, false,
                                             Value());
    };
    if (kernel.gathers) {
      // Each warp that waited says so: else the slot could be filled and
      // released before a late one has looked, which then waits for ever.
      bytes = arith::SelectOp::create(b, isFirstLoader(b, kernel), bytes,
                                      createI32(b, 0));
      inFirstLane(b, expect);
    } else {
      expect();
    }
    rewriter.eraseOp(op);
    return success();
  }
};

struct ConvertCommit : public TilePattern<ChannelCommitOp> {
  using TilePattern::TilePattern;

  LogicalResult
  matchAndRewrite(ChannelCommitOp op, OneToNOpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    ChannelParts parts(b, op.getChannel(), adaptor.getChannel()[Load]);
    // Arrives when the thread's copies are there; the barrier counts on it.
    if (getConverter().isGathered(op.getChannel()))
      NVVM::CpAsyncMBarrierArriveOp::create(b, parts.getFull(),
                                            /*noinc=*/b.getBoolAttr(true));
    parts.getProgress().advance(parts.getType().getSlots());
    rewriter.eraseOp(op);
    return success();
  }
};

struct ConvertWait : public OpConversionPattern<ChannelWaitOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ChannelWaitOp op, OneToNOpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    ChannelParts parts(b, op.getChannel(), adaptor.getChannel()[Wait]);
    NVVM::MBarrierTryWaitParityOp::create(b, parts.getFull(),
                                          parts.getProgress().getPhase(),
                                          createI32(b, kWaitTicks));
    Value buffer = parts.getBuffer();
    SmallVector<Value> tiles;
    for (unsigned number = 0; number < op.getNumResults(); ++number)
      tiles.push_back(arith::AddIOp::create(
          b, buffer, createI32(b, parts.getType().getTileOffset(number))));
    if (adaptor.getChannel()[Wait] != adaptor.getChannel()[Release])
      parts.getProgress().advance(parts.getType().getSlots());
    rewriter.replaceOp(op, tiles);
    return success();
  }
};

struct ConvertRelease : public OpConversionPattern<ChannelReleaseOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ChannelReleaseOp op, OneToNOpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    ChannelParts parts(b, op.getChannel(), adaptor.getChannel()[Release]);
    Value empty = parts.getEmpty();
    inFirstLane(
        b, [&] { NVVM::MBarrierArriveOp::create(b, b.getI64Type(), empty); });
    // Else the assembler arrives much later, as nobody here depends on it.
    NVVM::SyncWarpOp::create(b, createI32(b, -1));
    parts.getProgress().advance(parts.getType().getSlots());
    rewriter.eraseOp(op);
    return success();
  }
};

struct ConvertCopy : public TilePattern<CopyOp> {
  using TilePattern::TilePattern;

  LogicalResult
  matchAndRewrite(CopyOp op, OneToNOpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    forOneThread(b, getConverter().getKernel(op),
                 [&] { copy(b, op, adaptor.getChannel()[Load]); });
    rewriter.eraseOp(op);
    return success();
  }

private:
  static void copy(ImplicitLocOpBuilder &b, CopyOp op, Value progress) {
    ChannelParts parts(b, op.getChannel(), progress);
    RankedTensorType tile = parts.getType().getTiles()[op.getTile()];
    Value buffer = arith::AddIOp::create(
        b, parts.getBuffer(),
        createI32(b, parts.getType().getTileOffset(op.getTile())));
    Value barrier = parts.getFull();
    int64_t rank = op.getExtent().size(), rows = 1;
    for (int64_t extent : op.getExtent().drop_back())
      rows *= extent;
    int64_t pieces = op.getIndices().size() / rank;
    for (int64_t piece = 0; piece < pieces; ++piece)
      copyBoxes(b, op, tile, buffer, barrier, piece * rows,
                op.getIndices().slice(piece * rank, rank));
  }

  /// Copies the box that begins at `indices` to the rows of the tile from
  /// `firstRow` on.
  static void copyBoxes(ImplicitLocOpBuilder &b, CopyOp op,
                        RankedTensorType tile, Value buffer, Value barrier,
                        int64_t firstRow, ValueRange indices) {
    ArrayRef<int64_t> extent = op.getExtent(), box = op.getBox();
    SmallVector<int64_t> corner(extent.size(), 0);
    do {
      int64_t row = 0;
      for (size_t dim = 0; dim + 1 < extent.size(); ++dim)
        row = row * extent[dim] + corner[dim];
      int64_t offset = getRowOffset(tile, firstRow + row) +
                       corner.back() / box.back() * getBlockStride(tile);
      Value address = arith::AddIOp::create(b, buffer, createI32(b, offset));
      NVVM::CpAsyncBulkTensorGlobalToSharedClusterOp::create(
          b, toPointer(b, address, NVVM::NVVMMemorySpace::SharedCluster),
          op.getMap(), getCoordinates(b, indices, corner), barrier,
          ValueRange(), Value(), Value(), NVVM::TMALoadMode::TILE,
          /*isCTAOnly=*/false, NVVM::CTAGroupKindAttr(), Value());
    } while (step(corner, extent, box));
  }

  /// The next corner of a box; whether there is one.
  static bool step(MutableArrayRef<int64_t> corner, ArrayRef<int64_t> extent,
                   ArrayRef<int64_t> box) {
    for (int64_t dim = extent.size() - 1; dim >= 0; --dim) {
      corner[dim] += box[dim];
      if (corner[dim] < extent[dim])
        return true;
      corner[dim] = 0;
    }
    return false;
  }

  /// As the copy engine wants them: innermost first.
  static SmallVector<Value> getCoordinates(ImplicitLocOpBuilder &b,
                                           ValueRange indices,
                                           ArrayRef<int64_t> corner) {
    SmallVector<Value> coordinates;
    for (auto [index, offset] : llvm::zip(indices, corner)) {
      Value begin = arith::IndexCastOp::create(b, b.getI32Type(), index);
      coordinates.push_back(
          arith::AddIOp::create(b, begin, createI32(b, offset)));
    }
    std::reverse(coordinates.begin(), coordinates.end());
    return coordinates;
  }
};
} // namespace

void dsa::populateTileChannelPatterns(const TileTypeConverter &converter,
                                      RewritePatternSet &patterns) {
  patterns.add<ConvertChannel, ConvertAcquire, ConvertCommit, ConvertWait,
               ConvertRelease, ConvertCopy>(converter, patterns.getContext());
}
