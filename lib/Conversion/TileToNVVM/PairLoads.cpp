//===- PairLoads.cpp - Loads of two columns at a time ---------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

/// Whether a thread's elements of 16 bits lie in memory as pairs, each 4 bytes
/// aligned: a thread's columns begin at an even one.
static bool loadsPairs(LoadOp op) {
  auto tile = cast<RankedTensorType>(op.getResult().getType());
  auto memory = cast<MemRefType>(op.getSource().getType());
  if (!isa_and_present<AccumulatorAttr>(tile.getEncoding()) ||
      tile.getElementTypeBitWidth() != 16 || !op.getInside() ||
      !memory.getLayout().isIdentity())
    return false;
  int64_t last = memory.getRank() - 1;
  std::optional<int64_t> begin = getConstantIntValue(op.getIndices()[last]);
  return begin && *begin % 2 == 0 && !memory.isDynamicDim(last) &&
         memory.getDimSize(last) % 2 == 0;
}

namespace {
struct ConvertPairLoad : public OpConversionPattern<LoadOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(LoadOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (!loadsPairs(op))
      return failure();
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto tile = cast<RankedTensorType>(op.getResult().getType());
    LayoutAttrInterface layout = getLayout(tile);
    auto pair = VectorType::get({2}, tile.getElementType());
    SmallVector<Value> origin =
        layout.getOrigin(b, tile.getShape(), getThread(b));
    SmallVector<Value> elements;
    for (auto [i, offset] :
         llvm::enumerate(layout.getOffsets(tile.getShape()))) {
      if (i % 2 != 0)
        continue;
      Value unused;
      SmallVector<Value> places =
          getPlaces(b, op.getSource(), op.getIndices(), op.getBox(),
                    getCoordinates(b, origin, offset), unused);
      Value loaded =
          vector::LoadOp::create(b, pair, op.getSource(), places,
                                 /*nontemporal=*/false, llvm::Align(4));
      llvm::append_range(elements, unpack(b, loaded));
    }
    rewriter.replaceOp(op, pack(b, elements));
    return success();
  }
};
} // namespace

void dsa::populateTilePairLoadPatterns(const TileTypeConverter &converter,
                                       RewritePatternSet &patterns) {
  patterns.add<ConvertPairLoad>(converter, patterns.getContext(),
                                /*benefit=*/2);
}
