//===- KeyTile.h - A tile of keys or values in f32 --------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_DIALECT_DSA_TRANSFORMS_DECOMPOSE_KEYTILE_H
#define DSA_LIB_DIALECT_DSA_TRANSFORMS_DECOMPOSE_KEYTILE_H

#include "LoopBuilder.h"

namespace mlir::dsa {

/// Which keys one row (and key head) reads. Values that do not apply are null.
struct KeySource {
  /// `[B]? N [Hkv]? width`.
  Value memref;
  Value sequence;
  Value head;

  /// The position of `N` among the dimensions.
  int64_t keyDim() const { return sequence ? 1 : 0; }
  Value getCount(LoopBuilder &b) const { return b.dim(memref, keyDim()); }
  /// The row of one key, a vector of `width` elements.
  Value getKey(LoopBuilder &b, Value key) const;
};

/// `tile[slot, 0:width] = source[key]`, converted to f32.
void loadKey(LoopBuilder &b, KeySource source, Value key, Value tile,
             Value slot);

/// `tile[slot, 0:width] = 0`.
void clearKey(LoopBuilder &b, int64_t width, Value tile, Value slot);

/// The sequence of `row`, and whether it exists; none without `seq`.
struct Sequence {
  Value number;
  Value exists;
};
Sequence getSequence(LoopBuilder &b, Value seq, Value keys, Value row);

/// The half-open range of keys that `row` may see, clamped to
/// `[least, most]`, as two values of index type with first <= second.
std::pair<Value, Value> getRowBounds(LoopBuilder &b, Value lo, Value hi,
                                     Value row, Value least, Value most);

} // namespace mlir::dsa

#endif // DSA_LIB_DIALECT_DSA_TRANSFORMS_DECOMPOSE_KEYTILE_H
