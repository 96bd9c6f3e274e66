# ===- assemble.py - what the assembler makes of modules -------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Compiles modules for a chip, assembles the PTX, and prints for each kernel how many
registers it takes and, if any, how many bytes it spills and keeps on a stack, how many
registers are more than its threads have, and what the assembler warns of.

Usage: assemble.py DIRECTORY CHIP MODULE.mlir ...
"""

import pathlib
import re
import subprocess
import sys

# Of a processor, given out in eights.
REGISTERS = 65536


def get_limit(ptx, kernel):
    """Registers that each thread of a kernel can have."""
    text = re.search(rf"\.entry {kernel}\(.*?\n\{{", ptx, re.DOTALL)[0]
    threads = re.search(r"\.maxntid (\d+)", text)
    return min(255, REGISTERS // int(threads[1]) // 8 * 8) if threads else 255


def describe(report, ptx):
    kernel = re.search(r"'(\w+)'", report)[1]
    stack, stores, loads = re.search(
        r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+)", report
    ).groups()
    registers = int(re.search(r"Used (\d+) registers", report)[1])
    line = f"{kernel}: {registers} registers"
    if (stores, loads) != ("0", "0"):
        line += f", spills {stores} bytes, reads {loads}"
    if stack != "0":
        line += f", stack of {stack} bytes"
    if registers > get_limit(ptx, kernel):
        line += f", more than {get_limit(ptx, kernel)}"
    return line


def main():
    directory, chip, *modules = sys.argv[1:]
    for module in modules:
        ptx = pathlib.Path(directory, f"{pathlib.Path(module).stem}.{chip}.ptx")
        subprocess.run(["dsa-compile", module, "--target", chip, "-o", ptx], check=True)
        assembler = ["ptxas", "-v", f"-arch={chip}", ptx, "-o", "/dev/null"]
        done = subprocess.run(assembler, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{ptx.name}: {done.stderr.strip()}")
        for report in done.stderr.split("Compiling entry function")[1:]:
            print(describe(report, ptx.read_text()))
        # C75xx: matrix products that wait for one another.
        for line in done.stderr.splitlines():
            if re.search(r"warning|\(C\d+\)", line):
                print(f"{ptx.name}: warns: {line}")


if __name__ == "__main__":
    main()
