# ===- cases_topk.py - cases of dsa.topk -----------------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
import itertools

import compare
import data
import emit
import numpy as np
import oracle
from program import Program

NAMES = ("indices", "count", "values")

# T, N, K and the element type.
SHAPES = [
    (1, 1, 1, "f32"),
    (11, 7, 3, "f32"),
    (11, 33, 64, "f32"),
    (11, 257, 16, "f32"),
    (22, 1000, 100, "f32"),
    (5, 5003, 2048, "f32"),
    (11, 300, 1, "f16"),
    (22, 131, 50, "f16"),
    (11, 65, 65, "bf16"),
    (22, 999, 333, "bf16"),
    (0, 17, 4, "f32"),
    (3, 0, 4, "f32"),
    (0, 0, 4, "bf16"),
]


def operands(p, *, ids=None, bounds=None, positions=None):
    """The clauses that are arrays, as values of the program."""
    return {
        "ids": p.argument("ids", ids, "TN" if ids is None or ids.ndim == 2 else "T.N"),
        "bounds": p.bounds(bounds),
        "positions": p.argument("positions", positions, "T"),
    }


def give(p, selection, prefix=""):
    for name, value in zip(NAMES, selection):
        p.give(prefix + name, value)


def selected(results, prefix=""):
    return [results[prefix + name] for name in NAMES if prefix + name in results]


def case(
    name,
    scores,
    k,
    *,
    ids=None,
    bounds=None,
    positions=None,
    values=True,
    unordered=False,
    static="",
    poison=False,
    **settings,
):
    """A top-k of given scores. `scores` may be a function of a random generator."""
    p = Program(f"topk/{name}", static, poison)
    if callable(scores):
        scores = scores(p.random())
    arrays = {"ids": ids, "bounds": bounds, "positions": positions}
    operand = p.argument("scores", scores, "TN" if scores.ndim == 2 else "T.N")
    selection = emit.topk(
        p,
        operand,
        k,
        values=values,
        unordered=unordered,
        **operands(p, **arrays),
        **settings,
    )
    give(p, selection)

    def check(results):
        expected = oracle.topk(scores, k, **arrays, **settings)
        return compare.same_selection(selected(results), expected, not unordered)

    p.check(check)
    return p


def some(rows, n, element="f32"):
    return lambda rng: data.scores(rng, (rows, n), element)


def shapes():
    for i, (T, N, K, element) in enumerate(SHAPES):
        yield case(
            f"{element}-t{T}-n{N}-k{K}",
            some(T, N, element),
            K,
            values=i % 3 != 1,
            unordered=i % 4 == 3,
            static=["", "N", "T", "TN"][i % 4],
            poison=i % 2 == 0,
        )


def lists():
    """Several lists a row, and one list in three dimensions."""
    for G, N, K in ((1, 50, 8), (2, 77, 100), (5, 130, 7)):
        yield case(
            f"lists-g{G}-n{N}-k{K}",
            lambda rng: data.scores(rng, (6, G, N)),
            K,
            bounds=(data.i32([0, 3, -1, 9, 5, 0]), data.i32([N, 40, N + 7, 9, N, 2])),
            positions=data.tricky_positions(6, N),
            window=(1, 1),
            first=2,
        )


def clauses():
    """Bounds of every kind, alone and with each clause that is relative to them."""
    N = 61
    limits = data.tricky_bounds(N)
    rows = len(limits[0])
    positions = data.tricky_positions(rows, N)
    options = {
        "bounds": {},
        "window": {"window": (5, 3)},
        "window-past": {"window": (7, 0)},
        "window-none": {"window": (0, 0)},
        "first": {"first": 4},
        "window-first": {"window": (3, 2), "first": 5},
    }
    for (name, settings), block in itertools.product(options.items(), (None, 1, 8)):
        if block == 1 and name != "bounds":
            continue
        arrays = {"positions": positions} if "window" in settings else {}
        settings = settings | ({} if block is None else {"block": block})
        yield case(
            name if block is None else f"{name}-block{block}",
            some(rows, N, "bf16" if block else "f32"),
            12 if block is None else 5,
            bounds=limits,
            values=block is not None,
            poison=name == "bounds",
            **arrays,
            **settings,
        )

    # Without bounds, and with as many kept keys as there are places.
    yield case(
        "all-kept",
        some(11, 40),
        9,
        positions=data.tricky_positions(11, 40),
        window=(3, 2),
        first=3,
    )
    yield case("first-more-than-keys", some(11, 5), 20, first=20)
    packed, positions = data.packed_bounds([1, 17, 4, 9])
    yield case(
        "packed-sequences",
        some(31, 31),
        6,
        bounds=packed,
        positions=positions,
        window=(2, 0),
        first=1,
    )


def blocks():
    for N, K, b in ((100, 7, 16), (33, 40, 2), (7, 3, 64), (0, 2, 4), (513, 16, 5)):
        yield case(f"block{b}-n{N}-k{K}", some(11, N), K, block=b, unordered=b == 5)


