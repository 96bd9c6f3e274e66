//===- ProgramsToBlocks.cpp - Launch kernels on tiles ---------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelModule.h"
#include "dsa/Conversion/Passes.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_PROGRAMSTOBLOCKSPASS
#include "dsa/Conversion/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

/// Allocates the memory of all blocks before the launch.
static void placeWorkspace(IRRewriter &rewriter, gpu::LaunchOp launch,
                           WorkspaceOp op) {
  auto type = cast<MemRefType>(op.getResult().getType());
  SmallVector<int64_t> shape(type.getShape());
  shape.insert(shape.begin(), ShapedType::kDynamic);
  rewriter.setInsertionPoint(launch);
  Value all = memref::AllocOp::create(
      rewriter, op.getLoc(), MemRefType::get(shape, type.getElementType()),
      launch.getGridSizeX());
  SmallVector<OpFoldResult> offsets(shape.size(), rewriter.getIndexAttr(0));
  SmallVector<OpFoldResult> strides(shape.size(), rewriter.getIndexAttr(1));
  SmallVector<OpFoldResult> sizes =
      getAsIndexOpFoldResult(op.getContext(), type.getShape());
  sizes.insert(sizes.begin(), rewriter.getIndexAttr(1));
  offsets.front() = launch.getBlockIds().x;
  auto part = cast<MemRefType>(memref::SubViewOp::inferRankReducedResultType(
      type.getShape(), cast<MemRefType>(all.getType()), offsets, sizes,
      strides));
  rewriter.setInsertionPoint(op);
  Value own = memref::SubViewOp::create(rewriter, op.getLoc(), part, all,
                                        offsets, sizes, strides);
  rewriter.replaceAllUsesWith(op.getResult(), own);
  rewriter.eraseOp(op);
}

static void convert(IRRewriter &rewriter, scf::ForallOp op,
                    gpu::GPUModuleOp module, StringRef name) {
  auto kernel = op->getAttrOfType<KernelAttr>(kKernelAttrName);
  rewriter.setInsertionPoint(op);
  ImplicitLocOpBuilder b(op.getLoc(), rewriter);
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, value);
  };
  SmallVector<Value> counts =
      getValueOrCreateConstantIndexOp(b, op.getLoc(), op.getMixedUpperBound());
  Value count = counts.front();
  for (Value next : ArrayRef(counts).drop_front())
    count = arith::MulIOp::create(b, count, next);
  Value blocks = count;
  if (kernel.getBlocks())
    blocks = arith::MinUIOp::create(b, count, constant(kernel.getBlocks()));
  Value one = constant(1);
  auto launch = gpu::LaunchOp::create(b, blocks, one, one,
                                      constant(kernel.getThreads()), one, one);
  launch.setModuleAttr(FlatSymbolRefAttr::get(module.getNameAttr()));
  launch.setFunctionAttr(FlatSymbolRefAttr::get(b.getContext(), name));
  launch->setAttr(kKernelAttrName, kernel);

  b.setInsertionPointToStart(&launch.getBody().front());
  auto terminator = gpu::TerminatorOp::create(b);
  Value program = launch.getBlockIds().x;
  Operation *before = terminator;
  b.setInsertionPoint(terminator);
  if (kernel.getBlocks()) {
    auto loop = scf::ForOp::create(b, program, count, launch.getGridSize().x);
    loop->setAttr(kProgramsAttrName, b.getUnitAttr());
    program = loop.getInductionVar();
    before = loop.getBody()->getTerminator();
    b.setInsertionPoint(before);
  }
  SmallVector<Value> ids = {program};
  if (counts.size() > 1)
    // Without the first one, which may be known to be 0.
    ids = affine::AffineDelinearizeIndexOp::create(
              b, program, getAsOpFoldResult(ArrayRef(counts).drop_front()),
              /*hasOuterBound=*/false)
              .getResults();
  rewriter.eraseOp(op.getTerminator());
  rewriter.inlineBlockBefore(op.getBody(), before, ids);
  rewriter.eraseOp(op);
  SmallVector<WorkspaceOp> workspaces;
  launch.walk([&](WorkspaceOp workspace) { workspaces.push_back(workspace); });
  for (WorkspaceOp workspace : workspaces)
    placeWorkspace(rewriter, launch, workspace);
}

namespace {
struct ProgramsToBlocksPass
    : public dsa::impl::ProgramsToBlocksPassBase<ProgramsToBlocksPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    IRRewriter rewriter(&getContext());
    WalkResult result = module.walk([&](FunctionOpInterface function) {
      SmallVector<scf::ForallOp> kernels;
      function->walk([&](scf::ForallOp op) {
        if (op->hasAttr(kKernelAttrName))
          kernels.push_back(op);
      });
      for (auto [number, op] : llvm::enumerate(kernels)) {
        if (!op.isNormalized() || !op.getOutputs().empty()) {
          op.emitOpError("cannot become a kernel: expected programs from 0 by "
                         "1 without results");
          return WalkResult::interrupt();
        }
        std::string name = getKernelStem(function.getName()) + "_tiles_" +
                           std::to_string(number);
        convert(rewriter, op, getOrCreateKernelModule(rewriter, module), name);
      }
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
