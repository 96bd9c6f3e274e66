//===- VectorEmitter.h - The vector form of a structured op -----*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_DIALECT_DSA_TRANSFORMS_VECTORIZE_VECTOREMITTER_H
#define DSA_LIB_DIALECT_DSA_TRANSFORMS_VECTORIZE_VECTOREMITTER_H

#include "LoopRoles.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::dsa {

/// Writes a structured operation as loops over vectors. Accumulators are loop
/// results, so they stay in registers through reductions.
class VectorEmitter {
public:
  /// `lanes` f32 elements fill a vector register; `jam` rows of accumulators of
  /// `unroll` vectors each are in flight. They start as the scalar `start`, or
  /// as what is in memory if there is none.
  VectorEmitter(RewriterBase &rewriter, linalg::LinalgOp op, LoopRoles roles,
                Value start, int64_t lanes, int64_t jam, int64_t unroll)
      : b(op.getLoc(), rewriter), op(op), roles(std::move(roles)), start(start),
        lanes(lanes), jam(jam), unroll(unroll),
        ivs(this->roles.extents.size()) {}

  void emit() { emitParallel(0); }

private:
  /// Iterations `[begin, end)` of one loop, `step` at a time.
  struct Segment {
    int64_t begin, end, step;
  };
  /// Runs `body` for each step of a segment, with `ivs[loop]` set.
  void forSegment(unsigned loop, Segment segment, function_ref<void()> body);
  /// Splits an extent into steps of `widest` and a rest of ever smaller powers
  /// of two (or, if `halving` is false, one step).
  static SmallVector<Segment> split(int64_t extent, int64_t widest,
                                    bool halving);

  void emitParallel(unsigned position);
  void emitBlock(int64_t rows, int64_t width, int64_t vectors,
                 std::optional<Segment> lanesToReduce);
  SmallVector<Value>
  emitReductions(unsigned position, ArrayRef<Value> accumulators,
                 function_ref<SmallVector<Value>(ValueRange)> innermost);
  SmallVector<Value> emitBodies(ValueRange accumulators);
  Value emitBody(int64_t row, int64_t vector, Value accumulator);

  SmallVector<Value> getIndices(AffineMap map, int64_t row, int64_t vector);
  bool uses(AffineMap map, std::optional<unsigned> loop) const;
  Value loadOperand(unsigned number, int64_t row, int64_t vector);
  Value vectorized(Value scalar);
  VectorType getVectorType(Type elementType) const {
    return VectorType::get({width}, elementType);
  }

  ImplicitLocOpBuilder b;
  linalg::LinalgOp op;
  LoopRoles roles;
  Value start;
  int64_t lanes, jam, unroll;
  SmallVector<Value> ivs;
  /// Of the block being written.
  int64_t rows = 1, width = 1, vectors = 1;
  DenseMap<std::tuple<unsigned, int64_t, int64_t>, Value> loaded;
  DenseMap<Value, Value> splats;
};

} // namespace mlir::dsa

#endif // DSA_LIB_DIALECT_DSA_TRANSFORMS_VECTORIZE_VECTOREMITTER_H
