//===- KeyLists.cpp - The keys of a program that gathers ------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KeyLists.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

Value KeyLists::splat(int64_t value) {
  return arith::ConstantOp::create(
      b, DenseElementsAttr::get(
             getListType(), b.getI32IntegerAttr(static_cast<int32_t>(value))));
}

HeadBlock KeyLists::locate(Value block, int64_t heads) {
  if (op.getHeadSets() == 1) {
    Value first = arith::MulIOp::create(b, block, index(heads));
    return {first, {first}};
  }
  Value blocks = index(llvm::divideCeil(op.getSetHeads(), heads));
  set = arith::DivUIOp::create(b, block, blocks);
  Value within = arith::MulIOp::create(
      b, arith::RemUIOp::create(b, block, blocks), index(heads));
  Value before = arith::MulIOp::create(b, set, index(op.getSetHeads()));
  return {arith::AddIOp::create(b, before, within), {set, within}};
}

HeadBlock KeyLists::begin(const AttentionProgram &program, int64_t heads) {
  row = program.row;
  HeadBlock place = locate(program.block, heads);
  if (op.indices)
    beginList();
  else
    beginRange();
  // Rows of no sequence have no keys.
  if (op.seq) {
    sequence = toIndex(memref::LoadOp::create(b, op.seq, row));
    Value exists = arith::CmpIOp::create(b, arith::CmpIPredicate::ult, sequence,
                                         memref::DimOp::create(b, op.key, 0));
    sequence = arith::SelectOp::create(b, exists, sequence, zero);
    length = arith::SelectOp::create(b, exists, length, zero);
  }
  keys = select(op.key);
  if (op.value)
    values = select(op.value);
  first = zero;
  if (program.part)
    takePart(program.part, program.parts);
  return place;
}

void KeyLists::takePart(Value part, Value parts) {
  Value one = index(1);
  Value steps = arith::MaxUIOp::create(
      b, arith::CeilDivUIOp::create(b, length, index(step)), one);
  auto getBegin = [&](Value number) -> Value {
    Value before = arith::DivUIOp::create(
        b, arith::MulIOp::create(b, steps, number), parts);
    return arith::MulIOp::create(b, before, index(step));
  };
  first = getBegin(part);
  length = arith::MinUIOp::create(
      b, getBegin(arith::AddIOp::create(b, part, one)), length);
}

/// The rows `[N, D]` of the program's sequence and head.
Value KeyLists::select(Value memref) {
  auto type = cast<MemRefType>(memref.getType());
  if (type.getRank() == 2)
    return memref;
  SmallVector<OpFoldResult> offsets, sizes,
      strides(type.getRank(), b.getIndexAttr(1));
  auto take = [&](Value place) {
    offsets.push_back(place ? OpFoldResult(place) : b.getIndexAttr(0));
    sizes.push_back(b.getIndexAttr(1));
  };
  auto takeAll = [&](int64_t dim) {
    offsets.push_back(b.getIndexAttr(0));
    sizes.push_back(
        type.isDynamicDim(dim)
            ? OpFoldResult(memref::DimOp::create(b, memref, dim).getResult())
            : b.getIndexAttr(type.getDimSize(dim)));
  };
  if (op.seq)
    take(sequence);
  int64_t rows = op.seq ? 1 : 0, columns = type.getRank() - 1;
  takeAll(rows);
  if (op.hasKeyHeads) {
    int64_t shared = op.getHeadSets() / op.keyHeads;
    take(set && op.keyHeads > 1 && shared > 1
             ? arith::DivUIOp::create(b, set, index(shared)).getResult()
         : op.keyHeads > 1 ? set
                           : Value());
  }
  takeAll(columns);
  MemRefType result = memref::SubViewOp::inferRankReducedResultType(
      {type.getDimSize(rows), type.getDimSize(columns)}, type, offsets, sizes,
      strides);
  return memref::SubViewOp::create(b, result, memref, offsets, sizes, strides);
}

