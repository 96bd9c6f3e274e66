# ===- parts.py - The parts of a layer, for dsa-run and for NumPy ----------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===----------------------------------------------------------------------===#
"""Each part has its data, a module for dsa-run and NumPy functions.

Sizes are DeepSeek-V3.2's: 64 index heads of width 128, 2048 selected keys, 128
query heads that share keys of width 576, whose first 512 columns are the values.
"""

import re
import sys
from pathlib import Path

import ml_dtypes
import numpy as np

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
sys.path.insert(0, str(EXAMPLES))

import check_layer  # noqa: E402

INDEX_HEADS, INDEX_WIDTH, SELECTED = 64, 128, 2048
HEADS, KEY_WIDTH, VALUE_WIDTH = 128, 576, 512
SCALE = 0.1352
NUMPY_TYPE = {"f32": np.float32, "bf16": ml_dtypes.bfloat16,
              "f8E4M3FN": ml_dtypes.float8_e4m3fn}


def draw(rng, kind, *shape, scale=1):
    """float32 numbers that a narrower type holds: the same data for every kind."""
    values = rng.standard_normal(shape, np.float32) * np.float32(scale)
    return values.astype(NUMPY_TYPE[kind]).astype(np.float32)


# What a user of NumPy writes, in several ways, each of which is reported: as the
# formula says, and as those do who have measured what arrays in between cost.

def scores_by_formula(q, k, w):
    return (w[:, :, None] * np.maximum(q @ k.T, 0)).sum(axis=1)


def scores_by_row(q, k, w):
    out = np.empty((len(q), len(k)), np.float32)
    for t, row in enumerate(q):
        products = row @ k.T
        np.maximum(products, 0, out=products)
        np.matmul(w[t], products, out=out[t])
    return out


def scores_by_row_keys_first(q, k, w):
    """As scores_by_row, into the same memory each time."""
    out = np.empty((len(q), len(k)), np.float32)
    products = np.empty((len(k), q.shape[1]), np.float32)
    for t, row in enumerate(q):
        np.matmul(k, row.T, out=products)
        np.maximum(products, 0, out=products)
        np.matmul(products, w[t], out=out[t])
    return out


def scores_at_once(q, k, w):
    products = (q.reshape(-1, q.shape[2]) @ k.T).reshape(*q.shape[:2], len(k))
    np.maximum(products, 0, out=products)
    return (w[:, None] @ products)[:, 0]


def best_by_argpartition(scores, count):
    first = scores.shape[1] - count
    return np.sort(np.argpartition(scores, first, axis=1)[:, first:], axis=1)


def best_by_partition(scores, count):
    """Takes what reaches the last score taken: right if no two are equal."""
    first = scores.shape[1] - count
    out = np.empty((len(scores), count), np.int64)
    for row, best in zip(scores, out):
        best[:] = np.flatnonzero(row >= np.partition(row, first)[first])[:count]
    return out


def attention_by_row(q, kv, indices):
    out = np.empty((len(q), HEADS, VALUE_WIDTH), np.float32)
    for t, row in enumerate(q):
        keys = kv[indices[t]]
        x = row @ keys.T
        x *= np.float32(SCALE)
        x -= x.max(axis=1, keepdims=True)
        np.exp(x, out=x)
        np.matmul(x, keys[:, :VALUE_WIDTH], out=out[t])
        out[t] /= x.sum(axis=1, keepdims=True)
    return out


def relative_difference(result, reference):
    error = np.abs(result.astype(np.float64) - reference).max(initial=0)
    return error / np.abs(reference).max(initial=1e-30)


class Part:
    """What all parts share: files of arrays, and dsa-run's report.

    `numpy()` gives functions by name: the ways to compute it with NumPy.
    """

    result = "out"
    flops = 0  # products and sums of the matrix products; none: not reported

    @staticmethod
    def save(path, array):
        np.save(path, array)

    def load(self, folder, kind):
        return np.load(folder / f"{self.result}.npy")

    @staticmethod
    def bench_seconds(report):
        """The column 'time' of dsa-run's table: the median of its runs."""
        header, values = (re.split(r"\s{2,}", line.strip())
                          for line in report.splitlines()[:2])
        number, unit = values[header.index("time")].split()
        return float(number) * {"us": 1e-6, "ms": 1e-3, "s": 1.0}[unit]


class Scoring(Part):
    name = "scoring"
    kinds = ("f32", "f8E4M3FN")
    difference = staticmethod(relative_difference)

    def __init__(self, rows, keys, rng):
        # Values that eight-bit floats hold: the same data for every kind.
        def draw(*shape):
            values = rng.standard_normal(shape, np.float32)
            return values.astype(ml_dtypes.float8_e4m3fn).astype(np.float32)
        self.q = draw(rows, INDEX_HEADS, INDEX_WIDTH)
        self.k = draw(keys, INDEX_WIDTH)
        self.w = rng.standard_normal((rows, INDEX_HEADS), np.float32)
        self.flops = 2 * rows * keys * INDEX_HEADS * INDEX_WIDTH

    def numpy(self):
        ways = {"formula": scores_by_formula, "by row": scores_by_row,
                "keys first": scores_by_row_keys_first, "at once": scores_at_once}
        return {name: lambda way=way: way(self.q, self.k, self.w)
                for name, way in ways.items()}

    def arrays(self, kind):
        dtype = NUMPY_TYPE[kind]
        return {"q": self.q.astype(dtype), "k": self.k.astype(dtype), "w": self.w}

    def module(self, kind):
        q = f"tensor<?x{INDEX_HEADS}x{INDEX_WIDTH}x{kind}>"
        k = f"tensor<?x{INDEX_WIDTH}x{kind}>"
        w = f"tensor<?x{INDEX_HEADS}xf32>"
        return f"""
func.func @scoring(%q: {q} {{dsa.name = "q"}}, %k: {k} {{dsa.name = "k"}},
                   %w: {w} {{dsa.name = "w"}})
    -> (tensor<?x?xf32> {{dsa.name = "out"}}) {{
  %c0 = arith.constant 0 : index
  %t = tensor.dim %q, %c0 : {q}
  %n = tensor.dim %k, %c0 : {k}
  %init = tensor.empty(%t, %n) : tensor<?x?xf32>
  %s = dsa.index_scores<relu> ins(%q, %k : {q}, {k}) weights(%w : {w})
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}}
"""


