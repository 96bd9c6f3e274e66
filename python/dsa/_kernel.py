# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What compiled functions have in common: named parameters, calls."""

from dataclasses import dataclass
from typing import Any, Sequence

from ._errors import ArgumentError
from ._tensors import Stream, Tensor, describe


@dataclass(frozen=True)
class Parameter:
    """An argument or a result; extents that are free are None."""

    name: str
    element: str
    shape: tuple[int | None, ...]

    def __str__(self) -> str:
        sizes = ["?" if size is None else str(size) for size in self.shape]
        return f"tensor<{'x'.join([*sizes, self.element])}>"


class Kernel:
    """A compiled function, called with tensors.

    Arguments are given in order or by name, are read in place, and must be row-major
    without gaps. Results are the caller's own; they are NumPy arrays, or torch tensors
    if an argument is one. One result is returned as it is, several as a tuple.
    """

    #: What it takes and returns, in order.
    arguments: tuple[Parameter, ...]
    results: tuple[Parameter, ...]

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        tensors = self._bind(arguments, named)
        library = "torch" if any(t.library == "torch" for t in tensors) else "numpy"
        results = self._run(tensors, library)
        return results[0] if len(results) == 1 else tuple(results)

    def _bind(self, given: Sequence, named: dict) -> list[Tensor]:
        names = [parameter.name for parameter in self.arguments]
        if len(given) > len(names):
            raise ArgumentError(f"expected {len(names)} arguments, found {len(given)}")
        values = dict(zip(names, given))
        for name, value in named.items():
            if name not in names:
                raise ArgumentError(
                    f"expected arguments {', '.join(names)}, found '{name}'"
                )
            if name in values:
                raise ArgumentError(f"argument '{name}' is given twice")
            values[name] = value
        if missing := [name for name in names if name not in values]:
            raise ArgumentError(f"expected arguments {', '.join(missing)}, found none")
        stream = self._stream()
        return [
            self._check(
                parameter, describe(parameter.name, values[parameter.name], stream)
            )
            for parameter in self.arguments
        ]

    def _check(self, parameter: Parameter, tensor: Tensor) -> Tensor:
        spec = tensor.spec
        fits = (
            spec.element == parameter.element
            and len(spec.shape) == len(parameter.shape)
            and all(a in (None, b) for a, b in zip(parameter.shape, spec.shape))
        )
        if not fits:
            raise ArgumentError(
                f"expected argument '{parameter.name}' to be {parameter}, "
                f"but found {spec}"
            )
        return tensor

    def _stream(self) -> Stream | None:
        """In which it runs, where there are streams."""
        return None

    def _run(self, tensors: list[Tensor], library: str) -> list:
        raise NotImplementedError
