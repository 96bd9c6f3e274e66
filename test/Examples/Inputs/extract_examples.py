# ===- extract_examples.py - Make modules of the documented examples -------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===----------------------------------------------------------------------===#
"""Prints every ```mlir example of a dialect's documentation as a module.

Reads what 'llvm-tblgen --dump-json' says of the dialect. Values that an example
uses but does not define become arguments of a function around it, with the types
that the example states; what its last operation defines is returned. Fails if an
operation has no example.
"""

import json
import re
import sys

VALUE = r"%\w+"
# A clause that states its operands' types: ins(%q, %k : type, type).
TYPED = re.compile(rf"\(({VALUE}(?:, {VALUE})*) : ([^()]*)\)")
# Operands without types, as in tensor.empty(%n), are sizes.
UNTYPED = re.compile(rf"\(({VALUE}(?:, {VALUE})*)\)")
DEFINED = re.compile(rf"^( *{VALUE}(?:, {VALUE})*) =", re.MULTILINE)


def split_types(text):
    """Splits at the commas that are not inside a type's brackets."""
    return [t.strip() for t in re.split(r",(?![^<]*>)", " ".join(text.split()))]


def split_values(text):
    return re.findall(VALUE, text)


def wrap_operations(example, name):
    """The operations of one example, inside a function."""
    types = {}
    for values, stated in TYPED.findall(example):
        types.update(zip(split_values(values), split_types(stated)))
    for values in UNTYPED.findall(example):
        types.update((value, "index") for value in split_values(values))

    definitions = DEFINED.findall(example)
    defined = {value for line in definitions for value in split_values(line)}
    free = dict.fromkeys(
        value for value in split_values(example) if value not in defined)
    missing = [value for value in free if value not in types]
    if missing:
        sys.exit(f"example of {name}: no type stated for {', '.join(missing)}")
    arguments = ", ".join(f"{value}: {types[value]}" for value in free)

    # The operation that starts at the left margin comes last.
    last = [line for line in definitions if not line.startswith(" ")][-1]
    results = ", ".join(split_types(example.rsplit("->", 1)[1]))
    body = "".join(f"  {line}\n" for line in example.splitlines())
    return (f"func.func @example({arguments}) -> ({results}) {{\n{body}"
            f"  return {last.strip()} : {results}\n}}\n")


def wrap_attribute(example):
    return f"func.func private @example() attributes {{example = {example}}}\n"


def examples_of(description):
    for block in re.findall(r"```mlir\n(.*?)```", description, re.DOTALL):
        lines = block.rstrip().splitlines()
        indent = min(len(line) - len(line.lstrip()) for line in lines if line)
        yield "\n".join(line[indent:] for line in lines)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        records = json.load(file)
    modules, shown = [], set()
    mnemonics = {}
    for name in records["!instanceof"]["Op"]:
        record = records[name]
        dialect = records[record["opDialect"]["def"]]["name"]
        mnemonics[f"{dialect}.{record['opName']}"] = record["description"]
    for mnemonic, description in mnemonics.items():
        for example in examples_of(description):
            modules.append(wrap_operations(example, mnemonic))
            shown.update(re.findall(r"\bdsa\w*\.\w+", example))
    for name in records["!instanceof"].get("AttrDef", []):
        for example in examples_of(records[name]["description"]):
            modules.append(wrap_attribute(example))
    absent = sorted(set(mnemonics) - shown)
    if absent:
        sys.exit(f"no example of {', '.join(absent)}")
    print("\n// -----\n\n".join(modules), end="")


if __name__ == "__main__":
    main()
