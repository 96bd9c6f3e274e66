# ===- cases_attention.py - cases of dsa.attention -------------------------===#
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
from program import Program

NAMES = ("out", "lse", "max")

# T, Hq, Hkv, D, Dv, N and the element types of inputs and of the output. Without
# Hkv, keys have no head dimension; without Dv, values are the first D // 2 + 1
# columns of the keys.
SHAPES = [
    (1, 1, None, 1, None, 1, "f32", "f32"),
    (3, 3, None, 5, 4, 7, "f32", "f32"),
    (5, 5, 1, 37, 37, 65, "f32", "f32"),
    (4, 6, 2, 100, 5, 129, "f32", "bf16"),
    (3, 16, 16, 16, None, 33, "f32", "f16"),
    (2, 24, 8, 130, 130, 200, "bf16", "bf16"),
    (6, 7, 7, 37, None, 31, "bf16", "f32"),
    (3, 17, None, 64, None, 1000, "bf16", "bf16"),
    (9, 1, 1, 5, 1, 63, "f16", "f16"),
    (3, 8, 4, 100, None, 257, "f16", "f16"),
    (2, 3, 3, 37, 130, 64, "f16", "f32"),
    (0, 3, None, 5, 4, 7, "f32", "f32"),
    (3, 4, 2, 5, 4, 0, "bf16", "bf16"),
]


def keys_shape(N, Hkv, B):
    return (*(() if B is None else (B,)), N, *(() if Hkv is None else (Hkv,)))


class Inputs:
    """Arrays that both kinds of attention have, and the same as arguments."""

    def __init__(
        self, p, shape, *, B=None, sink=None, exact=False, mean=0.25, width=None
    ):
        T, Hq, Hkv, D, Dv, N, self.element, self.out = shape
        element = self.element
        self.rng = rng = p.random()

        def draw(shape, mean=0.0):
            if exact:
                return data.integers(rng, shape, element)
            return data.normal(rng, shape, element, mean)

        keys = keys_shape(N, Hkv, B)
        self.q = draw((T, Hq, D))
        self.key = draw((*keys, D))
        self.value = None if Dv is None else draw((*keys, Dv), mean)
        self.width = width or D // 2 + 1 if Dv is None else Dv
        self.seq = None if B is None else data.tricky_sequences(rng, T, B)
        self.sink = sink
        self.scale = 0.25 if exact else D**-0.5

        dims = ("N" if B is None else "BN") + ("." if Hkv is None else "..")
        self.operands = (
            p.argument("q", self.q, "T.."),
            p.argument("key", self.key, dims),
            p.argument("value", self.value, dims),
        )
        self.values = {
            "seq": p.argument("seq", self.seq, "T"),
            "sink": p.argument("sink", self.sink, "."),
        }
        self.settings = {"scale": self.scale, "value_width": self.width}
        self.arrays = {"seq": self.seq, "sink": self.sink}

    def hide(self, used, finite=False):
        """NaN and infinities in every key that is not used; or large numbers."""
        data.poison_keys(self.rng, used, self.key, self.value, finite=finite)


def weights_error(given, attend):
    """How far outputs may be off, at most, if weights are rounded before their use.

    An output is the sum of w_i · v_i over that of all w_i. With w_i · (1 + d_i) for
    w_i above, the sum below being exact, it is off by the sum of d_i · w_i · v_i over
    that of w_i: by the unit roundoff times a weighted mean of magnitudes. What no
    number is small enough for is rounded to a multiple of the smallest; that is at
    most half of that for each key, and the sum of all weights is at least one.
    """
    relative, absolute = compare.WEIGHTS[given.element]
    key, value = given.key.astype(np.float64), given.value
    values = key[..., : given.width] if value is None else value.astype(np.float64)
    values = np.where(np.isfinite(values), np.abs(values), 0)
    keys = values.shape[0 if given.seq is None else 1]
    most = values.max(initial=0)
    return relative * attend(given.q, given.key, values)[0] + absolute * keys * most


