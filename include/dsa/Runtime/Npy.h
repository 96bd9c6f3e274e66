//===- Npy.h - NumPy's array files ------------------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads and writes .npy files of the element types that host tensors have:
// little-endian, row-major. NumPy has no bf16 and no eight-bit floats: these
// are stored as raw bytes, `<V2` and `<V1`, as ml_dtypes does.
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_NPY_H
#define DSA_RUNTIME_NPY_H

#include "dsa/Runtime/HostTensor.h"
#include "llvm/Support/Error.h"

namespace llvm {
class raw_ostream;
} // namespace llvm

namespace mlir::dsa {

/// Reads a file of format version 1.0 or 2.0 that must hold exactly this
/// element kind and shape, in which sizes may be `kDynamicSize`. Errors
/// name the file, what was expected and what was found.
llvm::Expected<HostTensor> readNpy(llvm::StringRef path, ElementKind kind,
                                   llvm::ArrayRef<int64_t> shape);

/// Numbers of any type that such files can hold.
struct NpyValues {
  llvm::SmallVector<int64_t, 4> shape;
  std::vector<double> values;
};

/// Reads a file of any of the element kinds, or of float64 (`<f8`).
llvm::Expected<NpyValues> readNpyValues(llvm::StringRef path);

/// Writes format version 1.0 to a stream; the caller checks it for errors.
void writeNpy(llvm::raw_ostream &os, const HostTensor &tensor);

/// Files that appear together or not at all. `create` makes the directory if it
/// is missing and a temporary file for each name, and so finds out early
/// whether the directory can be written; `commit` fills them and gives them
/// their names. What was not committed is removed, the directory too if it was
/// made here.
class NpyOutputs {
public:
  static llvm::Expected<NpyOutputs> create(llvm::StringRef directory,
                                           llvm::ArrayRef<std::string> names);
  NpyOutputs(NpyOutputs &&);
  ~NpyOutputs();

  /// `tensors` are in the order of the names.
  llvm::Error commit(llvm::ArrayRef<HostTensor> tensors);

private:
  struct State;
  explicit NpyOutputs(std::unique_ptr<State> state);
  std::unique_ptr<State> state;
};

} // namespace mlir::dsa

#endif // DSA_RUNTIME_NPY_H
