//===- ScoredKeys.h - Where the keys of scores lie --------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_CONVERSION_DSATOTILE_SCOREDKEYS_H
#define DSA_LIB_CONVERSION_DSATOTILE_SCOREDKEYS_H

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"

namespace mlir::dsa {

/// Loads tiles of the keys of `dsa.index_scores` and of their scales, from rows
/// of memory, from the part of a sequence, or from pages.
class ScoredKeys {
public:
  ScoredKeys(ImplicitLocOpBuilder &b, IndexScoresOp op, int64_t slots)
      : b(b), op(op), slots(slots), pageKeys(op.getPageKeys()) {}

  /// On the host: beyond how many keys no sequence has any. With that many
  /// there is a page, and each has an entry in the table.
  Value countKeys();
  /// Whether sequence `number` exists.
  Value hasSequence(Value number);

  /// The keys that come are those of this sequence.
  void setSequence(Value number) { sequence = number; }
  /// What must be known of a tile before it can be loaded, so that it can be
  /// read ahead: the numbers of its pages, or nothing. `key` may be any below
  /// `count`, which is `countKeys()`.
  SmallVector<Value> findPages(Value key, Value count);
  /// The keys of the tile that begins at `key`, a multiple of the tile; those
  /// in holes are zero.
  Value loadKeys(Value key, ValueRange pages);
  /// Their scales, if they have any, or null.
  Value loadScales(Value key, ValueRange pages);
  /// Which of a tile's scores are of keys in pages that exist: null for all.
  Value getExisting(ValueRange pages, ArrayRef<int64_t> shape);

private:
  static constexpr int64_t kBlockKeys =
      dsa_tile::ScoresScheduleAttr::kBlockKeys;

  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  }
  Value toIndex(Value value) {
    return arith::IndexCastOp::create(b, b.getIndexType(), value);
  }
  /// Keys of a tile that lie together.
  int64_t getPieceKeys() const {
    return pageKeys ? std::min(pageKeys, kBlockKeys) : kBlockKeys;
  }
  /// Whether each page of a tile exists.
  SmallVector<Value> arePages(ValueRange pages);
  Value load(Value source, Value key, ValueRange pages,
             ArrayRef<int64_t> columns, int64_t slots);

  ImplicitLocOpBuilder &b;
  IndexScoresOp op;
  int64_t slots, pageKeys;
  Value sequence;
};

} // namespace mlir::dsa

#endif // DSA_LIB_CONVERSION_DSATOTILE_SCOREDKEYS_H
