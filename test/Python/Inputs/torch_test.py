# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""torch's tensors, on the CPU, and on a GPU if there is one."""

import unittest

import numpy as np
import torch

import dsa
from dsa import ops
from dsa.deep_gemm import fp8_mqa_logits
from dsa.flash_mla import flash_mla_sparse_fwd

SCORES = """
func.func @scores(%q: tensor<?x1x2xf32>, %k: tensor<?x2xf32>, %init: tensor<?x?xf32>)
    -> tensor<?x?xf32> {
  %s = dsa.index_scores<none> ins(%q, %k : tensor<?x1x2xf32>, tensor<?x2xf32>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}
"""


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

    def test_cpu_as_numpy(self):
        """The same bits from torch's tensors as from arrays, and tensors again."""
        random = np.random.default_rng(3)

        def draw(*shape):
            return random.standard_normal(shape, np.float32)

        q, k, w = draw(5, 4, 32), draw(70, 32), draw(5, 4)
        lo, hi = np.zeros(5, np.int32), np.arange(60, 65, dtype=np.int32)
        calls = {
            "index_scores": lambda to: ops.index_scores(
                to(q), to(k), to(w), bounds=(to(lo), to(hi))
            ),
            "topk": lambda to: ops.topk(to(q[:, 0].copy()), 8, values=True),
            "select": lambda to: ops.select(
                to(q), to(k), 16, to(w), bounds=(to(lo), to(hi)), values=True
            ),
            "attention": lambda to: ops.attention(
                to(q), to(k), scale=0.2, value_width=16, max=True
            ),
            "merge": lambda to: ops.merge(
                to(q.reshape(5, 1, 4, 32)), to(w.reshape(5, 1, 4))
            ),
        }
        for name, call in calls.items():
            with self.subTest(name):
                arrays, tensors = call(np.asarray), call(torch.from_numpy)
                if not isinstance(arrays, tuple):
                    arrays, tensors = (arrays,), (tensors,)
                self.assertEqual(len(arrays), len(tensors))
                for array, tensor in zip(arrays, tensors):
                    self.assertIsInstance(tensor, torch.Tensor)
                    np.testing.assert_array_equal(tensor.numpy(), array)

    def test_cpu_kernel_reads_in_place(self):
        """A tensor that is a view into a larger one, at an address of its own."""
        kernel = dsa.compile(SCORES)
        memory = torch.arange(1 + 2 * 3, dtype=torch.float32)
        k, q = memory[1:].view(3, 2), torch.ones(1, 1, 2)
        expected = k.sum(1)[None].numpy()
        out = kernel(q, k, torch.empty(1, 3))
        self.assertIsInstance(out, torch.Tensor)
        np.testing.assert_array_equal(out.numpy(), expected)
        k += 1
        np.testing.assert_array_equal(kernel(q, k, torch.empty(1, 3)), expected + 2)

    @unittest.skipUnless(torch.cuda.is_available(), "no GPU")
    def test_cuda(self):
        self.check("cuda")
        self.check_packed("cuda")


if __name__ == "__main__":
    unittest.main()
