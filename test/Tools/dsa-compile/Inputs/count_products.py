# ===- count_products.py - what kernels have of matrix units ---------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Prints how many wgmma instructions of each shape each kernel of a file of PTX has."""

import collections
import pathlib
import re
import sys

for text in pathlib.Path(sys.argv[1]).read_text().split(".entry ")[1:]:
    shapes = re.findall(r"wgmma\.mma_async\.sync\.aligned\.(\w+)", text)
    counts = sorted(collections.Counter(shapes).items())
    found = ", ".join(f"{count} {shape}" for shape, count in counts)
    name = re.match(r"\w+", text)[0]
    print(f"{name}: {found or 'none'}")
