# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions with the signatures of DeepGEMM's (github.com/deepseek-ai/DeepGEMM)."""

from ._errors import ArgumentError
from .ops import index_scores


def fp8_mqa_logits(
    q,
    kv,
    weights,
    cu_seqlen_ks,
    cu_seqlen_ke,
    clean_logits: bool = True,
    max_seqlen_k: int = 0,
):
    """Scores of the lightning indexer, [seq_len, seq_len_kv] f32.

    `q` [seq_len, heads, head_dim] fp8 e4m3; `kv` a pair of keys [seq_len_kv, head_dim]
    fp8 e4m3 and their scales [seq_len_kv] f32; `weights` [seq_len, heads] f32;
    `cu_seqlen_ks`, `cu_seqlen_ke` [seq_len] i32, the range of keys of each row. Scores
    outside of the range are −inf, with `clean_logits` or without. A `max_seqlen_k` other
    than 0, which packs rows, is not served.
    """
    if max_seqlen_k:
        raise ArgumentError(f"expected max_seqlen_k = 0, but found {max_seqlen_k}")
    keys, scales = kv
    return index_scores(
        q,
        keys,
        weights,
        k_scale=scales.reshape(keys.shape[0]),
        bounds=(cu_seqlen_ks, cu_seqlen_ke),
    )
