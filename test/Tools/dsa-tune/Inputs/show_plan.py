# ===- show_plan.py - a plan in short, checked -----------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Prints the cases and candidates of a plan, once it has been checked against
docs/tuning-plan.schema.json."""

import json
import pathlib
import sys

import jsonschema

SCHEMA = pathlib.Path(__file__).parents[4] / "docs" / "tuning-plan.schema.json"

directory = pathlib.Path(sys.argv[1])
plan = json.loads((directory / "plan.json").read_text())
jsonschema.validate(plan, json.loads(SCHEMA.read_text()))
for case in plan["cases"]:
    print(f"case {case['name']}")
    for argument in case["arguments"]:
        shape = "x".join(map(str, argument["shape"]))
        values = " ".join(str(value) for value in argument["values"].values())
        print(f"  {argument['name']} [{shape}] {values}")
    for result in case["results"]:
        print(f"  {result['name']} within {result['tolerance']}")
    few = {result["name"] for result in case.get("check", {}).get("results", [])}
    print(f"  checked with few rows: {' '.join(sorted(few))}")
    predicted = [c["predicted"] for c in case["candidates"] if "predicted" in c]
    for candidate in case["candidates"]:
        mark = "default " if candidate["default"] else ""
        print(f"  {mark}{candidate['schedule']}")
    print(f"  {len(case['candidates'])} candidates, {len(predicted)} predicted")
