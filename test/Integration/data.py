# ===- data.py - inputs, ordinary and tricky -------------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Inputs of test programs: ordinary ones, and those that break things."""

import ml_dtypes
import numpy as np

from program import ELEMENTS

INT_MIN, INT_MAX = -(2**31), 2**31 - 1


def normal(rng, shape, element="f32", mean=0.0, deviation=1.0):
    return rng.normal(mean, deviation, shape).astype(ELEMENTS[element])


def integers(rng, shape, element="f32", most=2):
    """Small integers of both signs: sums of products are exact, ties abound."""
    return rng.integers(-most, most + 1, shape).astype(ELEMENTS[element])


def i32(values):
    return np.array(values, np.int64).astype(np.int32)


def tricky_bounds(n):
    """A row for each way in which a range can lie about `n` keys."""
    pairs = [
        (0, n),
        (-5, 3),
        (2, n - 1),
        (n // 3, 2 * n // 3),
        (n - 1, n),
        (n, n + 1),
        (n + 3, n + 9),
        (0, 0),
        (3, 3),
        (5, 2),
        (-9, -2),
        (-1, 0),
        (0, n + 1),
        (1, INT_MAX),
        (INT_MIN, 4),
        (INT_MIN, INT_MAX),
        (INT_MAX, INT_MIN),
        (INT_MAX, INT_MAX),
    ]
    lo, hi = zip(*pairs)
    return i32(lo), i32(hi)


def tricky_positions(rows, n):
    """Positions of `rows` rows: among the keys, and anywhere else."""
    odd = [n // 2, 0, n - 1, n, -1, n + 2, -3, INT_MAX, INT_MIN, 1, INT_MAX - 1]
    return i32([odd[t % len(odd)] for t in range(rows)])


def packed_bounds(lengths):
    """Causal bounds and positions of sequences that lie one after another."""
    lo, hi, start = [], [], 0
    for length in lengths:
        lo += [start] * length
        hi += range(start + 1, start + length + 1)
        start += length
    return (i32(lo), i32(hi)), i32(hi) - 1


def tricky_sequences(rng, rows, count):
    """Sequences of `rows` rows, every fourth of them one that does not exist."""
    seq = rng.integers(0, max(count, 1), rows)
    odd = [-1, count, INT_MAX, INT_MIN]
    for i, t in enumerate(range(3, rows, 4)):
        seq[t] = odd[i % len(odd)]
    return i32(seq)


def scores(rng, shape, element="f32"):
    """Rows of scores, each of another kind; the last dimension is that of keys."""
    rows, n = int(np.prod(shape[:-1])), shape[-1]
    dtype = ELEMENTS[element]
    special = np.array([np.inf, -np.inf, np.nan, 0.0, -0.0, 1.0, -1.0])
    smallest = float(np.array(1, f"u{dtype.itemsize}").view(dtype))
    kinds = [
        lambda: rng.normal(0, 1, n),
        lambda: np.where(rng.random(n) < 0.2, rng.normal(0, 1, n), 0),
        lambda: rng.choice(special, n),
        lambda: rng.choice([0.0, -0.0], n),
        lambda: rng.integers(-2, 3, n) * smallest,
        lambda: rng.choice([-np.inf, np.nan], n),
        lambda: np.full(n, np.inf),
        lambda: np.where(rng.random(n) < 0.8, -np.inf, rng.normal(0, 1, n)),
        lambda: -np.abs(rng.normal(0, 100, n)),
        lambda: np.arange(n) / (n + 1),
        lambda: -np.arange(n) / (n + 1),
    ]
    with np.errstate(over="ignore", under="ignore"):
        all_rows = [kinds[r % len(kinds)]().astype(dtype) for r in range(rows)]
    return np.array(all_rows, dtype).reshape(shape)


def index_lists(rng, shape, n):
    """Index lists over `n` keys, each of another kind."""
    lists, k = int(np.prod(shape[:-1])), shape[-1]
    garbage = i32([-1, -2, INT_MIN, INT_MAX, n, n + 1, n + 12345, INT_MIN + 1])
    some = max(n, 1)

    def ascending():
        count = min(n, rng.integers(0, k + 1))
        chosen = np.sort(rng.permutation(n)[:count])
        return np.concatenate([chosen, np.full(k - count, -1)])

    def mixed():
        valid = rng.integers(0, some, k)
        return np.where(rng.random(k) < 0.4, rng.choice(garbage, k), valid)

    kinds = [
        mixed,
        ascending,
        lambda: rng.choice(garbage, k),
        lambda: np.full(k, rng.integers(0, some)),
        lambda: rng.integers(0, some, k),
    ]
    return i32([kinds[r % len(kinds)]() for r in range(lists)]).reshape(shape)


def poison_keys(rng, used, *arrays, finite=False):
    """Puts NaN and infinities where `used` is false: such keys must not be seen.

    With `finite`, the largest finite numbers.
    """
    for array in arrays:
        if array is None:
            continue
        most = float(ml_dtypes.finfo(array.dtype).max)
        poison = np.array([most, -most] if finite else [np.nan, np.inf, -np.inf])
        fill = rng.choice(poison, array.shape).astype(array.dtype)
        unused = ~used.reshape(used.shape + (1,) * (array.ndim - used.ndim))
        np.copyto(array, fill, where=unused)
