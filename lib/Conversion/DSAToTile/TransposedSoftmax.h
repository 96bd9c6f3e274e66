//===- TransposedSoftmax.h - Softmax of columns of scores -------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_CONVERSION_DSATOTILE_TRANSPOSEDSOFTMAX_H
#define DSA_LIB_CONVERSION_DSATOTILE_TRANSPOSEDSOFTMAX_H

#include "OnlineSoftmax.h"

namespace mlir::dsa {

/// What `OnlineSoftmax` builds, for tiles whose columns are the rows of
/// softmax: scores are `[keys, rows]`, sums of values `[columns, rows]` each.
class TransposedSoftmax : public RowSoftmax {
public:
  /// Sums of powers stay apart for each row of a tile until the end: to add
  /// them up takes several warps.
  struct State {
    Value base, sums, most;
    SmallVector<Value> outs;
    Value weights;

    SmallVector<Value> getCarried() const;
    /// `values` are those of a state like this one.
    State fromCarried(ValueRange values) const;
  };
  struct Results {
    SmallVector<Value> outs;
    Value lse, most;
  };

  TransposedSoftmax(ImplicitLocOpBuilder &b, float scale, int64_t rows,
                    int64_t keys, Type element, bool wantsMost)
      : RowSoftmax(b, scale, rows, wantsMost), keys(keys), element(element) {}

  /// Before the first key, with `outs` tiles of sums of values.
  State begin(int64_t outs);
  State addScores(Value scores, const State &state);
  Results finish(const State &state, Value sink);

  /// Scores, or sums of as many columns of values as there are keys in a tile.
  RankedTensorType scores() { return tile({keys, rows}, b.getF32Type()); }

private:
  Value expand(Value vector, RankedTensorType type) {
    return dsa_tile::ExpandOp::create(b, type, vector, 0);
  }
  Value reduce(Value tile, dsa_tile::Reduction kind) {
    return dsa_tile::ReduceOp::create(b, perRow(), tile, kind, IntegerAttr(),
                                      IntegerAttr(), /*dim=*/0);
  }

  int64_t keys;
  Type element;
};

} // namespace mlir::dsa

#endif // DSA_LIB_CONVERSION_DSATOTILE_TRANSPOSEDSOFTMAX_H
