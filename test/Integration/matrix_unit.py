# ===- matrix_unit.py - how Hopper's matrix units add products of bytes -----===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""A model of `wgmma` for f8E4M3FN, and how far from exact sums its results may be.

One instruction adds 32 products to an accumulator. All 33 numbers are aligned to the
largest exponent among them, cut off, towards zero, 13 bits below it, and added without
error; the sum is cut off after 13 bits of fraction. Measured by others, not documented
by the vendor: DeepSeek-V3 technical report, section 3.3.2; Xie et al., "MMA-Sim",
arXiv:2511.10909; Khattak and Mikaitis, "Accurate Models of NVIDIA Tensor Cores",
arXiv:2512.07004.
"""

import contextlib
import re

import numpy as np
import oracle

# Products that one instruction adds, and bits below the largest exponent that it keeps.
STEP = 32
FRACTION_BITS = 13

# Terms that a kernel on tiles writes the linear part of relu in.
_LINEAR_TERMS = 4

# The exponent of f8E4M3FN's subnormal numbers, and one for zero: below all others.
_LEAST_EXPONENT = -6
_NO_EXPONENT = -1000


def is_used_by(ptx):
    """Whether a module multiplies bytes by these units."""
    return re.search(r"wgmma\.mma_async\S*\.e4m3\.e4m3", ptx) is not None


def _exponents(values):
    """e of 1.f · 2^e."""
    return np.where(values == 0, _NO_EXPONENT, np.frexp(values)[1] - 1)


def _cut(values, exponents):
    """Towards zero, to multiples of the last place that is kept beside `exponents`."""
    unit = np.ldexp(1.0, exponents - FRACTION_BITS)
    return np.trunc(values / unit) * unit


def dot(a, b):
    """Sums over the last axes of `a` and `b`, which are broadcast, as the units do."""
    a, b = a.astype(np.float64), b.astype(np.float64)
    a_exponents = np.maximum(_exponents(a), _LEAST_EXPONENT)
    b_exponents = np.maximum(_exponents(b), _LEAST_EXPONENT)
    total = np.zeros(np.broadcast_shapes(a.shape, b.shape)[:-1])
    for start in range(0, a.shape[-1], STEP):
        part = slice(start, start + STEP)
        terms = a[..., part] * b[..., part]
        exponents = a_exponents[..., part] + b_exponents[..., part]
        exponents = np.where(terms == 0, _NO_EXPONENT, exponents)
        largest = np.maximum(exponents.max(axis=-1), _exponents(total))
        total = _cut(total, largest) + _cut(terms, largest[..., None]).sum(axis=-1)
        total = _cut(total, _exponents(total))
    return total


def dot_error(a, b):
    """How far `dot` may be from the exact sums.

    Cutting towards zero, no accumulator is larger than the sum of the products'
    magnitudes, and so is no exponent; what is cut off of a number is less than 2^-13
    of that. Cut are at most all products, and each step's accumulator and result.
    Numbers below 2^-6, but zero, are aligned as if they were as large as that.
    """
    sizes = []
    for values in (a, b):
        size = np.abs(values.astype(np.float64))
        least = 2.0**_LEAST_EXPONENT
        sizes.append(np.where(size > 0, np.maximum(size, least), 0))
    width = a.shape[-1]
    cuts = width + 2 * -(-width // STEP)
    return cuts * 2.0**-FRACTION_BITS * (sizes[0] * sizes[1]).sum(axis=-1)


def _split(q, activation, linear, others):
    """Kernels on tiles write relu of bytes as an absolute value and a linear part, but
    for rows of sequences."""
    if activation != "relu" or linear is not None or others.get("seq") is not None:
        return activation, linear
    factors = {name: others.get(name) for name in ("weights", "q_scale")}
    return "half_abs", oracle.linear_part(q, _LINEAR_TERMS, **factors)


def index_scores(q, k, *, activation, linear=None, **others):
    """As oracle.index_scores, with products by the units."""
    activation, linear = _split(q, activation, linear, others)
    return _exact_scores(
        q,
        k,
        activation=activation,
        linear=linear,
        product=lambda a, b: dot(a[:, None], b[None]),
        **others,
    )


def scores_error(q, k, *, activation, linear=None, **others):
    """How far `index_scores` may be from scores of exact sums, as Accuracy.md has it.

    What the terms of a linear part leave of relu is not counted.
    """
    activation, linear = _split(q, activation, linear, others)
    sizes = {
        name: None if values is None else np.abs(values.astype(np.float64))
        for name, values in others.items()
    }
    return _exact_scores(
        q,
        k,
        activation="half_abs" if activation == "half_abs" else "none",
        linear=None if linear is None else (linear[0], np.abs(linear[1])),
        product=lambda a, b: dot_error(a[:, None], b[None]),
        **sizes,
    )


_exact_scores = oracle.index_scores


@contextlib.contextmanager
def in_use():
    """Has what programs expect of scores be what the units compute."""
    oracle.index_scores = index_scores
    try:
        yield
    finally:
        oracle.index_scores = _exact_scores
