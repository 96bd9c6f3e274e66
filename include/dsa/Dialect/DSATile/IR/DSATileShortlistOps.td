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
    AllTypesMatch<["scores", "floors"]>, AllTypesMatch<["ends", "newEnds"]>]> {
  let summary = "list the keys of a tile whose scores exceed a floor";
  let description = [{
    Column `j` of `scores` are scores of row `j`, for the keys from `key` on. A row has four lists in
    `lists`, of shape `[rows, 4, 2, room]`, each for a quarter of a tile's keys: list `p` takes those from
    the `16 · p`-th on. Entries are scores, as bits, in one half of it, and the numbers of their keys in the other. A key
    is listed if its score exceeds `floors[i, j]`, the row's floor; if that is −inf or more, NaN and −inf
    never are. Keys are listed in order.

    `ends[i, j]` says where the list ends that takes key `i` of row `j`: at which entry of all, one list
    after another. There must be room in each list.

    Example (test/Dialect/DSATile/IR/shortlist-ops.mlir):

    ```mlir
    %e = dsa_tile.shortlist.add %scores from %key to %lists ends(%d) floors(%f)
        : tensor<64x8xf32>, tensor<64x8xi32>, memref<8x4x2x2560xi32>
    ```

    Errors: scores that are not of 64 keys; ends of another shape or layout than the scores; lists of
    other rows than the scores, or without room for a multiple of 4 keys.
  }];
  let arguments = (ins DSATile_F32Tile:$scores, Index:$key,
                       Arg<DSATile_Lists, "", [MemWrite]>:$lists,
                       DSATile_I32Tile:$ends, DSATile_F32Tile:$floors);
  let results = (outs DSATile_I32Tile:$newEnds);
  let assemblyFormat = [{
    $scores `from` $key `to` $lists `ends` `(` $ends `)` `floors` `(` $floors `)`
    attr-dict `:` type($scores) `,` type($ends) `,` type($lists)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Lists of a row, and of a tile the keys that one takes.
    static constexpr int64_t kLists = 4;
    static constexpr int64_t kBlockKeys = ScoresScheduleAttr::kBlockKeys;
    static constexpr int64_t kListKeys = kBlockKeys / kLists;
  }];
}

def DSATile_ShortlistFullOp : DSATile_Op<"shortlist.full"> {
  let summary = "whether lists must be shortened";
  let description = [{
    Gives whether some list has no room for the keys of eight more tiles. Each warpgroup asks for its own rows, so
    that not all may get the same answer. Its threads meet at a barrier as in `dsa_tile.shortlist.shorten`.

    Example (test/Dialect/DSATile/IR/shortlist-ops.mlir):

    ```mlir
    %full = dsa_tile.shortlist.full %lists ends(%e) : memref<8x4x2x2560xi32>, tensor<64x8xi32>
    ```

    Errors: as for `dsa_tile.shortlist.add`; room for fewer keys than eight tiles have.
  }];
  let arguments = (ins Arg<DSATile_Lists, "", [MemRead]>:$lists, DSATile_I32Tile:$ends,
                       OptionalAttr<I64Attr>:$barrier);
  let results = (outs I1:$result);
  let assemblyFormat = [{
    $lists `ends` `(` $ends `)` (`barrier` `=` $barrier^)? attr-dict
    `:` type($lists) `,` type($ends)
  }];
  let hasVerifier = 1;
}

