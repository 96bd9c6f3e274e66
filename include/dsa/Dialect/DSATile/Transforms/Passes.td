//===- Passes.td - Passes over kernels on tiles --------------*- tablegen -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===------------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSATILE_TRANSFORMS_PASSES_TD
#define DSA_DIALECT_DSATILE_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def AssignSchedulesPass : Pass<"dsa-tile-assign-schedules"> {
  let summary = "Give a schedule for tiles to operations that have a legal one";
  let description = [{
    Sets the `schedule` of operations on memrefs that have none to the default of the chip that the
    module's `dsa.target` names, where one is legal for the operation's shapes. Others are left
    for `dsa-assign-schedule`. With `variants`, dense attention whose rows only run time counts has one for
    few rows, by heads that have the same keys, and one for many. A remark of category `dsa-schedule` says
    what was chosen, or why nothing was.
  }];
  let options = [
    Option<"variants", "variants", "bool", /*default=*/"false",
           "Choose for few rows apart where only run time counts them.">,
  ];
  let dependentDialects = ["::mlir::dsa_tile::DSATileDialect"];
}

def ChunkSelectionPass : Pass<"dsa-tile-chunk-selection"> {
  let summary = "Select from a bounded number of rows at a time";
  let description = [{
    Turns each `dsa.select` on memrefs with a `#dsa_tile.select_schedule` into a loop over chunks of
    rows: what its region computes, for these rows, and a `dsa.topk` of the scores. Memory for the
    scores is that of one chunk, and all chunks have the same size, known before the loop:

    ```mlir
    scf.for %chunk = %c0 to %chunks step %c1 {
      %start = arith.muli %chunk, %rows : index
      %begin = arith.minsi %start, %last : index
      %q_rows = memref.subview %q[%begin, 0, 0] [%rows, 64, 128] [1, 1, 1] : …
      %scores = memref.alloc(%rows, %keys) : memref<?x?xf32>
      dsa.index_scores<relu> ins(%q_rows, %k : …) outs(%scores : memref<?x?xf32>)
      %i_rows = memref.subview %i[%begin, 0, 0] [%rows, 1, 2048] [1, 1, 1] : …
      dsa.topk ins(%scores : memref<?x?xf32>) outs(%i_rows, … : …)
    }
    ```

    With `concurrent = n` in the schedule the loop has the attribute `dsa_tile.concurrent = n : i64`: up to `n` of its iterations may run at the
    same time, in which case each has memory of its own for what the loop allocates, as the launch record says (`concurrent`, `copies`).
    CPUs run them in order.

    A `dsa.linear_part` in the region is computed before that loop, for `most_rows` rows at a time,
    in another one around it. Selections that list keys while they are scored (`candidates`) stay as they are but for that;
    they are the scorer's bounds that say what they see. Reports operations of the region that cannot be computed for some of the rows, and scores
    whose number of keys is not known before the region.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::dsa::DSADialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"
  ];
}

def SplitReluPass : Pass<"dsa-tile-split-relu"> {
  let summary = "Write relu as an absolute value and a linear term";
  let description = [{
    Rewrites `dsa.index_scores<relu>` on memrefs whose `#dsa_tile.scores_schedule` has
    `split_relu`: relu(x) = |x|/2 + x/2. The linear part is one vector for each row,
    which `dsa.linear_part` prepares as a few terms that the same matrix product
    multiplies by the key. An absolute value is free where it is multiplied and added;
    relu is an instruction of its own.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::dsa::DSADialect",
    "::mlir::memref::MemRefDialect"
  ];
}

def AssignLayoutsPass : Pass<"dsa-tile-assign-layouts"> {
  let summary = "Say which thread holds which element of each tile";
  let description = [{
    In every `scf.forall` that is a kernel on tiles, gives each tile a layout: the results of
    matrix products are accumulators, divided among the kernel's warpgroups; what
    products read and loads bring lies in shared memory; every other tile has the
    layout of those it is combined with. In kernels whose warps all run
    one program, all are striped. Numbers that are known everywhere (constants,
    `splat`, `iota`, loads into registers) are made once for each layout.
    Reports tiles that would need two layouts.
  }];
  let dependentDialects = ["::mlir::dsa_tile::DSATileDialect"];
}

def InsertChannelsPass : Pass<"dsa-tile-insert-channels"> {
  let summary = "Load into rings of buffers, through the copy engine";
  let description = [{
    Each load of a tile in shared memory becomes a channel, made at the kernel's
    beginning, with the load's number of slots: `acquire`, copies and `commit` where the
    load was, then `wait`, and `release` behind the last use. Loads that one product
    reads together share a channel. Tensor maps are made before the launch.
  }];
  let dependentDialects = ["::mlir::dsa_tile::DSATileDialect"];
}

def StartMmaPass : Pass<"dsa-tile-start-mma"> {
  let summary = "Begin matrix products and wait for them apart";
  let description = [{
    Splits each `dsa_tile.mma` into `mma_start` and `mma_wait`. The wait, and with it the release of
    what the product reads, stands where the result is first needed, before a warpgroup passes on
    tiles if the product reads some that it took, and where a later product is waited for; what depends on neither
    (loads into registers, coordinates, later products) runs beside the product.
  }];
  let dependentDialects = ["::mlir::dsa_tile::DSATileDialect"];
}

def OrderGroupsPass : Pass<"dsa-tile-order-groups"> {
  let summary = "Let warpgroups issue matrix products in turn";
  let description = [{
    In kernels that are `ordered`, puts `turn_wait` before and `turn_pass` behind every
    `mma_start`, or behind the last of several without a wait in between. Left alone, warpgroups run
    in step and compete: all multiply, then all compute on results. In turn, some multiply while
    others compute. A kernel that has turns already, by `dsa-tile-split-groups`, is left as it is.
  }];
  let dependentDialects = ["::mlir::dsa_tile::DSATileDialect"];
}

def SpecializeWarpsPass : Pass<"dsa-tile-specialize-warps"> {
  let summary = "Separate those who load from those who compute";
  let description = [{
    Copies a kernel's program into the two regions of `dsa_tile.warp_specialize`: `load` keeps
    what fills channels, with the control flow and the addresses that this needs,
    `compute` everything else.
  }];
  let dependentDialects = ["::mlir::dsa_tile::DSATileDialect"];
}

def PrefetchLoadsPass : Pass<"dsa-tile-prefetch-loads"> {
  let summary = "Read ahead what says where to load from";
  let description = [{
    In loops of those who load, tiles in registers (numbers of rows to gather) are loaded an
    iteration before they are needed, so that nobody waits for them; those of the first iteration
    before the role first waits for room. The last iteration loads its own again.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::dsa_tile::DSATileDialect",
    "::mlir::scf::SCFDialect"
  ];
}

def PrefetchProgramsPass : Pass<"dsa-tile-prefetch-programs"> {
  let summary = "Read ahead what begins a program";
  let description = [{
    Where those who compute go through several programs, what a program first loads into registers
    (queries, lengths of lists) is loaded before results of the one before are stored: it would
    arrive behind all of them. The last program loads its own again.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::dsa_tile::DSATileDialect",
    "::mlir::scf::SCFDialect"
  ];
}

def SplitDepthPass : Pass<"dsa-tile-split-depth"> {
  let summary = "Begin products before all of their operand is known";
  let description = [{
    Where a product's `a` lies in registers and is computed element by element, it and the product
    become parts of 16 columns each, one behind the other, so that matrix units begin when
    the first part is there. Other users take the parts side by side.
  }];
  let dependentDialects = ["::mlir::dsa_tile::DSATileDialect"];
}

def SplitGroupsPass : Pass<"dsa-tile-split-groups"> {
  let summary = "Divide the tiles of a loop's iteration between two warpgroups";
  let description = [{
    Gives each of the two warpgroups of a kernel a program of its own where a loop carries
    `dsa_tile.split`, and at least one iteration. The body has two chains of undivided products;
    each warpgroup computes its own, and what follows from it alone, and passes on what both
    need: operands of divided products, and numbers of rows. What an iteration computes before it
    needs the state of the one before begins within that one, so that matrix units have work while
    numbers of rows are passed on.

    Where what both chains lead to is the same with the chains exchanged, warpgroups go in step:
    each passes on at the same time as the other, and first adds those divided products whose
    operands it made itself. Where the second chain needs values of the first, and not the other
    way round, they go in turn: the first one passes on what the second needs, and takes what
    that makes of it; scores begin in turn as well.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::dsa_tile::DSATileDialect",
    "::mlir::scf::SCFDialect"
  ];
}

def InsertBarriersPass : Pass<"dsa-tile-insert-barriers"> {
  let summary = "Let threads of a block see what others wrote";
  let description = [{
    In kernels whose warps all run one program, puts `gpu.barrier` before an operation that
    touches scratch memory which has been written since the last barrier, or that writes what has
    been read. Additions of `dsa_tile.histogram` to the same counts need none between them.
    `dsa_tile.scan` and `dsa_tile.search` hold a barrier themselves.
  }];
  let dependentDialects = ["::mlir::gpu::GPUDialect"];
}

def AllocateSharedPass : Pass<"dsa-tile-allocate-shared"> {
  let summary = "Give channels, handoffs and scratch memory a place in shared memory";
  let description = [{
    Sets the offsets of each channel's slots and barriers, of each handoff, `dsa_tile.stage` and
    `dsa_tile.scratch`, one of where warps exchange sums, and what they have of columns, one of where
    warpgroups shorten lists, with the first of their barriers, and the launch's dynamic shared memory. Reports kernels that need more than the module's `dsa.target` has.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::dsa_tile::DSATileDialect"
  ];
}

#endif // DSA_DIALECT_DSATILE_TRANSFORMS_PASSES_TD
