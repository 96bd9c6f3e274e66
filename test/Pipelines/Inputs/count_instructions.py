# ===- count_instructions.py - what kernels are made of --------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Prints, for each kernel on tiles in a file of PTX, its threads and how often it has
the instructions that it is made of: what a compiler duplicates or drops shows here.

Usage: count_instructions.py FILE.ptx
"""

import pathlib
import re
import sys

# What to count, and how it is called.
COUNTED = {
    "products": r"wgmma\.mma_async\b",
    "groups": r"wgmma\.commit_group\b",
    "waits for products": r"wgmma\.wait_group\b",
    "copies": r"cp\.async\.bulk\.tensor\b",
    "barriers": r"mbarrier\.init\b",
    "waits": r"mbarrier\.try_wait\b",
    "turns": r"\bbar\.sync\s+%r",
}


def main():
    ptx = pathlib.Path(sys.argv[1]).read_text()
    for text in sorted(re.split(r"\.entry\s+", ptx)[1:]):
        name = re.match(r"\w+", text)[0]
        if "_tiles_" not in name:
            continue
        threads = re.search(r"\.maxntid\s+(\d+)", text)[1]
        facts = [f"{threads} threads"]
        facts += [f"{len(re.findall(p, text))} {what}" for what, p in COUNTED.items()]
        registers = re.findall(r"setmaxnreg\.(inc|dec)\S*\s+(\d+)", text)
        facts += [f"{kind} {number}" for kind, number in registers]
        print(f"{name}: {', '.join(facts)}")


if __name__ == "__main__":
    main()