//===----------------------------------------------------------------------===//
// Lists
//===----------------------------------------------------------------------===//

void KeyLists::beginList() {
  list = op.lists > 1 ? set : zero;
  source = op.indices;
  if (op.block > 1)
    source = repeatEntries();
  length = index(op.entries);
  if (op.lengths) {
    Value count =
        toIndex(memref::LoadOp::create(b, op.lengths, ValueRange{row, list}));
    // Not so negative that differences to places in the list overflow.
    count = arith::MaxSIOp::create(b, count, zero);
    length = arith::MinSIOp::create(b, count, length);
  }
  if (op.block > 1)
    length = arith::MulIOp::create(b, length, index(op.block));
}

/// The lists with each entry as often as it names keys, all of them in one
/// place.
Value KeyLists::repeatEntries() {
  auto type = cast<MemRefType>(op.indices.getType());
  SmallVector<OpFoldResult> sizes;
  if (type.isDynamicDim(0))
    sizes.push_back(memref::DimOp::create(b, op.indices, 0).getResult());
  else
    sizes.push_back(b.getIndexAttr(type.getDimSize(0)));
  for (int64_t size : {op.lists, op.entries, op.block})
    sizes.push_back(b.getIndexAttr(size));
  SmallVector<OpFoldResult> strides;
  for (int64_t stride :
       {op.lists * op.entries, op.entries, int64_t(1), int64_t(0)})
    strides.push_back(b.getIndexAttr(stride));
  return memref::ReinterpretCastOp::create(b, op.indices, b.getIndexAttr(0),
                                           sizes, strides);
}

Value KeyLists::loadEntries(Value entry, bool inside) {
  SmallVector<Value> place = {row, list, entry};
  SmallVector<int64_t> box = {1, 1, blockKeys};
  if (op.block > 1) {
    place.back() = arith::DivUIOp::create(b, entry, index(op.block));
    place.push_back(arith::RemUIOp::create(b, entry, index(op.block)));
    box.back() = std::max<int64_t>(blockKeys / op.block, 1);
    box.push_back(std::min(op.block, blockKeys));
  }
  return LoadOp::create(b, getListType(), source, place, box, /*slots=*/1,
                        inside);
}

/// The keys that entries of blocks name, from key `entry` of all of the list's
/// on.
Value KeyLists::nameKeys(Value entries, Value entry) {
  Value count = memref::DimOp::create(b, keys, 0);
  Value blocks = toI32(arith::CeilDivUIOp::create(b, count, index(op.block)));
  Value exists =
      arith::CmpIOp::create(b, arith::CmpIPredicate::ult, entries,
                            SplatOp::create(b, getListType(), blocks));
  Value within = IotaOp::create(b, getListType(), 0);
  if (op.block < blockKeys)
    within = arith::RemUIOp::create(b, within, splat(op.block));
  else if (op.block > blockKeys)
    within = arith::AddIOp::create(
        b, within,
        SplatOp::create(
            b, getListType(),
            toI32(arith::RemUIOp::create(b, entry, index(op.block)))));
  Value named = arith::AddIOp::create(
      b, arith::MulIOp::create(b, entries, splat(op.block)), within);
  // Of an entry far outside, the product may be any number.
  return arith::SelectOp::create(b, exists, named, splat(-1));
}

//===----------------------------------------------------------------------===//
// Ranges
//===----------------------------------------------------------------------===//

