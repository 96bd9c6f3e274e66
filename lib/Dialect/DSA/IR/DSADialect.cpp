//===- DSADialect.cpp - The dsa dialect -----------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OpUtils.h"
#include "dsa/Dialect/DSA/IR/DSA.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::dsa;

#include "dsa/Dialect/DSA/IR/DSADialect.cpp.inc"
#include "dsa/Dialect/DSA/IR/DSAEnums.cpp.inc"

#include "dsa/Dialect/DSA/IR/DSAAttrInterfaces.cpp.inc"
#include "dsa/Dialect/DSA/IR/DSAOpInterfaces.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dsa/Dialect/DSA/IR/DSAAttributes.cpp.inc"

#define GET_OP_CLASSES
#include "dsa/Dialect/DSA/IR/DSAOps.cpp.inc"

void DSADialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dsa/Dialect/DSA/IR/DSAAttributes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dsa/Dialect/DSA/IR/DSAOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Attributes of other operations
//===----------------------------------------------------------------------===//

/// Whether `attr` is an array of attributes of type `AttrTy`.
template <typename AttrTy>
static LogicalResult verifyArrayOf(Operation *op, NamedAttribute attr,
                                   StringRef what) {
  auto array = dyn_cast<ArrayAttr>(attr.getValue());
  if (array && llvm::all_of(array, llvm::IsaPred<AttrTy>))
    return success();
  return op->emitOpError() << "expected '" << attr.getName().getValue()
                           << "' to be an array of " << what << ", but found "
                           << attr.getValue();
}

/// Whether `attr` is an array of sizes to tune for, {rows = 64, keys = 4096}.
static LogicalResult verifyTunedSizes(Operation *op, NamedAttribute attr) {
  auto isSizes = [](Attribute element) {
    auto sizes = dyn_cast<DictionaryAttr>(element);
    return sizes && llvm::all_of(sizes, [](NamedAttribute size) {
             auto number = dyn_cast<IntegerAttr>(size.getValue());
             return number && number.getInt() > 0 &&
                    llvm::is_contained({"rows", "keys", "sequences"},
                                       size.getName().getValue());
           });
  };
  auto array = dyn_cast<ArrayAttr>(attr.getValue());
  if (array && llvm::all_of(array, isSizes))
    return success();
  return op->emitOpError() << "expected '" << attr.getName().getValue()
                           << "' to be an array of {rows = …, keys = …, "
                              "sequences = …}, but found "
                           << attr.getValue();
}

LogicalResult DSADialect::verifyOperationAttribute(Operation *op,
                                                   NamedAttribute attr) {
  if (isa<ModuleOp>(op) &&
      (attr.getName() == kTargetAttrName || attr.getName() == "dsa.records"))
    return success();
  if (attr.getName() == kKernelModuleAttrName && isa<gpu::GPUModuleOp>(op))
    return success();
  if (attr.getName() == kSchedulesAttrName && isa<RowOpInterface>(op))
    return verifyArrayOf<ScheduleAttrInterface>(op, attr, "schedules");
  if (attr.getName() == kRefusedSchedulesAttrName && isa<RowOpInterface>(op))
    return verifyArrayOf<RefusedScheduleAttr>(op, attr,
                                              "#dsa.refused_schedule");
  if (attr.getName() == "dsa.times" && isa<RowOpInterface>(op)) {
    if (isa<DenseF64ArrayAttr>(attr.getValue()))
      return success();
    return op->emitOpError()
           << "expected 'dsa.times' to be an array<f64: …>, but found "
           << attr.getValue();
  }
  if (attr.getName() == "dsa.tune" && isa<FunctionOpInterface>(op))
    return verifyTunedSizes(op, attr);
  return op->emitOpError() << "cannot carry the attribute '"
                           << attr.getName().getValue() << "'";
}

//===----------------------------------------------------------------------===//
// Names of function arguments and results
//===----------------------------------------------------------------------===//

/// `index` is the place of the attribute among the `all` dictionaries; a name
/// may stand there only once.
static LogicalResult verifyName(Operation *op, NamedAttribute attr,
                                unsigned index, ArrayAttr all, StringRef what) {
  if (attr.getName() != kNameAttrName)
    return op->emitOpError() << "has unknown " << what << " attribute '"
                             << attr.getName().getValue() << "'";
  auto name = dyn_cast<StringAttr>(attr.getValue());
  if (!name || name.empty())
    return op->emitOpError() << "expected '" << kNameAttrName << "' of " << what
                             << " " << index << " to be a non-empty string";
  for (unsigned other = 0; other < index; ++other)
    if (cast<DictionaryAttr>(all[other]).get(kNameAttrName) == name)
      return op->emitOpError() << "names " << what << "s " << other << " and "
                               << index << " both '" << name.getValue() << "'";
  return success();
}

LogicalResult DSADialect::verifyRegionArgAttribute(Operation *op,
                                                   unsigned regionIndex,
                                                   unsigned argIndex,
                                                   NamedAttribute attr) {
  auto function = cast<FunctionOpInterface>(op);
  return verifyName(op, attr, argIndex, function.getAllArgAttrs(), "argument");
}

LogicalResult DSADialect::verifyRegionResultAttribute(Operation *op,
                                                      unsigned regionIndex,
                                                      unsigned resultIndex,
                                                      NamedAttribute attr) {
  auto function = cast<FunctionOpInterface>(op);
  return verifyName(op, attr, resultIndex, function.getAllResultAttrs(),
                    "result");
}

//===----------------------------------------------------------------------===//
// LoopScheduleAttr
//===----------------------------------------------------------------------===//

LogicalResult
LoopScheduleAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                         int64_t blockRows, int64_t blockKeys, int64_t threads,
                         int64_t chunkKeys) {
  if (blockRows < 1 || blockRows > 64)
    return emitError() << "expected block_rows in [1, 64], but found "
                       << blockRows;
  if (blockKeys < 16 || blockKeys > 1024 || blockKeys % 16 != 0)
    return emitError() << "expected block_keys to be a multiple of 16 in "
                          "[16, 1024], but found "
                       << blockKeys;
  if (threads < 1 || threads > 1024)
    return emitError() << "expected threads in [1, 1024], but found "
                       << threads;
  if (chunkKeys < 0 || chunkKeys % blockKeys != 0)
    return emitError() << "expected chunk_keys to be 0 or a multiple of "
                          "block_keys, but found "
                       << chunkKeys;
  return success();
}

LogicalResult LoopScheduleAttr::verifyFor(
    Operation *op, function_ref<InFlightDiagnostic()> emitError) const {
  // Every legal pair of tile sizes serves every operation.
  return success();
}
