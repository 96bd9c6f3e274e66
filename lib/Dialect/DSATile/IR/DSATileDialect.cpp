//===- DSATileDialect.cpp - The dsa_tile dialect --------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScheduleSpace.h"
#include "dsa/Dialect/DSATile/IR/ConcurrentLoops.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::dsa_tile;

#include "dsa/Dialect/DSATile/IR/DSATileDialect.cpp.inc"
#include "dsa/Dialect/DSATile/IR/DSATileEnums.cpp.inc"

#include "dsa/Dialect/DSATile/IR/DSATileAttrInterfaces.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dsa/Dialect/DSATile/IR/DSATileAttributes.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "dsa/Dialect/DSATile/IR/DSATileTypes.cpp.inc"

#define GET_OP_CLASSES
#include "dsa/Dialect/DSATile/IR/DSATileOps.cpp.inc"

void DSATileDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dsa/Dialect/DSATile/IR/DSATileAttributes.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "dsa/Dialect/DSATile/IR/DSATileTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dsa/Dialect/DSATile/IR/DSATileOps.cpp.inc"
      >();
  addInterface(detail::makeScheduleSpace(this));
}

LogicalResult DSATileDialect::verifyOperationAttribute(Operation *op,
                                                       NamedAttribute attr) {
  StringRef name = attr.getName();
  if ((name == kSplitAttrName || name == kProgramsAttrName) &&
      isa<scf::ForOp>(op)) {
    if (!isa<UnitAttr>(attr.getValue()))
      return op->emitOpError()
             << "expected '" << name << "' without a value, but found "
             << attr.getValue();
    return success();
  }
  if (name == kConcurrentAttrName && isa<scf::ForOp>(op)) {
    auto count = dyn_cast<IntegerAttr>(attr.getValue());
    if (count && count.getType().isInteger(64) && count.getInt() >= 1 &&
        count.getInt() <= kMostConcurrent)
      return success();
    return op->emitOpError()
           << "expected '" << name << "' to be an i64 from 1 to "
           << kMostConcurrent << ", but found " << attr.getValue();
  }
  if (attr.getName() != kKernelAttrName ||
      !isa<scf::ForallOp, gpu::LaunchOp>(op))
    return op->emitOpError() << "cannot carry the attribute '"
                             << attr.getName().getValue() << "'";
  if (!isa<KernelAttr>(attr.getValue()))
    return op->emitOpError()
           << "expected '" << kKernelAttrName
           << "' to be #dsa_tile.kernel, but found " << attr.getValue();
  return success();
}

//===----------------------------------------------------------------------===//
// Layouts
//===----------------------------------------------------------------------===//

LayoutAttrInterface dsa_tile::getLayout(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor ? dyn_cast_if_present<LayoutAttrInterface>(tensor.getEncoding())
                : LayoutAttrInterface();
}

SharedAttr dsa_tile::getSharedLayout(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor ? dyn_cast_if_present<SharedAttr>(tensor.getEncoding())
                : SharedAttr();
}

RankedTensorType dsa_tile::withLayout(Type type, Attribute layout) {
  auto tensor = cast<RankedTensorType>(type);
  return RankedTensorType::get(tensor.getShape(), tensor.getElementType(),
                               layout);
}

Attribute dsa_tile::getSliceLayout(int64_t dim, Attribute parent) {
  MLIRContext *context = parent.getContext();
  auto accumulator = dyn_cast<AccumulatorAttr>(parent);
  if (dim == 1 && accumulator && accumulator.getRowGroups() == 1)
    parent = AccumulatorAttr::get(context, 1, 1);
  return SliceAttr::get(context, dim, parent);
}

SharedAttr dsa_tile::getWidestSharedLayout(RankedTensorType type) {
  int64_t swizzle = 128;
  while (swizzle > 32 && getRowBytes(type) % swizzle != 0)
    swizzle /= 2;
  return SharedAttr::get(type.getContext(), swizzle, 0, 0);
}

int64_t dsa_tile::getRowBytes(RankedTensorType type) {
  return type.getShape().back() * type.getElementTypeBitWidth() / 8;
}

LogicalResult
dsa_tile::verifyGroups(function_ref<InFlightDiagnostic()> emitError,
                       int64_t rowGroups, int64_t columnGroups) {
  // A block has 1024 threads, and some load.
  constexpr int64_t kMost = 7;
  if (rowGroups < 1 || columnGroups < 1 || rowGroups > kMost ||
      columnGroups > kMost || rowGroups * columnGroups > kMost)
    return emitError() << "expected 1 to " << kMost
                       << " warpgroups that compute, but found " << rowGroups
                       << " x " << columnGroups;
  return success();
}

