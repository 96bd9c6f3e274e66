//===- OnlineSoftmax.h - Softmax over tiles of keys -------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_CONVERSION_DSATOTILE_ONLINESOFTMAX_H
#define DSA_LIB_CONVERSION_DSATOTILE_ONLINESOFTMAX_H

#include "dsa/Dialect/DSATile/IR/DSATile.h"

namespace mlir::dsa {

/// Builds what softmax does row by row, whichever way rows lie in tiles.
class RowSoftmax {
public:
  RowSoftmax(ImplicitLocOpBuilder &b, float scale, int64_t rows, bool wantsMost)
      : b(b), scale(scale), rows(rows), wantsMost(wantsMost) {}

  RankedTensorType tile(ArrayRef<int64_t> shape, Type type) {
    return RankedTensorType::get(shape, type);
  }
  RankedTensorType perRow() { return tile({rows}, b.getF32Type()); }
  Value constant(RankedTensorType type, float value);

protected:
  /// A row's new base, as a score and as an exponent of two, and the factor of
  /// what it had summed up above the old one.
  struct Base {
    Value base, exponent, decay;
  };
  /// What sums of values are divided by, as a factor, and results.
  struct Ends {
    Value inverse, lse, most;
  };

  /// The base of rows before the first key.
  Value beginBase();
  Base moveBase(Value most, Value base);
  /// 2 to the power of scores in units of natural ones, less the exponent.
  Value power(Value x, Value exponent);
  Ends finishRows(Value base, Value sum, Value most, Value sink);
  Value scaled(Value x, float factor);
  Value multiplyAdd(Value x, Value factor, Value added);

  ImplicitLocOpBuilder &b;
  float scale;
  int64_t rows;
  bool wantsMost;
};

/// Builds the softmax of rows whose scores come a tile of keys at a time, and
/// the sum of values that it weighs.
class OnlineSoftmax : public RowSoftmax {
public:
  /// What a row carries from tile to tile: the score that powers are taken
  /// above, the sum of powers, the weighted sum of values, and the largest
  /// score where somebody asked for it; beside it the weights of the tile's
  /// values.
  struct State {
    Value base, sum, out, most;
    SmallVector<Value> weights;

    SmallVector<Value> getCarried() const;
    static State fromCarried(ValueRange values);
  };
  /// Results of rows, f32, and which rows had a key.
  struct Results {
    Value out, lse, most;
  };

  OnlineSoftmax(ImplicitLocOpBuilder &b, float scale, int64_t rows,
                int64_t valueWidth, Type element, bool wantsMost = false)
      : RowSoftmax(b, scale, rows, wantsMost), valueWidth(valueWidth),
        element(element) {}

  /// Before the first key.
  State begin();
  /// Takes in tiles of scores, without the scale; −inf is no key. The values
  /// are not added yet.
  State addScores(ValueRange scores, const State &state);
  /// Divides by the sum, to which `sink` (f32, or null) counts. A row without
  /// keys gives 0 and −inf.
  Results finish(const State &state, Value sink);

  RankedTensorType outs() { return tile({rows, valueWidth}, b.getF32Type()); }

private:
  Value expand(Value vector, Type type) {
    return dsa_tile::ExpandOp::create(b, type, vector, 1);
  }

  int64_t valueWidth;
  Type element;
};

} // namespace mlir::dsa

#endif // DSA_LIB_CONVERSION_DSATOTILE_ONLINESOFTMAX_H
