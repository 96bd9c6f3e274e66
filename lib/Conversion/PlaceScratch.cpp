//===- PlaceScratch.cpp - A place for scratch memory of kernels -----------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Conversion/Passes.h"
#include "dsa/Target/Chip.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Dominance.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_PLACESCRATCHPASS
#include "dsa/Conversion/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

/// What every chip has, less room for sums across the block.
static constexpr int64_t kSharedMemory = 47 * 1024;

static std::optional<int64_t> getStaticBytes(MemRefType type) {
  if (!type.hasStaticShape())
    return std::nullopt;
  int64_t bits =
      type.getElementType().isIndex() ? 64 : type.getElementTypeBitWidth();
  return type.getNumElements() * ((bits + 7) / 8);
}

/// Memory of the block; the cast keeps the type that users know.
static void placeInShared(RewriterBase &rewriter, gpu::LaunchOp launch,
                          memref::AllocOp alloc) {
  MemRefType type = alloc.getType();
  auto shared =
      MemRefType::get(type.getShape(), type.getElementType(), type.getLayout(),
                      gpu::AddressSpaceAttr::get(rewriter.getContext(),
                                                 gpu::AddressSpace::Workgroup));
  Value attribution = launch.addWorkgroupAttribution(shared, alloc.getLoc());
  rewriter.setInsertionPoint(alloc);
  rewriter.replaceOpWithNewOp<memref::MemorySpaceCastOp>(alloc, type,
                                                         attribution);
}

/// One part for each block of memory allocated before the launch. The part
/// starts at an offset, so its users must only load and store.
static LogicalResult placeInWorkspace(RewriterBase &rewriter,
                                      gpu::LaunchOp launch,
                                      memref::AllocOp alloc) {
  DominanceInfo dominance;
  for (Value size : alloc.getDynamicSizes())
    if (!dominance.properlyDominates(size, launch))
      return alloc.emitOpError("cannot be given memory: its size is not known "
                               "before the launch");
  ImplicitLocOpBuilder b(alloc.getLoc(), rewriter);
  b.setInsertionPoint(launch);
  MemRefType type = alloc.getType();
  SmallVector<int64_t> shape(type.getShape());
  shape.insert(shape.begin(), ShapedType::kDynamic);
  SmallVector<Value> sizes(alloc.getDynamicSizes());
  sizes.insert(sizes.begin(), launch.getGridSizeX());
  Value workspace = memref::AllocOp::create(
      b, MemRefType::get(shape, type.getElementType()), sizes);

  b.setInsertionPoint(alloc);
  SmallVector<OpFoldResult> offsets(shape.size(), b.getIndexAttr(0));
  SmallVector<OpFoldResult> strides(shape.size(), b.getIndexAttr(1));
  SmallVector<OpFoldResult> partSizes = alloc.getMixedSizes();
  partSizes.insert(partSizes.begin(), b.getIndexAttr(1));
  offsets.front() = launch.getBlockIds().x;
  auto partType =
      cast<MemRefType>(memref::SubViewOp::inferRankReducedResultType(
          type.getShape(), cast<MemRefType>(workspace.getType()), offsets,
          partSizes, strides));
  Value part = memref::SubViewOp::create(b, partType, workspace, offsets,
                                         partSizes, strides);
  rewriter.replaceAllUsesWith(alloc.getResult(), part);
  rewriter.eraseOp(alloc);
  return success();
}

static LogicalResult placeScratch(RewriterBase &rewriter,
                                  gpu::LaunchOp launch) {
  // Smallest first: running maxima and the like are touched most often.
  SmallVector<std::tuple<int64_t, unsigned, memref::AllocOp>> allocs;
  launch.getBody().walk([&](memref::AllocOp op) {
    int64_t bytes = getStaticBytes(op.getType()).value_or(INT64_MAX);
    allocs.emplace_back(bytes, allocs.size(), op);
  });
  llvm::sort(allocs, [](const auto &a, const auto &b) {
    return std::pair(std::get<0>(a), std::get<1>(a)) <
           std::pair(std::get<0>(b), std::get<1>(b));
  });
  int64_t left = kSharedMemory;
  for (auto [bytes, order, alloc] : allocs) {
    if (bytes <= left) {
      left -= bytes;
      placeInShared(rewriter, launch, alloc);
    } else if (failed(placeInWorkspace(rewriter, launch, alloc))) {
      return failure();
    }
  }
  return success();
}

namespace {
struct PlaceScratchPass
    : public dsa::impl::PlaceScratchPassBase<PlaceScratchPass> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    WalkResult result = getOperation()->walk([&](gpu::LaunchOp launch) {
      return failed(placeScratch(rewriter, launch)) ? WalkResult::interrupt()
                                                    : WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
