# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes modules of one function around one operation."""

from typing import Any, Sequence

from ._tensors import TensorSpec


def sized(spec: TensorSpec, free: int | Sequence[int] = (0,)) -> str:
    """The type of a tensor whose dimensions `free` may have any size."""
    free = (free,) if isinstance(free, int) else free
    sizes = ["?" if i in free else str(size) for i, size in enumerate(spec.shape)]
    return f"tensor<{'x'.join([*sizes, spec.element])}>"


class Function:
    """The text of a function: arguments, statements, results by name."""

    def __init__(self, name: str):
        self._name = name
        self._arguments: list[str] = []
        self._types: dict[str, str] = {}
        self._body: list[str] = []
        self._constants: set[int] = set()

    def argument(self, name: str, spec: TensorSpec, free: int | Sequence[int]) -> str:
        """Adds an argument; its name as a value."""
        kind = sized(spec, free)
        self._arguments.append(f'%{name}: {kind} {{dsa.name = "{name}"}}')
        self._types[f"%{name}"] = kind
        return f"%{name}"

    def type(self, value: str) -> str:
        return self._types[value]

    def clause(self, keyword: str, *values: str | None) -> str:
        """ "keyword(%a, %b : type, type)", or nothing if values are None."""
        given = [value for value in values if value is not None]
        if not given:
            return ""
        types = ", ".join(self._types[value] for value in given)
        return f"{keyword}({', '.join(given)} : {types})"

    def size(self, value: str, dimension: int) -> str:
        """A value's extent, at run time."""
        name = f"%size_{value[1:]}_{dimension}"
        if name not in self._types:
            self._types[name] = "index"
            if dimension not in self._constants:
                self._constants.add(dimension)
                self.add(f"%c{dimension} = arith.constant {dimension} : index")
            self.add(f"{name} = tensor.dim {value}, %c{dimension} : {self.type(value)}")
        return name

    def product(self, name: str, left: str, right: str) -> str:
        """Of two extents."""
        self._types[f"%{name}"] = "index"
        self.add(f"%{name} = arith.muli {left}, {right} : index")
        return f"%{name}"

    def empty(self, name: str, sizes: Sequence[Any], element: str) -> str:
        """A destination; sizes that are values are free."""
        free = [size for size in sizes if isinstance(size, str)]
        extents = ["?" if isinstance(size, str) else str(size) for size in sizes]
        self._types[f"%{name}"] = f"tensor<{'x'.join([*extents, element])}>"
        self.add(
            f"%{name} = tensor.empty({', '.join(free)}) : {self._types[f'%{name}']}"
        )
        return f"%{name}"

    def add(self, statement: str) -> None:
        self._body.append("  " + " ".join(statement.split()))

    def text(self, results: dict[str, str]) -> str:
        """The module, whose results are these names of values."""
        types = [self._types[value] for value in results.values()]
        named = [f'{t} {{dsa.name = "{n}"}}' for n, t in zip(results, types)]
        lines = [
            f"func.func @{self._name}({', '.join(self._arguments)})",
            f"    -> ({', '.join(named)}) {{",
            *self._body,
            f"  return {', '.join(results.values())} : {', '.join(types)}",
            "}",
        ]
        return "\n".join(lines) + "\n"

    def operation(
        self, results: Sequence[str], text: str, outs: Sequence[str], tail: str = ""
    ) -> None:
        """Adds an operation on destinations; `tail` comes after them."""
        types = ", ".join(self._types[out] for out in outs)
        for result, out in zip(results, outs):
            self._types[result] = self._types[out]
        self.add(
            f"{', '.join(results)} = {text} outs({', '.join(outs)} : {types}) {tail} "
            f"-> {types}"
        )