def ids():
    """Scores of keys named by ids, in any order, some of them no keys."""

    def named(rng, rows, n):
        chosen = [rng.permutation(3 * n)[:n] for _ in range(rows)]
        holes = rng.choice([-1, -2, data.INT_MIN], (rows, n))
        names = data.i32(np.where(rng.random((rows, n)) < 0.2, holes, chosen))
        if n:
            names[:, 0] = data.INT_MAX
        return names

    rng = np.random.default_rng(20)
    N = 45
    rows = len(data.tricky_bounds(N)[0])
    yield case("ids", some(rows, N), 10, ids=named(rng, rows, N), poison=True)
    yield case("ids-few", some(11, 7), 16, ids=named(rng, 11, 7), unordered=True)
    yield case("ids-none", some(11, 0), 4, ids=named(rng, 11, 0))
    yield case(
        "ids-clauses",
        some(rows, N, "f16"),
        12,
        ids=named(rng, rows, N),
        bounds=data.tricky_bounds(3 * N),
        positions=data.tricky_positions(rows, 3 * N),
        window=(4, 3),
        first=3,
    )
    yield case(
        "ids-lists",
        lambda rng: data.scores(rng, (4, 3, 20)),
        6,
        ids=np.stack([named(rng, 4, 20) for _ in range(3)], axis=1),
    )


def merged():
    """The best of two halves' best is the best of all."""
    p = Program("topk/merge-of-halves")
    N, K, T = 200, 24, 11
    scores = data.scores(p.random(), (T, 1, N))
    cut = data.i32([0, N, 50, 100, 199, 1, 77, 24, 23, 25, 150])
    operand = p.argument("scores", scores, "T.N")
    start = p.argument("start", np.zeros(T, np.int32), "T")
    middle = p.argument("middle", cut, "T")
    end = p.argument("end", np.full(T, N, np.int32), "T")
    halves = [
        emit.topk(p, operand, K, values=True, bounds=bounds)
        for bounds in ((middle, end), (start, middle))
    ]
    ids = p.concatenate([half[0] for half in halves], 2)
    values = p.concatenate([half[2] for half in halves], 2)
    give(p, emit.topk(p, values, K, ids=ids, values=True))
    p.check(
        lambda results: compare.same_selection(
            selected(results), oracle.topk(scores, K)
        )
    )
    yield p


def _adversarial(rng, rows, n):
    """Scores that are hard on searches by digits, on estimates and on lists."""
    normal = rng.standard_normal((rows, n))
    yield "normal", normal
    yield "equal", np.full((rows, n), 1.5)
    lonely = np.zeros((rows, n))
    lonely[np.arange(rows), rng.integers(0, n, rows)] = 1
    yield "lonely", lonely
    yield "zeros-90", np.where(rng.random((rows, n)) < 0.9, 0, np.abs(normal))
    yield "zeros-99", np.where(rng.random((rows, n)) < 0.99, -0.0, np.abs(normal))
    yield "ascending", np.sort(normal)
    yield "descending", np.sort(normal)[:, ::-1]
    yield "two", np.where(rng.random((rows, n)) < 0.5, 1.0, -1.0)
    yield "nan", np.where(rng.random((rows, n)) < 0.7, np.nan, normal)
    yield "all-nan", np.full((rows, n), np.nan)
    yield "all-inf", np.full((rows, n), -np.inf)
    yield "infinite", np.where(rng.random((rows, n)) < 0.1, np.inf, -np.inf)
    # What samples at equal distances see is not what there is.
    hidden = np.full((rows, n), -1.0)
    hidden[:, :: max(1, n // 64) // 8 * 8 or 1] = 5
    yield "hidden", hidden
    yield "tiny", normal * 1e-42
    yield "clustered", 1000 + normal * 1e-3


def tiles():
    """What kernels on tiles list, shorten, estimate and read again."""
    rng = np.random.default_rng(30)
    for name, scores in _adversarial(rng, 3, 5003):
        yield case(
            f"tiles-{name}", scores.astype(np.float32), 300, values=name != "equal"
        )
    long = data.i32([0, 3, 5000, 9999, 17]), data.i32([9999, 9000, 5600, 9999, 2])
    yield case("tiles-bounds", some(5, 9999), 512, bounds=long, poison=True)
    yield case(
        "tiles-window",
        some(5, 9999),
        400,
        bounds=long,
        positions=data.i32([9998, 0, 5300, 7, data.INT_MAX]),
        window=(100, 7),
        first=20,
        values=False,
    )
    for element in ("f16", "bf16"):
        yield case(f"tiles-{element}", some(3, 3001, element), 200)
    yield case("tiles-lists", lambda rng: data.scores(rng, (2, 3, 2999)), 77)
    # More rows than keep a chip busy: nobody shares one.
    hidden = np.full((140, 2050), -1.0, np.float32)
    hidden[:, ::24] = rng.standard_normal((140, 86)).astype(np.float32)
    yield case("tiles-rows", hidden, 100)
    yield case("tiles-large-k", some(2, 12001), 8192, unordered=True)
    yield case("tiles-long", some(1, 150001), 2048)


def cases():
    for group in (shapes, lists, clauses, blocks, ids, merged, tiles):
        yield from group()
