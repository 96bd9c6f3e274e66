//===- Topk.cpp - dsa.topk as a kernel on tiles ---------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "TopkKernel.h"
#include "dsa/Dialect/DSATile/IR/ConcurrentLoops.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;
using arith::CmpIPredicate;

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

void TopkKernel::store(Value tile, Value dest, Value place) {
  int64_t extent = cast<RankedTensorType>(tile.getType()).getDimSize(0);
  StoreOp::create(b, tile, dest, ValueRange{row, group, place}, Value(),
                  UnitAttr(), UnitAttr(),
                  b.getDenseI64ArrayAttr({1, 1, extent}));
}

void TopkKernel::writeList(Value taken) {
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
                  op.getInits()[0], start);
            if (!values)
              return {};
            Value score = load(values, start, extent);
            Value none = arith::ConstantOp::create(
                b, b.getFloatAttr(element,
                                  APFloat::getInf(element.getFloatSemantics(),
                                                  /*Negative=*/true)));
            store(choose(exists, score, splat(score, none)), op.getInits()[2],
                  start);
            return {};
          });
}

/// Writes the list of part `number` of all, and ranks that no floor is below
/// behind it.
void TopkKernel::writePart(Value number, Listed listed, Value floor) {
  memref::StoreOp::create(b, listed.count, partCounts, number);
  memref::StoreOp::create(b, floor, partFloors, number);
  Value first = arith::MulIOp::create(b, number, index(op.getK()));
  forEach(zero, index(op.getK()), block, {},
          [&](Value start, ValueRange) -> SmallVector<Value> {
            Value own = count(block, toI32(start));
            Value exists =
                compare(CmpIPredicate::slt, own, splat(own, listed.count));
            Value inside =
                compare(CmpIPredicate::slt, own, splat(own, i32(op.getK())));
            auto store = [&](Value tile, Value dest) {
              StoreOp::create(b, tile, dest, add(first, start), inside,
                              UnitAttr(), UnitAttr(), DenseI64ArrayAttr());
            };
            Value rank = load(ranks, start, block);
            store(choose(exists, rank, splat(rank, i32(0))), partRanks);
            store(load(columns, start, block), partColumns);
            if (values)
              store(load(values, start, block), partValues);
            return {};
          });
}

//===----------------------------------------------------------------------===//
// Programs
//===----------------------------------------------------------------------===//

/// What programs have in common: memory, and what their row sees.
void TopkKernel::begin(ValueRange program) {
  zero = index(0);
  row = program[0];
  group = program[1];
  auto scratch = [&](int64_t extent, Type type) -> Value {
    return ScratchOp::create(b, MemRefType::get({extent}, type), IntegerAttr());
  };
  int64_t candidates = schedule.getCandidates();
  ranks = scratch(candidates, b.getI32Type());
  columns = scratch(candidates, b.getI32Type());
  if (op.getValuesInit())
    values = scratch(candidates, element);
  counts = scratch(schedule.getBins(), b.getI32Type());

  // A cast, and no collapsed shape: that would be unfolded into rows again.
  auto type = cast<MemRefType>(op.getScores().getType());
  Value size = memref::DimOp::create(b, op.getScores(), 0);
  for (int64_t dim = 1; dim < type.getRank(); ++dim)
    size = arith::MulIOp::create(b, size,
                                 memref::DimOp::create(b, op.getScores(), dim));
  scores = memref::ReinterpretCastOp::create(
      b, MemRefType::get({ShapedType::kDynamic}, element), op.getScores(),
      OpFoldResult(b.getIndexAttr(0)), ArrayRef<OpFoldResult>{size},
      ArrayRef<OpFoldResult>{b.getIndexAttr(1)});
  Value list = add(arith::MulIOp::create(b, row, index(op.getGroups())), group);
  first = arith::MulIOp::create(
      b, list, memref::DimOp::create(b, op.getScores(), type.getRank() - 1));
  visible = own = getBounds(row);
  forced.clear();
  findForced(row);
}

/// A row and a list.
void TopkKernel::buildWhole(ValueRange program) {
  begin(program);
  writeList(shorten(listRow(estimateFloor())).count);
}

