//===- BufferView.h - Parts of buffers as data ------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_TARGET_BUFFERVIEW_H
#define DSA_LIB_TARGET_BUFFERVIEW_H

#include "mlir/IR/Value.h"
#include "llvm/Support/JSON.h"

namespace mlir::dsa {

/// A memref as expressions of the launch record, in elements.
struct BufferView {
  /// The memref that it is a part of, or is.
  Value whole;
  llvm::json::Value offset = 0;
  llvm::json::Array sizes, strides;
};

/// Looks through casts, subviews and dimensions that become several. Reports
/// sizes that cannot be expressed.
FailureOr<BufferView> getBufferView(Value memref);

} // namespace mlir::dsa

#endif // DSA_LIB_TARGET_BUFFERVIEW_H
