# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The functions that stand in for FlashMLA's and DeepGEMM's."""

import inspect
import unittest

import ml_dtypes
import numpy as np
import oracle

import dsa
from dsa.deep_gemm import fp8_mqa_logits
from dsa.flash_mla import flash_mla_sparse_fwd

BF16, F8 = ml_dtypes.bfloat16, ml_dtypes.float8_e4m3fn


class FlashMLATest(unittest.TestCase):
    def setUp(self):
        random = np.random.default_rng(3)
        self.q = random.standard_normal((4, 16, 576)).astype(BF16)
        self.kv = random.standard_normal((90, 1, 576)).astype(BF16)
        self.indices = random.integers(-9, 99, (4, 1, 64), dtype=np.int32)
        self.sink = random.standard_normal(16).astype(np.float32)

    def check(self, found, **clauses):
        output, max_logits, lse = found
        expected, expected_lse, expected_max = oracle.sparse_attention(
            self.q,
            self.kv[:, 0],
            None,
            self.indices,
            scale=0.04,
            value_width=512,
            **clauses
        )
        self.assertEqual(output.dtype, BF16)
        np.testing.assert_allclose(
            output.astype(np.float64), expected, rtol=2e-2, atol=2e-2
        )
        np.testing.assert_allclose(max_logits, expected_max, rtol=1e-4, atol=1e-4)
        # What has no keys is told from the other side of infinity.
        expected_lse = np.where(expected_lse == -np.inf, np.inf, expected_lse)
        np.testing.assert_allclose(lse, expected_lse, rtol=1e-4, atol=1e-4)

    def test_plain(self):
        self.indices[2] = -1
        found = flash_mla_sparse_fwd(self.q, self.kv, self.indices, 0.04)
        self.check(found)
        self.assertTrue(np.all(found[0][2] == 0))
        self.assertTrue(np.all(found[1][2] == -np.inf))
        self.assertTrue(np.all(found[2][2] == np.inf))

    def test_sink_and_lengths(self):
        lengths = np.array([64, 0, 5, 40], np.int32)
        found = flash_mla_sparse_fwd(
            self.q, self.kv, self.indices, 0.04, 512, self.sink, lengths
        )
        self.check(found, sink=self.sink, lengths=lengths[:, None])

    def test_signature(self):
        names = list(inspect.signature(flash_mla_sparse_fwd).parameters)
        self.assertEqual(
            names, ["q", "kv", "indices", "sm_scale", "d_v", "attn_sink", "topk_length"]
        )


class DeepGEMMTest(unittest.TestCase):
    def setUp(self):
        random = np.random.default_rng(4)
        self.q = random.standard_normal((6, 8, 32)).astype(F8)
        self.keys = random.standard_normal((50, 32)).astype(F8)
        self.scales = np.abs(random.standard_normal(50)).astype(np.float32)
        self.weights = random.standard_normal((6, 8)).astype(np.float32)
        self.start = np.array([0, 3, 10, 20, 20, 0], np.int32)
        self.end = np.array([1, 50, 30, 20, 21, 50], np.int32)

    def test_logits(self):
        found = fp8_mqa_logits(
            self.q, (self.keys, self.scales), self.weights, self.start, self.end
        )
        expected = oracle.index_scores(
            self.q,
            self.keys,
            weights=self.weights,
            k_scale=self.scales,
            bounds=(self.start, self.end),
            activation="relu",
        )
        self.assertEqual(found.dtype, np.float32)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)

    def test_packed_rows_are_refused(self):
        with self.assertRaisesRegex(dsa.ArgumentError, "max_seqlen_k = 0, but found 7"):
            fp8_mqa_logits(
                self.q,
                (self.keys, self.scales),
                self.weights,
                self.start,
                self.end,
                False,
                7,
            )


if __name__ == "__main__":
    unittest.main()
