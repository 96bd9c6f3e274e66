# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""torch tensors, where torch is: on the CPU, and on a GPU if there is one."""

import unittest

import numpy as np

from dsa import ops

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
        x = torch.einsum("thd,tkd->thk", q.float(), kv.float()[indices[:, 0].clamp(0, 89)])
        hole = (indices < 0) | (indices >= 90)
        x = (x * 0.04).masked_fill(hole, float("-inf"))
        out, lse = ops.sparse_attention(
            q.to(device), kv.to(device), indices.to(device), scale=0.04, value_width=512
        )
        self.assertEqual(out.device.type, device)
        self.assertEqual(out.dtype, torch.bfloat16)
        np.testing.assert_allclose(lse.cpu(), x.logsumexp(-1), rtol=1e-3)

    def test_cpu(self):
        self.check("cpu")

    @unittest.skipUnless(torch and torch.cuda.is_available(), "no GPU")
    def test_cuda(self):
        self.check("cuda")


class NoTorchTest(unittest.TestCase):
    def test_numpy_needs_no_torch(self):
        scores = ops.index_scores(
            np.ones((1, 1, 4), np.float32), np.ones((2, 4), np.float32)
        )
        self.assertEqual(type(scores), np.ndarray)


if __name__ == "__main__":
    unittest.main()
