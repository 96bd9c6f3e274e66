//===- TilingInterfaceImpl.h - Tiling dsa ops along rows --------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSA_TRANSFORMS_TILINGINTERFACEIMPL_H
#define DSA_DIALECT_DSA_TRANSFORMS_TILINGINTERFACEIMPL_H

namespace mlir {
class DialectRegistry;
namespace dsa {
/// Every operation with rows can be tiled along them, on tensors and memrefs.
void registerTilingInterfaceExternalModels(DialectRegistry &registry);
} // namespace dsa
} // namespace mlir

#endif // DSA_DIALECT_DSA_TRANSFORMS_TILINGINTERFACEIMPL_H
