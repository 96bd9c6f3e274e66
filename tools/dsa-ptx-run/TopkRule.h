//===- TopkRule.h - What a selection has to select --------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Scores that differ in rounding select differently, so a selection is checked
// against the scores that the same program computes. The same rule as
// test/Integration/oracle.py has.
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TOOLS_DSA_PTX_RUN_TOPKRULE_H
#define DSA_TOOLS_DSA_PTX_RUN_TOPKRULE_H

#include "dsa/Runtime/Npy.h"

struct TopkRule {
  /// The result that holds the scores, [T, N] or [T, G, N].
  std::string scores;
  /// Files. Factors, [T, G], multiply [T, N] scores in float32 and make G lists
  /// of a row; the others are [T]. Empty for what is absent.
  std::string factors, lo, hi, positions;
  int64_t k = 0;
  std::optional<std::pair<int64_t, int64_t>> window;
  std::optional<int64_t> first, block;
};

struct Selection {
  /// [T, G, K], [T, G] and [T, G, K].
  mlir::dsa::NpyValues indices, count, values;
};

/// What the rule selects.
llvm::Expected<Selection> applyRule(const TopkRule &rule,
                                    const mlir::dsa::HostTensor &scores);

#endif // DSA_TOOLS_DSA_PTX_RUN_TOPKRULE_H
