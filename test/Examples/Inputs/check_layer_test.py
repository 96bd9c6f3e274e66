# ===- check_layer_test.py - what the check of a layer sees ----------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""The checks of examples/check_layer.py, on results that are right and that are not."""

import pathlib
import sys
import tempfile
import unittest

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "examples"))

import check_layer  # noqa: E402
import matrix_unit  # noqa: E402
import oracle  # noqa: E402


def make_layer():
    """The sizes of an example, with fewer rows, keys and heads."""
    text = (ROOT / "examples/glm5_layer.mlir").read_text()
    for old, new in (
        ("x8192x", "x700x"),
        ("<8192x", "<700x"),
        ("x2048x", "x100x"),
        ("<64x", "<6x"),
        ("x64x", "x2x"),
        ("<6x64x", "<6x2x"),
        ("x32x", "x8x"),
    ):
        text = text.replace(old, new)
    with tempfile.TemporaryDirectory() as directory:
        module = pathlib.Path(directory) / "layer.mlir"
        module.write_text(text)
        return check_layer.Layer(module)


def compute(layer, inputs, index_scores):
    """What the layer gives for scores by `index_scores`."""
    bounds = inputs["lo"], inputs["hi"]
    scores = check_layer.compute_scores(inputs, index_scores)
    indices, count, _ = oracle.topk(scores, layer.selected, bounds=bounds)
    out, lse, _ = oracle.sparse_attention(
        inputs["q"],
        inputs["kv"],
        None,
        indices,
        scale=layer.scale,
        value_width=layer.width,
        lengths=count,
    )
    return {"indices": indices, "count": count, "out": out, "lse": lse}


class CheckLayerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.layer = make_layer()
        cls.inputs = check_layer.make_inputs(cls.layer, seed=1)
        cls.right = compute(cls.layer, cls.inputs, oracle.index_scores)

    def wrong(self, results, on_gpu=False):
        """What the checks find wrong."""
        return {
            what
            for errors in (check_layer.selection_errors, check_layer.attention_errors)
            for what, error, tolerance in errors(
                self.layer, self.inputs, results, on_gpu
            )
            if not error <= tolerance
        }

    def changed(self, name, change):
        array = self.right[name].copy()
        change(array)
        return self.right | {name: array}

    def test_right(self):
        self.assertEqual(self.wrong(self.right), set())
        self.assertEqual(self.wrong(self.right, on_gpu=True), set())

    def test_scores_of_units(self):
        units = compute(self.layer, self.inputs, matrix_unit.index_scores)
        self.assertFalse(np.array_equal(units["indices"], self.right["indices"]))
        self.assertEqual(self.wrong(units), {"indices: distance from the best"})
        self.assertEqual(self.wrong(units, on_gpu=True), set())

    def test_another_key(self):
        def exchange(indices):
            row = indices[3, 0]
            missing = np.setdiff1d(np.arange(600), row)
            row[50] = missing[np.argmin(np.abs(missing - row[50]))]
            row.sort()

        for on_gpu in (False, True):
            wrong = self.wrong(self.changed("indices", exchange), on_gpu)
            self.assertIn("indices: distance from the best", wrong)

    def test_order_and_bounds(self):
        def reverse(indices):
            indices[2, 0] = indices[2, 0, ::-1].copy()

        def leave(indices):
            indices[0, 0, -1] = self.inputs["hi"][0]

        wrong = self.wrong(self.changed("indices", reverse))
        self.assertIn("indices: misplaced entries", wrong)
        wrong = self.wrong(self.changed("indices", leave))
        self.assertIn("indices: out of bounds", wrong)

    def test_attention(self):
        def spoil(array):
            array[4] *= 1.02

        for name in ("out", "lse"):
            self.assertEqual(self.wrong(self.changed(name, spoil)), {name})


if __name__ == "__main__":
    unittest.main()
