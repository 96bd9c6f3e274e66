//===- Passes.td - Passes that choose among schedules --------*- tablegen -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===------------------------------------------------------------------------===//

#ifndef DSA_TUNING_PASSES_TD
#define DSA_TUNING_PASSES_TD

include "mlir/Pass/PassBase.td"

def RankSchedulesPass : Pass<"dsa-rank-schedules"> {
  let summary = "Put schedules that are expected to be fast first";
  let description = [{
    Sorts the `dsa.schedules` that `dsa-enumerate-schedules` listed by the time that the
    [cost model](CostModel.md) expects for so many rows and keys, and says in a remark of
    category `dsa-schedule` what it expects of the first. Static sizes of an operation count
    before those of the options. `dsa.times` lists the microseconds that it expects, in the same
    order; schedules that it does not know come last, and have none.
  }];
  let options = [
    Option<"rows", "rows", "int64_t", /*default=*/"4096",
           "Rows of operations whose number is not static.">,
    Option<"keys", "keys", "int64_t", /*default=*/"32768",
           "Keys of operations whose number is not static.">,
    Option<"keysPerRow", "keys-per-row", "int64_t", /*default=*/"0",
           "Keys that a row sees on average; 0: all, or its whole list.">,
  ];
}

def ApplyRecordsPass : Pass<"dsa-apply-records"> {
  let summary = "Give operations the schedules that were measured to be fast";
  let description = [{
    Sets the `schedule` of operations that have none to that of a record ([Records](Records.md)) of
    the chip that the module's `dsa.target` names: one of the same operation, clauses, element types
    and static sizes, or else the nearest whose schedule is legal, if it is near enough. The user's records come before those that come with the compiler. Where
    records are for different numbers of rows and keys, the schedule is `#dsa.variants`. A record
    that is not legal, or not a record, is a warning and ignored, and so is a file that does not
    parse. A remark of category `dsa-schedule` says which record was taken. Leaves modules alone
    whose `dsa.target` names no chip that is known.
  }];
  let options = [
    Option<"file", "file", "std::string", /*default=*/"\"\"",
           "A file with a module that carries `dsa.records`, the user's.">,
    Option<"tuned", "tuned", "bool", /*default=*/"false",
           "Whether records that come with the compiler count, too.">,
  ];
  let dependentDialects = [
    "::mlir::dsa::DSADialect", "::mlir::dsa_tile::DSATileDialect",
  ];
}

def ChooseSchedulesPass : Pass<"dsa-choose-schedules"> {
  let summary = "Give operations the schedules that are expected to be fast";
  let description = [{
    Sets the `schedule` of operations that have none, and that nobody has tuned, by the
    [cost model](CostModel.md) alone: to the default of `dsa-tile-assign-schedules`, or to another
    legal one of the chip that the module's `dsa.target` names if that is expected to be faster by more
    than a fifth and 5 microseconds, about what the model may be wrong by. Sizes that are not static count as
    those of the options; `variants` is that of `dsa-tile-assign-schedules`. A remark of category
    `dsa-schedule` says what was taken, and what is expected. Leaves alone what has no default or no
    estimate, and what a selection scores.
  }];
  let options = [
    Option<"rows", "rows", "int64_t", /*default=*/"4096",
           "Rows of operations whose number is not static.">,
    Option<"keys", "keys", "int64_t", /*default=*/"32768",
           "Keys of operations whose number is not static.">,
    Option<"variants", "variants", "bool", /*default=*/"false",
           "Choose for few rows apart where only run time counts them.">,
  ];
  let dependentDialects = [
    "::mlir::dsa::DSADialect", "::mlir::dsa_tile::DSATileDialect",
  ];
}

#endif // DSA_TUNING_PASSES_TD
