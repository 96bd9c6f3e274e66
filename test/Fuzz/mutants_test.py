# ===- mutants_test.py - does the fuzzer notice ------------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""That crashes, hangs, silence and wrong numbers are findings, and errors are not."""

import pathlib
import random
import sys
import tempfile
import unittest

import mutants
import programs
import run_cases
import values


def tool(directory, name, body):
    path = directory / name
    path.write_text(f"#!{sys.executable}\nimport os, sys, time\n{body}\n")
    path.chmod(0o755)


class Notices(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)

    def failure(self, body, timeout=20):
        tool(self.directory, "tool", body)
        return mutants.failure_of([str(self.directory / "tool")], "module", timeout)

    def test_failures(self):
        self.assertIsNone(self.failure("pass"))
        self.assertIsNone(self.failure("sys.exit('x.mlir:1:1: error: no')"))
        self.assertIn("without", self.failure("sys.exit(1)"))
        self.assertIn("crashes", self.failure("os.abort()"))
        fatal = "sys.exit('LLVM ERROR: what')"
        self.assertIn("LLVM ERROR: what", self.failure(fatal))
        self.assertIn("more than 1 s", self.failure("while True: pass", timeout=1))
        self.assertIn("within 5 s", self.failure("time.sleep(60)", timeout=1))

    def test_corpus(self):
        """What ends LLVM by itself, in the test of that, is not mutated."""
        tests = mutants.corpus()
        self.assertTrue(all(modules for _, modules in tests))
        self.assertNotIn("llvm.call_intrinsic", str(tests))

    def test_batch(self):
        """A mutant that crashes the tool is found and kept."""
        body = """
if "dsa.index_scores" in sys.stdin.read() and "-canonicalize" not in sys.argv:
    os.abort()"""
        tool(self.directory, "dsa-opt", body)
        batches = (
            mutants.batch(1, number, self.directory, self.directory)
            for number in range(50)
        )
        findings = next(filter(None, batches), [])
        self.assertTrue(findings)
        kept = pathlib.Path(findings[0].split()[1].rstrip(":"))
        self.assertIn("dsa.index_scores", kept.read_text())

    def test_numbers(self):
        """A tool that writes nothing computes wrong numbers."""
        tool(self.directory, "dsa-run", "pass")
        findings = values.attempt(1, 0, self.directory, self.directory)
        self.assertIn("program 0 of seed 1", findings[0])


class Repeats(unittest.TestCase):
    def test_mutants(self):
        tests = mutants.corpus()
        self.assertGreater(len(tests), 50)
        text = tests[10][1][0]
        one, other = (
            [mutants.mutate(random.Random(i), text, [text]) for i in range(50)]
            for _ in range(2)
        )
        self.assertEqual(one, other)
        self.assertGreater(len(set(one)), 25)

    def test_programs(self):
        for number in range(40):
            program, options, schedule = programs.draw(3, number)
            again, *same = programs.draw(3, number)
            self.assertEqual((program.text(), options, schedule), (again.text(), *same))
            if schedule:
                self.assertIn(schedule, run_cases.Scheduled(program, schedule).text())


if __name__ == "__main__":
    unittest.main()
