//===- Topk.cpp - dsa.topk as a kernel on tiles ---------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "ThresholdSearch.h"
#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include <limits>

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;
using arith::CmpIPredicate;

namespace {
/// Builds the kernel of one operation. A key's *rank* is an unsigned number
/// that orders as its score does: 0 for what cannot be selected, all ones for
/// what is kept whatever its score.
class TopkKernel {
public:
  TopkKernel(PatternRewriter &rewriter, TopkOp op, TopkScheduleAttr schedule)
      : b(op.getLoc(), rewriter), op(op), schedule(schedule),
        element(
            cast<FloatType>(getElementTypeOrSelf(op.getScores().getType()))),
        block(schedule.getBlockKeys()), zero(index(0)) {}

  void build();

private:
  /// How many keys are listed, and the rank that further ones must exceed.
  struct Listed {
    Value count, floor;
  };
  /// Some of a row's columns: the first, and the one behind the last.
  struct Range {
    Value begin, end;
  };

  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  }
  Value i32(int64_t value) {
    return arith::ConstantOp::create(
        b,
        b.getIntegerAttr(b.getI32Type(), APInt(32, value, /*isSigned=*/true)));
  }
  Value toI32(Value value) {
    return arith::IndexCastOp::create(b, b.getI32Type(), value);
  }
  Value toIndex(Value value) {
    return arith::IndexCastOp::create(b, b.getIndexType(), value);
  }
  Value add(Value left, Value right) {
    return arith::AddIOp::create(b, left, right);
  }
  Value sub(Value left, Value right) {
    return arith::SubIOp::create(b, left, right);
  }
  Value compare(CmpIPredicate predicate, Value left, Value right) {
    return arith::CmpIOp::create(b, predicate, left, right);
  }
  Value both(Value left, Value right) {
    return arith::AndIOp::create(b, left, right);
  }
  Value either(Value left, Value right) {
    return arith::OrIOp::create(b, left, right);
  }
  Value choose(Value condition, Value then, Value otherwise) {
    return arith::SelectOp::create(b, condition, then, otherwise);
  }
  Value clamp(Value value, const Range &range) {
    return arith::MinSIOp::create(
        b, arith::MaxSIOp::create(b, value, range.begin), range.end);
  }

  RankedTensorType tile(int64_t extent, Type type) {
    return RankedTensorType::get({extent}, type);
  }
  /// A number for every element of a tile like `like`.
  Value splat(Value like, Value value) {
    return SplatOp::create(
        b, cast<RankedTensorType>(like.getType()).clone(value.getType()),
        value);
  }
  Value count(int64_t extent, Value first) {
    Value own = IotaOp::create(b, tile(extent, b.getI32Type()), 0);
    return add(own, splat(own, first));
  }
  Value load(Value source, Value place, int64_t extent) {
    return LoadOp::create(
        b, tile(extent, getElementTypeOrSelf(source.getType())), source, place,
        ArrayRef<int64_t>{extent}, /*slots=*/1);
  }
  Value isInside(Value column, const Range &range);
  Value loadScores(Value column, Value end);
  Value rank(Value scores, Value columnOrNull);
  SmallVector<Value> ifElse(Value condition, ValueRange otherwise,
                            function_ref<SmallVector<Value>()> build);
  SmallVector<Value>
  forEach(Value begin, Value end, int64_t step, ValueRange inits,
          function_ref<SmallVector<Value>(Value, ValueRange)> build);

  Range getBounds(Value row);
  void findForced(Value row);
  Value alignDown(Value column);
  Value estimateFloor(Value begin);
  Listed append(Value start, Value scores, Listed listed);
  Listed keepBest(Listed listed);
  Listed listRow(Value begin, Value floor);
  void store(Value tile, Value dest, Value row, Value group, Value place);
  void writeList(Value row, Value group, Value taken);
  void buildProgram(Value row, Value group);

  ImplicitLocOpBuilder b;
  TopkOp op;
  TopkScheduleAttr schedule;
  FloatType element;
  int64_t block;
  Value zero;

  /// All scores in a row, and where this row's begin.
  Value scores, first;
  /// What the row sees, and of that what is kept whatever its score.
  Range visible;
  SmallVector<Range> forced;
  /// In shared memory: rank, column and score of each listed key; counts.
  Value ranks, columns, values, counts;
};
} // namespace

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

