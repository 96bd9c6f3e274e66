//===- Mma.cpp - Matrix products by wgmma ---------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

/// Bytes of a row that one instruction multiplies.
static constexpr int64_t kStepBytes = 32;

/// The element type as wgmma spells it, or nothing.
static StringRef getElementName(Type type) {
  if (isa<Float8E4M3FNType>(type))
    return "e4m3";
  if (type.isBF16())
    return "bf16";
  return type.isF16() ? "f16" : "";
}

/// What a descriptor says besides the address (PTX ISA, "Matrix descriptor"):
/// the pattern, how far apart groups of eight rows are, and, where columns are
/// not what is summed over, how far apart blocks of columns are.
static int64_t getDescriptorBits(RankedTensorType tile) {
  constexpr int64_t kUnit = 16;
  SharedAttr layout = getSharedLayout(tile);
  int64_t pattern = layout.getSwizzle() == 128  ? 1
                    : layout.getSwizzle() == 64 ? 2
                                                : 3;
  int64_t stride = 8 * layout.getSwizzle() / kUnit;
  return pattern << 62 | stride << 32 | getBlockStride(tile) / kUnit << 16;
}

/// How many units of 16 bytes `step` lies behind a tile's beginning: the steps
/// are along rows, or along columns of `stepRows` rows each.
static int64_t getStepOffset(RankedTensorType tile, int64_t step,
                             int64_t stepRows) {
  if (stepRows)
    return getRowOffset(tile, step * stepRows) / 16;
  int64_t swizzle = getSharedLayout(tile).getSwizzle();
  int64_t byte = step * kStepBytes;
  return (byte / swizzle * getBlockStride(tile) + byte % swizzle) / 16;
}

int64_t dsa::getColumnOffset(RankedTensorType tile, int64_t column) {
  int64_t byte = column * tile.getElementTypeBitWidth() / 8;
  int64_t swizzle = getSharedLayout(tile).getSwizzle();
  return byte / swizzle * getBlockStride(tile) + byte % swizzle;
}

/// The lower half of the descriptor of the part of a tile that begins
/// `group · bytes` in; steps change nothing else.
static Value createDescriptor(ImplicitLocOpBuilder &b, RankedTensorType tile,
                              Value address, Value group, int64_t bytes) {
  Value offset = arith::MulIOp::create(b, group, createI32(b, bytes));
  address = arith::AddIOp::create(b, address, offset);
  Value unit = arith::AndIOp::create(
      b, arith::ShRUIOp::create(b, address, createI32(b, 4)),
      createI32(b, 0x3FFF));
  return arith::OrIOp::create(
      b, unit, createI32(b, getDescriptorBits(tile) & 0xFFFFFFFF));
}

/// Assembly that makes a tile's descriptor `name`, `step` units further, from
/// the lower half in an operand.
static std::string describe(StringRef name, RankedTensorType tile,
                            unsigned operand, int64_t step) {
  return llvm::formatv("add.s32 low, ${0}, {1};\nmov.b64 {2}, {{low, {3}};\n",
                       operand, step, name,
                       static_cast<uint64_t>(getDescriptorBits(tile)) >> 32);
}

/// Which row group and which column group a warpgroup is.
static std::pair<Value, Value> divideGroup(ImplicitLocOpBuilder &b, Value group,
                                           AccumulatorAttr layout) {
  Value columns = createI32(b, layout.getColumnGroups());
  Value row = arith::DivUIOp::create(b, group, columns);
  // Warpgroups beyond those that divide a tile have it all again.
  return {arith::RemUIOp::create(b, row, createI32(b, layout.getRowGroups())),
          arith::RemUIOp::create(b, group, columns)};
}

/// "$from, …, $(from + count − 1)".
static std::string listOperands(unsigned from, unsigned count) {
  std::string list;
  for (unsigned i = 0; i < count; ++i)
    list += (i ? ", $" : "$") + std::to_string(from + i);
  return list;
}

namespace {
struct ConvertMmaStart : public TilePattern<MmaStartOp> {
  using TilePattern::TilePattern;

