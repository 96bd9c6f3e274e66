#!/usr/bin/env python3
# ===- check_layer.py - run a layer and check it ---------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Runs a layer of this directory with dsa-run and checks it against NumPy in float64.

Inputs are random with a fixed seed, of the kind that the model makes: eight-bit index
vectors with power-of-two scales, normalised latent keys, causal bounds. Sizes are
those that the module states. Prints a table of errors and times; fails if an error is
above its tolerance.

With --kernels, what `pack_layers.py` compiled runs instead, without a compiler.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import numpy as np

INTEGRATION = pathlib.Path(__file__).resolve().parent.parent / "test" / "Integration"
sys.path.insert(0, str(INTEGRATION))

import compare  # noqa: E402
import matrix_unit  # noqa: E402
import oracle  # noqa: E402
from program import ELEMENTS  # noqa: E402
from run_cases import read  # noqa: E402

# Scores this close to the last selected one, relative to the row's largest, may be
# selected or not.
NEAR_TIE = 1e-5

# Errors of Hopper's matrix units, which add products of bytes in fewer bits, are at
# most this, relative to the row's largest score, in data of this kind.
UNITS_ERROR = 2e-3

MAX_F8 = 448.0


class Layer:
    """What the module states: types of arguments and results, list length, scale."""

    def __init__(self, module):
        text = module.read_text()
        named = re.findall(r'tensor<((?:\d+x)+)(\w+)> \{dsa\.name = "(\w+)"\}', text)
        self.types = {
            name: (element, tuple(int(n) for n in sizes.split("x")[:-1]))
            for sizes, element, name in named
        }
        self.scale = float(re.search(r"\bscale = (\S+)", text)[1])
        self.rows, self.heads, self.width = self.types["out"][1]
        self.keys = self.types["kv"][1][0]
        self.selected = self.types["indices"][1][2]


def quantise(x):
    """Eight-bit floats, and a power of two for each vector (the last dimension)."""
    amax = np.maximum(np.abs(x).max(axis=-1), 1e-4)
    scale = np.exp2(np.ceil(np.log2(amax / MAX_F8)))
    return (x / scale[..., None]).astype(ELEMENTS["f8E4M3FN"]), scale


def make_inputs(layer, seed):
    rng = np.random.default_rng(seed)
    rows, heads, width = layer.types["index_q"][1]

    # Keys have one of a few topics, and rows look for some of them.
    topics = rng.normal(size=(64, width))
    topic = topics[rng.integers(0, len(topics), layer.keys)]
    index_k, k_scale = quantise(rng.normal(size=(layer.keys, width)) + 0.7 * topic)
    wanted = rng.normal(size=(rows, heads, len(topics))) @ topics / len(topics) ** 0.5
    index_q, q_scale = quantise(rng.normal(size=(rows, heads, width)) + 0.7 * wanted)
    weights = rng.normal(size=(rows, heads)) * heads**-0.5 * q_scale * width**-0.5

    q_shape, kv_shape = layer.types["q"][1], layer.types["kv"][1]
    end = np.arange(layer.keys - rows, layer.keys) + 1
    inputs = {
        "index_q": index_q,
        "index_k": index_k,
        "index_weights": weights,
        "index_k_scale": k_scale,
        "lo": np.zeros(rows),
        "hi": end,
        "q": rng.normal(0, 0.6, q_shape),
        "kv": rng.normal(size=kv_shape),
    }
    for name, array in inputs.items():
        element, shape = layer.types[name]
        inputs[name] = array.astype(ELEMENTS[element])
        assert array.shape == shape, name
    return inputs


def runner(arguments):
    """The command that runs the layer, without its inputs."""
    if not arguments.kernels:
        return [arguments.dsa_run, arguments.module, "--target", arguments.target]
    kernels = arguments.kernels / f"{arguments.module.stem}.ptx"
    record = kernels.with_suffix(".json")
    return [arguments.kernels / "dsa-ptx-run", kernels, "--launch", record]


