//===- Manifest.h - Many cases and what they must give ----------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A manifest is JSON:
//
//   {"version": 1, "cases": [{
//     "name": "topk/f32", "kernels": "a.ptx", "launch": "a.json",
//     "entry": "main", "sample": true,
//     "inputs": {"scores": "scores.npy"},
//     "checks": [
//       {"kind": "close", "result": "out", "expected": "out.npy",
//        "tolerance": 1e-5, "floor": 1, "slack": "slack.npy"},
//       {"kind": "equal", "result": "ids", "expected": "ids.npy"},
//       {"kind": "selection", "indices": "indices", "count": "count",
//        "values": "values", "ordered": true, "expected": <expected>}]}]}
//
// Paths are relative to the manifest. What a selection is expected to be are
// files, {"indices", "count", "values"}, or a rule, {"scores", "k"} and
// optionally "factors", "lo", "hi", "positions" (files), "window", "first",
// "block". "floor", "slack", "values" and, in a case, "sample" may be absent.
// Every result of a function must be checked.
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TOOLS_DSA_PTX_RUN_MANIFEST_H
#define DSA_TOOLS_DSA_PTX_RUN_MANIFEST_H

#include "Checks.h"

/// A function with inputs, and what its results must be. Paths are usable.
struct Case {
  std::string name, kernels, launch, entry;
  /// One of a few that stand for all, for slow tools.
  bool sample = false;
  std::vector<std::pair<std::string, std::string>> inputs;
  std::vector<Check> checks;
};

llvm::Expected<std::vector<Case>> readManifest(llvm::StringRef path);

#endif // DSA_TOOLS_DSA_PTX_RUN_MANIFEST_H
