//===- DSAOps.td - Operations of the dsa dialect -------------*- tablegen -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===------------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSA_IR_DSAOPS_TD
#define DSA_DIALECT_DSA_IR_DSAOPS_TD

include "dsa/Dialect/DSA/IR/DSAAttributes.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

//===----------------------------------------------------------------------===//
// Operand constraints
//===----------------------------------------------------------------------===//

class DSA_TensorOrMemRefOf<list<Type> types>
    : AnyTypeOf<[RankedTensorOf<types>, MemRefOf<types>]>;

def DSA_Float : DSA_TensorOrMemRefOf<[F32, F16, BF16]>;
def DSA_F32 : DSA_TensorOrMemRefOf<[F32]>;
def DSA_I32 : DSA_TensorOrMemRefOf<[I32]>;
/// What scoring reads: eight-bit floats too.
def DSA_IndexFloat : DSA_TensorOrMemRefOf<[F32, F16, BF16, F8E4M3FN]>;
/// Keys and values of attention. The one place to admit further storage forms.
def DSA_KeyValue : DSA_TensorOrMemRefOf<[F32, F16, BF16]>;
def DSA_AnyShaped : DSA_TensorOrMemRefOf<[F32, F16, BF16, I32]>;

//===----------------------------------------------------------------------===//
// Base class
//===----------------------------------------------------------------------===//

class DSA_RowOp<string mnemonic, list<Trait> traits = []>
    : Op<DSA_Dialect, mnemonic, traits # [
        AttrSizedOperandSegments, DestinationStyleOpInterface,
        DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
        DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface,
          ["reifyResultShapes"]>,
        DeclareOpInterfaceMethods<DSA_RowOpInterface>]> {
  let hasVerifier = 1;
  let hasFolder = 1;

  code commonDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() {
      return getInitsMutable();
    }
  }];
  let extraClassDeclaration = commonDeclaration;
  let extraClassDefinition = [{
    void $cppClass::getEffects(
        ::llvm::SmallVectorImpl<::mlir::MemoryEffects::EffectInstance> &effects) {
      ::mlir::dsa::detail::getDestinationStyleEffects(*this, effects);
    }
    ::llvm::LogicalResult $cppClass::reifyResultShapes(
        ::mlir::OpBuilder &builder,
        ::mlir::ReifiedRankedShapedTypeDims &shapes) {
      return ::mlir::dsa::detail::reifyInitShapes(*this, builder, shapes);
    }
    ::llvm::LogicalResult $cppClass::fold(
        FoldAdaptor, ::llvm::SmallVectorImpl<::mlir::OpFoldResult> &) {
      return ::mlir::dsa::detail::foldMemRefCasts(*this);
    }
  }];
}

//===----------------------------------------------------------------------===//
// index_scores
//===----------------------------------------------------------------------===//

