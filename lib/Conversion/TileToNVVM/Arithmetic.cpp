//===- Arithmetic.cpp - Arithmetic on tiles, by each thread ---------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

SmallVector<Value> dsa::repeat(ArrayRef<Value> vector, RankedTensorType from,
                               RankedTensorType to, int64_t dim) {
  auto known = getLayout(from).getOffsets(from.getShape());
  SmallVector<Value> elements;
  for (SmallVector<int64_t> offset : getLayout(to).getOffsets(to.getShape())) {
    offset.erase(offset.begin() + dim);
    elements.push_back(vector[llvm::find(known, offset) - known.begin()]);
  }
  return elements;
}

namespace {
/// The same operation on vectors.
class ConvertElementwise : public ConversionPattern {
public:
  ConvertElementwise(const TileTypeConverter &converter, MLIRContext *context)
      : ConversionPattern(converter, MatchAnyOpTypeTag(), /*benefit=*/1,
                          context) {}

  LogicalResult
  matchAndRewrite(Operation *op, ArrayRef<Value> operands,
                  ConversionPatternRewriter &rewriter) const override {
    if (!OpTrait::hasElementwiseMappableTraits(op))
      return failure();
    if (isa_and_present<math::MathDialect>(op->getDialect()))
      return convertFunction(op, operands, rewriter);
    SmallVector<Type> types;
    if (failed(getTypeConverter()->convertTypes(op->getResultTypes(), types)))
      return failure();
    OperationState state(op->getLoc(), op->getName(), operands, types,
                         op->getAttrs());
    rewriter.replaceOp(op, rewriter.create(state));
    return success();
  }

private:
  /// One instruction, where powers that are not normal numbers may be zero;
  /// four otherwise.
  static Value createExp2(ImplicitLocOpBuilder &b, Value exponent) {
    return LLVM::CallIntrinsicOp::create(
               b, b.getF32Type(),
               b.getStringAttr("llvm.nvvm.ex2.approx.ftz.f32"),
               ValueRange(exponent))
        .getResult(0);
  }

  /// Element by element: the device has no functions of vectors.
  static LogicalResult convertFunction(Operation *op, ArrayRef<Value> operands,
                                       ConversionPatternRewriter &rewriter) {
    ImplicitLocOpBuilder b(op->getLoc(), rewriter);
    SmallVector<SmallVector<Value>> arguments;
    for (Value operand : operands)
      arguments.push_back(unpack(b, operand));
    Type type = getElementTypeOrSelf(op->getResult(0).getType());
    SmallVector<Value> results;
    for (size_t i = 0; i < arguments.front().size(); ++i) {
      SmallVector<Value> scalars;
      for (ArrayRef<Value> argument : arguments)
        scalars.push_back(argument[i]);
      if (isa<math::Exp2Op>(op) && type.isF32()) {
        results.push_back(createExp2(b, scalars.front()));
        continue;
      }
      OperationState state(op->getLoc(), op->getName(), scalars, type,
                           op->getAttrs());
      results.push_back(rewriter.create(state)->getResult(0));
    }
    rewriter.replaceOp(op, pack(b, results));
    return success();
  }
};

struct ConvertConstant : public OpConversionPattern<arith::ConstantOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(arith::ConstantOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto elements = dyn_cast<SplatElementsAttr>(op.getValue());
    auto type = getTypeConverter()->convertType<VectorType>(op.getType());
    if (!elements || !type)
      return failure();
    rewriter.replaceOpWithNewOp<arith::ConstantOp>(
        op, DenseElementsAttr::get(type, elements.getSplatValue<Attribute>()));
    return success();
  }
};

struct ConvertSplat : public OpConversionPattern<SplatOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(SplatOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type =
        getTypeConverter()->convertType<VectorType>(op.getResult().getType());
    rewriter.replaceOpWithNewOp<vector::BroadcastOp>(op, type,
                                                     adaptor.getSource());
    return success();
  }
};

