# ===- oracle.py - what each operation computes, in float64 ----------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""The semantics of the dsa dialect in plain NumPy, one function an operation.

Written from the operations' descriptions to be obviously right, and sharing nothing
with the compiler. Rows are looped over; what one row needs is vectorised. Inputs of
any precision count as exact. `dtype` is the precision of the arithmetic.
"""

import numpy as np


def _row_range(bounds, t, n):
    """The keys [lo, hi) of row `t`, clamped to the `n` there are; none if lo > hi."""
    if bounds is None:
        return 0, n
    return tuple(min(max(int(bound[t]), 0), n) for bound in bounds)


def _sequence(seq, t, count):
    """The sequence that row `t` reads, or None if there is no such one."""
    return int(seq[t]) if 0 <= seq[t] < count else None


# ===----------------------------------------------------------------------===#
# index_scores
# ===----------------------------------------------------------------------===#


def index_scores(
    q,
    k,
    *,
    activation,
    weights=None,
    q_scale=None,
    k_scale=None,
    linear=None,
    bounds=None,
    seq=None,
    table=None,
    keys=None,
    dtype=np.float64,
    product=lambda a, b: a @ b.T,
):
    """`linear` is a pair: terms and scales. `product` is that of rows with keys.

    With a `table` of pages, scores have `keys` columns.
    """
    q, k = q.astype(dtype), k.astype(dtype)
    there = None
    if table is not None:
        table = table[None] if seq is None else table
        k, k_scale, there = _from_pages(k, k_scale, table, keys)
    elif seq is None:
        k = k[None]
        k_scale = None if k_scale is None else k_scale[None]
    rows, heads, n = q.shape[0], q.shape[1], k.shape[1]

    scores = np.full((rows, n), -np.inf, dtype)
    for t in range(rows):
        s = 0 if seq is None else _sequence(seq, t, k.shape[0])
        if s is None:
            continue
        lo, hi = _row_range(bounds, t, n)
        x = product(q[t], k[s, lo:hi])
        if activation == "relu":
            x = np.maximum(x, 0)
        elif activation == "half_abs":
            x = np.abs(x) / 2
        w = np.ones(heads, dtype)
        if weights is not None:
            w = w * weights[t].astype(dtype)
        if q_scale is not None:
            w = w * q_scale[t].astype(dtype)
        row = w @ x
        if linear is not None:
            terms, scales = (part[t].astype(dtype) for part in linear)
            row = row + scales @ product(terms, k[s, lo:hi])
        if k_scale is not None:
            row = row * k_scale[s, lo:hi].astype(dtype)
        if there is not None:
            row = np.where(there[s, lo:hi], row, -np.inf)
        scores[t, lo:hi] = row
    return scores


def _from_pages(k, k_scale, table, keys):
    """Keys of sequences, their scales, and which of them exist."""
    pages, page_keys, width = k.shape
    found = np.zeros((len(table), keys, width), k.dtype)
    scales = None if k_scale is None else np.zeros((len(table), keys))
    there = np.zeros((len(table), keys), bool)
    for s, entries in enumerate(table):
        for key in range(min(keys, len(entries) * page_keys)):
            page = entries[key // page_keys]
            if not 0 <= page < pages:
                continue
            found[s, key] = k[page, key % page_keys]
            if k_scale is not None:
                scales[s, key] = k_scale[page, key % page_keys]
            there[s, key] = True
    return found, scales, there


# ===----------------------------------------------------------------------===#
# linear_part
# ===----------------------------------------------------------------------===#

# By element type: what the first scale brings values to, by how many powers of two
# each scale is finer than the one before, and the bits of a significand.
_TERMS = {
    "float8_e4m3fn": (448, 4, 4),
    "bfloat16": (1, 8, 8),
    "float16": (1, 11, 11),
    "float32": (1, 24, 24),
}


def linear_error(dtype, count):
    """How far the sum of terms may be off, relative to the row's largest value."""
    _, _, bits = _TERMS[np.dtype(dtype).name]
    return 2.0 ** (1 - count * (bits + 1))


def linear_vector(q, *, weights=None, q_scale=None):
    """What the terms are to add up to."""
    w = np.full(q.shape[:2], 0.5)
    for factor in (weights, q_scale):
        if factor is not None:
            w = w * factor.astype(np.float64)
    return np.einsum("tj,tjd->td", w, q.astype(np.float64))


