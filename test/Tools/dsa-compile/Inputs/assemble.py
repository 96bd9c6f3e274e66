# ===- assemble.py - what the assembler makes of modules -------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Compiles modules for a chip, assembles the PTX, and prints for each kernel how many
registers it takes and what is wrong with it, if anything: values that are spilled or on
a stack, more registers than its threads have, registers that warps would wait for in
vain, and what the assembler warns of. `all clean` comes last if nothing is wrong.

Usage: assemble.py [--only REGEX] DIRECTORY CHIP MODULE.mlir ...

With --only, kernels whose names do not match are left out.
"""

import argparse
import pathlib
import re
import subprocess

# Of a processor, given out in eights.
REGISTERS = 65536
WARPGROUP = 128


def get_flaws(report, registers, text, allowed):
    """What is wrong with one kernel, by the assembler's report and its PTX, beyond a
    stack of `allowed` bytes."""
    stack, stores, loads = re.search(
        r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+)", report
    ).groups()
    if int(stack) > allowed:
        yield f"stack of {stack} bytes, spills {stores} bytes, reads {loads}"
    found = re.search(r"\.maxntid (\d+)", text)
    threads = int(found[1]) if found else 1
    limit = min(255, REGISTERS // threads // 8 * 8)
    if registers > limit:
        yield f"more than the {limit} of its threads"
    # The last warpgroup leaves registers to the others, who wait for them.
    moved = dict(re.findall(r"setmaxnreg\.(inc|dec)\S*\s+(\d+)", text))
    if moved:
        wanted = int(moved["inc"]) * (threads - WARPGROUP)
        wanted += int(moved["dec"]) * WARPGROUP
        if wanted > registers * threads:
            yield f"wants {wanted} registers, has {registers * threads}"


def assemble(ptx, chip, only, allowed):
    """Prints about the kernels in a file of PTX; whether nothing is wrong."""
    command = ["ptxas", "-v", f"-arch={chip}", ptx, "-o", "/dev/null"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{ptx.name}: {done.stderr.strip()}")
    texts = {
        re.match(r"\w+", text)[0]: text
        for text in ptx.read_text().split(".entry ")[1:]
    }
    clean = True
    for report in done.stderr.split("Compiling entry function")[1:]:
        kernel = re.search(r"'(\w+)'", report)[1]
        if not re.search(only, kernel):
            continue
        registers = int(re.search(r"Used (\d+) registers", report)[1])
        flaws = list(get_flaws(report, registers, texts[kernel], allowed))
        clean &= not flaws
        print(", ".join([f"{kernel}: {registers} registers", *flaws]))
    # C75xx: matrix products that wait for one another.
    for line in done.stderr.splitlines():
        if re.search(r"warning|\(C\d+\)", line):
            clean = False
            print(f"{ptx.name}: warns: {line}")
    return clean


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="which kernels")
    parser.add_argument(
        "--stack", type=int, default=0, help="bytes of a kernel that may be spilled"
    )
    parser.add_argument("directory", type=pathlib.Path, help="where to put PTX")
    parser.add_argument("chip")
    parser.add_argument("modules", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    clean = []
    for module in arguments.modules:
        ptx = arguments.directory / f"{module.stem}.{arguments.chip}.ptx"
        target = ["--target", arguments.chip, "--no-tuned", "-o", ptx]
        subprocess.run(["dsa-compile", module, *target], check=True)
        allowed = arguments.stack
        clean.append(assemble(ptx, arguments.chip, arguments.only, allowed))
    if all(clean):
        print("all clean")


if __name__ == "__main__":
    main()