def finish(p, results, expect, out, slack_on_tiles=lambda: 0):
    """Gives the results, and checks them against what `expect()` returns."""
    for name, value in zip(NAMES, results):
        p.give(name, value)

    def compare_all(results, slack):
        for name, expected in zip(NAMES, expect()):
            if name not in results:
                continue
            if name == "out":
                tolerance = compare.TOLERANCE[out]
                reason = compare.close(results[name], expected, tolerance, slack=slack)
            else:
                reason = compare.close_log(results[name], expected)
            if reason:
                return f"{name} {reason}"
        return None

    p.check(
        lambda results: compare_all(results, 0),
        on_tiles=lambda results: compare_all(results, slack_on_tiles()),
    )
    return p


def finish_attention(p, given, results, attend):
    """The same; `attend(q, key, value)` is the oracle."""
    return finish(
        p,
        results,
        lambda: attend(given.q, given.key, given.value),
        given.out,
        lambda: weights_error(given, attend),
    )


def case(
    name,
    shape,
    *,
    B=None,
    sink=None,
    exact=False,
    bounds=None,
    positions=None,
    window=None,
    max=True,
    static="",
    poison=False,
    prepare=None,
    width=None,
):
    """`prepare(inputs)` may change inputs before they are used."""
    p = Program(f"attention/{name}", static, poison)
    given = Inputs(p, shape, B=B, sink=sink, exact=exact, width=width)
    if prepare:
        prepare(given)
    arrays = given.arrays | {"bounds": bounds, "positions": positions}
    values = given.values | {
        "bounds": p.bounds(bounds),
        "positions": p.argument("positions", positions, "T"),
    }
    settings = given.settings | {"window": window}
    results = emit.attention(
        p, *given.operands, out=given.out, max=max, **values, **settings
    )

    def attend(q, key, value):
        return oracle.attention(q, key, value, **arrays, **settings)

    return finish_attention(p, given, results, attend)


def shapes():
    for i, shape in enumerate(SHAPES):
        T, Hq, Hkv, D, Dv, N, element, out = shape
        yield case(
            f"{element}-{out}-t{T}-hq{Hq}-hkv{Hkv or 0}-d{D}-dv{Dv or 'k'}-n{N}",
            shape,
            max=i % 3 != 1,
            static=["", "N", "T", "TN"][i % 4],
            poison=i % 2 == 0,
        )


def ranges():
    N = 70
    limits = data.tricky_bounds(N)
    T = len(limits[0])
    positions = data.tricky_positions(T, N)
    gqa = (T, 4, 2, 16, None, N, "f32", "f32")
    yield case("bounds", gqa, bounds=limits, poison=True)
    nothing = (T, 3, None, 5, 4, 0, "f32", "f32")
    yield case("bounds-no-keys", nothing, bounds=data.tricky_bounds(0))
    yield case("window", gqa, positions=positions, window=(9, 3))
    yield case("window-bounds", gqa, bounds=limits, positions=positions, window=(20, 0))
    # Ends that 32 bits do not hold.
    for wide in ((3, data.INT_MAX), (data.INT_MAX, 2)):
        name = f"window-wide{wide[0]}"
        yield case(name, gqa, bounds=limits, positions=positions, window=wide)
    yield case("window-one", gqa, bounds=limits, positions=positions, window=(0, 0))

    packed, positions = data.packed_bounds([1, 17, 4, 9])
    packed_shape = (31, 3, None, 37, None, 31, "bf16", "bf16")
    yield case("packed-sequences", packed_shape, bounds=packed)
    yield case(
        "packed-window", packed_shape, bounds=packed, positions=positions, window=(4, 0)
    )


