//===- BufferizableOpInterfaceImpl.h - Bufferisation of dsa ops -*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSA_TRANSFORMS_BUFFERIZABLEOPINTERFACEIMPL_H
#define DSA_DIALECT_DSA_TRANSFORMS_BUFFERIZABLEOPINTERFACEIMPL_H

namespace mlir {
class DialectRegistry;
namespace dsa {
void registerBufferizableOpInterfaceExternalModels(DialectRegistry &registry);
} // namespace dsa
} // namespace mlir

#endif // DSA_DIALECT_DSA_TRANSFORMS_BUFFERIZABLEOPINTERFACEIMPL_H
