//===- Registration.cpp - Dialects, passes, remarks, in C -----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa-c/Registration.h"
#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "dsa/InitAll.h"
#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Registration.h"
#include "mlir/CAPI/Support.h"
#include "mlir/IR/Remarks.h"
#include "llvm/Support/Regex.h"

using namespace mlir;

MLIR_DEFINE_CAPI_DIALECT_REGISTRATION(DSA, dsa, dsa::DSADialect)
MLIR_DEFINE_CAPI_DIALECT_REGISTRATION(DSATile, dsa_tile,
                                      dsa_tile::DSATileDialect)

void dsaRegisterAllDialects(MlirDialectRegistry registry) {
  dsa::registerAllDialects(*unwrap(registry));
}

void dsaRegisterPasses() {
  // The registry of passes belongs to the process and takes a name but once.
  static const bool registered = [] {
    dsa::registerAllPasses();
    return true;
  }();
  (void)registered;
}

MlirLogicalResult dsaContextEnableRemarks(MlirContext context,
                                          MlirStringRef category) {
  MLIRContext &ctx = *unwrap(context);
  std::string why;
  if (!llvm::Regex(unwrap(category)).isValid(why)) {
    emitError(UnknownLoc::get(&ctx))
        << "expected a regular expression of categories, but found '"
        << unwrap(category) << "': " << why;
    return wrap(failure());
  }
  remark::RemarkCategories categories;
  categories.passed = unwrap(category).str();
  categories.missed = categories.failed = categories.analysis =
      categories.passed;
  return wrap(remark::enableOptimizationRemarks(
      ctx, /*streamer=*/nullptr,
      std::make_unique<remark::RemarkEmittingPolicyAll>(), categories,
      /*printAsEmitRemarks=*/true));
}

MlirAttribute dsaActivationAttrGet(MlirContext context,
                                   DsaActivation activation) {
  return wrap(dsa::ActivationAttr::get(
      unwrap(context), static_cast<dsa::Activation>(activation)));
}

MlirAttribute dsaLoopScheduleAttrGet(MlirContext context, int64_t blockRows,
                                     int64_t blockKeys, int64_t threads,
                                     int64_t chunkKeys) {
  MLIRContext *ctx = unwrap(context);
  return wrap(dsa::LoopScheduleAttr::getChecked(
      [&] { return emitError(UnknownLoc::get(ctx)); }, ctx, blockRows,
      blockKeys, threads, chunkKeys));
}
