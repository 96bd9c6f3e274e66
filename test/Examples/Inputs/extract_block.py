# ===- extract_block.py - Print a page's first MLIR block ------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===----------------------------------------------------------------------===#
"""Prints the first ```mlir block of a Markdown file."""

import re
import sys

with open(sys.argv[1], encoding="utf-8") as page:
    block = re.search(r"^```mlir\n(.*?)^```", page.read(), re.DOTALL | re.MULTILINE)
if not block:
    sys.exit(f"expected a block of MLIR in {sys.argv[1]}, found none")
print(block[1], end="")
