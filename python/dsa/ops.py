# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The operations of the dsa dialect as functions of tensors.

Arguments are NumPy arrays or tensors of torch, on the CPU or all on one GPU; docs/Dialects
describes what each operation means. In shapes, `T` is the number of rows, `N` of keys,
`H`, `Hq`, `Hkv` of heads, `G` of lists in a row, `D` and `Dv` widths, `B` of sequences.

A kernel is compiled for what must be static (heads, widths, `k`, element types, clauses)
and then serves any number of rows and keys; see `cache` for keeping it on disk.

If arguments are TensorSpecs instead, `target` must be given, and the function returns the
compiled kernel and runs nothing: that fills a cache for a machine without a compiler.
"""

from typing import Any, NamedTuple

from . import _cache as cache
from ._calls import Call, chip_for
from ._errors import ArgumentError
from ._typing import Operand, Pair, Result

__all__ = [
    "attention",
    "cache",
    "chip_for",
    "index_scores",
    "merge",
    "select",
    "sparse_attention",
    "topk",
]


class _Scorer(NamedTuple):
    """index_scores without its destination, and what its arguments are called."""

    text: str
    rows: str
    keys: str
    bounds: tuple[str | None, str | None]


def _scorer(
    call: Call,
    q: Operand,
    k: Operand,
    weights: Operand | None,
    q_scale: Operand | None,
    k_scale: Operand | None,
    linear: Pair | None,
    bounds: Pair | None,
    seq: Operand | None,
    table: Operand | None,
    activation: str,
) -> _Scorer:
    if activation not in ("relu", "half_abs", "none"):
        raise ArgumentError(
            f"expected activation relu, half_abs or none, but found '{activation}'"
        )
    f, many = call.function, seq is not None
    vq = call.add("q", q, 3, [0])
    # Keys of a page are static, unlike those of a sequence.
    rank, free = (1, [0]) if table is None and not many else (2, [0, 1])
    if table is not None:
        free = [0]
    vk = call.add("k", k, rank + 1, free)
    vw = call.option("weights", weights, 2, [0])
    vqs = call.option("q_scale", q_scale, 2, [0])
    vks = call.option("k_scale", k_scale, rank, free)
    terms, scales = linear if linear is not None else (None, None)
    vt = call.option("terms", terms, 3, [0])
    vts = call.option("term_scales", scales, 2, [0])
    limits = call.pair("bounds", bounds)
    vs = call.option("seq", seq, 1, [0])
    vtab = call.option("table", table, 2 if many else 1, [0, 1] if many else [0])
    text = f"""dsa.index_scores<{activation}> {f.clause("ins", vq, vk)}
        {f.clause("weights", vw)} {f.clause("q_scale", vqs)}
        {f.clause("k_scale", vks)} {f.clause("linear", vt, vts)}
        {f.clause("bounds", *limits)} {f.clause("seq", vs)} {f.clause("table", vtab)}"""
    keys = f.size(vk if vtab is None else vtab, 1 if many else 0)
    if vtab is not None:
        keys = f.product("keys", keys, f.size(vk, 1))
    return _Scorer(text, f.size(vq, 0), keys, limits)


def index_scores(
    q: Operand,
    k: Operand,
    weights: Operand | None = None,
    *,
    q_scale: Operand | None = None,
    k_scale: Operand | None = None,
    linear: Pair | None = None,
    bounds: Pair | None = None,
    seq: Operand | None = None,
    table: Operand | None = None,
    activation: str = "relu",
    target: str | None = None,
) -> Result:
    """Scores of every key for every row, `[T, N]` f32; −inf out of bounds.

    `q` [T, H, D], `k` [N, D] of one element type (f32, f16, bf16, f8E4M3FN);
    `weights` [T, H]; `q_scale` [T, H], `k_scale` [N] f32; `linear` terms [T, P, D] as
    `q` and their scales [T, P] f32; `bounds` two of [T] i32. With `seq` [T] i32, keys
    and their scales have a leading dimension B. With `table` [M] i32 (with `seq` [B, M])
    they are in pages of S keys, [Np, S, D] and [Np, S], and N is M · S.
    """
    call = Call("index_scores", target)
    scorer = _scorer(
        call, q, k, weights, q_scale, k_scale, linear, bounds, seq, table, activation
    )
    out = call.function.empty("init", [scorer.rows, scorer.keys], "f32")
    call.function.operation(["%scores"], scorer.text, [out])
    return call.run({"scores": "%scores"})


class _Selection:
    """Clauses and destinations of a selection."""

    def __init__(self, call: Call, k: int, values: bool) -> None:
        self.call, self.k = call, k
        self.names = ["indices", "count"] + (["values"] if values else [])

    def clauses(
        self,
        bounds: tuple[str | None, str | None],
        positions: Operand | None,
        window: tuple[int, int] | None,
        first: int | None,
        block: int | None,
        unordered: bool,
    ) -> str:
        f = self.call.function
        lo, hi = bounds
        at = self.call.option("positions", positions, 1, [0])
        parts = [f.clause("bounds", lo, hi), f.clause("positions", at)]
        if window is not None:
            parts.append(f"window = [{int(window[0])}, {int(window[1])}]")
        if first is not None:
            parts.append(f"first = {int(first)}")
        if block is not None:
            parts.append(f"block = {int(block)}")
        return " ".join([*parts, "unordered" if unordered else ""])

    def outs(self, rows: str, lists: int, element: str) -> list[str]:
        f, k = self.call.function, self.k
        shapes = [([rows, lists, k], "i32"), ([rows, lists], "i32")]
        shapes += [([rows, lists, k], element)]
        return [
            f.empty(f"init_{name}", *shape) for name, shape in zip(self.names, shapes)
        ]

    def run(self) -> Result:
        return self.call.run({name: f"%{name}" for name in self.names})


def topk(
    scores: Operand,
    k: int,
    *,
    ids: Operand | None = None,
    bounds: Pair | None = None,
    positions: Operand | None = None,
    window: tuple[int, int] | None = None,
    first: int | None = None,
    block: int | None = None,
    unordered: bool = False,
    values: bool = False,
    target: str | None = None,
) -> Result:
    """The best `k` keys of each row: `indices` [T, G, k] i32, `count` [T, G] i32.

    `scores` [T, N] (G is 1) or [T, G, N], f32, f16 or bf16; `ids` as the scores, i32;
    `bounds` two of [T] i32; `positions` [T] i32. Indices ascend and end in −1s; with
    `values`, the scores of what was selected come too, [T, G, k].
    """
    call = Call("topk", target)
    f, selection = call.function, _Selection(call, k, values)
    vs = call.add("scores", scores, (2, 3), [0, _last(scores)])
    spec = call.spec(vs)
    vi = call.option("ids", ids, len(spec.shape), [0, len(spec.shape) - 1])
    clauses = selection.clauses(
        call.pair("bounds", bounds), positions, window, first, block, unordered
    )
    lists = spec.shape[1] if len(spec.shape) == 3 else 1
    f.operation(
        [f"%{name}" for name in selection.names],
        f"dsa.topk {f.clause('ins', vs)} {f.clause('ids', vi)} {clauses}",
        selection.outs(f.size(vs, 0), lists, spec.element),
    )
    return selection.run()


def select(
    q: Operand,
    k: Operand,
    count: int,
    weights: Operand | None = None,
    *,
    q_scale: Operand | None = None,
    k_scale: Operand | None = None,
    linear: Pair | None = None,
    bounds: Pair | None = None,
    seq: Operand | None = None,
    table: Operand | None = None,
    activation: str = "relu",
    positions: Operand | None = None,
    window: tuple[int, int] | None = None,
    first: int | None = None,
    block: int | None = None,
    unordered: bool = False,
    values: bool = False,
    target: str | None = None,
) -> Result:
    """`topk` of `index_scores`, `count` keys a row, without a matrix of all scores.

    Arguments are as there; results are `indices` [T, 1, count] i32, `count` [T, 1] i32,
    and with `values` [T, 1, count] f32.
    """
    call = Call("select", target)
    f, selection = call.function, _Selection(call, count, values)
    scorer = _scorer(
        call, q, k, weights, q_scale, k_scale, linear, bounds, seq, table, activation
    )
    clauses = selection.clauses(
        scorer.bounds, positions, window, first, block, unordered
    )
    outs = selection.outs(scorer.rows, 1, "f32")
    scores = "tensor<?x?xf32>"
    region = f"""scores {{
        %all = tensor.empty({scorer.rows}, {scorer.keys}) : {scores}
        %s = {scorer.text} outs(%all : {scores}) -> {scores}
        dsa.yield %s : {scores} }}"""
    f.operation(
        [f"%{name}" for name in selection.names],
        f"dsa.select {clauses}",
        outs,
        region,
    )
    return selection.run()


def _last(value: Any) -> int:
    # What has no shape is refused where it is added.
    return len(getattr(value, "shape", (0,))) - 1


def _attention(call: Call, text: str, vq: str, value_width: int, max: bool) -> Result:
    """The call of an attention, without its destinations in `text`."""
    f = call.function
    rows, (_, heads, _), element = (
        f.size(vq, 0),
        call.spec(vq).shape,
        call.spec(vq).element,
    )
    outs = [
        f.empty("init_out", [rows, heads, value_width], element),
        f.empty("init_lse", [rows, heads], "f32"),
    ]
    if max:
        outs.append(f.empty("init_max", [rows, heads], "f32"))
    names = ["out", "lse", "max"][: len(outs)]
    f.operation([f"%{name}" for name in names], text, outs)
    return call.run({name: f"%{name}" for name in names})


def _keys(
    call: Call,
    q: Operand,
    key: Operand,
    value: Operand | None,
    value_width: int | None,
    seq: Operand | None,
) -> tuple[str, str, int]:
    """Values of q, keys and values, and the width of a value."""
    ranks = (3, 4) if seq is not None else (2, 3)
    free = [0, 1] if seq is not None else [0]
    vq = call.add("q", q, 3, [0])
    vk = call.add("key", key, ranks, free)
    vv = call.option("value", value, ranks, free)
    if value_width is None:
        value_width = call.spec(vv or vk).shape[-1]
    ins = [v for v in (vq, vk, vv) if v is not None]
    return vq, call.function.clause("ins", *ins), int(value_width)


def sparse_attention(
    q: Operand,
    key: Operand,
    indices: Operand,
    *,
    scale: float,
    value: Operand | None = None,
    value_width: int | None = None,
    lengths: Operand | None = None,
    seq: Operand | None = None,
    sink: Operand | None = None,
    block: int | None = None,
    distinct: bool = False,
    max: bool = False,
    target: str | None = None,
) -> Result:
    """Attention to the listed keys: `out` [T, Hq, Dv] as `q`, `lse` [T, Hq] f32.

    `q` [T, Hq, D]; `key` [N, D] or [N, Hkv, D]; `value` [N, Dv] or [N, Hkv, Dv], else
    the first `value_width` columns of the keys; `indices` [T, G, K] i32, −1 for none;
    `lengths` [T, G] i32; `sink` [Hq] f32. With `seq` [T] i32, keys and values have a
    leading dimension B. With `max`, the largest logits come too, [T, Hq] f32. Rows
    without keys: 0, −inf and −inf.
    """
    call = Call("sparse_attention", target)
    f = call.function
    vq, ins, width = _keys(call, q, key, value, value_width, seq)
    vi = call.add("indices", indices, 3, [0])
    vl = call.option("lengths", lengths, 2, [0])
    vs = call.option("seq", seq, 1, [0])
    sinks = call.option("sink", sink, 1, [])
    text = f"""dsa.sparse_attention scale = {float(scale):.17e} {ins}
        {f.clause("indices", vi)} {f.clause("lengths", vl)} {f.clause("seq", vs)}
        {f.clause("sink", sinks)} {"" if block is None else f"block = {int(block)}"}
        {"distinct" if distinct else ""}"""
    return _attention(call, text, vq, width, max)


def attention(
    q: Operand,
    key: Operand,
    *,
    scale: float,
    value: Operand | None = None,
    value_width: int | None = None,
    bounds: Pair | None = None,
    positions: Operand | None = None,
    window: tuple[int, int] | None = None,
    seq: Operand | None = None,
    sink: Operand | None = None,
    max: bool = False,
    target: str | None = None,
) -> Result:
    """Attention to a range of keys: `out` [T, Hq, Dv] as `q`, `lse` [T, Hq] f32.

    `q` [T, Hq, D]; `key` [N, D] or [N, Hkv, D]; `value` [N, Dv] or [N, Hkv, Dv], else
    the first `value_width` columns of the keys; `bounds` two of [T] i32, `positions`
    [T] i32; `seq`, `sink`, `max` and rows without keys as in sparse_attention.
    """
    call = Call("attention", target)
    f = call.function
    vq, ins, width = _keys(call, q, key, value, value_width, seq)
    lo, hi = call.pair("bounds", bounds)
    at = call.option("positions", positions, 1, [0])
    vs = call.option("seq", seq, 1, [0])
    sinks = call.option("sink", sink, 1, [])
    limits = "" if window is None else f"window = [{int(window[0])}, {int(window[1])}]"
    text = f"""dsa.attention scale = {float(scale):.17e} {ins} {f.clause("bounds", lo, hi)}
        {f.clause("positions", at)} {f.clause("seq", vs)} {f.clause("sink", sinks)}
        {limits}"""
    return _attention(call, text, vq, width, max)


def merge(
    out: Operand,
    lse: Operand,
    *,
    sink: Operand | None = None,
    target: str | None = None,
) -> Result:
    """Attention to all of P disjoint sets of keys, from that to each of them.

    `out` [P, T, H, Dv], `lse` [P, T, H] f32, `sink` [H] f32; the results are
    [T, H, Dv] and [T, H].
    """
    call = Call("merge", target)
    f = call.function
    vo, vl = call.add("parts", out, 4, [0, 1]), call.add("lses", lse, 3, [0, 1])
    sinks = call.option("sink", sink, 1, [])
    _, _, heads, width = call.spec(vo).shape
    rows = f.size(vo, 1)
    outs = [
        f.empty("init_out", [rows, heads, width], call.spec(vo).element),
        f.empty("init_lse", [rows, heads], "f32"),
    ]
    text = f"dsa.merge {f.clause('ins', vo, vl)} {f.clause('sink', sinks)}"
    f.operation(["%out", "%lse"], text, outs)
    return call.run({"out": "%out", "lse": "%lse"})
