//===- GatheredAttention.h - Attention to listed keys -----------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSATILE_IR_GATHEREDATTENTION_H
#define DSA_DIALECT_DSATILE_IR_GATHEREDATTENTION_H

#include "dsa/Dialect/DSA/IR/DSA.h"

namespace mlir::dsa_tile {

/// What kernels that gather keys must know of attention: of
/// `dsa.sparse_attention` its lists, of `dsa.attention` each row's range of
/// keys. Values are null where the operation does not have them.
struct GatheredAttention {
  Operation *op = nullptr;
  Value q, key, value, seq, sink;
  /// Lists, or ranges.
  Value indices, lengths, lo, hi, positions;
  std::optional<ArrayRef<int64_t>> window;
  Value out, lse, max;
  float scale = 0;
  int64_t heads = 0, keyHeads = 1, width = 0, valueWidth = 0;
  bool hasKeyHeads = false;
  /// Lists of a row, entries of each, and keys that an entry names.
  int64_t lists = 1, entries = 0, block = 1;

  /// Nothing for other operations.
  static std::optional<GatheredAttention> create(Operation *op);

  Type getElement() const { return getElementTypeOrSelf(q.getType()); }
  /// Sets of heads that have the same keys, and heads of each.
  int64_t getHeadSets() const { return std::max(keyHeads, lists); }
  int64_t getSetHeads() const { return heads / getHeadSets(); }

  /// Blocks of `heads` heads of one row, none of which has heads of two sets.
  int64_t countBlocks(int64_t heads) const {
    return getHeadSets() * llvm::divideCeil(getSetHeads(), heads);
  }
  /// Keys that a list names; 0 of ranges, which may have any number.
  int64_t getListKeys() const { return entries * block; }
  /// The most programs that may divide the keys of a row, each at least `step`
  /// of them; of ranges, any number.
  int64_t getMostSplits(int64_t step) const;
  /// As many of these as there should be where a row's keys are divided.
  int64_t getManySplits(int64_t step) const {
    constexpr int64_t kMany = 16;
    return std::min(kMany, getMostSplits(step));
  }

  /// Reports splits of rows of `rowBlocks` blocks of heads among `blocks`, in
  /// steps of `step` keys, that `schedule` cannot serve.
  LogicalResult
  verifySplits(StringRef schedule, int64_t splits, int64_t step,
               int64_t rowBlocks, int64_t blocks,
               function_ref<InFlightDiagnostic()> emitError) const;

  /// Reports what `schedule`, which takes `blockKeys` keys at a time, and whose
  /// warpgroups have a multiple of `columns` columns of values, cannot serve.
  LogicalResult verify(StringRef schedule, int64_t blockKeys, int64_t columns,
                       function_ref<InFlightDiagnostic()> emitError) const;
};

} // namespace mlir::dsa_tile

#endif // DSA_DIALECT_DSATILE_IR_GATHEREDATTENTION_H
