//===- Parts.cpp - Parts of tiles, and truth values of lanes --------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

namespace {
struct ConvertExtract : public OpConversionPattern<ExtractOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ExtractOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto source = cast<RankedTensorType>(op.getSource().getType());
    auto result = cast<RankedTensorType>(op.getResult().getType());
    auto offset = static_cast<int64_t>(op.getOffset());
    if (getSharedLayout(source)) {
      rewriter.replaceOpWithNewOp<arith::AddIOp>(
          op, adaptor.getSource(), createI32(b, getRowOffset(source, offset)));
      return success();
    }
    // A thread's elements are in the order of columns, eight at a time.
    auto countOf = [&](int64_t columns) {
      return getLayout(result)
          .getOffsets({result.getDimSize(0), columns})
          .size();
    };
    SmallVector<Value> elements = unpack(b, adaptor.getSource());
    rewriter.replaceOp(
        op, pack(b, ArrayRef<Value>(elements).slice(
                        offset ? countOf(offset) : 0,
                        countOf(result.getDimSize(1)))));
    return success();
  }
};

struct ConvertConcat : public OpConversionPattern<ConcatOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ConcatOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    SmallVector<Value> elements;
    for (Value source : adaptor.getSources())
      llvm::append_range(elements, unpack(b, source));
    rewriter.replaceOp(op, pack(b, elements));
    return success();
  }
};

/// A ballot makes a word of a warp's 32 elements, of which each thread takes
/// the bits that it needs.
struct ConvertSpread : public OpConversionPattern<SpreadOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(SpreadOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    constexpr int64_t kBits = 32;
    auto result = cast<RankedTensorType>(op.getResult().getType());
    auto parent = cast<AccumulatorAttr>(
        cast<SliceAttr>(result.getEncoding()).getParent());
    if (parent.getColumnGroups() != 1)
      return op.emitOpError("cannot reach columns of several warpgroups");
    LayoutAttrInterface layout = getLayout(result);
    // Less than eight, so that no offset leads to the next word.
    Value first =
        layout.getOrigin(b, result.getShape(), getThread(b)).front();
    SmallVector<Value> words;
    for (Value element : unpack(b, adaptor.getSource()))
      words.push_back(arith::ShRUIOp::create(
          b,
          NVVM::VoteSyncOp::create(b, b.getI32Type(), createI32(b, -1), element,
                                   NVVM::VoteSyncKind::ballot),
          first));
    SmallVector<Value> elements;
    for (ArrayRef<int64_t> offset : layout.getOffsets(result.getShape())) {
      Value bit = arith::AndIOp::create(
          b, words[offset.front() / kBits],
          createI32(b, int64_t(1) << (offset.front() % kBits)));
      elements.push_back(arith::CmpIOp::create(b, arith::CmpIPredicate::ne, bit,
                                               createI32(b, 0)));
    }
    rewriter.replaceOp(op, pack(b, elements));
    return success();
  }
};
} // namespace

void dsa::populateTilePartPatterns(const TileTypeConverter &converter,
                                   RewritePatternSet &patterns) {
  patterns.add<ConvertConcat, ConvertExtract, ConvertSpread>(
      converter, patterns.getContext());
}
