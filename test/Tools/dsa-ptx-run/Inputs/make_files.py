# ===- make_files.py - files that dsa-ptx-run reads ------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Writes to a directory a module for the driver that stands in for the real one, its
launch record, inputs, what the results must be, and a manifest."""

import json
import pathlib
import sys

import numpy as np

directory = pathlib.Path(sys.argv[1])
(directory / "right").mkdir(parents=True, exist_ok=True)
(directory / "wrong").mkdir(exist_ok=True)

MEMREF = "8,8,8,8,8"
(directory / "fake.ptx").write_text(
    f"""\
.version 8.0
.entry scale({MEMREF}, {MEMREF}, 4)
.entry scale_most({MEMREF}, {MEMREF}, 4)
.entry count({MEMREF})
.entry copy_box(128, {MEMREF})
.entry fault()
.entry die()
.entry hang()
"""
)
(directory / "not.ptx").write_text("nonsense\n")
(directory / "empty.ptx").write_text(".version 8.0\n")

SIZE = ["size", 0, 0]


def memref(buffer):
    return {
        "kind": "memref",
        "buffer": buffer,
        "offset": 0,
        "sizes": [SIZE],
        "strides": [1],
    }


def launch(kernel, *parameters):
    return {
        "kernel": kernel,
        "grid": [["ceildiv", SIZE, 128], 1, 1],
        "block": [128, 1, 1],
        "cluster": [1, 1, 1],
        "shared_memory": 0,
        "parameters": list(parameters),
    }


def function(name, result, *launches):
    return {
        "name": name,
        "arguments": [{"name": "x", "element": "f32", "shape": [None]}],
        "results": [{"name": "out", "buffer": 1}],
        "buffers": [
            {"kind": "argument", "argument": 0, "element": "f32", "shape": [SIZE]},
            {"kind": "result", "element": result, "shape": [SIZE]},
        ],
        "variants": [{"when": 1, "launches": list(launches)}],
    }


TWICE = launch("scale", memref(0), memref(1), {"kind": "f32", "value": 2})
MOST = launch("scale_most", memref(0), memref(1), {"kind": "f32", "value": 2})
functions = [
    function("twice", "f32", TWICE),
    function("most", "f32", MOST),
    function("count", "i32", launch("count", memref(1))),
    *(
        function(name, "f32", TWICE, launch(name))
        for name in ("fault", "die", "hang", "missing")
    ),
]
record = {"version": 1, "producer": "a test", "chip": "sm_90a"}


def save(name, functions):
    (directory / name).write_text(json.dumps(record | {"functions": functions}))


save("all.json", functions)
save("twice.json", functions[:1])
TENSOR_MAP = {
    "kind": "tensor_map",
    "buffer": 0,
    "sizes": [SIZE],
    "strides": [1],
    "box": [8],
    "swizzle": 32,
}
save("map.json", [function("map", "f32", launch("copy_box", TENSOR_MAP, memref(1)))])

x = np.array([1, 2, -4, 0.5], np.float32)
np.save(directory / "x.npy", x)
np.save(directory / "x64.npy", x.astype(np.float64))
np.save(directory / "x2.npy", x[None])
np.save(directory / "none.npy", x[:0])
np.save(directory / "right/out.npy", 2.0 * x.astype(np.float64))
np.save(directory / "wrong/out.npy", 2 * x + np.array([0, 0, 0, 2**-6], np.float32))


def case(name, entry, expected="right/out.npy", sample=False):
    return {
        "name": name,
        "kernels": "fake.ptx",
        "launch": "all.json",
        "entry": entry,
        "inputs": {"x": "x.npy"},
        "sample": sample,
        "checks": [
            {"kind": "close", "result": "out", "expected": expected, "tolerance": 1e-5}
        ],
    }


cases = [
    case("good/one", "twice", sample=True),
    case("bad/fault", "fault"),
    case("bad/die", "die"),
    case("bad/hang", "hang"),
    case("bad/most", "most"),
    case("bad/count", "count"),
    case("bad/missing", "missing"),
    case("bad/wrong", "twice", "wrong/out.npy"),
    case("bad/unread", "twice", "none/out.npy"),
    case("bad/unchecked", "twice") | {"checks": []},
    case("good/two", "twice"),
]
manifest = {"version": 1, "cases": cases}
(directory / "manifest.json").write_text(json.dumps(manifest))
