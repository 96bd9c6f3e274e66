//===- LinearPart.cpp - Decomposition of dsa.linear_part ------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoopBuilder.h"
#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include <limits>

using namespace mlir;
using namespace mlir::dsa;

/// Of an f32: where its exponent is, and that of 1.
static constexpr int64_t kMantissaBits = 23, kBias = 127;
/// The exponents of the least and the greatest scale; their inverses have
/// exponents too, which are twice the bias less theirs.
static constexpr int64_t kLeast = 1, kGreatest = 2 * kBias - 1;

namespace {
/// How terms of one element type are scaled.
struct TermFormat {
  /// Added to the bits of a row's largest magnitude, this rounds its exponent
  /// to that of the scale, which then is too large by `exponent`.
  int64_t roundUp, exponent;
  /// By how many powers of two each term is finer than the one before.
  int64_t step;
};

/// Emits the body for one block of rows.
class BlockEmitter {
public:
  BlockEmitter(LinearPartOp op, Value firstRow, OpFoldResult rowCount,
               int64_t blockRows, int64_t threads);

  void emit(LoopBuilder &b);

private:
  void sumHeads(LoopBuilder &b);
  void findLargest(LoopBuilder &b);
  void emitScales(LoopBuilder &b);
  void emitTerms(LoopBuilder &b);

  /// The block's rows of an operand: of its second dimension `count` elements
  /// from `first`; of the third, if there is one, a column.
  Value getRows(LoopBuilder &b, Value operand, int64_t first, int64_t count,
                int64_t column);
  /// A column of scratch memory [rows, D].
  Value getColumn(LoopBuilder &b, Value scratch, int64_t column);
  Value getExponent(LoopBuilder &b, Value largest, int64_t term);

  LinearPartOp op;
  Value firstRow;
  OpFoldResult rowCount;
  int64_t blockRows, heads, width, terms, columns = 1, headsAtOnce = 1;
  Type type;
  TermFormat format;
  /// Scratch: sums over heads [rows, D], the bits of largest magnitudes [rows].
  Value sums, largest;
};
} // namespace

/// The first scale brings values to 448 or, where the type can hold more than
/// enough, to 1.
static TermFormat getFormat(Type type) {
  if (isa<Float8E4M3FNType>(type))
    return {(1 << kMantissaBits) - 1 - (3 << (kMantissaBits - 2)), 8, 4};
  int64_t step = type.isBF16() ? 8 : type.isF16() ? 11 : 24;
  return {(1 << kMantissaBits) - 1, 0, step};
}

/// The greatest divisor of `size` that is at most `most`.
static int64_t getDivisor(int64_t size, int64_t most) {
  int64_t divisor = std::clamp<int64_t>(most, 1, size);
  while (size % divisor != 0)
    --divisor;
  return divisor;
}

/// Where a block has many threads, each has the same element of several columns
/// of a row, which then share the factor of a head, and takes several heads at
/// once, so that many loads are under way.
BlockEmitter::BlockEmitter(LinearPartOp op, Value firstRow,
                           OpFoldResult rowCount, int64_t blockRows,
                           int64_t threads)
    : op(op), firstRow(firstRow), rowCount(rowCount), blockRows(blockRows) {
  auto shaped = cast<ShapedType>(op.getQ().getType());
  heads = shaped.getDimSize(1);
  width = shaped.getDimSize(2);
  terms = cast<ShapedType>(op.getInits()[0].getType()).getDimSize(1);
  type = shaped.getElementType();
  format = getFormat(type);
  if (threads == 1)
    return;
  // Loads of a thread that are under way at once: with more, its registers
  // leave room for one block of a processor.
  constexpr int64_t kMostColumns = 4, kMostLoads = 40;
  columns =
      getDivisor(width, std::min(kMostColumns, blockRows * width / threads));
  int64_t factors = (op.getWeights() ? 1 : 0) + (op.getQScale() ? 1 : 0);
  headsAtOnce = getDivisor(heads, kMostLoads / (columns + factors));
}

Value BlockEmitter::getRows(LoopBuilder &b, Value operand, int64_t first,
                            int64_t count, int64_t column) {
  SmallVector<OpFoldResult> offsets = {firstRow, b.getIndexAttr(first)};
  SmallVector<OpFoldResult> sizes = {rowCount, b.getIndexAttr(count)};
  if (cast<MemRefType>(operand.getType()).getRank() == 3) {
    offsets.push_back(b.getIndexAttr(column * width / columns));
    sizes.push_back(b.getIndexAttr(width / columns));
  }
  return b.part(operand, offsets, sizes);
}

