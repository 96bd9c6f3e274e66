# ===- assemble.py - what the assembler makes of modules -------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Compiles modules for a chip, assembles the PTX, and prints for each kernel how many
registers it takes and how many bytes it spills, if any.

Usage: assemble.py DIRECTORY CHIP MODULE.mlir ...
"""

import pathlib
import re
import subprocess
import sys

directory, chip, *modules = sys.argv[1:]
for module in modules:
    ptx = pathlib.Path(directory, f"{pathlib.Path(module).stem}.{chip}.ptx")
    subprocess.run(["dsa-compile", module, "--target", chip, "-o", ptx], check=True)
    assembler = ["ptxas", "-v", f"-arch={chip}", ptx, "-o", "/dev/null"]
    done = subprocess.run(assembler, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{ptx.name}: {done.stderr.strip()}")
    for report in done.stderr.split("Compiling entry function")[1:]:
        kernel = re.search(r"'(\w+)'", report)[1]
        stores, loads = re.search(r"(\d+) bytes spill stores, (\d+)", report).groups()
        registers = re.search(r"Used (\d+) registers", report)[1]
        line = f"{kernel}: {registers} registers"
        if (stores, loads) != ("0", "0"):
            line += f", spills {stores} bytes, reads {loads}"
        print(line)
