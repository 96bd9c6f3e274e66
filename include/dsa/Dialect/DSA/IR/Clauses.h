//===- Clauses.h - What builders may leave out ------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The optional parts of operations, by name, for their builders:
//
//   IndexScoresOp::create(b, loc, q, k, {.weights = w, .lo = lo, .hi = hi});
//
// An absent value is null. Where `outs` is empty, destinations are tensors that
// the builder makes with `tensor.empty`.
//
//===----------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSA_IR_CLAUSES_H
#define DSA_DIALECT_DSA_IR_CLAUSES_H

#include "mlir/IR/Builders.h"
#include <array>
#include <optional>

namespace mlir::dsa {

enum class Activation : uint32_t;

struct IndexScoresClauses {
  Value weights = {}, qScale = {}, kScale = {};
  Value linearTerms = {}, linearScales = {};
  Value lo = {}, hi = {}, seq = {}, table = {};
  /// `relu` if there is none.
  std::optional<Activation> activation = {};
  SmallVector<Value, 1> outs = {};
};

struct LinearPartClauses {
  Value weights = {}, qScale = {};
  SmallVector<Value, 2> outs = {};
};

/// Of `topk` and `select`; `ids` is of `topk` alone.
struct SelectionClauses {
  Value ids = {}, lo = {}, hi = {}, positions = {};
  std::optional<std::array<int64_t, 2>> window = {};
  std::optional<int64_t> first = {}, block = {};
  bool unordered = false;
  /// Whether the scores of what is selected are a result too.
  bool values = false;
  SmallVector<Value, 3> outs = {};
};

struct SparseAttentionClauses {
  /// Without, values are the first columns of the keys.
  Value value = {};
  Value lengths = {}, seq = {}, sink = {};
  std::optional<int64_t> block = {};
  bool distinct = false;
  /// Whether the largest logit is a result too.
  bool max = false;
  SmallVector<Value, 3> outs = {};
};

struct AttentionClauses {
  Value value = {};
  Value lo = {}, hi = {}, positions = {}, seq = {}, sink = {};
  std::optional<std::array<int64_t, 2>> window = {};
  bool max = false;
  SmallVector<Value, 3> outs = {};
};

struct MergeClauses {
  Value sink = {};
  SmallVector<Value, 2> outs = {};
};

/// Computes the `[T, N]` or `[T, G, N]` scores of a `dsa.select` in its region.
using ScorerBuilder = llvm::function_ref<Value(OpBuilder &, Location)>;

} // namespace mlir::dsa

#endif // DSA_DIALECT_DSA_IR_CLAUSES_H
