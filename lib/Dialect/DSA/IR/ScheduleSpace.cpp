//===- ScheduleSpace.cpp - The schedules that an operation can have -------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/ScheduleSpace.h"

using namespace mlir;
using namespace mlir::dsa;

std::string mlir::dsa::getObjection(ScheduleAttrInterface schedule,
                                    Operation *op) {
  if (const auto *space =
          dyn_cast<ScheduleSpaceInterface>(&schedule.getDialect()))
    if (std::string obstacle = space->getObstacle(op); !obstacle.empty())
      return obstacle;
  std::string reason;
  ScopedDiagnosticHandler handler(op->getContext(),
                                  [&](Diagnostic &diagnostic) {
                                    reason = diagnostic.str();
                                    return success();
                                  });
  if (succeeded(
          schedule.verifyFor(op, [&] { return emitError(op->getLoc()); })))
    return {};
  return reason.empty() ? "it is refused" : reason;
}

SmallVector<ScheduleCandidate> mlir::dsa::enumerateSchedules(Operation *op,
                                                             const Chip &chip) {
  SmallVector<ScheduleCandidate> candidates;
  for (Dialect *dialect : op->getContext()->getLoadedDialects())
    if (const auto *space =
            dialect->getRegisteredInterface<ScheduleSpaceInterface>())
      for (ScheduleAttrInterface schedule : space->getSpace(op, chip))
        candidates.push_back({schedule, getObjection(schedule, op)});
  return candidates;
}