struct ConvertIota : public OpConversionPattern<IotaOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(IotaOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto type = cast<RankedTensorType>(op.getResult().getType());
    LayoutAttrInterface layout = getLayout(type);
    Value origin =
        layout.getOrigin(b, type.getShape(), getThread(b))[op.getDim()];
    SmallVector<Value> elements;
    for (ArrayRef<int64_t> offset : layout.getOffsets(type.getShape()))
      elements.push_back(
          arith::AddIOp::create(b, origin, createI32(b, offset[op.getDim()])));
    rewriter.replaceOp(op, pack(b, elements));
    return success();
  }
};

struct ConvertExpand : public OpConversionPattern<ExpandOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ExpandOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto from = cast<RankedTensorType>(op.getSource().getType());
    auto to = cast<RankedTensorType>(op.getResult().getType());
    SmallVector<Value> source = unpack(b, adaptor.getSource());
    rewriter.replaceOp(op, pack(b, repeat(source, from, to, op.getDim())));
    return success();
  }
};
} // namespace

namespace {
struct ConvertScaleRows : public OpConversionPattern<ScaleRowsOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ScaleRowsOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto factorsType = cast<RankedTensorType>(op.getFactors().getType());
    auto tile = cast<RankedTensorType>(op.getTile().getType());
    SmallVector<Value> factors = unpack(b, adaptor.getFactors());
    auto branch = scf::IfOp::create(b, adaptor.getTile().getType(),
                                    isAnyNotOne(b, factors),
                                    /*withElseRegion=*/true);
    b.setInsertionPointToStart(branch.thenBlock());
    SmallVector<Value> elements = unpack(b, adaptor.getTile());
    for (auto [element, factor] :
         llvm::zip(elements, repeat(factors, factorsType, tile, 1)))
      element = arith::MulFOp::create(b, element, factor);
    scf::YieldOp::create(b, pack(b, elements));
    b.setInsertionPointToStart(branch.elseBlock());
    scf::YieldOp::create(b, adaptor.getTile());
    rewriter.replaceOp(op, branch.getResults());
    return success();
  }