def linear_part(q, count, *, weights=None, q_scale=None):
    """Terms, of the type of `q`, and scales."""
    v = linear_vector(q, weights=weights, q_scale=q_scale)
    limit, step, _ = _TERMS[q.dtype.name]
    rows, width = v.shape
    terms = np.full((rows, count, width), np.nan, q.dtype)
    scales = np.zeros((rows, count))
    for t in range(rows):
        rest = v[t]
        largest = np.abs(rest).max()
        first = 1.0
        if np.isfinite(largest) and largest > 0:
            # m · 2^e with 0.5 <= m < 1.
            m, e = np.frexp(largest / limit)
            first = np.clip(2.0 ** (e - (m == 0.5)), 2.0**-126, 2.0**126)
        scales[t] = np.maximum(first * 2.0 ** (-step * np.arange(count)), 2.0**-126)
        if not np.isfinite(largest):
            continue
        for i in range(count):
            terms[t, i] = (rest / scales[t, i]).astype(q.dtype)
            rest = rest - scales[t, i] * terms[t, i].astype(np.float64)
    return terms, scales.astype(np.float32)


# ===----------------------------------------------------------------------===#
# topk and select
# ===----------------------------------------------------------------------===#


def _topk_row(score, key, k, lo, hi, position, window, first, block):
    """The names of the chosen keys (or blocks), ascending, and their scores."""
    able = (key >= lo) & (key < hi) & ~np.isnan(score) & (score != -np.inf)
    kept = np.zeros(len(key), bool)
    if window is not None:
        kept |= (key >= position - window[0]) & (key <= position + window[1])
    if first is not None:
        kept |= (key >= lo) & (key < lo + first)
    score, key, kept = score[able], key[able], kept[able]

    if block is not None:
        name, member = np.unique(key // block, return_inverse=True)
        best, any_kept = np.full(len(name), -np.inf), np.zeros(len(name), bool)
        np.maximum.at(best, member, score)
        np.logical_or.at(any_kept, member, kept)
        score, key, kept = best, name, any_kept

    # What is kept anyway, then the larger score, then the smaller name.
    order = np.lexsort((key, -score, ~kept))[:k]
    order = order[np.argsort(key[order])]
    return key[order], score[order]


def topk(
    scores,
    k,
    *,
    ids=None,
    bounds=None,
    positions=None,
    window=None,
    first=None,
    block=None,
):
    """Indices, count and values; values have the type of the scores."""
    if scores.ndim == 2:
        scores = scores[:, None]
        ids = None if ids is None else ids[:, None]
    rows, groups, n = scores.shape
    # Ids name keys of which there may be any number.
    keys = n if ids is None else 2**31

    indices = np.full((rows, groups, k), -1, np.int32)
    values = np.full((rows, groups, k), -np.inf, scores.dtype)
    count = np.zeros((rows, groups), np.int32)
    for t in range(rows):
        lo, hi = _row_range(bounds, t, keys)
        position = None if positions is None else int(positions[t])
        for g in range(groups):
            key = np.arange(n) if ids is None else ids[t, g].astype(np.int64)
            score = scores[t, g].astype(np.float64)
            chosen, best = _topk_row(
                score, key, k, lo, hi, position, window, first, block
            )
            count[t, g] = len(chosen)
            indices[t, g, : len(chosen)] = chosen
            values[t, g, : len(chosen)] = best
    return indices, count, values


# A select is a top-k of the scores that its region yields.
select = topk


# ===----------------------------------------------------------------------===#
# sparse_attention and attention
# ===----------------------------------------------------------------------===#


def _without_sink(lse, sink):
    """exp(lse) / (exp(lse) + exp(sink)), without overflow; `lse` is finite."""
    if sink is None:
        return np.ones_like(lse)
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(sink - lse))


def _softmax(x, values, sink):
    """Output, log-sum-exp and maximum of logits [heads, n], values [n, Dv]."""
    heads = x.shape[0]
    if x.shape[1] == 0:
        dead = np.full(heads, -np.inf)
        return np.zeros((heads, values.shape[1])), dead, dead
    top = x.max(axis=1)
    p = np.exp(x - top[:, None])
    total = p.sum(axis=1)
    lse = top + np.log(total)
    out = (p @ values) / total[:, None]
    return out * _without_sink(lse, sink)[:, None], lse, top


