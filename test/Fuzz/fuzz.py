# ===- fuzz.py - random programs and mutated text ---------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Looks for wrong numbers, crashes and hangs, with random programs and mutated text.

Stops after --minutes, or after --programs and --batches. A line for each finding,
which says how to see it again; then a line of counts. Fails if there are findings.
"""

import argparse
import concurrent.futures
import itertools
import pathlib
import sys
import threading
import time

import kernels
import mutants
import values

# Programs that are run for each that is compiled for a GPU.
RUNS = 4


def work(arguments):
    """Numbered jobs, of all kinds in turn."""
    both = itertools.zip_longest(
        range(arguments.programs), range(arguments.batches), fillvalue=None
    )
    for program, batch in both:
        if program is not None:
            yield values.attempt, program
            if program % RUNS == 0:
                yield kernels.attempt, program // RUNS
        if batch is not None:
            yield mutants.batch, batch


def main():
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, help="when to begin nothing more")
    parser.add_argument("--programs", type=int, help="random programs to run")
    parser.add_argument("--batches", type=int, help="batches of mutants to try")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--tools", type=pathlib.Path, required=True, help="a folder")
    parser.add_argument("--tmp", type=pathlib.Path, required=True, help="for findings")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    limits = arguments.minutes, arguments.programs, arguments.batches
    if all(limit is None for limit in limits):
        parser.error("expected --minutes, --programs or --batches")
    # Without a limit of numbers there is one of time.
    unlimited = sys.maxsize if arguments.minutes is not None else 0
    for name in ("programs", "batches"):
        if getattr(arguments, name) is None:
            setattr(arguments, name, unlimited)
    arguments.tmp.mkdir(parents=True, exist_ok=True)

    jobs, lock = work(arguments), threading.Lock()
    counts = {values.attempt: 0, kernels.attempt: 0, mutants.batch: 0}
    found = 0
    end = time.monotonic() + 60 * (arguments.minutes or float("inf"))

    def run():
        nonlocal found
        while time.monotonic() < end:
            with lock:
                kind, number = next(jobs, (None, None))
            if kind is None:
                return
            findings = kind(arguments.seed, number, arguments.tools, arguments.tmp)
            with lock:
                counts[kind] += 1
                found += len(findings)
                for finding in findings:
                    print(finding, flush=True)

    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for done in [pool.submit(run) for _ in range(arguments.jobs)]:
            done.result()
    print(
        f"{counts[values.attempt]} programs run, {counts[kernels.attempt]} compiled, "
        f"{counts[mutants.batch] * mutants.BATCH} mutants, {found} findings, "
        f"seed {arguments.seed}"
    )
    sys.exit(found > 0)


if __name__ == "__main__":
    main()