def start(command, inputs, directory):
    """What the command prints, when given the inputs."""
    for name, array in inputs.items():
        path = directory / f"{name}.npy"
        np.save(path, array)
        command = [*command, "--input", f"{name}={path}"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"error: {pathlib.Path(command[0]).name} exits with {done.returncode}")
    return done.stdout


def run(command, layer, inputs, repeats):
    """The results by name, and what the command printed."""
    with tempfile.TemporaryDirectory() as directory:
        directory = pathlib.Path(directory)
        output = directory / "out"
        output.mkdir()
        tool = pathlib.Path(command[0]).name
        command = [*command, "--output", output]
        if repeats:
            command += ["--bench", str(repeats)]
        report = start(command, inputs, directory)
        results = {}
        for name in ("indices", "count", "out", "lse"):
            path = output / f"{name}.npy"
            if not path.exists():
                sys.exit(f"error: {tool} wrote no {name}.npy")
            results[name], reason = read(path, *layer.types[name])
            if reason:
                sys.exit(f"error: {name} {reason}")
    return results, report


def print_plan(command, inputs):
    with tempfile.TemporaryDirectory() as directory:
        print(start([*command, "--dry-run"], inputs, pathlib.Path(directory)), end="")


def distance_from_best(row, seen, inside, selected):
    """How much worse than the last of the best the worst key that was chosen is, and
    how much better the best that was not: the larger of both."""
    last = np.sort(row)[-min(selected, len(seen))]
    worse = last - row[inside].min(initial=np.inf)
    better = np.delete(row, inside).max(initial=-np.inf) - last
    return max(worse, better) / np.abs(seen).max()


def as_units_add(layer, inputs, t, lo, hi, row):
    """The row's scores, those about the last of the best as Hopper's units have them:
    no other's errors decide about what is selected."""
    last = np.sort(row)[-min(layer.selected, hi - lo)]
    near = np.abs(row - last) <= UNITS_ERROR * np.abs(row[lo:hi]).max()
    close = np.flatnonzero(near)
    row = row.copy()
    row[close] = matrix_unit.index_scores(
        inputs["index_q"][t : t + 1],
        inputs["index_k"][close],
        activation="relu",
        weights=inputs["index_weights"][t : t + 1],
        k_scale=inputs["index_k_scale"][close],
    )[0]
    return row


def compute_scores(inputs, index_scores):
    """Of all rows, by `index_scores`."""
    return index_scores(
        inputs["index_q"],
        inputs["index_k"],
        activation="relu",
        weights=inputs["index_weights"],
        k_scale=inputs["index_k_scale"],
        bounds=(inputs["lo"], inputs["hi"]),
    )


def selection_errors(layer, inputs, results, on_gpu):
    """Yields what is checked of the selection, the error and its tolerance.

    On a GPU products may be those of Hopper's matrix units: a row is right if it is
    for either kind of scores.
    """
    bounds = inputs["lo"], inputs["hi"]
    scores = compute_scores(inputs, oracle.index_scores)
    misplaced, outside, worst = 0, 0, 0.0
    for t, (lo, hi) in enumerate(zip(*bounds)):
        count = int(results["count"][t, 0])
        chosen, rest = np.split(results["indices"][t, 0], [count])
        misplaced += int(count != min(layer.selected, hi - lo))
        misplaced += int((np.diff(chosen) <= 0).sum() + (rest != -1).sum())
        inside = chosen[(chosen >= lo) & (chosen < hi)]
        outside += len(chosen) - len(inside)
        row, seen = scores[t], scores[t, lo:hi]
        distance = distance_from_best(row, seen, inside, layer.selected)
        if on_gpu and distance > NEAR_TIE:
            row = as_units_add(layer, inputs, t, lo, hi, row)
            distance = distance_from_best(row, seen, inside, layer.selected)
        worst = max(worst, distance)
    yield "indices: misplaced entries", misplaced, 0
    yield "indices: out of bounds", outside, 0
    yield "indices: distance from the best", worst, NEAR_TIE