class TopK(Part):
    name = "top-k"
    kinds = ("f32",)
    result = "indices"

    def __init__(self, rows, keys, rng):
        self.scores = rng.standard_normal((rows, keys), np.float32)
        self.count = min(SELECTED, keys)

    def numpy(self):
        ways = {"argpartition": best_by_argpartition, "partition": best_by_partition}
        return {name: lambda way=way: way(self.scores, self.count)
                for name, way in ways.items()}

    def difference(self, result, reference):
        """The share of entries that differ."""
        return np.mean(result[:, 0, :self.count] != reference)

    def arrays(self, kind):
        return {"scores": self.scores}

    def module(self, kind):
        indices = f"tensor<?x1x{SELECTED}xi32>"
        return f"""
func.func @topk(%s: tensor<?x?xf32> {{dsa.name = "scores"}})
    -> ({indices} {{dsa.name = "indices"}}, tensor<?x1xi32> {{dsa.name = "count"}}) {{
  %c0 = arith.constant 0 : index
  %t = tensor.dim %s, %c0 : tensor<?x?xf32>
  %i = tensor.empty(%t) : {indices}
  %c = tensor.empty(%t) : tensor<?x1xi32>
  %r:2 = dsa.topk ins(%s : tensor<?x?xf32>)
      outs(%i, %c : {indices}, tensor<?x1xi32>) -> {indices}, tensor<?x1xi32>
  return %r#0, %r#1 : {indices}, tensor<?x1xi32>
}}
"""


class Attention(Part):
    name = "attention"
    kinds = ("f32", "bf16")
    difference = staticmethod(relative_difference)

    def __init__(self, rows, keys, rng):
        self.q = draw(rng, "bf16", rows, HEADS, KEY_WIDTH, scale=0.3)
        self.kv = draw(rng, "bf16", keys, KEY_WIDTH, scale=0.3)
        count = min(SELECTED, keys)
        self.indices = np.full((rows, 1, SELECTED), -1, np.int32)
        for row in self.indices[:, 0]:
            row[:count] = np.sort(rng.permutation(keys)[:count])
        self.valid = count
        self.flops = 2 * rows * HEADS * count * (KEY_WIDTH + VALUE_WIDTH)

    def numpy(self):
        indices = self.indices[:, 0, :self.valid]
        return {"by row": lambda: attention_by_row(self.q, self.kv, indices)}

    def arrays(self, kind):
        dtype = NUMPY_TYPE[kind]
        return {"q": self.q.astype(dtype), "kv": self.kv.astype(dtype),
                "indices": self.indices}

    def load(self, folder, kind):
        return super().load(folder, kind).view(NUMPY_TYPE[kind])

    def module(self, kind):
        q = f"tensor<?x{HEADS}x{KEY_WIDTH}x{kind}>"
        kv = f"tensor<?x{KEY_WIDTH}x{kind}>"
        indices = f"tensor<?x1x{SELECTED}xi32>"
        out = f"tensor<?x{HEADS}x{VALUE_WIDTH}x{kind}>"
        lse = f"tensor<?x{HEADS}xf32>"
        return f"""
func.func @attention(%q: {q} {{dsa.name = "q"}}, %kv: {kv} {{dsa.name = "kv"}},
                     %indices: {indices} {{dsa.name = "indices"}})
    -> ({out} {{dsa.name = "out"}}, {lse} {{dsa.name = "lse"}}) {{
  %c0 = arith.constant 0 : index
  %t = tensor.dim %q, %c0 : {q}
  %o = tensor.empty(%t) : {out}
  %l = tensor.empty(%t) : {lse}
  %r:2 = dsa.sparse_attention scale = {SCALE} ins(%q, %kv : {q}, {kv})
      indices(%indices : {indices}) outs(%o, %l : {out}, {lse}) -> {out}, {lse}
  return %r#0, %r#1 : {out}, {lse}
}}
"""


class Layer(Part):
    """The first layer of scripts/demo, at the sizes and on the data that it has."""

    name = "layer"
    kinds = ("f8, bf16",)
    difference = staticmethod(relative_difference)

    def __init__(self):
        self.path = EXAMPLES / "deepseek_v32_layer.mlir"
        self.layer = check_layer.Layer(self.path)
        self.inputs = check_layer.make_inputs(self.layer, seed=1)

    def numpy(self):
        return {"by row": lambda: check_layer.numpy_layer(self.layer, self.inputs)}

    def arrays(self, kind):
        return self.inputs

    def load(self, folder, kind):
        return super().load(folder, kind).view(ml_dtypes.bfloat16)

    def module(self, kind):
        return self.path.read_text(encoding="utf-8")


def make_parts(rows, keys):
    rng = np.random.default_rng(0)
    parts = [kind(rows, keys, rng) for kind in (Scoring, TopK, Attention)]
    return [*parts, Layer()]