private:
  /// Whether any lane of the warp has a factor other than one. NaN is other.
  static Value isAnyNotOne(ImplicitLocOpBuilder &b, ArrayRef<Value> factors) {
    Value any;
    for (Value factor : factors) {
      Value one =
          arith::ConstantOp::create(b, b.getFloatAttr(factor.getType(), 1.0));
      Value other =
          arith::CmpFOp::create(b, arith::CmpFPredicate::UNE, factor, one);
      any = any ? Value(arith::OrIOp::create(b, any, other)) : other;
    }
    return NVVM::VoteSyncOp::create(b, b.getI1Type(), createI32(b, -1), any,
                                    NVVM::VoteSyncKind::any);
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

Value dsa::combine(ImplicitLocOpBuilder &b, Reduction kind, Value left,
                   Value right) {
  if (kind == Reduction::Max)
    return arith::MaximumFOp::create(b, left, right);
  return arith::AddFOp::create(b, left, right, arith::FastMathFlags::contract);
}

/// Of two values in each of two lanes, the lane's share: the sum over both
/// lanes of `low` where `isHigh` is false, of `high` where it is true.
static Value scatter(ImplicitLocOpBuilder &b, Reduction kind, Value isHigh,
                     Value low, Value high, int64_t mask) {
  Value kept = arith::SelectOp::create(b, isHigh, high, low);
  Value given = arith::SelectOp::create(b, isHigh, low, high);
  return combine(b, kind, kept, exchangeLanes(b, given, mask));
}

static Value hasBit(ImplicitLocOpBuilder &b, Value thread, int64_t bit) {
  Value masked = arith::AndIOp::create(b, thread, createI32(b, bit));
  return arith::CmpIOp::create(b, arith::CmpIPredicate::ne, masked,
                               createI32(b, 0));
}

namespace {
struct ConvertReduce : public OpConversionPattern<ReduceOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ReduceOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (op.getDim() != 1)
      return failure();
    auto source = cast<RankedTensorType>(op.getSource().getType());
    auto accumulator = cast<AccumulatorAttr>(source.getEncoding());
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    int64_t columns = source.getDimSize(1) / accumulator.getColumnGroups();
    int64_t group = op.getGroup().value_or(columns);
    // Of two groups in a block of eight columns, a thread has a part of one.
    bool halves = group == kHalfBlock;
    SmallVector<SmallVector<Value>> sums =
        addUpOwn(b, op, adaptor.getSource(), halves ? 8 : group);
    if (halves) {
      rewriter.replaceOp(op, divideRows(b, op.getKind(), sums));
      return success();
    }
    rewriter.replaceOp(op, op.getGroup() ? divide(b, op.getKind(), sums)
                                         : share(b, op.getKind(), sums));
    return success();
  }

private:
  static constexpr int64_t kHalfBlock = 4;

  /// What the thread itself has of each group, for its two rows.
  static SmallVector<SmallVector<Value>>
  addUpOwn(ImplicitLocOpBuilder &b, ReduceOp op, Value source, int64_t group) {
    auto type = cast<RankedTensorType>(op.getSource().getType());
    SmallVector<SmallVector<Value>> sums(2);
    SmallVector<Value> elements = unpack(b, source);
    for (auto [element, offset] :
         llvm::zip(elements, getLayout(type).getOffsets(type.getShape()))) {
      SmallVector<Value> &row = sums[offset[0] / 8];
      size_t number = offset[1] / group;
      if (number == row.size())
        row.push_back(element);
      else
        row[number] = combine(b, op.getKind(), row[number], element);
    }
    return sums;
  }

  /// Every lane of a row gets the result.
  static Value share(ImplicitLocOpBuilder &b, Reduction kind,
                     ArrayRef<SmallVector<Value>> sums) {
    SmallVector<Value> results;
    for (ArrayRef<Value> row : sums) {
      Value sum = row.front();
      for (int64_t mask : {1, 2})
        sum = combine(b, kind, sum, exchangeLanes(b, sum, mask));
      results.push_back(sum);
    }
    return pack(b, results);
  }

  /// The same where lane bit 1 already says which column a thread has summed.
  static Value divideRows(ImplicitLocOpBuilder &b, Reduction kind,
                          ArrayRef<SmallVector<Value>> sums) {
    Value isSecondRow = hasBit(b, getThread(b), 1);
    SmallVector<Value> results;
    for (auto [first, second] : llvm::zip(sums[0], sums[1]))
      results.push_back(
          scatter(b, kind, isSecondRow, first, second, /*mask=*/1));
    return pack(b, results);
  }

  /// Each lane gets the results that `#dsa_tile.scatter` gives it.
  static Value divide(ImplicitLocOpBuilder &b, Reduction kind,
                      ArrayRef<SmallVector<Value>> sums) {
    Value thread = getThread(b);
    Value isSecondRow = hasBit(b, thread, 1), isOdd = hasBit(b, thread, 2);
    SmallVector<Value> results;
    for (size_t i = 0; i + 1 < sums[0].size(); i += 2) {
      Value rows[2];
      for (auto [row, own] : llvm::zip(rows, sums))
        row = scatter(b, kind, isOdd, own[i], own[i + 1], /*mask=*/2);
      results.push_back(
          scatter(b, kind, isSecondRow, rows[0], rows[1], /*mask=*/1));
    }
    return pack(b, results);
  }
};
} // namespace

void dsa::populateTileArithmeticPatterns(const TileTypeConverter &converter,
                                         RewritePatternSet &patterns) {
  patterns.add<ConvertElementwise, ConvertConstant, ConvertSplat, ConvertIota,
               ConvertExpand, ConvertReduce, ConvertScaleRows>(
      converter, patterns.getContext());
}
