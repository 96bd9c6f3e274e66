//===- Variants.cpp - Schedules by run-time size --------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/DSA.h"

using namespace mlir;
using namespace mlir::dsa;

//===----------------------------------------------------------------------===//
// SizesAttr
//===----------------------------------------------------------------------===//

static LogicalResult verifyRange(function_ref<InFlightDiagnostic()> emitError,
                                 StringRef what, int64_t least, int64_t most) {
  if (least < 0)
    return emitError() << "expected least_" << what
                       << " to be 0 or more, but found " << least;
  if (most < least)
    return emitError() << "expected most_" << what << " to be at least "
                       << least << " (least_" << what << "), but found "
                       << most;
  return success();
}

LogicalResult SizesAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                int64_t leastRows, int64_t mostRows,
                                int64_t leastKeys, int64_t mostKeys) {
  if (failed(verifyRange(emitError, "rows", leastRows, mostRows)))
    return failure();
  return verifyRange(emitError, "keys", leastKeys, mostKeys);
}

bool SizesAttr::contains(SizesAttr other) const {
  return getLeastRows() <= other.getLeastRows() &&
         getMostRows() >= other.getMostRows() &&
         getLeastKeys() <= other.getLeastKeys() &&
         getMostKeys() >= other.getMostKeys();
}

bool SizesAttr::dependsOnRows() const {
  return getLeastRows() != 0 || getMostRows() != INT64_MAX;
}

bool SizesAttr::dependsOnKeys() const {
  return getLeastKeys() != 0 || getMostKeys() != INT64_MAX;
}

//===----------------------------------------------------------------------===//
// VariantAttr, VariantsAttr
//===----------------------------------------------------------------------===//

LogicalResult VariantAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                  SizesAttr sizes,
                                  ScheduleAttrInterface schedule) {
  if (isa<VariantsAttr>(schedule))
    return emitError() << "expected one schedule in a variant, but found "
                          "#dsa.variants";
  return success();
}

LogicalResult VariantsAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                   ArrayRef<VariantAttr> variants,
                                   ScheduleAttrInterface otherwise) {
  if (isa<VariantsAttr>(otherwise))
    return emitError() << "expected one schedule in 'otherwise', but found "
                          "#dsa.variants";
  if (variants.empty())
    return emitError() << "expected at least one variant";
  for (auto [number, variant] : llvm::enumerate(variants))
    for (auto [before, earlier] : llvm::enumerate(variants.take_front(number)))
      if (earlier.getSizes().contains(variant.getSizes()))
        return emitError() << "expected sizes that no earlier variant has, but "
                              "all those of variant "
                           << number << " are among those of variant "
                           << before;
  return success();
}

LogicalResult
VariantsAttr::verifyFor(Operation *op,
                        function_ref<InFlightDiagnostic()> emitError) const {
  for (auto [number, variant] : llvm::enumerate(getVariants())) {
    auto report = [&, number = number] {
      return emitError() << "variant " << number << ": ";
    };
    if (variant.getSizes().dependsOnKeys() && isa<MergeOp, LinearPartOp>(op))
      return report() << "expected sizes of rows alone, for the operation has "
                         "no keys";
    if (failed(variant.getSchedule().verifyFor(op, report)))
      return failure();
  }
  return getOtherwise().verifyFor(op,
                                  [&] { return emitError() << "otherwise: "; });
}