SmallVector<Value>
TopkKernel::ifElse(Value condition, ValueRange otherwise,
                   function_ref<SmallVector<Value>()> build) {
  SmallVector<Type> types(otherwise.getTypes());
  auto branch = scf::IfOp::create(b, types, condition, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, otherwise);
  b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(b, build());
  return SmallVector<Value>(branch.getResults());
}

SmallVector<Value>
TopkKernel::forEach(Value begin, Value end, int64_t step, ValueRange inits,
                    function_ref<SmallVector<Value>(Value, ValueRange)> build) {
  auto loop = scf::ForOp::create(b, begin, end, index(step), inits);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> results =
      build(loop.getInductionVar(), loop.getRegionIterArgs());
  if (!inits.empty())
    scf::YieldOp::create(b, results);
  return SmallVector<Value>(loop.getResults());
}

//===----------------------------------------------------------------------===//
// Scores and ranks
//===----------------------------------------------------------------------===//

TopkKernel::Range TopkKernel::getBounds(Value row) {
  auto type = cast<MemRefType>(op.getScores().getType());
  Range all = {zero,
               memref::DimOp::create(b, op.getScores(), type.getRank() - 1)};
  if (!op.getLo())
    return all;
  auto get = [&](Value bounds) {
    return toIndex(memref::LoadOp::create(b, bounds, row));
  };
  Value begin = clamp(get(op.getLo()), all);
  return {begin, clamp(get(op.getHi()), {begin, all.end})};
}

void TopkKernel::findForced(Value row) {
  if (auto window = op.getWindow()) {
    Value position = toIndex(memref::LoadOp::create(b, op.getPositions(), row));
    forced.push_back({clamp(sub(position, index((*window)[0])), visible),
                      clamp(add(position, index((*window)[1] + 1)), visible)});
  }
  if (int64_t count = op.getFirst().value_or(0))
    forced.push_back(
        {visible.begin, clamp(add(visible.begin, index(count)), visible)});
}

/// The last column up to `column` where a piece of a tile may begin: further
/// left, even in the row before, by less than a piece.
Value TopkKernel::alignDown(Value column) {
  int64_t bytes = element.getWidth() / 8;
  Value address = memref::ExtractAlignedPointerAsIndexOp::create(b, scores);
  address =
      add(address, arith::MulIOp::create(b, add(first, column), index(bytes)));
  Value excess =
      arith::RemUIOp::create(b, address, index(StripedAttr::kPiece * bytes));
  return sub(column, arith::DivUIOp::create(b, excess, index(bytes)));
}

/// A tile of scores, or nothing from `end` on.
Value TopkKernel::loadScores(Value column, Value end) {
  Value place = choose(compare(CmpIPredicate::slt, column, end),
                       add(first, column), memref::DimOp::create(b, scores, 0));
  return load(scores, place, block);
}

Value TopkKernel::isInside(Value column, const Range &range) {
  Value begin = splat(column, toI32(range.begin));
  Value extent = splat(column, toI32(sub(range.end, range.begin)));
  return compare(CmpIPredicate::ult, sub(column, begin), extent);
}

/// Without columns, of scores alone.
Value TopkKernel::rank(Value scores, Value column) {
  auto type = cast<RankedTensorType>(scores.getType());
  auto f32 = type.clone(b.getF32Type()), i32Tile = type.clone(b.getI32Type());
  auto constant = [&](RankedTensorType type, Attribute value) -> Value {
    return arith::ConstantOp::create(b, DenseElementsAttr::get(type, value));
  };
  if (type != f32)
    scores = arith::ExtFOp::create(b, f32, scores);
  // Both zeros become +0.
  scores =
      arith::AddFOp::create(b, scores, constant(f32, b.getF32FloatAttr(0)));
  Value bits = arith::BitcastOp::create(b, i32Tile, scores);
  Value sign = arith::ShRSIOp::create(
      b, bits, constant(i32Tile, b.getI32IntegerAttr(31)));
  Value least = constant(
      i32Tile, b.getI32IntegerAttr(std::numeric_limits<int32_t>::min()));
  Value rank = arith::XOrIOp::create(b, bits, either(sign, least));
  // Ordered and greater: neither NaN nor −inf.
  Value selectable = arith::CmpFOp::create(
      b, arith::CmpFPredicate::OGT, scores,
      constant(f32,
               b.getF32FloatAttr(-std::numeric_limits<float>::infinity())));
  if (column) {
    selectable = both(selectable, isInside(column, visible));
    for (const Range &range : forced)
      rank = choose(isInside(column, range),
                    constant(i32Tile, b.getI32IntegerAttr(-1)), rank);
  }
  return choose(selectable, rank, constant(i32Tile, b.getI32IntegerAttr(0)));
}