def attention_errors(layer, inputs, results, on_gpu):
    """As `selection_errors`, of the attention over the keys that were selected.

    Kernels on tiles round weights to the type of keys: docs/Accuracy.md has the bound.
    """
    q, kv = inputs["q"], inputs["kv"]

    def attend(values):
        return oracle.sparse_attention(
            q,
            kv,
            values,
            results["indices"],
            scale=layer.scale,
            value_width=layer.width,
            lengths=results["count"],
        )

    out, lse, _ = attend(None)
    rounded = 0
    if on_gpu:
        sizes, _, _ = attend(np.abs(kv[:, : layer.width].astype(np.float32)))
        rounded = compare.WEIGHTS[layer.types["kv"][0]][0] * sizes
    error, _ = compare.error(results["out"], out, slack=rounded)
    yield "out", error, compare.TOLERANCE[layer.types["out"][0]]
    error, _ = compare.error(results["lse"], lse, compare.LOG_FLOOR)
    yield "lse", error, compare.TOLERANCE["f32"]


def numpy_layer(layer, inputs):
    """The layer as one would write it in NumPy, in float32."""
    x = {name: array.astype(np.float32) for name, array in inputs.items()}
    out = np.empty(layer.types["out"][1], np.float32)
    for t, (lo, hi) in enumerate(zip(inputs["lo"], inputs["hi"])):
        heads = np.maximum(x["index_q"][t] @ x["index_k"][lo:hi].T, 0)
        scores = x["index_weights"][t] @ heads * x["index_k_scale"][lo:hi]
        most = min(layer.selected, hi - lo)
        best = lo + np.sort(np.argpartition(-scores, most - 1)[:most])
        keys = x["kv"][best]
        logits = x["q"][t] @ keys.T * np.float32(layer.scale)
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        out[t] = p @ keys[:, : layer.width] / p.sum(axis=1, keepdims=True)
    return out


def fastest(function, repeats):
    times = []
    for _ in range(max(repeats, 1)):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("module", type=pathlib.Path, help="the layer, an .mlir file")
    parser.add_argument("--dsa-run", default="dsa-run", help="the tool to run")
    parser.add_argument("--target", default="cpu", help="what dsa-run runs it on")
    parser.add_argument(
        "--kernels", type=pathlib.Path, help="a folder of kernels to run instead"
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="print what of the kernels would be launched; needs no GPU",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=3, help="runs to time; 0: one")
    arguments = parser.parse_args()
    if not arguments.module.is_file():
        sys.exit(f"error: no file '{arguments.module}'")
    if arguments.dry_run and not arguments.kernels:
        parser.error("--dry-run needs --kernels")

    layer = Layer(arguments.module)
    inputs = make_inputs(layer, arguments.seed)
    if arguments.dry_run:
        return print_plan(runner(arguments), inputs)
    what = "running" if arguments.kernels else "compiling and running"
    print(f"{arguments.module.name}: {what} ...", flush=True)
    results, report = run(runner(arguments), layer, inputs, arguments.repeats)
    print(report, end="")

    print("checking against NumPy in float64 ...", flush=True)
    print(f"\n{'what':<34}{'max error':>10}{'tolerance':>12}  ok")
    good = True
    on_gpu = arguments.kernels is not None or arguments.target != "cpu"
    for errors in (selection_errors, attention_errors):
        for what, error, tolerance in errors(layer, inputs, results, on_gpu):
            good &= error <= tolerance
            ok = "yes" if error <= tolerance else "NO"
            print(f"{what:<34}{error:>10.2g}{tolerance:>12.2g}  {ok}")

    seconds = fastest(lambda: numpy_layer(layer, inputs), arguments.repeats)
    cores = os.cpu_count()
    print(f"\nthe same in NumPy, float32: {seconds * 1e3:.0f} ms on {cores} cores")
    sys.exit(not good)


if __name__ == "__main__":
    main()