/// An equal share of a row's columns. All shares have the same floor.
void TopkKernel::buildPart(ValueRange program) {
  begin(program);
  Value floor = estimateFloor();
  Value share =
      arith::CeilDivUIOp::create(b, sub(visible.end, visible.begin), parts);
  Value start = add(visible.begin, arith::MulIOp::create(b, share, program[2]));
  own = {clamp(start, visible), clamp(add(start, share), visible)};
  Listed listed = listColumns({alignDown(own.begin), own.end}, i32(0), floor);
  Value list = add(arith::MulIOp::create(b, row, index(op.getGroups())), group);
  writePart(add(arith::MulIOp::create(b, list, parts), program[2]),
            shorten(listed), floor);
}

/// The best of the shares of a row; if they are too few, of all of it.
void TopkKernel::buildMerge(ValueRange program) {
  begin(program);
  Value firstPart = arith::MulIOp::create(
      b, add(arith::MulIOp::create(b, row, index(op.getGroups())), group),
      parts);
  Value total =
      forEach(zero, parts, 1, {i32(0)},
              [&](Value part, ValueRange sum) -> SmallVector<Value> {
                return {add(sum[0], memref::LoadOp::create(
                                        b, partCounts, add(firstPart, part)))};
              })[0];
  Value floor = memref::LoadOp::create(b, partFloors, firstPart);
  Value enough = either(compare(CmpIPredicate::sge, total, i32(op.getK())),
                        compare(CmpIPredicate::eq, floor, i32(0)));
  // What no part has listed is not in the list: then the first loop is empty.
  Value allParts = parts;
  parts = choose(enough, parts, zero);
  Listed listed = listParts();
  parts = allParts;
  Value begin = alignDown(own.begin);
  listed = listColumns({begin, choose(enough, begin, own.end)}, listed.count,
                       listed.floor);
  writeList(shorten(listed).count);
}

/// A kernel with a program for each point of a grid.
void TopkKernel::launch(ArrayRef<OpFoldResult> programs,
                        void (TopkKernel::*build)(ValueRange)) {
  OpBuilder::InsertionGuard guard(b);
  scf::ForallOp kernel = createPrograms(
      b, programs,
      KernelAttr::get(b.getContext(), schedule.getGroups(), 1,
                      /*load_warps=*/0, /*blocks=*/0, DenseI64ArrayAttr(),
                      /*ordered=*/false, /*cluster=*/1));
  (this->*build)(SmallVector<Value>(kernel.getInductionVars()));
}

/// As many as keep a large chip busy, but each with more than fits into a list.
/// More would make the kernel that selects from their lists slow.
Value TopkKernel::countParts(Value rows) {
  constexpr int64_t kBlocks = 264, kMost = 16;
  Value one = index(1);
  Value lists = arith::MulIOp::create(b, rows, index(op.getGroups()));
  if (scf::ForOp loop = findConcurrentLoop(op))
    lists = arith::MulIOp::create(b, lists, countConcurrent(b, loop));
  lists = arith::MaxUIOp::create(b, lists, one);
  auto type = cast<MemRefType>(op.getScores().getType());
  Value keys = memref::DimOp::create(b, op.getScores(), type.getRank() - 1);
  Value most = arith::MinUIOp::create(
      b, index(kMost), arith::DivUIOp::create(b, index(kBlocks), lists));
  most = arith::MinUIOp::create(
      b, most,
      arith::DivUIOp::create(b, keys, index(schedule.getCandidates())));
  return arith::MaxUIOp::create(b, most, one);
}

void TopkKernel::build() {
  Value rows = memref::DimOp::create(b, op.getInits()[0], 0);
  OpFoldResult groups = b.getIndexAttr(op.getGroups());
  parts = countParts(rows);
  Value isWhole = compare(CmpIPredicate::eq, parts, index(1));
  Value whole = choose(isWhole, rows, zero), shared = sub(rows, whole);
  launch({OpFoldResult(whole), groups}, &TopkKernel::buildWhole);

  Value number = arith::MulIOp::create(
      b, arith::MulIOp::create(b, shared, index(op.getGroups())), parts);
  Value entries = arith::MulIOp::create(b, number, index(op.getK()));
  auto allocate = [&](Value size, Type type) -> Value {
    return memref::AllocOp::create(
        b, MemRefType::get({ShapedType::kDynamic}, type), size);
  };
  partRanks = allocate(entries, b.getI32Type());
  partColumns = allocate(entries, b.getI32Type());
  if (op.getValuesInit())
    partValues = allocate(entries, element);
  partCounts = allocate(number, b.getI32Type());
  partFloors = allocate(number, b.getI32Type());
  launch({OpFoldResult(shared), groups, OpFoldResult(parts)},
         &TopkKernel::buildPart);
  launch({OpFoldResult(shared), groups}, &TopkKernel::buildMerge);
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
