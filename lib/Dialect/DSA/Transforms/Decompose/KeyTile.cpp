//===- KeyTile.cpp - A tile of keys or values in f32 ----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KeyTile.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::dsa;

Value KeySource::getKey(LoopBuilder &b, Value key) const {
  auto type = cast<MemRefType>(memref.getType());
  SmallVector<OpFoldResult> offsets, sizes;
  SmallVector<int64_t> dropped;
  for (Value position : {sequence, key, head}) {
    if (!position)
      continue;
    dropped.push_back(offsets.size());
    offsets.push_back(position);
    sizes.push_back(b.getIndexAttr(1));
  }
  offsets.push_back(b.getIndexAttr(0));
  sizes.push_back(b.getIndexAttr(type.getShape().back()));
  return b.part(memref, offsets, sizes, dropped);
}

static Value getSlot(LoopBuilder &b, Value tile, Value slot, int64_t width) {
  return b.part(tile, {slot, b.getIndexAttr(0)},
                {b.getIndexAttr(1), b.getIndexAttr(width)}, /*dropped=*/{0});
}

void dsa::loadKey(LoopBuilder &b, KeySource source, Value key, Value tile,
                  Value slot) {
  Value from = source.getKey(b, key);
  int64_t width = cast<MemRefType>(from.getType()).getDimSize(0);
  b.generic({from}, getSlot(b, tile, slot, width), {{0}, {0}},
            [](LoopBuilder &b, ValueRange args) { return b.toF32(args[0]); });
}

void dsa::clearKey(LoopBuilder &b, int64_t width, Value tile, Value slot) {
  b.fill(b.f32(0), getSlot(b, tile, slot, width));
}

Sequence dsa::getSequence(LoopBuilder &b, Value seq, Value keys, Value row) {
  if (!seq)
    return {};
  Value number = b.toIndex(b.load(seq, row));
  return {number, b.isWithin(number, b.index(0), b.dim(keys, 0))};
}

std::pair<Value, Value> dsa::getRowBounds(LoopBuilder &b, Value lo, Value hi,
                                          Value row, Value least, Value most) {
  if (!lo)
    return {least, most};
  Value begin = b.clamp(b.toIndex(b.load(lo, row)), least, most);
  Value end = b.clamp(b.toIndex(b.load(hi, row)), begin, most);
  return {begin, end};
}