def DSA_IndexScoresOp : DSA_RowOp<"index_scores"> {
  let summary = "lightning-indexer scores of every key for every row";
  let description = [{
    Scores each key for each row by a weighted sum over small index heads
    (DeepSeek-V3.2 technical report, equation 1):

    ```
    I[t, s] = k_scale[s] · (Σ_j weights[t, j] · q_scale[t, j] · act(Σ_d q[t, j, d] · k[s, d])
                            + Σ_i scales[t, i] · Σ_d terms[t, i, d] · k[s, d])
    ```

    for `lo[t] <= s < hi[t]`, and −inf for every other key. `act` is `relu`
    (`max(0, x)`), `half_abs` (`|x| / 2`) or `none`. Products and sums are in f32,
    but matrix units may add products of f8E4M3FN in fewer bits
    ([Accuracy](../Accuracy.md)).
    An absent `weights`, `q_scale` or `k_scale` counts as ones, absent `bounds` as
    `[0, N)`; without `linear(%terms, %scales)` there is no second sum. Bounds may
    hold any value: they are clamped to `[0, N]`. Every element of the destination
    is written. Scales and weights may have any sign.

    `relu` is `half_abs` with the terms and scales of `dsa.linear_part`, up to
    rounding, for `max(0, x) = |x| / 2 + x / 2`.

    | operand | shape | element type |
    |---|---|---|
    | `q` | `[T, H, D]` | f32, f16, bf16, f8E4M3FN |
    | `k` | `[N, D]`; with `seq` `[B, N, D]`; with `table` `[Np, S, D]` | that of `q` |
    | `weights` | `[T, H]` | f32, f16, bf16 |
    | `q_scale` | `[T, H]` | f32 |
    | `k_scale` | `[N]`; with `seq` `[B, N]`; with `table` `[Np, S]` | f32 |
    | `linear`: terms, scales | `[T, P, D]`, `[T, P]`; `P` from 1 to 8 | that of `q`; f32 |
    | `bounds` | two of `[T]` | i32 |
    | `seq` | `[T]` | i32 |
    | `table` | `[M]`; with `seq` `[B, M]` | i32 |
    | `outs` | `[T, N]` | f32, f16, bf16 |

    With `seq`, row `t` is scored against the keys of sequence `seq[t]`, and has no keys
    if that is not in `[0, B)`.

    **Pages.** With `table`, keys lie in `Np` pages of `S` keys: key `s` of a sequence is
    key `s mod S` of page `table[seq[t], s div S]` (without `seq`, `table[s div S]`). A
    page that is not in `[0, Np)` is a hole: the scores of its keys are −inf, and
    nothing is read for them. So are those of keys that the table has no page for
    (`s div S >= M`). Pages that hold their keys' scales too, as `S · D` bytes and then
    `S` f32, are two tensors: the same memory as `[Np, S · (D + 4)]` of bytes and as
    `[Np, S · (D + 4) / 4]` of f32, of which `k` and `k_scale` are slices
    (test/Target/host-pages.mlir).

    Errors: a shape that disagrees with another operand's, differing element types
    of `q`, `k` and terms, a dynamic `H`, `D`, `P` or `S`, tensors mixed with memrefs.

    Examples (the second: decoding from pages of 64 keys):

    ```mlir
    %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
        weights(%w : tensor<?x64xf32>) k_scale(%ks : tensor<?xf32>)
        bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
        outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
    ```

    ```mlir
    %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x64x128xf8E4M3FN>)
        weights(%w : tensor<?x64xf32>) k_scale(%ks : tensor<?x64xf32>)
        bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
        seq(%seq : tensor<?xi32>) table(%table : tensor<?x?xi32>)
        outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
    ```
  }];
  let arguments = (ins
    DSA_IndexFloat:$q, DSA_IndexFloat:$k,
    Optional<DSA_Float>:$weights, Optional<DSA_F32>:$q_scale,
    Optional<DSA_F32>:$k_scale,
    Optional<DSA_IndexFloat>:$linear_terms, Optional<DSA_F32>:$linear_scales,
    Optional<DSA_I32>:$lo, Optional<DSA_I32>:$hi, Optional<DSA_I32>:$seq,
    Optional<DSA_I32>:$table, Variadic<DSA_Float>:$inits,
    DSA_ActivationAttr:$activation,
    OptionalAttr<DSA_ScheduleAttrInterface>:$schedule);
  let builders = [OpBuilder<(ins "::mlir::Value":$q, "::mlir::Value":$k,
    CArg<"const ::mlir::dsa::IndexScoresClauses &", "{}">:$clauses)>];
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    `` $activation `ins` `(` $q `,` $k `:` type($q) `,` type($k) `)`
    (`weights` `(` $weights^ `:` type($weights) `)`)?
    (`q_scale` `(` $q_scale^ `:` type($q_scale) `)`)?
    (`k_scale` `(` $k_scale^ `:` type($k_scale) `)`)?
    (`linear` `(` $linear_terms^ `,` $linear_scales `:`
                  type($linear_terms) `,` type($linear_scales) `)`)?
    (`bounds` `(` $lo^ `,` $hi `:` type($lo) `,` type($hi) `)`)?
    (`seq` `(` $seq^ `:` type($seq) `)`)?
    (`table` `(` $table^ `:` type($table) `)`)?
    (`schedule` `(` $schedule^ `)`)?
    attr-dict `outs` `(` $inits `:` type($inits) `)` (`->` type($results)^)?
  }];
  let extraClassDeclaration = commonDeclaration # [{
    /// Keys of a page, or 0 without pages.
    int64_t getPageKeys() {
      return getTable() ? ::llvm::cast<::mlir::ShapedType>(getK().getType())
                              .getDimSize(1)
                        : 0;
    }
  }];
}

