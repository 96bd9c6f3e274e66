//===- SharedBytes.h - What shared memory has room for ----------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_DIALECT_DSATILE_IR_SHAREDBYTES_H
#define DSA_LIB_DIALECT_DSATILE_IR_SHAREDBYTES_H

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"

namespace mlir::dsa_tile {

/// That there are `least` slots of a ring of buffers or more, and not more than
/// any shared memory has room for.
LogicalResult verifySlots(function_ref<InFlightDiagnostic()> emitError,
                          int64_t slots, int64_t least);

/// What a kernel of scores takes with so many buffers of queries.
int64_t getSharedBytes(ScoresScheduleAttr schedule, dsa::IndexScoresOp op,
                       int64_t queryBuffers);

} // namespace mlir::dsa_tile

#endif // DSA_LIB_DIALECT_DSATILE_IR_SHAREDBYTES_H
