//===- DSAToTile.cpp - Operations as kernels on tiles ---------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DSAToTile/Patterns.h"
#include "dsa/Conversion/Passes.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_DSATOTILEPASS
#include "dsa/Conversion/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

DenseI64ArrayAttr dsa::getRegisterSplit(MLIRContext *context, int64_t groups,
                                        int64_t load) {
  // A processor has 64 K registers, given out in eights to each thread of four
  // equal parts; a thread can have 255.
  constexpr int64_t kRegisters = 65536, kMost = 240;
  int64_t each = kRegisters / (128 * (groups + 1)) / 8 * 8;
  int64_t rest = (each * (groups + 1) - load) / groups / 8 * 8;
  return DenseI64ArrayAttr::get(context, {load, std::min(rest, kMost)});
}

namespace {
struct DSAToTilePass : public dsa::impl::DSAToTilePassBase<DSAToTilePass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    populateAttentionToTilePatterns(patterns);
    populateSparseAttentionToTilePatterns(patterns);
    populateIndexScoresToTilePatterns(patterns);
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};
} // namespace
