# ===- tile_kernels.py - kernels on tiles written by hand ------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Runs the kernels CPU/Inputs/tile-*.mlir with dsa-run and checks their results.

Those use what kernels of operations do not (yet). It prints what run_cases.py does.
"""

import argparse
import pathlib
import subprocess

import compare
import data
import numpy as np
from run_cases import run_all

INPUTS = pathlib.Path(__file__).parent / "CPU/Inputs"


class Kernel:
    """What run_cases.py asks of a program."""

    def __init__(self, kernel, sizes, inputs, expected, tolerance):
        self.name, self._file = f"{kernel}/{sizes}", INPUTS / f"tile-{kernel}.mlir"
        self.inputs = inputs
        self.results = {name: ("f32", array.shape) for name, array in expected.items()}

        def check(results):
            for name, array in expected.items():
                reason = compare.close(results[name], array, tolerance)
                if reason:
                    return f"{name} {reason}"
            return None

        self.checks = [check]

    def text(self):
        command = ["dsa-opt", self._file, "-dsa-tile-to-linalg"]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout


def attention(rows, keys):
    rng = np.random.default_rng(keys)
    q, k = (data.normal(rng, (n, 32), "f16", deviation=0.5) for n in (rows, keys))
    v = data.normal(rng, (keys, 8))
    x = np.exp2(q.astype(float) @ k.astype(float).T)
    expected = {"out": x @ v / x.sum(1, keepdims=True)}
    inputs = {"q": q, "k": k, "v": v}
    return Kernel("attention", f"t{rows}-n{keys}", inputs, expected, 1e-5)


def products(rows):
    """Of integers, so that results are exact."""
    rng = np.random.default_rng(rows)
    a, b, c = (data.integers(rng, (n, 32), "f8E4M3FN") for n in (rows, 16, 8))
    f = data.integers(rng, (2, 3))
    x, y = (a.astype(float) @ t.astype(float).T for t in (b, c))
    # Row 3 of a tile is row 0 of memory.
    numbers = np.arange(rows)[:, None] + 3
    # The last of each four is outside of the memory.
    factors = np.pad(f, ((0, 0), (0, 1))).reshape(8)
    expected = {
        "most": x.reshape(rows, 4, 4).max(2) + numbers,
        "turned": (y * factors).T,
    }
    inputs = {"a": a, "b": b, "c": c, "f": f}
    return Kernel("products", f"t{rows}", inputs, expected, 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dsa-run", default="dsa-run", help="the tool to run")
    parser.add_argument("--tmp", type=pathlib.Path, required=True, help="for files")
    parser.set_defaults(jobs=2, tiles=None)
    kernels = [attention(20, 50), attention(16, 5), products(61), products(7)]
    run_all(kernels, parser.parse_args())


if __name__ == "__main__":
    main()
