# ===- checks_test.py - tests of what judges results -----------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""That a wrong result does not pass: the comparisons, the programs, the driver."""

import pathlib
import tempfile
import types
import unittest

import cases
import cases_attention
import cases_index_scores
import cases_merge
import cases_topk
import compare
import data
import ml_dtypes
import numpy as np
import oracle
import run_cases

INF, NAN = np.inf, np.nan


def changed(array, where, value):
    array = array.copy()
    array[where] = value
    return array


class Comparisons(unittest.TestCase):
    def test_close(self):
        expected = np.array([[1.0, -INF, 100.0], [0.0, 1e-3, INF]])
        actual = expected.astype(np.float32)
        self.assertIsNone(compare.close(actual, expected, 1e-5))
        for where, value in (
            ((0, 0), 1.002),
            ((0, 1), -3e38),
            ((0, 1), NAN),
            ((0, 1), INF),
            ((0, 2), NAN),
            ((0, 2), -100),
            ((1, 0), 1e-7),
            ((1, 1), INF),
            ((1, 2), 3e38),
        ):
            wrong = changed(actual, where, value)
            self.assertIsNotNone(compare.close(wrong, expected, 1e-5), (where, value))
        # Relative to the row: an error of 5e-4 beside 100, but not beside 1e-3.
        self.assertIsNone(
            compare.close(changed(actual, (0, 0), 1.0005), expected, 1e-5)
        )
        self.assertIsNotNone(compare.close(actual[:, :2], expected, 1e-5))
        self.assertIsNone(compare.close(actual[:0], expected[:0], 1e-5))
        # Slack is for each element, and not for what is not finite.
        slack = changed(np.zeros((2, 3)), (0, 0), 0.01)
        for where, value, right in (
            ((0, 0), 1.009, True),
            ((0, 0), 1.012, False),
            ((0, 2), 100.009, False),
            ((0, 1), 0, False),
            ((0, 0), NAN, False),
            ((1, 0), 1e-7, False),
        ):
            other = changed(actual, where, value)
            reason = compare.close(other, expected, 1e-5, slack=slack)
            self.assertEqual(reason is None, right, (where, value))
        self.assertIsNone(compare.close_log(np.float32([2e-6]), np.array([1e-6])))
        self.assertIsNotNone(compare.close_log(np.float32([2e-5]), np.array([1e-6])))

    def test_zero_tolerance(self):
        expected = np.array([[0.0, 2.0]])
        self.assertIsNone(compare.close(np.float32([[-0.0, 2]]), expected, 0))
        self.assertIsNotNone(compare.close(np.float32([[0, 2.000001]]), expected, 0))

    def test_cancelled_scores(self):
        # One key a row, whose terms cancel.
        q, k = np.float32([[[1, 1], [1, -1]], [[1, 0], [0, 1]]]), np.float32([[1, 1]])
        weights = np.float32([[1, -1]] * 2)
        given = types.SimpleNamespace(q=q, k=k, arrays={"weights": weights})
        expected = oracle.index_scores(q, k, activation="none", **given.arrays)
        np.testing.assert_array_equal(expected, [[2], [0]])
        slack = cases_index_scores.rounding(given)
        for off, right in ((3 * 2.0**-24, True), (20 * 2.0**-24, False)):
            actual = np.float32([[2], [off]])
            reason = compare.close(actual, expected, 1e-5, slack=slack)
            self.assertEqual(reason is None, right, off)

    def test_selection(self):
        scores = np.float32([[1, 3, 3, -INF, 2]])
        right = oracle.topk(scores, 6)
        self.assertIsNone(compare.same_selection(right, right))
        indices, count, values = right
        turned = indices[..., ::-1], count, values[..., ::-1]
        self.assertIsNotNone(compare.same_selection(turned, right))
        self.assertIsNone(compare.same_selection(turned, right, ordered=False))
        for wrong in (
            (changed(indices, (0, 0, 3), 3), count, values),
            (changed(indices, (0, 0, 5), 3), count, values),
            (indices, count + 1, values),
            (indices, count, changed(values, (0, 0, 0), 2)),
            (indices, count, changed(values, (0, 0, 5), 0)),
            (indices, count, changed(values, (0, 0, 5), NAN)),
            (indices, count, values[..., ::-1]),
        ):
            for ordered in (True, False):
                self.assertIsNotNone(compare.same_selection(wrong, right, ordered))


