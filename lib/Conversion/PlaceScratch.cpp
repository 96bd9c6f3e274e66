//===- PlaceScratch.cpp - A place for scratch memory of kernels -----------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Conversion/Passes.h"
#include "dsa/Target/Chip.h"
#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

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

/// `value` where the launch can use it: computed again before the launch, if it
/// is computed inside from what is known there; else null.
static Value getBeforeLaunch(RewriterBase &rewriter, gpu::LaunchOp launch,
                             Value value) {
  if (!launch.getBody().isAncestor(value.getParentRegion()))
    return value;
  Operation *op = value.getDefiningOp();
  if (!op || !isPure(op) || op->getNumRegions() != 0)
    return {};
  IRMapping mapping;
  for (Value operand : op->getOperands()) {
    Value before = getBeforeLaunch(rewriter, launch, operand);
    if (!before)
      return {};
    mapping.map(operand, before);
  }
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(launch);
  Operation *copy = rewriter.clone(*op, mapping);
  return copy->getResult(cast<OpResult>(value).getResultNumber());
}

/// One part for each block of memory allocated before the launch. The part
/// starts at an offset, so its users must only load and store.
static LogicalResult placeInWorkspace(RewriterBase &rewriter,
                                      gpu::LaunchOp launch,
                                      memref::AllocOp alloc) {
  SmallVector<Value> sizes = {launch.getGridSizeX()};
  for (Value size : alloc.getDynamicSizes()) {
    sizes.push_back(getBeforeLaunch(rewriter, launch, size));
    if (!sizes.back())
      return alloc.emitOpError("cannot be given memory: its size is not known "
                               "before the launch");
  }
  ImplicitLocOpBuilder b(alloc.getLoc(), rewriter);
  b.setInsertionPoint(launch);
  MemRefType type = alloc.getType();
  SmallVector<int64_t> shape(type.getShape());
  shape.insert(shape.begin(), ShapedType::kDynamic);
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

/// Whether threads reach `op` in iterations of their own: in a loop that starts
/// at, or a branch that depends on, the number of the thread.
static bool isPerThread(gpu::LaunchOp launch, Operation *op) {
  SetVector<Operation *> slice;
  for (Operation *parent = op->getParentOp(); parent != launch;
       parent = parent->getParentOp())
    for (Value operand : parent->getOperands())
      if (operand == launch.getThreadIds().x ||
          (succeeded(getBackwardSlice(operand, &slice)) &&
           llvm::any_of(slice, [&](Operation *definition) {
             return llvm::is_contained(definition->getOperands(),
                                       launch.getThreadIds().x);
           })))
        return true;
  return false;
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
  for (auto [bytes, order, alloc] : allocs)
    if (isPerThread(launch, alloc))
      return alloc.emitOpError("cannot be given memory: each thread would need "
                               "its own");
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