//===----------------------------------------------------------------------===//
// linear_part
//===----------------------------------------------------------------------===//

def DSA_LinearPartOp : DSA_RowOp<"linear_part"> {
  let summary = "what of a row's scores is linear in the key, as a short sum";
  let description = [{
    Half the weighted sum of a row's queries,

    ```
    v[t, d] = Σ_j 1/2 · weights[t, j] · q_scale[t, j] · q[t, j, d]
    ```

    is one vector for the row: with it, `dsa.index_scores<half_abs>` computes the
    scores of `relu`, for `max(0, x) = |x| / 2 + x / 2`. Products and sums are in
    f32; an absent `weights` or `q_scale` counts as ones.

    The vector is written as a sum of `P` terms of `q`'s element type,

    ```
    v[t, d] ≈ Σ_i scales[t, i] · terms[t, i, d]
    ```

    * `scales[t, 0]` is the least power of two, from 2^−126 to 2^126, for which no
      `|v[t, d]| / scales[t, 0]` exceeds 448, the largest f8E4M3FN, or 1 for other
      types.
    * Each further scale is finer by 2^4 for f8E4M3FN, 2^8 for bf16, 2^11 for f16
      and 2^24 for f32, but not less than 2^−126.
    * Each term is what the terms before it leave of `v`, over its scale, rounded
      to nearest even. With `p` the bits of a significand (4, 8, 11 and 24), the
      sum is off by at most 2^(1 − P · (p + 1)) of the largest `|v[t, d]|`.
    * A row of zeros has terms of zero, and 1 for `scales[t, 0]`. If an element of
      `v[t]` is not finite, the scales are the same and all terms of the row NaN.

    | operand | shape | element type |
    |---|---|---|
    | `q` | `[T, H, D]` | f32, f16, bf16, f8E4M3FN |
    | `weights` | `[T, H]` | f32, f16, bf16 |
    | `q_scale` | `[T, H]` | f32 |
    | `outs`: terms, scales | `[T, P, D]`, `[T, P]`; `P` from 1 to 8 | that of `q`; f32 |

    Errors: disagreeing shapes, terms of another element type than `q`, a dynamic
    `H`, `D` or `P`, another `P`.

    Example:

    ```mlir
    %terms, %scales = dsa.linear_part ins(%q : tensor<?x64x128xf8E4M3FN>)
        weights(%w : tensor<?x64xf32>)
        outs(%ti, %si : tensor<?x4x128xf8E4M3FN>, tensor<?x4xf32>)
        -> tensor<?x4x128xf8E4M3FN>, tensor<?x4xf32>
    %s = dsa.index_scores<half_abs> ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
        weights(%w : tensor<?x64xf32>)
        linear(%terms, %scales : tensor<?x4x128xf8E4M3FN>, tensor<?x4xf32>)
        outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
    ```
  }];
  let arguments = (ins
    DSA_IndexFloat:$q, Optional<DSA_Float>:$weights, Optional<DSA_F32>:$q_scale,
    Variadic<DSA_IndexFloat>:$inits,
    OptionalAttr<DSA_ScheduleAttrInterface>:$schedule);
  let builders = [OpBuilder<(ins "::mlir::Value":$q, "int64_t":$terms,
    CArg<"const ::mlir::dsa::LinearPartClauses &", "{}">:$clauses)>];
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    `ins` `(` $q `:` type($q) `)`
    (`weights` `(` $weights^ `:` type($weights) `)`)?
    (`q_scale` `(` $q_scale^ `:` type($q_scale) `)`)?
    (`schedule` `(` $schedule^ `)`)?
    attr-dict `outs` `(` $inits `:` type($inits) `)` (`->` type($results)^)?
  }];
}