//===----------------------------------------------------------------------===//
// The list
//===----------------------------------------------------------------------===//

/// A rank that probably more than K of the row's keys exceed, but not many
/// more. Sampled are pieces at equal distances.
Value TopkKernel::estimateFloor(Value begin) {
  constexpr int64_t kPiece = TopkScheduleAttr::kPiece;
  int64_t sampled = schedule.getSample(), pieces = sampled / kPiece;
  Value keys = sub(visible.end, visible.begin);
  Value piece = index(kPiece);
  Value step = arith::MulIOp::create(
      b, arith::DivUIOp::create(b, keys, index(pieces * kPiece)), piece);
  OpFoldResult offset = add(first, begin);
  auto type = MemRefType::get(
      {pieces, kPiece}, element,
      StridedLayoutAttr::get(b.getContext(), ShapedType::kDynamic,
                             {ShapedType::kDynamic, 1}));
  Value strided = memref::ReinterpretCastOp::create(
      b, type, scores, offset,
      ArrayRef<OpFoldResult>{b.getIndexAttr(pieces), b.getIndexAttr(kPiece)},
      ArrayRef<OpFoldResult>{step, b.getIndexAttr(1)});
  Value tiles = rank(
      LoadOp::create(b, tile(sampled, element), strided, ValueRange{zero, zero},
                     ArrayRef<int64_t>{pieces, kPiece}, /*slots=*/1),
      Value());
  // Of a sample, e are expected to be among the best K, give or take √e. This
  // is e + 5√e or a bit more.
  Value expected = add(
      arith::DivUIOp::create(b, i32(op.getK() * sampled), toI32(keys)), i32(1));
  Value wanted =
      add(add(expected, arith::DivUIOp::create(b, expected, i32(4))), i32(25));
  wanted = arith::MinUIOp::create(b, wanted, i32(sampled));
  auto source = [&](ImplicitLocOpBuilder &b, ThresholdSearch::Visit visit) {
    visit(b, tiles, Value());
  };
  return ThresholdSearch(counts).findBelow(b, source, wanted);
}

/// Lists the keys of a tile that exceed the floor.
TopkKernel::Listed TopkKernel::append(Value start, Value scores,
                                      Listed listed) {
  Value isFull = compare(CmpIPredicate::sgt, listed.count,
                         i32(schedule.getCandidates() - block));
  SmallVector<Value> room =
      ifElse(isFull, {listed.count, listed.floor}, [&]() -> SmallVector<Value> {
        Listed best = keepBest(listed);
        return {best.count, best.floor};
      });
  Value column = count(block, toI32(start));
  Value tile = rank(scores, column);
  Value hit = compare(CmpIPredicate::ugt, tile, splat(tile, room[1]));
  auto scan =
      ScanOp::create(b, tile.getType(), b.getI32Type(), hit, IntegerAttr());
  Value place = toIndex(room[0]);
  ScatterOp::create(b, tile, scan.getBefore(), hit, ranks, place);
  ScatterOp::create(b, column, scan.getBefore(), hit, columns, place);
  if (values)
    ScatterOp::create(b, scores, scan.getBefore(), hit, values, place);
  return {add(room[0], scan.getTotal()), room[1]};
}

