# ===- programs.py - random programs of every operation ---------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Random valid programs, with inputs and checks: those of test/Integration, with
operations, shapes, element types, clauses and contents drawn at random."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Integration"))

import cases_attention  # noqa: E402
import cases_index_scores  # noqa: E402
import cases_linear_part  # noqa: E402
import cases_merge  # noqa: E402
import cases_select  # noqa: E402
import cases_sparse_attention  # noqa: E402
import cases_topk  # noqa: E402
import data  # noqa: E402
import numpy as np  # noqa: E402
from program import Program  # noqa: E402

FLOATS = ("f32", "f16", "bf16")
BYTES = (*FLOATS, "f8E4M3FN")

# About the ends of vectors and tiles, and anything between.
_SIZES = (0, 1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129)


class Draw:
    """Draws for one program, all from one generator."""

    def __init__(self, rng):
        self.rng = rng

    def one_of(self, values):
        return values[self.rng.integers(len(values))]

    def sometimes(self, chance=0.3):
        return self.rng.random() < chance

    def size(self, most, least=1):
        if self.sometimes(0.4):
            return int(self.rng.integers(least, most + 1))
        return self.one_of([n for n in _SIZES if least <= n <= most])

    def rows(self):
        return self.one_of((0, 1, 1, 2, 3, 4, 5, 9, 19))

    def keys(self):
        return 0 if self.sometimes(0.05) else self.size(300)

    def bounds(self, rows, keys):
        """None, ranges within the keys, or anything."""
        kind = self.rng.integers(3)
        if kind == 0:
            return None
        ends = self.rng.integers(-3, keys + 4, (2, rows))
        if kind == 2:
            odd = self.rng.random((2, rows)) < 0.2
            anything = self.rng.integers(data.INT_MIN, data.INT_MAX + 1, (2, rows))
            ends = np.where(odd, anything, ends)
            return tuple(map(data.i32, ends))
        return tuple(map(data.i32, np.sort(ends, axis=0)))

    def positions(self, rows, keys):
        if self.sometimes(0.2):
            return data.tricky_positions(rows, keys)
        return data.i32(self.rng.integers(0, keys + 1, rows))

    def sink(self, heads):
        values = self.rng.normal(0, 2, heads)
        odd = self.rng.choice([np.inf, -np.inf, 300, -300], heads)
        return np.where(self.rng.random(heads) < 0.2, odd, values).astype(np.float32)

    def static(self, letters):
        return "".join(letter for letter in letters if self.sometimes())

    def split(self, most, parts):
        """Numbers that add up to at most `most`."""
        ends = np.sort(self.rng.integers(0, most + 1, parts))
        return [int(n) for n in np.diff(ends, prepend=0)]


def index_scores(d, name):
    element = d.one_of(BYTES)
    T, H, D, N = d.rows(), d.size(70), d.size(140), d.keys()
    if d.sometimes(0.5):
        D = d.one_of((16, 32, 64, 128, 256))
    B = d.one_of((None, None, None, 0, 1, 3))
    p = Program(f"index_scores/{name}", d.static("TNB"), poison=d.sometimes(0.5))
    exact = d.sometimes()
    given = cases_index_scores.inputs(
        p,
        d.rng,
        T,
        H,
        D,
        N,
        element,
        d.one_of(FLOATS),
        B=B,
        bounds=d.bounds(T, N),
        exact=exact,
        terms=d.one_of((0, 0, 1, 4, 8)),
    )
    for clause in ("weights", "q_scale", "k_scale", "linear"):
        if d.sometimes():
            given.values[clause] = given.arrays[clause] = None
    # Sums of integers have to fit the result.
    out = "f32" if exact else d.one_of(FLOATS)
    activation = d.one_of(("relu", "half_abs", "none"))
    return cases_index_scores.scored(p, given, activation, out=out, exact=exact)


def linear_part(d, name):
    p = Program(f"linear_part/{name}", d.static("T"), poison=d.sometimes(0.5))
    T, H, D = max(d.rows(), 1), d.size(70), d.size(140)
    weights = d.one_of((None, *FLOATS))
    given = cases_linear_part.inputs(
        p, d.rng, T, H, D, d.one_of(BYTES), weights, q_scale=d.sometimes(0.5)
    )
    return cases_linear_part.summed(p, given, int(d.rng.integers(1, 9)))


def _selection(d, rows, keys, k, may_block=True):
    """Clauses that both selections have. What is kept anyway has to fit in `k`."""
    clauses = {"bounds": d.bounds(rows, keys)}
    first, *window = d.split(k - 1, 3)
    if d.sometimes():
        clauses["positions"] = d.positions(rows, keys)
        clauses["window"] = tuple(window)
    if d.sometimes():
        clauses["first"] = first
    # Blocks that a window touches at both ends are more than its keys.
    if may_block and "window" not in clauses and d.sometimes():
        clauses["block"] = d.one_of((1, 2, 7, 16, 64, 1000))
    return clauses


