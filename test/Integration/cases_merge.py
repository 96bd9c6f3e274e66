# ===- cases_merge.py - cases of dsa.merge ---------------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
import data
import emit
import numpy as np
import oracle
from cases_attention import Inputs, finish
from program import Program

# P, T, H, Dv and the element types of the partial outputs and of the output.
SHAPES = [
    (1, 3, 1, 1, "f32", "f32"),
    (2, 5, 3, 5, "f32", "f32"),
    (5, 4, 16, 37, "f32", "f32"),
    (2, 7, 17, 100, "f32", "bf16"),
    (5, 3, 5, 130, "bf16", "bf16"),
    (2, 3, 7, 64, "bf16", "f32"),
    (5, 5, 24, 16, "f16", "f16"),
    (3, 1, 1, 5, "f16", "f32"),
    (2, 0, 3, 5, "f32", "f32"),
    (0, 3, 2, 5, "f32", "f32"),
]


def case(name, out, lse, *, out_element="f32", sink=None, static="", poison=False):
    p = Program(f"merge/{name}", static, poison)
    outs, lses = p.argument("outs", out, "PT.."), p.argument("lses", lse, "PT.")
    results = emit.merge(
        p, outs, lses, sink=p.argument("sink", sink, "."), out_element=out_element
    )
    return finish(p, results, lambda: oracle.merge(out, lse, sink=sink), out_element)


def partials(rng, P, T, H, Dv, element):
    """Partial results, a quarter of them of no keys and with NaN for output."""
    out = data.normal(rng, (P, T, H, Dv), element, mean=0.25)
    lse = data.normal(rng, (P, T, H), deviation=4)
    none = rng.random((P, T, H)) < 0.25
    lse[none] = -np.inf
    out[none] = np.nan
    return out, lse


def shapes():
    for i, (P, T, H, Dv, element, out) in enumerate(SHAPES):
        rng = np.random.default_rng(i)
        yield case(
            f"{element}-{out}-p{P}-t{T}-h{H}-dv{Dv}",
            *partials(rng, P, T, H, Dv, element),
            out_element=out,
            sink=data.normal(rng, (H,)) if i % 2 else None,
            static=["P", "", "T", "PT"][i % 4],
            poison=i % 2 == 0,
        )


def extremes():
    """Logarithms far from zero, sinks of every size, and rows of no keys."""
    rng = np.random.default_rng(1)
    inf = np.inf
    lse = np.array(
        [
            [-inf, -inf, 1000, -1000, 89, 0, -120, -inf],
            [-inf, 3, 1001, -1001, -inf, 0, 120, -90],
            [-inf, -inf, 990, -inf, 91, 0, 0, -91],
        ],
        np.float32,
    )[:, None]
    out = data.normal(rng, (3, 1, 8, 6), mean=0.25)
    out[lse == -inf] = np.nan
    yield case("extremes", out, lse)
    for size in (-inf, -1000, 0, 90, 1000, inf):
        yield case(f"extremes-sink{size}", out, lse, sink=np.full(8, size, np.float32))


def merged_parts(p, parts, given):
    outs, lses = (p.stack([part[i] for part in parts]) for i in range(2))
    return emit.merge(p, outs, lses, sink=given.values["sink"])


def splits():
    """Attention over parts of the keys, merged, is attention over all of them."""
    T, N = 6, 60
    sink = np.array([0.5, -1, 2, 0], np.float32)
    for element, P in (("f32", 2), ("f32", 5), ("bf16", 2)):
        p = Program(f"merge/split-{element}-p{P}")
        given = Inputs(p, (T, 4, 2, 16, None, N, element, "f32"), sink=sink)
        cuts = np.sort(given.rng.integers(0, N + 1, (P + 1, T)), axis=0)
        cuts[0], cuts[-1] = [0, 0, 3, 60, 5, 0], [60, 60, 50, 60, 5, 60]
        cuts = data.i32(np.clip(cuts, cuts[0], cuts[-1]))
        limits = [p.argument(f"cut{i}", cut, "T") for i, cut in enumerate(cuts)]
        parts = [
            emit.attention(p, *given.operands, out="f32", bounds=part, **given.settings)
            for part in zip(limits, limits[1:])
        ]

        def expect(given=given, cuts=cuts):
            arrays = {"bounds": (cuts[0], cuts[-1]), "sink": sink}
            keys = given.key, given.value
            return oracle.attention(given.q, *keys, **arrays, **given.settings)

        yield finish(p, merged_parts(p, parts, given), expect, "f32")


def split_lists():
    """As `splits`, of an index list."""
    p = Program("merge/split-list")
    sink = np.array([0, 3, -2, 1], np.float32)
    given = Inputs(p, (5, 4, 2, 16, 8, 50, "f16", "f32"), sink=sink)
    lists = data.index_lists(given.rng, (5, 2, 40), 50)
    lists[1] = -1
    halves = [half.copy() for half in np.split(lists, [13], axis=2)]
    parts = [
        emit.sparse_attention(
            p,
            *given.operands,
            p.argument(f"indices{i}", half, "T.."),
            out="f32",
            **given.settings,
        )
        for i, half in enumerate(halves)
    ]

    def expect():
        keys = given.key, given.value
        settings = given.settings | {"sink": sink}
        return oracle.sparse_attention(given.q, *keys, lists, **settings)

    yield finish(p, merged_parts(p, parts, given), expect, "f32")


def cases():
    for group in (shapes, extremes, splits, split_lists):
        yield from group()
