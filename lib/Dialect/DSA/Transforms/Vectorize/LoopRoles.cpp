//===- LoopRoles.cpp - What each loop of a structured op is for -----------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoopRoles.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::dsa;

static bool isElementwiseBody(Block &body) {
  return llvm::all_of(body.without_terminator(), [](Operation &op) {
    return op.hasTrait<OpTrait::ConstantLike>() ||
           (OpTrait::hasElementwiseMappableTraits(&op) &&
            op.getNumResults() == 1);
  });
}

/// Whether the body adds to its last argument, and reads it nowhere else.
static bool isSum(Block &body) {
  Value result = body.getTerminator()->getOperand(0);
  BlockArgument total = body.getArguments().back();
  if (!total.hasOneUse())
    return false;
  if (auto fma = result.getDefiningOp<math::FmaOp>())
    return fma.getC() == total;
  if (auto add = result.getDefiningOp<arith::AddFOp>())
    return add.getLhs() == total || add.getRhs() == total;
  return false;
}

/// The loop that indexes the last dimension of the operand of highest rank; of
/// the destination, if it is one of those.
static std::optional<unsigned> getContiguousLoop(linalg::LinalgOp op) {
  unsigned rank = 0;
  std::optional<unsigned> loop;
  for (AffineMap map : op.getIndexingMapsArray()) {
    if (map.getNumResults() == 0 || map.getNumResults() < rank)
      continue;
    rank = map.getNumResults();
    loop = cast<AffineDimExpr>(map.getResult(rank - 1)).getPosition();
  }
  return loop;
}

/// Elements that lie in a vector as they lie in memory.
static bool isVectorElement(Type type) {
  return type.isIndex() ||
         (type.isIntOrFloat() && type.getIntOrFloatBitWidth() % 8 == 0);
}

/// Operands either have lanes contiguous in memory or do not depend on them.
static bool isVectorAccess(Type type, AffineMap map, unsigned lane) {
  auto memref = dyn_cast<MemRefType>(type);
  if (!memref)
    return map.getNumResults() == 0 && (type.isIntOrFloat() || type.isIndex());
  if (!isVectorElement(memref.getElementType()))
    return false;
  AffineExpr laneExpr = getAffineDimExpr(lane, map.getContext());
  if (!llvm::is_contained(map.getResults(), laneExpr))
    return true;
  return map.getResults().back() == laneExpr && memref.isLastDimUnitStride();
}

FailureOr<LoopRoles> dsa::getLoopRoles(linalg::LinalgOp op) {
  LoopRoles roles;
  roles.extents = op.getStaticLoopRanges();
  if (!op.hasPureBufferSemantics() || op.getNumDpsInits() != 1 ||
      !isElementwiseBody(*op.getBlock()) ||
      llvm::any_of(roles.extents, ShapedType::isDynamic) ||
      llvm::is_contained(roles.extents, 0) ||
      !llvm::all_of(op.getIndexingMapsArray(),
                    [](AffineMap map) { return map.isProjectedPermutation(); }))
    return failure();
  std::optional<unsigned> lane = getContiguousLoop(op);
  if (!lane)
    return failure();
  // Each element of the destination is one iteration of the parallel loops.
  AffineMap out = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  for (auto [loop, iterator] : llvm::enumerate(op.getIteratorTypesArray()))
    if (iterator == utils::IteratorType::parallel && !out.isFunctionOfDim(loop))
      return failure();
  roles.lane = *lane;
  for (auto [operand, map] :
       llvm::zip(op->getOperands(), op.getIndexingMapsArray()))
    if (!isVectorAccess(operand.getType(), map, roles.lane))
      return failure();

  for (auto [loop, iterator] : llvm::enumerate(op.getIteratorTypesArray())) {
    if (loop == roles.lane)
      continue;
    if (iterator == utils::IteratorType::reduction)
      roles.reductions.push_back(loop);
    else
      roles.parallel.push_back(loop);
  }
  roles.reducesLanes =
      op.getIteratorTypesArray()[roles.lane] == utils::IteratorType::reduction;
  if (roles.reducesLanes &&
      (!roles.reductions.empty() || !isSum(*op.getBlock())))
    return failure();
  bool accumulates = roles.reducesLanes || !roles.reductions.empty();
  if (accumulates && !roles.parallel.empty())
    roles.jam = roles.parallel.pop_back_val();
  return roles;
}
