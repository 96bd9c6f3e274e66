# ===- gpu_benchmarks_test.py - tests of benchmarks/gpu --------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""What of the GPU benchmarks needs no GPU: launch records, packing, reports.

With torch also inputs, references, against the oracle of test/Integration, and what
judges results.
"""

import ctypes
import json
import pathlib
import struct
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "benchmarks/gpu"), str(ROOT / "test/Integration")]

import launcher
import numpy as np
import oracle
import record
import report
from cases import WORKS
from expression import ExpressionError, evaluate, evaluate_shared
from work import Decode, Dense, Layer, Ratios, Scores, Select, Sparse

try:
    import check
    import draw
    import reference
    import torch
except ImportError:
    torch = None

BUNDLE = pathlib.Path(sys.argv.pop(1)) if sys.argv[1:] else None

TINY = [
    Scores(5, 9, H=3, D=8),
    Scores(7, 7, H=2, D=16, element="bf16"),
    Dense(6, 11, H=3, D=8, Dv=8),
    Dense(6, 11, H=4, Hkv=2, D=8, Dv=8),
    Sparse(6, 40, H=3, D=12, Dv=8, K=16),
    # The first row has no key at all, the next ones fewer than K.
    Sparse(9, 9, H=2, D=8, Dv=8, K=5),
    Sparse(12, 40, H=2, D=8, Dv=8, K=10, shared=0.8),
]


class Expressions(unittest.TestCase):
    def test_values(self):
        shapes = [(7, 3), (100,)]
        for expression, value in (
            (5, 5),
            (["size", 0, 1], 3),
            (["add", ["size", 0, 0], ["mul", 2, ["size", 1, 0]]], 207),
            (["sub", 3, 8], -5),
            (["min", 3, 8], 3),
            (["max", 3, 8], 8),
            (["floordiv", -7, 2], -4),
            (["ceildiv", -7, 2], -3),
            (["ceildiv", 7, 2], 4),
            (["mod", -7, 2], 1),
            (["mod", 7, -2], -1),
            (["eq", 1, 1], 1),
            (["ne", 1, 1], 0),
            (["lt", 1, 2], 1),
            (["le", 2, 2], 1),
            (["gt", 1, 2], 0),
            (["ge", 1, 2], 0),
            (["and", 2, 3], 1),
            (["and", 0, ["mod", 1, 0]], 0),
            (["or", 0, 3], 1),
            (["or", 4, ["mod", 1, 0]], 1),
            (["select", 0, ["mod", 1, 0], 6], 6),
        ):
            found = evaluate(expression, shapes)
            self.assertEqual((found, type(found)), (value, int), expression)
        sum_ = ["add", ["iteration", 1], ["select", 1, ["iteration", 0], 0]]
        self.assertEqual(evaluate(sum_, shapes, [3, 40]), 43)

    def test_shared(self):
        """Errors are those of who needs the value."""
        quotient = ["floordiv", 6, ["size", 0, 0]]
        expressions = [quotient, ["add", ["value", 0], 1], ["size", 0, 0]]
        values = evaluate_shared(expressions, [(2,)])
        self.assertEqual(values, [3, 4, 2])
        values = evaluate_shared(expressions, [(0,)])
        self.assertEqual(evaluate(["value", 2], [(0,)], (), values), 0)
        chosen = ["select", 0, ["value", 1], 5]
        self.assertEqual(evaluate(chosen, [(0,)], (), values), 5)
        with self.assertRaisesRegex(ExpressionError, "a divisor is 0"):
            evaluate(["value", 1], [(0,)], (), values)

    def test_errors(self):
        for expression, message in (
            (["floordiv", 1, 0], "a divisor is 0"),
            (["mul", 2**62, 2], "does not fit"),
            (["power", 1, 2], "found 'power'"),
        ):
            with self.assertRaisesRegex(ExpressionError, message):
                evaluate(expression, [])


RECORD = {
    "version": 1,
    "functions": [
        {
            "name": "main",
            "arguments": [{"name": "k", "element": "f8E4M3FN", "shape": [None, 128]}],
            "requires": [{"condition": ["lt", ["size", 0, 0], 999], "message": "big"}],
            "results": [{"name": "out", "buffer": 1}],
            "buffers": [
                {"kind": "argument", "argument": 0, "element": "f8E4M3FN"}
                | {"shape": [["size", 0, 0], 128]},
                {"kind": "result", "element": "f32", "shape": [["size", 0, 0]]},
            ],
            "variants": [
                {"when": ["lt", ["size", 0, 0], 0], "launches": []},
                {
                    "when": 1,
                    "launches": [
                        {
                            "kernel": "main_0",
                            "grid": [["mul", 2, ["size", 0, 0]], 1, 1],
                            "block": [384, 1, 1],
                            "cluster": [2, 1, 1],
                            "shared_memory": 230000,
                            "parameters": [
                                {"kind": "i32", "value": ["size", 0, 0]},
                                {"kind": "tensor_map", "buffer": 0}
                                | {"sizes": [["size", 0, 0], 128], "strides": [128, 1]}
                                | {"box": [64, 128], "swizzle": 128},
                                {"kind": "f32", "value": 0.5},
                                {"kind": "memref", "buffer": 1, "offset": 0}
                                | {"sizes": [["size", 0, 0]], "strides": [1]},
                                {"kind": "i64", "value": -1},
                            ],
                        },
                        {
                            "kernel": "main_1",
                            "grid": [["sub", ["size", 0, 0], 70], 1, 1],
                            "block": [1, 1, 1],
                            "cluster": [1, 1, 1],
                            "shared_memory": 0,
                            "parameters": [],
                        },
                    ],
                },
            ],
        }
    ],
}


class Records(unittest.TestCase):
    def test_plan(self):
        plan = record.plan(RECORD, [(70, 128)])
        self.assertEqual(plan.buffers[1], record.Buffer("f32", (70,), None))
        self.assertEqual(plan.results, {"out": 1})
        # The launch with an empty grid is skipped.
        (launch,) = plan.launches
        self.assertEqual(launch.grid, (140, 1, 1))
        self.assertEqual((launch.cluster, launch.shared_memory), ((2, 1, 1), 230000))

    def test_repetitions(self):
        """Launches as often as they are repeated, each with places of its own."""
        changed = json.loads(json.dumps(RECORD))
        variant = changed["functions"][0]["variants"][1]
        first = variant["launches"][0]
        first["parameters"][1]["sizes"][0] = 1
        first["parameters"][1]["offset"] = ["mul", ["iteration", 0], 128]
        first["parameters"][0]["value"] = ["iteration", 1]
        inner = {"repeat": 2, "launches": [first]}
        variant["launches"] = [
            {"repeat": ["size", 0, 0], "launches": [inner]},
            {"repeat": 0, "launches": [first]},
        ]
        plan = record.plan(changed, [(3, 128)])
        found = [
            (launch.parameters[1].offset, launch.parameters[0][0])
            for launch in plan.launches
        ]
        self.assertEqual(found, [(128 * i, j) for i in range(3) for j in range(2)])
        maps = []
        for launch in plan.launches:
            record.pack(
                launch.parameters,
                [0x1000, 0x2000],
                lambda tensor_map, address: maps.append(address) or bytes(128),
            )
        self.assertEqual(maps, [0x1000 + 128 * i for i in range(3) for _ in range(2)])
        changed["functions"][0]["values"] = [["size", 0, 0], ["add", ["value", 0], 1]]
        variant["launches"][0]["repeat"] = ["value", 1]
        with self.assertRaisesRegex(record.RecordError, "offset 384 does not fit"):
            record.plan(changed, [(3, 128)])

    def test_concurrent_repetitions(self):
        """Iterations that run at the same time have memory of their own."""
        changed = json.loads(json.dumps(RECORD))
        (function,) = changed["functions"]
        workspace = {"kind": "workspace", "element": "f32", "shape": [8]}
        function["buffers"].append(workspace | {"copies": 3})
        variant = function["variants"][1]
        first = variant["launches"][0]
        memref = {"kind": "memref", "buffer": len(function["buffers"]) - 1}
        memref |= {"offset": 0, "sizes": [8], "strides": [1]}
        first["parameters"] = [memref]
        variant["launches"] = [
            {"repeat": 4, "concurrent": 3, "launches": [first]},
            first,
        ]
        plan = record.plan(changed, [(3, 128)])
        own = len(plan.buffers) - 3
        self.assertEqual(plan.buffers[own:], 3 * plan.buffers[own : own + 1])
        found = [
            (launch.repetition, launch.lane, launch.parameters[0].buffer)
            for launch in plan.launches
        ]
        lanes = [(1, lane, own + lane) for lane in (0, 1, 2, 0)]
        self.assertEqual(found, [*lanes, (0, 0, own)])

    def test_packing(self):
        (launch,) = record.plan(RECORD, [(70, 128)]).launches
        maps = []

        def encode(tensor_map, address):
            maps.append((tensor_map, address))
            return b"\xab" * 128

        memory, offsets = record.pack(launch.parameters, [0x1000, 0x2000], encode)
        expected = record.TensorMap(
            0, "f8E4M3FN", 0, (70, 128), (128, 1), (64, 128), 128
        )
        self.assertEqual(maps, [(expected, 0x1000)])
        sizes = [record.bytes_of(parameter) for parameter in launch.parameters]
        self.assertEqual(sizes, [4, 128, 4, *[8] * 5, 8])
        self.assertTrue(all(offset % 8 == 0 for offset in offsets))
        self.assertEqual(offsets[1] % 64, 0)
        found = [memory[o : o + s] for o, s in zip(offsets, sizes)]
        self.assertEqual(found[:3], [struct.pack("<i", 70), b"\xab" * 128, b"\0\0\0?"])
        words = [struct.unpack("<q", word)[0] for word in found[3:]]
        self.assertEqual(words, [0x2000, 0x2000, 0, 70, 1, -1])

    def test_refusals(self):
        def change(**fields):
            text = json.dumps(RECORD | fields)
            return json.loads(text.replace('"strides": [128, 1]', self.strides))

        self.strides = '"strides": [128, 1]'
        for changed, shapes, message in (
            (change(version=2), [(70, 128)], "version 1, found 2"),
            (change(functions=[]), [(70, 128)], "a function 'main'"),
            (change(), [(70, 64)], r"found \[\(70, 64\)\]"),
            (change(), [(70, 128), (1,)], "expected arguments"),
            (change(), [(999, 128)], "^big$"),
            (change(), [(64, 128)], r"grid of \(-6, 1, 1\)"),
        ):
            with self.assertRaisesRegex(record.RecordError, message):
                record.plan(changed, shapes)
        self.strides = '"strides": [129, 1]'
        with self.assertRaisesRegex(record.RecordError, "does not fit buffer 0"):
            record.plan(change(), [(70, 128)])

    def test_driver_structures(self):
        """As cuda.h has them on 64-bit machines."""
        config = launcher.LaunchConfig
        self.assertEqual(ctypes.sizeof(config), 56)
        self.assertEqual(config.shared_memory.offset, 24)
        self.assertEqual(config.stream.offset, 32)
        self.assertEqual(config.attributes.offset, 40)
        self.assertEqual(config.attribute_count.offset, 48)
        self.assertEqual(ctypes.sizeof(launcher.LaunchAttribute), 72)
        self.assertEqual(launcher.LaunchAttribute.value.offset, 8)

    def test_compiled(self):
        """Records of the bundle, at the sizes that will be run."""
        if BUNDLE is None:
            self.skipTest("no bundle given")
        folders = list((BUNDLE / "works").iterdir())
        self.assertTrue(folders)
        for folder in folders:
            work = WORKS[folder.name.split("@")[0]]
            compiled = json.loads((folder / "record.json").read_text())
            plan = record.plan(compiled, work.shapes())
            self.assertEqual(list(plan.results), list(work.results))
            for name, (element, dims) in work.results.items():
                sizes = {"T": work.T, "N": work.N}
                shape = tuple(sizes.get(dim, dim) for dim in dims)
                buffer = plan.buffers[plan.results[name]]
                self.assertEqual((buffer.element, buffer.shape), (element, shape))
            addresses = [256 * (i + 1) for i in range(len(plan.buffers))]
            for launch in plan.launches:
                record.pack(launch.parameters, addresses, lambda *_: bytes(128))


class Works(unittest.TestCase):
    def test_operations(self):
        """By hand: what the yardsticks' rates are compared with."""
        self.assertEqual(Scores(2, 5, H=3, D=7).flops, 2 * (4 + 5) * 3 * 7)
        self.assertEqual(Dense(2, 5, H=3, D=7, Dv=2).flops, 2 * (4 + 5) * 3 * (7 + 2))
        # Rows before which there are 1 to 4 keys, of which 3 at most are listed.
        sparse = Sparse(4, 5, H=3, D=7, Dv=2, K=3)
        self.assertEqual(sparse.flops, 2 * (1 + 2 + 3 + 3) * 3 * (7 + 2))
        # Its rows see themselves too.
        select = Select(4, 5, H=3, D=7, K=3)
        self.assertEqual(select.flops, 2 * (2 + 3 + 4 + 5) * 3 * 7)
        # Two sequences, of whose rows the first sees 127 keys.
        decode = Decode(4, 128, H=3, D=7, tokens=2)
        self.assertEqual(decode.flops, 2 * 2 * (127 + 128) * 3 * 7)
        layer = Layer(4, 5, H=3, D=7, K=3, heads=2, width=7, Dv=2)
        attention = 2 * (2 + 3 + 3 + 3) * 2 * (7 + 2)
        self.assertEqual(layer.flops, select.flops + attention)

    def test_report(self):
        work = Scores(2, 5, Ratios(0.5, 0.7, 0.6), H=3, D=7)
        timed = {"state": "timed", "ms": 1.5, "ratio": 0.6, "tflops": 60.0}
        timed |= {"spread": 0.02, "yardstick_tflops": 100.0, "error": 1e-4}
        rows = [
            report.row(work, "fast", timed),
            report.row(work, "bad", {"state": "wrong", "reason": "no good"}),
        ]
        common = {"chip": "C", "driver": "1", "date": "today", "seed": 3}
        text = report.table(rows, common)
        self.assertRegex(
            text, r"fast +1.500 +1.0 +60 +fp8 100 +0.600 .*required reached"
        )
        self.assertIn("@bad: WRONG: no good", text)
        for ratio, verdict in ((0.7, "aim reached"), (0.4, "below required")):
            self.assertEqual(report.verdict(rows[0] | {"ratio": ratio}), verdict)


