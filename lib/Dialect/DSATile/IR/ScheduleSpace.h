//===- ScheduleSpace.h - The schedules that are looked at -------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_DIALECT_DSATILE_IR_SCHEDULESPACE_H
#define DSA_LIB_DIALECT_DSATILE_IR_SCHEDULESPACE_H

#include "dsa/Dialect/DSA/IR/ScheduleSpace.h"

namespace mlir::dsa_tile::detail {

/// Has the dialect's schedules enumerated.
std::unique_ptr<dsa::ScheduleSpaceInterface>
makeScheduleSpace(Dialect *dialect);

} // namespace mlir::dsa_tile::detail

#endif // DSA_LIB_DIALECT_DSATILE_IR_SCHEDULESPACE_H