def topk(d, name):
    T, N, K = d.rows(), d.keys(), d.size(140)
    shape = (T, N) if d.sometimes(0.6) else (T, d.size(4), N)
    scores = data.scores(d.rng, shape, d.one_of(FLOATS))
    ids = None
    if d.sometimes():
        # Each once: what a tie between equal ids gives is not said.
        named = np.broadcast_to(np.arange(3 * N), (*shape[:-1], 3 * N))
        named = d.rng.permuted(named, axis=-1)[..., :N]
        ids = np.ascontiguousarray(data.i32(named))
        ids[d.rng.random(ids.shape) < 0.1] = -1
    return cases_topk.case(
        name,
        scores,
        K,
        ids=ids,
        values=d.sometimes(0.7),
        unordered=d.sometimes(0.2),
        static=d.static("TN"),
        poison=d.sometimes(0.5),
        **_selection(d, T, N, K, may_block=ids is None),
    )


def select(d, name):
    T, N, K = d.rows(), d.keys(), d.size(140)
    shape = (T, d.size(20), d.size(70), N, K, d.one_of(BYTES), "f32")
    return cases_select.case(
        name,
        shape,
        B=d.one_of((None, None, None, 1, 3)),
        scored=d.bounds(T, N),
        exact=d.sometimes(),
        terms=d.one_of((0, 0, 3)),
        static=d.static("TN"),
        poison=d.sometimes(0.5),
        **_selection(d, T, N, K),
    )


def _attention_shape(d, on_tiles):
    """The shape, and the columns of values where these are keys'."""
    element = d.one_of(("f16", "bf16") if on_tiles else FLOATS)
    Hkv = d.one_of((None, 1, 2, 3))
    Hq = (Hkv or 1) * d.size(12)
    D, Dv = d.size(100), d.one_of((None, d.size(70)))
    width = d.size(D)
    if on_tiles:
        D, width = d.one_of((64, 128, 192)), 64
        Dv = d.one_of((None, 16, 32, 64, 128))
    return (d.rows(), Hq, Hkv, D, Dv, d.keys(), element, d.one_of(FLOATS)), width


def _attention(d, heads):
    return {
        "sink": d.sink(heads) if d.sometimes() else None,
        "max": d.sometimes(0.5),
        "poison": d.sometimes(0.5),
    }


def attention(d, name, on_tiles=False):
    shape, width = _attention_shape(d, on_tiles)
    T, N = shape[0], shape[5]
    clauses = _attention(d, shape[1])
    B = None
    if not on_tiles and d.sometimes(0.2):
        ends = [d.one_of((0, 1, 5, 40, data.INT_MAX)) for _ in range(2)]
        clauses |= {"positions": d.positions(T, N), "window": tuple(ends)}
    if not on_tiles and d.sometimes(0.2):
        B = d.one_of((0, 1, 3))
    return cases_attention.case(
        name,
        shape,
        B=B,
        bounds=d.bounds(T, N),
        width=width,
        static=d.static("TN"),
        **clauses,
    )


def sparse_attention(d, name, on_tiles=False):
    shape, width = _attention_shape(d, on_tiles)
    T, Hq, Hkv, D, Dv, N, element, out = shape
    if on_tiles:
        Hkv, Dv, Hq = None, None, d.size(130)
    G = 1 if on_tiles else d.one_of([1, Hq, *([Hkv] if Hkv else [])])
    K = d.size(140)
    block = None
    if not on_tiles and d.sometimes():
        # Tolerances are for sums of a thousand terms: each adds half a last place, and
        # all in one direction if one key is listed again and again.
        block = d.one_of([b for b in (1, 4, 16, 64, 500, 1000) if b * K <= 1000])
    return cases_sparse_attention.case(
        name,
        (T, Hq, Hkv, D, Dv, N, element, out, G, K),
        B=d.one_of((0, 1, 3)) if not on_tiles and d.sometimes(0.2) else None,
        lengths=d.sometimes(0.5),
        block=block,
        width=width,
        static=d.static("TN"),
        **_attention(d, Hq),
    )


def merge(d, name):
    P, T, H, Dv = d.size(5), d.rows(), d.size(40), d.size(70)
    element = d.one_of(FLOATS)
    return cases_merge.case(
        name,
        *cases_merge.partials(d.rng, P, T, H, Dv, element),
        out_element=d.one_of(FLOATS),
        sink=d.sink(H) if d.sometimes() else None,
        static=d.static("PT"),
        poison=d.sometimes(0.5),
    )


ALL = (
    index_scores,
    linear_part,
    topk,
    select,
    attention,
    sparse_attention,
    merge,
)
ON_TILES = (index_scores, attention, sparse_attention)


def draw(seed, number):
    """Program `number`, what dsa-run needs for it, and its schedule or None."""
    d = Draw(np.random.default_rng([seed, number]))
    name = f"{seed}-{number}"
    if d.sometimes(0.35):
        make = d.one_of(ON_TILES)
        options = ["--tiles", "sm_90a"]
        if make is index_scores:
            return make(d, name), options, None
        return make(d, f"tiles-{name}", on_tiles=True), options, None
    program = d.one_of(ALL)(d, name)
    if d.sometimes(0.5):
        return program, [], None
    rows, keys = d.one_of((1, 2, 3, 8)), d.one_of((16, 32, 48, 256))
    threads = d.one_of((1, 3, 32, 256))
    schedule = f"block_rows = {rows}, block_keys = {keys}, threads = {threads}"
    if d.sometimes(0.5):
        schedule += f", chunk_keys = {keys * d.one_of((1, 2, 5))}"
    return program, [], f"#dsa.loop_schedule<{schedule}>"
