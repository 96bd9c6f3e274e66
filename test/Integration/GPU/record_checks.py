# ===- record_checks.py - checks as data -----------------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""What the checks of a test program compare, as entries of a manifest.

Checks are Python functions of the results. Here they are run on names instead, with
the functions of compare.py and oracle.py that they call replaced by others that note
what they are asked. A check that does anything else with a result fails.
"""

import contextlib
from dataclasses import dataclass, replace

import compare
import matrix_unit
import numpy as np
import oracle


@dataclass(frozen=True)
class Result:
    """Stands for an array that a program will return."""

    name: str
    rows: int
    # [rows, lists] numbers in float32 that scores are multiplied by.
    factors: np.ndarray | None = None
    spread: bool = False

    def __neg__(self):
        assert self.factors is None and not self.spread
        return replace(self, factors=np.full((self.rows, 1), -1, np.float32))

    def __getitem__(self, index):
        assert self.factors is None and index == (slice(None), None), index
        return replace(self, spread=True)

    def __mul__(self, factors):
        assert self.spread and self.factors is None and factors.ndim == 3
        assert factors.dtype == np.float32 and factors.shape[2] == 1
        return replace(self, factors=factors[:, :, 0])


@dataclass(frozen=True)
class Rule:
    """Stands for what a top-k of a program's own scores selects."""

    scores: Result
    settings: dict


class Recorder:
    """`save(array)` returns the name of a file that holds it."""

    def __init__(self, save):
        self._save = save
        self.checks = []

    def close(self, actual, expected, tolerance, floor=None, slack=0):
        entry = {
            "kind": "close",
            "result": actual.name,
            "expected": self._save(np.asarray(expected, np.float64)),
            "tolerance": tolerance,
        }
        if floor is not None:
            entry["floor"] = floor
        if np.any(slack):
            entry["slack"] = self._save(np.asarray(slack, np.float64))
        self.checks.append(entry)

    def close_log(self, actual, expected):
        self.close(actual, expected, compare.TOLERANCE["f32"], compare.LOG_FLOOR)

    def equal(self, actual, expected):
        expected = self._save(np.asarray(expected, np.float64))
        self.checks.append(
            {"kind": "equal", "result": actual.name, "expected": expected}
        )

    def same_selection(self, actual, expected, ordered=True):
        names = dict(
            zip(("indices", "count", "values"), (result.name for result in actual))
        )
        if isinstance(expected, Rule):
            expected = self._rule(expected)
        else:
            expected = {
                name: self._save(np.asarray(array, np.float64))
                for name, array in zip(names, expected)
            }
        self.checks.append(
            {"kind": "selection", "ordered": ordered, "expected": expected} | names
        )

    def _rule(self, rule):
        entry = {"scores": rule.scores.name}
        settings = dict(rule.settings)
        bounds = settings.pop("bounds", None)
        arrays = {
            "factors": rule.scores.factors,
            "positions": settings.pop("positions", None),
        }
        if bounds is not None:
            arrays["lo"], arrays["hi"] = bounds
        for name, array in arrays.items():
            if array is not None:
                entry[name] = self._save(np.asarray(array, np.float64))
        known = {"k", "window", "first", "block"}
        settings = {n: v for n, v in settings.items() if v is not None}
        assert settings.keys() <= known, settings
        return entry | settings


@contextlib.contextmanager
def _replaced(module, **functions):
    originals = {name: getattr(module, name) for name in functions}
    for name, function in functions.items():
        setattr(module, name, function)
    try:
        yield
    finally:
        for name, function in originals.items():
            setattr(module, name, function)


def record_checks(program, save, ptx=""):
    """The entries of a manifest for the checks of a program, compiled to `ptx`.

    They depend on what computes: kernels on tiles weigh values by short numbers, and
    Hopper's matrix units add products of bytes in few bits.
    """
    on_tiles = "wgmma.mma_async" in ptx
    recorder = Recorder(save)
    select = oracle.topk

    def topk(scores, k, **settings):
        if isinstance(scores, Result):
            return Rule(scores, settings | {"k": k})
        return select(scores, k, **settings)

    results = {
        name: Result(name, shape[0] if shape else 1)
        for name, (_, shape) in program.results.items()
    }
    noting = {
        name: getattr(recorder, name)
        for name in ("close", "close_log", "equal", "same_selection")
    }
    by_units = matrix_unit.is_used_by(ptx)
    arithmetic = matrix_unit.in_use() if by_units else contextlib.nullcontext()
    noted = _replaced(compare, **noting)
    with arithmetic, noted, _replaced(oracle, topk=topk, select=topk):
        for check in program.checks_on_tiles if on_tiles else program.checks:
            check(results)
    return recorder.checks
