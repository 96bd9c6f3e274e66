//===- Shortlist.cpp - The best keys of rows ------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSATile/IR/DSATile.h"

using namespace mlir;
using namespace mlir::dsa_tile;

LogicalResult WorkspaceOp::verify() {
  auto type = cast<MemRefType>(getResult().getType());
  if (!type.hasStaticShape())
    return emitOpError("expected static extents, but found ") << type;
  return success();
}

/// Reports lists that are not those of a tile's rows, or have no room for
/// `keep` keys and what comes until somebody makes room again.
static LogicalResult verifyLists(Operation *op, MemRefType lists,
                                 RankedTensorType tile, int64_t least) {
  if (tile.getRank() != 2 || tile.getDimSize(0) != ShortlistAddOp::kBlockKeys)
    return op->emitOpError("expected a tile of ")
           << ShortlistAddOp::kBlockKeys << " keys by rows, but found " << tile;
  ArrayRef<int64_t> shape = lists.getShape();
  if (!lists.hasStaticShape() || shape[0] != tile.getDimSize(1) ||
      shape[1] != ShortlistAddOp::kLists || shape[2] != 2)
    return op->emitOpError("expected lists of shape [")
           << tile.getDimSize(1) << ", " << ShortlistAddOp::kLists
           << ", 2, room], but found " << lists;
  constexpr int64_t kPiece = StripedAttr::kPiece;
  if (shape[3] < least || shape[3] % kPiece != 0)
    return op->emitOpError("expected room for at least ")
           << least << " keys, a multiple of " << kPiece << ", but found "
           << shape[3];
  return success();
}

static LogicalResult verifyBeside(Operation *op, Value ends, Value floors) {
  auto type = cast<RankedTensorType>(ends.getType());
  auto tile = cast<RankedTensorType>(floors.getType());
  if (type.getShape() == tile.getShape() &&
      type.getEncoding() == tile.getEncoding())
    return success();
  return op->emitOpError("expected ends of the shape and layout of ")
         << tile << ", but found " << type;
}

LogicalResult ShortlistAddOp::verify() {
  auto tile = cast<RankedTensorType>(getScores().getType());
  if (failed(verifyBeside(*this, getEnds(), getFloors())))
    return failure();
  return verifyLists(*this, cast<MemRefType>(getLists().getType()), tile,
                     StripedAttr::kPiece);
}

LogicalResult ShortlistFullOp::verify() {
  return verifyLists(*this, cast<MemRefType>(getLists().getType()),
                     cast<RankedTensorType>(getEnds().getType()),
                     ShortlistShortenOp::kRoom);
}

LogicalResult ShortlistShortenOp::verify() {
  auto tile = cast<RankedTensorType>(getFloors().getType());
  if (failed(verifyBeside(*this, getEnds(), getFloors())))
    return failure();
  return verifyLists(*this, cast<MemRefType>(getLists().getType()), tile,
                     static_cast<int64_t>(getKeep()) + kSpare);
}

LogicalResult ShortlistEndOp::verify() {
  auto ends = cast<RankedTensorType>(getEnds().getType());
  if (failed(verifyLists(*this, cast<MemRefType>(getLists().getType()), ends,
                         static_cast<int64_t>(getKeep()) +
                             ShortlistShortenOp::kSpare)))
    return failure();
  for (Value memory : {Value(getIndices()), Value(getValues())}) {
    if (!memory)
      continue;
    auto type = cast<MemRefType>(memory.getType());
    if (type.getDimSize(1) != 1 ||
        type.getDimSize(2) != static_cast<int64_t>(getKeep()))
      return emitOpError("expected memory for ")
             << getKeep() << " keys of each row, but found " << type;
  }
  auto type = cast<MemRefType>(getCount().getType());
  if (type.getDimSize(1) != 1)
    return emitOpError("expected memory for one number of each row, but found ")
           << type;
  return success();
}
