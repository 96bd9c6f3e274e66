//===- Records.h - Schedules that were measured -----------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TUNING_RECORDS_H
#define DSA_TUNING_RECORDS_H

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Target/Chip.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::dsa {

/// The attribute of a module that holds records, an array of dictionaries
/// (docs/Records.md).
inline constexpr llvm::StringLiteral kRecordsAttrName = "dsa.records";

/// The schedule that won for an operation, on a chip, for some sizes.
struct TuningRecord {
  StringRef operation, chip;
  /// The version of the compiler that it was measured with.
  StringRef compiler;
  /// For each operand that is present, by its name, a tensor type; numbers of
  /// rows, keys and sequences do not count.
  DictionaryAttr operands;
  /// Attributes of the operation that decide about the work.
  DictionaryAttr clauses;
  SizesAttr sizes;
  ScheduleAttrInterface schedule;
  double microseconds = 0;
  /// Its place in the file.
  unsigned number = 0;
};

/// What a record says of an operation, for it or to be compared with it.
TuningRecord describeOperation(Operation *op, StringRef chip);

/// A record as the dictionary that `readRecords` reads.
DictionaryAttr writeRecord(MLIRContext *context, const TuningRecord &record);

/// The records of a module. Warns of what is not a record, and leaves it out.
SmallVector<TuningRecord> readRecords(ModuleOp module);

/// What was found for an operation.
struct FoundSchedule {
  ScheduleAttrInterface schedule;
  /// The records that it is from, with others for other sizes.
  SmallVector<const TuningRecord *> records;
  /// Whether they are of just such an operation.
  bool isExact = false;
};

/// How far an operation may be from that of a record which serves it, in powers
/// of two, by the operand whose sizes differ most: beyond, defaults are the
/// better guess.
inline constexpr double kMostDistance = 0.9;

/// The schedule that records have for `op`, or else that of the nearest legal
/// ones, up to `kMostDistance`, whose blocks of heads are not too small for it.
/// Warns, at the operation, of records for it that are not legal.
std::optional<FoundSchedule> findSchedule(Operation *op, const Chip &chip,
                                          ArrayRef<TuningRecord> records);

} // namespace mlir::dsa

#endif // DSA_TUNING_RECORDS_H
