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

# How far from the last of the best a score may be, as a part of the row's largest, for
# the key to be selected or not. Two such errors of a score.
NEAR_TIE = 1e-3

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


class _Choice:
    """What is needed of a selection by scores, chunk by chunk."""

    def __init__(self):
        self.distance, self.worst_row, self.reason = 0.0, None, None

    def add(self, indices, scores, start):
        """Lists [rows, K] of the best of scores [rows, N]."""
        n, k = scores.shape[1], min(indices.shape[1], scores.shape[1])
        listed = (indices >= 0) & (indices < n)
        count = (scores > -torch.inf).sum(dim=-1, keepdim=True).clamp(max=k)
        places = torch.arange(indices.shape[1], device=indices.device)
        ordered = torch.where(listed, indices, n + places)
        wrong = (listed != (places < count)) | (~listed & (indices != -1))
        wrong[:, 1:] |= ordered[:, 1:] <= ordered[:, :-1]
        if bool(wrong.any()):
            row = int(wrong.any(dim=-1).nonzero()[0])
            self.reason = self.reason or (
                f"indices: row {start + row} is no list of {int(count[row])} keys "
                f"in order, with -1 behind"
            )
            return
        # Others and what is not listed take the column behind all keys.
        chosen = torch.zeros(
            (len(scores), n + 1), dtype=torch.bool, device=scores.device
        )
        chosen.scatter_(1, torch.where(listed, indices, n).long(), True)
        chosen = chosen[:, :n]
        worst = scores.masked_fill(~chosen, torch.inf).amin(dim=-1)
        best = scores.masked_fill(chosen, -torch.inf).amax(dim=-1)
        size = scores.masked_fill(scores == -torch.inf, 0).abs().amax(dim=-1)
        # Nothing is between them if all that can be selected is.
        distance = ((best - worst) / size.clamp(min=_TINY)).clamp(min=0)
        if len(distance) and not float(distance.max()) <= self.distance:
            self.distance = float(distance.max())
            self.worst_row = start + int(distance.argmax())

    def verdict(self):
        verdict = Verdict(self.distance, self.distance, self.reason)
        if self.reason:
            verdict.error = verdict.row_error = math.inf
        elif not self.distance <= NEAR_TIE:
            verdict.reason = (
                f"indices: in row {self.worst_row} a key is better by "
                f"{self.distance:.2e} of the largest score than one that is selected, "
                f"of {NEAR_TIE:.0e}"
            )
        return verdict


def compare(work, inputs, results):
    """The verdict on `results`, {name: tensor}."""
    sums, choice = {name: _Sums() for name in work.results}, _Choice()
    for rows, expected in reference.results(work, inputs, results):
        if "indices" in sums and "scores" in expected:
            choice.add(results["indices"][rows, 0], expected.pop("scores"), rows.start)
        for name, tensor in expected.items():
            sums[name].add(results[name][rows], tensor, rows.start)
    verdicts = [one.verdict(name) for name, one in sums.items()] + [choice.verdict()]
    return Verdict(
        max(verdict.error for verdict in verdicts),
        max(verdict.row_error for verdict in verdicts),
        next((v.reason for v in verdicts if v.reason), None),
    )


def same_bits(a, b):
    return all(torch.equal(as_bytes(a[name]), as_bytes(b[name])) for name in a)


def as_bytes(tensor):
    return tensor.view(-1).view(torch.uint8)
