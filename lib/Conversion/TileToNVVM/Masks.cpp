//===- Masks.cpp - Columns that do not count ------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

static constexpr int64_t kWarp = 32;

namespace {
struct ConvertMaskColumns : public OpConversionPattern<MaskColumnsOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(MaskColumnsOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto tile = cast<RankedTensorType>(op.getTile().getType());
    auto there = cast<RankedTensorType>(op.getThere().getType());
    auto vector =
        RankedTensorType::get(there.getShape(), there.getElementType(),
                              getSliceLayout(0, tile.getEncoding()));
    SmallVector<Value> given = unpack(b, adaptor.getThere()), words;
    Value all;
    bool byLanes = isa<LanesAttr>(there.getEncoding());
    for (Value element : given) {
      Value whole = element;
      if (byLanes) {
        // A word of a warp's 32 elements.
        words.push_back(NVVM::VoteSyncOp::create(b, b.getI32Type(),
                                                 createI32(b, -1), element,
                                                 NVVM::VoteSyncKind::ballot));
        whole = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, words.back(),
                                      createI32(b, -1));
      }
      all = all ? Value(arith::AndIOp::create(b, all, whole)) : whole;
    }
    if (!byLanes)
      all = NVVM::VoteSyncOp::create(b, b.getI1Type(), createI32(b, -1), all,
                                     NVVM::VoteSyncKind::all);
    auto branch = scf::IfOp::create(b, adaptor.getTile().getType(), all,
                                    /*withElseRegion=*/true);
    b.setInsertionPointToStart(branch.thenBlock());
    scf::YieldOp::create(b, adaptor.getTile());
    b.setInsertionPointToStart(branch.elseBlock());
    SmallVector<Value> columns = byLanes ? getBits(b, vector, words) : given;
    SmallVector<Value> elements = unpack(b, adaptor.getTile());
    Type type = tile.getElementType();
    Value none = arith::ConstantOp::create(
        b, FloatAttr::get(
               type, APFloat::getInf(cast<FloatType>(type).getFloatSemantics(),
                                     /*Negative=*/true)));
    for (auto [element, column] :
         llvm::zip(elements, repeat(columns, vector, tile, 0)))
      element = arith::SelectOp::create(b, column, element, none);
    scf::YieldOp::create(b, pack(b, elements));
    rewriter.replaceOp(op, branch.getResults());
    return success();
  }

private:
  /// Of words that all threads have, the bits that each of them needs.
  static SmallVector<Value> getBits(ImplicitLocOpBuilder &b,
                                    RankedTensorType vector,
                                    ArrayRef<Value> words) {
    LayoutAttrInterface layout = getLayout(vector);
    // Less than eight, so that no offset leads to the next word.
    Value first = layout.getOrigin(b, vector.getShape(), getThread(b)).front();
    SmallVector<Value> shifted, bits;
    for (Value word : words)
      shifted.push_back(arith::ShRUIOp::create(b, word, first));
    for (ArrayRef<int64_t> offset : layout.getOffsets(vector.getShape())) {
      Value bit = arith::AndIOp::create(
          b, shifted[offset.front() / kWarp],
          createI32(b, int64_t(1) << (offset.front() % kWarp)));
      bits.push_back(arith::CmpIOp::create(b, arith::CmpIPredicate::ne, bit,
                                           createI32(b, 0)));
    }
    return bits;
  }
};
} // namespace

void dsa::populateTileMaskPatterns(const TileTypeConverter &converter,
                                   RewritePatternSet &patterns) {
  patterns.add<ConvertMaskColumns>(converter, patterns.getContext());
}
