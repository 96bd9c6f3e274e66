//===- DSATileSchedules.td - Schedules of kernels on tiles ---*- tablegen -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===------------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSATILE_IR_DSATILESCHEDULES_TD
#define DSA_DIALECT_DSATILE_IR_DSATILESCHEDULES_TD

include "dsa/Dialect/DSA/IR/DSAInterfaces.td"
include "dsa/Dialect/DSATile/IR/DSATileAttributes.td"

def DSATile_ScoresScheduleAttr : DSATile_Attr<"ScoresSchedule", "scores_schedule", [
    DeclareAttrInterfaceMethods<DSA_ScheduleAttrInterface>]> {
  let summary = "how `dsa.index_scores` becomes a kernel on tiles";
  let description = [{
    A program scores `block_rows` rows against up to `split_keys` keys, 64 at a time, which
    pass through `slots` buffers of shared memory. `groups` warpgroups compute, each for
    its share of the rows and all of their heads, and issue products in turn if
    `ordered`. At most `blocks` blocks take programs in turn; 0: a block a program. Keys are divided so that the last turn is full. With
    `whole_rows` a block has one program, `blocks` run at a time, and a program scores all keys of its rows where that leaves at most
    one in 25 of the blocks idle in the last turn; the last rows, which see the most keys if bounds are causal, come first. Heads are padded to a multiple of eight. With `split_relu`,
    `dsa-tile-split-relu` first writes relu as an absolute value and a linear term.
    With `seq`, a program takes the sequences of its rows one after another: few rows
    waste the fewest products where rows of several sequences come together, as in decoding.

    Legal where: a chip with `wgmma`; q and k of f8E4M3FN, bf16 or f16, with rows of 32,
    64 or a multiple of 128 bytes; pages of 8, 16, 32 or a multiple of 64 keys; an even number of rows to a warpgroup with
    8 to 256 columns (rows × padded heads); registers for those; shared memory for two
    buffers of queries and the keys'.

    Space: 2, 4, 8, 16 or 32 rows for each of 1 to 4 groups; 512, 1024, 4096 or 16384 keys to a
    program; 2, 4 or 6 slots; a block a processor; ordered or not; relu split or not; whole rows, else 4096 keys, or not.

    ```mlir
    #dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 6, groups = 4,
                              blocks = 132, ordered = true, whole_rows = true>
    ```
  }];
  let parameters = (ins "int64_t":$block_rows, "int64_t":$split_keys,
                        "int64_t":$slots, "int64_t":$groups, "int64_t":$blocks,
                        DefaultValuedParameter<"bool", "false">:$ordered,
                        DefaultValuedParameter<"bool", "false">:$split_relu,
                        DefaultValuedParameter<"bool", "false">:$whole_rows);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Terms that the linear part of relu is written as.
    static constexpr int64_t kLinearTerms = 4;
    /// Keys that one product works on: the rows of its accumulator.
    static constexpr int64_t kBlockKeys = 64;
    /// Heads, padded so that groups of eight columns are of one row.
    static int64_t getPaddedHeads(int64_t heads) { return (heads + 7) / 8 * 8; }
    /// Of `whole_rows`: one in so many blocks may be idle in the last turn.
    static constexpr int64_t kMostIdle = 25;
  }];
}

