//===- PrefetchPrograms.cpp - Read ahead what begins a program ------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoadAhead.h"
#include "dsa/Dialect/DSATile/Transforms/Passes.h"

namespace mlir::dsa_tile {
#define GEN_PASS_DEF_PREFETCHPROGRAMSPASS
#include "dsa/Dialect/DSATile/Transforms/Passes.h.inc"
} // namespace mlir::dsa_tile

using namespace mlir;
using namespace mlir::dsa_tile;

/// Where to load ahead: where the last product that is stored is waited for, or
/// else where results are first stored; null if the program stores none.
static Operation *findPlace(scf::ForOp programs) {
  Operation *wait = nullptr;
  for (Operation &op : *programs.getBody()) {
    if (isa<StoreOp>(op))
      return wait ? wait : &op;
    if (isa<scf::ForOp>(op))
      wait = nullptr;
    if (isa<MmaWaitOp>(op))
      wait = &op;
  }
  return nullptr;
}

/// Loads before the program's first loop, into registers.
static SmallVector<Operation *> collectLoads(scf::ForOp programs) {
  SmallVector<Operation *> loads;
  for (Operation &op : *programs.getBody()) {
    if (isa<scf::ForOp, StoreOp>(op))
      break;
    if (isa<LoadOp, memref::LoadOp>(op))
      loads.push_back(&op);
  }
  return loads;
}

static void convert(scf::ForOp programs) {
  Operation *place = findPlace(programs);
  if (!place)
    return;
  for (Operation *load : collectLoads(programs)) {
    ImplicitLocOpBuilder b(load->getLoc(), programs);
    // A block has a first program: no more are launched than there are.
    Operation *first =
        copyForIteration(b, programs, load, programs.getLowerBound());
    if (!first)
      continue;
    b.setInsertionPoint(place);
    Operation *ahead =
        copyForIteration(b, programs, load, getNextIteration(b, programs));
    programs = carryLoad(programs, load, first, ahead);
  }
}

namespace {
struct PrefetchProgramsPass
    : public dsa_tile::impl::PrefetchProgramsPassBase<PrefetchProgramsPass> {
  void runOnOperation() override {
    SmallVector<scf::ForOp> loops;
    getOperation()->walk([&](WarpSpecializeOp roles) {
      for (Region &program : roles.getCompute())
        for (auto loop : program.getOps<scf::ForOp>())
          if (loop->hasAttr(kProgramsAttrName))
            loops.push_back(loop);
    });
    for (scf::ForOp loop : loops)
      convert(loop);
  }
};
} // namespace
