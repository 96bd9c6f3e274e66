# ===- launcher.py - the kernels of a plan ---------------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Loads kernels and launches them as a plan of record.py says.

Parameters are packed once, so that a launch is little more than a call of the driver.
"""

import ctypes
import math
from ctypes import byref, c_int, c_uint, c_void_p

import record
from driver import DriverError, aligned

# Numbers of enums in cuda.h.
_JIT_ERROR_LOG, _JIT_ERROR_LOG_BYTES = 5, 6
_SHARED_BYTES, _LOCAL_BYTES, _REGISTERS = 1, 3, 4
_MAX_DYNAMIC_SHARED_BYTES, _NON_PORTABLE_CLUSTER = 8, 14
_CLUSTER_DIMENSION = 4

# Larger clusters are not for every chip, and must be asked for.
_PORTABLE_CLUSTER = 8


class LaunchAttribute(ctypes.Structure):
    """CUlaunchAttribute, of clusters."""

    _fields_ = [("id", c_int), ("pad", c_int), ("value", c_uint * 16)]


class LaunchConfig(ctypes.Structure):
    """CUlaunchConfig."""

    _fields_ = [
        ("grid", c_uint * 3),
        ("block", c_uint * 3),
        ("shared_memory", c_uint),
        ("stream", c_void_p),
        ("attributes", ctypes.POINTER(LaunchAttribute)),
        ("attribute_count", c_uint),
    ]


class Module:
    """Loaded kernels, from a cubin or PTX."""

    def __init__(self, driver, image):
        self.driver = driver
        self._handle, log = c_void_p(), ctypes.create_string_buffer(8192)
        options = (c_int * 2)(_JIT_ERROR_LOG, _JIT_ERROR_LOG_BYTES)
        values = (c_void_p * 2)(ctypes.addressof(log), len(log))
        try:
            driver.cuModuleLoadDataEx(byref(self._handle), image, 2, options, values)
        except DriverError as error:
            said = " ".join(log.value.decode(errors="replace").split())
            raise DriverError(f"{error} {said}".strip()) from None

    def function(self, name):
        function = c_void_p()
        self.driver.cuModuleGetFunction(byref(function), self._handle, name.encode())
        return function


class Launcher:
    """The launches of a plan, packed once for buffers at fixed addresses."""

    def __init__(self, module, plan, addresses):
        self._driver = module.driver
        self._kept, self._calls = [], []
        self.resources = {}  # of the kernels by name
        for launch in plan.launches:
            function = module.function(launch.kernel)
            same = [other for other in plan.launches if other.kernel == launch.kernel]
            self._prepare(function, same)
            pointers = self._pack(function, launch, addresses)
            call = self._call(function, launch, pointers)
            self._calls.append((launch.repetition, launch.lane, call))
        # A stream and its end for each lane, and where they begin.
        count = 1 + max((launch.lane for launch in plan.launches), default=0)
        if any(launch.repetition for launch in plan.launches):
            self._begin = self._driver.event()
            self._lanes = [
                (self._driver.stream(), self._driver.event()) for _ in range(count)
            ]

    def _prepare(self, function, launches):
        """Asks for what the launches of a kernel need, and notes what it uses."""
        driver, kernel = self._driver, launches[0].kernel
        shared = max(launch.shared_memory for launch in launches)
        if shared:
            driver.cuFuncSetAttribute(function, _MAX_DYNAMIC_SHARED_BYTES, shared)
        if max(math.prod(launch.cluster) for launch in launches) > _PORTABLE_CLUSTER:
            driver.cuFuncSetAttribute(function, _NON_PORTABLE_CLUSTER, 1)
        self.resources[kernel] = {
            "registers": driver.attribute(function, _REGISTERS),
            "local": driver.attribute(function, _LOCAL_BYTES),
            "shared": driver.attribute(function, _SHARED_BYTES) + shared,
        }

    def _pack(self, function, launch, addresses):
        contents, offsets = record.pack(
            launch.parameters, addresses, self._driver.tensor_map
        )
        given = [record.bytes_of(parameter) for parameter in launch.parameters]
        taken = self._driver.parameter_bytes(function)
        if taken not in (None, given):
            raise record.RecordError(
                f"kernel '{launch.kernel}' takes parameters of {taken} bytes, but the "
                f"record gives it {given}"
            )
        memory, start = aligned(len(contents))
        ctypes.memmove(start, contents, len(contents))
        self._kept.append(memory)
        return (c_void_p * len(offsets))(*(start + offset for offset in offsets))

    def _call(self, function, launch, pointers):
        """A function of the stream."""
        driver = self._driver
        if launch.cluster == (1, 1, 1):
            sizes = (*launch.grid, *launch.block, launch.shared_memory)
            return lambda stream: driver.cuLaunchKernel(
                function, *sizes, stream, pointers, None
            )
        attribute = LaunchAttribute(id=_CLUSTER_DIMENSION)
        attribute.value[:3] = launch.cluster
        config = LaunchConfig(
            launch.grid,
            launch.block,
            launch.shared_memory,
            None,
            ctypes.pointer(attribute),
            1,
        )

        def call(stream):
            config.stream = stream
            driver.cuLaunchKernelEx(byref(config), function, pointers, None)

        return call

    def launch(self, stream):
        """In a stream, or beside it what may run at the same time."""
        current, used = 0, set()
        for repetition, lane, call in self._calls:
            if repetition != current:
                self._join(used, stream)
                current, used = repetition, set()
                if repetition:
                    self._driver.cuEventRecord(self._begin, stream)
            if not repetition:
                call(stream)
                continue
            side, _ = self._lanes[lane]
            if lane not in used:
                self._driver.cuStreamWaitEvent(side, self._begin, 0)
            used.add(lane)
            call(side)
        self._join(used, stream)

    def _join(self, lanes, stream):
        for lane in lanes:
            side, end = self._lanes[lane]
            self._driver.cuEventRecord(end, side)
            self._driver.cuStreamWaitEvent(stream, end, 0)