def DSATile_AttentionScheduleAttr : DSATile_Attr<"AttentionSchedule", "attention_schedule", [
    DeclareAttrInterfaceMethods<DSA_ScheduleAttrInterface>]> {
  let summary = "how `dsa.attention` becomes a kernel on tiles";
  let description = [{
    A program attends for one head of `64 · groups` rows to `block_keys` keys at a time, which
    pass, like their values, through `slots` buffers of shared memory. `groups` warpgroups
    compute, each for 64 rows, and issue products in turn if `ordered`. With `delay`, the
    product with the values of a tile is computed beside the scores of the next one.

    Legal where: a chip with `wgmma`; bf16 or f16; no `seq`; keys and values of 16, 32
    or a multiple of 64 columns, up to 256; a scale above 0; shared memory for the queries
    and the buffers; registers for a row's values, scores and weights, and for each product.

    Space: 32, 64, 96, 128 or 192 keys; 1 to 4 slots; 1 to 3 groups; ordered or not, with a
    delay or not.

    ```mlir
    #dsa_tile.attention_schedule<block_keys = 128, slots = 2, groups = 2, ordered = true>
    ```
  }];
  let parameters = (ins "int64_t":$block_keys, "int64_t":$slots, "int64_t":$groups,
                        DefaultValuedParameter<"bool", "false">:$ordered,
                        DefaultValuedParameter<"bool", "false">:$delay);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def DSATile_SparseAttentionScheduleAttr
    : DSATile_Attr<"SparseAttentionSchedule", "sparse_attention_schedule", [
        DeclareAttrInterfaceMethods<DSA_ScheduleAttrInterface>]> {
  let summary = "how attention to gathered keys becomes a kernel on tiles";
  let description = [{
    A program attends for 64 heads of one row (padded where there are fewer) that have the same keys to
    the keys of their list, `block_keys` at a time, which are gathered into `slots` buffers of
    shared memory; without `V` they serve as values too, else these are gathered into as many. Each of
    `groups` warpgroups adds up its share of the values' columns. It computes all scores; or, with
    `split`, of two tiles, which have `slots` buffers each, it computes those of one, and passes their
    weights to the other warpgroup: in step, both relative to the largest score of both, or with
    `in_turn` one behind the other, so that either's softmax runs beside the other's products. That
    is faster where keys come late, from memory, and slower for few of them. `cluster` blocks, of as
    many programs of one row, run side by side, so that what they gather is read once. At most
    `blocks` blocks take programs in turn, and load for the next one while they write results; 0: a
    block a program. For `dsa.attention`, a row's range of keys is the list.

    Rows at the end that would keep at most half of the blocks busy, all rows where they are few,
    have up to `splits` programs each, as many as there are blocks for: each attends to an equal
    share of the keys, in whole tiles, or pairs of them with `split`, and writes f32 to memory,
    and programs of another kernel, one for a row and head, merge these.

    Legal where: a chip with `wgmma`; bf16 or f16; lists of at least one entry; keys of a multiple of
    64 columns; values of a multiple of `64 · groups` columns, at most 256 a group; a `block` that
    divides `block_keys`, or that these divide; a scale above 0; shared memory for the queries and the
    buffers, and registers; two groups for `split`; for `in_turn` that, and keys all of whose
    columns are values; blocks of heads that `cluster` divides; for `splits`, as many blocks at least
    as a row has blocks of heads, and tiles or pairs of tiles of a list.

    Space: 32, 48, 64, 96 or 128 keys; 1, 2, 3, 4 or 6 slots; 1 or 2 groups, which split
    tiles, in step or in turn, or not; clusters of 1 or 2; a block a program, or a processor, and then
    one split, or up to 16.

    ```mlir
    #dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true,
                                        cluster = 2, blocks = 132>
    ```
  }];
  let parameters = (ins "int64_t":$block_keys, "int64_t":$slots, "int64_t":$groups,
                        DefaultValuedParameter<"bool", "false">:$split,
                        DefaultValuedParameter<"bool", "false">:$in_turn,
                        DefaultValuedParameter<"int64_t", "1">:$cluster,
                        DefaultValuedParameter<"int64_t", "0">:$blocks,
                        DefaultValuedParameter<"int64_t", "1">:$splits);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Registers that each thread that loads keeps.
    static constexpr int64_t kLoadRegisters = 72;
    /// Heads of one program: the rows of an accumulator.
    static constexpr int64_t kBlockHeads = 64;
    /// Entries of a list that are taken in at a time.
    int64_t getStepKeys() const { return getBlockKeys() * (getSplit() ? 2 : 1); }
  }];
}

