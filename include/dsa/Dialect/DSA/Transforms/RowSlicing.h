//===- RowSlicing.h - Some of the rows of a computation ---------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSA_TRANSFORMS_ROWSLICING_H
#define DSA_DIALECT_DSA_TRANSFORMS_ROWSLICING_H

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "mlir/IR/IRMapping.h"

namespace mlir::dsa {

/// Rows `[offset, offset + size)`.
struct RowRange {
  OpFoldResult offset;
  OpFoldResult size;
  /// A known bound of the size, if any: memory is then allocated for that many.
  std::optional<int64_t> most = std::nullopt;
};

/// The part of `value`, a tensor or a memref, that lies in `rows` along `dim`.
Value sliceRows(OpBuilder &builder, Location loc, Value value, int64_t dim,
                RowRange rows);

/// Clones the body of a scorer so that it computes only `rows`, and returns the
/// scores of those rows. Destinations created in the body become as small as
/// the row range. Reports an operation that cannot be sliced.
FailureOr<Value> cloneScorerRows(RewriterBase &rewriter, SelectOp op,
                                 RowRange rows);

/// The top-k of the scores of `rows`, into these rows of the destinations of
/// `op`, on memrefs.
void selectFromRows(OpBuilder &builder, SelectOp op, Value scores,
                    RowRange rows, ScheduleAttrInterface schedule);

} // namespace mlir::dsa

#endif // DSA_DIALECT_DSA_TRANSFORMS_ROWSLICING_H
