#!/usr/bin/env python3
# ===- run.py - run a bundle of benchmarks ---------------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Checks and times the works of the bundle that this file is in, and prints a table.

Each work is measured in a process of its own. If that dies or takes too long, the
variant that it was at is reported as failed, and the others are measured again.
"""

import argparse
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

import report
from cases import WORKS

HERE = pathlib.Path(__file__).resolve().parent
FINAL = ("failed", "wrong", "timed")
# How long a process may take to vanish once it is killed.
LAST_SECONDS = 30


class Stuck(Exception):
    """A process that cannot be killed: the GPU is of no use until it is gone."""


def find_works(only):
    """{work: [folder of a variant, …]}, in the order of the table."""
    found = {}
    for work in WORKS.values():
        folders = sorted((HERE / "works").glob(f"{work.name}@*"))
        folders = [folder for folder in folders if only.match(folder.name)]
        if folders:
            found[work] = folders
    return found


def run_limited(command, limit, log):
    """Whether it succeeds, or None if it takes longer than `limit` seconds."""
    process = subprocess.Popen(
        command,
        stdout=log,
        stderr=log,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(limit) == 0
    except subprocess.TimeoutExpired:
        return None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            try:
                process.wait(LAST_SECONDS)
            except subprocess.TimeoutExpired:
                raise Stuck(f"process {process.pid} cannot be killed") from None


def last_words(lines):
    """What a process died of; torch goes on for some lines after its error."""
    said = [line.strip() for line in lines if line.strip()]
    errors = [line for line in said if "rror: " in line]
    return (errors or said or ["its process died without a word"])[-1]


def attempt(work, folders, arguments):
    """One process: the notes by variant, and the variant it died at and why."""
    with tempfile.TemporaryDirectory() as directory:
        notes_path = pathlib.Path(directory) / "notes"
        notes_path.touch()
        log_path = pathlib.Path(directory) / "log"
        command = [sys.executable, HERE / "measure.py", work.name, *folders]
        command += ["--notes", notes_path, "--rounds", str(arguments.rounds)]
        command += ["--seed", str(arguments.seed)]
        with log_path.open("wb") as log:
            success = run_limited(command, arguments.limit, log)
        lines = notes_path.read_text().splitlines()
        log_lines = log_path.read_text(errors="replace").splitlines()

    notes, last = {}, None
    for line in map(json.loads, lines):
        last = line.pop("variant")
        notes[last] = notes.get(last, {}) | line
    notes.pop(None, None)
    if success:
        return notes, None, None
    reason = last_words(log_lines)
    if success is None:
        reason = f"takes more than {arguments.limit} s"
    if last in notes and notes[last]["state"] in FINAL:
        last = None
    return notes, last, reason


def measure(work, folders, arguments):
    """{variant's folder: its final notes}."""
    final, remaining = {}, {folder.name: folder for folder in folders}
    while remaining:
        notes, culprit, reason = attempt(work, remaining.values(), arguments)
        final |= {name: n for name, n in notes.items() if n["state"] in FINAL}
        if reason:
            # If it was at none of the variants, another attempt is no better.
            blamed = [culprit] if culprit else remaining.keys() - final.keys()
            for name in blamed:
                said = {"state": "failed", "reason": reason}
                final[name] = notes.get(name, {}) | said
        remaining = {n: f for n, f in remaining.items() if n not in final}
    return final


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", metavar="REGEX", help="<work>@<variant>")
    parser.add_argument("--rounds", type=int, default=5, help="the median counts")
    parser.add_argument(
        "--csv", type=pathlib.Path, metavar="FILE", help="also write CSV"
    )
    parser.add_argument("--list", action="store_true", help="list names, run nothing")
    parser.add_argument("--seed", type=int, help="of inputs; otherwise by the time")
    parser.add_argument(
        "--limit", type=int, default=120, metavar="SECONDS", help="of a process"
    )
    arguments = parser.parse_args()
    works = find_works(re.compile(arguments.only))
    if not works:
        sys.exit(f"run.py: error: no variant's name matches '{arguments.only}'")
    if arguments.list:
        for folders in works.values():
            print(*(folder.name for folder in folders), sep="\n")
        return
    if arguments.rounds < 1:
        parser.error("expected --rounds of 1 or more")
    if arguments.seed is None:
        arguments.seed = int(time.time()) % 10**6

    common = report.machine() | {"seed": arguments.seed}
    rows, csv = [], report.CSV(arguments.csv, common)
    stuck = None
    try:
        for work, folders in works.items():
            final = measure(work, folders, arguments)
            for folder in folders:
                variant = folder.name.split("@", 1)[1]
                rows.append(report.row(work, variant, final[folder.name]))
                csv.add(rows[-1])
                print(report.line(rows[-1]), flush=True)
    except Stuck as error:
        stuck = error
    print("\n" + report.table(rows, common))
    if stuck:
        sys.exit(f"run.py: error: {stuck}")
    sys.exit(any(row["state"] != "timed" for row in rows))


if __name__ == "__main__":
    main()
