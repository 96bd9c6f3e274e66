//===- RandomInputs.h - Made-up arguments -----------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Values for a function's arguments that depend on the seed alone. Floats are
// normal(0, 1), rounded to the element type. Integers hold what their use in
// the function asks for:
//
//   bounds            causal, the rows being the last T positions: lo = 0 and
//                     hi = N - T + t + 1, at least 0
//   positions         hi - 1
//   indices           K distinct keys of [0, N), ascending; -1 after all N
//   lengths           K
//   seq               0, 1, …, B - 1, again and again
//   ids               0, 1, … in each row
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_RANDOMINPUTS_H
#define DSA_RUNTIME_RANDOMINPUTS_H

#include "dsa/Runtime/InputRecipe.h"
#include "dsa/Runtime/OperandShapes.h"

namespace mlir::dsa {

/// How to make the values of one argument. `shapes` knows the sizes of all
/// arguments.
llvm::Expected<InputRecipe> makeInputRecipe(const EntryPoint &entry,
                                            unsigned argument,
                                            const ShapeEnvironment &shapes,
                                            uint64_t seed);

/// The values themselves.
llvm::Expected<HostTensor> makeRandomInput(const EntryPoint &entry,
                                           unsigned argument,
                                           const ShapeEnvironment &shapes,
                                           uint64_t seed);

} // namespace mlir::dsa

#endif // DSA_RUNTIME_RANDOMINPUTS_H
