# ===- works_or_tells.py - modules that work, or are told why not -----------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Compiles modules for a chip. Each must either work, which is to say that its record
is valid, fits the code and assembles (where there is an assembler), or be refused by
one error and leave no file. Prints which it was; fails on anything else.

Usage: works_or_tells.py DIRECTORY CHIP MODULE.mlir ...
"""

import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve()
CHECK = HERE.parents[3] / "Target" / "Inputs" / "check_record.py"
# What a process ends with that did not crash.
STATUSES = (0, 1)


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, errors="replace")


def outcome(module, directory, chip):
    """Whether all is as it should be, and what to print."""
    ptx, record = (directory / f"{module.stem}.{end}" for end in ("ptx", "json"))
    done = run("dsa-compile", module, "--target", chip, "-o", ptx, "--launch", record)
    errors = re.findall(r"error: (.*)", done.stderr)
    if done.returncode not in STATUSES or "crashed" in done.stderr:
        return False, f"crashes: {done.stderr.strip()[:200]}"
    if done.returncode:
        left = [path.name for path in (ptx, record) if path.exists()]
        if left or len(errors) != 1:
            return False, f"refused with errors {errors}, files {left}"
        return True, f"told: {errors[0]}"
    if done.stderr or done.stdout:
        return False, f"works, but says {done.stderr or done.stdout}"
    steps = [(sys.executable, CHECK, record, "--ptx", ptx)]
    if shutil.which("ptxas"):
        steps.append(("ptxas", f"-arch={chip}", ptx, "-o", "/dev/null"))
    for step in steps:
        checked = run(*step)
        if checked.returncode:
            return False, f"{step[0]}: {checked.stderr.strip()}"
    return True, "works"


def main():
    directory, chip, *modules = sys.argv[1:]
    good = True
    for module in map(pathlib.Path, modules):
        fine, text = outcome(module, pathlib.Path(directory), chip)
        print(f"{'' if fine else 'WRONG '}{module.stem}: {text}")
        good = good and fine
    sys.exit(not good)


if __name__ == "__main__":
    main()
