# ===- kernels.py - do random programs compile for GPUs ---------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Compiles random programs for GPUs, and assembles them where there is ptxas."""

import shutil

import programs
import timeouts

CHIPS = ("sm_80", "sm_90a")
TIMEOUT_S = 120


def _failure_of(command):
    try:
        done = timeouts.run(command, TIMEOUT_S)
    except timeouts.Hang as hang:
        return f"{command[0]} {hang}"
    if done.returncode == 0:
        return None
    lines = (done.stderr or done.stdout).strip().splitlines() or ["nothing on stderr"]
    said = [line for line in lines if "error" in line.lower()] or lines
    return f"{command[0]} exits with {done.returncode}: {said[0]}"


def attempt(seed, number, tools, directory):
    """How a random program does not compile, in a list that is empty if it does."""
    program, _, _ = programs.draw(seed, number)
    chip = CHIPS[number % len(CHIPS)]
    place = directory / f"kernels-{seed}-{number}"
    source, ptx = place.with_suffix(".mlir"), place.with_suffix(".ptx")
    record = place.with_suffix(".json")
    source.write_text(program.text())
    command = [str(tools / "dsa-compile"), str(source), "--target", chip]
    failure = _failure_of([*command, "-o", str(ptx), "--launch", str(record)])
    ptxas = shutil.which("ptxas")
    if not failure and ptxas and ".entry" in ptx.read_text():
        command = [ptxas, f"-arch={chip}", str(ptx), "-o", "/dev/null"]
        failure = _failure_of(command)
    if failure:
        return [f"FAIL {source} for {chip}: {failure}"]
    for path in (source, ptx, record):
        path.unlink()
    return []