def DSATile_ShortlistShortenOp : DSATile_Op<"shortlist.shorten", [
    AllTypesMatch<["ends", "newEnds"]>, AllTypesMatch<["floors", "newFloors"]>]> {
  let summary = "make room in lists, and raise floors";
  let description = [{
    Where a list has no room for the keys of eight more tiles, leaves out keys of its row that are not among
    the `keep` best, until there is; of other rows perhaps some. Of equal scores, those with the smaller key are better. The
    floor becomes a score that at least `keep` listed keys reach: a key that comes later and does not exceed
    it cannot be among the best. So nothing overflows, and nothing is lost, whatever the scores are.

    The threads of a warpgroup meet at barriers from number `barrier` on, one for each warpgroup, and exchange what
    they count `offset` bytes into shared memory; `dsa-tile-allocate-shared` sets both.

    Example (test/Dialect/DSATile/IR/shortlist-ops.mlir):

    ```mlir
    %g, %h = dsa_tile.shortlist.shorten %lists ends(%e) floors(%f) keep = 2048
        : memref<8x4x2x2560xi32>, tensor<64x8xi32>, tensor<64x8xf32>
    ```

    Errors: as for `dsa_tile.shortlist.add`; room for fewer than `keep + 256` keys.
  }];
  let arguments = (ins Arg<DSATile_Lists, "", [MemRead, MemWrite]>:$lists,
                       DSATile_I32Tile:$ends, DSATile_F32Tile:$floors,
                       ConfinedAttr<I64Attr, [IntPositive]>:$keep,
                       OptionalAttr<I64Attr>:$offset, OptionalAttr<I64Attr>:$barrier);
  let results = (outs DSATile_I32Tile:$newEnds, DSATile_F32Tile:$newFloors);
  let assemblyFormat = [{
    $lists `ends` `(` $ends `)` `floors` `(` $floors `)` `keep` `=` $keep
    (`offset` `=` $offset^)? (`barrier` `=` $barrier^)? attr-dict
    `:` type($lists) `,` type($ends) `,` type($floors)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// There is room for so many tiles afterwards, and for as many keys more
    /// that need not have been kept.
    static constexpr int64_t kTiles = 8;
    static constexpr int64_t kRoom = kTiles * ShortlistAddOp::kListKeys;
    static constexpr int64_t kSpare = 2 * kRoom;

    /// In shared memory, for each warpgroup: how many keys have each digit of a
    /// number of so many bits; of each of its `rows`, how many its lists have,
    /// and the floor; what warps exchange.
    static constexpr int64_t kDigitBits = 11, kBins = 1 << kDigitBits;
    static constexpr int64_t kExchanged = 8;
    static int64_t getGroupBytes(int64_t rows) {
      int64_t numbers =
          kBins + (ShortlistAddOp::kLists + 1) * rows + kExchanged;
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
    is lost. `barrier` and `offset` are as in `dsa_tile.shortlist.shorten`.

    Example (test/Dialect/DSATile/IR/shortlist-ops.mlir):

    ```mlir
    dsa_tile.shortlist.end %lists ends(%g) keep = 2048 to %indices, %count at %row
        : memref<8x4x2x2560xi32>, tensor<64x8xi32>, memref<?x1x2048xi32>, memref<?x1xi32>
    ```

    Errors: as for `dsa_tile.shortlist.shorten`; memory that is not for one list of `keep` keys a row.
  }];
  let arguments = (ins Arg<DSATile_Lists, "", [MemRead, MemWrite]>:$lists,
                       DSATile_I32Tile:$ends,
                       ConfinedAttr<I64Attr, [IntPositive]>:$keep,
                       Arg<MemRefRankOf<[I32], [3]>, "", [MemWrite]>:$indices,
                       Arg<MemRefRankOf<[I32], [2]>, "", [MemWrite]>:$count,
                       Arg<Optional<MemRefRankOf<[F32], [3]>>, "", [MemWrite]>:$values,
                       Index:$row, OptionalAttr<I64Attr>:$offset,
                       OptionalAttr<I64Attr>:$barrier);
  let assemblyFormat = [{
    $lists `ends` `(` $ends `)` `keep` `=` $keep `to` $indices `,` $count
    (`values` `(` $values^ `:` type($values) `)`)? `at` $row
    (`offset` `=` $offset^)? (`barrier` `=` $barrier^)? attr-dict
    `:` type($lists) `,` type($ends) `,` type($indices) `,` type($count)
  }];
  let hasVerifier = 1;
}

#endif // DSA_DIALECT_DSATILE_IR_DSATILESHORTLISTOPS_TD
