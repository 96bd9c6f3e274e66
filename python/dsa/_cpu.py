# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions that run on this machine's processor."""

import ctypes
import threading
from typing import Any

from . import _native
from ._compiler import Context
from ._errors import ArgumentError
from ._kernel import Kernel, Parameter
from ._tensors import ELEMENTS, Tensor, TensorSpec, adopt

_DYNAMIC = -(2**63)


class _Memory:
    """A result's, freed with the last array that uses it."""

    def __init__(self, library: ctypes.CDLL, handle: _native.Handle) -> None:
        self._library, self._handle = library, handle

    def __del__(self) -> None:
        self._library.dsaTensorDestroy(self._handle)


class CPUKernel(Kernel):
    """A function compiled for this machine; several threads may call it."""

    target = "cpu"

    def __init__(self, text: str, entry: str = "", remarks: str | None = None):
        self._context = Context(remarks)
        self._library = library = _native.compiler()
        self._handle = self._context.compile_for_cpu(text, entry)
        self._lock = threading.Lock()
        self.remarks = self._context.remarks
        self.arguments = tuple(
            _parameter(library.dsaCPUFunctionGetArgument(self._handle, i))
            for i in range(library.dsaCPUFunctionGetNumArguments(self._handle))
        )
        self.results = tuple(
            _parameter(library.dsaCPUFunctionGetResult(self._handle, i))
            for i in range(library.dsaCPUFunctionGetNumResults(self._handle))
        )

    def _run(self, tensors: list[Tensor], library: str) -> list:
        for parameter, tensor in zip(self.arguments, tensors):
            if tensor.device is not None:
                raise ArgumentError(
                    f"expected argument '{parameter.name}' on the CPU, but found it "
                    f"on GPU {tensor.device}"
                )
        views = (_native.TensorView * len(tensors))(*map(_view, tensors))
        results = (_native.Handle * max(len(self.results), 1))()
        native = self._library
        if not native.dsaCPUFunctionRun(self._handle, len(tensors), views, results):
            # Threads share what the context says: with the lock, each error is
            # taken once.
            with self._lock:
                raise ArgumentError(str(self._context.error()))
        return [
            _result(native, _native.Handle(results[i].ptr), library)
            for i in range(len(self.results))
        ]


def _parameter(parameter: _native.Parameter) -> Parameter:
    sizes = parameter.shape[: parameter.rank]
    return Parameter(
        str(parameter.name),
        ELEMENTS[parameter.element],
        tuple(None if size == _DYNAMIC else size for size in sizes),
    )


def _view(tensor: Tensor) -> _native.TensorView:
    shape = (ctypes.c_int64 * max(len(tensor.spec.shape), 1))(*tensor.spec.shape)
    return _native.TensorView(
        tensor.address,
        ELEMENTS.index(tensor.spec.element),
        len(tensor.spec.shape),
        ctypes.cast(shape, ctypes.POINTER(ctypes.c_int64)),
    )


def _result(native: ctypes.CDLL, handle: _native.Handle, library: str) -> Any:
    view = native.dsaTensorGetView(handle)
    spec = TensorSpec(tuple(view.shape[: view.rank]), ELEMENTS[view.element])
    return adopt(view.data or 0, spec, _Memory(native, handle), library)
