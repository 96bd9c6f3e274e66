//===- Arithmetic.cpp - Arithmetic on tiles as structured operations ------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

static Value createEmpty(ImplicitLocOpBuilder &b, ArrayRef<int64_t> shape,
                         Type element) {
  return tensor::EmptyOp::create(b, shape, element);
}

static Value createEmpty(ImplicitLocOpBuilder &b, Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return createEmpty(b, tensor.getShape(), tensor.getElementType());
}

static Value createFilled(ImplicitLocOpBuilder &b, Type type, Value value) {
  return linalg::FillOp::create(b, value, createEmpty(b, type)).getResult(0);
}

//===----------------------------------------------------------------------===//
// Matrix products
//===----------------------------------------------------------------------===//

static Value toF32(ImplicitLocOpBuilder &b, Value tile) {
  auto type = cast<RankedTensorType>(tile.getType());
  if (type.getElementType().isF32())
    return tile;
  return arith::ExtFOp::create(b, type.clone(b.getF32Type()), tile);
}

/// `[N, K]` to `[K, N]`: rows of products then are contiguous, as in the
/// result.
static Value transpose(ImplicitLocOpBuilder &b, Value tile) {
  auto type = cast<RankedTensorType>(tile.getType());
  Value empty = createEmpty(b, {type.getDimSize(1), type.getDimSize(0)},
                            type.getElementType());
  return linalg::TransposeOp::create(b, tile, empty, ArrayRef<int64_t>{1, 0})
      ->getResult(0);
}

/// The first `columns` columns.
static Value takeColumns(ImplicitLocOpBuilder &b, Value tile, int64_t columns) {
  auto type = cast<RankedTensorType>(tile.getType());
  if (type.getDimSize(1) == columns)
    return tile;
  OpFoldResult zero = b.getIndexAttr(0), one = b.getIndexAttr(1);
  return tensor::ExtractSliceOp::create(
      b, tile, ArrayRef{zero, zero},
      ArrayRef<OpFoldResult>{b.getIndexAttr(type.getDimSize(0)),
                             b.getIndexAttr(columns)},
      ArrayRef{one, one});
}

/// `a · b + acc`, where `b` is `[K, N]`.
static Value multiply(ImplicitLocOpBuilder &b, Value left, Value right,
                      Value acc) {
  AffineExpr m, n, k;
  bindDims(b.getContext(), m, n, k);
  using MapList = ArrayRef<ArrayRef<AffineExpr>>;
  auto maps = AffineMap::inferFromExprList(MapList{{m, k}, {k, n}, {m, n}},
                                           b.getContext());
  using utils::IteratorType;
  return linalg::GenericOp::create(
             b, TypeRange(acc.getType()), ValueRange{left, right},
             ValueRange(acc), maps,
             ArrayRef{IteratorType::parallel, IteratorType::parallel,
                      IteratorType::reduction},
             [](OpBuilder &b, Location loc, ValueRange args) {
               Value product = arith::MulFOp::create(b, loc, args[0], args[1]);
               Value sum = arith::AddFOp::create(b, loc, args[2], product);
               linalg::YieldOp::create(b, loc, sum);
             })
      .getResult(0);
}

namespace {
struct MmaToLinalg : public OpRewritePattern<MmaOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(MmaOp op,
                                PatternRewriter &rewriter) const override {
    if (getElementTypeOrSelf(op.getA().getType()).getIntOrFloatBitWidth() > 32)
      return rewriter.notifyMatchFailure(op, "products are in f32");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value a = toF32(b, op.getA());
    if (op.getARows())
      a = transpose(b, a);
    SmallVector<Value> results;
    if (op.getBRows()) {
      rewriter.replaceOp(op, multiplyRows(b, op, a));
      return success();
    }
    for (auto [number, tile] : llvm::enumerate(op.getBs())) {
      auto result = cast<RankedTensorType>(op.getResult(number).getType());
      Value right = transpose(b, toF32(b, tile));
      results.push_back(
          multiply(b, a, right, getAccumulator(b, op, number, result)));
    }
    rewriter.replaceOp(op, results);
    return success();
  }

private:
  static Value getAccumulator(ImplicitLocOpBuilder &b, MmaOp op,
                              unsigned number, RankedTensorType type) {
    if (!op.getAccs().empty())
      return op.getAccs()[number];
    Value zero = arith::ConstantOp::create(b, b.getF32FloatAttr(0));
    return createFilled(b, type, zero);
  }

  /// Each `b` has equally many columns of the result.
  static Value multiplyRows(ImplicitLocOpBuilder &b, MmaOp op, Value a) {
    auto type = cast<RankedTensorType>(op.getResult(0).getType());
    int64_t parts = op.getBs().size(), columns = type.getDimSize(1) / parts;
    Value result = getAccumulator(b, op, 0, type);
    if (parts == 1)
      return multiply(b, a, toF32(b, takeColumns(b, op.getBs()[0], columns)),
                      result);
    OpFoldResult zero = b.getIndexAttr(0), one = b.getIndexAttr(1);
    SmallVector<OpFoldResult> sizes = {b.getIndexAttr(type.getDimSize(0)),
                                       b.getIndexAttr(columns)};
    for (auto [number, tile] : llvm::enumerate(op.getBs())) {
      SmallVector<OpFoldResult> offsets = {
          zero, b.getIndexAttr(static_cast<int64_t>(number) * columns)};
      Value acc = tensor::ExtractSliceOp::create(b, result, offsets, sizes,
                                                 ArrayRef{one, one});
      Value part = multiply(b, a, toF32(b, takeColumns(b, tile, columns)), acc);
      result = tensor::InsertSliceOp::create(b, part, result, offsets, sizes,
                                             ArrayRef{one, one});
    }
    return result;
  }
};

