//===- DSATileOps.td - Operations of the dsa_tile dialect ----*- tablegen -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===------------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSATILE_IR_DSATILEOPS_TD
#define DSA_DIALECT_DSATILE_IR_DSATILEOPS_TD

include "dsa/Dialect/DSATile/IR/DSATileSchedules.td"
include "dsa/Dialect/DSATile/IR/DSATileTypes.td"
include "mlir/Dialect/LLVMIR/LLVMOpBase.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class DSATile_Op<string mnemonic, list<Trait> traits = []>
    : Op<DSATile_Dialect, mnemonic, traits>;

def DSATile_Tile : StaticShapeTensorOf<[AnyFloat, AnyInteger]>;
def DSATile_FloatTile : StaticShapeTensorOf<[AnyFloat]>;
def DSATile_MaskTile : StaticShapeTensorOf<[I1]>;

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

def DSATile_LoadOp : DSATile_Op<"load", [MemoryEffects<[MemRead]>]> {
  let summary = "a box of memory as a tile";
  let description = [{
    Reads the box of extents `box` that begins at `indices` of `source`. Elements
    outside of the memory are zero. The tile has the elements of the box in row-major
    order: all dimensions but the last, or all of them, may have become one. With several times
    as many `indices`, it has the boxes that begin at each of these, one below the other.

    `slots` says into how many buffers of shared memory loads of a loop go in turn,
    where the tile is read by `mma`; with 0 slots, and where nothing multiplies it, a tile goes to
    registers. With `inside`, the box is known to lie inside of the memory.

    Example (test/Dialect/DSATile/IR/ops.mlir):

    ```mlir
    %k = dsa_tile.load %keys[%s, %c0] box = [64, 128] slots = 4
        : memref<?x128xf8E4M3FN> -> tensor<64x128xf8E4M3FN>
    ```

    Errors: a box of another rank than the memory, a tile that the box cannot become,
    differing element types.
  }];
  let arguments = (ins AnyMemRef:$source, Variadic<Index>:$indices,
                       DenseI64ArrayAttr:$box,
                       DefaultValuedAttr<I64Attr, "1">:$slots, UnitAttr:$inside);
  let results = (outs DSATile_Tile:$result);
  let assemblyFormat = [{
    $source `[` $indices `]` `box` `=` $box
    (`slots` `=` $slots^)? (`inside` $inside^)? attr-dict `:` type($source) `->` type($result)
  }];
  let hasVerifier = 1;
}

def DSATile_GatherOp : DSATile_Op<"gather", [MemoryEffects<[MemRead]>]> {
  let summary = "rows of memory, by their numbers, as a tile";
  let description = [{
    Row `i` of the tile is row `numbers[i]` of `source`; where that is no row of `source`, it is zero,
    and nothing is read for it. Of wider rows the tile has the part that begins at `column`. `slots`
    is as in `dsa_tile.load`.

    Example (test/Dialect/DSATile/IR/ops.mlir):

    ```mlir
    %k = dsa_tile.gather %keys rows %numbers slots = 2
        : memref<?x576xbf16>, tensor<64xi32> -> tensor<64x576xbf16>
    ```

    Errors: a source whose rows do not have the tile's columns, numbers that are not i32, or not
    as many as the tile has rows.
  }];
  let arguments = (ins AnyMemRef:$source, DSATile_Tile:$numbers,
                       DefaultValuedAttr<I64Attr, "1">:$slots,
                       DefaultValuedAttr<ConfinedAttr<I64Attr, [IntNonNegative]>,
                                         "0">:$column);
  let results = (outs DSATile_Tile:$result);
  let assemblyFormat = [{
    $source `rows` $numbers (`column` `=` $column^)? (`slots` `=` $slots^)? attr-dict
    `:` type($source) `,` type($numbers) `->` type($result)
  }];
  let hasVerifier = 1;
}

