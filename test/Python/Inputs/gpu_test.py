# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The package on torch's CUDA tensors, with kernels that a compiler left in a folder.

gpu_test.py FOLDER --fill CHIP...     where the compiler is
gpu_test.py FOLDER                    where the GPU is; needs torch, and no compiler
"""

import pathlib
import sys
import unittest

from dsa import TensorSpec, ops
from dsa.deep_gemm import fp8_mqa_logits
from dsa.flash_mla import flash_mla_sparse_fwd

HEADS, WIDTH, TOP, FIRST = 64, 128, 96, 32
QUERY_HEADS, KEY_WIDTH, VALUE_WIDTH, SCALE = 128, 576, 512, 0.07


def spec(element, *shape):
    return TensorSpec(shape, element)


def fill(chip):
    """Compiles what the tests below call."""
    i32 = spec("i32", 1)
    scorer = spec("f8E4M3FN", 1, HEADS, WIDTH), spec("f8E4M3FN", 1, WIDTH)
    weights, scales = spec("f32", 1, HEADS), spec("f32", 1)
    clauses = {"k_scale": scales, "bounds": (i32, i32), "target": chip}
    ops.index_scores(*scorer, weights, **clauses)
    ops.select(*scorer, TOP, weights, **clauses)
    ops.topk(spec("f32", 1, 1), TOP, target=chip)
    attention = spec("bf16", 1, QUERY_HEADS, KEY_WIDTH), spec("bf16", 1, KEY_WIDTH)
    clauses = {"scale": SCALE, "value_width": VALUE_WIDTH, "max": True, "target": chip}
    indices, sink = spec("i32", 1, 1, TOP), spec("f32", QUERY_HEADS)
    ops.sparse_attention(*attention, indices, **clauses)
    ops.sparse_attention(
        *attention, indices, lengths=spec("i32", 1, 1), sink=sink, **clauses
    )
    del clauses["max"]
    ops.sparse_attention(*attention, spec("i32", 1, 1, FIRST), **clauses)
    ops.attention(
        spec("f16", 1, 8, 64),
        spec("f16", 1, 2, 64),
        value=spec("f16", 1, 2, 64),
        scale=SCALE,
        target=chip,
    )


class GPUTest(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(5)
        torch.set_float32_matmul_precision("highest")

    def normal(self, *shape, dtype=None):
        # There are no random numbers of eight bits.
        return torch.randn(*shape, device="cuda").to(dtype or torch.float32)

    def integers(self, low, high, *shape):
        return torch.randint(low, high, shape, device="cuda", dtype=torch.int32)

    def assert_close(self, found, expected, tolerance):
        self.assertEqual(found.device.type, "cuda")
        torch.testing.assert_close(
            found.float(), expected.float(), rtol=tolerance, atol=tolerance
        )

    def scorer(self, rows, keys):
        f8 = torch.float8_e4m3fn
        q, k = self.normal(rows, HEADS, WIDTH, dtype=f8), self.normal(
            keys, WIDTH, dtype=f8
        )
        low = self.integers(0, keys // 2, rows)
        high = self.integers(keys // 2, keys + 9, rows)
        return q, (k, self.normal(keys).abs()), self.normal(rows, HEADS), low, high

    def scores(self, q, kv, weights, low, high):
        (k, scales), at = kv, torch.arange(kv[0].shape[0], device="cuda")
        products = torch.einsum("thd,nd->thn", q.float(), k.float()).relu()
        scores = torch.einsum("thn,th->tn", products, weights) * scales
        outside = (at < low[:, None]) | (at >= high[:, None])
        return scores.masked_fill(outside, float("-inf"))

    def test_fp8_mqa_logits(self):
        # What matrix units lose of products of bytes (docs/Accuracy.md) is relative to
        # the largest scores.
        for rows, keys in ((130, 1000), (1, 70)):
            arguments = self.scorer(rows, keys)
            found, expected = fp8_mqa_logits(*arguments), self.scores(*arguments)
            visible = expected.isfinite()
            self.assertTrue(torch.equal(found.isfinite(), visible))
            largest = expected.where(visible, 0).abs().amax(dim=1, keepdim=True)
            error = (found - expected).where(visible, 0).abs()
            self.assertTrue(torch.all(error <= 1e-3 * largest), error.max())

    def test_packed_rows(self):
        arguments = self.scorer(130, 1000)
        whole, (low, high) = fp8_mqa_logits(*arguments), arguments[-2:]
        width = int((high.clamp(max=1000) - low).max())
        packed = fp8_mqa_logits(*arguments, clean_logits=False, max_seqlen_k=width)
        self.assertEqual(packed.shape, (130, width))
        for row, (first, last) in enumerate(zip(low.tolist(), high.tolist())):
            part = whole[row, first:last]
            self.assertTrue(torch.equal(packed[row, : len(part)], part))
            self.assertTrue(torch.all(packed[row, len(part) :] == -torch.inf))

    def test_topk(self):
        scores = self.normal(70, 3000)
        indices, count = ops.topk(scores, TOP)
        expected = scores.topk(TOP).indices.sort().values
        self.assertTrue(torch.equal(indices[:, 0].long(), expected))
        self.assertTrue(torch.all(count == TOP))

    def test_dlpack(self):
        class Other:
            """A tensor of some other library."""

            def __init__(self, tensor):
                self.tensor, self.shape = tensor, tensor.shape

            def __dlpack__(self, **arguments):
                return self.tensor.__dlpack__(**arguments)

            def __dlpack_device__(self):
                return self.tensor.__dlpack_device__()

        scores = self.normal(70, 3000)
        for one, other in zip(ops.topk(scores, TOP), ops.topk(Other(scores), TOP)):
            self.assertTrue(torch.equal(one, other))

    def test_select_repeats(self):
        q, (k, scales), weights, low, high = self.scorer(40, 2000)
        clauses = {"k_scale": scales, "bounds": (low, high)}
        one, other = (ops.select(q, k, TOP, weights, **clauses) for _ in range(2))
        for a, b in zip(one, other):
            self.assertTrue(torch.equal(a, b))
        best = self.scores(q, (k, scales), weights, low, high).topk(TOP).values
        chosen = self.scores(q, (k, scales), weights, low, high).gather(
            1, one[0][:, 0].clamp(min=0).long()
        )
        self.assert_close(chosen.sort(descending=True).values, best, 5e-2)

    def attend(self, q, kv, indices, sink=None, lengths=None):
        places = torch.arange(indices.shape[2], device="cuda")
        hole = (indices < 0) | (indices >= kv.shape[0])
        if lengths is not None:
            hole |= places >= lengths[:, None, None]
        listed = kv[:, 0].float()[indices[:, 0].masked_fill(hole[:, 0], 0).long()]
        x = torch.einsum("thd,tkd->thk", q.float(), listed) * SCALE
        x = x.masked_fill(hole, float("-inf"))
        lse, total = x.logsumexp(-1), x.logsumexp(-1)
        if sink is not None:
            total = torch.logaddexp(lse, sink)
        total = total.masked_fill(lse == float("-inf"), float("inf"))
        out = (x - total[..., None]).exp() @ listed[..., :VALUE_WIDTH]
        dead = lse == float("-inf")
        return out, x.amax(-1), lse.masked_fill(dead, float("inf"))

    def test_flash_mla_sparse_fwd(self):
        q = self.normal(65, QUERY_HEADS, KEY_WIDTH, dtype=torch.bfloat16)
        kv = self.normal(500, 1, KEY_WIDTH, dtype=torch.bfloat16)
        indices = self.integers(-50, 550, 65, 1, TOP)
        indices[3] = -1
        found = flash_mla_sparse_fwd(q, kv, indices, SCALE, VALUE_WIDTH)
        for one, other in zip(found, self.attend(q, kv, indices)):
            self.assert_close(one, other, 3e-2)
        sink, lengths = self.normal(QUERY_HEADS), self.integers(0, TOP + 9, 65)
        sink[:9], sink[20:30] = torch.inf, -torch.inf
        arguments = q, kv, indices, SCALE, VALUE_WIDTH, sink, lengths
        expected = self.attend(q, kv, indices, sink, lengths)
        for one, other in zip(flash_mla_sparse_fwd(*arguments), expected):
            self.assert_close(one, other, 3e-2)

    def test_first_entries_alone(self):
        q = self.normal(65, QUERY_HEADS, KEY_WIDTH, dtype=torch.bfloat16)
        kv = self.normal(500, 1, KEY_WIDTH, dtype=torch.bfloat16)
        indices = self.integers(-50, 550, 65, 1, TOP)
        indices[3, :, :FIRST] = -1
        arguments = q, kv, indices, SCALE, VALUE_WIDTH
        found = flash_mla_sparse_fwd(*arguments, indexer_topk=FIRST)
        for one, other in zip(found, self.attend(q, kv, indices)):
            self.assert_close(one, other, 3e-2)
        *_, expected = self.attend(q, kv, indices[:, :, :FIRST])
        self.assert_close(found[3], expected, 3e-2)

    def test_views_with_gaps(self):
        q = self.normal(9, QUERY_HEADS, KEY_WIDTH + 8, dtype=torch.bfloat16)
        kv = self.normal(100, 2, KEY_WIDTH, dtype=torch.bfloat16)
        q, kv = q[..., :KEY_WIDTH], kv[:, :1]
        indices = self.integers(0, 100, 9, 1, TOP)
        found = flash_mla_sparse_fwd(q, kv, indices, SCALE, VALUE_WIDTH)
        for one, other in zip(found, self.attend(q, kv, indices)):
            self.assert_close(one, other, 3e-2)

    def test_attention(self):
        f16 = torch.float16
        q, k, v = (
            self.normal(n, h, 64, dtype=f16) for n, h in ((9, 8), (300, 2), (300, 2))
        )
        out, lse = ops.attention(q, k, value=v, scale=SCALE)
        k, v = (x.float().repeat_interleave(4, 1) for x in (k, v))
        x = torch.einsum("thd,nhd->thn", q.float(), k) * SCALE
        self.assert_close(out, torch.einsum("thn,nhd->thd", x.softmax(-1), v), 1e-2)
        self.assert_close(lse, x.logsumexp(-1), 1e-2)

    def test_current_stream(self):
        scores, stream = self.normal(4000, 3000), torch.cuda.Stream()
        expected = (-scores).topk(TOP).indices.sort().values
        torch.cuda.synchronize()
        with torch.cuda.stream(stream):
            # Work before and after the kernel, which must wait for one another.
            torch.cuda._sleep(50_000_000)
            indices, _ = ops.topk(scores.neg_(), TOP)
            found = indices[:, 0].long() + 0
        stream.synchronize()
        self.assertTrue(torch.equal(found, expected))


if __name__ == "__main__":
    folder, *chips = (argument for argument in sys.argv[1:] if argument != "--fill")
    ops.cache.use_directory(pathlib.Path(folder))
    if "--fill" in sys.argv:
        for chip in chips:
            ops.cache.clear()
            fill(chip)
        sys.exit()
    import torch

    unittest.main(argv=sys.argv[:1])
