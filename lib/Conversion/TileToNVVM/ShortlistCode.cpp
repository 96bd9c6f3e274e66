//===- ShortlistCode.cpp - Code of warpgroups that list keys --------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ShortlistCode.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

/// The address of memory that may begin at an offset.
static Value getAddress(ImplicitLocOpBuilder &b, Value memory) {
  auto parts = memref::ExtractStridedMetadataOp::create(b, memory);
  Value begin = memref::ExtractAlignedPointerAsIndexOp::create(b, memory);
  constexpr int64_t kBytes = 4;
  Value bytes = arith::MulIOp::create(
      b, parts.getOffset(), arith::ConstantIndexOp::create(b, kBytes));
  return arith::IndexCastOp::create(b, b.getI64Type(),
                                    arith::AddIOp::create(b, begin, bytes));
}

ShortlistCode::ShortlistCode(ImplicitLocOpBuilder &b, Value lists,
                             RankedTensorType tile, Value warpgroup)
    : b(b), warpgroup(warpgroup),
      room(cast<MemRefType>(lists.getType()).getDimSize(3)),
      threadNumber(getThread(b)), memory(getAddress(b, lists)) {
  auto layout = cast<ScatterAttr>(tile.getEncoding());
  groupRows = tile.getDimSize(1) / layout.getParent().getColumnGroups();
}

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

void ShortlistCode::ifTrue(Value condition, function_ref<void()> body) {
  auto branch = scf::IfOp::create(b, condition);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  body();
}

SmallVector<Value>
ShortlistCode::ifElse(Value condition, ValueRange otherwise,
                      function_ref<SmallVector<Value>()> body) {
  auto branch = scf::IfOp::create(b, TypeRange(otherwise), condition,
                                  /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, otherwise);
  b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(b, body());
  return SmallVector<Value>(branch.getResults());
}

SmallVector<Value> ShortlistCode::forEach(Value begin, Value end, int64_t step,
                                          ValueRange inits, Body body) {
  auto loop = scf::ForOp::create(b, begin, end, i32(step), inits);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> next =
      body(loop.getInductionVar(), loop.getRegionIterArgs());
  if (!inits.empty())
    scf::YieldOp::create(b, next);
  return SmallVector<Value>(loop.getResults());
}

void ShortlistCode::forEachRow(function_ref<void(Value)> body) {
  forEach(i32(0), i32(groupRows), 1, {}, [&](Value row, ValueRange) {
    body(row);
    return SmallVector<Value>();
  });
}

Value ShortlistCode::uniform(Value value) {
  Value all = i32(-1);
  if (value.getType().isInteger(1))
    return NVVM::VoteSyncOp::create(b, b.getI1Type(), all, value,
                                    NVVM::VoteSyncKind::any);
  return NVVM::ReduxOp::create(b, b.getI32Type(), value, NVVM::ReduxKind::UMAX,
                               all);
}

Value ShortlistCode::meetAny(Value condition) {
  // The operation upstream reduces at barrier 0 only.
  return uniform(
      LLVM::CallIntrinsicOp::create(
          b, b.getI1Type(),
          b.getStringAttr("llvm.nvvm.barrier.cta.red.or.aligned.count"),
          ValueRange{getBarrier(), i32(kWarpgroup), condition})
          .getResult(0));
}

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

Value ShortlistCode::sharedAt(int64_t bytes, Value number) {
  Value begin = getSharedAddress(b, offset + bytes);
  begin =
      add(begin, mul(warpgroup, ShortlistShortenOp::getGroupBytes(groupRows)));
  return toPointer(b, add(begin, mul(number, 4)),
                   NVVM::NVVMMemorySpace::Shared);
}

Value ShortlistCode::getLists() {
  auto type = LLVM::LLVMPointerType::get(
      b.getContext(), static_cast<unsigned>(NVVM::NVVMMemorySpace::Global));
  return LLVM::IntToPtrOp::create(b, type, memory);
}

Value ShortlistCode::sum(ArrayRef<Value> values) {
  Value sum = values.front();
  for (Value value : values.drop_front())
    sum = add(sum, value);
  return sum;
}

SmallVector<Value> ShortlistCode::getRows(RankedTensorType tile) {
  LayoutAttrInterface layout = getLayout(tile);
  Value first = layout.getOrigin(b, tile.getShape(), thread())[1];
  first = sub(first, mul(warpgroup, groupRows));
  SmallVector<Value> rows;
  for (ArrayRef<int64_t> offset : layout.getOffsets(tile.getShape()))
    rows.push_back(add(first, offset[1]));
  return rows;
}

SmallVector<Value> ShortlistCode::getBegins(RankedTensorType tile) {
  return llvm::map_to_vector(
      getRows(tile), [&](Value row) { return getBegin(inBlock(row), warp()); });
}

void ShortlistCode::publish(RankedTensorType tile, ArrayRef<Value> ends,
                            ValueRange floors) {
  // Lanes that have the same write the same.
  for (auto [number, row] : llvm::enumerate(getRows(tile))) {
    Value count = sub(ends[number], getBegin(inBlock(row), warp()));
    store(count, countAt(row, warp()));
    if (!floors.empty())
      store(arith::BitcastOp::create(b, b.getI32Type(), floors[number]),
            floorAt(row));
  }
  meet();
}
