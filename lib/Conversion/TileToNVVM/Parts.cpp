//===- Parts.cpp - Parts of tiles -----------------------------------------===//
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
          op, adaptor.getSource(),
          createI32(b, op.getDim() == 0 ? getRowOffset(source, offset)
                                        : getColumnOffset(source, offset)));
      return success();
    }
    // A thread's elements are in the order of columns, eight at a time.
    auto countOf = [&](int64_t columns) {
      return getLayout(result)
          .getOffsets({result.getDimSize(0), columns})
          .size();
    };
    SmallVector<Value> elements = unpack(b, adaptor.getSource());
    rewriter.replaceOp(op, pack(b, ArrayRef<Value>(elements).slice(
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
} // namespace

void dsa::populateTilePartPatterns(const TileTypeConverter &converter,
                                   RewritePatternSet &patterns) {
  patterns.add<ConvertConcat, ConvertExtract>(converter, patterns.getContext());
}
