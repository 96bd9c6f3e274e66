//===- Arguments.h - From options to arguments ------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_TOOLS_DSA_RUN_ARGUMENTS_H
#define DSA_TOOLS_DSA_RUN_ARGUMENTS_H

#include "dsa/Runtime/OperandShapes.h"

#include <vector>

/// Where the function's arguments come from, as given on the command line.
struct ArgumentSources {
  /// name=file.npy
  std::vector<std::string> inputs;
  /// name=64x128
  std::vector<std::string> shapes;
  std::optional<uint64_t> seed;
};

struct Arguments {
  std::vector<mlir::dsa::HostTensor> tensors;
  mlir::dsa::ShapeEnvironment shapes;
};

/// Reads or makes up every argument and makes sure that their sizes agree.
llvm::Expected<Arguments> loadArguments(const mlir::dsa::EntryPoint &entry,
                                        const ArgumentSources &sources);

#endif // DSA_TOOLS_DSA_RUN_ARGUMENTS_H