//===----------------------------------------------------------------------===//
// topk and select
//===----------------------------------------------------------------------===//

class DSA_SelectionOp<string mnemonic, list<Trait> traits = []>
    : DSA_RowOp<mnemonic, traits> {
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let extraClassDeclaration = commonDeclaration # [{
    /// Entries per list and lists per row, from the destination's type.
    int64_t getK() { return getIndicesType().getDimSize(2); }
    int64_t getGroups() { return getIndicesType().getDimSize(1); }
    ::mlir::ShapedType getIndicesType() {
      return ::llvm::cast<::mlir::ShapedType>(getInits()[0].getType());
    }
    ::mlir::Value getValuesInit() {
      return getInits().size() > 2 ? getInits()[2] : ::mlir::Value();
    }
    int64_t getBlockSize() { return getBlock().value_or(1); }
  }];
}

def DSA_TopkOp : DSA_SelectionOp<"topk"> {
  let summary = "the best K keys of every row, as ascending indices";
  let description = [{
    For each row, and each of its `G` lists, selects the `K` candidates of highest
    score. The result is a function of the scores alone:

    * Never selected: scores of −inf and NaN, and keys outside `bounds`.
    * Ties go to the smaller index. +0 and −0 tie.
    * `indices` ascend and are followed by −1 where there are fewer than `K`
      candidates; `count` is how many there are. With `unordered` the order (and
      the place of the −1s) is unspecified.
    * `values`, if asked for, are the scores of `indices`, and −inf beside −1.

    Clauses:

    * `window = [l, r]`: keys `positions[t] − l` to `positions[t] + r`, both
      included, are kept whatever their score, unless it is −inf or NaN or the key
      is out of bounds. They count inside `K`.
    * `first = n`: the same for the first `n` keys of the row's bounds.
    * `block = b`: what is selected are blocks of `b` consecutive keys. A block's
      score is the largest of its selectable keys; it is kept if one of them is kept;
      `indices` are block numbers.
    * `ids`: column `c` holds the score of key `ids[t, c]`, in any order; negative
      ids are never selected. Bounds, window, first and ties are then about ids, and
      `indices` are ids. With `ids` and `values` this merges partial selections.
    * Bounds may hold any value: they are clamped to the keys.

    | operand | shape | element type |
    |---|---|---|
    | `ins` (scores) | `[T, N]` for `G = 1`, or `[T, G, N]` | f32, f16, bf16 |
    | `ids` | that of the scores | i32 |
    | `bounds` | two of `[T]` | i32 |
    | `positions` | `[T]` | i32 |
    | `outs`: indices, count, values (optional) | `[T, G, K]`, `[T, G]`, `[T, G, K]` | i32, i32, that of the scores |

    Errors: disagreeing shapes; a dynamic `G` or `K`; `window` without `positions`;
    negative `window` or `first`; `block` below 1 or beside `ids`; more forced keys
    than `K`, that is `l + r + 1 + n > K` (with blocks, the most blocks they can
    touch).

    Example:

    ```mlir
    %idx, %n = dsa.topk ins(%s : tensor<?x?xf32>)
        bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
        positions(%pos : tensor<?xi32>) window = [127, 0] first = 4
        outs(%i, %c : tensor<?x1x2048xi32>, tensor<?x1xi32>)
        -> tensor<?x1x2048xi32>, tensor<?x1xi32>
    ```
  }];
  let arguments = (ins
    DSA_Float:$scores, Optional<DSA_I32>:$ids,
    Optional<DSA_I32>:$lo, Optional<DSA_I32>:$hi, Optional<DSA_I32>:$positions,
    Variadic<DSA_AnyShaped>:$inits,
    OptionalAttr<DenseI64ArrayAttr>:$window, OptionalAttr<I64Attr>:$first,
    OptionalAttr<I64Attr>:$block, UnitAttr:$unordered,
    OptionalAttr<DSA_ScheduleAttrInterface>:$schedule);
  let builders = [OpBuilder<(ins "::mlir::Value":$scores, "int64_t":$k,
    CArg<"const ::mlir::dsa::SelectionClauses &", "{}">:$clauses)>];
  let assemblyFormat = [{
    `ins` `(` $scores `:` type($scores) `)`
    (`ids` `(` $ids^ `:` type($ids) `)`)?
    (`bounds` `(` $lo^ `,` $hi `:` type($lo) `,` type($hi) `)`)?
    (`positions` `(` $positions^ `:` type($positions) `)`)?
    (`window` `=` $window^)? (`first` `=` $first^)? (`block` `=` $block^)?
    (`unordered` $unordered^)?
    (`schedule` `(` $schedule^ `)`)?
    attr-dict `outs` `(` $inits `:` type($inits) `)` (`->` type($results)^)?
  }];
  let hasCanonicalizeMethod = 1;
}

