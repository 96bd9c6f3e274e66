//===- DefaultSchedule.h - Schedules where nothing was measured -*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSATILE_TRANSFORMS_DEFAULTSCHEDULE_H
#define DSA_DIALECT_DSATILE_TRANSFORMS_DEFAULTSCHEDULE_H

#include "dsa/Dialect/DSA/IR/ScheduleSpace.h"
#include "dsa/Target/Chip.h"

namespace mlir::dsa_tile {

/// The schedule for tiles that `dsa-tile-assign-schedules` gives an operation,
/// by its shape alone. Null where none is legal; `reason` says why.
dsa::ScheduleAttrInterface
getDefaultSchedule(Operation *op, const dsa::Chip &chip, std::string &reason);

/// `schedule`, which was chosen for many rows, and the default for few, as
/// variants, where another one serves these better and only run time says how
/// many there are. Else `schedule` alone.
dsa::ScheduleAttrInterface addFewRows(Operation *op, const dsa::Chip &chip,
                                      dsa::ScheduleAttrInterface schedule);

} // namespace mlir::dsa_tile

#endif // DSA_DIALECT_DSATILE_TRANSFORMS_DEFAULTSCHEDULE_H
