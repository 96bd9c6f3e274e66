//===- DSAToTile.cpp - Operations as kernels on tiles ---------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DSAToTile/Patterns.h"
#include "dsa/Conversion/Passes.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "dsa/Dialect/DSATile/IR/Registers.h"
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
  return DenseI64ArrayAttr::get(
      context, {load, dsa_tile::getComputeRegisters(groups, load)});
}

scf::ForallOp dsa::createPrograms(ImplicitLocOpBuilder &b,
                                  ArrayRef<OpFoldResult> counts,
                                  dsa_tile::KernelAttr kernel) {
  SmallVector<Attribute> mapping;
  for (size_t dim = counts.size(); dim > 0; --dim)
    mapping.push_back(gpu::GPUBlockMappingAttr::get(
        b.getContext(), static_cast<gpu::MappingId>(dim - 1)));
  auto programs =
      scf::ForallOp::create(b, counts, ValueRange(), b.getArrayAttr(mapping));
  programs->setAttr(dsa_tile::kKernelAttrName, kernel);
  b.setInsertionPointToStart(programs.getBody());
  return programs;
}

namespace {
struct DSAToTilePass : public dsa::impl::DSAToTilePassBase<DSAToTilePass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    populateAttentionToTilePatterns(patterns);
    populateSparseAttentionToTilePatterns(patterns);
    populateIndexScoresToTilePatterns(patterns);
    populateSelectToTilePatterns(patterns);
    populateTopkToTilePatterns(patterns);
    populateTransposedAttentionToTilePatterns(patterns);
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};
} // namespace
