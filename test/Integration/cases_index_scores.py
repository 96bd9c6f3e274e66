# ===- cases_index_scores.py - cases of dsa.index_scores -------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
import compare
import data
import emit
import numpy as np
import oracle
import pages
from program import ELEMENTS, Program

# T, H, D, N and the element types of keys, of weights and of the scores.
SHAPES = [
    (1, 1, 1, 1, "f32", "f32", "f32"),
    (3, 3, 5, 7, "f32", "f16", "f32"),
    (5, 5, 37, 33, "f32", "f32", "f16"),
    (2, 7, 100, 65, "f32", "bf16", "bf16"),
    (4, 16, 130, 129, "f32", "f32", "f32"),
    (3, 17, 37, 100, "bf16", "f32", "f32"),
    (6, 24, 5, 257, "bf16", "bf16", "bf16"),
    (3, 3, 130, 31, "bf16", "f16", "f16"),
    (9, 4, 64, 1000, "f16", "f16", "f16"),
    (7, 5, 1, 63, "f16", "f32", "f32"),
    (3, 1, 37, 50, "f16", "bf16", "bf16"),
    (3, 7, 128, 201, "f8E4M3FN", "f32", "f32"),
    (5, 64, 128, 70, "f8E4M3FN", "f32", "f32"),
    (5, 1, 37, 19, "f8E4M3FN", "bf16", "bf16"),
    (2, 3, 5, 131, "f8E4M3FN", "f16", "f16"),
    (0, 3, 5, 7, "f32", "f32", "f32"),
    (3, 3, 5, 0, "bf16", "f32", "f32"),
    (0, 3, 5, 0, "f8E4M3FN", "f32", "f32"),
]

# What GPUs have kernels on tiles for: T, H, D, N, the element types of keys and of the
# scores, the activation, and the clauses. Heads are padded to a multiple of eight, and
# a tile has 64 keys.
TILES = [
    (9, 1, 32, 63, "f8E4M3FN", "f32", "relu", "weights q_scale k_scale"),
    (67, 5, 64, 130, "f8E4M3FN", "bf16", "relu", "q_scale k_scale"),
    (11, 64, 128, 200, "f8E4M3FN", "f32", "relu", "weights k_scale"),
    (5, 40, 256, 65, "f8E4M3FN", "f16", "none", "weights q_scale"),
    (21, 24, 32, 129, "bf16", "bf16", "none", "weights"),
    (3, 64, 128, 64, "bf16", "f32", "relu", "weights q_scale k_scale"),
    (2, 13, 16, 190, "bf16", "f32", "none", ""),
    (7, 40, 64, 1, "f16", "f16", "relu", "k_scale"),
    (1, 5, 128, 257, "f16", "f32", "none", "weights k_scale"),
    (0, 8, 64, 70, "f16", "f32", "relu", "weights"),
    (4, 8, 64, 0, "bf16", "f32", "relu", "weights"),
]

# Keys in pages: T, H, D, how many there are, of how many keys, how many a table has,
# and of how many sequences, the element types of keys and of the scores.
PAGES = [
    (3, 3, 5, 4, 1, 9, None, "f32", "f32"),
    (5, 5, 37, 7, 5, 6, 3, "bf16", "f16"),
    (4, 8, 64, 9, 48, 3, 2, "f8E4M3FN", "f32"),
    (2, 3, 16, 0, 16, 4, 2, "f16", "f32"),
    (3, 3, 16, 3, 16, 0, None, "f8E4M3FN", "f32"),
    (3, 3, 16, 3, 16, 4, 0, "f8E4M3FN", "f32"),
]

# Those that GPUs have kernels on tiles for.
TILED_PAGES = [
    (9, 8, 128, 7, 64, 4, 3, "f8E4M3FN", "f32"),
    (11, 64, 128, 5, 64, 3, None, "f8E4M3FN", "f32"),
    (13, 5, 32, 5, 128, 3, 4, "f8E4M3FN", "bf16"),
    (7, 24, 64, 11, 32, 5, 2, "f8E4M3FN", "f32"),
    (6, 8, 64, 30, 16, 9, 2, "bf16", "f32"),
    (5, 13, 32, 50, 8, 17, None, "f16", "f16"),
    (3, 8, 256, 4, 192, 2, 2, "f8E4M3FN", "f32"),
    (4, 8, 64, 0, 64, 2, 2, "bf16", "f32"),
    (4, 8, 64, 3, 64, 0, 2, "bf16", "f32"),
]


# What terms are products of, beside queries and keys.
FACTORS = ("weights", "q_scale", "k_scale", "linear")