  LogicalResult
  matchAndRewrite(MmaStartOp op, OneToNOpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto a = cast<RankedTensorType>(op.getA().getType());
    auto first = cast<RankedTensorType>(op.getBs()[0].getType());
    StringRef element = getElementName(a.getElementType());
    ArrayRef<RankedTensorType> tiles = op.getResult().getType().getTiles();
    auto layout = dyn_cast<AccumulatorAttr>(tiles[0].getEncoding());
    bool isByte = a.getElementTypeBitWidth() == 8;
    // Each column group has all of a.
    bool fromRegisters =
        layout &&
        getLayout(a) ==
            AccumulatorAttr::get(op.getContext(), layout.getRowGroups(), 1);
    if (element.empty() || !layout || !getSharedLayout(first) ||
        !(getSharedLayout(a) || (fromRegisters && !isByte)) ||
        (op.getBRows() && (isByte || op.getBs().size() != 1)) ||
        (op.getARows() && (isByte || fromRegisters)))
      return op.emitOpError("cannot be computed by wgmma: expected operands of "
                            "f8E4M3FN, bf16 or f16 in shared memory, or a of "
                            "16 bits in the registers of an accumulator");
    constexpr int64_t kMostColumns = 256;
    int64_t columns = 0;
    for (RankedTensorType tile : tiles)
      columns += tile.getDimSize(1) / layout.getColumnGroups();
    if (columns > kMostColumns)
      return op.emitOpError("cannot be computed by wgmma: expected at most ")
             << kMostColumns << " columns for a warpgroup, but found "
             << columns;
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto [rowGroup, columnGroup] = divideGroup(b, getWarpgroup(op), layout);
    if (op.getOwnColumns())
      columnGroup = createI32(b, 0);
    unsigned count = columns / 2;

    SmallVector<Value> operands;
    for (ValueRange acc : adaptor.getAccs())
      llvm::append_range(operands, unpack(b, acc.front()));
    if (op.getContinued())
      for (Value acc : adaptor.getContinued())
        llvm::append_range(operands, unpack(b, acc));
    bool accumulates = !operands.empty();
    unsigned inputs = count + (accumulates ? count : 0);
    SmallVector<Value> pairs;
    if (fromRegisters)
      pairs = unpackPairs(b, adaptor.getA().front());
    llvm::append_range(operands, pairs);
    operands.push_back(createDescriptor(
        b, first, adaptor.getBs()[0].front(), columnGroup,
        op.getBRows() ? getColumnOffset(first, columns)
                      : getRowOffset(first, first.getDimSize(0) /
                                                layout.getColumnGroups())));
    if (!fromRegisters)
      operands.push_back(createDescriptor(
          b, a, adaptor.getA().front(), rowGroup,
          op.getARows() ? getColumnOffset(a, 64) : getRowOffset(a, 64)));

    unsigned descriptors = inputs + pairs.size();
    int64_t stepColumns = isByte ? 32 : 16;
    int64_t stepRows = op.getBRows() ? stepColumns : 0;
    std::string text =
        "{\n.reg .pred first, next;\n.reg .b32 low;\n.reg .b64 da, db;\n";
    text += llvm::formatv("setp.ne.b32 first, {0}, 0;\n", accumulates ? 1 : 0);
    text += "setp.ne.b32 next, 1, 0;\nwgmma.fence.sync.aligned;\n";
    int64_t depth = a.getDimSize(op.getARows() ? 0 : 1);
    for (int64_t step = 0; step < depth / stepColumns; ++step) {
      std::string left = "da";
      text += describe("db", first, descriptors,
                       getStepOffset(first, step, stepRows));
      if (fromRegisters)
        left = "{" + listOperands(inputs + 4 * step, 4) + "}";
      else
        text +=
            describe("da", a, descriptors + 1,
                     getStepOffset(a, step, op.getARows() ? stepColumns : 0));
      // Signs, and, where 16 bits allow it, which operands are transposed.
      std::string flags = "1, 1";
      if (!isByte && !fromRegisters)
        flags += op.getARows() ? ", 1" : ", 0";
      if (!isByte)
        flags += op.getBRows() ? ", 1" : ", 0";
      text += llvm::formatv(
          "wgmma.mma_async.sync.aligned.m64n{0}k{1}.f32.{2}.{2} {{{3}}, {4}, "
          "db, {5}, {6};\n",
          columns, stepColumns, element, listOperands(0, count), left,
          step == 0 ? "first" : "next", flags);
    }
    text += "wgmma.commit_group.sync.aligned;\n}";

    std::string constraints;
    for (unsigned i = 0; i < count; ++i)
      constraints += "=f,";
    if (accumulates)
      for (unsigned i = 0; i < count; ++i)
        constraints += std::to_string(i) + ",";
    for (size_t i = 0; i < pairs.size(); ++i)
      constraints += "r,";
    constraints += fromRegisters ? "r" : "r,r";
    SmallVector<Value> results =
        createAsm(b, text, constraints, operands, count);
    SmallVector<SmallVector<Value>> vectors;
    ArrayRef<Value> rest = results;
    for (RankedTensorType tile : tiles) {
      int64_t own = tile.getDimSize(1) / layout.getColumnGroups() / 2;
      vectors.push_back({pack(b, rest.take_front(own))});
      rest = rest.drop_front(own);
    }
    SmallVector<Value> flat;
    for (auto &vector : vectors)
      llvm::append_range(flat, vector);
    rewriter.replaceOpWithMultiple(op, {ValueRange(flat)});
    return success();
  }

