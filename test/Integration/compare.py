# ===- compare.py - when is a result right ---------------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""What it means that a result is right: tolerances and comparisons.

A comparison returns None, or the reason why the result is wrong.
"""

import numpy as np

# By the element type of the result. Inputs are exact whatever their type.
TOLERANCE = {"f32": 1e-5, "f16": 2e-3, "bf16": 5e-3, "f8E4M3FN": 7e-2}

# The unit roundoff of what kernels on tiles weigh values by, for the element types that
# there are such kernels for, and half of the smallest such number.
WEIGHTS = {"bf16": (2.0**-8, 0), "f16": (2.0**-11, 2.0**-25)}

# Errors in a logarithm are relative errors of what it is the logarithm of, so they
# count from one up, not from the logarithm's own size.
LOG_FLOOR = 1.0

_TINY = 1e-30


def error(actual, expected, floor=_TINY, slack=0):
    """The largest relative error, and where it is.

    The error of an element is relative to the largest finite magnitude expected in
    its row (the first dimension is that of rows), not to its own: sums that cancel
    have no small relative error in any arithmetic. What is expected to be infinite
    must be just that, and NaN is never right; otherwise the error is infinite. Up to
    `slack`, a number or one for each element, differences are no errors.
    """
    actual, expected = actual.astype(np.float64), np.asarray(expected, np.float64)
    if expected.size == 0:
        return 0.0, None
    finite = np.isfinite(expected)
    others = tuple(range(1, expected.ndim))
    size = np.where(finite, np.abs(expected), 0).max(axis=others, keepdims=True)
    with np.errstate(invalid="ignore"):
        errors = np.maximum(np.abs(actual - expected) - slack, 0)
        errors = errors / np.maximum(size, floor)
    errors = np.where(finite, errors, np.where(actual == expected, 0, np.inf))
    errors = np.where(np.isnan(errors), np.inf, errors)
    where = np.unravel_index(np.argmax(errors), errors.shape)
    return float(errors[where]), tuple(int(i) for i in where)


def close(actual, expected, tolerance, floor=_TINY, slack=0):
    if actual.shape != expected.shape:
        return f"has shape {actual.shape}, expected {expected.shape}"
    worst, where = error(actual, expected, floor, slack)
    if worst <= tolerance:
        return None
    return (
        f"is off by {worst:.1e}, more than {tolerance:.0e}, at {list(where)}: "
        f"expected {expected[where]:.9g}, got {float(actual[where]):.9g}"
    )


def close_log(actual, expected):
    """For logarithms of sums, and maxima of what is exponentiated; always f32."""
    return close(actual, expected, TOLERANCE["f32"], LOG_FLOOR)


def equal(actual, expected):
    """Same values; the two zeros are one, NaN equals nothing."""
    if actual.shape != expected.shape:
        return f"has shape {actual.shape}, expected {expected.shape}"
    wrong = np.argwhere(actual != expected)
    if len(wrong) == 0:
        return None
    where = tuple(int(i) for i in wrong[0])
    return (
        f"is wrong in {len(wrong)} of {expected.size} places, first at {list(where)}: "
        f"expected {expected[where]}, got {actual[where]}"
    )


def same_selection(actual, expected, ordered=True):
    """(indices, count[, values]) select the same; in the same order if `ordered`."""
    if not ordered:
        actual, expected = _in_order(actual), _in_order(expected)
    for name, a, e in zip(("indices", "count", "values"), actual, expected):
        reason = equal(a, e)
        if reason:
            return f"{name} {reason}"
    return None


def _in_order(selection):
    """The selection ascending, -1 last, values still beside their indices."""
    indices, count, *values = selection
    # As unsigned numbers, -1 is the largest.
    order = np.argsort(indices.view(np.uint32), axis=-1, kind="stable")
    return [
        np.take_along_axis(indices, order, -1),
        count,
        *(np.take_along_axis(v, order, -1) for v in values),
    ]