def DSA_SelectOp : DSA_SelectionOp<"select", [
    SingleBlock, NoRegionArguments, RecursiveMemoryEffects]> {
  let summary = "top-k over scores that its region computes";
  let description = [{
    `dsa.topk` (see there for clauses, shapes and errors) of the scores that the
    region yields. The region is an expression for the whole `[T, N]` score matrix,
    and any operations may stand in it as long as rows stay independent; no lowering
    ever builds the matrix: some rows are computed at a time, and selected from at
    once. Scores have the bits that the schedules of the operations in the region
    give them outside of it too; under a schedule of loops, or none, those of loops,
    which kernels on tiles may round otherwise. The region may use values from around
    it. It is evaluated for each row, in unspecified order, perhaps twice, and must
    have no other effect.

    The yielded scores are `[T, N]` (`G = 1`) or `[T, G, N]`, of f32, f16 or bf16.
    Operations in the region must be tileable along their rows (`TilingInterface`),
    or create their destination (`tensor.empty`, `memref.alloc`), or have no
    operand or result with rows.

    Example:

    ```mlir
    %idx, %n = dsa.select bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
        outs(%i, %c : tensor<?x1x2048xi32>, tensor<?x1xi32>) scores {
      %e = tensor.empty(%t, %keys) : tensor<?x?xf32>
      %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
          weights(%w : tensor<?x64xf32>) outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
      dsa.yield %s : tensor<?x?xf32>
    } -> tensor<?x1x2048xi32>, tensor<?x1xi32>
    ```
  }];
  let arguments = (ins
    Optional<DSA_I32>:$lo, Optional<DSA_I32>:$hi, Optional<DSA_I32>:$positions,
    Variadic<DSA_AnyShaped>:$inits,
    OptionalAttr<DenseI64ArrayAttr>:$window, OptionalAttr<I64Attr>:$first,
    OptionalAttr<I64Attr>:$block, UnitAttr:$unordered,
    OptionalAttr<DSA_ScheduleAttrInterface>:$schedule);
  // `rows` is a tensor that has T rows.
  let builders = [OpBuilder<(ins "::mlir::Value":$rows, "int64_t":$k,
    "::mlir::dsa::ScorerBuilder":$scorer,
    CArg<"const ::mlir::dsa::SelectionClauses &", "{}">:$clauses)>];
  let regions = (region SizedRegion<1>:$scorer);
  let assemblyFormat = [{
    (`bounds` `(` $lo^ `,` $hi `:` type($lo) `,` type($hi) `)`)?
    (`positions` `(` $positions^ `:` type($positions) `)`)?
    (`window` `=` $window^)? (`first` `=` $first^)? (`block` `=` $block^)?
    (`unordered` $unordered^)?
    (`schedule` `(` $schedule^ `)`)?
    attr-dict `outs` `(` $inits `:` type($inits) `)`
    `scores` $scorer (`->` type($results)^)?
  }];
  let hasRegionVerifier = 1;
  let hasCanonicalizeMethod = 1;
}

