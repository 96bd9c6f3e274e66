# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""dsa.compile: kernels of text, their parameters, calls and mistakes."""

import gc
import pathlib
import tempfile
import threading
import unittest

import numpy as np

import dsa

SCORES = """
func.func @scores(%q: tensor<?x1x2xf32> {dsa.name = "q"}, %k: tensor<?x2xf32> {dsa.name = "k"},
                  %s: tensor<?x?xf32> {dsa.name = "s"}) -> (tensor<?x?xf32> {dsa.name = "out"}) {
  %0 = dsa.index_scores<none> ins(%q, %k : tensor<?x1x2xf32>, tensor<?x2xf32>)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}
"""


class OnlyDLPack:
    """An array of a library that nobody knows."""

    def __init__(self, array):
        self._array = array

    def __dlpack__(self, **arguments):
        return self._array.__dlpack__(**arguments)

    def __dlpack_device__(self):
        return self._array.__dlpack_device__()


class KernelTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kernel = dsa.compile(SCORES)
        cls.q = np.array([[[1, 10]]], np.float32)
        cls.k = np.array([[1, 2], [3, 4], [5, 6]], np.float32)
        cls.s = np.full((1, 3), -1, np.float32)
        cls.expected = [[21, 43, 65]]

    def test_parameters(self):
        self.assertEqual([p.name for p in self.kernel.arguments], ["q", "k", "s"])
        self.assertEqual(self.kernel.arguments[0].shape, (None, 1, 2))
        self.assertEqual(str(self.kernel.results[0]), "tensor<?x?xf32>")
        self.assertEqual(self.kernel.target, "cpu")

    def test_by_place_and_by_name(self):
        np.testing.assert_array_equal(
            self.kernel(self.q, self.k, self.s), self.expected
        )
        found = self.kernel(self.q, s=self.s, k=self.k)
        np.testing.assert_array_equal(found, self.expected)
        # Destinations stay as they are.
        self.assertEqual(self.s[0, 0], -1)

    def test_dlpack(self):
        found = self.kernel(OnlyDLPack(self.q), OnlyDLPack(self.k), OnlyDLPack(self.s))
        np.testing.assert_array_equal(found, self.expected)

    def test_results_outlive_the_kernel(self):
        kernel = dsa.compile(SCORES)
        result = kernel(self.q, self.k, self.s)
        view = result[:, 1:]
        del kernel, result
        gc.collect()
        np.testing.assert_array_equal(view, [[43, 65]])
        view += 1

    def test_mistakes(self):
        cases = [
            ((self.q, self.k), {}, "expected arguments s, found none"),
            ((self.q, self.k, self.s, self.s), {}, "expected 3 arguments, found 4"),
            ((self.q, self.k, self.s), {"q": self.q}, "'q' is given twice"),
            ((self.q, self.k), {"x": self.s}, "expected arguments q, k, s, found 'x'"),
            ((self.k, self.k, self.s), {}, r"'q' to be tensor<\?x1x2xf32>, but found"),
            ((self.q, self.k, self.s[:, 1:].copy()), {}, "expected N = 3"),
        ]
        for arguments, named, message in cases:
            with self.assertRaisesRegex(dsa.ArgumentError, message):
                self.kernel(*arguments, **named)

    def test_modules_that_do_not_compile(self):
        with self.assertRaisesRegex(dsa.CompileError, "expected 'ins'"):
            dsa.compile("func.func @f() { dsa.topk }")
        with self.assertRaisesRegex(dsa.CompileError, "no function @other"):
            dsa.compile(SCORES, entry="other")
        with self.assertRaisesRegex(dsa.CompileError, "found 'sm_1'"):
            dsa.compile(SCORES, target="sm_1")

    def test_module_of_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "scores.mlir")
            path.write_text(SCORES)
            kernel = dsa.compile(path)
        np.testing.assert_array_equal(kernel(self.q, self.k, self.s), self.expected)

    def test_remarks(self):
        kernel = dsa.compile(SCORES, target="sm_90a", remarks=True)
        self.assertIn("dsa.index_scores", "".join(kernel.remarks))
        self.assertEqual(dsa.compile(SCORES, target="sm_90a").remarks, ())

    def test_threads(self):
        results = {}

        def work(number):
            kernel = dsa.compile(SCORES)
            results[number] = [
                kernel(self.q, self.k, self.s).tolist(),
                self.kernel(self.q, self.k, self.s).tolist(),
            ]

        threads = [threading.Thread(target=work, args=[i]) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(results), 4)
        for both in results.values():
            self.assertEqual(both, [self.expected, self.expected])

    def test_version(self):
        self.assertEqual(dsa.version(), dsa.__version__)


if __name__ == "__main__":
    unittest.main()