/// Keeps the best K of more listed keys, in order; later ones must exceed them.
TopkKernel::Listed TopkKernel::keepBest(Listed listed) {
  Value end = toIndex(listed.count);
  auto isListed = [&](Value start) -> Value {
    Value place = count(block, toI32(start));
    return compare(CmpIPredicate::slt, place, splat(place, listed.count));
  };
  auto source = [&](ImplicitLocOpBuilder &b, ThresholdSearch::Visit visit) {
    forEach(zero, end, block, {},
            [&](Value start, ValueRange) -> SmallVector<Value> {
              visit(b, load(ranks, start, block), isListed(start));
              return {};
            });
  };
  // Keys that were kept earlier may be equal to the floor.
  Value one = i32(1);
  Value below = sub(arith::MaxUIOp::create(b, listed.floor, one), one);
  Threshold threshold =
      ThresholdSearch(counts).findExactly(b, source, i32(op.getK()), below);
  SmallVector<Value> kept = forEach(
      zero, end, block, {i32(0), i32(0)},
      [&](Value start, ValueRange before) -> SmallVector<Value> {
        Value rank = load(ranks, start, block);
        Value column = load(columns, start, block);
        Value score = values ? load(values, start, block) : Value();
        Value floor = splat(rank, threshold.floor);
        Value exists = isListed(start);
        Value tied = both(exists, compare(CmpIPredicate::eq, rank, floor));
        auto ties = ScanOp::create(b, rank.getType(), b.getI32Type(), tied,
                                   IntegerAttr());
        Value left = splat(rank, sub(threshold.ties, before[1]));
        Value isEarly = compare(CmpIPredicate::slt, ties.getBefore(), left);
        Value above = both(exists, compare(CmpIPredicate::ugt, rank, floor));
        Value taken = either(above, both(tied, isEarly));
        auto scan = ScanOp::create(b, rank.getType(), b.getI32Type(), taken,
                                   IntegerAttr());
        Value place = toIndex(before[0]);
        ScatterOp::create(b, rank, scan.getBefore(), taken, ranks, place);
        ScatterOp::create(b, column, scan.getBefore(), taken, columns, place);
        if (values)
          ScatterOp::create(b, score, scan.getBefore(), taken, values, place);
        return {add(before[0], scan.getTotal()),
                add(before[1], ties.getTotal())};
      });
  return {kept[0], threshold.floor};
}

/// Lists the best of a row: at least K of them, or all.
TopkKernel::Listed TopkKernel::listRow(Value begin, Value floor) {
  SmallVector<Value> listed =
      forEach(zero, index(2), 1, {i32(0), floor},
              [&](Value attempt, ValueRange before) -> SmallVector<Value> {
                // Once more, with all keys, if the estimate was too high.
                Value isFirst = compare(CmpIPredicate::eq, attempt, zero);
                Value failed =
                    both(compare(CmpIPredicate::slt, before[0], i32(op.getK())),
                         compare(CmpIPredicate::ne, before[1], i32(0)));
                Value none = i32(0);
                Value count = choose(failed, none, before[0]);
                Value floor =
                    choose(isFirst, before[1], choose(failed, none, before[1]));
                Value end = choose(either(isFirst, failed), visible.end, begin);
                SmallVector<Value> state = forEach(
                    begin, end, block, {count, floor, loadScores(begin, end)},
                    [&](Value start, ValueRange state) -> SmallVector<Value> {
                      // The next tile arrives while this one is worked on.
                      Value next = loadScores(add(start, index(block)), end);
                      Listed listed =
                          append(start, state[2], {state[0], state[1]});
                      return {listed.count, listed.floor, next};
                    });
                return {state[0], state[1]};
              });
  return {listed[0], listed[1]};
}

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

void TopkKernel::store(Value tile, Value dest, Value row, Value group,
                       Value place) {
  int64_t extent = cast<RankedTensorType>(tile.getType()).getDimSize(0);
  StoreOp::create(b, tile, dest, ValueRange{row, group, place}, Value(),
                  UnitAttr(), UnitAttr(),
                  b.getDenseI64ArrayAttr({1, 1, extent}));
}

void TopkKernel::writeList(Value row, Value group, Value taken) {
  memref::StoreOp::create(b, taken, op.getInits()[1], ValueRange{row, group});
  int64_t extent = std::min<int64_t>(
      llvm::alignTo(op.getK(), schedule.getLeastTile()), block);
  forEach(zero, index(op.getK()), extent, {},
          [&](Value start, ValueRange) -> SmallVector<Value> {
            Value place = count(extent, toI32(start));
            Value exists =
                compare(CmpIPredicate::slt, place, splat(place, taken));
            Value column = load(columns, start, extent);
            store(choose(exists, column, splat(column, i32(-1))),
                  op.getInits()[0], row, group, start);
            if (!values)
              return {};
            Value score = load(values, start, extent);
            Value none = arith::ConstantOp::create(
                b, b.getFloatAttr(element,
                                  APFloat::getInf(element.getFloatSemantics(),
                                                  /*Negative=*/true)));
            store(choose(exists, score, splat(score, none)), op.getInits()[2],
                  row, group, start);
            return {};
          });
}

