#!/usr/bin/env python3
# ===- count_tests.py - Count the tests that CTest ran ---------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===----------------------------------------------------------------------===#
"""Prints 'N passed, N failed', counting single tests rather than suites.

CTest's own report, ctest.xml, has one entry per suite. A suite that wrote a
report of its own, named after its entry, counts with the tests listed there; any
other entry counts as one test.
"""

import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path


def outcome(case):
    """'passed', 'failed' or 'skipped' for one JUnit test case."""
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    if case.get("status") in ("disabled", "notrun"):
        return "skipped"
    return "passed" if case.find("skipped") is None else "skipped"


def read_cases(path):
    return list(ElementTree.parse(path).iter("testcase"))


def count(results):
    total = Counter()
    for entry in read_cases(results / "ctest.xml"):
        suite = outcome(entry)
        report = results / (re.sub(r"[^\w.-]", "-", entry.get("name")) + ".xml")
        if not report.exists():
            total[suite] += 1
            continue
        tests = Counter(outcome(case) for case in read_cases(report))
        if suite == "failed" and not tests["failed"]:
            # It broke outside its tests: crashed, timed out or found none.
            tests["failed"] = 1
        total += tests
    return total


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: count_tests.py RESULTS_DIR")
    results = Path(sys.argv[1])
    try:
        total = count(results)
    except (OSError, ElementTree.ParseError) as error:
        print(f"count_tests.py: error: expected reports in {results}: {error}",
              file=sys.stderr)
        total = Counter(failed=1)
    line = f"{total['passed']} passed, {total['failed']} failed"
    if total["skipped"]:
        line += f", {total['skipped']} skipped"
    print(line)
    return 0 if total["passed"] and not total["failed"] else 1


if __name__ == "__main__":
    sys.exit(main())