class Inputs:
    """Arrays of one program, and the same as its arguments."""

    DIMS = {"weights": "T.", "q_scale": "T.", "seq": "T"}

    def __init__(self, p, q, k, *, bounds=None, linear=None, **others):
        keys = "N" if k.ndim == 2 else "BN"
        self.q, self.k = q, k
        self.arrays = dict(others, bounds=bounds, linear=linear)
        self.values = {
            name: p.argument(name, array, self.DIMS.get(name, keys))
            for name, array in others.items()
        }
        self.values["bounds"] = p.bounds(bounds)
        self.values["linear"] = linear and (
            p.argument("terms", linear[0], "T.."),
            p.argument("term_scales", linear[1], "T."),
        )
        self.operands = p.argument("q", q, "T.."), p.argument("k", k, keys + ".")

    def emit(self, p, **settings):
        return emit.index_scores(p, *self.operands, **self.values, **settings)

    def expected(self, activation):
        return oracle.index_scores(
            self.q, self.k, activation=activation, **self.arrays
        )


def inputs(
    p, rng, T, H, D, N, element, weights, B=None, bounds=None, exact=False, terms=0
):
    """Inputs with every clause that has no shape of its own."""
    make = data.integers if exact else data.normal
    keys = (N,) if B is None else (B, N)
    q, k = make(rng, (T, H, D), element), make(rng, (*keys, D), element)
    others = {
        "weights": make(rng, (T, H), weights),
        "q_scale": make(rng, (T, H)),
        "k_scale": make(rng, keys),
    }
    if B is not None:
        others["seq"] = data.tricky_sequences(rng, T, B)
    if terms:
        others["linear"] = make(rng, (T, terms, D), element), make(rng, (T, terms))
    return Inputs(p, q, k, bounds=bounds, **others)


def _magnitude(array):
    if isinstance(array, tuple):
        return tuple(_magnitude(one) for one in array)
    return None if array is None else np.abs(np.asarray(array, np.float64))


# Not what tests replace it by.
_exact_scores = oracle.index_scores


def rounding(given):
    """What sums in f32 may be off by: four roundings of all terms' magnitudes.

    A row of few keys may have no other score that a cancelled one could be compared
    with.
    """
    arrays = {
        name: _magnitude(array) if name in FACTORS else array
        for name, array in given.arrays.items()
    }
    largest = _exact_scores(
        _magnitude(given.q), _magnitude(given.k), activation="none", **arrays
    )
    return np.where(np.isfinite(largest), 4 * 2.0**-24 * largest, 0)


def scored(p, given, *activations, out="f32", exact=False, **arguments):
    """Adds a scoring of `given` for each activation, and its check."""
    for activation in activations:
        name = f"scores_{activation}"
        p.give(name, given.emit(p, activation=activation, out=out, **arguments))

        def check(results, name=name, activation=activation):
            expected = given.expected(activation)
            if exact:
                return compare.close(results[name], expected, 0)
            return compare.close(
                results[name], expected, compare.TOLERANCE[out], slack=rounding(given)
            )

        p.check(check)
    return p


def shapes():
    for i, (T, H, D, N, element, weights, out) in enumerate(SHAPES):
        name = f"index_scores/{element}-{out}-t{T}-h{H}-d{D}-n{N}"
        p = Program(name, static=["", "T", "N", "TN"][i % 4], poison=i % 2 == 0)
        terms = [0, 1, 4][i % 3]
        given = inputs(p, p.random(), T, H, D, N, element, weights, terms=terms)
        yield scored(p, given, "relu", "half_abs", "none", out=out)


def clauses():
    """Every combination of weights, scales and a linear part, in one program."""
    p = Program("index_scores/clauses")
    rng = p.random()
    arrays = {
        "weights": data.normal(rng, (4, 3)),
        "q_scale": data.normal(rng, (4, 3)),
        "k_scale": data.normal(rng, (21,)),
        "linear": (data.normal(rng, (4, 2, 8)), data.normal(rng, (4, 2))),
    }
    q, k = data.normal(rng, (4, 3, 8)), data.normal(rng, (21, 8))
    all_given = Inputs(p, q, k, **arrays)
    for subset in range(16):
        names = [name for i, name in enumerate(arrays) if subset >> i & 1]
        result = "scores_" + ("_".join(names) or "plain")
        values = {name: all_given.values[name] for name in names}
        scores = emit.index_scores(
            p, *all_given.operands, activation="relu", **values
        )
        p.give(result, scores)

        def check(results, result=result, names=names):
            expected = oracle.index_scores(
                q,
                k,
                activation="relu",
                **{name: arrays[name] for name in names},
            )
            return compare.close(results[result], expected, 1e-5)

        p.check(check)
    yield p


