//===- Columns.cpp - What warps exchange through shared memory ------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rows of an accumulator lie in all warps that compute: what is combined
// along columns, and operands of products that all of them need, goes through
// shared memory.
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

static constexpr int64_t kWarp = 32, kGroupThreads = 128;

/// Waits for all who compute.
static void meet(ImplicitLocOpBuilder &b, AccumulatorAttr layout) {
  synchronize(b, createI32(b, kMeetingBarrier),
              kGroupThreads * layout.getRowGroups() * layout.getColumnGroups());
}

namespace {
/// Of a thread's columns, two adjacent ones in each eight, the four lanes of a
/// row have all; eight lanes have the same ones.
struct ConvertReduceColumns : public OpConversionPattern<ReduceOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ReduceOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (op.getDim() != 0)
      return failure();
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto source = cast<RankedTensorType>(op.getSource().getType());
    auto layout = cast<AccumulatorAttr>(source.getEncoding());
    SmallVector<Value> columns =
        combineOwn(b, op, source, unpack(b, adaptor.getSource()));
    Value thread = getThread(b);
    Value lane = arith::RemUIOp::create(b, thread, createI32(b, kWarp));
    Value pair = arith::RemUIOp::create(b, lane, createI32(b, 4));
    Value begin = getSharedAddress(b, static_cast<int64_t>(*op.getOffset()));
    begin = arith::AddIOp::create(
        b, begin, arith::MulIOp::create(b, pair, createI32(b, 2 * kBytes)));
    int64_t rowBytes = source.getDimSize(1) * kBytes;
    // Nobody still reads what was exchanged before.
    meet(b, layout);
    Value first = arith::CmpIOp::create(b, arith::CmpIPredicate::ult, lane,
                                        createI32(b, 4));
    auto branch = scf::IfOp::create(b, first);
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(branch.thenBlock());
      Value warp = arith::DivUIOp::create(b, thread, createI32(b, kWarp));
      Value own = arith::AddIOp::create(
          b, begin, arith::MulIOp::create(b, warp, createI32(b, rowBytes)));
      for (size_t i = 0; i < columns.size(); i += 2)
        LLVM::StoreOp::create(b, pack(b, ArrayRef(columns).slice(i, 2)),
                              getPairPlace(b, own, i), kPairBytes);
    }
    meet(b, layout);
    int64_t warps = 4 * layout.getRowGroups();
    auto type = VectorType::get({2}, b.getF32Type());
    SmallVector<Value> results;
    for (size_t i = 0; i < columns.size(); i += 2) {
      SmallVector<Value> all;
      for (int64_t warp = 0; warp < warps; ++warp) {
        Value there =
            arith::AddIOp::create(b, begin, createI32(b, warp * rowBytes));
        SmallVector<Value> pairOf =
            unpack(b, LLVM::LoadOp::create(b, type, getPairPlace(b, there, i),
                                           kPairBytes));
        if (all.empty())
          all = pairOf;
        else
          for (auto [left, right] : llvm::zip(all, pairOf))
            left = combine(b, op.getKind(), left, right);
      }
      llvm::append_range(results, all);
    }
    rewriter.replaceOp(op, pack(b, results));
    return success();
  }

private:
  static constexpr int64_t kBytes = 4, kPairBytes = 8;

  /// What a warp has of each of the thread's columns.
  static SmallVector<Value> combineOwn(ImplicitLocOpBuilder &b, ReduceOp op,
                                       RankedTensorType source,
                                       ArrayRef<Value> elements) {
    auto result = cast<RankedTensorType>(op.getResult().getType());
    auto known = getLayout(result).getOffsets(result.getShape());
    SmallVector<Value> columns(known.size());
    for (auto [element, offset] :
         llvm::zip(elements, getLayout(source).getOffsets(source.getShape()))) {
      offset.erase(offset.begin());
      Value &column = columns[llvm::find(known, offset) - known.begin()];
      column = column ? combine(b, op.getKind(), column, element) : element;
    }
    for (Value &column : columns)
      for (int64_t mask : {4, 8, 16})
        column =
            combine(b, op.getKind(), column, exchangeLanes(b, column, mask));
    return columns;
  }

  /// Where column `number` of the thread's and the one beside it are, of what a
  /// warp has.
  static Value getPairPlace(ImplicitLocOpBuilder &b, Value begin,
                            size_t number) {
    Value address = arith::AddIOp::create(
        b, begin, createI32(b, static_cast<int64_t>(number) / 2 * 8 * kBytes));
    return toPointer(b, address, NVVM::NVVMMemorySpace::Shared);
  }
};

struct ConvertStage : public OpConversionPattern<StageOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(StageOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto tile = cast<RankedTensorType>(op.getSource().getType());
    auto layout = cast<AccumulatorAttr>(tile.getEncoding());
    Value begin = getSharedAddress(b, static_cast<int64_t>(*op.getOffset()));
    // Products of all who compute have read what was here.
    meet(b, layout);
    storeShared(b, tile, cast<RankedTensorType>(op.getResult().getType()),
                begin, adaptor.getSource());
    fenceShared(b);
    meet(b, layout);
    rewriter.replaceOp(op, begin);
    return success();
  }
};
} // namespace

void dsa::populateTileColumnPatterns(const TileTypeConverter &converter,
                                     RewritePatternSet &patterns) {
  patterns.add<ConvertReduceColumns, ConvertStage>(converter,
                                                   patterns.getContext());
}
