# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Other libraries' tensors, read in place: NumPy's, torch's, and those that speak DLPack."""

import ctypes
import math
from ctypes import POINTER, c_int32, c_int64, c_uint8, c_uint16, c_uint64
from ctypes import c_void_p
from dataclasses import dataclass
from typing import Any, Callable

import numpy as np

from ._errors import ArgumentError

# By the number that the C API gives them.
ELEMENTS = ("f32", "f16", "bf16", "f8E4M3FN", "i32")
BYTES = {"f32": 4, "f16": 2, "bf16": 2, "f8E4M3FN": 1, "i32": 4}

# What NumPy (with ml_dtypes) and torch call them.
_NAMES = {
    "f32": "float32",
    "f16": "float16",
    "bf16": "bfloat16",
    "f8E4M3FN": "float8_e4m3fn",
    "i32": "int32",
}
_ELEMENT_OF = {name: element for element, name in _NAMES.items()}
# DLPack's type codes and widths; fp8 where a library knows of it.
_DLPACK = {
    (2, 32): "f32",
    (2, 16): "f16",
    (4, 16): "bf16",
    (10, 8): "f8E4M3FN",
    (0, 32): "i32",
}
_CPU, _CUDA, _CUDA_HOST = 1, 2, 3
_DEFAULT_STREAM = 1

#: The stream, as a number, in which a GPU is to read tensors.
Stream = Callable[[int], int]


@dataclass(frozen=True)
class TensorSpec:
    """What a tensor is, without its elements; `element` as in ELEMENTS."""

    shape: tuple[int, ...]
    element: str

    def __str__(self) -> str:
        return f"tensor<{'x'.join([*map(str, self.shape), self.element])}>"


@dataclass(frozen=True)
class Tensor:
    """A tensor's elements in memory, which `owner` keeps."""

    spec: TensorSpec
    address: int
    # None is the CPU; else the number of a GPU.
    device: int | None
    # "numpy", "torch" or "dlpack": what results are to be.
    library: str
    owner: Any


class _DLTensor(ctypes.Structure):
    _fields_ = [
        ("data", c_void_p),
        ("device_type", c_int32),
        ("device", c_int32),
        ("rank", c_int32),
        ("code", c_uint8),
        ("bits", c_uint8),
        ("lanes", c_uint16),
        ("shape", POINTER(c_int64)),
        ("strides", POINTER(c_int64)),
        ("offset", c_uint64),
    ]


_get_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_get_pointer.restype, _get_pointer.argtypes = c_void_p, [
    ctypes.py_object,
    ctypes.c_char_p,
]


def is_torch(value: Any) -> bool:
    return type(value).__module__.split(".")[0] == "torch"


def _refuse(name: str, expected: str, found: Any) -> ArgumentError:
    return ArgumentError(
        f"expected argument '{name}' to be {expected}, but found {found}"
    )


def _element(name: str, dtype: str) -> str:
    if dtype not in _ELEMENT_OF:
        raise _refuse(name, f"of {', '.join(_ELEMENT_OF)}", dtype)
    return _ELEMENT_OF[dtype]


def _is_dense(shape: tuple, strides: list) -> bool:
    """Whether elements are row-major without gaps; strides in elements."""
    expected = 1
    for size, stride in zip(reversed(shape), reversed(strides)):
        if size != 1 and stride != expected:
            return 0 in shape
        expected *= size
    return True


def _capsule(value: Any, stream: Stream | None) -> Any:
    if stream is not None and hasattr(value, "__dlpack_device__"):
        kind, device = value.__dlpack_device__()
        if kind == _CUDA:
            # Its library makes that stream wait for what writes it.
            return value.__dlpack__(stream=stream(device) or _DEFAULT_STREAM)
    return value.__dlpack__()


def _from_dlpack(name: str, value: Any, stream: Stream | None) -> Tensor:
    # The capsule, unless it is consumed, frees what it holds.
    capsule = _capsule(value, stream)
    tensor = _DLTensor.from_address(_get_pointer(capsule, b"dltensor"))
    kind = (tensor.code, tensor.bits)
    if kind not in _DLPACK or tensor.lanes != 1:
        raise _refuse(name, f"of {', '.join(_ELEMENT_OF)}", f"DLPack type {kind}")
    if tensor.device_type not in (_CPU, _CUDA, _CUDA_HOST):
        raise _refuse(name, "on a CPU or CUDA", f"DLPack device {tensor.device_type}")
    shape = tuple(tensor.shape[: tensor.rank])
    if tensor.strides and not _is_dense(shape, tensor.strides[: tensor.rank]):
        raise _refuse(name, "row-major without gaps", "other strides")
    return Tensor(
        TensorSpec(shape, _DLPACK[kind]),
        (tensor.data or 0) + tensor.offset,
        tensor.device if tensor.device_type == _CUDA else None,
        "dlpack",
        capsule,
    )


def describe(name: str, value: Any, stream: Stream | None = None) -> Tensor:
    """The argument called `name`, in place, to be read in `stream` if on a GPU."""
    if isinstance(value, np.ndarray):
        spec = TensorSpec(value.shape, _element(name, value.dtype.name))
        if not value.flags.c_contiguous:
            raise _refuse(name, "row-major without gaps", f"strides {value.strides}")
        return Tensor(spec, value.ctypes.data, None, "numpy", value)
    if is_torch(value):
        dtype = str(value.dtype).removeprefix("torch.")
        spec = TensorSpec(tuple(value.shape), _element(name, dtype))
        if value.device.type not in ("cpu", "cuda"):
            raise _refuse(name, "on a CPU or CUDA", value.device)
        if not value.is_contiguous():
            raise _refuse(name, "row-major without gaps", f"strides {value.stride()}")
        device = value.device.index if value.device.type == "cuda" else None
        return Tensor(spec, value.data_ptr(), device, "torch", value)
    if hasattr(value, "__dlpack__"):
        return _from_dlpack(name, value, stream)
    raise _refuse(name, "a NumPy array, a torch tensor or a DLPack object", type(value))


def numpy_dtype(element: str) -> np.dtype:
    if element in ("bf16", "f8E4M3FN"):
        # NumPy has no such types of its own.
        import ml_dtypes

        return np.dtype(getattr(ml_dtypes, _NAMES[element]))
    return np.dtype(_NAMES[element])


def torch_dtype(element: str) -> Any:
    import torch

    return getattr(torch, _NAMES[element])


def adopt(memory: int, spec: TensorSpec, owner: Any, library: str) -> Any:
    """CPU memory that `owner` frees, as a tensor of a library."""
    count = math.prod(spec.shape)
    if library == "torch":
        import torch

        if count == 0:
            dtype = torch_dtype(spec.element)
            # Not where torch.set_default_device says.
            return torch.empty(spec.shape, dtype=dtype, device="cpu")
        buffer = _buffer(memory, count * BYTES[spec.element], owner)
        flat = torch.frombuffer(buffer, dtype=torch_dtype(spec.element))
        return flat.reshape(spec.shape)
    dtype = numpy_dtype(spec.element)
    if count == 0:
        return np.empty(spec.shape, dtype)
    buffer = _buffer(memory, count * BYTES[spec.element], owner)
    return np.frombuffer(buffer, np.uint8).view(dtype).reshape(spec.shape)


def _buffer(memory: int, size: int, owner: Any) -> Any:
    buffer = (c_uint8 * size).from_address(memory)
    # Arrays made from it keep it, and with it the owner.
    setattr(buffer, "owner", owner)
    return buffer
