# ===- workspace.py - how much memory a record asks for --------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Prints, for sizes `TxN` of a layer's rows and keys, the bytes of workspace that the
launch record of its function `main` asks for, and how many launches there are.

Free dimensions are N of the arguments called so, T of others.
"""

import argparse
import json
import math
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "benchmarks/gpu"))

import record


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("record", type=pathlib.Path)
    parser.add_argument("sizes", nargs="+", help="TxN")
    parser.add_argument("--keys", required=True, help="arguments of keys, by commas")
    arguments = parser.parse_args()
    launch_record = json.loads(arguments.record.read_text())
    (function,) = (f for f in launch_record["functions"] if f["name"] == "main")
    of_keys = arguments.keys.split(",")
    for size in arguments.sizes:
        rows, keys = map(int, size.split("x"))
        shapes = [
            tuple(
                (keys if argument["name"] in of_keys else rows) if n is None else n
                for n in argument["shape"]
            )
            for argument in function["arguments"]
        ]
        plan = record.plan(launch_record, shapes)
        taken = {number for number in plan.results.values()}
        used = sum(
            math.prod(buffer.shape) * record.ELEMENT_BYTES[buffer.element]
            for number, buffer in enumerate(plan.buffers)
            if buffer.argument is None and number not in taken
        )
        print(f"{size}: {used} bytes, {len(plan.launches)} launches")


if __name__ == "__main__":
    main()
