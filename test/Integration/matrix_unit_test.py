# ===- matrix_unit_test.py - tests of the model of matrix units -------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""The model of matrix units, its bound, and that wrong kernels do not pass for them."""

import unittest

import cases_index_scores
import cases_linear_part
import data
import matrix_unit
import numpy as np
import oracle
from program import ELEMENTS

BYTE = ELEMENTS["f8E4M3FN"]


def byte(values):
    return np.array(values, BYTE)


def numbers(rng, shape, kind):
    """Bytes of one magnitude, of all magnitudes, or small ones beside large ones."""
    if kind == "normal":
        return data.normal(rng, shape, "f8E4M3FN")
    codes = rng.integers(0, 256, shape).astype(np.uint8)
    codes[codes & 0x7F == 0x7F] = 0
    values = codes.view(BYTE)
    if kind == "all":
        return values
    large = rng.random(shape) < 0.1
    return byte(np.where(large, 448, values.astype(np.float32) * 2.0**-9))


class Model(unittest.TestCase):
    def test_one_product_is_exact(self):
        codes = np.arange(256, dtype=np.uint8)
        values = codes[codes & 0x7F != 0x7F].view(BYTE)
        a, b = (x[..., None] for x in np.meshgrid(values, values))
        exact = (a.astype(np.float64) * b.astype(np.float64))[..., 0]
        np.testing.assert_array_equal(matrix_unit.dot(a, b), exact)

    def test_alignment(self):
        # Beside 2^14 a unit is 2.
        for small, kept in ((2.0, 2), (1.0, 0), (3.5, 2), (-3.5, -2), (-1.75, 0)):
            a, b = byte([128, small] + [0] * 30), byte([128, 1] + [0] * 30)
            self.assertEqual(matrix_unit.dot(a, b), 2**14 + kept, small)
            # In the next step what was added before is what is cut.
            a, b = byte([small] + [0] * 31 + [128]), byte([1] + [0] * 31 + [128])
            self.assertEqual(matrix_unit.dot(a, b), 2**14 + kept, small)

    def test_sum_is_cut_again(self):
        # 2^14 + 2 + 2^14 is cut to a multiple of 4.
        a, b = byte([128, 2, 128]), byte([128, 1, 128])
        self.assertEqual(matrix_unit.dot(a, b), 2**15)
        # Products that cancel leave others cut beside them.
        a, b = byte([128, 1.75, -128]), byte([128, 1, 128])
        self.assertEqual(matrix_unit.dot(a, b), 0)

    def test_small_integers_are_exact(self):
        rng = np.random.default_rng(1)
        a, b = (data.integers(rng, (50, 256), "f8E4M3FN") for _ in range(2))
        exact = (a.astype(np.float64) * b.astype(np.float64)).sum(axis=-1)
        np.testing.assert_array_equal(matrix_unit.dot(a, b), exact)

    def test_error_is_within_the_bound(self):
        rng = np.random.default_rng(2)
        for kind in ("normal", "all", "mixed"):
            for width in (1, 32, 64, 128, 256):
                a, b = (numbers(rng, (500, width), kind) for _ in range(2))
                exact = (a.astype(np.float64) * b.astype(np.float64)).sum(axis=-1)
                error = np.abs(matrix_unit.dot(a, b) - exact)
                bound = matrix_unit.dot_error(a, b)
                self.assertTrue((error <= bound).all(), (kind, width))

    def test_scores_are_within_the_bound(self):
        rng = np.random.default_rng(3)
        for activation in ("relu", "half_abs", "none"):
            for kind in ("normal", "mixed"):
                q, k = (numbers(rng, shape, kind) for shape in ((4, 9, 64), (50, 64)))
                factors = {
                    "weights": data.normal(rng, (4, 9)),
                    "q_scale": data.normal(rng, (4, 9)),
                    "k_scale": data.normal(rng, (50,)),
                }
                exact = oracle.index_scores(q, k, activation=activation, **factors)
                found = matrix_unit.index_scores(q, k, activation=activation, **factors)
                slack = matrix_unit.scores_error(q, k, activation=activation, **factors)
                # The terms of the linear part are four significands long.
                rest = oracle.linear_error(BYTE, 4) * np.abs(k.astype(float)).sum(1)
                vector = oracle.linear_vector(
                    q, weights=factors["weights"], q_scale=factors["q_scale"]
                )
                rest = rest * np.abs(vector).max(1, keepdims=True)
                slack += rest * np.abs(factors["k_scale"])
                self.assertTrue((np.abs(found - exact) <= slack).all(), activation)

    def test_bound_is_no_wild_guess(self):
        # One large product, and all others just below a unit beside it.
        a, b = byte([128] + [1.875] * 31), byte([128] + [1] * 31)
        error = 31 * 1.875
        self.assertEqual(matrix_unit.dot(a, b), 2**14)
        self.assertLess(matrix_unit.dot_error(a, b), 1.2 * error)


class Kernels(unittest.TestCase):
    """Results of right and wrong kernels, judged as on Hopper."""

    def programs(self):
        names = (
            "index_scores/f8E4M3FN-f32-t5-h64-d128-n70",
            "index_scores/tiles-f8E4M3FN-f32-t11-h64-d128-n200",
        )
        programs = {p.name: p for p in cases_index_scores.cases()}
        return [programs[name] for name in names]

    def reason(self, program, scores):
        results = {name: scores.astype(np.float32) for name in program.results}
        with matrix_unit.in_use():
            return program.checks[0](results)

    def test_scores(self):
        for program in self.programs():
            q, k, *_ = (program.inputs[name] for name in ("q", "k"))
            factors = {
                name: program.inputs[name]
                for name in ("weights", "q_scale", "k_scale")
                if name in program.inputs
            }

            def scores(q=q, k=k, **changes):
                settings = {"activation": "relu"} | factors | changes
                return matrix_unit.index_scores(q, k, **settings)

            self.assertIsNone(self.reason(program, scores()))
            weights = factors["weights"].copy()
            weights[:, 17] = 0
            wrong = {"a head is missing": scores(weights=weights)}
            scale = factors["k_scale"].copy()
            scale[[3, 4]] = scale[[4, 3]]
            wrong["two keys' scales are exchanged"] = scores(k_scale=scale)
            wrong["relu is missing"] = scores(activation="none")
            width = k.shape[1] - matrix_unit.STEP
            wrong["a step is missing"] = scores(q[..., :width], k[:, :width])
            exact = oracle.index_scores(q, k, activation="relu", **factors)
            wrong["products are exact"] = exact
            for what, result in wrong.items():
                self.assertIsNotNone(self.reason(program, result), what)

    def test_terms(self):
        """Each of the terms that a linear part is written in counts."""
        programs = {p.name: p for p in cases_linear_part.cases()}
        program = programs["linear_part/relu-f8E4M3FN"]
        inputs = program.inputs
        factors = {name: inputs[name] for name in ("weights", "q_scale")}
        for missing in (None, 0, 1, 2, 3):
            terms, scales = oracle.linear_part(inputs["q"], 4, **factors)
            if missing is not None:
                scales[:, missing] = 0
            scores = matrix_unit.index_scores(
                inputs["q"],
                inputs["k"],
                activation="half_abs",
                linear=(terms, scales),
                k_scale=inputs["k_scale"],
                **factors,
            )
            reason = self.reason(program, scores)
            self.assertEqual(reason is None, missing is None, (missing, reason))


if __name__ == "__main__":
    unittest.main()
