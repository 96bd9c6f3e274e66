//===- ScoredKeys.cpp - Where the keys of scores lie ----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScoredKeys.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

Value ScoredKeys::countKeys() {
  // What an allocation has is known without it.
  Value keys = b.createOrFold<memref::DimOp>(op.getInits()[0], 1);
  if (!pageKeys)
    return keys;
  Value table = op.getTable();
  Value entries = memref::DimOp::create(b, table, op.getSeq() ? 1 : 0);
  Value named = arith::MulIOp::create(b, entries, index(pageKeys));
  keys = arith::MinUIOp::create(b, keys, named);
  // Nothing may be copied out of a pool without pages.
  Value isEmpty =
      arith::CmpIOp::create(b, arith::CmpIPredicate::eq,
                            memref::DimOp::create(b, op.getK(), 0), index(0));
  return arith::SelectOp::create(b, isEmpty, index(0), keys);
}

Value ScoredKeys::hasSequence(Value number) {
  Value ofSequences = op.getTable() ? op.getTable() : op.getK();
  // Unsigned, so that negative numbers are outside too.
  return arith::CmpIOp::create(b, arith::CmpIPredicate::ult, number,
                               memref::DimOp::create(b, ofSequences, 0));
}

SmallVector<Value> ScoredKeys::findPages(Value key, Value count) {
  SmallVector<Value> pages;
  if (!pageKeys)
    return pages;
  Value last = arith::SubIOp::create(b, count, index(1));
  for (int64_t first = 0; first < kBlockKeys; first += getPieceKeys()) {
    Value at =
        first ? arith::AddIOp::create(b, key, index(first)).getResult() : key;
    at = arith::MinUIOp::create(b, at, last);
    Value entry = arith::DivUIOp::create(b, at, index(pageKeys));
    SmallVector<Value> place = {entry};
    if (sequence)
      place.insert(place.begin(), sequence);
    pages.push_back(memref::LoadOp::create(b, op.getTable(), place));
  }
  return pages;
}

Value ScoredKeys::load(Value source, Value key, ValueRange pages,
                       ArrayRef<int64_t> columns, int64_t slots) {
  SmallVector<Value> indices;
  auto begin = [&](Value place) {
    indices.push_back(place);
    indices.append(columns.size(), index(0));
  };
  SmallVector<int64_t> box = {getPieceKeys()}, shape = {kBlockKeys};
  if (pageKeys || sequence)
    box.insert(box.begin(), 1);
  box.append(columns.begin(), columns.end());
  shape.append(columns.begin(), columns.end());
  for (Value page : pages) {
    indices.push_back(toIndex(page));
    // A page of a tile or less begins with it.
    begin(pageKeys <= kBlockKeys
              ? index(0)
              : arith::RemUIOp::create(b, key, index(pageKeys)));
  }
  if (pages.empty()) {
    if (sequence)
      indices.push_back(sequence);
    begin(key);
  }
  auto tile = RankedTensorType::get(shape, getElementTypeOrSelf(source));
  return LoadOp::create(b, tile, source, indices, box, slots);
}

Value ScoredKeys::loadKeys(Value key, ValueRange pages) {
  int64_t width = cast<ShapedType>(op.getQ().getType()).getDimSize(2);
  return load(op.getK(), key, pages, {width}, slots);
}

Value ScoredKeys::loadScales(Value key, ValueRange pages) {
  if (!op.getKScale())
    return {};
  return load(op.getKScale(), key, pages, {}, /*slots=*/1);
}

SmallVector<Value> ScoredKeys::arePages(ValueRange pages) {
  Value count = arith::IndexCastOp::create(
      b, b.getI32Type(), memref::DimOp::create(b, op.getK(), 0));
  return llvm::map_to_vector(pages, [&](Value page) -> Value {
    return arith::CmpIOp::create(b, arith::CmpIPredicate::ult, page, count);
  });
}

Value ScoredKeys::getExisting(ValueRange pages, ArrayRef<int64_t> shape) {
  if (pages.empty())
    return {};
  SmallVector<Value> exist = arePages(pages);
  auto masks = RankedTensorType::get(shape, b.getI1Type());
  if (exist.size() == 1)
    return SplatOp::create(b, masks, exist.front());
  // A bit for each page, of which a score takes its key's.
  auto numbers = RankedTensorType::get(shape, b.getI32Type());
  Value bits;
  for (auto [number, exists] : llvm::enumerate(exist)) {
    Value bit = arith::ExtUIOp::create(b, b.getI32Type(), exists);
    bit = arith::ShLIOp::create(
        b, bit,
        arith::ConstantIntOp::create(b, static_cast<int64_t>(number), 32));
    bits = bits ? arith::OrIOp::create(b, bits, bit).getResult() : bit;
  }
  auto splat = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(
        b, DenseElementsAttr::get(
               numbers, b.getI32IntegerAttr(static_cast<int32_t>(value))));
  };
  Value piece = arith::DivUIOp::create(b, IotaOp::create(b, numbers, 0),
                                       splat(getPieceKeys()));
  Value shifted =
      arith::ShRUIOp::create(b, SplatOp::create(b, numbers, bits), piece);
  Value own = arith::AndIOp::create(b, shifted, splat(1));
  return arith::CmpIOp::create(b, arith::CmpIPredicate::ne, own, splat(0));
}
