# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What every public function says of itself: types and a docstring, with shapes."""

import inspect
import sys
import unittest

import numpy as np

import dsa
from dsa import deep_gemm, flash_mla, ops


def public(module):
    for name, value in vars(module).items():
        if name.startswith("_") or inspect.ismodule(value):
            continue
        if getattr(value, "__module__", "").startswith("dsa"):
            yield name, value


def functions():
    for module in (dsa, ops, ops.cache, flash_mla, deep_gemm):
        for name, value in public(module):
            if inspect.isfunction(value):
                yield f"{module.__name__}.{name}", value
            elif inspect.isclass(value):
                for method, function in vars(value).items():
                    if not method.startswith("_") and inspect.isfunction(function):
                        yield f"{value.__name__}.{method}", function


class InterfaceTest(unittest.TestCase):
    def test_types(self):
        for name, function in functions():
            signature = inspect.signature(function)
            with self.subTest(name):
                self.assertIsNot(signature.return_annotation, inspect.Signature.empty)
                for parameter in signature.parameters.values():
                    if parameter.name != "self":
                        self.assertIsNot(
                            parameter.annotation, inspect.Parameter.empty, parameter
                        )

    def test_docstrings(self):
        for name, function in functions():
            with self.subTest(name):
                self.assertTrue(function.__doc__)

    def test_docstrings_give_shapes(self):
        operations = [getattr(ops, name) for name in ops.__all__ if name != "cache"]
        operations.remove(ops.chip_for)
        drop_ins = [flash_mla.flash_mla_sparse_fwd, deep_gemm.fp8_mqa_logits]
        for function in operations + drop_ins:
            with self.subTest(function.__name__):
                self.assertRegex(function.__doc__, r"\[[A-Za-z_]+(, [A-Za-z_0-9]+)+\]")

    def test_arrays_need_no_torch(self):
        scores = ops.index_scores(
            np.ones((1, 1, 4), np.float32), np.ones((2, 4), np.float32)
        )
        self.assertEqual(type(scores), np.ndarray)
        self.assertNotIn("torch", sys.modules)

    def test_functions_are_found(self):
        names = [name for name, _ in functions()]
        for name in ("dsa.compile", "dsa.ops.topk", "CUDAKernel.save"):
            self.assertIn(name, names)


if __name__ == "__main__":
    unittest.main()
