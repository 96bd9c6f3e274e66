# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What stands in for other libraries' functions needs of NumPy and of torch alike."""

from typing import Any

import numpy as np

from ._errors import ArgumentError
from ._tensors import is_torch
from ._typing import ArrayT

_NEVER = float("-inf")


def dense(**arrays: tuple[Any, int]) -> list[Any]:
    """Arrays of one library and of these ranks, row-major without gaps, by name.

    Those that have gaps are copied; None stays None.
    """
    libraries = set()
    for name, (value, rank) in arrays.items():
        if value is None:
            continue
        if not is_torch(value) and not isinstance(value, np.ndarray):
            raise ArgumentError(
                f"expected argument '{name}' to be a NumPy array or a torch tensor, "
                f"but found {type(value)}"
            )
        if len(value.shape) != rank:
            raise ArgumentError(
                f"expected argument '{name}' of rank {rank}, but found shape "
                f"{tuple(value.shape)}"
            )
        libraries.add(is_torch(value))
    if len(libraries) > 1:
        raise ArgumentError(
            "expected arguments of one library, but found NumPy's and torch's"
        )
    return [_dense(value) for value, _ in arrays.values()]


def _dense(value: Any) -> Any:
    if value is None:
        return None
    return value.contiguous() if is_torch(value) else np.ascontiguousarray(value)


def empty(rows: int, columns: int, like: ArrayT) -> ArrayT:
    """`[rows, columns]` f32, where `like` is."""
    value: Any = like
    if not is_torch(value):
        return np.empty((rows, columns), np.float32)  # type: ignore[return-value]
    import torch

    return value.new_empty((rows, columns), dtype=torch.float32)


def repeat_column(column: ArrayT, count: int) -> ArrayT:
    """`[T]` as `[T, count]`."""
    value: Any = column
    if is_torch(value):
        return value[:, None].repeat(1, count)
    return np.repeat(value[:, None], count, axis=1)  # type: ignore[return-value]


def replace(array: ArrayT, old: float, new: float) -> None:
    """Writes `new` wherever `old` stands."""
    value: Any = array
    value[value == old] = new


def shift_rows(matrix: ArrayT, first: ArrayT, out: ArrayT) -> None:
    """`out[t, j]` = `matrix[t, first[t] + j]`, −inf where there is no such column."""
    source: Any = matrix
    target: Any = out
    start: Any = first
    keys, width = source.shape[1], target.shape[1]
    if keys == 0:
        target[:] = _NEVER
        return
    if is_torch(source):
        import torch

        column = start.long()[:, None] + torch.arange(width, device=source.device)
        torch.gather(source, 1, column.clamp(0, keys - 1), out=target)
        target.masked_fill_((column < 0) | (column >= keys), _NEVER)
    else:
        column = start.astype(np.int64)[:, None] + np.arange(width)
        target[:] = np.take_along_axis(source, column.clip(0, keys - 1), axis=1)
        target[(column < 0) | (column >= keys)] = _NEVER
