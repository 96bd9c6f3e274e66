//===- DSATileShortlistOps.td - The best keys of rows ------*- tablegen -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===------------------------------------------------------------------------===//

// Included by DSATileOps.td, whose classes it uses.

#ifndef DSA_DIALECT_DSATILE_IR_DSATILESHORTLISTOPS_TD
#define DSA_DIALECT_DSATILE_IR_DSATILESHORTLISTOPS_TD

def DSATile_F32Tile : StaticShapeTensorOf<[F32]>;
def DSATile_Lists : MemRefRankOf<[I32], [4]>;

def DSATile_WorkspaceOp : DSATile_Op<"workspace"> {
  let summary = "memory of a block outside of the processor";
  let description = [{
    As `dsa_tile.scratch`, but in the chip's memory, where there is room for more. Programs that a
    block takes in turn have the same memory, so that its size depends on the number of blocks alone.
    `dsa-programs-to-blocks` allocates that of all blocks.

    Example (test/Dialect/DSATile/IR/shortlist-ops.mlir):

    ```mlir
    %lists = dsa_tile.workspace : memref<8x4x2x2560xi32>
    ```

    Errors: memory of dynamic shape.
  }];
  let results = (outs Res<AnyMemRef, "", [MemAlloc]>:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def DSATile_ShortlistAddOp : DSATile_Op<"shortlist.add", [
    AllTypesMatch<["counts", "newCounts"]>,
    AllTypesMatch<["scores", "floors", "newFloors"]>]> {
  let summary = "list the keys of a tile that may be among the best";
  let description = [{
    Column `j` of `scores` are scores of row `j`, for the keys from `key` on, a multiple of 64. A
    row has four lists in `lists`, of shape `[rows, 4, 2, room]`: list `p` takes keys from each tile's
    `16 · p`-th to before its `16 · (p + 1)`-th. Its entries are scores, as bits, in one half, and the numbers
    of their keys in the other. A key is listed where its `mask` is true and its score exceeds the row's floor. Keys
    come in order, those of a tile once; as floors begin with −inf, NaN and −inf are never listed.

    Where a list may not have room for eight more tiles, those keys of the row are left out that are
    not among its `keep` best; some of these may stay, but so few that there is room. Of equal scores,
    those with the smaller key are better. The floor becomes a score that at least `keep` listed keys reach,
    as no key that comes later and does not exceed it can be among the best. So nothing overflows, and nothing is lost,
    whatever the scores are.

    `counts[i, j]` is how many keys there are in the list that takes key `i` of row `j`, `floors[i, j]`
    that row's floor. At first they are 0 and −inf. The threads of a warpgroup meet at barriers from
    number `barrier` on, one for each warpgroup, and exchange what they count `offset` bytes into
    shared memory; `dsa-tile-allocate-shared` sets both.

    Example (test/Dialect/DSATile/IR/shortlist-ops.mlir):

    ```mlir
    %n, %f = dsa_tile.shortlist.add %scores mask(%m) from %key to %lists counts(%c) floors(%g) keep = 2048
        : tensor<64x8xf32>, tensor<64x8xi1>, tensor<64x8xi32>, memref<8x4x2x2560xi32>
    ```

    Errors: scores that are not of 64 keys; a mask or counts of another shape or layout than the scores; lists of
    other rows than the scores; room for fewer than `keep + 256` keys, or not for a multiple of 4.
  }];
  let arguments = (ins DSATile_F32Tile:$scores, DSATile_MaskTile:$mask, Index:$key,
                       Arg<DSATile_Lists, "", [MemRead, MemWrite]>:$lists,
                       DSATile_I32Tile:$counts, DSATile_F32Tile:$floors,
                       ConfinedAttr<I64Attr, [IntPositive]>:$keep,
                       OptionalAttr<I64Attr>:$offset, OptionalAttr<I64Attr>:$barrier);
  let results = (outs DSATile_I32Tile:$newCounts, DSATile_F32Tile:$newFloors);
  let assemblyFormat = [{
    $scores `mask` `(` $mask `)` `from` $key `to` $lists
    `counts` `(` $counts `)` `floors` `(` $floors `)` `keep` `=` $keep
    (`offset` `=` $offset^)? (`barrier` `=` $barrier^)? attr-dict
    `:` type($scores) `,` type($mask) `,` type($counts) `,` type($lists)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Lists of a row, and tiles between two looks at how full they are.
    static constexpr int64_t kLists = 4, kTiles = 8;
    static constexpr int64_t kBlockKeys = ScoresScheduleAttr::kBlockKeys;
    /// Keys of a tile that one list takes.
    static constexpr int64_t kListKeys = kBlockKeys / kLists;
    /// A list has room for this many more than are kept: what comes until
    /// somebody looks again, and as many that stay.
    static constexpr int64_t kSpare = 2 * kTiles * kListKeys;

    /// In shared memory, for each warpgroup: how many keys have each digit of a
    /// number of so many bits; of each of its `rows`, how many its lists have,
    /// and the floor; what warps exchange.
    static constexpr int64_t kDigitBits = 11, kBins = 1 << kDigitBits;
    static constexpr int64_t kExchanged = 8;
    static int64_t getGroupBytes(int64_t rows) {
      int64_t numbers = kBins + (kLists + 1) * rows + kExchanged;
      return (numbers + 3) / 4 * 16;
    }
  }];
}

def DSATile_ShortlistEndOp : DSATile_Op<"shortlist.end"> {
  let summary = "the best keys of rows, from their lists";
  let description = [{
    Writes the `keep` best of row `j`'s listed keys, or all if they are fewer, in ascending order to
    `indices[row + j, 0]`, with −1 behind them; to `values`, if given, their scores, with −inf behind them; and
    how many there are to `count[row + j, 0]`. Rows beyond the memory are left out. What is in the lists
    is lost.

    Example (test/Dialect/DSATile/IR/shortlist-ops.mlir):

    ```mlir
    dsa_tile.shortlist.end %lists counts(%n) keep = 2048 to %indices, %count at %row
        : memref<8x4x2x2560xi32>, tensor<64x8xi32>, memref<?x1x2048xi32>, memref<?x1xi32>
    ```

    Errors: as for `dsa_tile.shortlist.add`; memory that is not for one list of `keep` keys a row.
  }];
  let arguments = (ins Arg<DSATile_Lists, "", [MemRead, MemWrite]>:$lists,
                       DSATile_I32Tile:$counts,
                       ConfinedAttr<I64Attr, [IntPositive]>:$keep,
                       Arg<MemRefRankOf<[I32], [3]>, "", [MemWrite]>:$indices,
                       Arg<MemRefRankOf<[I32], [2]>, "", [MemWrite]>:$count,
                       Arg<Optional<MemRefRankOf<[F32], [3]>>, "", [MemWrite]>:$values,
                       Index:$row, OptionalAttr<I64Attr>:$offset,
                       OptionalAttr<I64Attr>:$barrier);
  let assemblyFormat = [{
    $lists `counts` `(` $counts `)` `keep` `=` $keep `to` $indices `,` $count
    (`values` `(` $values^ `:` type($values) `)`)? `at` $row
    (`offset` `=` $offset^)? (`barrier` `=` $barrier^)? attr-dict
    `:` type($lists) `,` type($counts) `,` type($indices) `,` type($count)
  }];
  let hasVerifier = 1;
}

#endif // DSA_DIALECT_DSATILE_IR_DSATILESHORTLISTOPS_TD