LogicalResult
dsa_tile::verifyCluster(function_ref<InFlightDiagnostic()> emitError,
                        int64_t cluster, int64_t blocks) {
  // Without asking for more, 8 is what every chip with clusters runs.
  if (cluster < 1 || cluster > 8)
    return emitError() << "expected clusters of 1 to 8 blocks, but found "
                       << cluster;
  if (blocks < 0 || blocks % cluster != 0)
    return emitError() << "expected blocks to be a multiple of cluster, or 0, "
                          "but found "
                       << blocks << " and " << cluster;
  return success();
}

LogicalResult
dsa_tile::verifySplits(function_ref<InFlightDiagnostic()> emitError,
                       int64_t splits, int64_t blocks) {
  constexpr int64_t kMost = 64;
  if (splits < 1 || splits > kMost)
    return emitError() << "expected 1 to " << kMost << " splits, but found "
                       << splits;
  if (splits > 1 && blocks == 0)
    return emitError() << "expected blocks for " << splits << " splits";
  return success();
}

LogicalResult SharedAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 int64_t swizzle, int64_t rows, int64_t pitch) {
  if (swizzle != 32 && swizzle != 64 && swizzle != 128)
    return emitError() << "expected swizzle to be 32, 64 or 128, but found "
                       << swizzle;
  if (rows < 0 || rows % 8 != 0 || pitch % 8 != 0 || pitch < rows ||
      (rows == 0 && pitch != 0))
    return emitError() << "expected rows and pitch to be multiples of 8, with "
                          "pitch at least rows, but found "
                       << rows << " and " << pitch;
  return success();
}

LogicalResult
SharedAttr::verifyEncoding(ArrayRef<int64_t> shape, Type elementType,
                           function_ref<InFlightDiagnostic()> emitError) const {
  if (shape.size() != 2)
    return emitError() << "expected a tile in shared memory to have 2 "
                          "dimensions, but found "
                       << shape.size();
  if (ShapedType::isDynamicShape(shape))
    return emitError() << "expected a tile of static shape";
  if (!elementType.isIntOrFloat())
    return emitError() << "expected elements that are numbers, but found "
                       << elementType;
  // More than any chip has; products of extents may exceed 64 bits.
  constexpr int64_t kMostBytes = 256 << 10;
  int64_t bits = elementType.getIntOrFloatBitWidth();
  if (llvm::SaturatingMultiply<uint64_t>(
          llvm::SaturatingMultiply<uint64_t>(shape[0], shape[1]), bits) >
      8 * kMostBytes)
    return emitError() << "expected a tile of at most " << kMostBytes
                       << " bytes, but found " << shape[0] << " × " << shape[1]
                       << " elements of " << bits << " bits";
  int64_t bytes = shape[1] * bits / 8;
  if (bytes == 0 || bytes % getSwizzle() != 0)
    return emitError() << "expected rows of a multiple of " << getSwizzle()
                       << " bytes, but found " << bytes;
  int64_t unit = getRows() ? getRows() : 8;
  if (shape[0] % unit != 0)
    return emitError() << "expected a multiple of " << unit
                       << " rows, but found " << shape[0];
  return success();
}

LogicalResult KernelAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 int64_t rowGroups, int64_t columnGroups,
                                 int64_t loadWarps, int64_t blocks,
                                 DenseI64ArrayAttr registers, bool ordered,
                                 int64_t cluster) {
  if (failed(verifyGroups(emitError, rowGroups, columnGroups)))
    return failure();
  if (loadWarps < 0 || loadWarps > 4)
    return emitError() << "expected 0 to 4 warps that load, but found "
                       << loadWarps;
  if (registers) {
    if (registers.size() != 2 || loadWarps != 4)
      return emitError() << "expected registers of 4 warps that load and of "
                            "those who compute, but found ["
                         << registers.asArrayRef() << "] and " << loadWarps
                         << " warps";
    for (int64_t count : registers.asArrayRef())
      if (count < 24 || count > 256 || count % 8 != 0)
        return emitError() << "expected registers to be a multiple of 8 in "
                              "[24, 256], but found "
                           << count;
  }
  if (blocks < 0)
    return emitError() << "expected blocks to be 0 or more, but found "
                       << blocks;
  return verifyCluster(emitError, cluster, blocks);
}