def bounds():
    for element, N in (("f32", 37), ("f8E4M3FN", 130)):
        p = Program(f"index_scores/bounds-{element}", poison=True)
        limits = data.tricky_bounds(N)
        T = len(limits[0])
        given = inputs(p, p.random(), T, 3, 16, N, element, "f32", bounds=limits)
        yield scored(p, given, "relu")

    # No keys at all, whatever the bounds say.
    p = Program("index_scores/bounds-no-keys")
    limits = data.tricky_bounds(0)
    given = inputs(p, p.random(), len(limits[0]), 3, 4, 0, "f32", "f32", bounds=limits)
    yield scored(p, given, "relu")

    p = Program("index_scores/packed-sequences")
    limits, _ = data.packed_bounds([1, 5, 2, 23])
    given = inputs(p, p.random(), 31, 5, 37, 31, "bf16", "f32", bounds=limits)
    yield scored(p, given, "relu", "none")


def unseen():
    """NaN and infinities in keys that no row may see."""
    for element in ("f32", "bf16", "f8E4M3FN"):
        p = Program(f"index_scores/unseen-{element}")
        rng = p.random()
        N = 90
        limits = data.i32([20, 25, 31, 50]), data.i32([71, 60, 31, 77])
        given = inputs(p, rng, 4, 3, 20, N, element, "f32", bounds=limits, terms=2)
        used = (np.arange(N) >= 20) & (np.arange(N) < 77)
        data.poison_keys(rng, used, given.k, given.arrays["k_scale"])
        yield scored(p, given, "relu", "half_abs", "none")


def sequences():
    for element, N in (("f32", 29), ("f8E4M3FN", 66)):
        p = Program(f"index_scores/sequences-{element}", static="" if N == 29 else "B")
        rng = p.random()
        limits = data.i32(rng.integers(-2, N, 13)), data.i32(rng.integers(0, N + 3, 13))
        given = inputs(
            p, rng, 13, 3, 16, N, element, "f32", B=4, bounds=limits, terms=2
        )
        used = np.isin(np.arange(4), given.arrays["seq"])
        data.poison_keys(rng, used, given.k, given.arrays["k_scale"])
        yield scored(p, given, "relu")

    p = Program("index_scores/no-sequences")
    yield scored(p, inputs(p, p.random(), 5, 3, 4, 7, "f32", "f32", B=0), "relu")


def tiles():
    for i, (T, H, D, N, element, out, activation, clauses) in enumerate(TILES):
        name = f"index_scores/tiles-{element}-{out}-t{T}-h{H}-d{D}-n{N}"
        p = Program(name, static=["", "T", "N", "TN"][i % 4], poison=True)
        rng = p.random()
        shape = {"weights": (T, H), "q_scale": (T, H), "k_scale": (N,)}
        weights = ("f32", "bf16", "f16")[i % 3]
        given = Inputs(
            p,
            data.normal(rng, (T, H, D), element),
            data.normal(rng, (N, D), element),
            **{
                clause: data.normal(
                    rng, shape[clause], weights if clause == "weights" else "f32"
                )
                for clause in clauses.split()
            },
        )
        yield scored(p, given, activation, out=out)

    for element, H, N in (("f8E4M3FN", 5, 130), ("bf16", 24, 41)):
        p = Program(f"index_scores/tiles-bounds-{element}", poison=True)
        limits = data.tricky_bounds(N)
        T = len(limits[0])
        given = inputs(p, p.random(), T, H, 32, N, element, "f32", bounds=limits)
        yield scored(p, given, "relu")

    # NaN and infinities in keys that no row may see, in tiles with others.
    p = Program("index_scores/tiles-unseen", poison=True)
    limits, _ = data.packed_bounds([70, 3, 61])
    limits[0][:] += 1
    rng = p.random()
    given = inputs(p, rng, 134, 3, 32, 140, "f16", "f32", bounds=limits)
    seen = np.zeros(140, bool)
    for lo, hi in zip(*limits):
        seen[lo:hi] = True
    data.poison_keys(rng, seen, given.k, given.arrays["k_scale"])
    yield scored(p, given, "none")

    # An infinite key that is seen, in a kernel that pads heads: these are zero, and
    # zero times infinity is no score of anything.
    for clauses in ("", "weights k_scale"):
        name = f"index_scores/tiles-infinite-{'weighted' if clauses else 'plain'}"
        p = Program(name, poison=True)
        rng = p.random()
        q, k = data.normal(rng, (5, 3, 32), "bf16"), data.normal(rng, (70, 32), "bf16")
        q[:, :, 4] = -np.abs(q[:, :, 4])
        k[66, 4] = np.inf
        shape = {"weights": (5, 3), "k_scale": (70,)}
        factors = {c: np.abs(data.normal(rng, shape[c])) for c in clauses.split()}
        yield scored(p, Inputs(p, q, k, **factors), "relu", "none")

    # Rows of several sequences, in any order.
    for element, H, N in (("f8E4M3FN", 8, 130), ("bf16", 24, 70)):
        p = Program(f"index_scores/tiles-sequences-{element}", poison=H == 8)
        rng = p.random()
        limits = data.i32(rng.integers(-2, N, 13)), data.i32(rng.integers(0, N + 3, 13))
        given = inputs(p, rng, 13, H, 64, N, element, "f32", B=4, bounds=limits)
        used = np.isin(np.arange(4), given.arrays["seq"])
        data.poison_keys(rng, used, given.k, given.arrays["k_scale"])
        yield scored(p, given, "relu")

    p = Program("index_scores/tiles-integers", poison=True)
    given = inputs(p, p.random(), 9, 5, 32, 200, "f8E4M3FN", "f32", exact=True)
    yield scored(p, given, "relu", exact=True)


