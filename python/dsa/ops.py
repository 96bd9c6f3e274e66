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

from typing import Any, Sequence

from . import _cache as cache
from ._errors import ArgumentError
from ._modules import Function
from ._tensors import Tensor, TensorSpec, describe

__all__ = [
    "attention",
    "cache",
    "index_scores",
    "merge",
    "select",
    "sparse_attention",
    "topk",
]

_PAIR = Sequence[Any]


class _Call:
    """Arguments of a call, and the function that is made for them."""

    def __init__(self, name: str, target: str | None):
        self.function = Function(name)
        self._target = target
        self._values: list[Any] = []
        self._specs: dict[str, TensorSpec] = {}
        self._devices: set[int | None] = set()
        self._tensors = self._given = 0

    def add(
        self, name: str, value: Any, rank: int | Sequence[int], free: Sequence[int]
    ) -> str:
        """An argument of a rank, with free dimensions."""
        if isinstance(value, TensorSpec):
            spec, self._given = value, self._given + 1
        else:
            tensor: Tensor = describe(name, value)
            spec, self._tensors = tensor.spec, self._tensors + 1
            self._devices.add(tensor.device)
        ranks = (rank,) if isinstance(rank, int) else rank
        if len(spec.shape) not in ranks:
            raise ArgumentError(
                f"expected argument '{name}' of rank {' or '.join(map(str, ranks))}, "
                f"but found {spec}"
            )
        self._values.append(value)
        self._specs[f"%{name}"] = spec
        return self.function.argument(name, spec, free)

    def option(
        self, name: str, value: Any, rank: int | Sequence[int], free: Sequence[int]
    ) -> str | None:
        """The same, if it is there."""
        return None if value is None else self.add(name, value, rank, free)

    def pair(self, name: str, values: _PAIR | None) -> tuple[str | None, str | None]:
        """Two arguments, of one number for each row."""
        if values is None:
            return None, None
        low, high = values
        return self.add(f"{name}_lo", low, 1, [0]), self.add(f"{name}_hi", high, 1, [0])

    def spec(self, value: str) -> TensorSpec:
        return self._specs[value]

    def run(self, results: dict[str, str]):
        target = self._target
        if self._given and self._tensors:
            raise ArgumentError("expected tensors or TensorSpecs, but found both")
        if target is None:
            if self._given:
                raise ArgumentError("expected a target beside TensorSpecs, found none")
            target = _target_of(self._devices)
        from . import compile

        kernel = cache.get(self.function.text(results), target, compile)
        return kernel if self._given else kernel(*self._values)


def _target_of(devices: set) -> str:
    if devices == {None}:
        return "cpu"
    if len(devices) != 1:
        raise ArgumentError(
            f"expected arguments on one device, but found {len(devices)}"
        )
    import torch

    return chip_for(*torch.cuda.get_device_capability(devices.pop()))


# By capability; code for those that end in a letter runs on no other.
_CHIPS = ("sm_80", "sm_86", "sm_89", "sm_90", "sm_90a", "sm_100a", "sm_120")


def chip_for(major: int, minor: int) -> str:
    """The chip to compile for, given a GPU's compute capability."""
    capability, best = 10 * major + minor, None
    for chip in _CHIPS:
        number = int(chip.removeprefix("sm_").rstrip("a"))
        exact = chip.endswith("a")
        if number == capability or (number < capability and not exact):
            best = chip
    if best is None:
        raise ArgumentError(
            f"expected a GPU of capability 8.0 or more, but found {major}.{minor}"
        )
    return best


def _scorer(
    call: _Call, q, k, weights, q_scale, k_scale, bounds, seq, activation: str
) -> tuple[str, str, str]:
    """The text of index_scores, and the rows' and the keys' values."""
    if activation not in ("relu", "half_abs", "none"):
        raise ArgumentError(
            f"expected activation relu, half_abs or none, but found '{activation}'"
        )
    f, many = call.function, seq is not None
    vq = call.add("q", q, 3, [0])
    vk = call.add("k", k, 3 if many else 2, [0, 1] if many else [0])
    vw = call.option("weights", weights, 2, [0])
    vqs = call.option("q_scale", q_scale, 2, [0])
    vks = call.option("k_scale", k_scale, 2 if many else 1, [0, 1] if many else [0])
    lo, hi = call.pair("bounds", bounds)
    vs = call.option("seq", seq, 1, [0])
    text = f"""dsa.index_scores<{activation}> {f.clause("ins", vq, vk)}
        {f.clause("weights", vw)} {f.clause("q_scale", vqs)}
        {f.clause("k_scale", vks)} {f.clause("bounds", lo, hi)}
        {f.clause("seq", vs)}"""
    return text, f.size(vq, 0), f.size(vk, 1 if many else 0)


