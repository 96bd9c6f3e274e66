# ===- check.py - are results right ----------------------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Compares results with the reference, by norms.

The error is ‖result − reference‖ / ‖reference‖, of all rows together and of the worst
row alone, over what is finite in the reference; what is not must be matched exactly.
A row is all but the last dimension.
"""

import math
from dataclasses import dataclass

import reference
import torch

# The largest errors, of all rows and of one, by the result. Products of fp8 are summed
# with few bits by Hopper's tensor cores, probabilities rounded to bf16.
# What is selected is a function of the scores.
TOLERANCE = {
    "scores": (1e-3, 2e-3),
    "out": (5e-3, 1e-2),
    "lse": (1e-4, 1e-3),
    "indices": (0, 0),
    "count": (0, 0),
}

_TINY = 1e-30


@dataclass
class Verdict:
    """`error` and `row_error` are the largest of all results; `reason` says what is
    wrong, None for nothing."""

    error: float = 0.0
    row_error: float = 0.0
    reason: str | None = None


class _Sums:
    """What is needed of one result, chunk by chunk."""

    def __init__(self):
        self.difference = self.size = 0.0
        self.row_error, self.worst_row = 0.0, None
        self.misplaced, self.first = 0, None

    def add(self, actual, expected, start):
        actual, expected = actual.float(), expected.float()
        finite = expected.isfinite()
        wrong = torch.where(finite, ~actual.isfinite(), actual != expected)
        count = int(wrong.sum())
        if count:
            if not self.misplaced:
                where = [int(i) for i in wrong.nonzero()[0]]
                self.first = (
                    [start + where[0], *where[1:]],
                    float(expected[tuple(where)]),
                    float(actual[tuple(where)]),
                )
            self.misplaced += count
            return
        # What is infinite in both counts as 0.
        difference = torch.where(finite, actual - expected, 0)
        size = torch.where(finite, expected, 0)
        difference, size = (
            x.square().sum(dim=-1, dtype=torch.float64) for x in (difference, size)
        )
        self.difference += float(difference.sum())
        self.size += float(size.sum())
        rows = (difference.sqrt() / size.sqrt().clamp(min=_TINY)).flatten()
        if len(rows) and float(rows.max()) > self.row_error:
            self.row_error = float(rows.max())
            self.worst_row = start + int(rows.argmax()) // max(1, difference[0].numel())

    def verdict(self, name):
        if self.misplaced:
            where, expected, actual = self.first
            return Verdict(
                error=math.inf,
                row_error=math.inf,
                reason=f"{name}: {self.misplaced} numbers that only one of result and "
                f"reference has as finite, or other infinities, first at {where}: "
                f"expected {expected:.6g}, got {actual:.6g}",
            )
        error = (self.difference / max(self.size, _TINY)) ** 0.5
        verdict = Verdict(error, self.row_error)
        most, most_row = TOLERANCE[name]
        # Not the other way round: NaN is wrong.
        if not (error <= most and self.row_error <= most_row):
            verdict.reason = (
                f"{name}: error {error:.2e} of {most:.0e}, in row {self.worst_row} "
                f"{self.row_error:.2e} of {most_row:.0e}"
            )
        return verdict


def compare(work, inputs, results):
    """The verdict on `results`, {name: tensor}."""
    sums = {name: _Sums() for name in work.results}
    for rows, expected in reference.results(work, inputs):
        for name, tensor in expected.items():
            sums[name].add(results[name][rows], tensor, rows.start)
    verdicts = [one.verdict(name) for name, one in sums.items()]
    return Verdict(
        max(verdict.error for verdict in verdicts),
        max(verdict.row_error for verdict in verdicts),
        next((v.reason for v in verdicts if v.reason), None),
    )


def same_bits(a, b):
    return all(torch.equal(as_bytes(a[name]), as_bytes(b[name])) for name in a)


def as_bytes(tensor):
    return tensor.view(-1).view(torch.uint8)
