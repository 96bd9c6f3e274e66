# ===- work.py - an operation at some size ---------------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Works: operations at some size, as MLIR text and as numbers.

A work is one operation in a function `main` that takes any number of rows (T) and
keys (N), sizes to run it at, and a yardstick: a matrix product whose rate, measured
beside it, its own rate is compared with, or, of what only reads, a copy. Queries are the last T of N positions. The
inputs come from draw.py, what the results must be from reference.py.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple


class Ratios(NamedTuple):
    """Of a work's rate to its yardstick's: what it must and should reach, and what
    the best library reaches."""

    required: float | None = None
    aim: float | None = None
    peer: float | None = None


def _type(element, dims):
    sizes = ("?" if isinstance(dim, str) else str(dim) for dim in dims)
    return f"tensor<{'x'.join([*sizes, element])}>"


def _named(name, type):
    return f'{type} {{dsa.name = "{name}"}}'


@dataclass(frozen=True)
class Work:
    """What all works have. `arguments` and `results` are {name: (element, dims)}, where
    a dimension is a number, or the name of a size."""

    T: int
    N: int
    ratios: Ratios = Ratios()

    def module(self, schedule=None):
        """The MLIR text; `schedule` is an attribute for the operation."""
        arguments = {n: _type(*a) for n, a in self.arguments.items()}
        results = {n: _type(*r) for n, r in self.results.items()}
        lines = ["%zero = arith.constant 0 : index", "%one = arith.constant 1 : index"]
        lines += self._rows_and_keys(arguments)
        for name, (_, dims) in self.results.items():
            sizes = ", ".join(f"%{dim}" for dim in dims if isinstance(dim, str))
            lines.append(f"%{name}_init = tensor.empty({sizes}) : {results[name]}")
        clause = f" schedule({schedule})" if schedule else ""
        values = ", ".join(f"%{name}" for name in results)
        lines += self._statements(arguments, results, clause)
        lines.append(f"return {values} : {', '.join(results.values())}")
        body = "".join(f"  {line}\n" for line in lines)
        taken = [f"%{name}: {_named(name, type)}" for name, type in arguments.items()]
        given = [_named(name, type) for name, type in results.items()]
        head = "func.func @main(\n    " + ",\n    ".join(taken) + "\n)"
        return f"{head} -> ({', '.join(given)}) {{\n{body}}}\n"

    def _rows_and_keys(self, arguments):
        """Lines that define %T and %N."""
        return [self._size(size, arguments) for size in "TN"]

    def _size(self, size, arguments):
        name, dim = next(
            (name, dims.index(size))
            for name, (_, dims) in self.arguments.items()
            if size in dims
        )
        at = ("%zero", "%one")[dim]
        return f"%{size} = tensor.dim %{name}, {at} : {arguments[name]}"

    def _statements(self, arguments, results, clause):
        """Lines that compute the results; `clause` is for the operation."""
        return _operation(self._operation(arguments) + clause, results)

    @property
    def sizes(self):
        """{name: number} of the dimensions that have names."""
        return {"T": self.T, "N": self.N}

    def shapes(self):
        """The shapes of the arguments, in order."""
        return [
            tuple(self.sizes.get(dim, dim) for dim in dims)
            for _, dims in self.arguments.values()
        ]


def _operation(text, results, region=()):
    """The lines of an operation that gives all of `results`, {name: type}."""
    values = ", ".join(f"%{name}" for name in results)
    inits = ", ".join(f"%{name}_init" for name in results)
    types = ", ".join(results.values())
    if not region:
        return [f"{values} = {text}", f"    outs({inits} : {types}) -> {types}"]
    inner = [f"  {line}" for line in region]
    return [
        f"{values} = {text} outs({inits} : {types}) scores {{",
        *inner,
        f"}} -> {types}",
    ]


def _operands(keyword, names, types):
    operands = ", ".join(f"%{name}" for name in names)
    return f"{keyword}({operands} : {', '.join(types[name] for name in names)})"


def _causal_pairs(T, N):
    """How many keys all rows together see, themselves included."""
    return T * (N - T) + T * (T + 1) // 2


