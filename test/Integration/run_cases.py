# ===- run_cases.py - run test programs with dsa-run -----------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Runs generated programs with dsa-run and checks their results.

Names are `<operation>/<what>`; --only picks those that a regular expression matches
at the start. A line for each failure, then a line of counts; fails if any failed.

A schedule on an operation decides how it is decomposed, whatever the target is: with
--schedule what a GPU does is checked without one; with --tiles, its kernels on tiles.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import sys

import cases
import numpy as np
import timeouts
from program import ELEMENTS

TIMEOUT_S = 300

# Has glibc fill what it allocates with 0x7f: a huge number in every element type, so
# that what is never written shows.
POISON = {"MALLOC_PERTURB_": "128"}


def read(path, element, shape):
    """The array, and the reason if it is not one of `element` and `shape`."""
    array = np.load(path, allow_pickle=False)
    dtype = ELEMENTS[element]
    # NumPy knows the small floats only as so many bytes.
    plain = np.dtype(f"V{dtype.itemsize}") if dtype.kind == "V" else dtype
    if array.dtype != plain:
        return None, f"has dtype {array.dtype.str}, expected {plain.str} for {element}"
    if array.shape != shape:
        return None, f"has shape {array.shape}, expected {shape}"
    array = array.view(dtype)
    if dtype.kind in "fV" and np.isnan(array).any():
        return None, "holds NaN"
    return array, None


def results_of(program, directory):
    """The results by name, and the reason if they are not what they should be."""
    results = {}
    written = {path.name for path in directory.iterdir()}
    expected = {f"{name}.npy" for name in program.results}
    if written != expected:
        return None, f"wrote {sorted(written)}, expected {sorted(expected)}"
    for name, (element, shape) in program.results.items():
        results[name], reason = read(directory / f"{name}.npy", element, shape)
        if reason:
            return None, f"{name} {reason}"
    return results, None


# An operation's name.
OPERATION = rf"\bdsa\.(?:{'|'.join(cases.OPERATIONS)})\b"


class Scheduled:
    """A program whose operations carry one schedule; else as the program is."""

    def __init__(self, program, schedule):
        self._program = program
        self._clause = f" schedule({schedule})"

    def __getattr__(self, name):
        return getattr(self._program, name)

    def text(self):
        text = re.sub(r" schedule\(.*?\)", "", self._program.text())
        text, count = re.subn(
            rf"({OPERATION}.*?)( outs\()", rf"\1{self._clause}\2", text
        )
        # No operation may be left with the default schedule.
        assert count == len(re.findall(OPERATION, text)) > 0, self.name
        return text


def run(program, dsa_run, directory):
    """Why the program fails, or None; `dsa_run` is the tool and its options."""
    # All of those so named have kernels on tiles, no others; tiles-served.test sees to
    # that.
    on_tiles = "--tiles" in dsa_run and "/tiles-" in program.name
    shutil.rmtree(directory, ignore_errors=True)
    output = directory / "out"
    output.mkdir(parents=True)
    module = directory / "module.mlir"
    module.write_text(program.text())
    command = [*dsa_run, str(module), "--target", "cpu", "--output", str(output)]
    for name, array in program.inputs.items():
        path = directory / f"{name}.npy"
        np.save(path, array)
        command += ["--input", f"{name}={path}"]

    try:
        done = timeouts.run(
            command, TIMEOUT_S, errors="replace", env=os.environ | POISON
        )
    except timeouts.Hang as hang:
        return f"dsa-run {hang}"
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["nothing on stderr"]
        errors = [line for line in lines if "error" in line.lower()] or lines
        return f"dsa-run exits with {done.returncode}: {errors[0]}"
    results, reason = results_of(program, output)
    if reason:
        return reason
    checks = program.checks_on_tiles if on_tiles else program.checks
    reasons = (check(results) for check in checks)
    return next((reason for reason in reasons if reason), None)


def attempt(program, dsa_run, tmp):
    """A line that says how the program fails, or None."""
    directory = tmp / program.name.replace("/", ".")
    try:
        reason = run(program, dsa_run, directory)
    except (OSError, ValueError) as e:
        reason = f"{type(e).__name__}: {e}"
    if reason:
        return f"FAIL {program.name}: {reason} (see {directory})"
    shutil.rmtree(directory)
    return None


def run_all(programs, arguments):
    """Attempts the programs, prints what failed and the counts, and exits."""
    failed = 0
    dsa_run = [arguments.dsa_run]
    if arguments.tiles:
        dsa_run += ["--tiles", arguments.tiles]
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        outcomes = pool.map(lambda p: attempt(p, dsa_run, arguments.tmp), programs)
        for failure in outcomes:
            if failure:
                print(failure, flush=True)
                failed += 1
    print(f"{len(programs) - failed} passed, {failed} failed")
    sys.exit(failed > 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dsa-run", default="dsa-run", help="the tool to run")
    parser.add_argument("--tmp", type=pathlib.Path, help="where to put files")
    parser.add_argument("--only", default="", metavar="REGEX", help="which programs")
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time")
    parser.add_argument("--schedule", metavar="ATTRIBUTE", help="of every operation")
    parser.add_argument("--tiles", metavar="CHIP", help="run its kernels on tiles")
    parser.add_argument("--list", action="store_true", help="list names, run nothing")
    parser.add_argument("--print", action="store_true", help="print modules only")
    arguments = parser.parse_args()

    only = re.compile(arguments.only)
    chosen = [p for p in cases.all_programs() if only.match(p.name)]
    if not chosen:
        sys.exit(f"error: no program's name matches '{arguments.only}'")
    if arguments.list:
        print(*(p.name for p in chosen), sep="\n")
        return
    if arguments.schedule:
        chosen = [Scheduled(p, arguments.schedule) for p in chosen]
    if arguments.print:
        print(*(p.text() for p in chosen), sep="// -----\n")
        return
    if arguments.tmp is None:
        parser.error("--tmp is needed to run programs")
    run_all(chosen, arguments)


if __name__ == "__main__":
    main()
