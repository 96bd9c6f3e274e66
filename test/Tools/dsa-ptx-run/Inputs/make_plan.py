# ===- make_plan.py - a search that dsa-ptx-run measures -------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Turns a directory of make_files.py into that of a search: a plan, and what it names.
What few rows must give is computed from the recipe's description, not by its code."""

import json
import pathlib
import sys

import numpy as np

directory = pathlib.Path(sys.argv[1])
chip = sys.argv[2] if len(sys.argv) > 2 else "sm_90a"
MASK = 2**64 - 1


def split_mix(state):
    """The numbers of SplitMix64."""
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield z ^ (z >> 31)


def normal(seed, stream, count):
    first = next(split_mix(seed))
    mixed = (first ^ (stream * 0xD1342543DE82EF95)) & MASK
    numbers = split_mix(next(split_mix(mixed)))
    values = []
    for _ in range(count):
        words = [next(numbers) for _ in range(6)]
        total = sum((word >> 32) + (word & 0xFFFFFFFF) for word in words)
        values.append((total - 6 * 4294967295) / 4294967296)
    return np.array(values, np.float32)


record = json.loads((directory / "all.json").read_text())
for function in record["functions"]:
    one = record | {"functions": [function]}
    (directory / f"{function['name']}.json").write_text(json.dumps(one))
few = normal(7, 2, 5)
np.save(directory / "few.npy", 2 * few.astype(np.float64))


def program(name):
    return {"kernels": "fake.ptx", "launch": f"{name}.json"}


def candidate(number, name):
    return program(name) | {
        "number": number,
        "schedule": "#none",
        "predicted": 10.0 + number,
        "default": number == 1,
    }


def arguments(count):
    values = {"kind": "normal", "seed": 7, "stream": 2}
    return [{"name": "x", "shape": [count], "values": values}]


def case(name, *names, reference="twice"):
    return {
        "name": name,
        "rows": 0,
        "keys": 0,
        "record": "{}",
        "arguments": arguments(100000),
        "reference": program(reference),
        "results": [{"name": "out", "tolerance": 1e-6}],
        "check": {
            "arguments": arguments(5),
            "results": [{"name": "out", "tolerance": 1e-7, "expected": "few.npy"}],
        },
        "candidates": [candidate(i + 1, name) for i, name in enumerate(names)],
    }


plan = {
    "version": 1,
    "key": "a search",
    "compiler": "a test",
    "chip": chip,
    "timing": {"runs": 3, "idle_ms": 0, "rounds": 2},
    "cases": [
        case("all", "twice", "fault", "die", "hang", "most", "missing", "twice"),
        case("nothing", "twice", reference="most"),
        case("last", "twice"),
    ],
}
(directory / "plan.json").write_text(json.dumps(plan))
