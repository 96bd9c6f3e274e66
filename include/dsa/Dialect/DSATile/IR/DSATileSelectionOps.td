//===- DSATileSelectionOps.td - Counting and compacting tiles -*- tablegen -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===------------------------------------------------------------------------===//

// Included by DSATileOps.td, whose classes it uses.

#ifndef DSA_DIALECT_DSATILE_IR_DSATILESELECTIONOPS_TD
#define DSA_DIALECT_DSATILE_IR_DSATILESELECTIONOPS_TD

def DSATile_I32Tile : StaticShapeTensorOf<[I32]>;
def DSATile_Counts : MemRefRankOf<[I32], [1]>;

def DSATile_ScratchOp : DSATile_Op<"scratch"> {
  let summary = "memory of a block";
  let description = [{
    Memory that the threads of a block share while a program runs; nothing is in it at first.
    It begins `offset` bytes into the block's shared memory, which `dsa-tile-allocate-shared`
    sets. Only operations on tiles use it.

    Example (test/Dialect/DSATile/IR/selection-ops.mlir):

    ```mlir
    %list = dsa_tile.scratch : memref<8192xi32>
    ```

    Errors: memory of dynamic shape or of more than one dimension.
  }];
  let arguments = (ins OptionalAttr<I64Attr>:$offset);
  let results = (outs Res<AnyMemRef, "", [MemAlloc]>:$result);
  let assemblyFormat = "(`offset` `=` $offset^)? attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def DSATile_HistogramOp : DSATile_Op<"histogram"> {
  let summary = "count the elements of a tile by their value";
  let description = [{
    Adds one to `counts[bins[i]]` for every element `i` whose `mask` is true. Those elements must
    name one of the counts.

    Example (test/Dialect/DSATile/IR/selection-ops.mlir):

    ```mlir
    dsa_tile.histogram %digits mask(%m : tensor<4096xi1>) in %counts
        : tensor<4096xi32>, memref<2048xi32>
    ```

    Errors: a mask of another shape or layout than the tile.
  }];
  let arguments = (ins DSATile_I32Tile:$bins, Optional<DSATile_MaskTile>:$mask,
                       Arg<DSATile_Counts, "", [MemRead, MemWrite]>:$counts);
  let assemblyFormat = [{
    $bins (`mask` `(` $mask^ `:` type($mask) `)`)? `in` $counts attr-dict
    `:` type($bins) `,` type($counts)
  }];
  let hasVerifier = 1;
}

def DSATile_SearchOp : DSATile_Op<"search"> {
  let summary = "where a running sum reaches a number";
  let description = [{
    Gives the first place at which the sum of `counts` up to and with it reaches `rank`, the sum
    before it, and its own count. If the sum of all does not reach it, that is the last place.
    `rank` is at least 1. Warps exchange their sums `offset` bytes into shared memory.

    Example (test/Dialect/DSATile/IR/selection-ops.mlir):

    ```mlir
    %bin, %before, %count = dsa_tile.search %counts for %rank : memref<2048xi32>
    ```

    Errors: counts of dynamic shape.
  }];
  let arguments = (ins Arg<DSATile_Counts, "", [MemRead]>:$counts, I32:$rank,
                       OptionalAttr<I64Attr>:$offset);
  let results = (outs I32:$place, I32:$before, I32:$count);
  let assemblyFormat = [{
    $counts `for` $rank (`offset` `=` $offset^)? attr-dict `:` type($counts)
  }];
  let hasVerifier = 1;
}

def DSATile_ScanOp : DSATile_Op<"scan", [Pure]> {
  let summary = "number the true elements of a tile";
  let description = [{
    Gives for each element how many before it are true, and how many are in all. Warps
    exchange their sums `offset` bytes into shared memory.

    Example (test/Dialect/DSATile/IR/selection-ops.mlir):

    ```mlir
    %before, %all = dsa_tile.scan %hit : tensor<4096xi1> -> tensor<4096xi32>
    ```

    Errors: a tile of more than one dimension, a result of another shape or layout.
  }];
  let arguments = (ins DSATile_MaskTile:$mask, OptionalAttr<I64Attr>:$offset);
  let results = (outs DSATile_I32Tile:$before, I32:$total);
  let assemblyFormat = [{
    $mask (`offset` `=` $offset^)? attr-dict `:` type($mask) `->` type($before)
  }];
  let hasVerifier = 1;
}

def DSATile_ScatterOp : DSATile_Op<"scatter", [AttrSizedOperandSegments]> {
  let summary = "elements of a tile to places in memory";
  let description = [{
    Writes every element `i` whose `mask` is true to `dest[indices + places[i]]`; the last of
    `indices` counts on. Those places must be in the memory, and no two of them the same.
    With `dsa_tile.scan` this appends what a mask chooses, in order.

    Example (test/Dialect/DSATile/IR/selection-ops.mlir):

    ```mlir
    dsa_tile.scatter %x at %before mask(%hit : tensor<4096xi1>) to %list[%n]
        : tensor<4096xi32>, tensor<4096xi32>, memref<8192xi32>
    ```

    Errors: places or a mask of another shape or layout than the tile, differing element
    types, another number of indices than the memory has dimensions.
  }];
  let arguments = (ins DSATile_Tile:$tile, DSATile_I32Tile:$places,
                       Optional<DSATile_MaskTile>:$mask,
                       Arg<AnyMemRef, "", [MemWrite]>:$dest,
                       Variadic<Index>:$indices);
  let assemblyFormat = [{
    $tile `at` $places (`mask` `(` $mask^ `:` type($mask) `)`)?
    `to` $dest `[` $indices `]` attr-dict
    `:` type($tile) `,` type($places) `,` type($dest)
  }];
  let hasVerifier = 1;
}

#endif // DSA_DIALECT_DSATILE_IR_DSATILESELECTIONOPS_TD
