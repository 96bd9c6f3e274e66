# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiled kernels by what they were compiled from: in memory, and on disk if asked."""

import contextlib
import hashlib
import os
import pathlib
import threading
from typing import Callable, Iterator

from ._cuda import CUDAKernel, load
from ._kernel import Kernel
from ._version import __version__

_kernels: dict[tuple[str, str], Kernel] = {}
_lock = threading.Lock()
_directory: pathlib.Path | None = None


def use_directory(path: str | os.PathLike | None) -> None:
    """Keeps kernels for GPUs in a directory, too, and takes them from there.

    A directory that was filled on one machine serves another that has no compiler.
    None: in memory only, which is the default.
    """
    global _directory
    if path is not None:
        pathlib.Path(path).mkdir(parents=True, exist_ok=True)
    _directory = None if path is None else pathlib.Path(path)


@contextlib.contextmanager
def directory(path: str | os.PathLike) -> Iterator[None]:
    """`use_directory` for the duration of a `with` statement."""
    before = _directory
    use_directory(path)
    try:
        yield
    finally:
        use_directory(before)


def clear() -> None:
    """Forgets the kernels in memory."""
    with _lock:
        _kernels.clear()


def path_of(text: str, target: str) -> pathlib.Path | None:
    """Where the kernel of a module is kept, if it is."""
    if _directory is None or target == "cpu":
        return None
    key = hashlib.sha256("\0".join([__version__, target, text]).encode())
    return _directory / f"{target}-{key.hexdigest()[:32]}.dsa"


def get(text: str, target: str, compile: Callable[[str, str], Kernel]) -> Kernel:
    """The kernel of a module: found, or compiled and kept."""
    with _lock:
        kernel = _kernels.get((text, target))
        if kernel is None:
            path = path_of(text, target)
            if path is not None and path.exists():
                kernel = load(path)
            else:
                kernel = compile(text, target)
                if path is not None and isinstance(kernel, CUDAKernel):
                    kernel.save(path)
            _kernels[text, target] = kernel
        elif isinstance(kernel, CUDAKernel):
            path = path_of(text, target)
            if path is not None and not path.exists():
                kernel.save(path)
        return kernel
