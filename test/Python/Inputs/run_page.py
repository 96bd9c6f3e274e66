# ===- run_page.py - Run a page's Python -----------------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===----------------------------------------------------------------------===#
"""Runs the `python` blocks of a Markdown file as one program."""

import pathlib
import re
import sys

text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
blocks = re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
exec(compile("\n".join(blocks), sys.argv[1], "exec"))
print(f"{len(blocks)} blocks of Python")
