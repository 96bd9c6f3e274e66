# ===- pages.py - keys in pages, as inputs ---------------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Inputs of scores whose keys lie in pages."""

import data
import emit
import numpy as np
import oracle

# Bytes of a scale.
_SCALE = 4


def table(rng, shape, pages):
    """Pages in any order, some of them none."""
    numbers = rng.integers(0, max(pages, 1), shape)
    garbage = rng.choice([-1, pages, data.INT_MAX, data.INT_MIN], shape)
    return data.i32(np.where(rng.random(shape) < 0.15, garbage, numbers))


def decoding(rng, counts, keys):
    """Sequences and causal bounds of the last `counts[s]` of some of `keys` keys."""
    seq, hi = [], []
    for s, count in enumerate(counts):
        length = int(rng.integers(min(count, keys), keys + 1))
        seq += [s] * count
        hi += [length - count + 1 + i for i in range(count)]
    return data.i32(seq), (np.zeros(len(hi), np.int32), data.i32(hi))


class Inputs:
    """Arrays of one program, and the same as its arguments.

    `q` is [T, H, D], `k` [pages, keys of a page, D], `k_scale` the same without D;
    `together` puts both into one pool, as bytes and as words. There are `keys` scores:
    as many as the table has keys, unless given.
    """

    DIMS = {"weights": "T.", "q_scale": "T.", "seq": "T"}

    def __init__(
        self,
        p,
        q,
        k,
        k_scale,
        table,
        *,
        keys=None,
        bounds=None,
        linear=None,
        together=False,
        **others,
    ):
        named = table.shape[-1] * k.shape[1]
        self.q, self.k = q, k
        self.arrays = dict(
            others,
            k_scale=k_scale,
            table=table,
            keys=named if keys is None else keys,
            bounds=bounds,
            linear=linear,
        )
        self.values = {
            name: p.argument(name, array, self.DIMS[name])
            for name, array in others.items()
        }
        self.values["table"] = p.argument("table", table, "M" if table.ndim == 1 else "BM")
        if keys is None:
            p.multiple("N", "M", k.shape[1])
        else:
            p.size("N", keys)
        self.values["bounds"] = p.bounds(bounds)
        self.values["linear"] = linear and (
            p.argument("terms", linear[0], "T.."),
            p.argument("term_scales", linear[1], "T."),
        )
        query = p.argument("q", q, "T..")
        if together:
            key, self.values["k_scale"] = self._pool(p)
        else:
            key = p.argument("k", k, "P..")
            self.values["k_scale"] = p.argument("k_scale", k_scale, "P.")
        self.operands = query, key

    def _pool(self, p):
        """Values of a page, and then its scales."""
        pages, page_keys, width = self.k.shape
        scales = self.arrays["k_scale"]
        pool = np.concatenate(
            [
                np.ascontiguousarray(part).reshape(pages, -1).view(np.uint8)
                for part in (self.k, scales)
            ],
            axis=1,
        )
        values = p.argument("pool", pool.view(self.k.dtype), "P.")
        words = p.argument("words", pool.view(np.float32), "P.")
        size = self.k.dtype.itemsize
        return (
            p.slice(values, 0, page_keys * width, (page_keys, width)),
            p.slice(words, page_keys * width * size // _SCALE, page_keys, (page_keys,)),
        )

    def emit(self, p, **settings):
        return emit.index_scores(p, *self.operands, **self.values, **settings)

    def expected(self, activation):
        return oracle.index_scores(
            self.q, self.k, activation=activation, **self.arrays
        )


def inputs(p, rng, T, H, D, pages, S, M, element, weights, B=None, scales=True, **others):
    """Inputs of `pages` pages of `S` keys, of which a table names `M`."""
    return Inputs(
        p,
        data.normal(rng, (T, H, D), element),
        data.normal(rng, (pages, S, D), element),
        data.normal(rng, (pages, S)) if scales else None,
        table(rng, (M,) if B is None else (B, M), pages),
        weights=data.normal(rng, (T, H), weights),
        **others,
    )


def decoded(p, counts, D, pages, S, M):
    """Inputs of the last `counts` rows of each sequence, scales in pages with values."""
    rng = p.random()
    seq, limits = decoding(rng, counts, S * M)
    return inputs(
        p,
        rng,
        len(seq),
        8,
        D,
        pages,
        S,
        M,
        "f8E4M3FN",
        "f32",
        B=len(counts),
        seq=seq,
        bounds=limits,
        together=True,
    )