def index_scores(
    q,
    k,
    weights=None,
    *,
    q_scale=None,
    k_scale=None,
    bounds: _PAIR | None = None,
    seq=None,
    activation: str = "relu",
    target: str | None = None,
):
    """Scores of every key for every row, `[T, N]` f32; −inf out of bounds.

    `q` [T, H, D], `k` [N, D] of one element type (f32, f16, bf16, f8E4M3FN);
    `weights` [T, H]; `q_scale` [T, H], `k_scale` [N] f32; `bounds` two of [T] i32.
    With `seq` [T] i32, keys and their scales have a leading dimension B.
    """
    call = _Call("index_scores", target)
    text, rows, keys = _scorer(
        call, q, k, weights, q_scale, k_scale, bounds, seq, activation
    )
    out = call.function.empty("init", [rows, keys], "f32")
    call.function.operation(["%scores"], text, [out])
    return call.run({"scores": "%scores"})


class _Selection:
    """Clauses and destinations of a selection."""

    def __init__(self, call: _Call, k: int, values: bool):
        self.call, self.k = call, k
        self.names = ["indices", "count"] + (["values"] if values else [])

    def clauses(self, bounds, positions, window, first, block, unordered) -> str:
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

    def run(self):
        return self.call.run({name: f"%{name}" for name in self.names})


def topk(
    scores,
    k: int,
    *,
    ids=None,
    bounds: _PAIR | None = None,
    positions=None,
    window: tuple[int, int] | None = None,
    first: int | None = None,
    block: int | None = None,
    unordered: bool = False,
    values: bool = False,
    target: str | None = None,
):
    """The best `k` keys of each row: `indices` [T, G, k] i32, `count` [T, G] i32.

    `scores` [T, N] (G is 1) or [T, G, N], f32, f16 or bf16; `ids` as the scores, i32;
    `bounds` two of [T] i32; `positions` [T] i32. Indices ascend and end in −1s; with
    `values`, the scores of what was selected come too, [T, G, k].
    """
    call = _Call("topk", target)
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
    q,
    k,
    count: int,
    weights=None,
    *,
    q_scale=None,
    k_scale=None,
    bounds: _PAIR | None = None,
    seq=None,
    activation: str = "relu",
    positions=None,
    window: tuple[int, int] | None = None,
    first: int | None = None,
    block: int | None = None,
    unordered: bool = False,
    values: bool = False,
    target: str | None = None,
):
    """`topk` of `index_scores`, `count` keys a row, without a matrix of all scores.

    Shapes are as there: `indices` [T, 1, count], `count` [T, 1], and with `values`
    [T, 1, count] f32.
    """
    call = _Call("select", target)
    f, selection = call.function, _Selection(call, count, values)
    text, rows, keys = _scorer(
        call, q, k, weights, q_scale, k_scale, bounds, seq, activation
    )
    limits = ("%bounds_lo", "%bounds_hi") if bounds is not None else (None, None)
    clauses = selection.clauses(limits, positions, window, first, block, unordered)
    outs = selection.outs(rows, 1, "f32")
    scores = "tensor<?x?xf32>"
    region = f"""scores {{
        %all = tensor.empty({rows}, {keys}) : {scores}
        %s = {text} outs(%all : {scores}) -> {scores}
        dsa.yield %s : {scores} }}"""
    f.operation(
        [f"%{name}" for name in selection.names],
        f"dsa.select {clauses}",
        outs,
        region,
    )
    return selection.run()


def _last(value) -> int:
    # What has no shape is refused where it is added.
    return len(getattr(value, "shape", (0,))) - 1


def _attention(call: _Call, text: str, vq: str, value_width: int, max: bool):
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


def _keys(call: _Call, q, key, value, value_width: int | None, seq):
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
    q,
    key,
    indices,
    *,
    scale: float,
    value=None,
    value_width: int | None = None,
    lengths=None,
    seq=None,
    sink=None,
    block: int | None = None,
    distinct: bool = False,
    max: bool = False,
    target: str | None = None,
):
    """Attention to the listed keys: `out` [T, Hq, Dv] as `q`, `lse` [T, Hq] f32.

    `q` [T, Hq, D]; `key` [N, D] or [N, Hkv, D]; `value` [N, Dv] or [N, Hkv, Dv], else
    the first `value_width` columns of the keys; `indices` [T, G, K] i32, −1 for none;
    `lengths` [T, G] i32; `sink` [Hq] f32. With `seq` [T] i32, keys and values have a
    leading dimension B. With `max`, the largest logits come too, [T, Hq] f32. Rows
    without keys: 0, −inf and −inf.
    """
    call = _Call("sparse_attention", target)
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
    q,
    key,
    *,
    scale: float,
    value=None,
    value_width: int | None = None,
    bounds: _PAIR | None = None,
    positions=None,
    window: tuple[int, int] | None = None,
    seq=None,
    sink=None,
    max: bool = False,
    target: str | None = None,
):
    """Attention to a range of keys: `out` [T, Hq, Dv] as `q`, `lse` [T, Hq] f32.

    `bounds` two of [T] i32, `positions` [T] i32; the others as in sparse_attention.
    """
    call = _Call("attention", target)
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


def merge(out, lse, *, sink=None, target: str | None = None):
    """Attention to all of P disjoint sets of keys, from that to each of them.

    `out` [P, T, H, Dv], `lse` [P, T, H] f32, `sink` [H] f32; the results are
    [T, H, Dv] and [T, H].
    """
    call = _Call("merge", target)
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
