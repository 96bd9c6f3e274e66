//===- LoopBuilder.h - Building loops over static tiles ---------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_DIALECT_DSA_TRANSFORMS_DECOMPOSE_LOOPBUILDER_H
#define DSA_LIB_DIALECT_DSA_TRANSFORMS_DECOMPOSE_LOOPBUILDER_H

#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "mlir/IR/AffineMap.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::dsa {

/// What the decompositions write again and again, on top of the upstream
/// builders: index arithmetic, loops, scratch memory, structured operations.
class LoopBuilder : public ImplicitLocOpBuilder {
public:
  using ImplicitLocOpBuilder::ImplicitLocOpBuilder;

  //===--- Scalars --------------------------------------------------------===//
  Value index(int64_t value);
  Value i32(int64_t value);
  Value f32(double value);
  Value toIndex(Value i32);
  Value add(Value a, Value b);
  Value sub(Value a, Value b);
  Value mul(Value a, Value b);
  Value minimum(Value a, Value b);
  Value maximum(Value a, Value b);
  /// Unsigned division, rounding up.
  Value ceilDiv(Value a, int64_t b);
  /// The bits of `value` in [least, most], signed.
  Value clamp(Value value, Value least, Value most);
  Value bothOf(Value a, Value b);
  Value eitherOf(Value a, Value b);
  /// Whether `least <= value < end`, signed.
  Value isWithin(Value value, Value least, Value end);
  /// Widens or narrows between floating-point types.
  Value toFloat(Value value, Type type);
  Value toF32(Value value) { return toFloat(value, getF32Type()); }

  //===--- Memory ---------------------------------------------------------===//
  Value dim(Value memref, int64_t dim);
  /// Uninitialised memory, private to one iteration of the enclosing loop.
  Value scratch(ArrayRef<int64_t> shape, Type elementType);
  Value scratch(Value size, Type elementType);
  Value load(Value memref, ValueRange indices);
  void store(Value value, Value memref, ValueRange indices);
  /// The part of `memref` at `offsets` of extent `sizes`; dimensions whose size
  /// is the attribute 1 and whose position is in `dropped` disappear.
  Value part(Value memref, ArrayRef<OpFoldResult> offsets,
             ArrayRef<OpFoldResult> sizes, ArrayRef<int64_t> dropped = {});

  //===--- Control --------------------------------------------------------===//
  /// A parallel loop over `[0, bounds)`; sequential inside another parallel
  /// loop.
  void forAll(ArrayRef<Value> bounds,
              function_ref<void(LoopBuilder &, ValueRange)> body);
  void forEach(Value begin, Value end, Value step,
               function_ref<void(LoopBuilder &, Value)> body);
  SmallVector<Value> forEach(
      Value begin, Value end, Value step, ValueRange inits,
      function_ref<SmallVector<Value>(LoopBuilder &, Value, ValueRange)> body);
  /// A loop over `[0, end)` inside one row whose iterations are independent.
  void forElements(Value end, function_ref<void(LoopBuilder &, Value)> body);
  /// The sum of `term` over `[0, end)`, an i32.
  Value sumOver(Value end, function_ref<Value(LoopBuilder &, Value)> term);
  void ifThen(Value condition, function_ref<void(LoopBuilder &)> then,
              function_ref<void(LoopBuilder &)> otherwise = {});

  //===--- Structured operations ------------------------------------------===//
  void fill(Value value, Value memref);
  /// `linalg.generic` over loops named d0, d1, …; `maps` gives for each operand
  /// the loops that index it. A loop that does not index `out` is a reduction.
  void generic(ValueRange ins, Value out, ArrayRef<SmallVector<unsigned>> maps,
               function_ref<Value(LoopBuilder &, ValueRange)> body);
  /// The same with several results, which the same loops index.
  void
  generic(ValueRange ins, ValueRange outs, ArrayRef<SmallVector<unsigned>> maps,
          function_ref<SmallVector<Value>(LoopBuilder &, ValueRange)> body);
};

/// The smallest extent of at least `size` that vectors cover evenly.
int64_t padToVector(int64_t size);

} // namespace mlir::dsa

#endif // DSA_LIB_DIALECT_DSA_TRANSFORMS_DECOMPOSE_LOOPBUILDER_H
