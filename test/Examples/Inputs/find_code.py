# ===- find_code.py - Find a page's code in a program ----------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===----------------------------------------------------------------------===#
"""Checks that code in a Markdown page stands in a program, whatever its white space.

Usage: find_code.py PAGE LANGUAGE PROGRAM
"""

import pathlib
import re
import sys

page, language, program = sys.argv[1:]


def normalize(text):
    return "".join(text.split())


contents = normalize(pathlib.Path(program).read_text(encoding="utf-8"))
text = pathlib.Path(page).read_text(encoding="utf-8")
blocks = re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
if not blocks:
    sys.exit(f"expected a block of {language} in {page}, found none")
for block in blocks:
    if normalize(block) not in contents:
        sys.exit(f"expected in {program}, but found it not:\n{block}")
print(f"found {len(blocks)} blocks")
