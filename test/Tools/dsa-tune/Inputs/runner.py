#!/usr/bin/env python3
# ===- runner.py - a machine that measures, played -------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Measures what docs/Tuning.md describes, without a GPU: the time of a candidate is
drawn from its schedule, but for what the file `script.json` beside the plan says: the
times or failures of candidates by case, in the plan's order, or `stop`, after how many
findings it ends with an error.

Checks that every file is there which the plan names.
"""

import hashlib
import json
import pathlib
import sys

_, option, directory = sys.argv
assert option == "--measure", option
directory = pathlib.Path(directory)
plan = json.loads((directory / "plan.json").read_text())
script = directory.parent / "script.json"
script = json.loads(script.read_text()) if script.exists() else {}
journal = directory / "journal.jsonl"
lines = [json.loads(line) for line in journal.read_text().splitlines()]
assert lines[0] == {"journal": plan["key"]}, lines[0]
known = {(line["measured"], line["candidate"]) for line in lines if "measured" in line}


def draw(schedule):
    digest = hashlib.sha256(schedule.encode()).digest()
    return 100 + int.from_bytes(digest[:2], "big") / 100


def check_files(case):
    programs = [case["reference"], *case["candidates"]]
    names = [program[kind] for program in programs for kind in ("kernels", "launch")]
    for result in case.get("check", {}).get("results", []):
        names += [result[kind] for kind in ("expected", "slack") if kind in result]
    for name in names:
        assert (directory / name).stat().st_size, name


found = 0
with journal.open("a") as file:
    for case in plan["cases"]:
        check_files(case)
        told = script.get(case["name"], [])
        for place, candidate in enumerate(case["candidates"]):
            if (case["name"], candidate["number"]) in known:
                continue
            if found == script.get("stop"):
                sys.exit("runner.py: stopped")
            found += 1
            line = {"measured": case["name"], "candidate": candidate["number"]}
            what = told[place] if place < len(told) else draw(candidate["schedule"])
            if isinstance(what, str):
                line["failure"] = what
            else:
                line["microseconds"] = [what]
            file.write(json.dumps(line) + "\n")
            file.flush()
print(f"runner: {found} measured")