def unseen():
    """NaN and infinities in keys that no row may see."""
    N = 90
    limits = data.i32([20, 25, 31, 50]), data.i32([71, 60, 31, 77])
    used = (np.arange(N) >= 20) & (np.arange(N) < 77)
    for element, Hkv, Dv in (("f32", 2, 8), ("bf16", None, None), ("f16", None, 5)):
        yield case(
            f"unseen-{element}",
            (4, 4, Hkv, 12, Dv, N, element, "f32"),
            bounds=limits,
            prepare=lambda given: given.hide(used),
        )


def sinks():
    inf = np.inf
    sink = np.array([0, -inf, inf, 300, -300, 1.5, 88, -2], np.float32)
    limits = data.i32([0, 5, 0, 39]), data.i32([40, 5, 17, 40])
    for element, out in (("f32", "f32"), ("bf16", "bf16")):
        shape = (4, 8, 2, 16, None, 40, element, out)
        yield case(f"sink-{element}", shape, bounds=limits, sink=sink)


def sequences():
    for element, Hkv, Dv in (("f32", None, None), ("bf16", 2, 8)):
        yield case(
            f"sequences-{element}",
            (13, 4, Hkv, 16, Dv, 35, element, element),
            B=4,
            sink=np.array([0, 1, -1, 2], np.float32),
            bounds=(data.i32(range(13)), data.i32(range(12, 38, 2))),
            prepare=lambda given: given.hide(np.isin(np.arange(4), given.seq)),
        )
    yield case("no-sequences", (5, 3, None, 4, 2, 7, "f32", "f32"), B=0)


def far(given):
    given.q *= np.float16(40)
    # A row whose logits are all far below zero.
    given.key[...] = np.abs(given.key)
    given.q[0] = -np.abs(given.q[0])


def far_logits():
    """Logits whose exponential overflows or vanishes in f32."""

    shape = (4, 4, 2, 16, 5, 50, "f16", "f16")
    yield case("far-logits", shape, exact=True, prepare=far)


# What GPUs have kernels on tiles for: T, Hq, Hkv, D, Dv, N and the element types, as
# above, and the values' columns where they are those of keys. Programs have up to three
# times 64 rows, tiles 64 keys; where there are processors for rows of so many heads, these
# are gathered, or one warpgroup has them.
TILES = [
    (3, 2, None, 64, None, 65, "bf16", "bf16", 32),
    (70, 4, 2, 64, 64, 130, "bf16", "bf16", None),
    (134, 3, 1, 192, 128, 64, "f16", "f32", None),
    (2, 2, 2, 32, 16, 200, "f16", "f16", None),
    (133, 1, None, 256, None, 70, "bf16", "f32", 256),
    # More heads than processors.
    (66, 140, 20, 64, 64, 90, "bf16", "bf16", None),
    (20, 133, 7, 192, 128, 64, "f16", "f32", None),
    (20, 136, 8, 256, None, 70, "bf16", "f32", 256),
    (0, 2, None, 64, 64, 9, "bf16", "bf16", None),
    (5, 2, None, 64, 64, 0, "bf16", "bf16", None),
]


