# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Calls of operations: what was given, and for which target it is compiled."""

from typing import Any, Sequence

from . import _cache
from ._errors import ArgumentError
from ._modules import Function
from ._tensors import Tensor, TensorSpec, describe
from ._typing import Pair, Result


class Call:
    """Arguments of a call, and the function that is made for them."""

    def __init__(self, name: str, target: str | None) -> None:
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

    def pair(self, name: str, values: Pair | None) -> tuple[str | None, str | None]:
        """Two arguments, of one number for each row."""
        if values is None:
            return None, None
        low, high = values
        return self.add(f"{name}_lo", low, 1, [0]), self.add(f"{name}_hi", high, 1, [0])

    def spec(self, value: str) -> TensorSpec:
        """What an argument is."""
        return self._specs[value]

    def run(self, results: dict[str, str]) -> Result:
        """Compiles if need be, and calls; with TensorSpecs, the kernel."""
        target = self._target
        if self._given and self._tensors:
            raise ArgumentError("expected tensors or TensorSpecs, but found both")
        if target is None:
            if self._given:
                raise ArgumentError("expected a target beside TensorSpecs, found none")
            target = _target_of(self._devices)
        from . import compile

        kernel = _cache.get(self.function.text(results), target, compile)
        return kernel if self._given else kernel(*self._values)


def _target_of(devices: set[Any]) -> str:
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
