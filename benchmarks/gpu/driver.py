# ===- driver.py - CUDA's driver -------------------------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""The functions of CUDA's driver that launches need, through ctypes and libcuda alone.

Whoever calls has made a context current, as torch does. Streams and addresses are
plain numbers.
"""

import ctypes
from ctypes import (
    byref,
    c_char_p,
    c_int,
    c_size_t,
    c_uint,
    c_uint32,
    c_uint64,
    c_void_p,
)

import record

# Numbers of enums in cuda.h.
_TENSOR_MAP_ELEMENT = {"f8E4M3FN": 0, "i32": 3, "f16": 6, "f32": 7, "bf16": 9}
_TENSOR_MAP_SWIZZLE = {0: 0, 32: 1, 64: 2, 128: 3}
_STREAM_NON_BLOCKING, _EVENT_DISABLE_TIMING = 1, 2
_TENSOR_MAP_INTERLEAVE_NONE, _TENSOR_MAP_L2_256, _TENSOR_MAP_FILL_ZERO = 0, 3, 0


class DriverError(Exception):
    """What the driver said."""


class Driver:
    """The functions of libcuda that are needed; each raises DriverError."""

    def __init__(self, library="libcuda.so.1"):
        self._library = ctypes.CDLL(library)
        pointers = (c_void_p,)
        for name, types in {
            "cuModuleLoadDataEx": (c_void_p, c_char_p, c_uint, c_void_p, c_void_p),
            "cuModuleGetFunction": (c_void_p, c_void_p, c_char_p),
            "cuFuncSetAttribute": (c_void_p, c_int, c_int),
            "cuFuncGetAttribute": (c_void_p, c_int, c_void_p),
            "cuLaunchKernel": (c_void_p, *(c_uint,) * 7, c_void_p, *pointers * 2),
            "cuLaunchKernelEx": pointers * 4,
            "cuStreamCreate": (c_void_p, c_uint),
            "cuStreamWaitEvent": (c_void_p, c_void_p, c_uint),
            "cuEventCreate": (c_void_p, c_uint),
            "cuEventRecord": pointers * 2,
            "cuTensorMapEncodeTiled": (
                *(c_void_p, c_int, c_uint32, c_void_p),
                *pointers * 4,
                *(c_int,) * 4,
            ),
        }.items():
            self._add(name, types)

    def _add(self, name, types):
        function = getattr(self._library, name)
        function.argtypes = types

        def call(*arguments):
            code = function(*arguments)
            if code:
                raise DriverError(f"{name}: {self._error_name(code)}")

        setattr(self, name, call)

    def _error_name(self, code):
        text = c_char_p()
        self._library.cuGetErrorName(code, byref(text))
        return text.value.decode() if text.value else f"error {code}"

    def parameter_bytes(self, function):
        """The size of each parameter that a kernel has; None if the driver is old."""
        get = getattr(self._library, "cuFuncGetParamInfo", None)
        if get is None:
            return None
        get.argtypes = (c_void_p, c_size_t, c_void_p, c_void_p)
        sizes, offset, size = [], c_size_t(), c_size_t()
        while get(function, len(sizes), byref(offset), byref(size)) == 0:
            sizes.append(size.value)
        return sizes

    def stream(self):
        """One that is kept as long as the process lives."""
        handle = c_void_p()
        self.cuStreamCreate(byref(handle), _STREAM_NON_BLOCKING)
        return handle

    def event(self):
        """Without a time; kept as long as the process lives."""
        handle = c_void_p()
        self.cuEventCreate(byref(handle), _EVENT_DISABLE_TIMING)
        return handle

    def attribute(self, function, number):
        value = c_int()
        self.cuFuncGetAttribute(byref(value), number, function)
        return value.value

    def tensor_map(self, tensor_map, address):
        """The 128 bytes of a CUtensorMap; zeros for one of nothing."""
        if 0 in tensor_map.sizes:
            return bytes(record.TENSOR_MAP_BYTES)
        # The driver counts dimensions from the innermost, and strides in bytes
        # without that of the innermost.
        bytes_of = record.ELEMENT_BYTES[tensor_map.element]
        rank = len(tensor_map.sizes)
        strides = [stride * bytes_of for stride in tensor_map.strides[-2::-1]]
        memory, start = aligned(record.TENSOR_MAP_BYTES)
        self.cuTensorMapEncodeTiled(
            start,
            _TENSOR_MAP_ELEMENT[tensor_map.element],
            rank,
            address,
            (c_uint64 * rank)(*tensor_map.sizes[::-1]),
            (c_uint64 * rank)(*strides),
            (c_uint32 * rank)(*tensor_map.box[::-1]),
            (c_uint32 * rank)(*[1] * rank),
            _TENSOR_MAP_INTERLEAVE_NONE,
            _TENSOR_MAP_SWIZZLE[tensor_map.swizzle],
            _TENSOR_MAP_L2_256,
            _TENSOR_MAP_FILL_ZERO,
        )
        return ctypes.string_at(start, record.TENSOR_MAP_BYTES)


def aligned(size, alignment=record.TENSOR_MAP_ALIGNMENT):
    """Memory, which must be kept, and the first aligned address in it."""
    memory = ctypes.create_string_buffer(size + alignment)
    start = ctypes.addressof(memory)
    return memory, start + -start % alignment