void KeyLists::beginRange() {
  Value count = memref::DimOp::create(b, op.key, op.seq ? 1 : 0);
  firstKey = zero;
  Value end = count;
  auto clamp = [&](Value bound) -> Value {
    return arith::MinSIOp::create(b, arith::MaxSIOp::create(b, bound, zero),
                                  count);
  };
  if (op.lo) {
    firstKey = clamp(toIndex(memref::LoadOp::create(b, op.lo, row)));
    end = clamp(toIndex(memref::LoadOp::create(b, op.hi, row)));
  }
  if (op.window) {
    Value position = toIndex(memref::LoadOp::create(b, op.positions, row));
    Value from = arith::SubIOp::create(b, position, index((*op.window)[0]));
    Value to = arith::AddIOp::create(b, position, index((*op.window)[1] + 1));
    firstKey = arith::MaxSIOp::create(b, firstKey, from);
    end = arith::MinSIOp::create(b, end, to);
  }
  length =
      arith::MaxSIOp::create(b, arith::SubIOp::create(b, end, firstKey), zero);
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

Value KeyLists::getNumbers(Value entry) {
  int64_t all = op.getListKeys();
  // A list that ends with a tile, and has no length, is full.
  bool ends = op.indices && all % step == 0;
  Value numbers;
  if (op.indices) {
    numbers = loadEntries(entry, /*inside=*/ends);
    if (op.block > 1)
      numbers = nameKeys(numbers, entry);
    if (!op.lengths && !op.seq && ends)
      return numbers;
  } else {
    Value begin = toI32(arith::AddIOp::create(b, firstKey, entry));
    numbers = arith::AddIOp::create(b, IotaOp::create(b, getListType(), 0),
                                    SplatOp::create(b, getListType(), begin));
  }
  Value rest = arith::SubIOp::create(b, length, entry);
  // There may be more than 32 bits count.
  if (op.block > 1)
    rest = arith::MinSIOp::create(b, rest, index(blockKeys));
  Value listed = arith::CmpIOp::create(
      b, arith::CmpIPredicate::slt, IotaOp::create(b, getListType(), 0),
      SplatOp::create(b, getListType(), toI32(rest)));
  return arith::SelectOp::create(b, listed, numbers, splat(-1));
}

Value KeyLists::getExisting(Value numbers) {
  Value count = toI32(memref::DimOp::create(b, keys, 0));
  return arith::CmpIOp::create(b, arith::CmpIPredicate::ult, numbers,
                               SplatOp::create(b, getListType(), count));
}

//===----------------------------------------------------------------------===//
// Heads
//===----------------------------------------------------------------------===//

Value KeyLists::splitHeads(Value memref) {
  if (!set)
    return memref;
  auto type = cast<MemRefType>(memref.getType());
  int64_t heads = type.getRank() == 1 ? 0 : 1;
  SmallVector<int64_t> shape;
  SmallVector<OpFoldResult> sizes;
  SmallVector<ReassociationIndices> dims;
  auto add = [&](int64_t size) {
    dims.back().push_back(static_cast<int64_t>(shape.size()));
    shape.push_back(size);
    sizes.push_back(b.getIndexAttr(size));
  };
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    dims.emplace_back();
    if (dim == heads) {
      add(op.getHeadSets());
      add(op.getSetHeads());
      continue;
    }
    add(type.getDimSize(dim));
    if (type.isDynamicDim(dim))
      sizes.back() = memref::DimOp::create(b, memref, dim).getResult();
  }
  return memref::ExpandShapeOp::create(b, shape, memref, dims, sizes);
}

Value KeyLists::loadPerHead(Value source, ArrayRef<Value> place,
                            int64_t heads) {
  if (!source)
    return {};
  SmallVector<int64_t> box(place.size(), 1);
  box.back() = heads;
  auto type =
      RankedTensorType::get({heads}, getElementTypeOrSelf(source.getType()));
  return LoadOp::create(b, type, splitHeads(source), place, box, /*slots=*/1);
}

void KeyLists::storePerHead(Value tile, Value dest, Value destRow,
                            ArrayRef<Value> place) {
  if (!dest)
    return;
  ArrayRef<int64_t> shape = cast<RankedTensorType>(tile.getType()).getShape();
  SmallVector<Value> indices = {destRow};
  llvm::append_range(indices, place);
  indices.append(shape.size() - 1, zero);
  SmallVector<int64_t> box(place.size(), 1);
  llvm::append_range(box, shape);
  StoreOp::create(b, tile, splitHeads(dest), indices, Value(), UnitAttr(),
                  UnitAttr(), b.getDenseI64ArrayAttr(box));
}