def _heads_attention(
    q, key, value, keys_of, groups, *, scale, value_width, seq, sink, dtype
):
    """Attention in which row `t` sees keys `keys_of(t, g)` by its list `g`."""
    q, key = q.astype(dtype), key.astype(dtype)
    value = key[..., :value_width] if value is None else value.astype(dtype)
    scale = dtype(np.float32(scale))
    sink = None if sink is None else sink.astype(dtype)
    if seq is None:
        key, value = key[None], value[None]
    if key.ndim == 3:
        key, value = key[:, :, None], value[:, :, None]
    rows, heads = q.shape[:2]
    key_heads = key.shape[2]

    out = np.zeros((rows, heads, value.shape[-1]), dtype)
    lse = np.full((rows, heads), -np.inf, dtype)
    top = np.full((rows, heads), -np.inf, dtype)
    # The heads of a part share both their list and their key head.
    parts = max(groups, key_heads)
    for t in range(rows):
        s = 0 if seq is None else _sequence(seq, t, key.shape[0])
        if s is None:
            continue
        for part in range(parts):
            h = slice(part * heads // parts, (part + 1) * heads // parts)
            j = part * key_heads // parts
            listed = keys_of(t, part * groups // parts)
            x = scale * (q[t, h] @ key[s, listed, j].T)
            out[t, h], lse[t, h], top[t, h] = _softmax(
                x, value[s, listed, j], None if sink is None else sink[h]
            )
    return out, lse, top


def sparse_attention(
    q,
    key,
    value,
    indices,
    *,
    scale,
    value_width=None,
    lengths=None,
    seq=None,
    sink=None,
    block=None,
    dtype=np.float64,
):
    """Output, log-sum-exp and maximum."""
    n = key.shape[0 if seq is None else 1]
    groups, length = indices.shape[1:]

    def keys_of(t, g):
        entries = length if lengths is None else max(int(lengths[t, g]), 0)
        listed = indices[t, g, :entries].astype(np.int64)
        if block is not None:
            listed = (listed[:, None] * block + np.arange(block)).ravel()
        return listed[(listed >= 0) & (listed < n)]

    return _heads_attention(
        q,
        key,
        value,
        keys_of,
        groups,
        scale=scale,
        value_width=value_width,
        seq=seq,
        sink=sink,
        dtype=dtype,
    )


def attention(
    q,
    key,
    value,
    *,
    scale,
    value_width=None,
    bounds=None,
    positions=None,
    window=None,
    seq=None,
    sink=None,
    dtype=np.float64,
):
    """Output, log-sum-exp and maximum."""
    n = key.shape[0 if seq is None else 1]

    def keys_of(t, g):
        lo, hi = _row_range(bounds, t, n)
        listed = np.arange(lo, hi)
        if window is not None:
            offset = listed - int(positions[t])
            listed = listed[(offset >= -window[0]) & (offset <= window[1])]
        return listed

    return _heads_attention(
        q,
        key,
        value,
        keys_of,
        1,
        scale=scale,
        value_width=value_width,
        seq=seq,
        sink=sink,
        dtype=dtype,
    )


# ===----------------------------------------------------------------------===#
# merge
# ===----------------------------------------------------------------------===#


def merge(out, lse, *, sink=None):
    """Output and log-sum-exp."""
    out, lse = out.astype(np.float64), lse.astype(np.float64)
    empty = lse == -np.inf
    out = np.where(empty[..., None], 0, out)
    top = lse.max(axis=0, initial=-np.inf)
    dead = top == -np.inf
    top = np.where(dead, 0, top)
    weight = np.where(empty, 0, np.exp(lse - top))
    total = np.where(dead, 1, weight.sum(axis=0))
    merged = top + np.log(total)
    result = (weight[..., None] * out).sum(axis=0) / total[..., None]
    sink = None if sink is None else sink.astype(np.float64)
    result *= _without_sink(merged, sink)[..., None]
    return result, np.where(dead, -np.inf, merged)
