# ===- timeouts.py - commands that may hang --------------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Runs commands that are given so many seconds of a processor.

A busy machine gives few of those in a minute: what takes long there is no hang.
"""

import signal
import subprocess

# What waits for nothing ends, too, in so many times the seconds.
LONGEST_WAIT = 5


class Hang(Exception):
    """How a command does not end."""


def run(command, seconds, **options):
    """The completed process, with its output as text; options of subprocess.run."""
    limited = ["/bin/sh", "-c", f'ulimit -S -t {seconds}; exec "$@"', "sh", *command]
    longest = seconds * LONGEST_WAIT
    try:
        done = subprocess.run(
            limited, capture_output=True, text=True, timeout=longest, **options
        )
    except subprocess.TimeoutExpired:
        raise Hang(f"does not end within {longest} s") from None
    if done.returncode == -signal.SIGXCPU:
        raise Hang(f"takes more than {seconds} s")
    return done
