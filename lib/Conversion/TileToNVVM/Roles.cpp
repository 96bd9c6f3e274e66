//===- Roles.cpp - Roles as branches --------------------------------------===//
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

/// Named barrier 0 is everybody's; each warpgroup has one for its turn.
static constexpr int64_t kFirstTurn = 1;
/// A warpgroup and the one that passes it the turn.
static constexpr int64_t kTurnThreads = 256;

static void passTurn(ImplicitLocOpBuilder &b, Value to) {
  NVVM::BarrierArriveOp::create(
      b, arith::AddIOp::create(b, to, createI32(b, kFirstTurn)),
      createI32(b, kTurnThreads));
}

namespace {
struct ConvertTurnWait : public TilePattern<TurnWaitOp> {
  using TilePattern::TilePattern;

  LogicalResult
  matchAndRewrite(TurnWaitOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value barrier =
        arith::AddIOp::create(b, getWarpgroup(op), createI32(b, kFirstTurn));
    synchronize(b, barrier, kTurnThreads);
    rewriter.eraseOp(op);
    return success();
  }
};

struct ConvertTurnPass : public TilePattern<TurnPassOp> {
  using TilePattern::TilePattern;

  LogicalResult
  matchAndRewrite(TurnPassOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value next = arith::AddIOp::create(b, getWarpgroup(op), createI32(b, 1));
    passTurn(b, arith::RemUIOp::create(b, next, createI32(b, op.getGroups())));
    rewriter.eraseOp(op);
    return success();
  }
};

struct ConvertWarpSpecialize : public TilePattern<WarpSpecializeOp> {
  using TilePattern::TilePattern;

  LogicalResult
  matchAndRewrite(WarpSpecializeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    KernelAttr kernel = op.getKernel();
    // Barriers are ready, for the copy engine too, before anybody uses one.
    NVVM::FenceMbarrierInitOp::create(b);
    NVVM::BarrierOp::create(b);
    Value groups = createI32(b, kernel.getGroups());
    Value group = getWarpgroup(op);
    Value computes =
        arith::CmpIOp::create(b, arith::CmpIPredicate::ult, group, groups);
    auto roles = scf::IfOp::create(b, computes, /*withElseRegion=*/true);

    b.setInsertionPointToStart(roles.thenBlock());
    DenseI64ArrayAttr registers = kernel.getRegisters();
    if (registers)
      NVVM::SetMaxRegisterOp::create(b, registers[1],
                                     NVVM::SetMaxRegisterAction::increase);
    if (kernel.getOrdered() && kernel.getGroups() > 1)
      giveFirstTurn(b, kernel, group);
    inlinePrograms(b, op, group, rewriter, roles.thenBlock());

    b.setInsertionPointToStart(roles.elseBlock());
    if (registers)
      NVVM::SetMaxRegisterOp::create(b, registers[0],
                                     NVVM::SetMaxRegisterAction::decrease);
    auto load = [&] {
      inlineRegion(rewriter, op.getLoad(), b.getInsertionBlock());
    };
    if (getConverter().getKernel(op).gathers)
      load();
    else
      inFirstLoader(b, getConverter().getKernel(op), load);
    rewriter.eraseOp(op);
    return success();
  }

private:
  /// One program for all warpgroups, or one for each.
  static void inlinePrograms(ImplicitLocOpBuilder &b, WarpSpecializeOp op,
                             Value group, ConversionPatternRewriter &rewriter,
                             Block *block) {
    MutableArrayRef<Region> programs = op.getCompute();
    OpBuilder::InsertionGuard guard(b);
    for (auto [number, program] : llvm::enumerate(llvm::drop_end(programs))) {
      b.setInsertionPoint(block->getTerminator());
      Value mine =
          arith::CmpIOp::create(b, arith::CmpIPredicate::eq, group,
                                createI32(b, static_cast<int64_t>(number)));
      auto branch = scf::IfOp::create(b, mine, /*withElseRegion=*/true);
      inlineRegion(rewriter, program, branch.thenBlock());
      block = branch.elseBlock();
    }
    inlineRegion(rewriter, programs.back(), block);
  }

  static void giveFirstTurn(ImplicitLocOpBuilder &b, KernelAttr kernel,
                            Value group) {
    Value last = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, group,
                                       createI32(b, kernel.getGroups() - 1));
    auto branch = scf::IfOp::create(b, last);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    passTurn(b, createI32(b, 0));
  }

  static void inlineRegion(ConversionPatternRewriter &rewriter, Region &region,
                           Block *block) {
    rewriter.eraseOp(region.front().getTerminator());
    rewriter.inlineBlockBefore(&region.front(), block->getTerminator());
  }
};
} // namespace

void dsa::populateTileRolePatterns(const TileTypeConverter &converter,
                                   RewritePatternSet &patterns) {
  patterns.add<ConvertTurnWait, ConvertTurnPass, ConvertWarpSpecialize>(
      converter, patterns.getContext());
}
