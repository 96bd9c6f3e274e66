# ===- sample_candidates.py - some of the schedules that are legal ---------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Writes each function of a module that dsa-enumerate-schedules has been over several
times, each time with another of the schedules listed on its operation: the first, the
last and others drawn between them.

Usage: sample_candidates.py LISTED.mlir [--each N] [--seed N]
"""

import argparse
import pathlib
import random
import re

LISTED = re.compile(r"\{dsa\.schedules = \[(.*?)\]\}")
SCHEDULE = re.compile(r"#dsa_tile\.\w+<[^>]*>")
FUNCTION = re.compile(r"^  func\.func @(\w+)\(.*?^  \}$", re.MULTILINE | re.DOTALL)


def sample(schedules, count, draw):
    if len(schedules) <= count:
        return schedules
    return [schedules[0], *draw.sample(schedules[1:-1], count - 2), schedules[-1]]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("module", type=pathlib.Path)
    parser.add_argument("--each", type=int, default=4, help="schedules of a function")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    for function in FUNCTION.finditer(arguments.module.read_text()):
        name, text = function[1], function[0]
        listed = LISTED.search(text)
        schedules = SCHEDULE.findall(listed[1])
        draw = random.Random(f"{name} {arguments.seed}")
        for number, schedule in enumerate(sample(schedules, arguments.each, draw)):
            clause = f"schedule({schedule})"
            chosen = text[: listed.start()] + clause + text[listed.end() :]
            chosen = chosen.replace(f"@{name}(", f"@{name}_{number}(")
            print(f"// {clause}\n{chosen}")


if __name__ == "__main__":
    main()