def DSATile_TransposedAttentionScheduleAttr
    : DSATile_Attr<"TransposedAttentionSchedule", "transposed_attention_schedule", [
        DeclareAttrInterfaceMethods<DSA_ScheduleAttrInterface>]> {
  let summary = "how attention for few heads becomes a kernel on tiles";
  let description = [{
    A program attends for up to `block_heads` heads of one row that have the same keys to the keys of
    their list, `64 · groups` at a time. Keys are the rows of products, and heads the columns,
    so that few heads take little: neither shared memory for queries nor time of matrix units is
    for 64 of them. Keys are gathered into `slots` buffers, and so are values where there is
    a `V`. Each of `groups` warpgroups scores 64 keys of a tile; of sums of values, each has 64 of
    `64 · groups` columns. At most `blocks` blocks take programs in turn; 0: a block a program. For
    `dsa.attention`, a row's range of keys is the list. Rows at the end, all rows where they are few,
    have up to `splits` programs each, as of a `sparse_attention_schedule`.

    Legal where: a chip with `wgmma`; bf16 or f16; lists of at least one entry; keys of a multiple of
    64 columns, values of a multiple of `64 · groups`; a `block` that divides `64 · groups`, or that
    these divide; a scale above 0; shared memory for the queries and the buffers; registers for the
    sums of values; for `splits`, as many blocks at least as a row has blocks of heads, and tiles of a
    list.

    Space: 16 or 32 heads; 1 to 4, 6 or 8 slots; 1 or 2 groups; a block a program, or a processor, and
    then one split, or up to 16.

    ```mlir
    #dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 1, blocks = 132>
    ```
  }];
  let parameters = (ins "int64_t":$block_heads, "int64_t":$slots, "int64_t":$groups,
                        DefaultValuedParameter<"int64_t", "0">:$blocks,
                        DefaultValuedParameter<"int64_t", "1">:$splits);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Registers that each thread that loads keeps.
    static constexpr int64_t kLoadRegisters = 72;
    /// Keys of one warpgroup: the rows of an accumulator.
    static constexpr int64_t kGroupKeys = 64;
    int64_t getBlockKeys() const { return kGroupKeys * getGroups(); }
  }];
}

def DSATile_TopkScheduleAttr : DSATile_Attr<"TopkSchedule", "topk_schedule", [
    DeclareAttrInterfaceMethods<DSA_ScheduleAttrInterface>]> {
  let summary = "how `dsa.topk` becomes a kernel on tiles";
  let description = [{
    A program of `groups` warpgroups reads one row, `block_keys` scores at a time, and lists the
    keys above a threshold in shared memory, in order. Where the list has no room for another
    tile, it keeps the best `K` of its keys and raises the threshold to the least of them, so
    that nothing overflows; keys that tie with it come later, and lose. The best `K` of what is
    listed at last are found by their digits, with `bins` counts for each. Rows that do not fit
    into the list of `candidates` keys begin with a threshold estimated from `sample` scores,
    pieces of 8 at equal distances; if fewer than `K` keys reach it, they are read again without.

    Where there are few rows, up to 16 programs share one, each with more keys than fit into its list;
    they list keys in memory, and a program of another kernel selects from these lists.

    Legal where: no `ids`, no `block`; `K` in [1, 8192]; memory without gaps; `candidates` of at
    least `K + block_keys`; shared memory for the list, with scores if values are asked for.

    ```mlir
    #dsa_tile.topk_schedule<block_keys = 2048, candidates = 8192, sample = 2048, bins = 2048,
                            groups = 4>
    ```
  }];
  let parameters = (ins "int64_t":$block_keys, "int64_t":$candidates,
                        "int64_t":$sample, "int64_t":$bins, "int64_t":$groups);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    static constexpr int64_t kMostK = 8192;
    /// Scores of the sample that lie together.
    static constexpr int64_t kPiece = 8;
    /// Entries of each tile are a multiple of this.
    int64_t getLeastTile() const;
    /// As `verifyFor`, for a `dsa.topk`, or the selection of a `dsa.select`.
    ::llvm::LogicalResult verifyForSelection(
        ::mlir::Operation *op,
        ::llvm::function_ref<::mlir::InFlightDiagnostic()> emitError) const;
  }];
}

