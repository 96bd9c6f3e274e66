//===- ShapeVerifier.cpp - Shapes in terms of named sizes -----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ShapeVerifier.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::dsa;

LogicalResult ShapeVerifier::checkOneKind() {
  auto isMemRef = [](Type type) { return isa<MemRefType>(type); };
  auto shaped = llvm::make_filter_range(
      op->getOperandTypes(), [](Type type) { return isa<ShapedType>(type); });
  if (llvm::any_of(shaped, isMemRef) && !llvm::all_of(shaped, isMemRef))
    return op->emitOpError(
        "expected all operands to be tensors or all to be memrefs");
  return success();
}

/// Whether an index of 64 bits counts the bytes, as far as extents are static.
static bool hasCountableBytes(ShapedType type) {
  if (llvm::is_contained(type.getShape(), 0))
    return true;
  int64_t bytes = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  return llvm::none_of(type.getShape(), [&](int64_t extent) {
    return !ShapedType::isDynamic(extent) &&
           llvm::MulOverflow(bytes, extent, bytes);
  });
}

LogicalResult ShapeVerifier::check(Value value, StringRef name,
                                   ArrayRef<StringRef> names) {
  if (!value)
    return success();
  auto type = cast<ShapedType>(value.getType());
  if (type.getRank() != static_cast<int64_t>(names.size()))
    return op->emitOpError()
           << "expected '" << name << "' of shape [" << llvm::join(names, ", ")
           << "], but found rank " << type.getRank();
  if (!hasCountableBytes(type))
    return op->emitOpError()
           << "expected '" << name
           << "' to have fewer than 2^63 bytes, but found " << type;
  for (auto [position, extent, size] :
       llvm::enumerate(type.getShape(), names)) {
    if (ShapedType::isDynamic(extent))
      continue;
    auto [known, isNew] = sizes.try_emplace(size, Size{extent, name, value});
    if (isNew || known->second.extent == extent)
      continue;
    InFlightDiagnostic diagnostic =
        op->emitOpError() << "expected dimension " << position << " of '"
                          << name << "' to be " << known->second.extent << " ("
                          << size << ", as in '" << known->second.boundBy
                          << "'), but found " << extent;
    diagnostic.attachNote(known->second.operand.getLoc())
        << "'" << known->second.boundBy << "' is "
        << known->second.operand.getType();
    return diagnostic;
  }
  return success();
}

LogicalResult ShapeVerifier::requireStatic(Value value, StringRef name,
                                           ArrayRef<StringRef> sizes,
                                           ArrayRef<StringRef> required,
                                           int64_t least) {
  if (!value)
    return success();
  auto type = cast<ShapedType>(value.getType());
  for (auto [position, size] : llvm::enumerate(sizes))
    if (llvm::is_contained(required, size)) {
      if (type.isDynamicDim(position))
        return op->emitOpError() << "expected dimension " << position << " of '"
                                 << name << "' (" << size << ") to be static";
      int64_t extent = type.getDimSize(position);
      if (extent < least || extent > INT32_MAX)
        return op->emitOpError() << "expected dimension " << position << " of '"
                                 << name << "' (" << size << ") to be in [1, "
                                 << INT32_MAX << "], but found " << extent;
    }
  return success();
}

LogicalResult ShapeVerifier::checkSameElementType(Value value, StringRef name,
                                                  Value other,
                                                  StringRef otherName) {
  if (!value)
    return success();
  Type found = getElementTypeOrSelf(value.getType());
  Type expected = getElementTypeOrSelf(other.getType());
  if (found == expected)
    return success();
  InFlightDiagnostic diagnostic =
      op->emitOpError() << "expected '" << name << "' to have element type "
                        << expected << ", as '" << otherName << "', but found "
                        << found;
  diagnostic.attachNote(other.getLoc())
      << "'" << otherName << "' is " << other.getType();
  return diagnostic;
}

LogicalResult ShapeVerifier::checkDestinations(ValueRange inits,
                                               ArrayRef<StringRef> names,
                                               unsigned optional) {
  unsigned least = names.size() - optional;
  if (inits.size() >= least && inits.size() <= names.size())
    return success();
  InFlightDiagnostic diagnostic = op->emitOpError() << "expected " << least;
  if (optional)
    diagnostic << " to " << names.size();
  diagnostic << " destinations (" << llvm::join(names, ", ") << "), but found "
             << inits.size();
  return diagnostic;
}
