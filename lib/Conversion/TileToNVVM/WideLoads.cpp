//===- WideLoads.cpp - Pieces of striped tiles in one instruction ---------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

static constexpr int64_t kPiece = StripedAttr::kPiece;

static Value createIndex(ImplicitLocOpBuilder &b, int64_t value) {
  return arith::ConstantIndexOp::create(b, value);
}

namespace {
/// Loads of one dimension. If all of a tile is in the memory, at an address
/// where pieces can be loaded, they are; else each element is, if it exists.
class ConvertWideLoad : public OpConversionPattern<LoadOp> {
public:
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(LoadOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto tile = cast<RankedTensorType>(op.getResult().getType());
    auto memory = cast<MemRefType>(op.getSource().getType());
    if (!isa_and_present<StripedAttr>(tile.getEncoding()) ||
        memory.getRank() != 1 || !memory.getLayout().isIdentity() ||
        tile.getElementTypeBitWidth() % 8 != 0 ||
        op.getSource().getDefiningOp<ScratchOp>())
      return failure();
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    LayoutAttrInterface layout = getLayout(tile);
    Value origin = layout.getOrigin(b, tile.getShape(), getThread(b)).front();
    Value first = arith::AddIOp::create(
        b, op.getIndices().front(),
        arith::IndexCastUIOp::create(b, b.getIndexType(), origin));
    Value size = memref::DimOp::create(b, op.getSource(), 0);
    SmallVector<int64_t> offsets;
    for (ArrayRef<int64_t> offset : layout.getOffsets(tile.getShape()))
      offsets.push_back(offset.front());
    auto branch = scf::IfOp::create(b, getTypeConverter()->convertType(tile),
                                    isWide(b, op, tile, size),
                                    /*withElseRegion=*/true);
    b.setInsertionPointToStart(branch.thenBlock());
    scf::YieldOp::create(b, loadPieces(b, op, first, offsets));
    b.setInsertionPointToStart(branch.elseBlock());
    scf::YieldOp::create(b, loadElements(b, op, first, offsets, size));
    rewriter.replaceOp(op, branch.getResults());
    return success();
  }

private:
  /// Whether pieces can be loaded: the same for all threads.
  static Value isWide(ImplicitLocOpBuilder &b, LoadOp op, RankedTensorType tile,
                      Value size) {
    int64_t bytes = tile.getElementTypeBitWidth() / 8;
    Value index = op.getIndices().front(), zero = createIndex(b, 0);
    Value end =
        arith::AddIOp::create(b, index, createIndex(b, tile.getNumElements()));
    Value inside = arith::AndIOp::create(
        b, arith::CmpIOp::create(b, arith::CmpIPredicate::sge, index, zero),
        arith::CmpIOp::create(b, arith::CmpIPredicate::sle, end, size));
    Value address = arith::AddIOp::create(
        b, memref::ExtractAlignedPointerAsIndexOp::create(b, op.getSource()),
        arith::MulIOp::create(b, index, createIndex(b, bytes)));
    Value excess =
        arith::RemUIOp::create(b, address, createIndex(b, kPiece * bytes));
    return arith::AndIOp::create(
        b, inside,
        arith::CmpIOp::create(b, arith::CmpIPredicate::eq, excess, zero));
  }

  static Value getPlace(ImplicitLocOpBuilder &b, Value first, int64_t offset) {
    return arith::AddIOp::create(b, first, createIndex(b, offset));
  }

  static Value loadPieces(ImplicitLocOpBuilder &b, LoadOp op, Value first,
                          ArrayRef<int64_t> offsets) {
    Type element = getElementTypeOrSelf(op.getResult().getType());
    auto piece = VectorType::get({kPiece}, element);
    SmallVector<Value> elements;
    for (size_t i = 0; i < offsets.size(); i += kPiece) {
      Value loaded = vector::LoadOp::create(
          b, piece, op.getSource(), getPlace(b, first, offsets[i]),
          /*nontemporal=*/false,
          llvm::Align(kPiece * element.getIntOrFloatBitWidth() / 8));
      llvm::append_range(elements, unpack(b, loaded));
    }
    return pack(b, elements);
  }

  static Value loadElements(ImplicitLocOpBuilder &b, LoadOp op, Value first,
                            ArrayRef<int64_t> offsets, Value size) {
    Type element = getElementTypeOrSelf(op.getResult().getType());
    Value zero = arith::ConstantOp::create(b, b.getZeroAttr(element));
    SmallVector<Value> elements;
    for (int64_t offset : offsets) {
      Value place = getPlace(b, first, offset);
      Value exists =
          arith::CmpIOp::create(b, arith::CmpIPredicate::ult, place, size);
      auto branch = scf::IfOp::create(
          b, exists,
          [&](OpBuilder &b, Location loc) {
            Value loaded =
                memref::LoadOp::create(b, loc, op.getSource(), place);
            scf::YieldOp::create(b, loc, loaded);
          },
          [&](OpBuilder &b, Location loc) {
            scf::YieldOp::create(b, loc, zero);
          });
      elements.push_back(branch.getResult(0));
    }
    return pack(b, elements);
  }
};
} // namespace

void dsa::populateTileWideLoadPatterns(const TileTypeConverter &converter,
                                       RewritePatternSet &patterns) {
  patterns.add<ConvertWideLoad>(converter, patterns.getContext(),
                                /*benefit=*/2);
}
