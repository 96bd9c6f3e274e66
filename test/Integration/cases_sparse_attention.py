# ===- cases_sparse_attention.py - cases of dsa.sparse_attention -----------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
import data
import emit
import numpy as np
import oracle
from cases_attention import Inputs, far, finish_attention
from program import Program

# T, Hq, Hkv, D, Dv, N, element types of inputs and of the output, as in
# cases_attention.py; then G and K.
SHAPES = [
    (1, 1, None, 1, None, 1, "f32", "f32", 1, 1),
    (5, 3, None, 5, 4, 7, "f32", "f32", 1, 3),
    (5, 5, 1, 37, 37, 65, "f32", "f32", 1, 100),
    (10, 6, 2, 100, 5, 129, "f32", "bf16", 2, 64),
    (5, 16, 16, 16, None, 33, "f32", "f16", 16, 5),
    (5, 24, 8, 130, 130, 200, "bf16", "bf16", 24, 17),
    (5, 7, 7, 37, None, 31, "bf16", "f32", 7, 65),
    (10, 17, None, 64, None, 1000, "bf16", "bf16", 1, 300),
    (3, 128, None, 40, None, 100, "bf16", "bf16", 1, 50),
    (9, 1, 1, 5, 1, 63, "f16", "f16", 1, 40),
    (5, 8, 4, 100, None, 257, "f16", "f16", 4, 33),
    (5, 6, 3, 37, 130, 64, "f16", "f32", 1, 9),
    (3, 5, None, 8, 3, 40, "f32", "f32", 5, 20),
    (0, 3, None, 5, 4, 7, "f32", "f32", 1, 4),
    (5, 4, 2, 5, 4, 0, "bf16", "bf16", 2, 6),
]


def used_keys(indices, lengths, seq, keys, block):
    """Which keys some row reads; `keys` is [N] or [B, N]."""
    used = np.zeros(keys, bool)
    n, b = keys[-1], block or 1
    for t, g, j in np.ndindex(*indices.shape):
        entry = int(indices[t, g, j])
        if lengths is not None and j >= lengths[t, g]:
            continue
        if seq is not None and not 0 <= seq[t] < keys[0]:
            continue
        row = used if seq is None else used[seq[t]]
        if entry >= 0 and entry * b < n:
            row[entry * b : entry * b + b] = True
    return used


