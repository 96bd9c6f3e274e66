//===- Checks.h - What results have to be -----------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The same comparisons as in test/Integration/compare.py.
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TOOLS_DSA_PTX_RUN_CHECKS_H
#define DSA_TOOLS_DSA_PTX_RUN_CHECKS_H

#include "TopkRule.h"

#include <variant>

/// The results of a function by name.
struct Results {
  std::vector<std::string> names;
  std::vector<mlir::dsa::HostTensor> tensors;

  llvm::Expected<const mlir::dsa::HostTensor *>
  find(llvm::StringRef name) const;
};

/// A result is close to what a file holds. The error of an element is relative
/// to the largest finite magnitude in its row, which is at least `floor`; rows
/// are those of the first dimension. Up to what the file `slack` holds for an
/// element, if there is one, a difference is no error.
struct CloseCheck {
  static constexpr double kTiny = 1e-30;

  std::string result, expected;
  double tolerance;
  double floor = kTiny;
  std::string slack = {};
};

/// A result has the very values that a file holds.
struct EqualCheck {
  std::string result, expected;
};

/// Results select what files say, or what a rule says for the scores that are
/// another result.
struct SelectionCheck {
  /// The results' names; without values that one is empty.
  std::string indices, count, values;
  /// Whether the order of a list matters.
  bool ordered = true;
  struct Files {
    std::string indices, count, values;
  };
  std::variant<Files, TopkRule> expected;
};

using Check = std::variant<CloseCheck, EqualCheck, SelectionCheck>;

/// The names of the results that a check looks at.
std::vector<llvm::StringRef> getCheckedResults(const Check &check);

/// Fails if results are wrong, and says where.
llvm::Error runCheck(const Check &check, const Results &results);

/// The largest error of a tensor, in the sense of `CloseCheck`; infinite where
/// a value must be just the expected one and is not. `slack` is empty or has a
/// number for each element. Fails if shapes differ.
struct WorstError {
  double error = 0;
  int64_t index = 0;
};
llvm::Expected<WorstError> findWorstError(const mlir::dsa::HostTensor &actual,
                                          const mlir::dsa::NpyValues &expected,
                                          double floor,
                                          llvm::ArrayRef<double> slack = {});

/// With as many digits as a float32 has.
std::string printNumber(double value);

#endif // DSA_TOOLS_DSA_PTX_RUN_CHECKS_H
