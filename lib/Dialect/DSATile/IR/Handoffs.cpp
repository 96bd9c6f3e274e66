//===- Handoffs.cpp - Tiles that two warpgroups pass on -------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSATile/IR/DSATile.h"

using namespace mlir;
using namespace mlir::dsa_tile;

LogicalResult HandoffType::verify(function_ref<InFlightDiagnostic()> emitError,
                                  ArrayRef<RankedTensorType> tiles) {
  if (tiles.empty())
    return emitError() << "expected at least 1 tile";
  for (RankedTensorType tile : tiles) {
    auto slice = dyn_cast_if_present<SliceAttr>(tile.getEncoding());
    SharedAttr shared = getSharedLayout(tile);
    if (!shared && !(slice && slice.getDim() == 1))
      return emitError() << "expected tiles in shared memory or numbers of "
                            "rows, but found "
                         << tile;
    if (shared && shared.getRows())
      return emitError() << "expected tiles in one piece, but found " << tile;
    unsigned bits = tile.getElementTypeBitWidth();
    if (bits != 16 && bits != 32)
      return emitError() << "expected elements of 16 or 32 bits, but found "
                         << tile;
  }
  return success();
}

static int64_t getTileBytes(RankedTensorType tile) {
  int64_t bits = tile.getNumElements() * tile.getElementTypeBitWidth();
  return llvm::divideCeil(bits, 8);
}

int64_t HandoffType::getTileOffset(unsigned number) const {
  // The pattern of a swizzle repeats every 1024 bytes at most.
  constexpr int64_t kPatternBytes = 1024, kVectorBytes = 16;
  int64_t offset = 0;
  for (auto [i, tile] : llvm::enumerate(getTiles())) {
    offset = llvm::alignTo(offset, getSharedLayout(tile) ? kPatternBytes
                                                         : kVectorBytes);
    if (i == number)
      break;
    offset += getTileBytes(tile);
  }
  return offset;
}

int64_t HandoffType::getBytes() const {
  unsigned last = getTiles().size() - 1;
  return llvm::alignTo(getTileOffset(last) + getTileBytes(getTiles()[last]),
                       16);
}

LogicalResult HandoffGiveOp::verify() {
  ArrayRef<RankedTensorType> places = getHandoff().getType().getTiles();
  auto fits = [](RankedTensorType place, Value value) {
    auto tile = cast<RankedTensorType>(value.getType());
    bool isAccumulator = isa_and_present<AccumulatorAttr>(tile.getEncoding());
    return place.getShape() == tile.getShape() &&
           place.getElementType() == tile.getElementType() &&
           (getSharedLayout(place) ? isAccumulator : place == tile);
  };
  if (places.size() == getTiles().size() &&
      llvm::all_of(llvm::zip(places, getTiles()), [&](auto pair) {
        return fits(std::get<0>(pair), std::get<1>(pair));
      }))
    return success();
  return emitOpError() << "expected tiles in registers for "
                       << getHandoff().getType() << ", but found "
                       << getTiles().getTypes();
}

LogicalResult HandoffTakeOp::verify() {
  if (llvm::equal(getHandoff().getType().getTiles(), getResultTypes()))
    return success();
  return emitOpError() << "expected the tiles of " << getHandoff().getType()
                       << ", but found " << getResultTypes();
}
