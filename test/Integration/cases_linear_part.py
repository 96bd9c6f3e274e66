# ===- cases_linear_part.py - cases of dsa.linear_part ---------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Cases of dsa.linear_part.

A term depends on the last bit of the sum that it is rounded from, so what is checked
is what the terms add up to. The program adds them up itself: it scores the columns of
the identity with weights of zero and a linear clause.
"""

import compare
import data
import emit
import numpy as np
import oracle
from cases_topk import give, selected
from program import ELEMENTS, Program

# T, H, D, P and the element types of queries and of weights, if there are any.
SHAPES = [
    (1, 1, 1, 1, "f32", None),
    (3, 3, 5, 2, "f32", "f16"),
    (5, 16, 128, 1, "f32", "f32"),
    (4, 7, 37, 1, "bf16", "bf16"),
    (6, 24, 100, 2, "bf16", "f32"),
    (3, 17, 66, 4, "bf16", "f32"),
    (5, 5, 130, 1, "f16", "f16"),
    (2, 64, 64, 2, "f16", None),
    (7, 3, 1, 4, "f16", "f32"),
    (5, 64, 128, 1, "f8E4M3FN", "f32"),
    (9, 64, 128, 2, "f8E4M3FN", "f32"),
    (4, 32, 128, 4, "f8E4M3FN", "bf16"),
    (3, 24, 37, 4, "f8E4M3FN", None),
    (2, 1, 300, 8, "f8E4M3FN", "f32"),
    (0, 3, 5, 2, "f8E4M3FN", "f32"),
]


class Inputs:
    """Arrays of one program, and the same as its arguments."""

    def __init__(self, p, q, **factors):
        self.q, self.factors = q, factors
        self.query = p.argument("q", q, "T..")
        self.values = {
            name: p.argument(name, array, "T.") for name, array in factors.items()
        }

    def emit(self, p, count):
        return emit.linear_part(p, self.query, count, **self.values)

    def vector(self):
        return oracle.linear_vector(self.q, **self.factors)

    def expected(self, count):
        return oracle.linear_part(self.q, count, **self.factors)


def inputs(p, rng, T, H, D, element, weights, q_scale=True, make=data.normal):
    return Inputs(
        p,
        make(rng, (T, H, D), element),
        weights=make(rng, (T, H), weights) if weights else None,
        q_scale=make(rng, (T, H)) if q_scale else None,
    )


def total(p, given, terms, scales):
    """What the terms add up to."""
    width = given.q.shape[2]
    columns = np.eye(width).astype(given.q.dtype)
    zeros = np.zeros(given.q.shape[:2], np.float32)
    return emit.index_scores(
        p,
        given.query,
        p.argument("columns", columns, ".."),
        activation="none",
        weights=p.argument("zeros", zeros, "T."),
        linear=(terms, scales),
    )


def summed(p, given, count):
    """Gives scales and what terms add up to, and checks both."""
    terms, scales = given.emit(p, count)
    p.give("scales", scales)
    p.give("total", total(p, given, terms, scales))

    def check_scales(results):
        return compare.equal(results["scales"], given.expected(count)[1])

    def check_total(results):
        rounding = oracle.linear_error(given.q.dtype, count)
        tolerance = rounding + compare.TOLERANCE["f32"]
        return compare.close(results["total"], given.vector(), tolerance)

    p.check(check_scales)
    p.check(check_total)
    return p


def shapes():
    for i, (T, H, D, P, element, weights) in enumerate(SHAPES):
        name = f"linear_part/{element}-{weights}-t{T}-h{H}-d{D}-p{P}"
        p = Program(name, static=["", "T"][i % 2], poison=i % 3 == 0)
        given = inputs(p, p.random(), T, H, D, element, weights, q_scale=i % 4 != 1)
        yield summed(p, given, P)


def magnitudes():
    """Rows of every size, and rows of zeros."""
    for element, P in (("f32", 2), ("bf16", 8), ("f16", 4), ("f8E4M3FN", 4)):
        p = Program(f"linear_part/magnitudes-{element}")
        rng = p.random()
        sizes = [1, 0, 1e-3, 1e25, 1e-25, 300, 0, 1e-12, 1e12]
        q = data.normal(rng, (len(sizes), 3, 40), element)
        q[0] = 0
        q_scale = data.normal(rng, q.shape[:2]) * np.float32(sizes)[:, None]
        yield summed(p, Inputs(p, q, q_scale=q_scale), P)


def limits():
    """Largest values that just fit a scale, and that just do not."""
    for element, limit in (("f32", 1), ("bf16", 1), ("f16", 1), ("f8E4M3FN", 448)):
        p = Program(f"linear_part/limits-{element}")
        values = np.float32([limit, np.nextafter(np.float32(limit), np.float32(1e9))])
        q_scale = np.concatenate([2 * values, -2 * values, values, values / 64])
        q = np.ones((len(q_scale), 1, 6), ELEMENTS[element])
        q[:, :, 1:] = data.normal(p.random(), (1, 5), element, deviation=0.2)
        yield summed(p, Inputs(p, q, q_scale=q_scale[:, None]), 3)


def exact():
    """Integers: all terms are known."""
    for element in ("f32", "f16", "bf16", "f8E4M3FN"):
        p = Program(f"linear_part/integers-{element}")
        rng = p.random()
        given = inputs(p, rng, 5, 6, 20, element, "f32", make=data.integers)
        names = ("terms", "scales")
        for name, value in zip(names, given.emit(p, 3)):
            p.give(name, value)

        def check(results, given=given, name=None):
            expected = given.expected(3)
            return compare.equal(results[name], expected[names.index(name)])

        for name in names:
            p.check(lambda results, name=name, check=check: check(results, name=name))
        yield p


def rectified():
    """With the linear part, half_abs is relu."""
    for element, P, N in (("f32", 1, 40), ("bf16", 3, 30), ("f8E4M3FN", 4, 50)):
        p = Program(f"linear_part/relu-{element}")
        rng = p.random()
        given = inputs(p, rng, 4, 16, 64, element, "f32")
        k, k_scale = data.normal(rng, (N, 64), element), data.normal(rng, (N,))
        scores = emit.index_scores(
            p,
            given.query,
            p.argument("k", k, "N."),
            activation="half_abs",
            k_scale=p.argument("k_scale", k_scale, "N"),
            linear=given.emit(p, P),
            **given.values,
        )
        p.give("scores", scores)

        def check(results, given=given, k=k, k_scale=k_scale):
            expected = oracle.index_scores(
                given.q, k, activation="relu", k_scale=k_scale, **given.factors
            )
            return compare.close(results["scores"], expected, compare.TOLERANCE["f32"])

        p.check(check)
        yield p


def not_finite():
    """NaN and infinities: no key of such a row has a score, all of the others do."""
    for element in ("f32", "f16", "bf16", "f8E4M3FN"):
        p = Program(f"linear_part/not-finite-{element}")
        rng = p.random()
        T, H, D, N = 6, 3, 12, 9
        q, other = (data.normal(rng, (T, H, D), element) for _ in range(2))
        q[1, 2, 5] = np.nan
        q[3, 0, 0] = np.inf
        q[4] = 0
        weights = data.normal(rng, (T, H))
        weights[5, 1] = -np.inf
        given = Inputs(p, q, weights=weights)
        k = data.normal(rng, (N, D), element)
        linear = given.emit(p, 2)
        scores = emit.index_scores(
            p,
            p.argument("other", other, "T.."),
            p.argument("k", k, "N."),
            activation="relu",
            linear=linear,
        )
        give(p, emit.topk(p, scores, N))

        def check(results, other=other, k=k, given=given):
            linear = given.expected(2)
            expected = oracle.index_scores(other, k, activation="relu", linear=linear)
            return compare.same_selection(selected(results), oracle.topk(expected, N))

        p.check(check)
        yield p


def selection():
    """A linear part that is computed with the scores, a few rows at a time.

    Scores outside of the selection have the schedule of those inside, and their bits.
    """
    T, H, D, N, K = 7, 4, 32, 90, 20
    p = Program("linear_part/select")
    rng = p.random()
    given = inputs(p, rng, T, H, D, "f8E4M3FN", "f32")
    k = data.normal(rng, (N, D), "f8E4M3FN")
    key = p.argument("k", k, "N.")

    def scorer():
        return emit.index_scores(
            p,
            given.query,
            key,
            activation="half_abs",
            linear=given.emit(p, 4),
            destination=p.empty,
            **given.values,
        )

    give(p, emit.select(p, scorer, K, values=True))
    p.give(
        "scores",
        emit.index_scores(
            p,
            given.query,
            key,
            activation="half_abs",
            linear=given.emit(p, 4),
            destination=p.poisoned,
            **given.values,
        ),
    )

    def check(results):
        expected = oracle.index_scores(given.q, k, activation="relu", **given.factors)
        reason = compare.close(results["scores"], expected, compare.TOLERANCE["f32"])
        if reason:
            return f"scores {reason}"
        best = oracle.select(results["scores"], K)
        return compare.same_selection(selected(results), best)

    p.check(check)
    yield p


def cases():
    for group in (
        shapes,
        magnitudes,
        limits,
        exact,
        rectified,
        not_finite,
        selection,
    ):
        yield from group()