def DSATile_StoreOp : DSATile_Op<"store", [
    MemoryEffects<[MemWrite]>, AttrSizedOperandSegments]> {
  let summary = "a tile to memory";
  let description = [{
    Writes element `(i, j)` of the tile to `dest[indices + (i, j)]`; with `transposed`, to
    `dest[indices + (j, i)]`. With `box`, the tile is the box of these extents that begins
    at `indices`, in row-major order, as in `dsa_tile.load`. Elements outside of the memory,
    and those whose `mask` is false, are not written. `inside` promises that the mask is
    false outside of the memory, so that nobody need look.

    Example (test/Dialect/DSATile/IR/ops.mlir):

    ```mlir
    dsa_tile.store %scores, %out[%row, %s] mask(%m : tensor<64x8xi1>) inside transposed
        : tensor<64x8xf32>, memref<?x?xf32>
    ```

    Errors: a tile of another rank than the memory, differing element types, a mask of
    another shape or layout than the tile, `inside` without a mask.
  }];
  let arguments = (ins DSATile_Tile:$tile, AnyMemRef:$dest,
                       Variadic<Index>:$indices,
                       Optional<DSATile_MaskTile>:$mask, UnitAttr:$inside,
                       UnitAttr:$transposed,
                       OptionalAttr<DenseI64ArrayAttr>:$box);
  let assemblyFormat = [{
    $tile `,` $dest `[` $indices `]` (`box` `=` $box^)?
    (`mask` `(` $mask^ `:` type($mask) `)`)?
    (`inside` $inside^)? (`transposed` $transposed^)? attr-dict
    `:` type($tile) `,` type($dest)
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

def DSATile_MmaOp : DSATile_Op<"mma", [Pure, AttrSizedOperandSegments]> {
  let summary = "matrix products of tiles";
  let description = [{
    `result_i = a · b_iᵀ (+ acc_i)` with products and sums in f32: `a` is `[M, K]`, `b_i` is
    `[N_i, K]`, the results are `[M, N_i]`. With `b_rows`, `b_i` is `[K, N_i]` and is not
    transposed; if it is wider than the result, its further columns are not read. Several
    `b` share one pass over `a`; with `b_rows`, they have the columns of one result, equally many
    each. With `a_rows`, `a` is `[K, M]` and is transposed. With `replicated`, every column group
    computes all columns. With `own_columns`, `b` has only the columns of the column group that
    computes.

    Example (test/Dialect/DSATile/IR/ops.mlir):

    ```mlir
    %x = dsa_tile.mma %k, %q
        : tensor<64x128xf8E4M3FN>, tensor<512x128xf8E4M3FN> -> tensor<64x512xf32>
    ```

    Errors: shapes that disagree, results that are not f32, `acc` of another number than
    `b` (unless there is none).
  }];
  let arguments = (ins DSATile_FloatTile:$a, Variadic<DSATile_FloatTile>:$bs,
                       Variadic<DSATile_FloatTile>:$accs, UnitAttr:$b_rows,
                       UnitAttr:$replicated, UnitAttr:$own_columns,
                       UnitAttr:$a_rows);
  let results = (outs Variadic<DSATile_FloatTile>:$results);
  let assemblyFormat = [{
    $a `,` $bs (`acc` `(` $accs^ `:` type($accs) `)`)? (`a_rows` $a_rows^)?
    (`b_rows` $b_rows^)? attr-dict
    `:` type($a) `,` type($bs) `->` type($results)
  }];
  let hasVerifier = 1;
}

def DSATile_MmaStartOp : DSATile_Op<"mma_start", [AttrSizedOperandSegments]> {
  let summary = "begin matrix products";
  let description = [{
    Begins what `dsa_tile.mma` computes, and does not wait. Tiles in shared memory must
    stay as they are until `dsa_tile.mma_wait`. With `continues`, it adds to products that are
    under way.

    Example (test/Dialect/DSATile/Transforms/start-mma.mlir):

    ```mlir
    %p = dsa_tile.mma_start %k, %q : … -> <tensor<64x512xf32, …>>
    ```
  }];
  let arguments = (ins DSATile_FloatTile:$a, Variadic<DSATile_FloatTile>:$bs,
                       Variadic<DSATile_FloatTile>:$accs,
                       Optional<DSATile_PendingType>:$continued, UnitAttr:$b_rows,
                       UnitAttr:$own_columns, UnitAttr:$a_rows);
  let results = (outs DSATile_PendingType:$result);
  let assemblyFormat = [{
    $a `,` $bs (`acc` `(` $accs^ `:` type($accs) `)`)?
    (`continues` `(` $continued^ `:` qualified(type($continued)) `)`)?
    (`a_rows` $a_rows^)? (`b_rows` $b_rows^)? attr-dict
    `:` type($a) `,` type($bs) `->` type($result)
  }];
  let hasVerifier = 1;
}

def DSATile_MmaWaitOp : DSATile_Op<"mma_wait"> {
  let summary = "wait for matrix products";
  let description = [{
    Waits until at most `outstanding` products that were begun later are under way, and
    gives the tiles; or no tiles where other products continue these, and only what they read is
    waited for.

    Example (test/Dialect/DSATile/Transforms/start-mma.mlir):

    ```mlir
    %x = dsa_tile.mma_wait %p : !dsa_tile.pending<tensor<64x512xf32, …>> -> tensor<64x512xf32, …>
    ```
  }];
  let arguments = (ins DSATile_PendingType:$pending,
                       DefaultValuedAttr<ConfinedAttr<I64Attr, [IntNonNegative]>,
                                         "0">:$outstanding);
  let results = (outs Variadic<DSATile_FloatTile>:$results);
  let assemblyFormat = [{
    $pending (`outstanding` `=` $outstanding^)? attr-dict
    `:` qualified(type($pending)) (`->` type($results)^)?
  }];
  let hasVerifier = 1;
}

def DSATile_ReduceOp : DSATile_Op<"reduce", [Pure]> {
  let summary = "combine the elements of rows, or of columns";
  let description = [{
    Combines (`add` or `max`) the elements along dimension `dim`: of rows (1) all of them or each
    `group` adjacent ones, of columns (0) all. The order is fixed by the layout, so the result is
    the same on every run. Columns lie in several warps, which exchange what they have `offset` bytes
    into shared memory.

    Example (test/Dialect/DSATile/IR/ops.mlir):

    ```mlir
    %s = dsa_tile.reduce<add> %x group = 64 : tensor<64x512xf32> -> tensor<64x8xf32>
    %m = dsa_tile.reduce<max> %x : tensor<64x128xf32> -> tensor<64xf32>
    %c = dsa_tile.reduce<max> %x dim = 0 : tensor<64x128xf32> -> tensor<128xf32>
    ```

    Errors: a result of another shape or element type, a `group` that does not divide
    the row, or is of a column; a `dim` other than 0 and 1.
  }];
  let arguments = (ins DSATile_FloatTile:$source, DSATile_ReductionAttr:$kind,
                       OptionalAttr<I64Attr>:$group,
                       OptionalAttr<I64Attr>:$offset,
                       DefaultValuedAttr<I64Attr, "1">:$dim);
  let results = (outs DSATile_FloatTile:$result);
  let assemblyFormat = [{
    `` $kind $source (`group` `=` $group^)? (`dim` `=` $dim^)? (`offset` `=` $offset^)?
    attr-dict `:` type($source) `->` type($result)
  }];
  let hasVerifier = 1;
}

def DSATile_ExpandOp : DSATile_Op<"expand", [Pure]> {
  let summary = "repeat a vector along a dimension";
  let description = [{
    Element `(i, j)` of the result is `source[j]` for `dim = 0` and `source[i]` for `dim = 1`.

    Example (test/Dialect/DSATile/IR/ops.mlir):

    ```mlir
    %y = dsa_tile.expand %w dim = 0 : tensor<512xf32> -> tensor<64x512xf32>
    ```

    Errors: a result of another extent or element type, a `dim` other than 0 and 1.
  }];
  let arguments = (ins DSATile_Tile:$source, I64Attr:$dim);
  let results = (outs DSATile_Tile:$result);
  let assemblyFormat = [{
    $source `dim` `=` $dim attr-dict `:` type($source) `->` type($result)
  }];
  let hasVerifier = 1;
}

def DSATile_ExtractOp : DSATile_Op<"extract", [Pure]> {
  let summary = "some columns of an accumulator, or rows of a tile in shared memory";
  let description = [{
    The part of a tile that begins at `offset` of dimension `dim`, where it lies. Of an
    accumulator that one warpgroup holds: columns, from a multiple of eight on. Of a tile in one
    piece of shared memory: rows, from a multiple of eight on, in a layout whose `pitch` says
    how many rows the whole has; or whole blocks of columns, as wide as the pattern.

    Example (test/Dialect/DSATile/Transforms/split-depth.mlir):

    ```mlir
    %part = dsa_tile.extract %x dim = 1 offset = 16
        : tensor<64x64xf32, #dsa_tile.accumulator<…>> -> tensor<64x16xf32, #dsa_tile.accumulator<…>>
    ```

    Errors: parts that lie outside, or not at a multiple of eight; other layouts.
  }];
  let arguments = (ins DSATile_Tile:$source, I64Attr:$dim, I64Attr:$offset);
  let results = (outs DSATile_Tile:$result);
  let assemblyFormat = [{
    $source `dim` `=` $dim `offset` `=` $offset attr-dict
    `:` type($source) `->` type($result)
  }];
  let hasVerifier = 1;
}

def DSATile_ConcatOp : DSATile_Op<"concat", [Pure]> {
  let summary = "accumulators side by side";
  let description = [{
    The columns of all sources, in their order, as one tile of the same layout, which one warpgroup
    holds.

    Example (test/Dialect/DSATile/Transforms/split-depth.mlir):

    ```mlir
    %x = dsa_tile.concat %a, %b : tensor<64x16xf32, …>, tensor<64x16xf32, …> -> tensor<64x32xf32, …>
    ```

    Errors: sources of other rows, element types or layouts, columns that do not add up.
  }];
  let arguments = (ins Variadic<DSATile_Tile>:$sources);
  let results = (outs DSATile_Tile:$result);
  let assemblyFormat = "$sources attr-dict `:` type($sources) `->` type($result)";
  let hasVerifier = 1;
}

def DSATile_ScaleRowsOp : DSATile_Op<"scale_rows", [
    Pure, AllTypesMatch<["tile", "result"]>]> {
  let summary = "multiply each row by its factor";
  let description = [{
    Element `(i, j)` of the result is `tile[i, j] · factors[i]`. Nothing is done for rows whose
    factor is one where that is so of all rows that a warp holds.

    Example (test/Dialect/DSATile/IR/ops.mlir):

    ```mlir
    %o = dsa_tile.scale_rows %out by %decay : tensor<64x512xf32>, tensor<64xf32>
    ```

    Errors: another number of factors than rows, differing element types.
  }];
  let arguments = (ins DSATile_FloatTile:$tile, DSATile_FloatTile:$factors);
  let results = (outs DSATile_FloatTile:$result);
  let assemblyFormat = [{
    $tile `by` $factors attr-dict `:` type($tile) `,` type($factors)
  }];
  let hasVerifier = 1;
}

def DSATile_MaskColumnsOp : DSATile_Op<"mask_columns", [
    Pure, AllTypesMatch<["tile", "result"]>]> {
  let summary = "−∞ in columns that do not count";
  let description = [{
    Element `(i, j)` of the result is `tile[i, j]` where `there[j]`, else −∞. Nothing is done where all
    columns that a warp holds count. The truth values lie in lanes, or in a slice of the tile's
    layout along dimension 0.

    Example (test/Dialect/DSATile/IR/ops.mlir):

    ```mlir
    %y = dsa_tile.mask_columns %x by %there : tensor<64x64xf32>, tensor<64xi1>
    ```

    Errors: another number of truth values than columns, elements that are no i1, other layouts.
  }];
  let arguments = (ins DSATile_FloatTile:$tile, DSATile_Tile:$there);
  let results = (outs DSATile_FloatTile:$result);
  let assemblyFormat = [{
    $tile `by` $there attr-dict `:` type($tile) `,` type($there)
  }];
  let hasVerifier = 1;
}

def DSATile_IotaOp : DSATile_Op<"iota", [Pure]> {
  let summary = "coordinates of a tile's elements";
  let description = [{
    Each element is its own coordinate along dimension `dim`, as i32.

    Example (test/Dialect/DSATile/IR/ops.mlir):

    ```mlir
    %i = dsa_tile.iota dim = 0 : tensor<64x8xi32>
    ```

    Errors: a `dim` that the tile does not have, elements other than i32.
  }];
  let arguments = (ins I64Attr:$dim);
  let results = (outs StaticShapeTensorOf<[I32]>:$result);
  let assemblyFormat = "`dim` `=` $dim attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def DSATile_SplatOp : DSATile_Op<"splat", [Pure]> {
  let summary = "a tile of one number";
  let description = [{
    Every element of the tile is `source`.

    Example (test/Dialect/DSATile/IR/ops.mlir):

    ```mlir
    %t = dsa_tile.splat %x : f32 -> tensor<64x8xf32>
    ```

    Errors: differing element types.
  }];
  let arguments = (ins AnyTypeOf<[AnyFloat, AnyInteger]>:$source);
  let results = (outs DSATile_Tile:$result);
  let assemblyFormat = "$source attr-dict `:` type($source) `->` type($result)";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Channels
//===----------------------------------------------------------------------===//

def DSATile_TensorMapOp : DSATile_Op<"tensor_map", [
    MemoryEffects<[MemRead]>]> {
  let summary = "what the copy engine is told of memory";
  let description = [{
    On the host: a descriptor of `source` for copies of boxes of extents `box`, whose
    innermost `swizzle` bytes are permuted as `#dsa_tile.shared` says. It becomes a kernel
    parameter of its own (docs/LaunchRecord.md).

    Example (test/Dialect/DSATile/IR/ops.mlir):

    ```mlir
    %map = dsa_tile.tensor_map %keys box = [64, 128] swizzle = 128 : memref<?x128xf8E4M3FN>
    ```

    Errors: a box of another rank than the memory, extents beyond 256, rows of a box
    other than `swizzle` bytes wide.
  }];
  let arguments = (ins AnyMemRef:$source, DenseI64ArrayAttr:$box,
                       I64Attr:$swizzle);
  let results = (outs LLVM_PointerInAddressSpace<0>:$result);
  let assemblyFormat = [{
    $source `box` `=` $box `swizzle` `=` $swizzle attr-dict `:` type($source)
  }];
  let hasVerifier = 1;
}

def DSATile_ChannelOp : DSATile_Op<"channel", [MemoryEffects<[MemAlloc]>]> {
  let summary = "make a ring of buffers";
  let description = [{
    The channel's buffers begin `offset` bytes into the block's shared memory, and its
    barriers, two for each slot, `barriers` bytes in; `dsa-tile-allocate-shared` sets
    both.

    Example (test/Dialect/DSATile/Transforms/allocate-shared.mlir):

    ```mlir
    %c = dsa_tile.channel offset = 0 barriers = 32768
        : !dsa_tile.channel<4 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
    ```
  }];
  let arguments = (ins OptionalAttr<I64Attr>:$offset,
                       OptionalAttr<I64Attr>:$barriers);
  let results = (outs DSATile_ChannelType:$result);
  let assemblyFormat = [{
    (`offset` `=` $offset^)? (`barriers` `=` $barriers^)? attr-dict
    `:` qualified(type($result))
  }];
}

def DSATile_ChannelAcquireOp : DSATile_Op<"channel.acquire"> {
  let summary = "wait for an empty slot";
  let description = [{
    Waits until the next slot has been released by all who read it. The copies that
    follow, up to `channel.commit`, fill it.

    Example (test/Dialect/DSATile/Transforms/insert-channels.mlir):

    ```mlir
    dsa_tile.channel.acquire %c : !dsa_tile.channel<…>
    ```
  }];
  let arguments = (ins DSATile_ChannelType:$channel);
  let assemblyFormat = "$channel attr-dict `:` qualified(type($channel))";
}

def DSATile_CopyOp : DSATile_Op<"copy"> {
  let summary = "copy boxes into the acquired slot";
  let description = [{
    Starts copies, through tensor map `map`, of all of tile `tile` of the acquired slot:
    the box of extents `extent` at `indices` (or several below each other, as in `dsa_tile.load`), in
    boxes of extents `box`.

    Example (test/Dialect/DSATile/Transforms/insert-channels.mlir):

    ```mlir
    dsa_tile.copy %map[%s, %c0] extent = [64, 128] box = [64, 128] to %c tile = 0
        : !dsa_tile.channel<…>
    ```

    Errors: a box that does not divide the extent, an extent that is not the tile.
  }];
  let arguments = (ins LLVM_PointerInAddressSpace<0>:$map, Variadic<Index>:$indices,
                       DenseI64ArrayAttr:$extent, DenseI64ArrayAttr:$box,
                       DSATile_ChannelType:$channel, I64Attr:$tile);
  let assemblyFormat = [{
    $map `[` $indices `]` `extent` `=` $extent `box` `=` $box `to` $channel
    `tile` `=` $tile attr-dict `:` qualified(type($channel))
  }];
  let hasVerifier = 1;
}

def DSATile_GatherCopyOp : DSATile_Op<"gather_copy"> {
  let summary = "acquire a slot and copy rows into it";
  let description = [{
    What `channel.acquire` and copies are to a load, to `dsa_tile.gather`: threads that load
    wait for an empty slot, and start the copies of their rows. `channel.commit` says when they
    are done. The channel has one tile.

    Example (test/Dialect/DSATile/Transforms/insert-channels.mlir):

    ```mlir
    dsa_tile.gather_copy %keys rows %numbers to %c
        : memref<?x576xbf16>, tensor<64xi32, #dsa_tile.rows<lanes = 8>>, !dsa_tile.channel<…>
    ```

    Errors: those of `dsa_tile.gather`, a channel of several tiles.
  }];
  let arguments = (ins AnyMemRef:$source, DSATile_Tile:$numbers,
                       DSATile_ChannelType:$channel,
                       DefaultValuedAttr<ConfinedAttr<I64Attr, [IntNonNegative]>,
                                         "0">:$column);
  let assemblyFormat = [{
    $source `rows` $numbers (`column` `=` $column^)? `to` $channel attr-dict
    `:` type($source) `,` type($numbers) `,` qualified(type($channel))
  }];
  let hasVerifier = 1;
}

def DSATile_ChannelCommitOp : DSATile_Op<"channel.commit"> {
  let summary = "go on to the next slot";
  let description = [{
    Says that all copies into the acquired slot have been started.

    Example (test/Dialect/DSATile/Transforms/insert-channels.mlir):

    ```mlir
    dsa_tile.channel.commit %c : !dsa_tile.channel<…>
    ```
  }];
  let arguments = (ins DSATile_ChannelType:$channel);
  let assemblyFormat = "$channel attr-dict `:` qualified(type($channel))";
}

def DSATile_ChannelWaitOp : DSATile_Op<"channel.wait"> {
  let summary = "wait for a full slot";
  let description = [{
    Waits until the next slot is full and gives its tiles. They are valid up to
    `channel.release`.

    Example (test/Dialect/DSATile/Transforms/insert-channels.mlir):

    ```mlir
    %k = dsa_tile.channel.wait %c : !dsa_tile.channel<…> -> tensor<64x128xf8E4M3FN, …>
    ```
  }];
  let arguments = (ins DSATile_ChannelType:$channel);
  let results = (outs Variadic<DSATile_Tile>:$tiles);
  let assemblyFormat = [{
    $channel attr-dict `:` qualified(type($channel)) `->` type($tiles)
  }];
  let hasVerifier = 1;
}

def DSATile_ChannelReleaseOp : DSATile_Op<"channel.release"> {
  let summary = "give a slot back";
  let description = [{
    Says that this warp reads the slot that it waited for no longer.

    Example (test/Dialect/DSATile/Transforms/insert-channels.mlir):

    ```mlir
    dsa_tile.channel.release %c : !dsa_tile.channel<…>
    ```
  }];
  let arguments = (ins DSATile_ChannelType:$channel);
  let assemblyFormat = "$channel attr-dict `:` qualified(type($channel))";
}

//===----------------------------------------------------------------------===//
// Handoffs
//===----------------------------------------------------------------------===//

def DSATile_HandoffOp : DSATile_Op<"handoff", [MemoryEffects<[MemAlloc]>]> {
  let summary = "a place through which a warpgroup passes tiles to another";
  let description = [{
    The tiles lie `offset` bytes into the block's shared memory, and the named barrier `barrier`
    tells of them; `dsa-tile-allocate-shared` sets both. One of two warpgroups gives, the other
    takes. Before it gives again, the first must have heard from the second, through another
    handoff, since the second last read what it took.

    Example (test/Dialect/DSATile/IR/ops.mlir):

    ```mlir
    %h = dsa_tile.handoff offset = 0 barrier = 3
        : !dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>>
    ```
  }];
  let arguments = (ins OptionalAttr<I64Attr>:$offset,
                       OptionalAttr<I64Attr>:$barrier);
  let results = (outs DSATile_HandoffType:$result);
  let assemblyFormat = [{
    (`offset` `=` $offset^)? (`barrier` `=` $barrier^)? attr-dict
    `:` qualified(type($result))
  }];
}

def DSATile_HandoffGiveOp : DSATile_Op<"handoff.give"> {
  let summary = "pass tiles to the other warpgroup";
  let description = [{
    Writes tiles that this warpgroup holds in registers to the handoff and tells the other one.

    Example (test/Dialect/DSATile/IR/ops.mlir):

    ```mlir
    dsa_tile.handoff.give %p, %decay to %h
        : tensor<64x64xbf16, …>, tensor<64xf32, …> to !dsa_tile.handoff<…>
    ```

    Errors: tiles of other shapes or element types than the handoff's, tiles that are not in
    registers.
  }];
  let arguments = (ins Variadic<DSATile_Tile>:$tiles,
                       DSATile_HandoffType:$handoff);
  let assemblyFormat = [{
    $tiles `to` $handoff attr-dict `:` type($tiles) `to` qualified(type($handoff))
  }];
  let hasVerifier = 1;
}

def DSATile_HandoffTakeOp : DSATile_Op<"handoff.take"> {
  let summary = "wait for tiles of the other warpgroup";
  let description = [{
    Waits until the other warpgroup has given tiles. Those whose layout in the handoff is one of
    registers are read, others stay where they are, and are valid until this warpgroup next gives
    something.

    Example (test/Dialect/DSATile/IR/ops.mlir):

    ```mlir
    %p, %decay = dsa_tile.handoff.take %h
        : !dsa_tile.handoff<…> -> tensor<64x64xbf16, …>, tensor<64xf32, …>
    ```

    Errors: other tiles than the handoff's.
  }];
  let arguments = (ins DSATile_HandoffType:$handoff);
  let results = (outs Variadic<DSATile_Tile>:$tiles);
  let assemblyFormat = [{
    $handoff attr-dict `:` qualified(type($handoff)) `->` type($tiles)
  }];
  let hasVerifier = 1;
}

def DSATile_StageOp : DSATile_Op<"stage"> {
  let summary = "a tile in registers as one in shared memory";
  let description = [{
    All who compute write what they hold of the tile to shared memory, `offset` bytes in, and wait
    for one another, so that their products can read all of it. The tile is valid until this operation
    runs again. `dsa-tile-allocate-shared` sets `offset`.

    Example (test/Dialect/DSATile/IR/ops.mlir):

    ```mlir
    %s = dsa_tile.stage %p : tensor<64x16xbf16> -> tensor<64x16xbf16>
    ```

    Errors: a result of another shape or element type, elements other than 16 bits, a source that is no
    accumulator or a result that is not in one piece of shared memory, where they have layouts.
  }];
  let arguments = (ins DSATile_FloatTile:$source, OptionalAttr<I64Attr>:$offset);
  let results = (outs DSATile_FloatTile:$result);
  let assemblyFormat = [{
    $source (`offset` `=` $offset^)? attr-dict `:` type($source) `->` type($result)
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Roles
//===----------------------------------------------------------------------===//

def DSATile_WarpSpecializeOp : DSATile_Op<"warp_specialize", [
    RecursiveMemoryEffects, NoRegionArguments, SingleBlock,
    SingleBlockImplicitTerminator<"RoleEndOp">]> {
  let summary = "one program for those who load, one for those who compute";
  let description = [{
    The warps behind those that compute run `load` (one thread of them, unless rows are
    gathered), all others run `compute`, at the same time; of several programs, each warpgroup
    runs its own. They meet in channels and handoffs only.

    Example (test/Dialect/DSATile/Transforms/specialize-warps.mlir):

    ```mlir
    dsa_tile.warp_specialize load { … } compute { … }
        kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, …>
    ```

    Errors: products in `load`, copies in `compute`, programs that are neither one nor as many as
    there are warpgroups.
  }];
  let arguments = (ins DSATile_KernelAttr:$kernel);
  let regions = (region SizedRegion<1>:$load,
                        VariadicRegion<SizedRegion<1>>:$compute);
  let assemblyFormat = [{
    `load` $load `compute` $compute `kernel` `=` qualified($kernel) attr-dict
  }];
  let hasRegionVerifier = 1;
}

def DSATile_RoleEndOp : DSATile_Op<"role_end", [
    Pure, Terminator, HasParent<"::mlir::dsa_tile::WarpSpecializeOp">]> {
  let summary = "end of a role's program";
  let description = "Ends a region of `dsa_tile.warp_specialize`.";
  let assemblyFormat = "attr-dict";
}

def DSATile_TurnWaitOp : DSATile_Op<"turn_wait"> {
  let summary = "wait for this warpgroup's turn";
  let description = [{
    Warpgroups that compute take turns: each waits for the one before to pass its turn
    on. The first turn is the first warpgroup's. All must wait and pass equally often.

    Example (test/Dialect/DSATile/Transforms/order-groups.mlir):

    ```mlir
    dsa_tile.turn_wait groups = 4
    ```
  }];
  let arguments = (ins ConfinedAttr<I64Attr, [IntPositive]>:$groups);
  let assemblyFormat = "`groups` `=` $groups attr-dict";
}

def DSATile_TurnPassOp : DSATile_Op<"turn_pass"> {
  let summary = "give the turn to the next warpgroup";
  let description = [{
    See `dsa_tile.turn_wait`.

    Example (test/Dialect/DSATile/Transforms/order-groups.mlir):

    ```mlir
    dsa_tile.turn_pass groups = 4
    ```
  }];
  let arguments = (ins ConfinedAttr<I64Attr, [IntPositive]>:$groups);
  let assemblyFormat = "`groups` `=` $groups attr-dict";
}

include "dsa/Dialect/DSATile/IR/DSATileSelectionOps.td"
include "dsa/Dialect/DSATile/IR/DSATileShortlistOps.td"

#endif // DSA_DIALECT_DSATILE_IR_DSATILEOPS_TD