void TopkKernel::buildProgram(Value row, Value group) {
  auto scratch = [&](int64_t extent, Type type) -> Value {
    return ScratchOp::create(b, MemRefType::get({extent}, type), IntegerAttr());
  };
  int64_t candidates = schedule.getCandidates();
  ranks = scratch(candidates, b.getI32Type());
  columns = scratch(candidates, b.getI32Type());
  if (op.getValuesInit())
    values = scratch(candidates, element);
  counts = scratch(schedule.getBins(), b.getI32Type());

  auto type = cast<MemRefType>(op.getScores().getType());
  // A cast, and no collapsed shape: that would be unfolded into rows again.
  Value size = memref::DimOp::create(b, op.getScores(), 0);
  for (int64_t dim = 1; dim < type.getRank(); ++dim)
    size = arith::MulIOp::create(b, size,
                                 memref::DimOp::create(b, op.getScores(), dim));
  scores = memref::ReinterpretCastOp::create(
      b, MemRefType::get({ShapedType::kDynamic}, element), op.getScores(),
      OpFoldResult(b.getIndexAttr(0)), ArrayRef<OpFoldResult>{size},
      ArrayRef<OpFoldResult>{b.getIndexAttr(1)});
  Value number =
      add(arith::MulIOp::create(b, row, index(op.getGroups())), group);
  first = arith::MulIOp::create(
      b, number, memref::DimOp::create(b, op.getScores(), type.getRank() - 1));
  visible = getBounds(row);
  findForced(row);

  Value begin = alignDown(visible.begin);
  Value isLong = compare(CmpIPredicate::sgt, sub(visible.end, visible.begin),
                         index(candidates));
  Value floor = ifElse(isLong, i32(0), [&]() -> SmallVector<Value> {
    return {estimateFloor(begin)};
  })[0];
  Listed listed = listRow(begin, floor);
  Value tooMany = compare(CmpIPredicate::sgt, listed.count, i32(op.getK()));
  Value taken = ifElse(tooMany, listed.count, [&]() -> SmallVector<Value> {
    return {keepBest(listed).count};
  })[0];
  writeList(row, group, taken);
}

void TopkKernel::build() {
  auto mapping = [&](gpu::MappingId id) -> Attribute {
    return gpu::GPUBlockMappingAttr::get(b.getContext(), id);
  };
  OpFoldResult rows = memref::DimOp::create(b, op.getInits()[0], 0).getResult();
  auto programs = scf::ForallOp::create(
      b, ArrayRef<OpFoldResult>{rows, b.getIndexAttr(op.getGroups())},
      ValueRange(),
      b.getArrayAttr(
          {mapping(gpu::MappingId::DimY), mapping(gpu::MappingId::DimX)}));
  programs->setAttr(kKernelAttrName,
                    KernelAttr::get(b.getContext(), schedule.getGroups(), 1,
                                    /*load_warps=*/0, /*blocks=*/0,
                                    DenseI64ArrayAttr(), /*ordered=*/false,
                                    /*cluster=*/1));
  b.setInsertionPointToStart(programs.getBody());
  zero = index(0);
  buildProgram(programs.getInductionVar(0), programs.getInductionVar(1));
}

namespace {
struct TopkToTile : public OpRewritePattern<TopkOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(TopkOp op,
                                PatternRewriter &rewriter) const override {
    auto schedule = dyn_cast_if_present<TopkScheduleAttr>(op.getScheduleAttr());
    if (!schedule || !op.hasPureBufferSemantics())
      return failure();
    TopkKernel(rewriter, op, schedule).build();
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void dsa::populateTopkToTilePatterns(RewritePatternSet &patterns) {
  patterns.add<TopkToTile>(patterns.getContext());
}
