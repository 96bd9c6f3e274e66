# ===- cases.py - every test program ---------------------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Every test program, by operation."""

import importlib

OPERATIONS = (
    "index_scores",
    "linear_part",
    "topk",
    "select",
    "sparse_attention",
    "attention",
    "merge",
)


def all_programs():
    for operation in OPERATIONS:
        yield from importlib.import_module(f"cases_{operation}").cases()
