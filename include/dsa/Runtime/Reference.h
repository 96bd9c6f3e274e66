//===- Reference.h - Results in float64, to check against -------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plain interpreter in double precision, written from the operations'
// documentation and sharing nothing with the compiler. It understands functions
// of dsa operations, `tensor.empty`, `tensor.dim`, `tensor.cast`,
// `arith.constant` and `linalg.fill`.
//
// Checking goes operation by operation: a result that the function returns is
// compared, and what follows is then computed from the value that was found, so
// that one rounding difference does not spread. Tolerances are relative to the
// largest reference value of a row (the innermost dimension).
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_REFERENCE_H
#define DSA_RUNTIME_REFERENCE_H

#include "dsa/Runtime/EntryPoint.h"

#include <vector>

namespace mlir::dsa {

/// A tensor of the reference: elements of the given kind, held as doubles and
/// not rounded to that kind.
struct ReferenceTensor {
  ElementKind kind = ElementKind::F32;
  llvm::SmallVector<int64_t, 4> shape;
  std::vector<double> data;
  /// Lower bounds of the magnitude that a row's errors are relative to, for
  /// rows that may be small only because their terms cancel; empty if there are
  /// none.
  std::vector<double> rowScale;
  /// By how much each element may differ beside what its kind's tolerance
  /// allows; empty for nothing.
  std::vector<double> slack;
  /// Whether these are the very values that the checked path worked on.
  bool exact = false;

  ReferenceTensor() = default;
  ReferenceTensor(ElementKind kind, llvm::ArrayRef<int64_t> shape);
  explicit ReferenceTensor(const HostTensor &tensor);
  int64_t getRowLength() const { return shape.empty() ? 1 : shape.back(); }
};

/// How one result of the function fared.
struct ResultCheck {
  enum class Method {
    Relative, ///< differences against the kind's tolerance
    Exact,    ///< every element equal
    NearTies, ///< a selection from scores that only the path has seen
  };
  Method method = Method::Relative;
  double error = 0, tolerance = 0;
  /// What is wrong; empty if the result is right.
  std::string failure;
};

struct CheckReport {
  /// In the order of the function's results.
  std::vector<ResultCheck> results;
  /// What limits the check's meaning; empty as a rule.
  std::vector<std::string> notes;
};

/// Fails if the function has an operation without a reference.
llvm::Error checkHasReference(func::FuncOp function);

/// The function's results for these arguments, and by how much those of kernels
/// on tiles may differ.
llvm::Expected<std::vector<ReferenceTensor>>
evaluateReference(func::FuncOp function, llvm::ArrayRef<HostTensor> arguments,
                  bool onTiles = false);

/// Checks what a path returned for these arguments, result by result. Kernels
/// on tiles (`onTiles`) round attention's weights to 16 bits, which costs what
/// docs/Accuracy.md says.
llvm::Expected<CheckReport>
checkAgainstReference(func::FuncOp function,
                      llvm::ArrayRef<HostTensor> arguments,
                      llvm::ArrayRef<HostTensor> results, bool onTiles = false);

} // namespace mlir::dsa

#endif // DSA_RUNTIME_REFERENCE_H
