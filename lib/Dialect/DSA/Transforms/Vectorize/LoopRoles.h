//===- LoopRoles.h - What each loop of a structured op is for ---*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_DIALECT_DSA_TRANSFORMS_VECTORIZE_LOOPROLES_H
#define DSA_LIB_DIALECT_DSA_TRANSFORMS_VECTORIZE_LOOPROLES_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlir::dsa {

/// The loops of a structured operation on memrefs, by their part in its vector
/// form.
struct LoopRoles {
  SmallVector<int64_t> extents;
  /// Runs along vectors: the contiguous dimension of the operands that have it.
  unsigned lane;
  /// Whether lanes are summed at the end.
  bool reducesLanes;
  /// Unrolled, so that several accumulators are in flight; only where there is
  /// something to accumulate.
  std::optional<unsigned> jam;
  SmallVector<unsigned> parallel, reductions;
};

/// Assigns the roles, or fails where `op` has no vector form: a dynamic extent,
/// strided or transposed access along lanes, a body that is not elementwise, a
/// reduction along lanes other than a sum.
FailureOr<LoopRoles> getLoopRoles(linalg::LinalgOp op);

} // namespace mlir::dsa

#endif // DSA_LIB_DIALECT_DSA_TRANSFORMS_VECTORIZE_LOOPROLES_H
