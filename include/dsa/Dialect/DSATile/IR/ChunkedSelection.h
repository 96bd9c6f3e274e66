//===- ChunkedSelection.h - Who scores for a selection ----------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSATILE_IR_CHUNKEDSELECTION_H
#define DSA_DIALECT_DSATILE_IR_CHUNKEDSELECTION_H

#include "dsa/Dialect/DSA/IR/DSA.h"

namespace mlir::dsa_tile {

/// Whether the schedule of a selection, or each of its variants, is a
/// `select_schedule`: then what scores has a schedule of its own, and is no
/// part of a kernel of few rows.
bool hasSelectSchedule(dsa::SelectOp op);

} // namespace mlir::dsa_tile

#endif // DSA_DIALECT_DSATILE_IR_CHUNKEDSELECTION_H