def DSA_YieldOp : Op<DSA_Dialect, "yield", [
    Pure, Terminator, ReturnLike, HasParent<"::mlir::dsa::SelectOp">]> {
  let summary = "the scores of a `dsa.select`";
  let description = [{
    Ends the region of `dsa.select` and names the scores it computed, a tensor or
    a memref of shape `[T, N]` or `[T, G, N]`.
  }];
  let arguments = (ins DSA_Float:$scores);
  let assemblyFormat = "$scores attr-dict `:` type($scores)";
}

//===----------------------------------------------------------------------===//
// sparse_attention and attention
//===----------------------------------------------------------------------===//

class DSA_AttentionOpBase<string mnemonic> : DSA_RowOp<mnemonic> {
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let extraClassDeclaration = commonDeclaration # [{
    ::mlir::ShapedType getQType() {
      return ::llvm::cast<::mlir::ShapedType>(getQ().getType());
    }
    ::mlir::ShapedType getKeyType() {
      return ::llvm::cast<::mlir::ShapedType>(getKey().getType());
    }
    int64_t getHeads() { return getQType().getDimSize(1); }
    int64_t getKeyWidth() { return getQType().getDimSize(2); }
    int64_t getValueWidth() {
      return ::llvm::cast<::mlir::ShapedType>(getInits()[0].getType())
          .getDimSize(2);
    }
    /// Whether keys have a head dimension of their own.
    bool hasKeyHeads() { return getKeyType().getRank() == (getSeq() ? 4 : 3); }
    int64_t getKeyHeads() {
      return hasKeyHeads() ? getKeyType().getDimSize(getSeq() ? 2 : 1) : 1;
    }
    ::mlir::Value getMaxInit() {
      return getInits().size() > 2 ? getInits()[2] : ::mlir::Value();
    }
  }];
}

