# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The C libraries of the package, found beside it; include/dsa-c has their headers.

The compiler needs MLIR and LLVM where it runs, the launcher nothing but the C library.
Each is loaded when it is first needed, so that compiled kernels run where there is no
compiler.
"""

import ctypes
import functools
import pathlib
from ctypes import POINTER, c_char_p, c_int, c_int64, c_size_t, c_ssize_t, c_uint64
from ctypes import c_void_p

_HERE = pathlib.Path(__file__).parent


class StringRef(ctypes.Structure):
    """MlirStringRef."""

    _fields_ = [("data", c_void_p), ("length", c_size_t)]

    def __str__(self) -> str:
        return ctypes.string_at(self.data, self.length).decode(errors="replace")


class Handle(ctypes.Structure):
    """Every opaque object of MLIR's and our C API."""

    _fields_ = [("ptr", c_void_p)]

    def __bool__(self) -> bool:
        return bool(self.ptr)


class LogicalResult(ctypes.Structure):
    _fields_ = [("value", ctypes.c_int8)]

    def __bool__(self) -> bool:
        return self.value != 0


class TensorView(ctypes.Structure):
    """DsaTensorView."""

    _fields_ = [
        ("data", c_void_p),
        ("element", c_int),
        ("rank", c_ssize_t),
        ("shape", POINTER(c_int64)),
    ]


class Parameter(ctypes.Structure):
    """DsaParameter."""

    _fields_ = [
        ("name", StringRef),
        ("element", c_int),
        ("rank", c_ssize_t),
        ("shape", POINTER(c_int64)),
    ]


class Buffer(ctypes.Structure):
    """DsaBuffer."""

    _fields_ = [
        ("kind", c_int),
        ("argument", c_size_t),
        ("bytes", c_size_t),
        ("element", c_char_p),
        ("rank", c_size_t),
        ("shape", POINTER(c_int64)),
    ]


StringCallback = ctypes.CFUNCTYPE(None, StringRef, c_void_p)
# Callbacks cannot return structures; this one of a byte is returned as one.
DiagnosticHandler = ctypes.CFUNCTYPE(ctypes.c_int8, Handle, c_void_p)
ErrorCallback = ctypes.CFUNCTYPE(None, c_char_p, c_void_p)

_COMPILER = {
    "mlirDialectRegistryCreate": (Handle, []),
    "mlirDialectRegistryDestroy": (None, [Handle]),
    "mlirContextCreateWithRegistry": (Handle, [Handle, ctypes.c_bool]),
    "mlirContextDestroy": (None, [Handle]),
    "mlirContextAttachDiagnosticHandler": (
        c_uint64,
        [Handle, DiagnosticHandler, c_void_p, c_void_p],
    ),
    "mlirDiagnosticGetSeverity": (c_int, [Handle]),
    "mlirDiagnosticPrint": (None, [Handle, StringCallback, c_void_p]),
    "mlirDiagnosticGetLocation": (Handle, [Handle]),
    "mlirDiagnosticGetNumNotes": (c_ssize_t, [Handle]),
    "mlirDiagnosticGetNote": (Handle, [Handle, c_ssize_t]),
    "mlirLocationPrint": (None, [Handle, StringCallback, c_void_p]),
    "mlirModuleCreateParse": (Handle, [Handle, StringRef]),
    "mlirModuleDestroy": (None, [Handle]),
    "dsaGetVersion": (StringRef, []),
    "dsaGetNumChips": (c_ssize_t, []),
    "dsaGetChip": (StringRef, [c_ssize_t]),
    "dsaRegisterAllDialects": (None, [Handle]),
    "dsaContextEnableRemarks": (LogicalResult, [Handle, StringRef]),
    "dsaCompileToPTX": (Handle, [Handle, StringRef]),
    "dsaDeviceModuleGetPTX": (StringRef, [Handle]),
    "dsaDeviceModuleGetLaunchRecord": (StringRef, [Handle]),
    "dsaDeviceModuleDestroy": (None, [Handle]),
    "dsaCompileForCPU": (Handle, [Handle, StringRef]),
    "dsaCPUFunctionGetNumArguments": (c_ssize_t, [Handle]),
    "dsaCPUFunctionGetArgument": (Parameter, [Handle, c_ssize_t]),
    "dsaCPUFunctionGetNumResults": (c_ssize_t, [Handle]),
    "dsaCPUFunctionGetResult": (Parameter, [Handle, c_ssize_t]),
    "dsaCPUFunctionRun": (
        LogicalResult,
        [Handle, c_ssize_t, POINTER(TensorView), POINTER(Handle)],
    ),
    "dsaCPUFunctionDestroy": (None, [Handle]),
    "dsaTensorGetView": (TensorView, [Handle]),
    "dsaTensorDestroy": (None, [Handle]),
}

_LAUNCHER = {
    "dsaLaunchRecordParse": (
        Handle,
        [c_char_p, c_size_t, ErrorCallback, c_void_p],
    ),
    "dsaLaunchRecordDestroy": (None, [Handle]),
    "dsaLaunchPlanCreate": (
        Handle,
        [
            Handle,
            c_char_p,
            c_size_t,
            POINTER(c_size_t),
            POINTER(POINTER(c_int64)),
            ErrorCallback,
            c_void_p,
        ],
    ),
    "dsaLaunchPlanGetNumBuffers": (c_size_t, [Handle]),
    "dsaLaunchPlanGetBuffer": (Buffer, [Handle, c_size_t]),
    "dsaLaunchPlanGetNumResults": (c_size_t, [Handle]),
    "dsaLaunchPlanGetResult": (c_size_t, [Handle, c_size_t]),
    "dsaLaunchPlanDestroy": (None, [Handle]),
    "dsaLauncherCreate": (
        Handle,
        [c_char_p, c_size_t, c_int, c_char_p, ErrorCallback, c_void_p],
    ),
    "dsaLauncherGetCapability": (c_int, [Handle]),
    "dsaLauncherLaunch": (
        ctypes.c_bool,
        [Handle, Handle, POINTER(c_uint64), c_void_p, ErrorCallback, c_void_p],
    ),
    "dsaLauncherDestroy": (None, [Handle]),
}


def _load(name: str, functions: dict) -> ctypes.CDLL:
    path = _HERE / "_lib" / name
    try:
        library = ctypes.CDLL(str(path))
    except OSError as error:
        raise ImportError(f"cannot load '{path}': {error}") from None
    for symbol, (result, arguments) in functions.items():
        function = getattr(library, symbol)
        function.restype, function.argtypes = result, arguments
    return library


@functools.cache
def compiler() -> ctypes.CDLL:
    """libDSACAPI; raises ImportError where MLIR and LLVM are not."""
    return _load("libDSACAPI.so", _COMPILER)


@functools.cache
def launcher() -> ctypes.CDLL:
    """libDSALaunch."""
    return _load("libDSALaunch.so", _LAUNCHER)


class Text:
    """A string for as long as a call takes."""

    def __init__(self, text: str):
        self._bytes = text.encode()
        self.ref = StringRef(
            ctypes.cast(ctypes.c_char_p(self._bytes), c_void_p), len(self._bytes)
        )