Value BlockEmitter::getColumn(LoopBuilder &b, Value scratch, int64_t column) {
  return b.part(scratch,
                {b.getIndexAttr(0), b.getIndexAttr(column * width / columns)},
                {rowCount, b.getIndexAttr(width / columns)});
}

/// sums[t, d] = Σ_j 1/2 · weights[t, j] · q_scale[t, j] · q[t, j, d]
void BlockEmitter::sumHeads(LoopBuilder &b) {
  sums = b.scratch({blockRows, width}, b.getF32Type());
  b.fill(b.f32(0), sums);
  SmallVector<Value> inputs, outputs, factors;
  for (Value factor : {op.getWeights(), op.getQScale()})
    if (factor)
      factors.push_back(factor);
  // Loops: row, element, turn.
  SmallVector<SmallVector<unsigned>> maps;
  int64_t turns = heads / headsAtOnce;
  for (int64_t first = 0; first < heads; first += turns) {
    for (Value factor : factors) {
      inputs.push_back(getRows(b, factor, first, turns, /*column=*/0));
      maps.push_back({0, 2});
    }
    for (int64_t column = 0; column < columns; ++column) {
      inputs.push_back(getRows(b, op.getQ(), first, turns, column));
      maps.push_back({0, 2, 1});
    }
  }
  for (int64_t column = 0; column < columns; ++column) {
    outputs.push_back(getColumn(b, sums, column));
    maps.push_back({0, 1});
  }
  b.generic(inputs, outputs, maps, [&](LoopBuilder &b, ValueRange args) {
    SmallVector<Value> totals(args.take_back(columns));
    for (int64_t head = 0; head < headsAtOnce; ++head) {
      Value product = b.f32(0.5);
      for (Value factor : args.take_front(factors.size()))
        product = arith::MulFOp::create(b, product, b.toF32(factor));
      args = args.drop_front(factors.size());
      for (auto [total, query] : llvm::zip(totals, args.take_front(columns)))
        total = math::FmaOp::create(b, b.toF32(query), product, total);
      args = args.drop_front(columns);
    }
    return totals;
  });
}

/// Magnitudes are ordered as their bits are, NaN above all. Over columns first,
/// for which there are threads.
void BlockEmitter::findLargest(LoopBuilder &b) {
  auto maximum = [](LoopBuilder &b, ValueRange args) -> Value {
    return b.maximum(args[0], args[1]);
  };
  Value zero = b.i32(0);
  Value ofColumns = b.scratch({blockRows, width / columns}, b.getI32Type());
  SmallVector<Value> inputs;
  for (int64_t column = 0; column < columns; ++column)
    inputs.push_back(getColumn(b, sums, column));
  SmallVector<SmallVector<unsigned>> maps(columns + 1, {0, 1});
  OpFoldResult first = b.getIndexAttr(0);
  Value rows = b.part(ofColumns, {first, first},
                      {rowCount, b.getIndexAttr(width / columns)});
  b.generic(inputs, rows, maps, [&](LoopBuilder &b, ValueRange args) {
    Value most = zero;
    for (Value sum : args.drop_back()) {
      Value bits = arith::BitcastOp::create(b, b.getI32Type(), sum);
      most = b.maximum(most, arith::AndIOp::create(b, bits, b.i32(INT32_MAX)));
    }
    return most;
  });
  largest = b.scratch({blockRows}, b.getI32Type());
  b.fill(zero, largest);
  b.generic({rows}, b.part(largest, {first}, {rowCount}), {{0, 1}, {0}},
            maximum);
}

/// The exponent of the scale of a term, by arithmetic on exponents: exact on
/// every target. That of 1 for rows of zeros, and for those that are not
/// finite.
Value BlockEmitter::getExponent(LoopBuilder &b, Value largest, int64_t term) {
  Value rounded = arith::ShRUIOp::create(
      b, b.add(largest, b.i32(format.roundUp)), b.i32(kMantissaBits));
  Value exponent = b.clamp(b.sub(rounded, b.i32(format.exponent)),
                           b.i32(kLeast), b.i32(kGreatest));
  Value isOrdinary =
      b.isWithin(largest, b.i32(1), b.i32(int64_t(0xff) << kMantissaBits));
  exponent = arith::SelectOp::create(b, isOrdinary, exponent, b.i32(kBias));
  return b.maximum(b.sub(exponent, b.i32(term * format.step)), b.i32(kLeast));
}

