//===- ScheduleSpace.h - The schedules that an operation can have -*- C++ -*-=//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSA_IR_SCHEDULESPACE_H
#define DSA_DIALECT_DSA_IR_SCHEDULESPACE_H

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "mlir/IR/DialectInterface.h"

namespace mlir::dsa {

struct Chip;

/// What a backend's dialect implements to have its schedules enumerated. Spaces
/// are finite and documented with the schedules.
class ScheduleSpaceInterface
    : public DialectInterface::Base<ScheduleSpaceInterface> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ScheduleSpaceInterface)

  ScheduleSpaceInterface(Dialect *dialect) : Base(dialect) {}

  /// All points of the space for `op`, legal on `chip` or not; none if no
  /// schedule of the dialect is meant for it.
  virtual SmallVector<ScheduleAttrInterface>
  getSpace(Operation *op, const Chip &chip) const = 0;

  /// Why no schedule of the dialect can serve `op` where it stands, whatever
  /// its shapes; empty if one may.
  virtual std::string getObstacle(Operation *op) const { return {}; }
};

/// A point of a space.
struct ScheduleCandidate {
  ScheduleAttrInterface schedule;
  /// Why it is not legal; empty if it is.
  std::string objection;

  bool isLegal() const { return objection.empty(); }
};

/// Why `schedule` cannot serve `op`, for the chip that its module is compiled
/// for; empty if it can.
std::string getObjection(ScheduleAttrInterface schedule, Operation *op);

/// All points of the spaces of all loaded dialects, in their order.
SmallVector<ScheduleCandidate> enumerateSchedules(Operation *op,
                                                  const Chip &chip);

} // namespace mlir::dsa

#endif // DSA_DIALECT_DSA_IR_SCHEDULESPACE_H
