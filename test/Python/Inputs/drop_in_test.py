# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The functions that stand in for FlashMLA's and DeepGEMM's."""

import inspect
import unittest
import unittest.mock

import ml_dtypes
import numpy as np
import oracle

import dsa
import dsa.deep_gemm
from dsa.deep_gemm import fp8_mqa_logits
from dsa.flash_mla import flash_mla_sparse_fwd

BF16, F8 = ml_dtypes.bfloat16, ml_dtypes.float8_e4m3fn
# What FlashMLA's tests write where there is no key, of 90.
_NO_KEYS = -(2**31), -123456, -1, 90, 114514, 1919810, 2147480000, 2**31 - 1


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

    def test_infinite_sinks(self):
        self.sink[:8], self.sink[8:12] = np.inf, -np.inf
        self.indices[1] = -1
        found = flash_mla_sparse_fwd(
            self.q, self.kv, self.indices, sm_scale=0.04, attn_sink=self.sink
        )
        self.check(found, sink=self.sink)
        self.assertTrue(np.all(found[0][:, :8] == 0))

    def test_what_is_no_key(self):
        self.indices[:, :, ::8] = _NO_KEYS
        self.check(flash_mla_sparse_fwd(self.q, self.kv, self.indices, 0.04))

    def test_views_with_gaps(self):
        def gaps(array):
            whole = np.zeros([size + 3 for size in array.shape], array.dtype)
            view = whole[tuple(map(slice, array.shape))]
            view[...] = array
            return view

        found = flash_mla_sparse_fwd(
            gaps(self.q), gaps(self.kv), gaps(self.indices), 0.04
        )
        self.check(found)

    def test_lengths_count_in_each_key_head_s_list(self):
        kv = np.random.default_rng(5).standard_normal((90, 2, 32)).astype(BF16)
        indices = np.tile(self.indices, (1, 2, 1))
        lengths = np.array([64, 0, 5, 40], np.int32)
        output, _, lse = flash_mla_sparse_fwd(
            self.q[:, :, :32], kv, indices, 0.1, 16, topk_length=lengths
        )
        clauses = {"scale": 0.1, "value_width": 16, "lengths": lengths[:, None]}
        for head, queries in enumerate((slice(8), slice(8, 16))):
            expected, expected_lse, _ = oracle.sparse_attention(
                self.q[:, queries, :32], kv[:, head], None, self.indices, **clauses
            )
            np.testing.assert_allclose(
                output[:, queries].astype(np.float64), expected, rtol=2e-2, atol=2e-2
            )
            live = lengths != 0
            np.testing.assert_allclose(
                lse[live, queries], expected_lse[live], rtol=1e-4, atol=1e-4
            )

    def test_first_entries_alone(self):
        lengths = np.array([64, 0, 5, 40], np.int32)
        self.indices[3, 0, :16] = -1
        for count, sink in ((lengths, self.sink), (None, None)):
            found = flash_mla_sparse_fwd(
                self.q, self.kv, self.indices, 0.04, 512, sink, count, indexer_topk=16
            )
            clauses = {} if count is None else {"lengths": count[:, None]}
            _, expected, _ = oracle.sparse_attention(
                self.q,
                self.kv[:, 0],
                None,
                self.indices[:, :, :16],
                scale=0.04,
                value_width=512,
                **clauses
            )
            expected = np.where(expected == -np.inf, np.inf, expected)
            self.assertTrue(np.all(found[3][3] == np.inf))
            np.testing.assert_allclose(found[3], expected, rtol=1e-4, atol=1e-4)
            if sink is not None:
                clauses["sink"] = sink
            self.check(found[:3], **clauses)

    def test_mistakes(self):
        for most in (-1, 65):
            with self.assertRaisesRegex(
                dsa.ArgumentError, rf"indexer_topk in \[0, 64\], but found {most}"
            ):
                flash_mla_sparse_fwd(
                    self.q, self.kv, self.indices, 0.04, indexer_topk=most
                )
        with self.assertRaisesRegex(dsa.ArgumentError, "'kv' of rank 3, .* \\(90, 576"):
            flash_mla_sparse_fwd(self.q, self.kv[:, 0], self.indices, 0.04)
        with self.assertRaisesRegex(dsa.ArgumentError, "'q' to be a NumPy .*'list'"):
            flash_mla_sparse_fwd([1], self.kv, self.indices, 0.04)

    def test_signature(self):
        names = list(inspect.signature(flash_mla_sparse_fwd).parameters)
        self.assertEqual(
            names,
            ["q", "kv", "indices", "sm_scale", "d_v", "attn_sink", "topk_length"]
            + ["indexer_topk"],
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

    def call(self, **options):
        return fp8_mqa_logits(
            self.q,
            (self.keys, self.scales),
            self.weights,
            self.start,
            self.end,
            **options
        )

    def expected(self):
        return oracle.index_scores(
            self.q,
            self.keys,
            weights=self.weights,
            k_scale=self.scales,
            bounds=(self.start, self.end),
            activation="relu",
        )

    def check(self, found, expected):
        self.assertEqual(found.dtype, np.float32)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)

    def test_logits(self):
        self.check(self.call(), self.expected())
        self.check(self.call(clean_logits=False), self.expected())

    def packed(self, width):
        """What DeepGEMM's tests make of whole rows, the other way around."""
        whole, packed = self.expected(), np.full((6, width), -np.inf, np.float32)
        for row, (first, last) in enumerate(zip(self.start, self.end)):
            part = whole[row, max(first, 0) : max(last, 0)][:width]
            packed[row, : len(part)] = part
        return packed

    def test_packed_rows(self):
        for width in (1, 50, 64):
            found = self.call(clean_logits=False, max_seqlen_k=width)
            self.check(found, self.packed(width))
        # The end of a range may lie behind the last key.
        self.start[1], self.end[1] = 45, 60
        self.check(self.call(clean_logits=False, max_seqlen_k=20), self.packed(20))

    def test_packed_rows_in_parts(self):
        with unittest.mock.patch.object(dsa.deep_gemm, "_MOST_BYTES", 4 * 50 * 4):
            found = self.call(clean_logits=False, max_seqlen_k=30)
        self.check(found, self.packed(30))

    def test_no_keys_and_no_rows(self):
        self.keys, self.scales = self.keys[:0], self.scales[:0]
        found = self.call(clean_logits=False, max_seqlen_k=3)
        self.check(found, np.full((6, 3), -np.inf))
        for name in ("q", "weights", "start", "end"):
            setattr(self, name, getattr(self, name)[:0])
        found = self.call(clean_logits=False, max_seqlen_k=3)
        self.assertEqual(found.shape, (0, 3))

    def test_weights_with_gaps(self):
        self.weights = np.repeat(self.weights, 2, axis=0)[::2]
        self.assertFalse(self.weights.flags.c_contiguous)
        self.check(self.call(), self.expected())

    def test_signature(self):
        names = list(inspect.signature(fp8_mqa_logits).parameters)
        self.assertEqual(
            names,
            ["q", "kv", "weights", "cu_seq_len_k_start", "cu_seq_len_k_end"]
            + ["clean_logits", "max_seqlen_k"],
        )

    def test_mistakes(self):
        with self.assertRaisesRegex(dsa.ArgumentError, "clean_logits = False beside"):
            self.call(max_seqlen_k=7)
        with self.assertRaisesRegex(dsa.ArgumentError, "of 0 or more, but found -1"):
            self.call(max_seqlen_k=-1)
        self.end = self.end[:5]
        with self.assertRaisesRegex(dsa.ArgumentError, "of 6 rows, .* 6, 6 and 5"):
            self.call(clean_logits=False, max_seqlen_k=7)
        with self.assertRaisesRegex(dsa.ArgumentError, "T = 6"):
            self.call()


if __name__ == "__main__":
    unittest.main()
