//===- Operations.h - The reference of each operation -----------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_REFERENCE_OPERATIONS_H
#define DSA_RUNTIME_REFERENCE_OPERATIONS_H

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Runtime/ElementType.h"
#include "dsa/Runtime/Reference.h"

#include <limits>

namespace mlir::dsa::reference {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The tensor of an operand; null for an absent one.
using Lookup = llvm::function_ref<const ReferenceTensor *(Value)>;

/// Σ a[i] · b[i].
double dot(const double *a, const double *b, int64_t count);

/// The half-open range of keys that a row's bounds leave, inside [0, keys).
struct KeyRange {
  int64_t begin, end;
};
KeyRange getKeyRange(const ReferenceTensor *lo, const ReferenceTensor *hi,
                     int64_t row, int64_t keys);

/// The sequence whose keys a row reads: 0 without sequences, -1 for none.
int64_t getSequence(const ReferenceTensor *seq, int64_t row, int64_t sequences);

/// `keys` is how many a row has scores of.
ReferenceTensor computeIndexScores(IndexScoresOp op, int64_t keys,
                                   Lookup lookup);

/// terms and scales.
std::vector<ReferenceTensor> computeLinearPart(LinearPartOp op, Lookup lookup);

/// Whether terms add up to what they should.
ResultCheck checkTerms(LinearPartOp op, Lookup lookup,
                       const ReferenceTensor &terms,
                       const ReferenceTensor &scales);

/// Whether scales are those expected, up to one power of two for a row.
ResultCheck checkTermScales(const ReferenceTensor &expected,
                            const ReferenceTensor &found);

/// How far what terms of a row add up to may be, relative to the first scale,
/// from what a path's do whose terms are not known.
double getTermError(const ReferenceTensor &terms);

/// out, lse and, if asked for, max. With `onTiles`, out has slack for weights
/// that are rounded to the keys' type, if that is short.
std::vector<ReferenceTensor> computeAttention(SparseAttentionOp op,
                                              Lookup lookup, bool onTiles);
std::vector<ReferenceTensor> computeAttention(AttentionOp op, Lookup lookup,
                                              bool onTiles);
std::vector<ReferenceTensor> computeMerge(MergeOp op, Lookup lookup);

/// The operands and clauses of a selection.
struct Selection {
  const ReferenceTensor *scores, *ids, *lo, *hi, *positions;
  int64_t rows, lists, columns, entries;
  std::optional<std::pair<int64_t, int64_t>> window;
  int64_t first, block;
  bool unordered, hasValues;
};
Selection getSelection(TopkOp op, const ReferenceTensor *scores, Lookup lookup);
Selection getSelection(SelectOp op, const ReferenceTensor *scores,
                       Lookup lookup);

/// Something that may be selected: a key, a block of keys or an id.
struct Candidate {
  int64_t index;
  double score;
  /// Whether `window` or `first` keep it.
  bool kept;
};
/// The candidates of a list, the best first.
std::vector<Candidate> getCandidates(const Selection &selection, int64_t row,
                                     int64_t list);

/// indices, count and, if asked for, values.
std::vector<ReferenceTensor> computeSelection(const Selection &selection);

/// Whether `indices` are a right choice up to near-ties: the scores are not
/// those that the path saw.
ResultCheck checkNearTies(const Selection &selection,
                          const HostTensor &indices);

/// The scores of `indices`, and -inf where there is none.
ReferenceTensor gatherScores(const Selection &selection,
                             const ReferenceTensor &indices);

/// Compares a result with its reference: floats by tolerance, unless `exactly`;
/// integers always exactly.
ResultCheck compare(const ReferenceTensor &expected, const HostTensor &found,
                    bool exactly = false);

/// The magnitude that errors in a row of a reference are relative to.
double getRowScale(const ReferenceTensor &tensor, int64_t row);

/// "[2, 0, 7]": where element `index` of a tensor of this shape is.
std::string positionToString(llvm::ArrayRef<int64_t> shape, int64_t index);

} // namespace mlir::dsa::reference

#endif // DSA_RUNTIME_REFERENCE_OPERATIONS_H
