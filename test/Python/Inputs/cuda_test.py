# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Artifacts for GPUs, launched on the driver that stands in for CUDA's.

Device memory is host memory there; kernels do what unittests/Runtime/CUDA/FakeDriver.cpp
says of their names. Runs without the compiler's library. Usage: cuda_test.py DRIVER
"""

import json
import pathlib
import sys
import tempfile
import unittest

import numpy as np

import dsa
from dsa import _tensors, ops

SIZE = ["size", 0, 0]
VIEW = {"kind": "memref", "offset": 0, "sizes": [SIZE], "strides": [1]}
RECORD = {
    "version": 1,
    "producer": "",
    "chip": "sm_90a",
    "functions": [
        {
            "name": "twice",
            "arguments": [{"name": "x", "element": "f32", "shape": [None]}],
            "requires": [{"condition": ["ge", SIZE, 2], "message": "x is too short"}],
            "results": [{"name": "out", "buffer": 2}, {"name": "same", "buffer": 1}],
            "buffers": [
                {"kind": "workspace", "element": "f32", "shape": [SIZE]},
                {"kind": "argument", "argument": 0, "element": "f32", "shape": [SIZE]},
                {"kind": "result", "element": "f32", "shape": [SIZE]},
            ],
            "variants": [
                {
                    "when": 1,
                    "launches": [
                        {
                            "kernel": "scale",
                            "grid": [1, 1, 1],
                            "block": [32, 1, 1],
                            "cluster": [1, 1, 1],
                            "shared_memory": 0,
                            "parameters": [
                                {**VIEW, "buffer": source},
                                {**VIEW, "buffer": target},
                                {"kind": "f32", "value": factor},
                            ],
                        }
                        for source, target, factor in ((1, 0, 0.5), (0, 2, 4.0))
                    ],
                }
            ],
        }
    ],
}
PTX = ".version 8.0\n.entry scale(8,8,8,8,8, 8,8,8,8,8, 4)\n"


class OnDevice:
    """A NumPy array that says it is on a GPU."""

    def __init__(self, array, device=0):
        self.array, self._device = array, device

    def __dlpack__(self, stream=None):
        self.stream = stream
        capsule = self.array.__dlpack__()
        pointer = _tensors._get_pointer(capsule, b"dltensor")
        tensor = _tensors._DLTensor.from_address(pointer)
        tensor.device_type, tensor.device = 2, self._device
        return capsule


class InStream(OnDevice):
    """One that can be asked beforehand."""

    def __dlpack_device__(self):
        return 2, self._device


class HostMemory:
    """In place of torch."""

    def __init__(self, stream=0x1234):
        self.allocated, self.the_stream = [], stream

    def empty(self, spec, device):
        self.allocated.append((str(spec), device))
        dtype = np.uint8 if spec.element == "bytes" else np.float32
        return np.empty(spec.shape, dtype)

    def address(self, tensor):
        return tensor.ctypes.data

    def stream(self, device):
        return self.the_stream


class CUDATest(unittest.TestCase):
    def setUp(self):
        self.memory = HostMemory()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name, "twice.dsa")
        dsa.CUDAKernel(PTX, json.dumps(RECORD)).save(self.path)

    def load(self, **arguments):
        return dsa.load(self.path, memory=self.memory, driver=DRIVER, **arguments)

    def test_runs_what_was_saved(self):
        kernel = self.load()
        self.assertEqual(kernel.target, "sm_90a")
        self.assertEqual(str(kernel.arguments[0]), "tensor<?xf32>")
        x = np.array([1, 2, 3], np.float32)
        out, same = kernel(OnDevice(x))
        np.testing.assert_array_equal(out, [2, 4, 6])
        self.assertIsNotNone(same)
        self.assertEqual(
            self.memory.allocated, [("tensor<12xbytes>", 0), ("tensor<3xf32>", 0)]
        )
        out, _ = kernel(x=OnDevice(np.ones(5, np.float32)))
        np.testing.assert_array_equal(out, [2] * 5)

    def test_other_libraries_are_told_the_stream(self):
        x = InStream(np.ones(3, np.float32))
        out, _ = self.load()(x)
        np.testing.assert_array_equal(out, [2] * 3)
        self.assertEqual(x.stream, 0x1234)
        self.memory = HostMemory(stream=0)
        self.load()(x)
        # DLPack's name of the default stream.
        self.assertEqual(x.stream, 1)

    def test_plans_do_not_pile_up(self):
        kernel = self.load()
        first = kernel.plan((2,))
        for size in range(3, 1000):
            kernel.plan((size,))
            self.assertIs(kernel.plan((2,)), first)
        self.assertLess(len(kernel._plans), 300)

    def test_mistakes(self):
        kernel, x = self.load(), np.ones(3, np.float32)
        with self.assertRaisesRegex(
            dsa.ArgumentError, "one GPU, but found them on the CPU"
        ):
            kernel(x)
        with self.assertRaisesRegex(dsa.ArgumentError, "x is too short"):
            kernel(OnDevice(x[:1]))
        with self.assertRaisesRegex(dsa.ArgumentError, "found tensor<3xi32>"):
            kernel(OnDevice(x.astype(np.int32)))
        with self.assertRaisesRegex(dsa.LaunchError, "99"):
            kernel(OnDevice(x, 99))
        with self.assertRaisesRegex(dsa.LaunchError, "'thrice', but found twice"):
            self.load(entry="thrice")
        with self.assertRaisesRegex(dsa.LaunchError, "nowhere"):
            dsa.load(self.path, memory=self.memory, driver="nowhere")(OnDevice(x))

    def test_files_that_are_no_artifacts(self):
        self.path.write_text("nothing")
        with self.assertRaisesRegex(dsa.LaunchError, "twice.dsa' to be an artifact"):
            self.load()
        with self.assertRaises(FileNotFoundError):
            dsa.load(self.path.with_name("missing.dsa"))

    def test_a_failure_to_save_leaves_nothing(self):
        kernel = self.load()
        with self.assertRaises(FileNotFoundError):
            kernel.save(self.path.parent / "missing" / "twice.dsa")
        self.assertEqual([p.name for p in self.path.parent.iterdir()], ["twice.dsa"])

    def test_directory_of_kernels(self):
        made = []

        def compile(text, target):
            made.append(target)
            return dsa.CUDAKernel(PTX, json.dumps(RECORD))

        ops.cache.clear()
        with ops.cache.directory(self.path.parent / "kernels"):
            ops.cache.get("text", "sm_90a", compile)
            ops.cache.clear()
            kernel = ops.cache.get("text", "sm_90a", compile)
            ops.cache.get("text", "sm_80", compile)
        self.assertEqual(made, ["sm_90a", "sm_80"])
        self.assertEqual(kernel.ptx, PTX)
        self.assertEqual(len(list((self.path.parent / "kernels").iterdir())), 2)


if __name__ == "__main__":
    DRIVER = sys.argv.pop()
    unittest.main()
