//===- LaunchPlan.h - A launch record, for arguments of given sizes *- C++
//-*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_CUDA_LAUNCHPLAN_H
#define DSA_RUNTIME_CUDA_LAUNCHPLAN_H

#include "dsa/Runtime/CUDA/LaunchRecord.h"

namespace mlir::dsa::cuda {

/// Device memory of known size.
struct PlannedBuffer {
  const BufferRecord *record;
  Shape shape;
  int64_t bytes;

  int64_t getNumElements() const { return bytes / record->element.bytes; }
};

/// A view of a buffer for tensor copies; in elements, the outermost dimension
/// first, and within the driver's limits. Refers to the record.
struct PlannedTensorMap {
  const ParameterRecord *record;
  /// Its number in the plan.
  unsigned buffer;
  ElementKind element;
  int64_t offset;
  Shape sizes, strides;
};

/// One parameter of a kernel, of `bytes` bytes: a value, the first of `bits`;
/// or, known only when it is launched, a buffer's address or a tensor map.
struct PackedParameter {
  enum class Kind { Value, Address, TensorMap };

  /// If it is no value: the number of the buffer, or of the launch's map.
  uint64_t bits;
  unsigned bytes;
  Kind kind = Kind::Value;
};

struct PlannedLaunch {
  const LaunchStep *step;
  std::array<unsigned, 3> grid;
  std::vector<PackedParameter> parameters;
  std::vector<PlannedTensorMap> tensorMaps;
  /// Of which concurrent repetition it is, from 1, each time that this is run;
  /// 0 for none. Those of one may run at the same time if their lanes differ.
  unsigned repetition = 0, lane = 0;
};

/// What to allocate and what to launch, in order. Refers to the record.
struct LaunchPlan {
  const FunctionRecord *function;
  /// Those of the record, then further copies of them.
  std::vector<PlannedBuffer> buffers;
  /// Launches of nothing are left out, and those to repeat are here as often.
  std::vector<PlannedLaunch> launches;
};

/// Evaluates the record of a function for arguments of these shapes. They must
/// fit the record's; everything that a kernel is told of its buffers must lie
/// inside them.
llvm::Expected<LaunchPlan> planLaunches(const FunctionRecord &function,
                                        llvm::ArrayRef<Shape> arguments);

} // namespace mlir::dsa::cuda

#endif // DSA_RUNTIME_CUDA_LAUNCHPLAN_H