//===----------------------------------------------------------------------===//
// Along a dimension
//===----------------------------------------------------------------------===//

struct ReduceToLinalg : public OpRewritePattern<ReduceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ReduceOp op,
                                PatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value source = op.getSource();
    auto type = cast<RankedTensorType>(source.getType());
    if (std::optional<int64_t> group = op.getGroup()) {
      SmallVector<ReassociationIndices> dims = {{0}, {1, 2}};
      auto grouped = RankedTensorType::get(
          {type.getDimSize(0), type.getDimSize(1) / *group, *group},
          type.getElementType());
      source = tensor::ExpandShapeOp::create(b, grouped, source, dims);
    }
    auto element = cast<FloatType>(type.getElementType());
    bool isMax = op.getKind() == Reduction::Max;
    APFloat neutral =
        isMax ? APFloat::getInf(element.getFloatSemantics(), /*Negative=*/true)
              : APFloat::getZero(element.getFloatSemantics());
    Value init = arith::ConstantOp::create(b, b.getFloatAttr(element, neutral));
    int64_t last = cast<RankedTensorType>(source.getType()).getRank() - 1;
    int64_t along = op.getDim() == 0 ? 0 : last;
    auto reduce = linalg::ReduceOp::create(
        b, source, createFilled(b, op.getResult().getType(), init), along,
        [&](OpBuilder &b, Location loc, ValueRange args) {
          Value combined =
              isMax ? arith::MaximumFOp::create(b, loc, args[0], args[1])
                          .getResult()
                    : arith::AddFOp::create(b, loc, args[0], args[1]);
          linalg::YieldOp::create(b, loc, combined);
        });
    rewriter.replaceOp(op, reduce);
    return success();
  }
};

struct ExpandToLinalg : public OpRewritePattern<ExpandOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ExpandOp op,
                                PatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto broadcast = linalg::BroadcastOp::create(
        b, op.getSource(), createEmpty(b, op.getResult().getType()),
        ArrayRef<int64_t>{static_cast<int64_t>(op.getDim())});
    rewriter.replaceOp(op, broadcast);
    return success();
  }
};

struct ScaleRowsToLinalg : public OpRewritePattern<ScaleRowsOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ScaleRowsOp op,
                                PatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto factors = linalg::BroadcastOp::create(
        b, op.getFactors(), createEmpty(b, op.getResult().getType()),
        ArrayRef<int64_t>{1});
    rewriter.replaceOpWithNewOp<arith::MulFOp>(op, op.getTile(),
                                               factors.getResult()[0]);
    return success();
  }
};

struct MaskColumnsToLinalg : public OpRewritePattern<MaskColumnsOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(MaskColumnsOp op,
                                PatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto type = cast<RankedTensorType>(op.getResult().getType());
    auto there = linalg::BroadcastOp::create(
        b, op.getThere(), createEmpty(b, type.clone(b.getI1Type())),
        ArrayRef<int64_t>{0});
    auto element = cast<FloatType>(type.getElementType());
    Value none = arith::ConstantOp::create(
        b, DenseElementsAttr::get(type,
                                  APFloat::getInf(element.getFloatSemantics(),
                                                  /*Negative=*/true)));
    rewriter.replaceOpWithNewOp<arith::SelectOp>(op, there.getResult()[0],
                                                 op.getTile(), none);
    return success();
  }
};

struct IotaToLinalg : public OpRewritePattern<IotaOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(IotaOp op,
                                PatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getResult().getType());
    rewriter.replaceOpWithNewOp<tensor::GenerateOp>(
        op, type, ValueRange(),
        [&](OpBuilder &b, Location loc, ValueRange position) {
          Value coordinate = arith::IndexCastOp::create(
              b, loc, type.getElementType(), position[op.getDim()]);
          tensor::YieldOp::create(b, loc, coordinate);
        });
    return success();
  }
};

struct SplatToLinalg : public OpRewritePattern<SplatOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(SplatOp op,
                                PatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    rewriter.replaceOp(
        op, createFilled(b, op.getResult().getType(), op.getSource()));
    return success();
  }
};

struct ExtractToLinalg : public OpRewritePattern<ExtractOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ExtractOp op,
                                PatternRewriter &rewriter) const override {
    auto part = cast<RankedTensorType>(op.getResult().getType());
    if (part.getEncoding())
      return failure();
    SmallVector<OpFoldResult> offsets(2, rewriter.getIndexAttr(0)),
        sizes = getAsIndexOpFoldResult(op.getContext(), part.getShape()),
        strides(2, rewriter.getIndexAttr(1));
    offsets[op.getDim()] =
        rewriter.getIndexAttr(static_cast<int64_t>(op.getOffset()));
    rewriter.replaceOpWithNewOp<tensor::ExtractSliceOp>(
        op, part, op.getSource(), offsets, sizes, strides);
    return success();
  }
};

/// Whoever reads a tile reads what its only thread wrote.
struct StageToLinalg : public OpRewritePattern<StageOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(StageOp op,
                                PatternRewriter &rewriter) const override {
    if (op.getSource().getType() != op.getResult().getType())
      return failure();
    rewriter.replaceOp(op, op.getSource());
    return success();
  }
};
} // namespace

void dsa::populateTileArithmeticToLinalgPatterns(RewritePatternSet &patterns) {
  patterns.add<MmaToLinalg, ReduceToLinalg, ExpandToLinalg, ScaleRowsToLinalg,
               MaskColumnsToLinalg, IotaToLinalg, SplatToLinalg,
               ExtractToLinalg, StageToLinalg>(patterns.getContext());
}