def array(tensor):
    return tensor.to(torch.float64).numpy()


def expect(work, inputs):
    """The results by the oracle."""
    given = {
        name: tensor.numpy() if tensor.dtype == torch.int32 else array(tensor)
        for name, tensor in inputs.items()
    }
    if isinstance(work, Scores):
        bounds = given.pop("lo"), given.pop("hi")
        if "table" in given:
            given["keys"] = work.N
        return [oracle.index_scores(**given, activation="relu", bounds=bounds)]
    settings = {"scale": work.scale, "value_width": work.Dv}
    if isinstance(work, Dense):
        bounds = given.pop("lo"), given.pop("hi")
        operands = given["q"], given["k"], given["v"]
        return oracle.attention(*operands, **settings, bounds=bounds)[:2]
    operands = given["q"], given["kv"], None, given["indices"]
    return oracle.sparse_attention(*operands, **settings)[:2]


@unittest.skipIf(torch is None, "torch is not installed")
class WithTorch(unittest.TestCase):
    def test_inputs(self):
        for work in TINY:
            inputs = draw.inputs(work, 1, "cpu")
            self.assertEqual([tuple(t.shape) for t in inputs.values()], work.shapes())
            elements = [draw.DTYPES[element] for element, _ in work.arguments.values()]
            self.assertEqual([t.dtype for t in inputs.values()], elements)
            again, other = draw.inputs(work, 1, "cpu"), draw.inputs(work, 2, "cpu")
            self.assertTrue(check.same_bits(inputs, again))
            self.assertFalse(check.same_bits(inputs, other))

    def test_lists(self):
        for work in TINY:
            if not isinstance(work, Sparse):
                continue
            previous, pairs = None, 0
            for t, row in enumerate(draw.inputs(work, 1, "cpu")["indices"][:, 0]):
                row, before = row.tolist(), work.N - work.T + t
                length = min(work.K, before)
                self.assertEqual(row[length:], [-1] * (work.K - length))
                listed = row[:length]
                self.assertEqual(listed, sorted(set(listed)))
                self.assertTrue(all(0 <= key < before for key in listed))
                if work.shared and previous:
                    common = len(previous & set(listed))
                    self.assertEqual(common, round(work.shared * work.K))
                previous, pairs = set(listed), pairs + length
            self.assertEqual(work.flops, 2 * pairs * work.H * (work.D + work.Dv))

    def test_references(self):
        for work in TINY:
            inputs = draw.inputs(work, 1, "cpu")
            for at_once in (1, 2**20):
                reference._AT_ONCE = at_once
                chunks = [chunk for _, chunk in reference.results(work, inputs)]
                self.assertEqual(len(chunks), work.T if at_once == 1 else 1)
                for name, expected in zip(work.results, expect(work, inputs)):
                    actual = torch.cat([chunk[name] for chunk in chunks]).numpy()
                    np.testing.assert_allclose(actual, expected, rtol=1e-5, atol=1e-5)

    def test_verdicts(self):
        for work in TINY:
            inputs = draw.inputs(work, 1, "cpu")
            (_, right), *_ = reference.results(work, inputs)
            results = {
                name: right[name].to(draw.DTYPES[element])
                for name, (element, _) in work.results.items()
            }
            self.assertIsNone(check.compare(work, inputs, results).reason)
            for name in results:
                for value in (torch.nan, torch.inf, -torch.inf, None):
                    wrong = results | {name: results[name].clone()}
                    place = (-1, *[0] * (wrong[name].ndim - 1))
                    wrong[name][place] = wrong[name][place] * 2 + 1
                    if value is not None:
                        wrong[name][place] = value
                    reason = check.compare(work, inputs, wrong).reason
                    self.assertRegex(reason or "", f"^{name}: ")
            if isinstance(work, Scores):
                # A key that is out of bounds, but has a finite score.
                wrong = {"scores": results["scores"].nan_to_num(neginf=-1e30)}
                self.assertIn("finite", check.compare(work, inputs, wrong).reason)

    def test_selections(self):
        """By scores that are computed: what is listed must be the best, up to near
        ties, and in order."""
        sizes = {"H": 3, "D": 8, "K": 5}
        for work in (
            Select(9, 30, **sizes),
            # The first rows see fewer than K keys.
            Select(9, 9, **sizes),
            Decode(6, 128, **sizes, tokens=2),
            Layer(9, 30, **sizes, heads=2, width=12, Dv=8),
        ):
            inputs = draw.inputs(work, 1, "cpu")
            given = {k: v for k, v in inputs.items() if k not in ("queries", "kv")}
            scored = Scores(work.T, work.N, H=work.H, D=work.D)
            (scores,) = expect(scored, given)
            found = oracle.select(scores.astype(np.float32), work.K)
            lists, count = (torch.from_numpy(np.array(x)) for x in found[:2])
            results = {"indices": lists.int(), "count": count.int()}
            if isinstance(work, Layer):
                operands = array(inputs["queries"]), array(inputs["kv"]), None
                out, lse = oracle.sparse_attention(
                    *operands, lists.numpy(), scale=work.scale, value_width=work.Dv
                )[:2]
                results["out"] = torch.from_numpy(out).bfloat16()
                results["lse"] = torch.from_numpy(lse).float()
            self.assertIsNone(check.compare(work, inputs, results).reason)
            swapped = lists.flip(-1).int()
            worst = torch.from_numpy(scores.argmin(axis=1))[-1]
            other = lists.clone().int()
            other[-1, 0] = torch.cat([other[-1, 0, 1:], worst[None].int()]).sort()[0]
            for wrong in (
                {"indices": swapped},
                {"indices": torch.where(lists == lists.max(), -1, lists).int()},
                {"indices": torch.where(lists == lists.max(), work.N, lists).int()},
                {"indices": other},
                {"count": (count + 1).int()},
            ):
                reason = check.compare(work, inputs, results | wrong).reason
                name = "count" if "count" in wrong else "indices|out|lse"
                self.assertRegex(reason or "", f"^({name}): ")


if __name__ == "__main__":
    unittest.main()
