# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Contexts of the compiler: text in, kernels out."""

from contextlib import contextmanager
from typing import Any, Callable, Iterator

from . import _native
from ._errors import CompileError

_ERROR, _HANDLED = 0, 1


class _Messages:
    """What a context has to say."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.remarks: list[str] = []

    def receive(self, diagnostic: _native.Handle, _: Any) -> int:
        library = _native.compiler()
        text = _print(library.mlirDiagnosticPrint, diagnostic)
        if library.mlirDiagnosticGetSeverity(diagnostic) != _ERROR:
            self.remarks.append(text)
            return _HANDLED
        place = library.mlirDiagnosticGetLocation(diagnostic)
        where = _print(library.mlirLocationPrint, place)
        where = where.removeprefix("loc(").removesuffix(")")
        if where != "unknown":
            text = f"{where}: {text}"
        for i in range(library.mlirDiagnosticGetNumNotes(diagnostic)):
            note = library.mlirDiagnosticGetNote(diagnostic, i)
            words = _print(library.mlirDiagnosticPrint, note)
            # The whole operation would drown the message.
            if not words.startswith("see current operation"):
                text += f"\nnote: {words}"
        self.errors.append(text)
        return _HANDLED


def _print(function: Callable[..., None], value: _native.Handle) -> str:
    parts: list[str] = []
    function(value, _native.StringCallback(lambda s, _: parts.append(str(s))), None)
    return "".join(parts)


class Context:
    """An MLIR context with the dsa dialects.

    Independent of every other context. One thread at a time may compile with it; it
    owns the functions that it compiles.
    """

    def __init__(self, remarks: str | None = None):
        self._library = library = _native.compiler()
        self._messages = _Messages()
        self._functions: list[_native.Handle] = []
        registry = library.mlirDialectRegistryCreate()
        library.dsaRegisterAllDialects(registry)
        # Python brings the threads.
        self._handle = library.mlirContextCreateWithRegistry(registry, False)
        library.mlirDialectRegistryDestroy(registry)
        self._handler = _native.DiagnosticHandler(self._messages.receive)
        library.mlirContextAttachDiagnosticHandler(
            self._handle, self._handler, None, None
        )
        if remarks is not None and not library.dsaContextEnableRemarks(
            self._handle, _native.Text(remarks).ref
        ):
            raise self.error()

    def __del__(self) -> None:
        for function in getattr(self, "_functions", ()):
            self._library.dsaCPUFunctionDestroy(function)
        if getattr(self, "_handle", None):
            self._library.mlirContextDestroy(self._handle)

    @property
    def remarks(self) -> tuple[str, ...]:
        return tuple(self._messages.remarks)

    def error(self) -> CompileError:
        """What has been told since the last time, as an exception."""
        told, self._messages.errors = self._messages.errors, []
        return CompileError("\n".join(told) or "the compiler did not say why it failed")

    @contextmanager
    def parse(self, text: str) -> Iterator[_native.Handle]:
        """The module that a text says, for the duration of a `with` statement."""
        module = self._library.mlirModuleCreateParse(
            self._handle, _native.Text(text).ref
        )
        if not module:
            raise self.error()
        try:
            yield module
        finally:
            self._library.mlirModuleDestroy(module)

    def compile_to_ptx(self, text: str, chip: str) -> tuple[str, str]:
        """PTX and launch record."""
        library = self._library
        with self.parse(text) as module:
            compiled = library.dsaCompileToPTX(module, _native.Text(chip).ref)
        if not compiled:
            raise self.error()
        try:
            return (
                str(library.dsaDeviceModuleGetPTX(compiled)),
                str(library.dsaDeviceModuleGetLaunchRecord(compiled)),
            )
        finally:
            library.dsaDeviceModuleDestroy(compiled)

    def compile_for_cpu(self, text: str, entry: str) -> _native.Handle:
        """A DsaCPUFunction, which lives as long as the context."""
        with self.parse(text) as module:
            function = self._library.dsaCompileForCPU(module, _native.Text(entry).ref)
        if not function:
            raise self.error()
        self._functions.append(function)
        return function


def version() -> str:
    """The version of the compiler."""
    return str(_native.compiler().dsaGetVersion())


def chips() -> tuple[str, ...]:
    """What GPUs can be compiled for: ("sm_80", …)."""
    library = _native.compiler()
    return tuple(str(library.dsaGetChip(i)) for i in range(library.dsaGetNumChips()))
