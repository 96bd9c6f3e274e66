# ===- stop_early.py - kill a search in the midst of it --------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""stop_early.py LINES JOURNAL COMMAND…: runs the command, and kills it, by SIGKILL, once
the journal has so many lines. Fails if the command ends by itself before."""

import pathlib
import subprocess
import sys
import time

lines, journal, *command = sys.argv[1:]
journal = pathlib.Path(journal)
process = subprocess.Popen(command)
while process.poll() is None:
    if journal.exists() and journal.read_bytes().count(b"\n") >= int(lines):
        process.kill()
        process.wait()
        print(f"killed with {journal.read_bytes().count(b'{')} lines")
        sys.exit(0)
    time.sleep(0.002)
sys.exit(f"stop_early.py: it ended by itself, with {process.returncode}")
