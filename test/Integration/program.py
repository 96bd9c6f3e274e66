# ===- program.py - a test as an MLIR function -----------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""A test program: one MLIR function, its inputs, and what its results must be."""

import zlib
from dataclasses import dataclass, replace

import ml_dtypes
import numpy as np

ELEMENTS = {
    "f32": np.dtype(np.float32),
    "f16": np.dtype(np.float16),
    "bf16": np.dtype(ml_dtypes.bfloat16),
    "f8E4M3FN": np.dtype(ml_dtypes.float8_e4m3fn),
    "i32": np.dtype(np.int32),
}
_ELEMENT_OF = {dtype: element for element, dtype in ELEMENTS.items()}

# What a destination holds before it is written.
_POISON_INT = 0x5A5A5A5A


@dataclass(frozen=True)
class Value:
    """An SSA value. A dimension is a number, or a letter that names a size."""

    ssa: str
    element: str
    dims: tuple
    type: str


class Program:
    """Built top to bottom by the functions of emit.py.

    Sizes named by letters (T, N, B, P) are dynamic unless `static` lists them. With
    `poison`, destinations are arguments full of NaN instead of `tensor.empty`.
    """

    def __init__(self, name, static="", poison=False):
        self.name = name
        self.inputs = {}  # name -> array
        self.results = {}  # name -> (element, shape)
        self.checks = []  # results by name -> reason or None
        self.checks_on_tiles = []  # the same, of a kernel on tiles
        self._static, self._poison = static, poison
        self._sizes, self._dim_of = {}, {}
        self._arguments, self._head, self._body = [], [], []
        self._returned, self._numbers = [], 0

    def random(self):
        """A generator of its own for each program, whatever others there are."""
        return np.random.default_rng(zlib.crc32(self.name.encode()))

    def _type(self, element, dims):
        def text(dim):
            if isinstance(dim, int):
                return str(dim)
            return str(self._sizes[dim]) if dim in self._static else "?"

        return f"tensor<{'x'.join([*map(text, dims), element])}>"

    def argument(self, name, array, dims):
        """An argument; in `dims`, '.' is a static size. None for no array."""
        if array is None:
            return None
        assert len(dims) == array.ndim, name
        dims = tuple(n if d == "." else d for d, n in zip(dims, array.shape))
        for dim, size in zip(dims, array.shape):
            assert isinstance(dim, int) or self._sizes.setdefault(dim, size) == size
        element = _ELEMENT_OF[array.dtype]
        type = self._type(element, dims)
        for i, dim in enumerate(dims):
            if isinstance(dim, int) or dim in self._static or dim in self._dim_of:
                continue
            self._dim_of[dim] = f"%dim_{dim}"
            self._head += [
                f"%pos_{dim} = arith.constant {i} : index",
                f"%dim_{dim} = tensor.dim %{name}, %pos_{dim} : {type}",
            ]
        self.inputs[name] = array
        self._arguments.append(f'%{name}: {type} {{dsa.name = "{name}"}}')
        return Value(f"%{name}", element, dims, type)

    def multiple(self, dim, of, factor):
        """Makes size `dim` a multiple of another one."""
        self._sizes[dim] = self._sizes[of] * factor
        if dim in self._static or of in self._static:
            self._static += dim
            return
        self._dim_of[dim] = f"%dim_{dim}"
        self._head += [
            f"%factor_{dim} = arith.constant {factor} : index",
            f"%dim_{dim} = arith.muli {self._dim_of[of]}, %factor_{dim} : index",
        ]

    def size(self, dim, size):
        """Says what `dim` is, before an argument that has it."""
        self._sizes[dim] = size

    def slice(self, value, first, count, shape):
        """Columns `first` to `first + count` of a matrix, as `[rows, *shape]`."""
        rows = value.dims[0]
        size = self._dim_of.get(rows) or self.shape([rows])[0]
        flat = self._type(value.element, (rows, count))
        part = self.fresh()
        self._head.append(
            f"{part} = tensor.extract_slice {value.ssa}[0, {first}] "
            f"[{size}, {count}] [1, 1] : {value.type} to {flat}"
        )
        if len(shape) == 1:
            return Value(part, value.element, (rows, count), flat)
        dims, ssa = (rows, *shape), self.fresh()
        type = self._type(value.element, dims)
        inner = ", ".join(str(1 + i) for i in range(len(shape)))
        sizes = ", ".join(str(n) for n in (size, *shape))
        self._head.append(
            f"{ssa} = tensor.expand_shape {part} [[0], [{inner}]] output_shape "
            f"[{sizes}] : {flat} into {type}"
        )
        return Value(ssa, value.element, dims, type)

    def bounds(self, bounds, name=""):
        if bounds is None:
            return None
        lo, hi = bounds
        return self.argument(f"lo{name}", lo, "T"), self.argument(f"hi{name}", hi, "T")

    def shape(self, dims):
        return tuple(d if isinstance(d, int) else self._sizes[d] for d in dims)

    def destination(self, element, dims):
        """What an operation writes to."""
        return (self.poisoned if self._poison else self.empty)(element, dims)

    def poisoned(self, element, dims):
        """An argument full of NaN."""
        fill = _POISON_INT if element == "i32" else np.nan
        array = np.full(self.shape(dims), fill, ELEMENTS[element])
        letters = "".join("." if isinstance(d, int) else d for d in dims)
        self._numbers += 1
        return self.argument(f"poison{self._numbers}", array, letters)

    def empty(self, element, dims):
        """A tensor of no contents."""
        type = self._type(element, dims)
        sizes = [self._dim_of[d] for d in dims if d in self._dim_of]
        ssa = self.fresh()
        self.line(f"{ssa} = tensor.empty({', '.join(sizes)}) : {type}")
        return Value(ssa, element, dims, type)

    def fresh(self):
        self._numbers += 1
        return f"%v{self._numbers}"

    def line(self, text):
        self._body.append(text)

    def operation(self, text, inits, region=()):
        """An operation that writes `inits`; `region` lists its lines, if it has one.

        Returns the operation's results.
        """
        ssa = self.fresh()
        types = ", ".join(init.type for init in inits)
        text += f" outs({', '.join(init.ssa for init in inits)} : {types})"
        many = len(inits) > 1
        self.line(f"{ssa}{f':{len(inits)}' if many else ''} = {text}")
        if region:
            self._body[-1] += " scores {"
            self._body += ["  " + line for line in region]
            self.line(f"}} -> {types}")
        else:
            self._body[-1] += f" -> {types}"
        return [
            Value(f"{ssa}#{i}" if many else ssa, init.element, init.dims, init.type)
            for i, init in enumerate(inits)
        ]

    def concatenate(self, values, dim):
        """The values one after another along `dim`, which is static."""
        sizes = [value.dims[dim] for value in values]
        dims = (*values[0].dims[:dim], sum(sizes), *values[0].dims[dim + 1 :])
        joined = self.empty(values[0].element, dims)
        for i, value in enumerate(values):
            joined = self._insert(value, value.dims, joined, dim, sum(sizes[:i]))
        return joined

    def stack(self, values):
        """The values along a new first dimension."""
        joined = self.empty(values[0].element, (len(values), *values[0].dims))
        for i, value in enumerate(values):
            joined = self._insert(value, (1, *value.dims), joined, 0, i)
        return joined

    def _insert(self, value, dims, into, dim, offset):
        """`value` as a part of `into` that has `dims` and starts at `offset`."""
        offsets = [offset if i == dim else 0 for i in range(len(dims))]
        sizes = [str(self._dim_of.get(d) or self.shape([d])[0]) for d in dims]
        ssa = self.fresh()
        self.line(
            f"{ssa} = tensor.insert_slice {value.ssa} into {into.ssa}{offsets} "
            f"[{', '.join(sizes)}] {[1] * len(dims)} : {value.type} into {into.type}"
        )
        return replace(into, ssa=ssa)

    def lines_of(self, emit):
        """What `emit()` returns, and the lines it adds, taken out of the program."""
        kept, self._body = self._body, []
        value = emit()
        lines, self._body = self._body, kept
        return value, lines

    def give(self, name, value):
        """Returns a value from the function, by name."""
        self.results[name] = (value.element, self.shape(value.dims))
        self._returned.append((name, value))

    def check(self, check, on_tiles=None):
        """`on_tiles` is what a kernel on tiles has to satisfy instead, if given."""
        self.checks.append(check)
        self.checks_on_tiles.append(on_tiles or check)

    def text(self):
        types = ", ".join(
            f'{value.type} {{dsa.name = "{name}"}}' for name, value in self._returned
        )
        values = ", ".join(value.ssa for _, value in self._returned)
        value_types = ", ".join(value.type for _, value in self._returned)
        arguments = ",\n    ".join(self._arguments)
        lines = [
            f"func.func @main(\n    {arguments}\n) -> ({types}) {{",
            *("  " + line for line in [*self._head, *self._body]),
            f"  return {values} : {value_types}",
            "}",
        ]
        return "\n".join(lines) + "\n"
