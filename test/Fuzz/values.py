# ===- values.py - do random programs compute what they should --------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Runs random programs on the CPU, and compares with the oracle."""

import programs
import run_cases


def attempt(seed, number, tools, directory):
    """How a random program fails, in a list that is empty if it does not."""
    program, options, schedule = programs.draw(seed, number)
    if schedule:
        program = run_cases.Scheduled(program, schedule)
    command = [str(tools / "dsa-run"), *options]
    failure = run_cases.attempt(program, command, directory)
    if not failure:
        return []
    how = " ".join(["program", str(number), "of seed", str(seed), *options])
    return [f"{failure} ({how})"]
