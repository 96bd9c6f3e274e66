#!/usr/bin/env python3
# ===- compare.py - tuned schedules against earlier defaults ---------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Tuned schedules against the defaults that were there before anything was tuned.

    compare.py --bundle FILE.tar.gz        here: each tuned work twice, for benchmarks/gpu
    compare.py results.csv... [--require]  what its run.py wrote with --csv, as a table

Both variants are compiled by this compiler: `before` with the schedules of
heuristics.mlir, `default` with the records that come with it. --require fails if the
geometric mean is below 1.05, or a work below 0.98.
"""

import argparse
import csv
import math
import pathlib
import re
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
GPU = HERE.parent / "gpu"
LEAST_MEAN, LEAST = 1.05, 0.98
# Other inputs of the same operation at the same sizes, what is several operations, and
# what is not tuned.
NOT_COMPARED = re.compile(r"layer-|decode-|.*-shared\d+|topk-k\d+-\d+x\d+-")


def tuned_works():
    sys.path.insert(0, str(GPU))
    from cases import WORKS

    return [name for name in WORKS if not NOT_COMPARED.match(name)]


def make_bundle(output, only, compiler):
    works = [name for name in tuned_works() if re.match(only, name)]
    if not works:
        sys.exit(f"compare.py: error: no work's name matches '{only}'")
    names = "|".join(map(re.escape, works))
    command = [sys.executable, GPU / "make_bundle.py", "--out", output]
    command += ["--only", f"({names})@"]
    command += ["--records", f"({names})=before:{HERE / 'heuristics.mlir'}"]
    if compiler:
        command += ["--compiler", compiler]
    return subprocess.run(command).returncode


def read_results(paths):
    """{work: {variant: row}}, of works of which both variants were timed in one run."""
    found = {}
    for path in paths:
        with path.open(newline="") as file:
            works = {}
            for row in csv.DictReader(file):
                works.setdefault(row["work"], {})[row["variant"]] = row
        for work, variants in works.items():
            if not {"before", "default"} <= variants.keys():
                continue
            wrong = [v for v in variants.values() if v["state"] != "timed"]
            if wrong:
                row = wrong[0]
                text = f"{work}@{row['variant']}: {row['state']}, {row['reason']}"
                sys.exit(f"compare.py: error: {text}")
            found[work] = variants
    if not found:
        sys.exit("compare.py: error: no work has the variants 'before' and 'default'")
    return found


def report(works):
    """The table, the geometric mean and the least of the speed-ups."""
    speed_ups = {}
    lines = ["| work | before, ms | tuned, ms | speed-up |", "|---|---|---|---|"]
    for work, variants in works.items():
        before, tuned = (float(variants[name]["ms"]) for name in ("before", "default"))
        speed_ups[work] = before / tuned
        lines.append(f"| {work} | {before:.4f} | {tuned:.4f} | {before / tuned:.3f} |")
    mean = math.exp(statistics.fmean(map(math.log, speed_ups.values())))
    slowest = min(speed_ups, key=speed_ups.get)
    least = speed_ups[slowest]
    lines += ["", f"Geometric mean of {len(works)} speed-ups: {mean:.3f}."]
    lines.append(f"The least: {least:.3f}, of {slowest}.")
    return "\n".join(lines), mean, least


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("results", nargs="*", type=pathlib.Path, metavar="results.csv")
    parser.add_argument("--bundle", type=pathlib.Path, metavar="FILE.tar.gz")
    parser.add_argument("--only", default="", metavar="REGEX", help="works of a bundle")
    parser.add_argument("--compiler", type=pathlib.Path, metavar="DSA-COMPILE")
    parser.add_argument("--require", action="store_true")
    arguments = parser.parse_args()
    if bool(arguments.results) == bool(arguments.bundle):
        sys.exit("compare.py: error: expected --bundle FILE.tar.gz or results.csv")
    if arguments.bundle:
        sys.exit(make_bundle(arguments.bundle, arguments.only, arguments.compiler))
    text, mean, least = report(read_results(arguments.results))
    print(text)
    if arguments.require and (mean < LEAST_MEAN or least < LEAST):
        sys.exit(
            f"compare.py: error: expected a mean of {LEAST_MEAN} and no less than "
            f"{LEAST} of any work, found {mean:.3f} and {least:.3f}"
        )


if __name__ == "__main__":
    main()