def paged():
    """Keys in pages, some of which do not exist."""
    for i, shape in enumerate(PAGES + TILED_PAGES):
        T, H, D, count, S, M, B, element, out = shape
        tiled = "tiles-" if shape in TILED_PAGES else ""
        sequences = "" if B is None else f"-b{B}"
        name = f"index_scores/{tiled}pages-{element}-s{S}-n{count}-m{M}{sequences}"
        p = Program(name, static=["", "T", "P"][i % 3], poison=i % 2 == 0)
        rng = p.random()
        seq = {} if B is None else {"seq": data.tricky_sequences(rng, T, B)}
        terms = {}
        if i % 4 == 3:
            terms = {
                "linear": (data.normal(rng, (T, 4, D), element), data.normal(rng, (T, 4)))
            }
        given = pages.inputs(
            p, rng, T, H, D, count, S, M, element, "f32", B=B, **seq, **terms
        )
        yield scored(p, given, "relu", out=out)

    # Values and scales in one page; the last rows of each sequence, as in decoding.
    for S, counts in ((64, (1, 1, 1)), (64, (8,)), (32, (2, 5, 1)), (16, (4, 4))):
        counted = "-".join(map(str, counts))
        p = Program(f"index_scores/tiles-pages-together-s{S}-t{counted}")
        given = pages.decoded(p, counts, 64, 12, S, 3 * 64 // S)
        yield scored(p, given, "relu")

    # Fewer and more scores than there are keys in the table.
    for keys in (100, 300):
        p = Program(f"index_scores/tiles-pages-keys-{keys}", poison=True)
        limits = data.tricky_bounds(keys)
        T = len(limits[0])
        rng = p.random()
        seq = data.tricky_sequences(rng, T, 3)
        given = pages.inputs(
            p,
            rng,
            T,
            8,
            64,
            6,
            64,
            3,
            "f8E4M3FN",
            "f32",
            B=3,
            seq=seq,
            bounds=limits,
            keys=keys,
        )
        yield scored(p, given, "relu")


def exact():
    """Integers: the scores are exact, most of them zero, and must come out so."""
    for element in ("f32", "f16", "bf16", "f8E4M3FN"):
        p = Program(f"index_scores/integers-{element}")
        given = inputs(p, p.random(), 3, 3, 4, 50, element, "f32", exact=True, terms=2)
        yield scored(p, given, "relu", "half_abs", "none", exact=True)

    # Every eight-bit float, times one: all finite values, then both NaNs, unseen.
    p = Program("index_scores/every-f8E4M3FN")
    codes = np.array([c for c in range(256) if c & 0x7F != 0x7F] + [0x7F, 0xFF])
    k = codes.astype(np.uint8).view(ELEMENTS["f8E4M3FN"])[:, None]
    q = np.ones((1, 1, 1), ELEMENTS["f8E4M3FN"])
    given = Inputs(p, q, k, bounds=(data.i32([0]), data.i32([254])))
    yield scored(p, given, "relu", "half_abs", "none", exact=True)


def cases():
    for group in (
        shapes,
        clauses,
        bounds,
        unseen,
        sequences,
        paged,
        exact,
        tiles,
    ):
        yield from group()
