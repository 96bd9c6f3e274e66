# ===- find_examples.py - Are documented examples tested? -------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Looks for the examples of a dialect's documentation in its tests.

Usage: find_examples.py OPS.json DIALECT ROOT DEFAULT

OPS.json is what 'llvm-tblgen --dump-json' says of the dialect. An operation's
example says which test it is from, `Example (test/….mlir):`; those of attributes and
types are from DEFAULT. A test has an example if the same text stands there, as input
or in CHECK lines, whatever values are called and however lines are broken; `…` in an
example stands for anything. Reports examples that are not there and operations
without one.
"""

import json
import pathlib
import re
import sys
import textwrap

EXAMPLE = re.compile(r"Example \(([^)]*)\):\s*```mlir\n(.*?)```", re.DOTALL)
BLOCK = re.compile(r"```mlir\n(.*?)```", re.DOTALL)


def normalize(text):
    """One line, without comments' marks, with all values called alike."""
    text = re.sub(r"^\s*//\s*(?:[A-Z_]+(?:-[A-Z0-9]+)*:)?", " ", text, flags=re.M)
    # %[[NAME:regex]], %[[NAME]] and %{{regex}} of FileCheck, then %name.
    text = re.sub(r"%\[\[\w+(?::.*?)?\]\]|%\{\{.*?\}\}", "%", text)
    text = re.sub(r"%\w+(?:#\d+)?", "%", text)
    return " ".join(text.split())


def is_in(example, test):
    parts = (re.escape(normalize(part)) for part in example.split("…"))
    return re.search(r".*?".join(part.replace(r"\ ", r"\s*") for part in parts), test)


def statements_of(example):
    """What begins at the left margin, with the lines that go on with it."""
    return re.findall(r"\S.*(?:\n[ }].*)*", textwrap.dedent(example))


def examples_of(records, dialect):
    """Each example, with what it is of and the test that it is from, or None."""
    for name in records["!instanceof"]["Op"]:
        op = records[name]
        if records[op["opDialect"]["def"]]["name"] != dialect:
            continue
        found = EXAMPLE.findall(op["description"])
        if not found and "Terminator" not in str(op["traits"]):
            sys.exit(f"error: no example of {dialect}.{op['opName']}")
        for path, example in found:
            yield op["opName"], path, example
    for kind in ("AttrDef", "TypeDef"):
        for name in records["!instanceof"].get(kind, []):
            record = records[name]
            if records[record["dialect"]["def"]]["name"] == dialect:
                for example in BLOCK.findall(record["description"]):
                    yield name, None, example


def main():
    records = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    dialect, root, default = sys.argv[2], pathlib.Path(sys.argv[3]), sys.argv[4]
    tests, count, absent = {}, 0, []
    for of, path, example in examples_of(records, dialect):
        path = path or default
        if path not in tests:
            tests[path] = normalize((root / path).read_text(encoding="utf-8"))
        for statement in statements_of(example):
            count += 1
            if not is_in(statement, tests[path]):
                absent.append(f"error: {of}: not in {path}:\n{statement}")
    if absent:
        sys.exit("\n".join(absent))
    print(f"found {count} statements")


if __name__ == "__main__":
    main()
