# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions with the signatures of FlashMLA's (github.com/deepseek-ai/FlashMLA)."""

from ._arrays import dense, repeat_column, replace
from ._errors import ArgumentError
from ._typing import ArrayT
from .ops import sparse_attention


def flash_mla_sparse_fwd(
    q: ArrayT,
    kv: ArrayT,
    indices: ArrayT,
    sm_scale: float,
    d_v: int = 512,
    attn_sink: ArrayT | None = None,
    topk_length: ArrayT | None = None,
    indexer_topk: int = 0,
) -> tuple[ArrayT, ...]:
    """Sparse attention of prefill: `(output, max_logits, lse)`.

    `q` [s_q, h_q, d_qk] and `kv` [s_kv, h_kv, d_qk] bf16 (f16 and f32 too);
    `indices` [s_q, h_kv, topk] i32, where what is negative or not less than s_kv is no
    key; `attn_sink` [h_q] f32, which may be −inf (no sink) or +inf (output 0);
    `topk_length` [s_q] i32, how many of each of a row's lists count. Values are the
    first `d_v` columns of the keys. Views with gaps are copied.

    `output` [s_q, h_q, d_v] as `q`, `max_logits` and `lse` [s_q, h_q] f32, the latter by
    the natural logarithm and without the sink. A row without keys has output 0,
    max_logits −inf and lse +inf.

    `indexer_topk` other than 0 adds a fourth result, `lse_indexer` [s_q, h_q] f32: as
    `lse`, of the first `indexer_topk` entries of each list alone.
    """
    q, key, indices, sink, lengths = dense(
        q=(q, 3),
        kv=(kv, 3),
        indices=(indices, 3),
        attn_sink=(attn_sink, 1),
        topk_length=(topk_length, 1),
    )
    most, topk = int(indexer_topk), indices.shape[2]
    if not 0 <= most <= topk:
        raise ArgumentError(
            f"expected indexer_topk in [0, {topk}], but found {indexer_topk}"
        )
    if key.shape[1] == 1:
        key = key.reshape(key.shape[0], key.shape[2])
    if lengths is not None:
        lengths = repeat_column(lengths, indices.shape[1])
    output, lse, max_logits = sparse_attention(
        q,
        key,
        indices,
        scale=sm_scale,
        value_width=d_v,
        lengths=lengths,
        sink=sink,
        max=True,
    )
    replace(lse, float("-inf"), float("inf"))
    if not most:
        return output, max_logits, lse
    (first,) = dense(indices=(indices[:, :, :most], 3))
    _, lse_indexer = sparse_attention(
        q, key, first, scale=sm_scale, value_width=d_v, lengths=lengths
    )
    replace(lse_indexer, float("-inf"), float("inf"))
    return output, max_logits, lse, lse_indexer
