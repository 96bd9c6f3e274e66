# ===- cases_select.py - cases of dsa.select -------------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Cases of dsa.select.

Scores that differ in rounding select differently, so a program also returns the
scores it computes, by an operation of their own; these are checked against the
oracle, and the selection against them. That operation has a destination of its own,
lest it becomes one with the scorer, whose schedule it has.
"""

import math
from dataclasses import replace

import cases_index_scores
import compare
import data
import emit
import numpy as np
import oracle
import pages
from cases_index_scores import inputs
from cases_topk import give, selected
from program import ELEMENTS, Program

# T, H, D, N, K and the element types of keys and scores.
SHAPES = [
    (1, 1, 1, 1, 1, "f32", "f32"),
    (3, 3, 5, 7, 16, "f32", "f32"),
    (5, 5, 37, 333, 50, "f32", "f32"),
    (7, 7, 100, 130, 16, "bf16", "f32"),
    (3, 17, 16, 1000, 64, "bf16", "bf16"),
    (9, 16, 130, 65, 65, "f16", "f16"),
    (6, 24, 128, 517, 100, "f8E4M3FN", "f32"),
    (2, 1, 128, 2500, 2048, "f8E4M3FN", "f32"),
    (4, 3, 37, 99, 10, "f8E4M3FN", "bf16"),
    (0, 3, 5, 7, 4, "f32", "f32"),
    (3, 3, 5, 0, 4, "f8E4M3FN", "f32"),
]


def alone(p, given, activation, **settings):
    """The scores that a selection goes by, of the same inputs."""
    return given.emit(p, activation=activation, destination=p.poisoned, **settings)


def finish(p, given, selection, scores, k, out, clauses):
    """Gives the selection and the scores, and checks both; with no `out`, the
    selection alone."""
    give(p, selection)
    p.give("scores", scores)

    def check(results):
        if out:
            expected = given.expected("relu")
            reason = compare.close(results["scores"], expected, compare.TOLERANCE[out])
            if reason:
                return f"scores {reason}"
        best = oracle.select(results["scores"], k, **clauses)
        return compare.same_selection(selected(results), best)

    p.check(check)
    return p


def case(
    name,
    shape,
    *,
    B=None,
    scored=None,
    exact=False,
    terms=0,
    static="",
    poison=False,
    schedule=None,
    **clauses,
):
    """`scored` are bounds of the scorer, other clauses are those of the select, as is
    the schedule."""
    T, H, D, N, K, element, out = shape
    p = Program(f"select/{name}", static, poison)
    given = inputs(p, p.random(), T, H, D, N, element, "f32", B, scored, exact, terms)
    scores = alone(p, given, "relu", out=out)
    values = {
        "bounds": p.bounds(clauses.get("bounds"), "_select"),
        "positions": p.argument("positions", clauses.get("positions"), "T"),
    }
    selection = emit.select(
        p,
        lambda: given.emit(p, activation="relu", out=out, destination=p.empty),
        K,
        values=True,
        schedule=schedule,
        **(clauses | values),
    )
    return finish(p, given, selection, scores, K, out, clauses)


def shapes():
    for i, shape in enumerate(SHAPES):
        T, H, D, N, K, element, out = shape
        yield case(
            f"{element}-{out}-t{T}-h{H}-d{D}-n{N}-k{K}",
            shape,
            static=["", "N", "T", "TN"][i % 4],
            poison=i % 2 == 0,
        )


def clauses():
    N = 150
    limits = data.tricky_bounds(N)
    T = len(limits[0])
    positions = data.tricky_positions(T, N)
    shape = (T, 3, 16, N, 20, "bf16", "f32")
    yield case("bounds", shape, bounds=limits)
    yield case("bounds-of-scores", shape, scored=limits, poison=True)
    yield case("linear", shape, bounds=limits, terms=3)
    yield case(
        "window-first",
        shape,
        scored=limits,
        positions=positions,
        window=(6, 2),
        first=4,
    )
    yield case("block", shape, bounds=limits, first=9, block=8)
    # Most scores are exactly zero or tie otherwise.
    yield case("ties", (9, 2, 2, 400, 60, "f8E4M3FN", "f32"), exact=True)
    yield case("sequences", (13, 3, 16, 70, 20, "f8E4M3FN", "f32"), B=3)

    packed, positions = data.packed_bounds([1, 17, 4, 50])
    yield case(
        "packed-sequences",
        (72, 3, 16, 72, 12, "f8E4M3FN", "f32"),
        scored=packed,
        positions=positions,
        window=(3, 0),
        first=1,
    )


def fused():
    """Scores and their top-k as two operations."""
    for T, H, D, N, K, element in (
        (7, 5, 32, 260, 40, "f8E4M3FN"),
        (3, 3, 37, 99, 200, "f32"),
    ):
        p = Program(f"select/scores-then-topk-{element}")
        rng = p.random()
        limits = rng.integers(0, N // 2, T), rng.integers(N // 4, N, T)
        limits = tuple(data.i32(limit) for limit in limits)
        given = inputs(p, rng, T, H, D, N, element, "f32", bounds=limits)
        scores = alone(p, given, "relu")
        best = emit.topk(p, given.emit(p, activation="relu"), K, values=True)
        yield finish(p, given, best, scores, K, "f32", {})


def _generic(p, scores, dims, maps, body, operands):
    """A linalg.generic that makes f32 of `dims` from scores and other operands."""
    init = p.empty("f32", dims)
    values = [scores, *operands]
    loops = ["t", "n"] if len(dims) == 2 else ["t", "g", "n"]
    affine = ", ".join(
        f"affine_map<({', '.join(loops)}) -> ({', '.join(m)})>" for m in [*maps, loops]
    )
    kinds = ", ".join(['"parallel"'] * len(loops))
    names = ", ".join(v.ssa for v in values)
    types = ", ".join(v.type for v in values)
    ssa = p.fresh()
    p.line(
        f"{ssa} = linalg.generic {{indexing_maps = [{affine}], "
        f"iterator_types = [{kinds}]}} ins({names} : {types}) "
        f"outs({init.ssa} : {init.type}) {{"
    )
    arguments = ", ".join(f"%x{i}: f32" for i in range(len(values)))
    p.line(f"^bb0({arguments}, %unused: f32):")
    for line in body:
        p.line(f"  {line}")
    p.line(f"}} -> {init.type}")
    return replace(init, ssa=ssa)


def negated():
    """The worst keys: the scores are negated before the selection."""
    T, N, K = 5, 120, 30
    p = Program("select/scorer-negated")
    given = inputs(p, p.random(), T, 3, 16, N, "f32", "f32")

    def scorer():
        s = given.emit(p, activation="none", destination=p.empty)
        body = ["%y = arith.negf %x0 : f32", "linalg.yield %y : f32"]
        return _generic(p, s, ("T", "N"), ["tn"], body, [])

    p.give("scores", alone(p, given, "none"))
    give(p, emit.select(p, scorer, K))

    def check(results):
        best = oracle.select(-results["scores"], K)
        return compare.same_selection(selected(results), best)

    p.check(check)
    yield p


def scored_lists():
    """Three lists a row: the scores times another factor for each."""
    T, N, K = 5, 120, 30
    p = Program("select/scorer-lists")
    rng = p.random()
    given = inputs(p, rng, T, 3, 16, N, "bf16", "f32")
    factors = data.normal(rng, (T, 3))
    factor = p.argument("factors", factors, "T.")

    def scorer():
        s = given.emit(p, activation="none", destination=p.empty)
        body = ["%y = arith.mulf %x0, %x1 : f32", "linalg.yield %y : f32"]
        return _generic(p, s, ("T", 3, "N"), ["tn", "tg"], body, [factor])

    p.give("scores", alone(p, given, "none"))
    give(p, emit.select(p, scorer, K, values=True))

    def check(results):
        scores = results["scores"][:, None] * factors[:, :, None]
        best = oracle.select(scores, K)
        return compare.same_selection(selected(results), best)

    p.check(check)
    yield p


# Chunks of a few rows; programs that share a row where it has more than 1024 keys.
CHUNKS = (
    "#dsa_tile.select_schedule<most_rows = 16, most_bytes = 1048576, unit_rows = 8, "
    "topk = <block_keys = 512, candidates = 1024, sample = 512, bins = 512, "
    "groups = 1>>"
)
# Two loops: linear parts of 64 rows, scores of as many as fit into 1 MiB.
LOOPS = (
    "#dsa_tile.select_schedule<most_rows = 64, most_bytes = 1048576, unit_rows = 8, "
    "topk = <block_keys = 2048, candidates = 8192, sample = 2048, bins = 2048, "
    "groups = 4>>"
)
# A row at a time: more would not fit.
ROWS = CHUNKS.replace("1048576", "100")
# Three chunks of as many rows at a time.
CONCURRENT = CHUNKS.replace("1048576", "3145728").replace(">>", ">, concurrent = 3>")
# Blocks, for which there is no kernel on tiles.
BLOCKS = CHUNKS[: CHUNKS.index(", topk")] + ">"


def lists(K, spare=256):
    """Keys are listed while they are scored; lists are shortened several times."""
    room = math.ceil(K / 4) * 4 + spare
    return (
        "#dsa_tile.select_schedule<most_rows = 16, most_bytes = 1073741824, "
        f"unit_rows = 8, candidates = {room}>"
    )


def select_seen(p, given, K, schedule):
    """The best by relu, with values, of what the rows see."""
    return emit.select(
        p,
        lambda: given.emit(p, activation="relu", destination=p.empty),
        K,
        values=True,
        bounds=given.values["bounds"],
        schedule=schedule,
    )


def tiles():
    """Scores and top-k as kernels on tiles, for some rows at a time."""
    limits = data.tricky_bounds(700)
    T = len(limits[0])
    window = {
        "positions": data.tricky_positions(T, 700),
        "window": (6, 2),
        "first": 4,
    }
    for name, schedule, shape, clauses in (
        ("f8", CHUNKS, (41, 8, 128, 700, 64, "f8E4M3FN", "f32"), {}),
        ("bf16", CHUNKS, (17, 5, 64, 2999, 200, "bf16", "f32"), {"poison": True}),
        ("f16", CHUNKS, (T, 8, 32, 700, 64, "f16", "f16"), {"bounds": limits}),
        ("window", CHUNKS, (T, 8, 64, 700, 64, "bf16", "bf16"), window),
        ("scored", CHUNKS, (T, 8, 64, 700, 64, "bf16", "f32"), {"scored": limits}),
        ("rows", ROWS, (5, 8, 128, 130, 16, "f8E4M3FN", "f32"), {}),
        ("static", CHUNKS, (41, 8, 64, 130, 16, "bf16", "f32"), {"static": "TN"}),
        ("no-rows", CHUNKS, (0, 8, 64, 130, 16, "bf16", "f32"), {}),
        ("no-keys", CHUNKS, (20, 8, 64, 0, 16, "bf16", "f32"), {}),
        ("default", None, (9, 64, 128, 3000, 512, "f8E4M3FN", "f32"), {}),
        ("concurrent", CONCURRENT, (75, 64, 128, 2999, 64, "f8E4M3FN", "f32"), {}),
        # Fewer chunks than may run at the same time.
        ("beside", CONCURRENT, (30, 8, 64, 1500, 200, "bf16", "f32"), {"poison": True}),
        ("alone", CONCURRENT, (11, 8, 64, 3000, 64, "bf16", "f32"), {}),
        ("none", CONCURRENT, (0, 8, 64, 700, 64, "bf16", "f32"), {}),
    ):
        yield case(f"tiles-{name}", shape, schedule=schedule, **clauses)
    yield case(
        "chunks-block",
        (41, 8, 64, 700, 16, "bf16", "f32"),
        block=8,
        first=9,
        schedule=BLOCKS,
    )

    # The same bounds for both: nobody reads what lies outside of them.
    p = Program("select/tiles-same-bounds", poison=True)
    given = inputs(p, p.random(), T, 8, 64, 700, "bf16", "f32", bounds=limits)
    scores = alone(p, given, "relu")
    best = select_seen(p, given, 64, CHUNKS)
    yield finish(p, given, best, scores, 64, "f32", {})


def listed():
    """Keys that are listed while they are scored, of every element type."""
    limits = data.tricky_bounds(1500)
    T = len(limits[0])
    for name, shape, clauses in (
        ("f8", (21, 64, 128, 1500, 64, "f8E4M3FN", "f32"), {}),
        ("bf16", (9, 40, 64, 3001, 100, "bf16", "f32"), {"poison": True}),
        ("scored", (T, 64, 64, 1500, 64, "f16", "f32"), {"scored": limits}),
        ("bounds", (T, 8, 64, 1500, 64, "bf16", "f32"), {"bounds": limits}),
        ("ties", (9, 64, 32, 2500, 60, "f8E4M3FN", "f32"), {"exact": True}),
        ("few", (9, 64, 64, 50, 60, "bf16", "f32"), {"static": "TN"}),
        ("all", (3, 24, 32, 1024, 1024, "bf16", "f32"), {}),
        ("one", (70, 5, 32, 1999, 1, "f16", "f32"), {}),
        ("linear", (5, 8, 64, 1500, 30, "bf16", "f32"), {"terms": 4}),
        ("sequences", (13, 8, 64, 1700, 40, "f8E4M3FN", "f32"), {"B": 3}),
        ("no-rows", (0, 8, 64, 130, 16, "bf16", "f32"), {}),
        ("no-keys", (20, 8, 64, 0, 16, "bf16", "f32"), {}),
    ):
        schedule = lists(shape[4])
        yield case(f"tiles-lists-{name}", shape, schedule=schedule, **clauses)

    p = Program("select/tiles-lists-same-bounds", poison=True)
    given = inputs(p, p.random(), T, 64, 64, 1500, "bf16", "f32", bounds=limits)
    scores = alone(p, given, "relu")
    best = select_seen(p, given, 64, lists(64))
    yield finish(p, given, best, scores, 64, "f32", {})


def hard_scores(rng, N):
    """A sequence of N scores for each way in which lists may be hard to shorten."""
    key = np.arange(N)
    special = np.array([np.inf, -np.inf, np.nan, 0.0, -0.0, 1.0, -1.0])
    normal = rng.normal(0, 1, N)
    few = rng.permutation(N) < 30
    return np.array(
        [
            np.full(N, 1.5),
            np.where(key == N // 2, 1.0, 0.0),
            np.where(rng.random(N) < 0.9, 0.0, normal),
            np.sort(normal),
            np.sort(normal)[::-1],
            rng.choice(special, N),
            np.where(few, normal, np.nan),
            np.where(few, normal, -np.inf),
            rng.choice([-np.inf, np.nan], N),
            rng.choice([0.0, -0.0], N),
            rng.integers(-2, 3, N) * np.float64(2**-149),
            -np.abs(normal),
            # The best are all of one list, and come late.
            np.where(key % 64 // 16 == 2, 2 + key / N, normal / 8),
            # All but their last bits are the same.
            1 + rng.integers(0, 2**10, N) * 2.0**-23,
            np.full(N, np.inf),
        ],
        np.float32,
    )


def hard():
    """Scores that are the scales of keys, another sequence of them for some rows."""
    for name, H, D, N, K, element in (
        ("f8", 64, 128, 2600, 100, "f8E4M3FN"),
        ("bf16", 1, 32, 1999, 300, "bf16"),
    ):
        p = Program(f"select/tiles-lists-hard-{name}")
        rng = p.random()
        scales = hard_scores(rng, N)
        seq = data.i32([*range(len(scales)), *range(len(scales)), -1])
        T = len(seq)
        bounds = (data.i32([0] * len(scales) + [37] * (T - len(scales))),)
        bounds += (data.i32([N] * len(scales) + [N - 101] * (T - len(scales))),)
        # All products are 1.
        q, k = np.zeros((T, H, D)), np.zeros((len(scales), N, D))
        weights = np.zeros((T, H), np.float32)
        q[..., 0] = k[..., 0] = weights[:, 0] = 1
        given = cases_index_scores.Inputs(
            p,
            q.astype(ELEMENTS[element]),
            k.astype(ELEMENTS[element]),
            bounds=bounds,
            weights=weights,
            k_scale=scales,
            seq=seq,
        )
        best = emit.select(
            p,
            lambda p=p, given=given: given.emit(
                p, activation="none", destination=p.empty
            ),
            K,
            values=True,
            schedule=lists(K),
        )
        give(p, best)
        seen = np.full((T, N), -np.inf, np.float32)
        for t, (s, lo, hi) in enumerate(zip(seq, *bounds)):
            if s >= 0:
                seen[t, lo:hi] = scales[s, lo:hi]

        def check(results, seen=seen, K=K):
            return compare.same_selection(selected(results), oracle.select(seen, K))

        p.check(check)
        yield p


def large():
    """Many chunks of long rows: what is selected is what top-k of all scores, by an
    operation of the same schedule, selects."""
    for name, shape, causal, schedule in (
        ("f8", (150, 8, 128, 20011, 2048, "f8E4M3FN"), False, LOOPS),
        ("bf16", (70, 8, 64, 33000, 300, "bf16"), True, LOOPS),
        ("lists-f8", (41, 64, 128, 50001, 2048, "f8E4M3FN"), False, lists(2048)),
        ("lists-bf16", (70, 8, 64, 33000, 300, "bf16"), True, lists(300)),
    ):
        T, H, D, N, K, element = shape
        p = Program(f"select/tiles-large-{name}")
        limits = (data.i32([0] * T), data.i32(range(N - T + 1, N + 1)))
        given = inputs(
            p, p.random(), T, H, D, N, element, "f32", bounds=limits if causal else None
        )
        scores = alone(p, given, "relu")
        best = select_seen(p, given, K, schedule)
        yield finish(p, given, best, scores, K, None, {})


def decoding():
    """Keys in pages, with their scales, for the last rows of each sequence."""
    for name, counts, S, M, K, schedule in (
        ("default", (1, 1, 1, 1), 64, 9, 100, None),
        ("chunks", (2, 8, 1, 5, 7, 1), 64, 12, 64, CHUNKS),
        ("small", (4, 3), 16, 40, 64, CHUNKS),
        ("row", (1,), 64, 40, 200, CHUNKS),
        ("lists", (2, 8, 1, 5, 7, 1), 64, 40, 64, lists(64)),
        ("lists-small", (4, 3), 16, 90, 64, lists(64)),
    ):
        p = Program(f"select/tiles-pages-{name}", poison=name == "chunks")
        given = pages.decoded(p, counts, 128, 2 * M, S, M)
        scores = alone(p, given, "relu")
        best = select_seen(p, given, K, schedule)
        yield finish(p, given, best, scores, K, "f32", {})


def cases():
    for group in (
        *(shapes, clauses, fused, negated, scored_lists, tiles, listed, hard, large),
        decoding,
    ):
        yield from group()