@dataclass(frozen=True)
class Scores(Work):
    """Causal indexer scores, with weights and, for fp8, a scale for each key."""

    H: int = 64
    D: int = 128
    element: str = "f8E4M3FN"

    @property
    def name(self):
        kind = "fp8" if self.element == "f8E4M3FN" else self.element
        return f"scores-{kind}-h{self.H}-{self.T}x{self.N}"

    @property
    def yardstick(self):
        return "fp8" if self.element == "f8E4M3FN" else "bf16"

    @property
    def flops(self):
        return 2 * _causal_pairs(self.T, self.N) * self.H * self.D

    @property
    def arguments(self):
        scale = {"k_scale": ("f32", ("N",))} if self.yardstick == "fp8" else {}
        return {
            "q": (self.element, ("T", self.H, self.D)),
            "k": (self.element, ("N", self.D)),
            "weights": ("f32", ("T", self.H)),
            **scale,
            "lo": ("i32", ("T",)),
            "hi": ("i32", ("T",)),
        }

    results = {"scores": ("f32", ("T", "N"))}

    def _operation(self, types):
        clauses = [_operands("weights", ["weights"], types)]
        if "k_scale" in types:
            clauses.append(_operands("k_scale", ["k_scale"], types))
        clauses.append(_operands("bounds", ["lo", "hi"], types))
        return (
            f"dsa.index_scores<relu> {_operands('ins', ['q', 'k'], types)}\n      "
            f"{' '.join(clauses)}"
        )


@dataclass(frozen=True)
class Attention(Work):
    """What both kinds of attention share. Keys have width D, values width Dv."""

    H: int = 128
    D: int = 576
    Dv: int = 512
    yardstick = "bf16"

    @property
    def scale(self):
        return 1 / math.sqrt(self.D)

    @property
    def flops(self):
        return 2 * self._pairs() * self.H * (self.D + self.Dv)

    @property
    def results(self):
        return {"out": ("bf16", ("T", self.H, self.Dv)), "lse": ("f32", ("T", self.H))}


@dataclass(frozen=True)
class Dense(Attention):
    """Causal attention to Hkv sets of keys and values; 0: every head has its own."""

    Hkv: int = 0

    @property
    def sets(self):
        return self.Hkv or self.H

    @property
    def name(self):
        sets = f"-kv{self.Hkv}" if self.Hkv else ""
        return f"dense-h{self.H}{sets}-d{self.D}-{self.T}x{self.N}"

    def _pairs(self):
        return _causal_pairs(self.T, self.N)

    @property
    def arguments(self):
        return {
            "q": ("bf16", ("T", self.H, self.D)),
            "k": ("bf16", ("N", self.sets, self.D)),
            "v": ("bf16", ("N", self.sets, self.Dv)),
            "lo": ("i32", ("T",)),
            "hi": ("i32", ("T",)),
        }

    def _operation(self, types):
        return (
            f"dsa.attention scale = {self.scale:.9e}"
            f" {_operands('ins', ['q', 'k', 'v'], types)}\n      "
            f"{_operands('bounds', ['lo', 'hi'], types)}"
        )


@dataclass(frozen=True)
class Sparse(Attention):
    """Attention to K listed keys before each query, whose first columns are the values.

    Lists are uniformly random, or share the part `shared` with the row before.
    """

    K: int = 2048
    shared: float = 0

    @property
    def name(self):
        shared = f"-shared{self.shared * 100:.0f}" if self.shared else ""
        rows = "" if self.T == 4096 else f"-t{self.T}"
        return f"sparse-h{self.H}-d{self.D}-k{self.K}-n{self.N}{rows}{shared}"

    def _pairs(self):
        return sum(min(self.K, self.N - self.T + t) for t in range(self.T))

    @property
    def arguments(self):
        return {
            "q": ("bf16", ("T", self.H, self.D)),
            "kv": ("bf16", ("N", self.D)),
            "indices": ("i32", ("T", 1, self.K)),
        }

    def _operation(self, types):
        return (
            f"dsa.sparse_attention scale = {self.scale:.9e}"
            f" {_operands('ins', ['q', 'kv'], types)}\n      "
            f"{_operands('indices', ['indices'], types)}"
        )


