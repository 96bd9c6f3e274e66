# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""torch tensors, where torch is: on the CPU, and on a GPU if there is one."""

import unittest

import numpy as np

import dsa
from dsa import ops
from dsa.deep_gemm import fp8_mqa_logits
from dsa.flash_mla import flash_mla_sparse_fwd

try:
    import torch
except ImportError:
    torch = None


@unittest.skipIf(torch is None, "no torch")
class TorchTest(unittest.TestCase):
    def check(self, device):
        generator = torch.Generator().manual_seed(1)
        q = torch.randn(5, 16, 576, generator=generator).bfloat16()
        kv = torch.randn(90, 576, generator=generator).bfloat16()
        indices = torch.randint(-9, 99, (5, 1, 64), generator=generator).int()
        rows = kv.float()[indices[:, 0].clamp(0, 89).long()]
        x = torch.einsum("thd,tkd->thk", q.float(), rows)
        hole = (indices < 0) | (indices >= 90)
        x = (x * 0.04).masked_fill(hole, float("-inf"))
        q, kv, indices = (tensor.to(device) for tensor in (q, kv, indices))
        out, lse = ops.sparse_attention(q, kv, indices, scale=0.04, value_width=512)
        expected = x.softmax(-1) @ rows[:, :, :512]
        self.assertEqual(out.device.type, device)
        self.assertEqual(out.dtype, torch.bfloat16)
        self.assertLess((out.float().cpu() - expected).abs().max(), 0.05)
        self.assertLess((lse.cpu() - x.logsumexp(-1)).abs().max(), 1e-2)

        again, _, dead = flash_mla_sparse_fwd(q, kv[:, None], indices.fill_(-1), 0.04)
        self.assertEqual(again.abs().max(), 0)
        self.assertTrue(torch.all(dead == float("inf")))
        with self.assertRaisesRegex(dsa.ArgumentError, "'q' to be row-major"):
            ops.sparse_attention(q[:, ::2], kv, indices, scale=0.04)
        # Results are the caller's: they may be written to, and kept.
        again += 1

    def check_packed(self, device):
        generator = torch.Generator().manual_seed(2)
        q = torch.randn(6, 8, 32, generator=generator).to(torch.float8_e4m3fn)
        keys = torch.randn(50, 32, generator=generator).to(torch.float8_e4m3fn)
        scales, weights = torch.rand(50, generator=generator), torch.randn(
            6, 16, generator=generator
        )
        start = torch.tensor([0, 3, 10, 20, 20, 45], dtype=torch.int32)
        end = torch.tensor([1, 50, 30, 20, 21, 60], dtype=torch.int32)
        # Weights that are the first columns of a wider matrix.
        arguments = [
            tensor.to(device) for tensor in (q, keys, scales, weights, start, end)
        ]
        q, keys, scales, weights, start, end = arguments
        arguments = q, (keys, scales), weights[:, :8], start, end
        whole = fp8_mqa_logits(*arguments)
        packed = fp8_mqa_logits(*arguments, clean_logits=False, max_seqlen_k=47)
        self.assertEqual(packed.shape, (6, 47))
        self.assertEqual(packed.device.type, device)
        for row, (first, last) in enumerate(zip(start.tolist(), end.tolist())):
            part = whole[row, first:last]
            self.assertTrue(torch.equal(packed[row, : len(part)], part))
            self.assertTrue(torch.all(packed[row, len(part) :] == float("-inf")))

    def test_cpu(self):
        self.check("cpu")
        self.check_packed("cpu")

    @unittest.skipUnless(torch and torch.cuda.is_available(), "no GPU")
    def test_cuda(self):
        self.check("cuda")
        self.check_packed("cuda")


class NoTorchTest(unittest.TestCase):
    def test_numpy_needs_no_torch(self):
        scores = ops.index_scores(
            np.ones((1, 1, 4), np.float32), np.ones((2, 4), np.float32)
        )
        self.assertEqual(type(scores), np.ndarray)


if __name__ == "__main__":
    unittest.main()