def case(
    name,
    shape,
    *,
    B=None,
    sink=None,
    exact=False,
    lengths=False,
    block=None,
    lists=None,
    distinct=False,
    max=True,
    static="",
    poison=False,
    prepare=None,
    width=None,
):
    """Keys that no list names are NaN or infinite. `lists` are index lists."""
    *attention_shape, G, K = shape
    T, N = shape[0], shape[5]
    p = Program(f"sparse_attention/{name}", static, poison)
    given = Inputs(p, attention_shape, B=B, sink=sink, exact=exact, width=width)
    if lists is None:
        lists = data.index_lists(given.rng, (T, G, K), -(-N // (block or 1)))
    counts = None
    if lengths:
        odd = [K, 0, 1, K // 2, K + 1, -1, data.INT_MAX, data.INT_MIN]
        counts = data.i32([odd[i % len(odd)] for i in range(T * G)]).reshape(T, G)
    if prepare:
        prepare(given)
    keys = (N,) if B is None else (B, N)
    given.hide(used_keys(lists, counts, given.seq, keys, block))

    values = given.values | {"lengths": p.argument("lengths", counts, "T.")}
    settings = given.settings | {"block": block}
    results = emit.sparse_attention(
        p,
        *given.operands,
        p.argument("indices", lists, "T.."),
        out=given.out,
        distinct=distinct,
        max=max,
        **values,
        **settings,
    )

    def attend(q, key, value):
        return oracle.sparse_attention(
            q,
            key,
            value,
            lists,
            lengths=counts,
            **given.arrays,
            **settings,
        )

    return finish_attention(p, given, results, attend)


def shapes():
    for i, shape in enumerate(SHAPES):
        T, Hq, Hkv, D, Dv, N, element, out, G, K = shape
        yield case(
            f"{element}-{out}-t{T}-hq{Hq}-hkv{Hkv or 0}-d{D}-dv{Dv or 'k'}-n{N}"
            f"-g{G}-k{K}",
            shape,
            lengths=i % 2 == 1,
            max=i % 3 != 1,
            static=["", "N", "T", "TN"][i % 4],
            poison=i % 2 == 0,
        )


def holes():
    """Rows without a single valid entry, whatever the entries are."""
    garbage = [-1, data.INT_MIN, data.INT_MAX, 30, 31, -30, 2**30]
    lists = np.stack([np.full((2, 9), g) for g in garbage])
    for sink in (None, np.array([1.0, -np.inf, np.inf, 0.0], np.float32)):
        yield case(
            "holes" if sink is None else "holes-sink",
            (len(garbage), 4, 2, 8, None, 30, "f32", "f32", 2, 9),
            lists=data.i32(lists),
            sink=sink,
            poison=True,
        )

    # As top-k leaves them: distinct, ascending, -1 last.
    rng = np.random.default_rng(7)
    lists = np.full((4, 1, 24), -1)
    for t, count in enumerate((24, 13, 0, 1)):
        lists[t, 0, :count] = np.sort(rng.permutation(60)[:count])
    shape = (4, 8, None, 24, None, 60, "bf16", "bf16", 1, 24)
    yield case("distinct", shape, lists=data.i32(lists), distinct=True)


def blocks():
    for b, shape in (
        (1, (5, 3, None, 16, None, 40, "f32", "f32", 1, 12)),
        (4, (10, 4, 2, 16, 8, 61, "f32", "f32", 2, 7)),
        (16, (5, 6, None, 37, None, 100, "bf16", "bf16", 1, 10)),
        (64, (5, 4, 4, 8, 8, 50, "f16", "f16", 4, 3)),
    ):
        yield case(f"block{b}", shape, block=b, lengths=b != 1)
    # Entries whose first key is out of reach of 32 bits.
    lists = data.i32([[[2**26, 2**25, 2**31 - 64, 1, 2**30, -(2**25), 0]]])
    shape = (1, 2, None, 8, None, 100, "f32", "f32", 1, 7)
    yield case("block-overflow", shape, block=64, lists=lists)
    shape = (9, 4, 2, 8, None, 30, "bf16", "f32", 1, 5)
    yield case("block-sequences", shape, B=3, block=7)


def sinks():
    inf = np.inf
    sink = np.array([0, -inf, inf, 300, -300, 1.5, 88, -2], np.float32)
    for element in ("f32", "f16"):
        shape = (10, 8, 2, 16, None, 40, element, element, 2, 15)
        yield case(f"sink-{element}", shape, sink=sink)


def sequences():
    for element, Hkv, Dv, G in (("f32", None, None, 1), ("bf16", 2, 8, 4)):
        shape = (13, 4, Hkv, 16, Dv, 35, element, element, G, 20)
        yield case(f"sequences-{element}", shape, B=4, lengths=True)
    yield case("no-sequences", (5, 3, None, 4, 2, 7, "f32", "f32", 1, 3), B=0)


def far_logits():
    """Logits whose exponential overflows or vanishes in f32."""
    shape = (4, 4, 2, 16, 5, 50, "f16", "f16", 1, 30)
    yield case("far-logits", shape, exact=True, prepare=far)


# What GPUs have kernels on tiles for: T, Hq, D, N, K, the columns of values, and the
# element types. Heads are padded to 64; lists are taken 64 entries at a time.
TILES = [
    (6, 64, 576, 200, 100, 512, "bf16", "bf16"),
    (5, 128, 512, 90, 130, 512, "bf16", "f32"),
    (7, 16, 576, 300, 192, 512, "bf16", "bf16"),
    (5, 3, 128, 70, 64, 64, "f16", "f16"),
    (4, 65, 64, 33, 1, 64, "f16", "f32"),
    # Fewer than 64 heads that are many for columns of products.
    (6, 48, 576, 200, 300, 512, "bf16", "bf16"),
    (5, 33, 512, 90, 130, 512, "f16", "f32"),
    (4, 56, 128, 100, 140, 128, "bf16", "bf16"),
    (0, 16, 64, 9, 20, 64, "bf16", "bf16"),
    (5, 16, 64, 0, 70, 64, "bf16", "bf16"),
    # Long lists, also with lengths of all kinds.
    (4, 128, 512, 200, 1024, 512, "bf16", "bf16"),
    (9, 64, 512, 150, 1100, 512, "f16", "f32"),
]


# The same where heads have keys or lists of their own, or values are apart from keys: T, Hq,
# Hkv, D, Dv, N, the element types, G and K; then the columns of values that are keys, and
# the keys of an entry.
TILE_SETS = [
    # Few heads have the same keys.
    (5, 8, 2, 64, 64, 90, "bf16", "bf16", 1, 70, None, None),
    (6, 24, 1, 576, None, 150, "bf16", "f32", 1, 140, 512, None),
    (5, 6, 3, 192, 128, 130, "f16", "f16", 3, 65, None, None),
    (7, 4, 2, 128, 128, 200, "bf16", "bf16", 4, 129, None, None),
    (5, 3, None, 256, None, 99, "f16", "f32", 3, 31, 256, None),
    # More.
    (4, 90, 2, 128, 128, 120, "bf16", "bf16", 2, 140, None, None),
    (3, 40, None, 192, 128, 130, "bf16", "f32", 1, 150, None, None),
    (3, 47, None, 256, None, 99, "f16", "f16", 1, 131, 256, None),
    # Many do.
    (4, 80, 2, 64, None, 100, "bf16", "bf16", 1, 130, 64, None),
    (3, 128, None, 192, 128, 130, "bf16", "bf16", 1, 150, None, None),
    (3, 66, 2, 256, 256, 120, "f16", "f32", 2, 40, None, None),
    (3, 70, 1, 64, 64, 60, "bf16", "bf16", 1, 80, None, None),
    # Entries name blocks of keys: smaller ones than a tile, and larger ones.
    (6, 16, None, 128, None, 203, "bf16", "bf16", 1, 9, 128, 16),
    (5, 4, 2, 64, 64, 500, "f16", "f16", 2, 5, None, 64),
    (4, 64, None, 128, None, 700, "bf16", "f32", 1, 3, 128, 256),
    (9, 40, 1, 64, 64, 77, "bf16", "bf16", 1, 40, None, 2),
]


def tile_sets():
    for i, (*shape, width, block) in enumerate(TILE_SETS):
        T, Hq, Hkv, D, Dv, N, element, out, G, K = shape
        yield case(
            f"tiles-{element}-{out}-t{T}-hq{Hq}-hkv{Hkv or 0}-d{D}-dv{Dv or 'k'}-n{N}"
            f"-g{G}-k{K}-b{block or 1}",
            shape,
            width=width,
            block=block,
            lengths=i % 2 == 0,
            max=i % 3 != 1,
            static=["", "N", "T", "TN"][i % 4],
            poison=i % 2 == 1,
        )
    lists = data.i32([[[2**26, 2**25, 2**31 - 64, 1, 2**30, -(2**25), 0]]])
    for heads in (2, 40, 64):
        shape = (1, heads, None, 64, None, 100, "bf16", "bf16", 1, 7)
        yield case(
            f"tiles-block-overflow-hq{heads}", shape, block=64, lists=lists, width=64
        )
        # Lengths of all kinds, and rows of sequences that do not exist.
        shape = (13, heads, 1, 64, 64, 135, "bf16", "f32", 1, 200)
        yield case(f"tiles-sequences-hq{heads}", shape, B=4, lengths=True)
    sink = np.array([0, -np.inf, np.inf, 300, -300, 1.5, 88, -2], np.float32)
    shape = (6, 8, 2, 64, 64, 80, "bf16", "bf16", 2, 90)
    yield case("tiles-sets-sink", shape, sink=sink, lengths=True)
    shape = (3, 72, 1, 64, 64, 80, "f16", "f16", 1, 90)
    yield case("tiles-many-sink", shape, sink=np.resize(sink, 72), lengths=True)


def hollow_lists(rng, K):
    """Tiles without a valid entry: the first, the second, all but one, all."""
    lists = rng.integers(0, 80, (6, 1, K))
    lists[0, 0, :64] = -1
    lists[1, 0, 64:128] = 80
    lists[2, 0, : K - 1] = data.INT_MIN
    lists[3] = data.INT_MAX
    lists[4, 0, 1:] = -1
    lists[5, 0, : K - 70] = -7
    return lists


def tiles():
    for i, (T, Hq, D, N, K, width, element, out) in enumerate(TILES):
        yield case(
            f"tiles-{element}-{out}-t{T}-hq{Hq}-d{D}-dv{width}-n{N}-k{K}",
            (T, Hq, None, D, None, N, element, out, 1, K),
            width=width,
            lengths=i % 2 == 1,
            max=i % 3 != 1,
            static=["", "N", "T", "TN"][i % 4],
            poison=i % 2 == 0,
        )
    rng = np.random.default_rng(8)
    lists = hollow_lists(rng, 200)
    shape = (6, 16, None, 64, None, 80, "bf16", "f32", 1, 200)
    yield case("tiles-holes", shape, width=64, lists=data.i32(lists), poison=True)
    long_lists = data.i32(hollow_lists(rng, 1100))
    shape = (6, 64, None, 512, None, 80, "bf16", "f32", 1, 1100)
    yield case("tiles-long-holes", shape, width=512, lists=long_lists)
    sink = np.array([0, -np.inf, np.inf, 300, -300, 1.5, 88, -2], np.float32)
    shape = (6, 8, None, 64, None, 80, "bf16", "bf16", 1, 200)
    yield case("tiles-sink", shape, width=64, lists=data.i32(lists), sink=sink)
    # As top-k leaves them.
    lists = np.full((4, 1, 96), -1)
    for t, count in enumerate((96, 64, 0, 1)):
        lists[t, 0, :count] = np.sort(rng.permutation(120)[:count])
    shape = (4, 64, None, 128, None, 120, "bf16", "bf16", 1, 96)
    yield case(
        "tiles-distinct", shape, width=128, lists=data.i32(lists), distinct=True
    )
    shape = (4, 4, None, 64, None, 50, "f16", "f16", 1, 70)
    yield case("tiles-far-logits", shape, width=64, exact=True, prepare=far)
    shape = (4, 64, None, 512, None, 50, "f16", "f16", 1, 1030)
    yield case("tiles-long-far", shape, width=512, exact=True, prepare=far)


def cases():
    for group in (shapes, holes, blocks, sinks, sequences, far_logits, tiles, tile_sets):
        yield from group()
