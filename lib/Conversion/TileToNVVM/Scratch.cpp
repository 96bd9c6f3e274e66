//===- Scratch.cpp - Tiles from and to scratch memory ---------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

static constexpr int64_t kPiece = StripedAttr::kPiece;

Value dsa::getScratchPlace(ImplicitLocOpBuilder &b, ScratchOp scratch,
                           Value number) {
  auto type = cast<MemRefType>(scratch.getResult().getType());
  Value offset = arith::MulIOp::create(
      b, number, createI32(b, type.getElementTypeBitWidth() / 8));
  Value address = arith::AddIOp::create(
      b, getSharedAddress(b, static_cast<int64_t>(*scratch.getOffset())),
      offset);
  return toPointer(b, address, NVVM::NVVMMemorySpace::Shared);
}

/// Whether a number is known to be a multiple of a piece.
static bool isAligned(Value index) {
  if (std::optional<int64_t> constant = getConstantIntValue(index))
    return *constant % kPiece == 0;
  auto argument = dyn_cast<BlockArgument>(index);
  auto loop =
      argument
          ? dyn_cast_if_present<scf::ForOp>(argument.getOwner()->getParentOp())
          : scf::ForOp();
  return loop && argument == loop.getInductionVar() &&
         isAligned(loop.getLowerBound()) && isAligned(loop.getStep());
}

static int64_t getExtent(ScratchOp scratch) {
  return cast<MemRefType>(scratch.getResult().getType()).getNumElements();
}

/// How many elements of a tile, one after another, are together in the memory
/// too, all of them or none: pieces, or the pairs of columns of accumulators.
static int64_t getWidth(RankedTensorType tile, ScratchOp scratch, Value index) {
  if (!isAligned(index) || getExtent(scratch) % kPiece != 0)
    return 1;
  if (isa_and_present<StripedAttr>(tile.getEncoding()))
    return kPiece;
  auto slice = dyn_cast_if_present<SliceAttr>(tile.getEncoding());
  return slice && slice.getDim() == 0 && isa<AccumulatorAttr>(slice.getParent())
             ? 2
             : 1;
}

/// The place of a thread's first element in the memory.
static Value getFirst(ImplicitLocOpBuilder &b, RankedTensorType tile,
                      Value index) {
  Value origin =
      getLayout(tile).getOrigin(b, tile.getShape(), getThread(b)).front();
  return arith::AddIOp::create(
      b, origin, arith::IndexCastOp::create(b, b.getI32Type(), index));
}

namespace {
/// What both directions share: `move` is called for each piece, or each
/// element, with its place and whether it exists, null if it is known to.
struct Mover {
  Mover(RankedTensorType tile, ScratchOp scratch, Value index)
      : tile(tile), scratch(scratch), index(index),
        width(getWidth(tile, scratch, index)) {}

  void forEach(ImplicitLocOpBuilder &b,
               function_ref<void(size_t, Value, Value)> move) {
    Value first = getFirst(b, tile, index);
    std::optional<int64_t> begin = getConstantIntValue(index);
    bool isInside = begin && *begin >= 0 &&
                    *begin + tile.getNumElements() <= getExtent(scratch);
    auto offsets = getLayout(tile).getOffsets(tile.getShape());
    for (size_t i = 0; i < offsets.size(); i += width) {
      Value place =
          arith::AddIOp::create(b, first, createI32(b, offsets[i].front()));
      Value exists;
      if (!isInside)
        exists = arith::CmpIOp::create(b, arith::CmpIPredicate::ult, place,
                                       createI32(b, getExtent(scratch)));
      move(i, place, exists);
    }
  }

  Type getType() {
    Type element = tile.getElementType();
    return width == 1 ? element : VectorType::get({width}, element);
  }
  unsigned getBytes() { return width * tile.getElementTypeBitWidth() / 8; }

  RankedTensorType tile;
  ScratchOp scratch;
  Value index;
  int64_t width;
};

struct ConvertScratchLoad : public OpConversionPattern<LoadOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(LoadOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto scratch = op.getSource().getDefiningOp<ScratchOp>();
    if (!scratch)
      return failure();
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Mover mover(cast<RankedTensorType>(op.getResult().getType()), scratch,
                adaptor.getIndices().front());
    SmallVector<Value> elements;
    mover.forEach(b, [&](size_t, Value place, Value exists) {
      // Something is read in any case: that needs no branch.
      if (exists)
        place = arith::SelectOp::create(b, exists, place, createI32(b, 0));
      Value loaded = LLVM::LoadOp::create(b, mover.getType(),
                                          getScratchPlace(b, scratch, place),
                                          mover.getBytes());
      if (exists)
        loaded = arith::SelectOp::create(
            b, exists, loaded,
            arith::ConstantOp::create(b, b.getZeroAttr(mover.getType())));
      if (mover.width == 1)
        elements.push_back(loaded);
      else
        llvm::append_range(elements, unpack(b, loaded));
    });
    rewriter.replaceOp(op, pack(b, elements));
    return success();
  }
};

struct ConvertScratchStore : public OpConversionPattern<StoreOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(StoreOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto scratch = op.getDest().getDefiningOp<ScratchOp>();
    if (!scratch)
      return failure();
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Mover mover(cast<RankedTensorType>(op.getTile().getType()), scratch,
                adaptor.getIndices().front());
    SmallVector<Value> elements = unpack(b, adaptor.getTile()), masks;
    if (adaptor.getMask()) {
      masks = unpack(b, adaptor.getMask());
      mover.width = 1;
    }
    mover.forEach(b, [&](size_t number, Value place, Value exists) {
      if (!masks.empty())
        exists =
            exists ? arith::AndIOp::create(b, exists, masks[number]).getResult()
                   : masks[number];
      OpBuilder::InsertionGuard guard(b);
      if (exists) {
        auto branch = scf::IfOp::create(b, exists);
        b.setInsertionPointToStart(branch.thenBlock());
      }
      ArrayRef<Value> piece = ArrayRef(elements).slice(number, mover.width);
      LLVM::StoreOp::create(b, mover.width == 1 ? piece[0] : pack(b, piece),
                            getScratchPlace(b, scratch, place),
                            mover.getBytes());
    });
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void dsa::populateTileScratchPatterns(const TileTypeConverter &converter,
                                      RewritePatternSet &patterns) {
  patterns.add<ConvertScratchLoad, ConvertScratchStore>(
      converter, patterns.getContext(), /*benefit=*/2);
}
