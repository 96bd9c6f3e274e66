//===- InputRecipe.h - Made-up values, from few numbers ---------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Values that depend on the recipe alone, on every machine: integer arithmetic,
// no library functions. A recipe travels where the values would be too large
// to. Needs nothing of MLIR.
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_INPUTRECIPE_H
#define DSA_RUNTIME_INPUTRECIPE_H

#include "dsa/Runtime/HostTensor.h"

namespace mlir::dsa {

/// A small fixed generator (SplitMix64).
class RandomSource {
public:
  /// Streams of one seed are independent of one another.
  RandomSource(uint64_t seed, uint64_t stream);
  uint64_t next();
  /// As if `next` had been called so often.
  void skip(uint64_t count) { state += count * kStep; }
  /// Uniform in [0, bound).
  uint64_t below(uint64_t bound);
  /// Normal(0, 1), as a sum of twelve uniform values; of six numbers.
  double normal();

private:
  static constexpr uint64_t kStep = 0x9e3779b97f4a7c15ull;
  uint64_t state;
};

/// How to make the values of a tensor; `i` counts its elements.
struct InputRecipe {
  enum class Kind {
    Normal,   ///< normal(0, 1), rounded to the element type
    Constant, ///< `a`
    Ramp,     ///< max(a + i, b)
    Cycle,    ///< i mod a
    Lists,    ///< in each row, distinct values of [0, a), ascending; then -1
  };
  Kind kind = Kind::Normal;
  /// Of what is random.
  uint64_t seed = 0, stream = 0;
  int64_t a = 0, b = 0;
};

/// "normal", "constant", …
llvm::StringRef getName(InputRecipe::Kind kind);
std::optional<InputRecipe::Kind> findRecipeKind(llvm::StringRef name);

/// Fills the tensor, in as many threads as the machine runs at once.
void fillInput(HostTensor &tensor, const InputRecipe &recipe);

} // namespace mlir::dsa

#endif // DSA_RUNTIME_INPUTRECIPE_H
