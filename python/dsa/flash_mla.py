# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions with the signatures of FlashMLA's (github.com/deepseek-ai/FlashMLA)."""

from ._errors import ArgumentError
from ._tensors import is_torch
from .ops import sparse_attention


def flash_mla_sparse_fwd(
    q, kv, indices, sm_scale: float, d_v: int = 512, attn_sink=None, topk_length=None
):
    """Sparse attention of prefill: `(output, max_logits, lse)`.

    `q` [s_q, h_q, d_qk] and `kv` [s_kv, h_kv, d_qk] bf16 (f16 and f32 too);
    `indices` [s_q, h_kv, topk] i32, where −1 and what is not less than s_kv is no key;
    `attn_sink` [h_q] f32; `topk_length` [s_q] i32, how many of a row's indices count.
    Values are the first `d_v` columns of the keys.

    `output` [s_q, h_q, d_v] as `q`, `max_logits` and `lse` [s_q, h_q] f32, the latter by
    the natural logarithm and without the sink. A row without keys has output 0,
    max_logits −inf and lse +inf.
    """
    rows, heads, _ = indices.shape
    key = kv.reshape(kv.shape[0], kv.shape[2]) if kv.shape[1] == 1 else kv
    lengths = None
    if topk_length is not None:
        if heads != 1:
            raise ArgumentError(
                f"expected 'indices' of one head beside 'topk_length', but found {heads}"
            )
        lengths = topk_length.reshape(rows, 1)
    output, lse, max_logits = sparse_attention(
        q,
        key,
        indices,
        scale=sm_scale,
        value_width=d_v,
        lengths=lengths,
        sink=attn_sink,
        max=True,
    )
    dead = lse == float("-inf")
    if is_torch(lse):
        lse.masked_fill_(dead, float("inf"))
    else:
        lse[dead] = float("inf")
    return output, max_logits, lse