  /// Assembly that gives `count` f32; the asm is never moved or left out.
  static SmallVector<Value> createAsm(ImplicitLocOpBuilder &b, StringRef text,
                                      StringRef constraints,
                                      ArrayRef<Value> operands,
                                      unsigned count) {
    auto type = LLVM::LLVMStructType::getLiteral(
        b.getContext(), SmallVector<Type>(count, b.getF32Type()));
    Value result =
        LLVM::InlineAsmOp::create(
            b, TypeRange(type), operands, text, constraints,
            /*has_side_effects=*/true, /*is_align_stack=*/false,
            LLVM::TailCallKind::None,
            LLVM::AsmDialectAttr::get(b.getContext(), LLVM::AsmDialect::AD_ATT),
            ArrayAttr())
            .getResult(0);
    return unpackStruct(b, result, count);
  }
};

struct ConvertMmaWait : public OpConversionPattern<MmaWaitOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(MmaWaitOp op, OneToNOpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    std::string text = llvm::formatv("wgmma.wait_group.sync.aligned {0};",
                                     op.getOutstanding());
    // What is multiplied may not change before.
    SmallVector<Value> multiplied = getMultiplied(b, op, rewriter);
    if (op.getResults().empty()) {
      SmallVector<StringRef> constraints(multiplied.size(), "r");
      LLVM::InlineAsmOp::create(
          b, TypeRange(), multiplied, text, llvm::join(constraints, ","),
          /*has_side_effects=*/true,
          /*is_align_stack=*/false, LLVM::TailCallKind::None,
          LLVM::AsmDialectAttr(), ArrayAttr());
      rewriter.eraseOp(op);
      return success();
    }
    SmallVector<Value> operands;
    for (Value vector : adaptor.getPending())
      llvm::append_range(operands, unpack(b, vector));
    // The results are tied to what is being computed: nothing reads it before.
    unsigned count = operands.size();
    std::string constraints;
    for (unsigned i = 0; i < count; ++i)
      constraints += "=f,";
    for (unsigned i = 0; i < count; ++i)
      constraints += std::to_string(i) + (i + 1 < count ? "," : "");
    for (Value pair : multiplied) {
      operands.push_back(pair);
      constraints += ",r";
    }
    SmallVector<Value> results =
        ConvertMmaStart::createAsm(b, text, constraints, operands, count);
    SmallVector<Value> vectors;
    ArrayRef<Value> rest = results;
    for (Value vector : adaptor.getPending()) {
      int64_t own = cast<VectorType>(vector.getType()).getDimSize(0);
      vectors.push_back(pack(b, rest.take_front(own)));
      rest = rest.drop_front(own);
    }
    rewriter.replaceOp(op, vectors);
    return success();
  }

private:
  /// What the products that are waited for, and nowhere before, multiply in
  /// registers.
  static SmallVector<Value> getMultiplied(ImplicitLocOpBuilder &b, MmaWaitOp op,
                                          ConversionPatternRewriter &rewriter) {
    SmallVector<Value> pairs;
    auto start = op.getPending().getDefiningOp<MmaStartOp>();
    while (start) {
      Value a = start.getA();
      if (getLayout(a.getType()))
        llvm::append_range(pairs, unpackPairs(b, rewriter.getRemappedValue(a)));
      Value continued = start.getContinued();
      bool isWaitedFor =
          continued && llvm::any_of(continued.getUsers(), [](Operation *user) {
            return isa<MmaWaitOp>(user);
          });
      start = continued && !isWaitedFor ? continued.getDefiningOp<MmaStartOp>()
                                        : MmaStartOp();
    }
    return pairs;
  }
};
} // namespace

void dsa::populateTileMmaPatterns(const TileTypeConverter &converter,
                                  RewritePatternSet &patterns) {
  patterns.add<ConvertMmaStart, ConvertMmaWait>(converter,
                                                patterns.getContext());
}
