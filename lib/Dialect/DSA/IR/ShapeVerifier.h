//===- ShapeVerifier.h - Shapes in terms of named sizes ---------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_DIALECT_DSA_IR_SHAPEVERIFIER_H
#define DSA_LIB_DIALECT_DSA_IR_SHAPEVERIFIER_H

#include "mlir/IR/Operation.h"
#include "llvm/ADT/StringMap.h"

namespace mlir::dsa {

/// Checks the operands of one operation against shapes given as size names
/// ("T", "H", …). The first static extent seen for a name binds it; a later one
/// that differs is an error with a note at the operand that bound the name.
class ShapeVerifier {
public:
  explicit ShapeVerifier(Operation *op) : op(op) {}

  /// All operands are tensors, or all are memrefs.
  LogicalResult checkOneKind();

  /// `value` (none is fine) has the shape `sizes`, and a number of bytes that
  /// can be counted.
  LogicalResult check(Value value, StringRef name, ArrayRef<StringRef> sizes);

  /// `value` (none is fine), which has the shape `sizes`, has static extents of
  /// at least `least` for those of them called `required`.
  LogicalResult requireStatic(Value value, StringRef name,
                              ArrayRef<StringRef> sizes,
                              ArrayRef<StringRef> required, int64_t least = 1);

  /// `value` (none is fine) has the element type of `other`.
  LogicalResult checkSameElementType(Value value, StringRef name, Value other,
                                     StringRef otherName);

  /// The operation has one destination for each of `names`, of which the last
  /// `optional` may be absent.
  LogicalResult checkDestinations(ValueRange inits, ArrayRef<StringRef> names,
                                  unsigned optional);

private:
  struct Size {
    int64_t extent;
    StringRef boundBy;
    Value operand;
  };
  Operation *op;
  llvm::StringMap<Size> sizes;
};

} // namespace mlir::dsa

#endif // DSA_LIB_DIALECT_DSA_IR_SHAPEVERIFIER_H
