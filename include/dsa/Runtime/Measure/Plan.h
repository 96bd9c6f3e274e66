//===- Plan.h - What a search measures --------------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The file DIR/plan.json, which docs/Tuning.md describes: operations at some
// sizes, and for each the kernels that are compared. Whoever measures needs
// nothing else.
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_MEASURE_PLAN_H
#define DSA_RUNTIME_MEASURE_PLAN_H

#include "dsa/Runtime/InputRecipe.h"
#include "llvm/Support/JSON.h"

namespace mlir::dsa {

/// An argument that is made up where it is needed.
struct PlannedArgument {
  std::string name;
  llvm::SmallVector<int64_t, 4> shape;
  InputRecipe recipe;
};

/// Kernels and their launch record, whose only function is meant; files,
/// relative to the directory.
struct PlannedProgram {
  std::string kernels, launch;
};

/// How close a result must be to what is expected, as in docs/Accuracy.md; 0
/// for equal.
struct ResultTolerance {
  std::string name;
  double tolerance = 0;
};

/// What results are for few rows and keys: files of float64 or less, and what
/// each element may be off beside the tolerance, or "".
struct PlannedCheck {
  struct Result : ResultTolerance {
    std::string expected, slack;
  };
  std::vector<PlannedArgument> arguments;
  std::vector<Result> results;
};

struct PlannedCandidate {
  /// In the order of the space.
  unsigned number = 0;
  /// As MLIR prints it.
  std::string schedule;
  PlannedProgram program;
  /// What the cost model expects, in microseconds.
  std::optional<double> predicted;
  /// What the compiler takes where nothing was measured.
  bool isDefault = false;
};

/// An operation at some sizes.
struct PlannedCase {
  std::string name;
  int64_t rows = 0, keys = 0;
  /// A record without its winner, as MLIR prints it.
  std::string record;
  std::vector<PlannedArgument> arguments;
  /// What is known to be right; its results are what others must be close to.
  PlannedProgram reference;
  std::vector<ResultTolerance> results;
  std::optional<PlannedCheck> check;
  /// The most promising first.
  std::vector<PlannedCandidate> candidates;
};

struct MeasurePlan {
  static constexpr llvm::StringLiteral kFileName = "plan.json";
  static constexpr int64_t kVersion = 1;

  /// Stands for the specification, the options and the compiler.
  std::string key;
  std::string compiler, chip;
  /// Timed runs of a round, the rest before each, and rounds of the best.
  unsigned runs = 1;
  double idleMilliseconds = 0;
  unsigned rounds = 1;
  std::vector<PlannedCase> cases;
};

llvm::json::Value toJSON(const MeasurePlan &plan);

/// Reads DIR/plan.json. Errors say what was expected where, and what found.
llvm::Expected<MeasurePlan> readPlan(llvm::StringRef directory);

} // namespace mlir::dsa

#endif // DSA_RUNTIME_MEASURE_PLAN_H
