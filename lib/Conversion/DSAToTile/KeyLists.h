//===- KeyLists.h - The keys of a program that gathers ----------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_CONVERSION_DSATOTILE_KEYLISTS_H
#define DSA_LIB_CONVERSION_DSATOTILE_KEYLISTS_H

#include "AttentionPrograms.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "dsa/Dialect/DSATile/IR/GatheredAttention.h"

namespace mlir::dsa {

/// Where a program's heads are: the first one, and its place among all heads,
/// or the number of its set of heads and the place within.
struct HeadBlock {
  Value first;
  SmallVector<Value> place;
};

/// Builds the list of keys of one program: of a row and a set of heads that
/// have the same keys. Its entries are keys, whatever the operation's are.
class KeyLists {
public:
  /// `blockKeys` entries become a tile, and the program takes in `step` entries
  /// at a time.
  KeyLists(ImplicitLocOpBuilder &b, const dsa_tile::GatheredAttention &op,
           int64_t blockKeys, int64_t step, Value zero)
      : b(b), op(op), blockKeys(blockKeys), step(step), zero(zero) {}

  /// Where a program with a block of `heads` heads begins. Blocks are numbered
  /// set by set. A share of keys is of whole steps, one at least where there
  /// are as many.
  HeadBlock begin(const AttentionProgram &program, int64_t heads);

  /// The keys and values of the set, `[N, D]`: null values are columns of keys.
  Value getKeys() const { return keys; }
  Value getValues() const { return values; }
  /// The first entry that counts, and where those that count end.
  Value getBegin() const { return first; }
  Value getEnd() const { return length; }
  /// The keys of a tile, from an entry on; −1 beyond the list's end.
  Value getNumbers(Value entry);
  /// Which keys of a tile exist.
  Value getExisting(Value numbers);

  /// The numbers of `heads` heads from a place on, one for each head; null of
  /// null.
  Value loadPerHead(Value source, ArrayRef<Value> place, int64_t heads);
  /// A number or a row of columns for each head from a place on, to a row; not
  /// to null.
  void storePerHead(Value tile, Value dest, Value destRow,
                    ArrayRef<Value> place);

  /// The places of the set's heads: `[T, Hq, …]` as `[T, sets, heads, …]`, or
  /// as it is.
  Value splitHeads(Value memref);

private:
  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  }
  Value toIndex(Value value) {
    return arith::IndexCastOp::create(b, b.getIndexType(), value);
  }
  Value toI32(Value value) {
    return arith::IndexCastOp::create(b, b.getI32Type(), value);
  }
  RankedTensorType getListType() {
    return RankedTensorType::get({blockKeys}, b.getI32Type());
  }
  Value splat(int64_t value);

  HeadBlock locate(Value block, int64_t heads);
  Value select(Value memref);
  void beginList();
  void beginRange();
  void takePart(Value part, Value parts);
  Value loadEntries(Value entry, bool inside);
  Value nameKeys(Value entries, Value entry);
  Value repeatEntries();

  ImplicitLocOpBuilder &b;
  dsa_tile::GatheredAttention op;
  int64_t blockKeys, step;
  Value zero, row, set, sequence, keys, values;
  /// Entries that count: the first one, and where they end.
  Value first, length;
  /// Of lists: which one, and the memory that tiles of entries are loaded from.
  Value list, source;
  /// Of ranges: the first key.
  Value firstKey;
};

} // namespace mlir::dsa

#endif // DSA_LIB_CONVERSION_DSATOTILE_KEYLISTS_H
