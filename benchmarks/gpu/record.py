# ===- record.py - launch records, for arguments of given sizes ------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Reads a launch record and works out what to allocate, launch and pass.

docs/LaunchRecord.md describes the format. Nothing here needs a GPU or its driver;
driver.py launches what is planned here.
"""

import math
import struct
from dataclasses import dataclass

from expression import evaluate, evaluate_shared

ELEMENT_BYTES = {"f32": 4, "f16": 2, "bf16": 2, "f8E4M3FN": 1, "i32": 4}
# Of workspace alone.
ELEMENT_BYTES |= {"i64": 8, "i1": 1}

TENSOR_MAP_BYTES, TENSOR_MAP_ALIGNMENT = 128, 64


class RecordError(Exception):
    """A record that cannot be launched, or arguments that it does not take."""


@dataclass(frozen=True)
class Buffer:
    """`argument` is the number of one, or None for memory to allocate."""

    element: str
    shape: tuple
    argument: int | None


@dataclass(frozen=True)
class Address:
    buffer: int


@dataclass(frozen=True)
class TensorMap:
    """As in the record: the outermost dimension first, in elements."""

    buffer: int
    element: str
    offset: int
    sizes: tuple
    strides: tuple
    box: tuple
    swizzle: int


@dataclass(frozen=True)
class Launch:
    """`parameters` are bytes, or an Address or a TensorMap. `repetition` is that of
    the launches that may run beside it, from 1, if their `lane` differs; 0 for none.
    """

    kernel: str
    grid: tuple
    block: tuple
    cluster: tuple
    shared_memory: int
    parameters: tuple
    repetition: int = 0
    lane: int = 0


@dataclass(frozen=True)
class Plan:
    buffers: tuple
    results: dict  # name -> number of its buffer
    launches: tuple


def plan(record, shapes, name="main"):
    """What to do to run a function of a record on arguments of these shapes."""
    if record["version"] != 1:
        raise RecordError(f"expected version 1, found {record['version']}")
    functions = [f for f in record["functions"] if f["name"] == name]
    if not functions:
        raise RecordError(f"expected a function '{name}', found none")
    return _Planner(functions[0], shapes).plan()


class _Planner:
    def __init__(self, function, shapes):
        self._function, self._shapes = function, shapes
        self._iterations = []
        self._values = ()
        # The concurrent repetition around a launch, and how many there have been.
        self._repetition, self._lane, self._repetitions = 0, 0, 0

    def _evaluate(self, expression):
        return evaluate(expression, self._shapes, self._iterations, self._values)

    def _all(self, expressions):
        return tuple(self._evaluate(e) for e in expressions)

    def plan(self):
        function = self._function
        taken = [argument["shape"] for argument in function["arguments"]]
        fits = len(taken) == len(self._shapes) and all(
            len(a) == len(b) and all(x in (None, y) for x, y in zip(a, b))
            for a, b in zip(taken, self._shapes)
        )
        if not fits:
            raise RecordError(f"expected arguments {taken}, found {self._shapes}")
        self._values = evaluate_shared(function.get("values", ()), self._shapes)
        for requirement in function.get("requires", ()):
            if not self._evaluate(requirement["condition"]):
                raise RecordError(requirement["message"])
        self._buffers = tuple(
            Buffer(b["element"], self._all(b["shape"]), b.get("argument"))
            for b in function["buffers"]
        )
        # The numbers of each buffer's copies: further ones come behind all buffers.
        self._copies = []
        for number, buffer in enumerate(function["buffers"]):
            first, more = len(self._buffers), buffer.get("copies", 1) - 1
            self._copies.append([number, *range(first, first + more)])
            self._buffers += (self._buffers[number],) * more
        results = {r["name"]: r["buffer"] for r in function["results"]}
        for variant in function["variants"]:
            if self._evaluate(variant["when"]):
                launches = self._launches(variant["launches"])
                launches = tuple(launch for launch in launches if all(launch.grid))
                return Plan(self._buffers, results, launches)
        raise RecordError("expected a variant that applies, found none")

    def _launches(self, steps):
        """All launches, those to repeat as often as that."""
        for step in steps:
            if "repeat" not in step:
                yield self._launch(step)
                continue
            concurrent = step.get("concurrent", 1)
            if concurrent > 1:
                self._repetitions += 1
                self._repetition = self._repetitions
            for iteration in range(self._evaluate(step["repeat"])):
                if concurrent > 1:
                    self._lane = iteration % concurrent
                self._iterations.append(iteration)
                yield from self._launches(step["launches"])
                self._iterations.pop()
            if concurrent > 1:
                self._repetition = self._lane = 0

    def _number(self, buffer):
        """The number in the plan of what a launch calls a buffer."""
        copies = self._copies[buffer]
        return copies[self._lane % len(copies)]

    def _launch(self, launch):
        grid, parameters = self._all(launch["grid"]), []
        if min(grid) < 0:
            raise RecordError(f"kernel '{launch['kernel']}': found a grid of {grid}")
        for parameter in launch["parameters"]:
            parameters += self._parameters(parameter)
        return Launch(
            kernel=launch["kernel"],
            grid=grid,
            block=self._all(launch["block"]),
            cluster=self._all(launch["cluster"]),
            shared_memory=self._evaluate(launch["shared_memory"]),
            parameters=tuple(parameters),
            repetition=self._repetition,
            lane=self._lane,
        )

    def _parameters(self, parameter):
        kind = parameter["kind"]
        if kind == "memref":
            words = [self._evaluate(parameter["offset"])]
            words += self._all(parameter["sizes"]) + self._all(parameter["strides"])
            address = Address(self._number(parameter["buffer"]))
            return [address, address, *(struct.pack("<q", word) for word in words)]
        if kind == "tensor_map":
            return [self._tensor_map(parameter)]
        if kind == "f32":
            return [struct.pack("<f", parameter["value"])]
        if kind in ("i32", "i64"):
            value = self._evaluate(parameter["value"])
            return [struct.pack("<i" if kind == "i32" else "<q", value)]
        raise RecordError(f"expected a kind of parameter, found '{kind}'")

    def _tensor_map(self, parameter):
        buffer = self._buffers[parameter["buffer"]]
        sizes = self._all(parameter["sizes"])
        strides = self._all(parameter["strides"])
        offset = self._evaluate(parameter.get("offset", 0))
        last = offset + sum((size - 1) * stride for size, stride in zip(sizes, strides))
        inside = 0 in sizes or last < math.prod(buffer.shape)
        if min(offset, *sizes) < 0 or strides[-1] != 1 or not inside:
            raise RecordError(
                f"a tensor map of sizes {sizes}, strides {strides} and offset {offset} "
                f"does not fit buffer {parameter['buffer']} of shape {buffer.shape}"
            )
        return TensorMap(
            self._number(parameter["buffer"]),
            buffer.element,
            offset,
            sizes,
            strides,
            tuple(parameter["box"]),
            parameter["swizzle"],
        )


def bytes_of(parameter):
    """How many bytes a kernel's parameter has."""
    if isinstance(parameter, Address):
        return 8
    return TENSOR_MAP_BYTES if isinstance(parameter, TensorMap) else len(parameter)


def pack(parameters, addresses, encode):
    """The parameters of a launch, one after another, and the offset of each.

    `addresses` are those of the buffers; `encode(map, address)` makes the bytes of a
    tensor map. Offsets are aligned if the first byte is, to 64.
    """
    memory, offsets = bytearray(), []
    for parameter in parameters:
        alignment = 8
        if isinstance(parameter, Address):
            parameter = struct.pack("<Q", addresses[parameter.buffer])
        elif isinstance(parameter, TensorMap):
            start = parameter.offset * ELEMENT_BYTES[parameter.element]
            parameter = encode(parameter, addresses[parameter.buffer] + start)
            alignment = TENSOR_MAP_ALIGNMENT
        memory += bytes(-len(memory) % alignment)
        offsets.append(len(memory))
        memory += parameter
    return bytes(memory), offsets
