//===- Gather.cpp - Rows into shared memory, by their numbers -------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

/// Threads that load where rows are gathered.
static constexpr int64_t kThreads = 128;

namespace {
/// Rows are copied `swizzle` bytes at a time by as many threads as these have
/// pieces, so that a row's pieces are fetched together.
struct ConvertGatherCopy : public TilePattern<GatherCopyOp> {
  using TilePattern::TilePattern;

  LogicalResult
  matchAndRewrite(GatherCopyOp op, OneToNOpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    ChannelParts parts(b, op.getChannel(), adaptor.getChannel()[Load]);
    RankedTensorType tile = parts.getType().getTiles().front();
    int64_t swizzle = getSharedLayout(tile).getSwizzle();
    int64_t pieces = swizzle / kPieceBytes;
    const TileTypeConverter::Kernel &kernel = getConverter().getKernel(op);
    if (kernel.loadThreads != kThreads)
      return op.emitOpError("expected ") << kThreads / 32 << " warps that load";
    int64_t bits = tile.getElementTypeBitWidth();
    auto source = cast<MemRefType>(op.getSource().getType());
    if (!isOfPieces(source) ||
        static_cast<int64_t>(op.getColumn()) * bits % (8 * kPieceBytes) != 0)
      return op.emitOpError("expected rows and a column at multiples of ")
             << kPieceBytes << " bytes, but found " << op.getSource().getType()
             << " and column " << op.getColumn();
    auto layout = RowsAttr::get(op.getContext(), pieces);
    if (getLayout(op.getNumbers().getType()) != layout)
      return op.emitOpError("expected numbers of layout ")
             << layout << ", but found " << op.getNumbers().getType();
    copy(b, op, parts, tile, layout, unpack(b, adaptor.getNumbers().front()));
    rewriter.eraseOp(op);
    return success();
  }

private:
  /// Whether rows lie in one piece each, and begin at multiples of what is
  /// copied at once, as far as the type says.
  static bool isOfPieces(MemRefType source) {
    SmallVector<int64_t> strides;
    int64_t offset;
    if (failed(source.getStridesAndOffset(strides, offset)) || strides[1] != 1)
      return false;
    int64_t elements = 8 * kPieceBytes / source.getElementTypeBitWidth();
    return llvm::all_of(ArrayRef{strides[0], offset}, [&](int64_t places) {
      return ShapedType::isDynamic(places) || places % elements == 0;
    });
  }

  static void copy(ImplicitLocOpBuilder &b, GatherCopyOp op,
                   ChannelParts &parts, RankedTensorType tile, RowsAttr layout,
                   ArrayRef<Value> numbers) {
    Value piece = arith::RemUIOp::create(b, getThread(b),
                                         createI32(b, layout.getLanes()));
    ArrayRef<int64_t> shape = tile.getShape().take_front();
    Value firstRow = layout.getOrigin(b, shape, getThread(b)).front();
    SmallVector<Value> rows, sources, sizes;
    for (auto [number, offset] : llvm::zip(numbers, layout.getOffsets(shape))) {
      auto [source, size] = locate(b, op, number);
      rows.push_back(
          arith::AddIOp::create(b, firstRow, createI32(b, offset.front())));
      sources.push_back(source);
      sizes.push_back(size);
    }
    // Where rows are is known before there is room for them.
    parts.waitForEmpty();
    Value buffer = parts.getBuffer();
    for (auto [row, source, size] : llvm::zip(rows, sources, sizes))
      copyRow(b, tile, buffer, row, piece, source, size);
  }

