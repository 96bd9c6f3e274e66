//===- TestRecord.h - A launch record to test with --------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_UNITTESTS_RUNTIME_CUDA_TESTRECORD_H
#define DSA_UNITTESTS_RUNTIME_CUDA_TESTRECORD_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FormatVariadic.h"

#include <string>

/// A record with one of everything.
inline const char *const kRecord = R"({
  "version": 1, "producer": "dsa 0.1.0", "chip": "sm_90a",
  "functions": [{
    "name": "main",
    "arguments": [
      {"name": "q", "element": "f32", "shape": [null, 4]},
      {"name": "n", "element": "i32", "shape": [3]}],
    "results": [{"name": "out", "buffer": 1}, {"name": "updated", "buffer": 0}],
    "buffers": [
      {"kind": "argument", "argument": 0, "element": "f32",
       "shape": [["size", 0, 0], 4]},
      {"kind": "result", "element": "bf16", "shape": [["size", 0, 0]]},
      {"kind": "workspace", "element": "i64",
       "shape": [["mul", ["size", 0, 0], 2], 3]},
      {"kind": "workspace", "element": "i1", "shape": [5]}],
    "variants": [
      {"when": ["eq", ["size", 0, 0], 100], "launches": []},
      {"when": 1, "launches": [{
        "kernel": "main_0",
        "grid": [["ceildiv", ["size", 0, 0], 2], 1, 1],
        "block": [256, 2, 1], "cluster": [2, 1, 1], "shared_memory": 65536,
        "parameters": [
          {"kind": "memref", "buffer": 0, "offset": 4,
           "sizes": [["sub", ["size", 0, 0], 1], 4], "strides": [4, 1]},
          {"kind": "i32", "value": -2},
          {"kind": "i64", "value": ["size", 0, 0]},
          {"kind": "f32", "value": 0.5}]}]}]
  }]
})";

/// `text` with the first `from`, which must be there, replaced.
inline std::string replaced(llvm::StringRef text, llvm::StringRef from,
                            llvm::StringRef to) {
  auto [before, after] = text.split(from);
  assert(before.size() < text.size() && "nothing to replace");
  return before.str() + to.str() + after.str();
}

/// The record with its launches repeated `count` times.
inline std::string repeated(llvm::StringRef text, llvm::StringRef count) {
  constexpr llvm::StringLiteral kOpen = R"({"when": 1, "launches": [)";
  constexpr llvm::StringLiteral kClose = R"(}]}]
  }]
})";
  assert(text.ends_with(kClose) && "no launches at the end");
  std::string inner =
      replaced(text, kOpen,
               (kOpen + R"({"repeat": )" + count + R"(, "launches": [)").str());
  return inner.substr(0, inner.size() - kClose.size()) + "}]" + kClose.str();
}

/// The fields of a parameter for it, over the first three columns of `q`.
inline const char *const kTensorMap = R"(
  "kind": "tensor_map", "buffer": 0, "sizes": [["size", 0, 0], 3],
  "strides": [4, 1], "box": [2, 8], "swizzle": 32)";

/// The record with a tensor map in the place of its memref.
inline std::string withTensorMap(llvm::StringRef fields) {
  return replaced(kRecord, R"("kind": "memref", "buffer": 0, "offset": 4,
           "sizes": [["sub", ["size", 0, 0], 1], 4], "strides": [4, 1])",
                  fields);
}

#endif // DSA_UNITTESTS_RUNTIME_CUDA_TESTRECORD_H