class Programs(unittest.TestCase):
    def fails(self, program, results):
        return next((r for check in program.checks if (r := check(results))), None)

    def each_change_fails(self, program, results):
        self.assertEqual(set(results), set(program.results))
        self.assertIsNone(self.fails(program, results))
        for name, array in results.items():
            for where in [(0,) * array.ndim, tuple(n - 1 for n in array.shape)]:
                wrong = array[where] * 1.1 if np.isfinite(array[where]) else 7
                if wrong == array[where] or array.dtype == np.int32:
                    wrong = array[where] + 1
                changes = results | {name: changed(array, where, wrong)}
                self.assertIsNotNone(self.fails(program, changes), (name, where))

    def test_topk(self):
        scores = data.scores(np.random.default_rng(5), (11, 33))
        program = cases_topk.case("test", scores, 7)
        results = dict(zip(cases_topk.NAMES, oracle.topk(scores, 7)))
        self.each_change_fails(program, results)

    def test_merge(self):
        out, lse = cases_merge.partials(np.random.default_rng(6), 3, 4, 2, 5, "f32")
        program = cases_merge.case("test", out, lse)
        merged = (r.astype(np.float32) for r in oracle.merge(out, lse))
        self.each_change_fails(program, dict(zip(("out", "lse"), merged)))

    def test_attention(self):
        program = cases_attention.case("test", (3, 4, 2, 8, 5, 9, "f32", "f32"))
        inputs = program.inputs
        results = oracle.attention(
            inputs["q"], inputs["key"], inputs["value"], scale=8**-0.5
        )
        results = (r.astype(np.float32) for r in results)
        self.each_change_fails(program, dict(zip(cases_attention.NAMES, results)))

    def test_attention_on_tiles(self):
        """Rounded weights pass, as they do only on tiles; wrong weights do not."""
        for element in ("bf16", "f16"):
            shape = (4, 2, None, 64, 64, 130, element, "f32")
            program = cases_attention.case("tiles-test", shape)
            names = ("q", "key", "value")
            q, key, value = (program.inputs[n].astype(np.float64) for n in names)
            x = np.einsum("thd,nd->thn", q, key) / 8
            top = x.max(-1, keepdims=True)
            p = np.exp(x - top)
            total = p.sum(-1, keepdims=True)
            right = p.astype(program.inputs["q"].dtype).astype(np.float64)
            lse = (top + np.log(total))[..., 0].astype(np.float32)

            def reason(weights, checks):
                out = np.einsum("thn,nd->thd", weights / total, value)
                results = {"out": out, "lse": lse, "max": top[..., 0]}
                results = {n: a.astype(np.float32) for n, a in results.items()}
                return next((r for check in checks if (r := check(results))), None)

            self.assertIsNone(reason(right, program.checks_on_tiles))
            self.assertIsNone(reason(p, program.checks))
            self.assertIsNotNone(reason(right, program.checks))
            likely = x[0, 0].argmax()
            missing = np.arange(130) == likely
            for what, weights in (
                ("key", np.where(missing, 0, right)),
                ("tail", np.where(np.arange(130) >= 128, 0, right)),
                ("scale", p**1.05 * total / (p**1.05).sum(-1, keepdims=True)),
                ("coarse", p.astype(ml_dtypes.float8_e4m3fn).astype(np.float64)),
            ):
                wrong = reason(weights, program.checks_on_tiles)
                self.assertIsNotNone(wrong, (element, what))

    def test_every_program(self):
        """Names are unique, every result is checked, and zeros do not pass."""
        programs = list(cases.all_programs())
        self.assertEqual(len({p.name for p in programs}), len(programs))
        for program in programs:
            self.assertIn(program.name.split("/")[0], cases.OPERATIONS)
            zeros = {
                name: np.zeros(shape, run_cases.ELEMENTS[element])
                for name, (element, shape) in program.results.items()
            }
            # Without rows there is nothing to be wrong, nor are keys without scores.
            if any(zero.size == 0 for zero in zeros.values()):
                continue
            self.assertIsNotNone(self.fails(program, zeros), program.name)


class Driver(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.path = pathlib.Path(self.directory.name) / "x.npy"

    def reason(self, array, element, shape=(2, 3)):
        np.save(self.path, array)
        return run_cases.read(self.path, element, shape)[1]

    def test_read(self):
        bf16 = ml_dtypes.bfloat16
        self.assertIsNone(self.reason(np.ones((2, 3), np.float32), "f32"))
        self.assertIsNone(self.reason(np.ones((2, 3), bf16), "bf16"))
        self.assertIsNone(self.reason(np.ones((0, 3), bf16), "bf16", (0, 3)))
        self.assertIn("dtype", self.reason(np.ones((2, 3)), "f32"))
        self.assertIn("dtype", self.reason(np.ones((2, 3), np.float16), "bf16"))
        self.assertIn("dtype", self.reason(np.ones((2, 3), bf16), "f16"))
        self.assertIn("shape", self.reason(np.ones((3, 2), np.float32), "f32"))
        for dtype, element in ((np.float32, "f32"), (bf16, "bf16")):
            array = changed(np.ones((2, 3), dtype), (1, 2), NAN)
            self.assertIn("NaN", self.reason(array, element))

    def test_files(self):
        program = cases_topk.case("test", np.ones((2, 3), np.float32), 2, values=False)
        directory = self.path.parent
        self.assertIn("wrote []", run_cases.results_of(program, directory)[1])
        np.save(directory / "indices.npy", data.i32([[[0, 1]], [[0, 1]]]))
        np.save(directory / "count.npy", data.i32([[2], [2]]))
        results, reason = run_cases.results_of(program, directory)
        self.assertIsNone(reason)
        self.assertIsNone(program.checks[0](results))
        (directory / "count.npy.part").touch()
        self.assertIn("part", run_cases.results_of(program, directory)[1])


if __name__ == "__main__":
    unittest.main()
