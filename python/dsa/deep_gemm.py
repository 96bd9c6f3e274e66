# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions with the signatures of DeepGEMM's (github.com/deepseek-ai/DeepGEMM)."""

from ._arrays import dense, empty, shift_rows
from ._errors import ArgumentError
from ._typing import ArrayT
from .ops import index_scores

# Packed rows are made from whole ones, of which no more than this is there at a time.
_MOST_BYTES = 1 << 28


def fp8_mqa_logits(
    q: ArrayT,
    kv: tuple[ArrayT, ArrayT],
    weights: ArrayT,
    cu_seq_len_k_start: ArrayT,
    cu_seq_len_k_end: ArrayT,
    clean_logits: bool = True,
    max_seqlen_k: int = 0,
) -> ArrayT:
    """Scores of the lightning indexer, [seq_len, seq_len_kv] or [seq_len, max_seqlen_k] f32.

    `q` [seq_len, num_heads, head_dim] fp8 e4m3; `kv` a pair of keys
    [seq_len_kv, head_dim] fp8 e4m3 and their scales [seq_len_kv] f32; `weights`
    [seq_len, num_heads] f32; `cu_seq_len_k_start`, `cu_seq_len_k_end` [seq_len] i32, the
    range of keys of each row. Views with gaps are copied.

    Scores outside of a row's range are −inf, with `clean_logits` or without.

    `max_seqlen_k` other than 0 packs rows: element [t, j] is the score of key
    `cu_seq_len_k_start[t] + j`, or −inf behind the row's range. Of longer ranges the
    first `max_seqlen_k` keys are there. As in DeepGEMM, `clean_logits` must be False.
    """
    width = int(max_seqlen_k)
    if width < 0:
        raise ArgumentError(f"expected max_seqlen_k of 0 or more, but found {width}")
    if width and clean_logits:
        raise ArgumentError(
            f"expected clean_logits = False beside max_seqlen_k = {width}, but found True"
        )
    keys, scales = kv
    q, keys, scales, weights, start, end = dense(
        q=(q, 3),
        kv=(keys, 2),
        kv_scales=(scales, 1),
        weights=(weights, 2),
        cu_seq_len_k_start=(cu_seq_len_k_start, 1),
        cu_seq_len_k_end=(cu_seq_len_k_end, 1),
    )

    if not width:
        return index_scores(q, keys, weights, k_scale=scales, bounds=(start, end))
    rows = q.shape[0]
    if any(array.shape[0] != rows for array in (weights, start, end)):
        raise ArgumentError(
            f"expected weights and ranges of {rows} rows, but found "
            f"{weights.shape[0]}, {start.shape[0]} and {end.shape[0]}"
        )
    packed = empty(rows, width, q)
    step = max(1, _MOST_BYTES // max(1, 4 * keys.shape[0]))
    for first in range(0, rows, step):
        part = slice(first, first + step)
        bounds = start[part], end[part]
        whole = index_scores(
            q[part], keys, weights[part], k_scale=scales, bounds=bounds
        )
        shift_rows(whole, bounds[0], packed[part])
    return packed