def DSATile_SelectScheduleAttr : DSATile_Attr<"SelectSchedule", "select_schedule", [
    DeclareAttrInterfaceMethods<DSA_ScheduleAttrInterface>]> {
  let summary = "how `dsa.select` becomes kernels, some rows at a time";
  let description = [{
    `dsa-tile-chunk-selection` turns the selection into a loop on the host over chunks of rows: for
    each of them the operations of the region, into memory for the scores of one chunk, and
    a `dsa.topk` of these. They are kernels of their own, with schedules of their own: those of the
    operations in the region, and `topk`, or loops where that is not given. Each score has the bits
    that it has outside of a selection.

    With `candidates`, there are no scores in memory: the kernel of scores lists the keys of its rows while it
    scores them, and writes the best when it has seen all (`dsa_tile.shortlist.add`). Each of four
    lists of a row has room for so many keys. Results are the same, bit by bit. The memory of lists is that of
    the blocks that run at a time, whatever the number of rows and keys; where it is larger than `most_bytes`, the schedule is not
    legal. `topk` is not used.

    All chunks have the same number of rows: as many as make chunks of equal size, which `unit_rows`
    divides, with at most `most_rows` rows and their share of `most_bytes` bytes of scores, but one row at least. The last
    chunk ends with the last row; rows that it shares with the one before are selected from twice. Where
    relu is split, linear parts are computed for as many chunks at a time as have `most_rows` rows.

    Up to `concurrent` chunks run at the same time (`dsa_tile.concurrent`), each with memory of its own, for which
    `most_bytes` are shared: what one leaves idle, while its kernels begin and end, another uses. A program of the scores then takes as
    many keys as leave an eighth of a schedule's `blocks` to top-k of other chunks, and rows are divided among programs of top-k only if
    all chunks together have few.

    Legal where: the region creates the scores that it yields, from operations that can be tiled along rows,
    copies, sizes and arithmetic on numbers; there are keys; `topk` serves the selection as it would a
    `dsa.topk` with the same clauses; `concurrent` is at most 64. With `candidates`: `concurrent` is 1; one `dsa.index_scores` whose f32 scores are yielded
    as they are, under a scores_schedule with a limit of `blocks`; bounds of one of the two, or the same; no `block`, `window`
    or `first`; room for `K + 256` keys, a multiple of 4; shared memory for counting them beside that of scores.

    Space: 16, 32, 64 or 112 MiB of scores, or 64 or 112 MiB of three or four chunks at the same time, with each schedule for
    `dsa.topk`; lists for `K` keys and
    256, 512 or 1024 more.

    ```mlir
    #dsa_tile.select_schedule<most_rows = 8192, most_bytes = 117440512, unit_rows = 8,
      topk = <block_keys = 2048, candidates = 8192, sample = 2048, bins = 2048, groups = 4>, concurrent = 3>
    #dsa_tile.select_schedule<most_rows = 8192, most_bytes = 117440512, unit_rows = 8, candidates = 2560>
    ```
  }];
  let parameters = (ins "int64_t":$most_rows, "int64_t":$most_bytes,
                        DefaultValuedParameter<"int64_t", "1">:$unit_rows,
                        OptionalParameter<"::mlir::dsa_tile::TopkScheduleAttr">:$topk,
                        DefaultValuedParameter<"int64_t", "0">:$candidates,
                        DefaultValuedParameter<"int64_t", "1">:$concurrent);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Whether keys are listed while they are scored.
    bool isFused() const { return getCandidates() != 0; }
    /// Bytes of one chunk's scores.
    int64_t getChunkBytes() const { return getMostBytes() / getConcurrent(); }
  }];
}

#endif // DSA_DIALECT_DSATILE_IR_DSATILESCHEDULES_TD