def tiles():
    for i, (*shape, width) in enumerate(TILES):
        T, Hq, Hkv, D, Dv, N, element, out = shape
        yield case(
            f"tiles-{element}-{out}-t{T}-hq{Hq}-hkv{Hkv or 0}-d{D}-dv{Dv or 'k'}-n{N}",
            shape,
            width=width,
            max=i % 3 != 1,
            static=["", "N", "T", "TN"][i % 4],
            poison=i % 2 == 0,
        )
    causal = data.packed_bounds([100])[0]
    shape = (100, 16, 16, 128, 128, 100, "bf16", "bf16")
    yield case("tiles-causal", shape, bounds=causal)
    packed = data.packed_bounds([1, 70, 4, 64, 61])[0]
    shape = (200, 2, None, 64, 64, 200, "f16", "f32")
    yield case("tiles-packed-sequences", shape, bounds=packed, poison=True)
    limits = data.tricky_bounds(150)
    shape = (len(limits[0]), 2, 1, 64, 32, 150, "bf16", "f32")
    yield case("tiles-bounds", shape, bounds=limits, poison=True)
    inf = np.inf
    sink = np.array([0, -inf, inf, 300, -300, 1.5, 88, -2], np.float32)
    limits = data.i32([0, 5, 0, 39]), data.i32([70, 5, 17, 70])
    shape = (4, 8, 2, 64, 64, 70, "bf16", "bf16")
    yield case("tiles-sink", shape, bounds=limits, sink=sink)
    # Kernels on tiles weigh values of keys that a row does not see by zero.
    limits = data.i32([20, 25, 31, 50]), data.i32([71, 60, 31, 77])
    used = (np.arange(90) >= 20) & (np.arange(90) < 77)
    for Dv in (64, None):
        yield case(
            f"tiles-unseen-dv{Dv or 'k'}",
            (4, 4, None, 64, Dv, 90, "bf16", "f32"),
            bounds=limits,
            width=32,
            prepare=lambda given: given.hide(used, finite=True),
        )
    shape = (4, 4, 2, 64, 64, 70, "f16", "f16")
    yield case("tiles-far-logits", shape, exact=True, prepare=far)


# What rows of one head do not become, or are too few for: keys are gathered.
GATHERED = [
    # Few heads have the same keys.
    (3, 4, 1, 64, 64, 200, "bf16", "bf16", None),
    (2, 16, None, 576, None, 150, "bf16", "f32", 512),
    (5, 12, 3, 192, 128, 70, "f16", "f16", None),
    (2, 40, None, 576, None, 300, "bf16", "bf16", 512),
    # Many do.
    (2, 64, None, 576, None, 150, "bf16", "bf16", 512),
    (3, 130, 2, 128, 128, 65, "f16", "f32", None),
]


def tile_ranges():
    for i, (*shape, width) in enumerate(GATHERED):
        T, Hq, Hkv, D, Dv, N, element, out = shape
        yield case(
            f"tiles-{element}-{out}-t{T}-hq{Hq}-hkv{Hkv or 0}-d{D}-dv{Dv or 'k'}-n{N}",
            shape,
            width=width,
            max=i % 3 != 1,
            static=["T", "TN"][i % 2],
            poison=i % 2 == 0,
        )
    N = 150
    limits = data.tricky_bounds(N)
    T = len(limits[0])
    positions = data.tricky_positions(T, N)
    for heads, static in ((4, ""), (40, ""), (4, "T")):
        shape = (T, heads, 2, 64, 64, N, "bf16", "f32")
        name = f"tiles-window-hq{heads}{'-static' if static else ''}"
        yield case(
            name,
            shape,
            bounds=limits,
            positions=positions,
            window=(20, 3),
            static=static,
        )
        yield case(f"{name}-alone", shape, positions=positions, window=(70, 0))
        for wide in ((3, data.INT_MAX), (data.INT_MAX, 2)):
            yield case(
                f"{name}-wide{wide[0]}",
                shape,
                bounds=limits,
                positions=positions,
                window=wide,
            )
    for heads in (4, 80):
        shape = (13, heads, 1, 64, 64, 135, "bf16", "bf16")
        limits = data.i32([0, 5, 0, 39] * 3 + [7]), data.i32([130, 5, 17, 70] * 3 + [8])
        yield case(f"tiles-sequences-hq{heads}", shape, B=4, bounds=limits)
    sink = np.array([0, -np.inf, np.inf, 300, -300, 1.5, 88, -2], np.float32)
    shape = (3, 8, 2, 64, 64, 70, "bf16", "bf16")
    yield case("tiles-few-rows-sink", shape, sink=sink, static="T")


def cases():
    for group in (shapes, ranges, unseen, sinks, sequences, far_logits, tiles, tile_ranges):
        yield from group()
