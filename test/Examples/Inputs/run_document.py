# ===- run_document.py - Do what a page says -------------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===----------------------------------------------------------------------===#
"""Runs the commands of a Markdown page in a folder, in order.

Usage: run_document.py PAGE FOLDER [NAME=VALUE...]

* A block after a line with "Save this as `name`" becomes that file.
* A block of `sh` is run; it must succeed, or fail if the line before says "fails".
* A block of `text` after it is what it prints: these lines among others, in order, where
  `…` stands for anything.

Blocks of other languages, or of none, are not looked at. Values replace `$NAME`.
"""

import os
import pathlib
import re
import subprocess
import sys

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def fail(block, why):
    sys.exit(f"{why}, in the block\n{block}")


def run(block, folder, environment, fails):
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", block],
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    print(done.stdout, end="")
    if fails != (done.returncode != 0):
        fail(
            block,
            f"expected {'failure' if fails else 'success'}, found {done.returncode}",
        )
    return done.stdout


def compare(block, printed):
    lines = iter(printed.splitlines())
    for expected in block.splitlines():
        pattern = ".*".join(re.escape(part) for part in expected.strip().split("…"))
        if not any(re.fullmatch(pattern, line.strip()) for line in lines):
            fail(block, f"expected a line {expected!r}, found none in\n{printed}")


def main(page, folder, values):
    folder = pathlib.Path(folder)
    tools = folder / "tools"
    tools.mkdir(parents=True)
    # The Python that the page calls is this one.
    python = tools / "python3"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    environment = os.environ | values
    environment["PATH"] = f"{tools.resolve()}:{os.environ['PATH']}"
    text, printed, done = pathlib.Path(page).read_text(encoding="utf-8"), None, 0
    for found in BLOCK.finditer(text):
        language, block = found.groups()
        before = text[: found.start()].rstrip("\n").split("\n")[-1]
        if name := re.search(r"Save this as `([^`]+)`", before):
            path = folder / name[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block)
        elif language == "sh":
            printed, done = run(block, folder, environment, "fails" in before), done + 1
        elif language == "text" and printed is not None:
            compare(block, printed)
    if not done:
        sys.exit(f"expected commands in {page}, found none")
    print(f"{done} blocks of commands")


main(sys.argv[1], sys.argv[2], dict(value.split("=", 1) for value in sys.argv[3:]))
