# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""dsa.ops on NumPy arrays, against the oracle of test/Integration."""

import unittest

import ml_dtypes
import numpy as np
import oracle

import dsa
from dsa import ops
from dsa._calls import _CHIPS

BF16, F8 = ml_dtypes.bfloat16, ml_dtypes.float8_e4m3fn


class OpsTest(unittest.TestCase):
    def setUp(self):
        self.random = np.random.default_rng(7)

    def normal(self, *shape, dtype=np.float32):
        return self.random.standard_normal(shape).astype(dtype)

    def integers(self, low, high, *shape):
        return self.random.integers(low, high, shape, dtype=np.int32)

    def assert_close(self, found, expected, dtype=np.float32):
        self.assertEqual(found.dtype, dtype)
        tolerance = {np.float32: 1e-4, BF16: 2e-2}[dtype]
        np.testing.assert_allclose(
            found.astype(np.float64), expected, rtol=tolerance, atol=tolerance
        )

    def test_index_scores(self):
        q, k = self.normal(5, 4, 32), self.normal(70, 32)
        w, bounds = self.normal(5, 4), (
            self.integers(0, 9, 5),
            self.integers(50, 99, 5),
        )
        self.assert_close(
            ops.index_scores(q, k, w, bounds=bounds),
            oracle.index_scores(q, k, weights=w, bounds=bounds, activation="relu"),
        )

    def test_index_scores_of_sequences(self):
        q, k = self.normal(5, 2, 16, dtype=F8), self.normal(3, 40, 16, dtype=F8)
        scales, seq = np.abs(self.normal(3, 40)), self.integers(0, 4, 5)
        self.assert_close(
            ops.index_scores(q, k, k_scale=scales, seq=seq, activation="none"),
            oracle.index_scores(q, k, k_scale=scales, seq=seq, activation="none"),
        )

    def test_index_scores_of_pages(self):
        q, k = self.normal(5, 2, 16, dtype=F8), self.normal(6, 8, 16, dtype=F8)
        scales, seq = np.abs(self.normal(6, 8)), self.integers(0, 3, 5)
        table = self.integers(-1, 7, 3, 4)
        clauses = {"k_scale": scales, "seq": seq, "table": table}
        scores = ops.index_scores(q, k, **clauses)
        self.assert_close(
            scores,
            oracle.index_scores(q, k, activation="relu", keys=32, **clauses),
        )
        for one, other in zip(ops.select(q, k, 8, **clauses), ops.topk(scores, 8)):
            np.testing.assert_array_equal(one, other)

    def test_linear_part(self):
        q, k = self.normal(5, 2, 16, dtype=F8), self.normal(40, 16, dtype=F8)
        linear = self.normal(5, 3, 16, dtype=F8), self.normal(5, 3)
        self.assert_close(
            ops.index_scores(q, k, linear=linear, activation="half_abs"),
            oracle.index_scores(q, k, linear=linear, activation="half_abs"),
        )
        scores = ops.index_scores(q, k, linear=linear)
        for one, other in zip(ops.select(q, k, 8, linear=linear), ops.topk(scores, 8)):
            np.testing.assert_array_equal(one, other)

    def test_topk(self):
        scores, at = self.normal(6, 3, 50), self.integers(0, 50, 6)
        found = ops.topk(scores, 8, positions=at, window=(2, 0), first=1, values=True)
        expected = oracle.topk(scores, 8, positions=at, window=(2, 0), first=1)
        for one, other in zip(found, expected):
            np.testing.assert_array_equal(one, other)

    def test_topk_of_partial_results(self):
        scores = self.normal(4, 30)
        ids = self.random.permutation(120).astype(np.int32).reshape(4, 30)
        found = ops.topk(scores, 8, ids=ids)
        expected = oracle.topk(scores, 8, ids=ids)
        for one, other in zip(found, expected):
            np.testing.assert_array_equal(one, other)

    def test_select_is_both(self):
        q, k, w = self.normal(5, 4, 32), self.normal(70, 32), self.normal(5, 4)
        bounds = (self.integers(0, 9, 5), self.integers(50, 99, 5))
        found = ops.select(q, k, 16, w, bounds=bounds, block=2)
        scores = ops.index_scores(q, k, w, bounds=bounds)
        for one, other in zip(found, ops.topk(scores, 16, bounds=bounds, block=2)):
            np.testing.assert_array_equal(one, other)

    def test_sparse_attention(self):
        q, key = self.normal(5, 4, 96, dtype=BF16), self.normal(70, 96, dtype=BF16)
        indices, sink = self.integers(-5, 80, 5, 1, 24), self.normal(4)
        lengths = np.array([[24], [0], [7], [30], [1]], np.int32)
        clauses = {"scale": 0.1, "value_width": 64, "lengths": lengths, "sink": sink}
        found = ops.sparse_attention(q, key, indices, max=True, **clauses)
        expected = oracle.sparse_attention(q, key, None, indices, **clauses)
        for one, other, dtype in zip(found, expected, (BF16, np.float32, np.float32)):
            self.assert_close(one, other, dtype)

    def test_attention_of_key_heads(self):
        q, key, value = (
            self.normal(5, 4, 16),
            self.normal(30, 2, 16),
            self.normal(30, 2, 8),
        )
        bounds, at = (self.integers(0, 9, 5), self.integers(5, 40, 5)), self.integers(
            0, 30, 5
        )
        clauses = {"scale": 1 / 3, "bounds": bounds, "positions": at, "window": (9, 3)}
        found = ops.attention(q, key, value=value, **clauses)
        expected = oracle.attention(q, key, value, **clauses)
        for one, other in zip(found, expected):
            self.assert_close(one, other)

    def test_merge(self):
        out, lse, sink = self.normal(3, 5, 4, 16), self.normal(3, 5, 4), self.normal(4)
        lse[0, 2] = -np.inf
        found = ops.merge(out, lse, sink=sink)
        for one, other in zip(found, oracle.merge(out, lse, sink=sink)):
            self.assert_close(one, other)

    def test_no_rows_and_no_keys(self):
        self.assertEqual(
            ops.index_scores(self.normal(0, 4, 32), self.normal(9, 32)).shape, (0, 9)
        )
        out, lse = ops.attention(self.normal(2, 4, 16), self.normal(0, 16), scale=1.0)
        self.assertEqual(np.abs(out).max(), 0)
        self.assertTrue(np.all(lse == -np.inf))

    def test_one_kernel_for_any_rows_and_keys(self):
        ops.cache.clear()
        for rows, keys in ((3, 20), (4, 33), (1, 1)):
            q, k = self.normal(rows, 2, 16), self.normal(keys, 16)
            self.assert_close(
                ops.index_scores(q, k),
                oracle.index_scores(q, k, activation="relu"),
            )
        kernel = ops.index_scores(
            dsa.TensorSpec((7, 2, 16), "f32"),
            dsa.TensorSpec((9, 16), "f32"),
            target="cpu",
        )
        again = ops.index_scores(
            dsa.TensorSpec((8, 2, 16), "f32"),
            dsa.TensorSpec((5, 16), "f32"),
            target="cpu",
        )
        self.assertIs(kernel, again)

    def test_mistakes(self):
        q, k = self.normal(5, 4, 32), self.normal(70, 32)
        with self.assertRaisesRegex(
            dsa.ArgumentError, "'k' of rank 2, but found tensor<70xf32>"
        ):
            ops.index_scores(q, self.normal(70))
        with self.assertRaisesRegex(dsa.ArgumentError, "'q' to be row-major"):
            ops.index_scores(q[:, ::2], k)
        with self.assertRaisesRegex(dsa.ArgumentError, "but found 'tanh'"):
            ops.index_scores(q, k, activation="tanh")
        with self.assertRaisesRegex(dsa.ArgumentError, "float64"):
            ops.index_scores(q.astype(np.float64), k)
        with self.assertRaisesRegex(dsa.CompileError, "'k' to be 32 .*found 16"):
            ops.index_scores(q, self.normal(70, 16))
        with self.assertRaisesRegex(dsa.ArgumentError, "T = 5"):
            ops.index_scores(q, k, self.normal(6, 4))
        with self.assertRaisesRegex(dsa.ArgumentError, "expected a target"):
            ops.index_scores(
                dsa.TensorSpec((7, 2, 16), "f32"), dsa.TensorSpec((9, 16), "f32")
            )
        with self.assertRaisesRegex(dsa.ArgumentError, "found <class 'list'>"):
            ops.index_scores([1], k)


class ChipTest(unittest.TestCase):
    def test_chips_are_the_compiler_s(self):
        self.assertLessEqual(set(_CHIPS), set(dsa.chips()))

    def test_chip_of_a_capability(self):
        for capability, chip in (
            ((8, 0), "sm_80"),
            ((8, 7), "sm_86"),
            ((9, 0), "sm_90a"),
            ((10, 3), "sm_90"),
            ((12, 1), "sm_120"),
        ):
            self.assertEqual(ops.chip_for(*capability), chip)
        with self.assertRaisesRegex(dsa.ArgumentError, "found 7.5"):
            ops.chip_for(7, 5)


if __name__ == "__main__":
    unittest.main()
