//===- ThresholdSearch.h - The k-th largest of listed numbers ---*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_CONVERSION_DSATOTILE_THRESHOLDSEARCH_H
#define DSA_LIB_CONVERSION_DSATOTILE_THRESHOLDSEARCH_H

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::dsa {

/// Which of a list's unsigned numbers are the largest ones that were asked for:
/// those above `floor`, and the first `ties` of those equal to it.
struct Threshold {
  Value floor, ties;
};

/// Finds thresholds by digits, from the most significant one on: counts how
/// many numbers have which digit, searches where their sum reaches the rank,
/// and goes on with the numbers that have that digit.
class ThresholdSearch {
public:
  /// Calls a function for tiles of i32 numbers, with masks that may be null.
  using Visit =
      function_ref<void(ImplicitLocOpBuilder &, Value tile, Value mask)>;
  using Source = function_ref<void(ImplicitLocOpBuilder &, Visit)>;

  /// `counts` is scratch memory for the counts of one digit.
  explicit ThresholdSearch(Value counts);

  /// The threshold of the `rank` largest numbers, i32; there are as many, and
  /// all are above `lowest`.
  Threshold findExactly(ImplicitLocOpBuilder &b, Source source, Value rank,
                        Value lowest);
  /// A number below the `rank` largest of at least as many, and not far below.
  Value findBelow(ImplicitLocOpBuilder &b, Source source, Value rank);

private:
  /// Numbers from `top − span` to `top` are left, and `rank` of them wanted;
  /// `count` is how many there are once a digit is known.
  struct State {
    Value top, span, shift, rank, count, done;
  };
  State start(ImplicitLocOpBuilder &b, Value span, Value rank);
  State narrow(ImplicitLocOpBuilder &b, Source source, const State &state);
  State search(ImplicitLocOpBuilder &b, Source source, State state,
               int64_t digits);

  Value counts;
  int64_t bins, bits;
};

} // namespace mlir::dsa

#endif // DSA_LIB_CONVERSION_DSATOTILE_THRESHOLDSEARCH_H
