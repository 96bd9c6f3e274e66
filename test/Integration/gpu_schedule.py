# ===- gpu_schedule.py - the GPU's loops, on the CPU -----------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Runs generated programs with dsa-run on the CPU, decomposed as for a GPU.

A schedule on an operation decides how it is decomposed, whatever the target is, so
that what a GPU does (one row at a time, short tiles of keys, ordered work in as many
parts as a block has threads) is checked against the oracle without a GPU.

Names and what is printed are those of run_cases.py; --schedule replaces the schedule.
"""

import argparse
import pathlib
import re
import sys

import cases
from run_cases import run_all

# What dsa-assign-schedule gives to operations on a GPU.
SCHEDULE = "block_rows = 1, block_keys = 16, threads = 256"

NAME = rf"\bdsa\.(?:{'|'.join(cases.OPERATIONS)})\b"


class Scheduled:
    """A program whose operations carry a schedule; else as the program is."""

    def __init__(self, program, schedule):
        self._program = program
        self._clause = f" schedule(#dsa.loop_schedule<{schedule}>)"

    def __getattr__(self, name):
        return getattr(self._program, name)

    def text(self):
        text, count = re.subn(
            rf"({NAME}.*?)( outs\()", rf"\1{self._clause}\2", self._program.text()
        )
        # No operation may be left with the schedule of a CPU.
        assert count == len(re.findall(NAME, text)) > 0, self.name
        return text


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dsa-run", default="dsa-run", help="the tool to run")
    parser.add_argument("--tmp", type=pathlib.Path, help="where to put files")
    parser.add_argument("--only", default="", metavar="REGEX", help="which programs")
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time")
    parser.add_argument("--schedule", default=SCHEDULE, help="of every operation")
    parser.add_argument("--print", action="store_true", help="print modules, run nothing")
    arguments = parser.parse_args()

    only = re.compile(arguments.only)
    programs = [
        Scheduled(p, arguments.schedule)
        for p in cases.all_programs()
        if only.match(p.name)
    ]
    if not programs:
        sys.exit(f"error: no program's name matches '{arguments.only}'")
    if arguments.print:
        print(*(p.text() for p in programs), sep="// -----\n")
        return
    if arguments.tmp is None:
        parser.error("--tmp is needed to run programs")
    run_all(programs, arguments)


if __name__ == "__main__":
    main()
