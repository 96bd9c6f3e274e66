//===- LoadAhead.h - Loads an iteration before they are needed --*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_DIALECT_DSATILE_TRANSFORMS_LOADAHEAD_H
#define DSA_LIB_DIALECT_DSATILE_TRANSFORMS_LOADAHEAD_H

#include "mlir/Dialect/SCF/IR/SCF.h"

namespace mlir::dsa_tile {

/// Copies a load of the loop's body, with what computes its operands, for
/// iteration `iv`; null if they depend on more than that.
Operation *copyForIteration(ImplicitLocOpBuilder &b, scf::ForOp loop,
                            Operation *load, Value iv);

/// The iteration behind the loop's present one, or the last one again.
Value getNextIteration(ImplicitLocOpBuilder &b, scf::ForOp loop);

/// Replaces a load by a value that the loop carries: that of `first`, then what
/// `ahead` loaded an iteration before. Returns the loop that carries it.
scf::ForOp carryLoad(scf::ForOp loop, Operation *load, Operation *first,
                     Operation *ahead);

} // namespace mlir::dsa_tile

#endif // DSA_LIB_DIALECT_DSATILE_TRANSFORMS_LOADAHEAD_H