def DSA_SparseAttentionOp : DSA_AttentionOpBase<"sparse_attention"> {
  let summary = "attention over the listed keys of every row";
  let description = [{
    With `S` the valid entries of the list that belongs to row `t` and head `h`:

    ```
    x[s]      = scale · Σ_d q[t, h, d] · K[s, d]                       s ∈ S
    lse[t, h] = ln Σ_s exp(x[s]),   max[t, h] = max_s x[s]
    out[t, h] = Σ_s exp(x[s]) · V[s] / (Σ_s exp(x[s]) + exp(sink[h]))
    ```

    (FlashMLA's sparse prefill; the sink as in its `attn_sink`.) Sums are in f32.

    * **Holes.** An index outside `[0, N)` (−1 by convention, any value allowed) and
      entries from `lengths[t, g]` on contribute nothing and are never
      dereferenced. A repeated index counts each time; `distinct` promises that
      there are none.
    * **Dead rows.** No valid entry: `out = 0`, `lse = max = −inf`, never NaN.
    * `lse` is the natural logarithm and excludes the sink.
    * **Values.** Without `V`, the first `Dv` columns of `K` are the values (MLA).
    * **Heads.** `Hkv` heads of `K` and `V` serve `Hq / Hkv` query heads each; keys
      without a head dimension serve all. `G` is 1, `Hkv` or `Hq`: one list a
      row, one a key head, one a query head.
    * `block = b`: each index names keys `[b·i, b·i + b)`, as far as they exist.
      An index is a hole unless `0 <= i < ceil(N / b)`.
    * `scale` is explicit; there is no default.

    | operand | shape | element type |
    |---|---|---|
    | `q` | `[T, Hq, D]` | f32, f16, bf16 |
    | `K` | `[N, D]` or `[N, Hkv, D]`; with `seq` a leading `B` | that of `q` |
    | `V` | `[N, Dv]` or `[N, Hkv, Dv]`; with `seq` a leading `B` | that of `q` |
    | `indices` | `[T, G, K]` | i32 |
    | `lengths` | `[T, G]` | i32 |
    | `seq` | `[T]` | i32 |
    | `sink` | `[Hq]` | f32 |
    | `outs`: out, lse, max (optional) | `[T, Hq, Dv]`, `[T, Hq]`, `[T, Hq]` | f32, f16 or bf16; f32; f32 |

    Errors: disagreeing shapes, differing element types of `q`, `K` and `V`, heads
    that `Hkv` does not divide, another `G`, `Dv > D` without `V`, `block` below 1.

    Example:

    ```mlir
    %o, %lse = dsa.sparse_attention scale = 0.1352 ins(%q, %kv : tensor<?x128x576xbf16>, tensor<?x576xbf16>)
        indices(%idx : tensor<?x1x2048xi32>) lengths(%n : tensor<?x1xi32>)
        outs(%oi, %li : tensor<?x128x512xbf16>, tensor<?x128xf32>)
        -> tensor<?x128x512xbf16>, tensor<?x128xf32>
    ```
  }];
  let arguments = (ins
    DSA_Float:$q, DSA_KeyValue:$key, Optional<DSA_KeyValue>:$value,
    DSA_I32:$indices, Optional<DSA_I32>:$lengths, Optional<DSA_I32>:$seq,
    Optional<DSA_F32>:$sink, Variadic<DSA_Float>:$inits,
    F32Attr:$scale, OptionalAttr<I64Attr>:$block, UnitAttr:$distinct,
    OptionalAttr<DSA_ScheduleAttrInterface>:$schedule);
  let builders = [OpBuilder<(ins "::mlir::Value":$q, "::mlir::Value":$key,
    "::mlir::Value":$indices, "int64_t":$valueWidth, "double":$scale,
    CArg<"const ::mlir::dsa::SparseAttentionClauses &", "{}">:$clauses)>];
  let assemblyFormat = [{
    `scale` `=` $scale
    `ins` `(` $q `,` $key (`,` $value^)? `:`
          type($q) `,` type($key) (`,` type($value)^)? `)`
    `indices` `(` $indices `:` type($indices) `)`
    (`lengths` `(` $lengths^ `:` type($lengths) `)`)?
    (`seq` `(` $seq^ `:` type($seq) `)`)?
    (`sink` `(` $sink^ `:` type($sink) `)`)?
    (`block` `=` $block^)? (`distinct` $distinct^)?
    (`schedule` `(` $schedule^ `)`)?
    attr-dict `outs` `(` $inits `:` type($inits) `)` (`->` type($results)^)?
  }];
  let hasCanonicalizeMethod = 1;
}

def DSA_AttentionOp : DSA_AttentionOpBase<"attention"> {
  let summary = "attention over a range of keys for every row";
  let description = [{
    The formula of `dsa.sparse_attention`, with `S` the keys `lo[t] <= s < hi[t]`
    (absent `bounds`: all). `window = [l, r]` restricts `S` further to the keys
    `positions[t] − l` to `positions[t] + r`, both included. Bounds may hold any value; they are
    clamped to `[0, N]`. Keys outside `S` contribute nothing, whatever they hold.
    Dead rows, `lse`, `max`, `sink`, values, heads and `seq` are as there.

    | operand | shape | element type |
    |---|---|---|
    | `q` | `[T, Hq, D]` | f32, f16, bf16 |
    | `K` | `[N, D]` or `[N, Hkv, D]`; with `seq` a leading `B` | that of `q` |
    | `V` | `[N, Dv]` or `[N, Hkv, Dv]`; with `seq` a leading `B` | that of `q` |
    | `bounds` | two of `[T]` | i32 |
    | `positions`, `seq` | `[T]` | i32 |
    | `sink` | `[Hq]` | f32 |
    | `outs`: out, lse, max (optional) | `[T, Hq, Dv]`, `[T, Hq]`, `[T, Hq]` | f32, f16 or bf16; f32; f32 |

    Errors: as for `dsa.sparse_attention`; `window` without `positions`; a negative
    `window`.

    Example:

    ```mlir
    %o, %lse = dsa.attention scale = 0.125 ins(%q, %k, %v : tensor<?x8x64xf16>, tensor<?x2x64xf16>, tensor<?x2x64xf16>)
        bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
        outs(%oi, %li : tensor<?x8x64xf16>, tensor<?x8xf32>)
        -> tensor<?x8x64xf16>, tensor<?x8xf32>
    ```
  }];
  let arguments = (ins
    DSA_Float:$q, DSA_KeyValue:$key, Optional<DSA_KeyValue>:$value,
    Optional<DSA_I32>:$lo, Optional<DSA_I32>:$hi,
    Optional<DSA_I32>:$positions, Optional<DSA_I32>:$seq,
    Optional<DSA_F32>:$sink, Variadic<DSA_Float>:$inits,
    F32Attr:$scale, OptionalAttr<DenseI64ArrayAttr>:$window,
    OptionalAttr<DSA_ScheduleAttrInterface>:$schedule);
  let builders = [OpBuilder<(ins "::mlir::Value":$q, "::mlir::Value":$key,
    "int64_t":$valueWidth, "double":$scale,
    CArg<"const ::mlir::dsa::AttentionClauses &", "{}">:$clauses)>];
  let assemblyFormat = [{
    `scale` `=` $scale
    `ins` `(` $q `,` $key (`,` $value^)? `:`
          type($q) `,` type($key) (`,` type($value)^)? `)`
    (`bounds` `(` $lo^ `,` $hi `:` type($lo) `,` type($hi) `)`)?
    (`positions` `(` $positions^ `:` type($positions) `)`)?
    (`seq` `(` $seq^ `:` type($seq) `)`)?
    (`sink` `(` $sink^ `:` type($sink) `)`)?
    (`window` `=` $window^)?
    (`schedule` `(` $schedule^ `)`)?
    attr-dict `outs` `(` $inits `:` type($inits) `)` (`->` type($results)^)?
  }];
}

//===----------------------------------------------------------------------===//
// merge
//===----------------------------------------------------------------------===//

def DSA_MergeOp : DSA_RowOp<"merge"> {
  let summary = "attention over the union of disjoint key sets, from partial results";
  let description = [{
    Combines `P` partial attentions over disjoint sets of keys (split keys, local
    and global, two pools, several devices):

    ```
    lse[t, h] = ln Σ_p exp(lse_p[p, t, h])
    out[t, h] = Σ_p exp(lse_p[p, t, h]) · out_p[p, t, h] / (exp(lse[t, h]) + exp(sink[h]))
    ```

    A partial result with `lse_p = −inf` contributes nothing, whatever its `out_p`
    holds. If all are −inf, `out = 0` and `lse = −inf`. The sink is applied here,
    once: partial results are computed without it.

    | operand | shape | element type |
    |---|---|---|
    | `ins`: out, lse | `[P, T, H, Dv]`, `[P, T, H]` | f32, f16 or bf16; f32 |
    | `sink` | `[H]` | f32 |
    | `outs`: out, lse | `[T, H, Dv]`, `[T, H]` | f32, f16 or bf16; f32 |

    Errors: disagreeing shapes; a dynamic `H` or `Dv`.

    Example:

    ```mlir
    %o, %l = dsa.merge ins(%os, %ls : tensor<2x?x16x64xf32>, tensor<2x?x16xf32>) sink(%sink : tensor<16xf32>)
        outs(%oi, %li : tensor<?x16x64xf32>, tensor<?x16xf32>)
        -> tensor<?x16x64xf32>, tensor<?x16xf32>
    ```
  }];
  let arguments = (ins
    DSA_Float:$out, DSA_F32:$lse, Optional<DSA_F32>:$sink,
    Variadic<DSA_Float>:$inits,
    OptionalAttr<DSA_ScheduleAttrInterface>:$schedule);
  let builders = [OpBuilder<(ins "::mlir::Value":$out, "::mlir::Value":$lse,
    CArg<"const ::mlir::dsa::MergeClauses &", "{}">:$clauses)>];
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    `ins` `(` $out `,` $lse `:` type($out) `,` type($lse) `)`
    (`sink` `(` $sink^ `:` type($sink) `)`)?
    (`schedule` `(` $schedule^ `)`)?
    attr-dict `outs` `(` $inits `:` type($inits) `)` (`->` type($results)^)?
  }];
}

#endif // DSA_DIALECT_DSA_IR_DSAOPS_TD