  /// The address of the first row in memory, and the bytes from each row to the
  /// next.
  static std::pair<Value, Value> locateRows(ImplicitLocOpBuilder &b,
                                            Value source) {
    auto type = cast<MemRefType>(source.getType());
    int64_t elementBytes = type.getElementTypeBitWidth() / 8;
    if (type.getLayout().isIdentity()) {
      Value base = memref::ExtractAlignedPointerAsIndexOp::create(b, source);
      return {base, arith::ConstantIndexOp::create(b, type.getDimSize(1) *
                                                          elementBytes)};
    }
    Value size = arith::ConstantIndexOp::create(b, elementBytes);
    auto parts = memref::ExtractStridedMetadataOp::create(b, source);
    Value base = memref::ExtractAlignedPointerAsIndexOp::create(
        b, parts.getBaseBuffer());
    Value offset = arith::MulIOp::create(b, parts.getOffset(), size);
    return {arith::AddIOp::create(b, base, offset),
            arith::MulIOp::create(b, parts.getStrides().front(), size)};
  }

  /// The address of a row in memory and how much of each piece is there: all or
  /// nothing.
  static std::pair<Value, Value> locate(ImplicitLocOpBuilder &b,
                                        GatherCopyOp op, Value row) {
    Value zero = arith::ConstantIndexOp::create(b, 0);
    Value number = arith::IndexCastOp::create(b, b.getIndexType(), row);
    Value count = memref::DimOp::create(b, op.getSource(), 0);
    Value exists =
        arith::CmpIOp::create(b, arith::CmpIPredicate::ult, number, count);
    number = arith::SelectOp::create(b, exists, number, zero);
    auto type = cast<MemRefType>(op.getSource().getType());
    auto [base, bytes] = locateRows(b, op.getSource());
    Value address = arith::IndexCastOp::create(
        b, b.getI64Type(),
        arith::AddIOp::create(b, base,
                              arith::MulIOp::create(b, number, bytes)));
    address = arith::AddIOp::create(
        b, address,
        arith::ConstantIntOp::create(b, b.getI64Type(),
                                     static_cast<int64_t>(op.getColumn()) *
                                         type.getElementTypeBitWidth() / 8));
    return {address,
            arith::SelectOp::create(b, exists, createI32(b, kPieceBytes),
                                    createI32(b, 0))};
  }

  /// The thread's piece of each block of columns. Pieces of a row are permuted
  /// by the low bits of its number.
  static void copyRow(ImplicitLocOpBuilder &b, RankedTensorType tile,
                      Value buffer, Value row, Value piece, Value source,
                      Value size) {
    int64_t swizzle = getSharedLayout(tile).getSwizzle();
    Value permuted = permutePiece(b, tile, row, piece);
    Value to = arith::AddIOp::create(
        b, buffer, arith::MulIOp::create(b, row, createI32(b, swizzle)));
    to = arith::AddIOp::create(
        b, to, arith::MulIOp::create(b, permuted, createI32(b, kPieceBytes)));
    Value from = arith::AddIOp::create(
        b, source,
        arith::ExtUIOp::create(
            b, b.getI64Type(),
            arith::MulIOp::create(b, piece, createI32(b, kPieceBytes))));
    auto global = LLVM::LLVMPointerType::get(
        b.getContext(), static_cast<unsigned>(NVVM::NVVMMemorySpace::Global));
    for (int64_t block = 0; block < getRowBytes(tile) / swizzle; ++block) {
      Value target = arith::AddIOp::create(
          b, to, createI32(b, block * getBlockStride(tile)));
      Value offset =
          arith::ConstantIntOp::create(b, b.getI64Type(), block * swizzle);
      Value address = arith::AddIOp::create(b, from, offset);
      Value origin = LLVM::IntToPtrOp::create(b, global, address);
      NVVM::CpAsyncOp::create(
          b, toPointer(b, target, NVVM::NVVMMemorySpace::Shared), origin,
          static_cast<uint32_t>(kPieceBytes), NVVM::LoadCacheModifierKind::CG,
          size);
    }
  }
};
} // namespace

void dsa::populateTileGatherPatterns(const TileTypeConverter &converter,
                                     RewritePatternSet &patterns) {
  patterns.add<ConvertGatherCopy>(converter, patterns.getContext());
}
