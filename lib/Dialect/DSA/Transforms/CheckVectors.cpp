//===- CheckVectors.cpp - Refuse vectors that would be unrolled -----------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/Transforms/Passes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/MathExtras.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_CHECKVECTORSPASS
#include "dsa/Dialect/DSA/Transforms/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

/// Far above what programs have, and still lowered within seconds: time grows
/// with the square of the number of rows.
static constexpr uint64_t kMostRows = 1 << 10, kMostElements = 1 << 13;

/// Whether a vector has more than that; products may exceed 64 bits.
static bool isLarge(Type type) {
  auto vector = dyn_cast<VectorType>(type);
  if (!vector || vector.getRank() == 0)
    return false;
  uint64_t rows = 1;
  for (int64_t size : vector.getShape().drop_back())
    rows = llvm::SaturatingMultiply<uint64_t>(rows, size);
  uint64_t elements =
      llvm::SaturatingMultiply<uint64_t>(rows, vector.getShape().back());
  return rows > kMostRows || elements > kMostElements;
}

static LogicalResult check(Value value) {
  if (!isLarge(value.getType()))
    return success();
  return emitError(value.getLoc())
         << "cannot be lowered: expected vectors of at most " << kMostRows
         << " rows and " << kMostElements << " elements, but found "
         << value.getType();
}

namespace {
struct CheckVectorsPass
    : public dsa::impl::CheckVectorsPassBase<CheckVectorsPass> {
  void runOnOperation() override {
    WalkResult found = getOperation()->walk([](Operation *op) -> WalkResult {
      for (Value result : op->getResults())
        if (failed(check(result)))
          return failure();
      for (Region &region : op->getRegions())
        for (BlockArgument argument : region.getArguments())
          if (failed(check(argument)))
            return failure();
      return success();
    });
    if (found.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