@dataclass(frozen=True)
class Topk(Work):
    """The K best of each row. What is counted are the bytes of the scores."""

    K: int = 2048
    scores: str = "normal"
    yardstick = "copy"

    @property
    def name(self):
        kind = "" if self.scores == "normal" else f"-{self.scores}"
        return f"topk-k{self.K}-{self.T}x{self.N}{kind}"

    @property
    def flops(self):
        return 4 * self.T * self.N

    @property
    def arguments(self):
        return {"scores": ("f32", ("T", "N"))}

    @property
    def results(self):
        return {"indices": ("i32", ("T", 1, self.K)), "count": ("i32", ("T", 1))}

    def _operation(self, types):
        return f"dsa.topk {_operands('ins', ['scores'], types)}"


@dataclass(frozen=True)
class Select(Scores):
    """The K best keys of each row by their scores, which are no result."""

    K: int = 2048

    @property
    def name(self):
        return f"select-k{self.K}-{super().name.removeprefix('scores-')}"

    @property
    def results(self):
        return {"indices": ("i32", ("T", 1, self.K)), "count": ("i32", ("T", 1))}

    def _statements(self, arguments, results, clause):
        scores = "tensor<?x?xf32>"
        region = [
            f"%scores_init = tensor.empty(%T, %N) : {scores}",
            *_operation(self._operation(arguments), {"scores": scores}),
            f"dsa.yield %scores : {scores}",
        ]
        bounds = _operands("bounds", ["lo", "hi"], arguments)
        return _operation(f"dsa.select {bounds}{clause}", results, region)


@dataclass(frozen=True)
class Decode(Select):
    """Some tokens of each of several sequences, whose keys are in pages."""

    tokens: int = 1
    page = 64

    @property
    def name(self):
        of = f"x{self.tokens}" if self.tokens > 1 else ""
        return f"decode-k{self.K}-h{self.H}-{self.sizes['B']}{of}x{self.N}"

    @property
    def sizes(self):
        sequences, pages = self.T // self.tokens, self.N // self.page
        return super().sizes | {"B": sequences, "M": pages, "P": sequences * pages}

    @property
    def flops(self):
        # Of a sequence's tokens, each but the last sees a key less than the next.
        unseen = self.sizes["B"] * self.tokens * (self.tokens - 1) // 2
        return 2 * (self.T * self.N - unseen) * self.H * self.D

    @property
    def arguments(self):
        paged = {
            "k": (self.element, ("P", self.page, self.D)),
            "k_scale": ("f32", ("P", self.page)),
        }
        lists = {"seq": ("i32", ("T",)), "table": ("i32", ("B", "M"))}
        return super().arguments | paged | lists

    def _rows_and_keys(self, arguments):
        return [
            *(self._size(size, arguments) for size in "TM"),
            f"%page = arith.constant {self.page} : index",
            "%N = arith.muli %M, %page : index",
        ]

    def _operation(self, types):
        lists = [_operands(name, [name], types) for name in ("seq", "table")]
        return f"{super()._operation(types)}\n      {' '.join(lists)}"


@dataclass(frozen=True)
class Layer(Select):
    """A whole layer: a selection, and attention to what was selected. A schedule is the
    selection's."""

    heads: int = 128
    width: int = 576
    Dv: int = 512

    @property
    def name(self):
        return f"layer-h{self.heads}-{self.T}x{self.N}"

    @property
    def scale(self):
        return 1 / math.sqrt(self.width)

    @property
    def flops(self):
        pairs = sum(min(self.K, self.N - self.T + t + 1) for t in range(self.T))
        return super().flops + 2 * pairs * self.heads * (self.width + self.Dv)

    @property
    def arguments(self):
        return {
            **super().arguments,
            "queries": ("bf16", ("T", self.heads, self.width)),
            "kv": ("bf16", ("N", self.width)),
        }

    @property
    def results(self):
        return {
            **super().results,
            "out": ("bf16", ("T", self.heads, self.Dv)),
            "lse": ("f32", ("T", self.heads)),
        }

    def _statements(self, arguments, results, clause):
        chosen = {name: results[name] for name in ("indices", "count")}
        attended = {name: results[name] for name in ("out", "lse")}
        attention = (
            f"dsa.sparse_attention scale = {self.scale:.9e}"
            f" {_operands('ins', ['queries', 'kv'], arguments)}\n      "
            f"{_operands('indices', ['indices'], results)} "
            f"{_operands('lengths', ['count'], results)} distinct"
        )
        return [
            *super()._statements(arguments, chosen, clause),
            *_operation(attention, attended),
        ]