/// The power of two of an exponent.
static Value getPower(LoopBuilder &b, Value exponent) {
  return arith::BitcastOp::create(
      b, b.getF32Type(),
      arith::ShLIOp::create(b, exponent, b.i32(kMantissaBits)));
}

void BlockEmitter::emitScales(LoopBuilder &b) {
  SmallVector<Value> outputs;
  for (int64_t term = 0; term < terms; ++term)
    outputs.push_back(b.part(op.getInits()[1], {firstRow, b.getIndexAttr(term)},
                             {rowCount, b.getIndexAttr(1)}, /*dropped=*/{1}));
  SmallVector<SmallVector<unsigned>> maps(terms + 1, {0});
  b.generic({b.part(largest, {b.getIndexAttr(0)}, {rowCount})}, outputs, maps,
            [&](LoopBuilder &b, ValueRange args) {
              SmallVector<Value> scales;
              for (int64_t term = 0; term < terms; ++term)
                scales.push_back(getPower(b, getExponent(b, args[0], term)));
              return scales;
            });
}

/// Each term is rounded from what the terms before it leave; all differences
/// are exact.
void BlockEmitter::emitTerms(LoopBuilder &b) {
  SmallVector<Value> inputs = {
      b.part(largest, {b.getIndexAttr(0)}, {rowCount})};
  SmallVector<Value> outputs;
  SmallVector<SmallVector<unsigned>> maps = {{0}};
  for (int64_t column = 0; column < columns; ++column) {
    inputs.push_back(getColumn(b, sums, column));
    for (int64_t term = 0; term < terms; ++term) {
      OpFoldResult one = b.getIndexAttr(1);
      outputs.push_back(b.part(op.getInits()[0],
                               {firstRow, b.getIndexAttr(term),
                                b.getIndexAttr(column * width / columns)},
                               {rowCount, one, b.getIndexAttr(width / columns)},
                               /*dropped=*/{1}));
    }
  }
  maps.append(inputs.size() - 1 + outputs.size(), {0, 1});
  b.generic(inputs, outputs, maps, [&](LoopBuilder &b, ValueRange args) {
    Value isFinite =
        arith::CmpIOp::create(b, arith::CmpIPredicate::slt, args[0],
                              b.i32(int64_t(0xff) << kMantissaBits));
    SmallVector<Value> scales, inverses, results;
    for (int64_t term = 0; term < terms; ++term) {
      Value exponent = getExponent(b, args[0], term);
      scales.push_back(getPower(b, exponent));
      inverses.push_back(getPower(b, b.sub(b.i32(2 * kBias), exponent)));
    }
    // Of a row that is not finite nothing is left but NaN.
    inverses[0] = arith::SelectOp::create(
        b, isFinite, inverses[0],
        b.f32(std::numeric_limits<double>::quiet_NaN()));
    for (Value rest : args.slice(1, columns))
      for (auto [scale, inverse] : llvm::zip(scales, inverses)) {
        Value term = b.toFloat(arith::MulFOp::create(b, rest, inverse), type);
        results.push_back(term);
        rest = math::FmaOp::create(b, arith::NegFOp::create(b, b.toF32(term)),
                                   scale, rest);
      }
    return results;
  });
}

void BlockEmitter::emit(LoopBuilder &b) {
  sumHeads(b);
  findLargest(b);
  emitScales(b);
  emitTerms(b);
}

namespace {
struct DecomposeLinearPart : public OpRewritePattern<LinearPartOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(LinearPartOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureBufferSemantics())
      return failure();
    // A warp for each row of a block.
    constexpr int64_t kWarpSize = 32;
    int64_t threads = getLoopSchedule(op).getThreads();
    int64_t blockRows = std::max<int64_t>(threads / kWarpSize, 1);
    LoopBuilder b(op.getLoc(), rewriter);
    Value rows = b.dim(op.getQ(), 0);
    b.forAll(b.ceilDiv(rows, blockRows), [&](LoopBuilder &b, ValueRange ivs) {
      Value firstRow = b.mul(ivs[0], b.index(blockRows));
      OpFoldResult rowCount = b.getIndexAttr(1);
      if (blockRows > 1)
        rowCount = b.minimum(b.index(blockRows), b.sub(rows, firstRow));
      BlockEmitter(op, firstRow, rowCount, blockRows, threads).emit(b);
    });
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void dsa::populateDecomposeLinearPartPatterns(RewritePatternSet &patterns) {
  patterns.add<DecomposeLinearPart>(patterns.getContext());
}
