//===- LaunchRecord.h - How a compiled module is launched -------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The launch record, whose format and meaning docs/LaunchRecord.md describes,
// as data. What was read is consistent: numbers of arguments, dimensions and
// buffers are those of ones that exist.
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_CUDA_LAUNCHRECORD_H
#define DSA_RUNTIME_CUDA_LAUNCHRECORD_H

#include "dsa/Runtime/HostTensor.h"

#include <array>
#include <vector>

namespace mlir::dsa::cuda {

using Shape = llvm::SmallVector<int64_t, 4>;

/// The value of an expression that others share, or why it has none.
struct SharedValue {
  int64_t value = 0;
  std::string error;
};

/// An integer that depends on the sizes of the arguments, and on how often the
/// launches around it have been repeated.
struct Expression {
  enum class Kind {
    Constant,
    Size,
    Iteration,
    Value,
    Add,
    Sub,
    Mul,
    Min,
    Max,
    FloorDiv,
    CeilDiv,
    Mod,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    And,
    Or,
    Select
  };

  Kind kind = Kind::Constant;
  /// Of a constant; or which of the repetitions around, the outermost first, or
  /// of the function's values.
  int64_t value = 0;
  /// Of a size.
  unsigned argument = 0, dimension = 0;
  std::vector<Expression> operands;

  /// Fails if a number does not fit in 64 bits, or a divisor is 0. Operands
  /// that the value does not depend on are not looked at.
  llvm::Expected<int64_t>
  evaluate(llvm::ArrayRef<Shape> arguments,
           llvm::ArrayRef<int64_t> iterations = {},
           llvm::ArrayRef<SharedValue> values = {}) const;
};

struct ArgumentRecord {
  std::string name;
  ElementKind element;
  /// Free extents are `kDynamicSize`.
  Shape shape;
};

/// An element of device memory.
struct BufferElement {
  std::string name;
  int64_t bytes = 0;
  /// None for what tensors in host memory do not have.
  std::optional<ElementKind> kind;
};

struct BufferRecord {
  enum class Kind { Argument, Result, Workspace };

  Kind kind;
  unsigned argument = 0;
  BufferElement element;
  std::vector<Expression> shape;
  /// How many of it there are: one for each iteration under way.
  unsigned copies = 1;
};

/// What must hold of the arguments' sizes.
struct RequirementRecord {
  Expression condition;
  std::string message;
};

struct ResultRecord {
  std::string name;
  unsigned buffer;
};

struct ParameterRecord {
  enum class Kind { Memref, TensorMap, I32, I64, F32 };

  Kind kind;
  unsigned buffer = 0;
  /// An integer's value, or where a view begins.
  Expression value;
  std::vector<Expression> sizes, strides;
  /// Of a tensor map: the extents of what is copied at once, and how many bytes
  /// of it are swizzled together.
  std::vector<unsigned> box;
  unsigned swizzle = 0;
  float number = 0;
};

/// A launch, or launches to repeat.
struct LaunchStep {
  /// How often `launches`, and nothing else, are to be launched.
  std::optional<Expression> repeat;
  std::vector<LaunchStep> launches;
  /// How many iterations may run at the same time.
  unsigned concurrent = 1;

  std::string kernel;
  std::array<Expression, 3> grid;
  std::array<unsigned, 3> block = {}, cluster = {};
  /// Dynamic shared memory in bytes.
  unsigned sharedMemory = 0;
  std::vector<ParameterRecord> parameters;
};

struct VariantRecord {
  Expression when;
  std::vector<LaunchStep> launches;
};

struct FunctionRecord {
  std::string name;
  std::vector<ArgumentRecord> arguments;
  /// What other expressions share; each may depend on those before it.
  std::vector<Expression> values;
  std::vector<RequirementRecord> requirements;
  std::vector<BufferRecord> buffers;
  std::vector<ResultRecord> results;
  std::vector<VariantRecord> variants;
};

struct LaunchRecord {
  static constexpr int64_t kVersion = 1;

  std::string producer, chip;
  std::vector<FunctionRecord> functions;

  /// The function called `name`; if that is empty, the only one.
  llvm::Expected<const FunctionRecord *> find(llvm::StringRef name) const;
};

/// Errors say where in the document what was expected, and what was found.
llvm::Expected<LaunchRecord> parseLaunchRecord(llvm::StringRef text);
llvm::Expected<LaunchRecord> readLaunchRecord(llvm::StringRef path);

} // namespace mlir::dsa::cuda

#endif // DSA_RUNTIME_CUDA_LAUNCHRECORD_H
